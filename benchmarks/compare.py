"""What other tools find of the faults in `examples/faulty`, and what else they report.

Each tool runs as its users would run it, with links taken from the archive's root, on the faulty
sample and on the sound one. A fault counts as found where the tool reports something at its place
that it does not report on the sound archive.

    python benchmarks/compare.py --remark NODE_MODULES > table.md
"""

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
NAME = "archive"
"""What both samples are called where they are checked, as messages quote it."""
_ROW = re.compile(
    r"^\| (?P<number>\d+) \| (?P<fault>[^|]+) \| `(?P<file>[^`]+)` \| (?P<line>\S+) \|", re.M
)


class Said(NamedTuple):
    """One report of a tool."""

    file: str
    line: int
    text: str


class Place(NamedTuple):
    """Where a fault shows; line 0 is anywhere in the file."""

    file: str
    line: int


@dataclass(frozen=True)
class Tool:
    """One tool.

    Attributes:
        name: its name and version.
        command: how it is run in an archive.
        read: gives what a report says.
        stderr: whether the report stands on standard error.
        beside: the beginnings of reports that may stand at a fault and are about something else.
    """

    name: str
    command: tuple[str, ...]
    read: Callable[[Any], Iterable[Said]]
    stderr: bool = False
    beside: tuple[str, ...] = ()

    def said(self, archive: Path) -> tuple[Counter[Said], float]:
        """What it reports on an archive, and how many seconds that takes."""
        began = time.perf_counter()
        done = subprocess.run(self.command, cwd=archive, capture_output=True, check=False)
        took = time.perf_counter() - began
        return Counter(self.read(json.loads(done.stderr if self.stderr else done.stdout))), took


def faults() -> dict[int, tuple[str, list[Place]]]:
    """The planted faults by number: their kind, and where each shows."""
    found: dict[int, tuple[str, list[Place]]] = {}
    for row in _ROW.finditer((EXAMPLES / "README.md").read_text("utf-8")):
        line = int(row["line"]) if row["line"].isdigit() else 0
        _, places = found.setdefault(int(row["number"]), (row["fault"], []))
        places.append(Place(row["file"], line))
    return found


def _newsarchive(report: Any) -> Iterable[Said]:
    for d in report["diagnostics"]:
        yield Said(d["page"].lstrip("/"), d["line"], d["message"])


def _lychee(report: Any) -> Iterable[Said]:
    for file, errors in report["error_map"].items():
        for error in errors:
            place = error.get("span") or {}
            name = error["url"].rpartition("/")[2]
            yield Said(file.removeprefix("./"), place.get("line", 0), f"{name}: not found")


def _rumdl(report: Any) -> Iterable[Said]:
    for one in report:
        file = one["file"].rpartition(f"{NAME}/")[2]  # it names files from its configuration
        yield Said(file, one["line"], f"{one['rule']} {one['message']}")


def _remark(report: Any) -> Iterable[Said]:
    for file in report:
        for one in file["messages"]:
            yield Said(file["path"], one.get("line") or 0, f"{one.get('ruleId')} {one['reason']}")


def tools(folder: Path, modules: Path | None) -> list[Tool]:
    """The tools that are here."""
    beside = Path(sys.executable).parent
    found = [
        Tool(
            _version(beside / "newsarchive"),
            (str(beside / "newsarchive"), "check", ".", "--no-cache", "--output-format", "json"),
            _newsarchive,
        )
    ]
    if lychee := _program("lychee"):
        options = ("--offline", "--no-progress", "--root-dir", ".", "--format", "json", ".")
        found.append(Tool(_version(lychee), (lychee, *options), _lychee))
    if rumdl := _program("rumdl"):
        file = folder / "rumdl.toml"
        file.write_text('[MD057]\nabsolute-links = "relative_to_roots"\nroots = ["."]\n')
        options = ("check", "--no-cache", "--config", str(file), "--output-format", "json", ".")
        # Long lines, punctuation and blanks, which a fault's line may have, too.
        style = ("MD013", "MD026", "MD039")
        found.append(Tool(_version(rumdl), (rumdl, *options), _rumdl, beside=style))
    if modules:
        file = folder / "remark.json"
        plugins = [
            [
                str(modules / "remark-validate-links/index.js"),
                {"repository": "https://github.com/owner/archive", "root": "."},
            ],
            str(modules / "remark-preset-lint-recommended/index.js"),
        ]
        file.write_text(json.dumps({"plugins": plugins}))
        reporter = str(modules / "vfile-reporter-json/index.js")
        version = json.loads((modules / "remark-cli/package.json").read_text())["version"]
        options = ("--no-config", "--rc-path", str(file), "--no-stdout", "--report", reporter, ".")
        command = (str(modules / ".bin/remark"), *options)
        found.append(Tool(f"remark-cli {version}", command, _remark, stderr=True))
    return found


def _program(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name) or ""


def _version(program: str | Path) -> str:
    return subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()


def hits(new: Iterable[Said], places: list[Place]) -> bool:
    """Whether a report is about a fault."""
    return any(
        said.file == place.file and (not place.line or said.line in (0, place.line))
        for said in new
        for place in places
    )


def measured(
    tool: Tool, sound: Path, faulty: Path, rounds: int
) -> tuple[set[int], int, int, float]:
    """The faults that it finds, how much it reports on the faulty and on the sound one, seconds."""
    on_sound, _ = tool.said(sound)
    runs = [tool.said(faulty) for _ in range(rounds)]
    on_faulty = runs[0][0]
    # Lines shift: what stands elsewhere in the sound archive is not new for that.
    known = Counter((said.file, said.text) for said in on_sound.elements())
    new = []
    for said in on_faulty.elements():
        if known[said.file, said.text]:
            known[said.file, said.text] -= 1
        elif not said.text.startswith(tool.beside):
            new.append(said)
    found = {number for number, (_, places) in faults().items() if hits(new, places)}
    return found, on_faulty.total(), on_sound.total(), statistics.median(took for _, took in runs)


def table(rows: dict[str, tuple[set[int], int, int, float]]) -> Iterable[str]:
    """What was measured, as Markdown."""
    yield f"| | {' | '.join(rows)} |"
    yield f"|---|{'--:|' * len(rows)}"
    for what, told in (
        (f"faults found, of {len(faults())}", [str(len(row[0])) for row in rows.values()]),
        ("reports on the faulty archive", [f"{row[1]:,}" for row in rows.values()]),
        ("reports on the sound archive", [f"{row[2]:,}" for row in rows.values()]),
        ("seconds for 81 pages", [f"{row[3]:.2f}" for row in rows.values()]),
    ):
        yield f"| {what} | {' | '.join(told)} |"
    for number, (fault, _) in faults().items():
        marks = ("yes" if number in row[0] else "–" for row in rows.values())
        yield f"| {number}. {fault} | {' | '.join(marks)} |"


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--remark", type=Path, help="node_modules with remark-cli and its plugins")
    parser.add_argument("-n", type=int, default=5, help="rounds (default: 5)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archives = []
        for sample in ("archive", "faulty"):
            archives.append(folder / sample / NAME)
            shutil.copytree(EXAMPLES / sample, archives[-1])
        modules = given.remark and given.remark.resolve()
        sound, faulty = archives
        rows = {t.name: measured(t, sound, faulty, given.n) for t in tools(folder, modules)}
    print(*table(rows), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
