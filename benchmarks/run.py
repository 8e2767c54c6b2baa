"""Measure newsarchive beside its peers, in turn, and write tables.

python benchmarks/run.py [ARCHIVE | --pages N] [-n RUNS] [--markdown FILE]
python benchmarks/run.py --growth [--pages N] [-n RUNS] [--markdown FILE] [--plot FILE.svg]
"""

import argparse
import random
import shlex
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import contenders as who
from benchmarks import goals, growth, parsing, tables
from benchmarks.goals import Goal
from benchmarks.machine import describe
from benchmarks.make_archive import make_archive
from benchmarks.measure import Contender, Sample, in_turn
from benchmarks.plot import chart

_PARSED_PAGES = 200
_LEAST_START_UPS = 7  # rounds; a start takes milliseconds and varies

Figures = list[tuple[Goal, float | None]]


def main() -> None:
    """Run the command."""
    args = _arguments()
    tools = who.find_tools()
    out = [
        f"Command: `{_command(sys.argv[1:])}`\n",
        f"Machine: {describe(tools)}.\n",
        *(f"Note: {note}.\n" for note in tools.notes),
    ]
    with tempfile.TemporaryDirectory(prefix="newsarchive-benchmark-") as folder:
        scratch = Path(folder)
        if args.growth:
            out += _growth(tools, args.pages, args.runs, scratch, args.plot)
        else:
            out += _beside_peers(tools, args, scratch)
    text = "\n".join(out)
    if args.markdown:
        args.markdown.write_text(text, encoding="utf-8")
    print(text, end="")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("archive", nargs="?", type=Path, metavar="ARCHIVE", help="a folder")
    parser.add_argument(
        "--pages", type=int, metavar="N", help="make an archive of so many pages (default 10,000)"
    )
    parser.add_argument(
        "-n", dest="runs", type=int, default=5, metavar="RUNS", help="rounds (default 5)"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables here, too")
    parser.add_argument(
        "--growth", action="store_true", help="measure N, 2 N, 4 N and 8 N generated pages instead"
    )
    parser.add_argument(
        "--other", type=Path, metavar="ARCHIVE", help="compare a page of this one, checked cold"
    )
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="plot the growth here")
    args = parser.parse_args()
    if args.archive and (args.pages or args.growth):
        parser.error("an ARCHIVE goes with neither --pages nor --growth")
    if args.plot and not args.growth:
        parser.error("--plot goes with --growth")
    if args.runs < 1:
        parser.error("at least one run")
    args.pages = args.pages or 10_000
    return args


def _command(arguments: list[str]) -> str:
    """The command as others can give it: of paths only the last part."""
    short = [arg if arg.startswith("-") else Path(arg).name for arg in arguments]
    return f"python benchmarks/run.py {shlex.join(short)}".strip()


def _beside_peers(tools: who.Tools, args: argparse.Namespace, scratch: Path) -> list[str]:
    archive = args.archive.resolve() if args.archive else scratch / "archive"
    if not args.archive:
        _say(f"making {args.pages:,} pages")
        make_archive(archive, args.pages)
    files = list(archive.rglob("*.md"))
    size = sum(file.stat().st_size for file in files)
    what = f"Archive: {len(files):,} pages, {size / 1e6:,.0f} MB; rounds: {args.runs}.\n"
    other = args.other and args.other.resolve()
    checks, check_figures, notes = _checks(tools, archive, args.runs, scratch, other)
    starts, start_figures = _start_ups(tools, archive, args.runs, scratch)
    parsers, parse_figures, missing = _parsers(archive, args.runs)
    figures = check_figures + parse_figures + start_figures
    return [
        what,
        *(f"Note: {note}.\n" for note in notes + missing),
        tables.goals(figures),
        tables.commands(checks, who.LYCHEE, "against lychee"),
        parsers,
        tables.commands(starts, who.BARE, "against bare Python"),
    ]


def _checks(
    tools: who.Tools, archive: Path, runs: int, scratch: Path, other: Path | None
) -> tuple[dict[str, Sample], Figures, list[str]]:
    """Checks of the whole archive."""
    _say("checking")
    entrants, notes = [who.cold(tools, archive)], []
    if tools.caches:
        edits = who.Edits(tools, archive, scratch)
        cache, page = (
            scratch / "cache",
            archive / who.some_events(archive, 1, random.Random(4))[0].path[1:],
        )
        entrants += [
            who.warm(tools, archive, cache),
            edits.contender(),
            who.links(tools, page, scratch / "nothing", who.LINKS),
            who.links(tools, page, cache, who.KEPT_LINKS),
        ]
        same = edits.findings_are_those_of_a_cold_run()
        notes.append(f"findings after the edits are {'' if same else 'NOT '}those of a cold run")
    if other:
        entrants.append(Contender(who.OTHER, tools.check(other, None)))
    samples = in_turn([*entrants, *who.peers(tools, archive)], runs, scratch)
    lychee = samples.get(who.LYCHEE)

    def against(name: str, peer: str = who.LYCHEE) -> float | None:
        return samples[name].against(samples[peer]) if {name, peer} <= samples.keys() else None

    beside = against(who.OTHER, who.COLD)
    if beside is not None and other:
        beside *= _pages(archive) / _pages(other)

    memory = samples[who.COLD].peak / lychee.peak if lychee else None
    figures: Figures = [
        (goals.COLD, against(who.COLD)),
        (goals.WARM, against(who.WARM)),
        (goals.EDITED, against(who.EDITED)),
        (goals.MEMORY, memory),
        (goals.LINKS, against(who.LINKS, who.COLD)),
        (goals.KEPT_LINKS, against(who.KEPT_LINKS, who.WARM)),
    ]
    if other:
        figures.append((goals.OTHER, beside))
    return samples, figures, notes


def _pages(archive: Path) -> int:
    return sum(1 for _ in archive.rglob("*.md"))


def _start_ups(
    tools: who.Tools, archive: Path, runs: int, scratch: Path
) -> tuple[dict[str, Sample], Figures]:
    """What a pre-commit hook waits for; the cache is that of the whole checks."""
    _say("starting")
    page = who.some_events(archive, 1, random.Random(3))[0]
    entrants = who.start_ups(tools, archive / page.path[1:], scratch / "cache")
    samples = in_turn(entrants, max(runs, _LEAST_START_UPS), scratch)
    over = (samples[who.VERSION].median - samples[who.BARE].median) * 1000
    one = samples[who.ONE_PAGE].against(samples[who.BARE]) if who.ONE_PAGE in samples else None
    return samples, [(goals.VERSION, over), (goals.ONE_PAGE, one)]


def _parsers(archive: Path, runs: int) -> tuple[str, Figures, list[str]]:
    """Parsers in this process."""
    _say("parsing")
    times, missing = parsing.parse_times(archive, _PARSED_PAGES, runs)
    figure = parsing.faster(times, parsing.MISTUNE) if parsing.MISTUNE in times else None
    return tables.parsers(times), [(goals.PARSE, figure)], missing


def _growth(tools: who.Tools, pages: int, runs: int, scratch: Path, plot: Path | None) -> list[str]:
    """Time and memory against pages."""
    _say(f"making archives of {pages:,} pages and up to eight times as many")
    steps = growth.grow(tools, pages, runs, scratch)
    names = list(steps[0].samples)
    if plot:
        lines = {name: [(s.pages, s.samples[name].median) for s in steps] for name in names}
        plot.write_text(chart("Time against pages", "pages", "seconds", lines), encoding="utf-8")
    per_page = "; ".join(
        f"`{name}` {growth.memory_per_page(steps, name):,.0f} bytes" for name in names
    )
    return [
        f"Generated archives; rounds: {runs}.\n",
        tables.goals([(goals.GROWTH, growth.worst_doubling(steps, who.COLD))]),
        tables.growth(steps),
        f"Peak memory for each page more: {per_page}.\n",
    ]


def _say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr)


if __name__ == "__main__":
    main()
