"""Each message that the page of troubleshooting names is printed, by the command that runs here."""

import ast
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import command

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/troubleshooting.md").read_text("utf-8")
FLOOD = "work/news/2016/03/3/oster-flood-costs-610-million-crowns.md"
LAVA = "work/news/2016/03/2/lava-from-mount-kerrow-reaches-the-sea.md"
SPELT_RIGHT = ("### Relatedd:", "### Related:")


def messages(title: str) -> list[str]:
    """The messages in the first column of a section's table."""
    section = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.M)
    return [message for row in rows for message in re.findall(r"`([^`]+)`", row)]


def no_news(folder: Path) -> None:
    (folder / "empty").mkdir()


def no_page(folder: Path) -> None:
    (folder / "empty/news").mkdir(parents=True)


def wrong_key(folder: Path) -> None:
    (folder / "work/newsarchive.toml").write_text("x = 1\n")


def unfinished_merge(folder: Path) -> None:
    (folder / "work/.newsarchive-baseline.jsonl").write_text("<<<<<<< ours\n")


def something_there(folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out/letters.txt").write_text("Dear Ada,\n")


def interrupted(folder: Path) -> None:
    (folder / "work/.newsarchive-journal").write_text("{}")


def renamed_without_a_trace(folder: Path) -> None:
    page = folder / "work/news/2016/02/27/timber-train-derails-at-quillan.md"
    page.write_text(page.read_text("utf-8").partition("### Changes:")[0], "utf-8")


def unusual_layout(folder: Path) -> None:
    page = folder / LAVA
    page.write_text(page.read_text("utf-8").replace(*SPELT_RIGHT).replace("\n\n###", "\n\n\n\n###"))


CASES: dict[str, tuple[str, Callable[[Path], None] | None]] = {
    "nowhere: no such file or folder": ("check nowhere", None),
    "empty: no archive here or above": ("check empty", no_news),
    "empty: nothing to check": ("check empty", no_page),
    "no rule is called 'broken-lnik'": ("check work --ignore broken-lnik", None),
    "--remove-dead takes effect with --unsafe-fixes only": ("check work --remove-dead", None),
    "newsarchive.toml:1: x: there is no key 'x'": ("check work", wrong_key),
    "a merge was left unfinished here": ("check work", unfinished_merge),
    "cannot write out: something else is there": (
        "export work --format csv --output out", something_there),
    "cannot write gone/x.xml: there is no folder": (
        "check work --output-file junit:gone/x.xml", None),
    "not repaired: … an interrupted mv or rm waits to be finished": (
        "check work --fix", interrupted),
    "did you mean '…' (near title": ("check work", renamed_without_a_trace),
    "This left … more findings of NA207": ("check work --fix", None),
    "does not have the archive's standard layout": (f"mv {LAVA} --title Lava.", unusual_layout),
    "a page stays in its day's folder": (f"mv {FLOOD} work/news/2016/03/2/flood.md", None),
}  # fmt: skip
ELSEWHERE = {
    # Read-only files are no obstacle to root, and the extra is there where tests run. Storages are
    # tried where there are servers: tests/unit/store/test_remote.py.
    "not repaired: … the file is read-only",
    "the language server needs …",
    "the storage refuses access",
}


def test_every_message_is_tried() -> None:
    told = {*messages("The call"), *messages("Repairs")} - {"(fixable)"}
    assert told == {*CASES, *ELSEWHERE}


@pytest.mark.parametrize("message", CASES)
def test_message_is_printed(message: str, tmp_path: Path) -> None:
    line, prepared = CASES[message]
    shutil.copytree(ROOT / "examples/faulty", tmp_path / "work")
    if prepared:
        prepared(tmp_path)
    done = subprocess.run(
        command(*line.split()), cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode in (1, 2)
    pattern = ".*".join(map(re.escape, message.split("…")))
    assert re.search(pattern, done.stdout + done.stderr), done.stdout + done.stderr


def constants() -> str:
    """All strings of the source, with what is filled in as ``…``."""
    found: list[str] = []
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values)
                found.append("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


def test_messages_about_git_and_elsewhere_are_of_the_source() -> None:
    source = constants()
    named = [*messages("git"), *ELSEWHERE]
    assert len(named) > 14
    own = [m for m in named if m not in ("detected dubious ownership", "--since A", "--at B")]
    for message in own:
        parts = re.split(r"…|'[^']+'", message.removeprefix("not repaired: "))
        missing = [p for p in parts if len(p.strip()) > 3 and p.strip() not in source]
        assert missing == [], message
