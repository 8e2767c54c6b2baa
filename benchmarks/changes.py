"""What a change of an archive costs against a check: with what runs keep, and without.

python benchmarks/changes.py ARCHIVE -n 5

ARCHIVE is read only: what is planned is not written. Each figure is the median of processes of
their own, run in turn.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEAD = "import sys, newsarchive as na; root, cache = sys.argv[1:]; archive = na.Archive(root)\n"
KEPT = HEAD + "archive = na.with_cache(archive, cache)\n"
CHANGE = """\
paths = [path for path in archive if not path.endswith(("index.md", "README.md"))]
events = [path for path in paths if path.startswith("/news/")]
change = archive.change()
for number, path in enumerate(events[:: len(events) // {count}][:{count}]):
    {operation}
assert change.changed and not change.refused, change.refused
"""
RETITLE = 'change.retitle(path, f"A title that is none of the others {number}.")'
REMOVE = "change.remove(path, entries=True)"


def change(count: int, operation: str) -> str:
    """A script that plans operations on so many pages."""
    return CHANGE.format(count=count, operation=operation)


SCRIPTS = {
    "warm check": HEAD + "na.check(root, cache=cache, jobs=1)",
    "1 retitle, warm": KEPT + change(1, RETITLE),
    "1 removal, warm": KEPT + change(1, REMOVE),
    "100 retitles in one change, warm": KEPT + change(100, RETITLE),
    "cold check": HEAD + "na.check(root, jobs=1)",
    "1 retitle, no cache": HEAD + change(1, RETITLE),
    "100 retitles in one change, no cache": HEAD + change(100, RETITLE),
}
GOALS = (
    ("1 retitle, warm", "warm check", 1.5),
    ("1 removal, warm", "warm check", 1.5),
    ("100 retitles in one change, warm", "1 retitle, warm", 2.0),
    ("1 retitle, no cache", "cold check", 1.0),
    ("100 retitles in one change, no cache", "cold check", 1.0),
)


def seconds(script: str, root: Path, cache: str) -> float:
    """The time of one process that runs a script."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", script, str(root), cache], check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("archive", type=Path)
    parser.add_argument("-n", type=int, default=5, help="runs of each")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        seconds(SCRIPTS["warm check"], given.archive, cache)
        times: dict[str, list[float]] = {name: [] for name in SCRIPTS}
        for _ in range(given.n):
            for name, script in SCRIPTS.items():
                times[name].append(seconds(script, given.archive, cache))
    median = {name: statistics.median(found) for name, found in times.items()}
    print("| what | median | fastest |\n|---|--:|--:|")
    for name, found in times.items():
        print(f"| {name} | {median[name]:.2f} s | {min(found):.2f} s |")
    print("\n| what | against | ratio | goal |\n|---|---|--:|--:|")
    for name, against, most in GOALS:
        print(f"| {name} | {against} | {median[name] / median[against]:.2f} × | ≤ {most} × |")


if __name__ == "__main__":
    main()
