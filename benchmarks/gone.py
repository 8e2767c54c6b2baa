"""What a check costs where every fourth event is gone, against one of the intact archive.

python benchmarks/gone.py ARCHIVE -n 5

ARCHIVE is read only: copies are checked. Each figure is the median of processes of their own, run
in turn; a ratio is that of the processor's time, which other work beside it disturbs less.
"""

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NAMES = ("index.md", "README.md")
KINDS = ("cold, kept for the next run", "nothing changed", "one page edited")
MOST = 3.0


def events(root: Path) -> list[Path]:
    """The pages of an archive's events, in order."""
    pages = (root / "news").glob("*/*/*/*.md")
    return sorted(page for page in pages if page.name not in NAMES)


def took(root: Path, cache: Path) -> tuple[float, float]:
    """The wall time of one check, and the processor's."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "newsarchive", "check", str(root), "--cache-dir", str(cache)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode in (0, 1), done.returncode
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(root: Path, cache: Path) -> list[tuple[float, float]]:
    """What each kind of check took, of a copy that may be edited."""
    shutil.rmtree(cache, ignore_errors=True)
    found = [took(root, cache), took(root, cache)]
    with events(root)[0].open("a", encoding="utf-8") as page:
        page.write("\n")
    return [*found, took(root, cache)]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("archive", type=Path)
    parser.add_argument("-n", type=int, default=5, help="runs of each")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        intact, gone = Path(folder, "intact"), Path(folder, "gone")
        for copy in (intact, gone):
            shutil.copytree(given.archive / "news", copy / "news")
        for page in events(gone)[3::4]:
            page.unlink()
        time.sleep(3)  # what was written just now is not kept
        pairs = [
            (measured(intact, Path(folder, "a")), measured(gone, Path(folder, "b")))
            for _ in range(given.n)
        ]
    print("| check | intact | every fourth event gone | ratio of processor's time | goal |")
    print("|---|--:|--:|--:|--:|")
    for number, kind in enumerate(KINDS):
        walls = [
            statistics.median(side[number][0] for side in sides)
            for sides in zip(*pairs, strict=True)
        ]
        ratio = statistics.median(gone[number][1] / one[number][1] for one, gone in pairs)
        shown = f"{walls[0]:.2f} s | {walls[1]:.2f} s | {ratio:.1f} ×"
        print(f"| {kind} | {shown} | ≤ {MOST:.0f} × |")


if __name__ == "__main__":
    main()
