"""A check of an archive in a bucket against one of the same archive on the disk.

python benchmarks/storages.py ARCHIVE --delay 0.03 -n 3
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))


from benchmarks.measure import Contender, Sample, in_turn

_ALLOWANCE, _FACTOR = 15.0, 1.5
"""A cold check in a bucket may take so many seconds more than that many cold checks."""


@contextmanager
def served(archive: Path, delay: float) -> Iterator[str]:
    """A bucket with the archive's files, whose answers take so long; its address."""
    command = [sys.executable, str(Path(__file__).with_name("bucket.py")), str(archive)]
    with subprocess.Popen(
        [*command, "--delay", str(delay)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as bucket:
        assert bucket.stdout
        try:
            yield f"http://127.0.0.1:{bucket.stdout.readline().strip()}"
        finally:
            bucket.communicate()


def variables(address: str) -> dict[str, str]:
    """What has commands look for buckets at an address."""
    return {
        "AWS_ENDPOINT": address,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "benchmarks",
        "AWS_SECRET_ACCESS_KEY": "benchmarks",
        "AWS_REGION": "us-east-1",
    }


def contenders(archive: Path, cache: str) -> list[Contender]:
    """Cold checks of both, and a warm one of the bucket."""
    check = (sys.executable, "-m", "newsarchive", "check", "--quiet", "--output-format", "jsonl")
    url = "s3://benchmarks"
    kept = (*check, url, "--cache-dir", cache)
    return [
        Contender("disk, cold", (*check, str(archive), "--no-cache")),
        Contender("bucket, cold", (*check, url, "--no-cache")),
        Contender("bucket, warm", kept),
    ]


def table(samples: dict[str, Sample], delay: float) -> str:
    """What was measured, as Markdown."""
    rows = [f"| check, {delay * 1000:.0f} ms a request | s | MiB |\n|---|--:|--:|\n"]
    for name, sample in samples.items():
        rows.append(f"| {name} | {sample.median:.1f} | {sample.peak >> 20} |\n")
    most = _FACTOR * samples["disk, cold"].median + _ALLOWANCE
    took = samples["bucket, cold"].median
    rows.append(f"\nAllowed for the cold one: {most:.1f} s; it took {took:.1f} s.\n")
    return "".join(rows)


def main() -> int:
    """Measure; 1 where a check in a bucket takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--delay", type=float, default=0.03, help="seconds a request (0.03)")
    parser.add_argument("-n", type=int, default=3, help="rounds (3)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache, served(given.archive, given.delay) as address:
        os.environ.update(variables(address))
        told = contenders(given.archive, cache)
        subprocess.run(told[-1].command, stdout=subprocess.DEVNULL, check=False)  # fills the cache
        samples = in_turn(told, given.n, Path(cache))
    text = table(samples, given.delay)
    print(text)
    limit = _FACTOR * samples["disk, cold"].median + _ALLOWANCE
    return int(samples["bucket, cold"].median > limit)


if __name__ == "__main__":
    sys.exit(main())
