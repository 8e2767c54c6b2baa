"""Fuzz the readers for a while, and keep what reached new code.

    python fuzz/run.py                          five minutes for each target
    python fuzz/run.py --minutes 60             an hour for each
    python fuzz/run.py --target page --runs 2000
    python fuzz/run.py --minimise               then keep a small corpus in tests/data/fuzz

Needs atheris (``pip install --group fuzz .``). New inputs go to ``fuzz/corpus``, inputs that
break a promise to ``fuzz/found``; each of those is a bug, and becomes a test in ``tests/unit``.
"""

import argparse
import hashlib
import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
SEEDS = ROOT / "tests" / "data" / "fuzz"
MOST_BYTES = 4096
MOST_KEPT = 1000


def fuzz(target: str, options: list[str]) -> None:
    """Run one target in this process; libFuzzer ends it."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    atheris: Any = importlib.import_module("atheris")  # no part of the development environment
    with atheris.instrument_imports(include=["newsarchive"]):
        import newsarchive as na

        for name in na.__all__:
            getattr(na, name)
        from fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *options], TARGETS[target])
    atheris.Fuzz()


def start(target: str, *options: str) -> int:
    """Run one target in a process of its own; give back its exit status."""
    command = [sys.executable, str(HERE / "run.py"), "--child", target, "--", *options]
    return subprocess.run(command, check=False).returncode


def long_run(target: str, minutes: float, runs: int) -> int:
    """Fuzz a target from its kept corpus on."""
    corpus, found = HERE / "corpus" / target, HERE / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    limit = f"-runs={runs}" if runs else f"-max_total_time={round(minutes * 60)}"
    options = [limit, f"-max_len={MOST_BYTES}", "-print_final_stats=1", "-timeout=20"]
    words = HERE / f"{'page' if target == 'sound' else target}.dict"
    if words.exists():
        options.append(f"-dict={words}")
    return start(
        target, *options, f"-artifact_prefix={found}/{target}-", str(corpus), seeds(target)
    )


def seeds(target: str) -> str:
    """The folder of the inputs that are kept with the tests."""
    folder = SEEDS / target
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def reached(run: Callable[[bytes], None], data: bytes) -> set[tuple[str, int, int]]:
    """The steps from line to line of the library that an input makes it take."""
    found: set[tuple[str, int, int]] = set()

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        file = frame.f_code.co_filename
        if "newsarchive" not in file or "fuzz" in file:
            return None
        last = -frame.f_code.co_firstlineno

        def line(frame: FrameType, event: str, arg: object) -> Any:
            nonlocal last
            found.add((file, last, frame.f_lineno))
            last = frame.f_lineno
            return line

        return line

    sys.settrace(trace)
    try:
        run(data)
    finally:
        sys.settrace(None)
    return found


def minimise(target: str, run: Callable[[bytes], None], most: int) -> None:
    """Keep small inputs that together reach all that the corpus reaches, the smallest first."""
    folders = [HERE / "corpus" / target, Path(seeds(target))]
    files = {
        file.read_bytes() for folder in folders if folder.exists() for file in folder.iterdir()
    }
    small = sorted((data for data in files if len(data) <= MOST_KEPT), key=lambda d: (len(d), d))
    seen: set[tuple[str, int, int]] = set()
    new: list[tuple[int, bytes]] = []
    for data in small:
        steps = reached(run, data)
        if steps - seen:
            new.append((len(steps - seen), data))
            seen |= steps
    kept = [data for _, data in sorted(new, reverse=True)[:most]]
    for old in Path(seeds(target)).iterdir():
        old.unlink()
    for data in kept:
        (Path(seeds(target)) / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    print(f"{target}: {len(kept)} of {len(files)} inputs kept")


def main() -> None:
    """Fuzz the targets that are asked for."""
    if sys.argv[1:2] == ["--child"]:
        fuzz(sys.argv[2], sys.argv[4:])
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=5, help="for each target")
    parser.add_argument("--runs", type=int, default=0, help="inputs for each target, not minutes")
    parser.add_argument("--target", action="append", default=[], help="all where none is named")
    parser.add_argument("--minimise", action="store_true", help="write tests/data/fuzz anew")
    parser.add_argument("--most", type=int, default=40, help="inputs that are kept of each target")
    given = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    from fuzz.targets import TARGETS

    status = 0
    for target in given.target or TARGETS:
        if given.minimise:
            minimise(target, TARGETS[target], given.most)
        else:
            status |= long_run(target, given.minutes, given.runs)
    sys.exit(1 if status else 0)


if __name__ == "__main__":
    main()
