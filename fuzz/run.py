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
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
SEEDS = ROOT / "tests" / "data" / "fuzz"
MOST_BYTES = 4096
KEPT_BYTES = 600


def fuzz(target: str, options: list[str]) -> None:
    """Run one target in this process; libFuzzer ends it."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    import atheris  # type: ignore[import-not-found, unused-ignore]

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
    words = HERE / f"{target}.dict"
    if words.exists():
        options.append(f"-dict={words}")
    return start(
        target, *options, f"-artifact_prefix={found}/{target}-", str(corpus), seeds(target)
    )


def seeds(target: str) -> str:
    folder = SEEDS / target
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def minimise(target: str, most: int) -> None:
    """Keep the few small inputs of the corpus that reach all the code that it reaches."""
    merged = HERE / "corpus" / f"{target}-merged"
    merged.mkdir(parents=True, exist_ok=True)
    corpus = str(HERE / "corpus" / target)
    start(target, "-merge=1", f"-max_len={KEPT_BYTES}", str(merged), corpus, seeds(target))
    kept = sorted(merged.iterdir(), key=lambda file: (file.stat().st_size, file.name))
    # Spread over all sizes: large inputs reach what small ones do not.
    chosen = kept[:: max(1, len(kept) // most)][:most]
    for old in Path(seeds(target)).iterdir():
        old.unlink()
    for file in chosen:
        data = file.read_bytes()
        name = hashlib.sha256(data).hexdigest()[:16]
        (Path(seeds(target)) / name).write_bytes(data)
    print(f"{target}: {len(chosen)} of {len(kept)} inputs kept")


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
            minimise(target, given.most)
        else:
            status |= long_run(target, given.minutes, given.runs)
    sys.exit(1 if status else 0)


if __name__ == "__main__":
    main()
