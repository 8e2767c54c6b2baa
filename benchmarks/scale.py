"""Measure runs on a Dask cluster: tables and plots.

    python benchmarks/scale.py --pages 1000000 --plots docs/pictures --markdown scale.md
    python benchmarks/scale.py --archive ARCHIVE -n 5 --kills 20 --markdown cluster.md

The first checks simulated archives whose pages are made when they are read, up to so many pages;
the second compares a cluster on this machine with the library's own processes, in turn, and kills
workers at random while it counts whether the findings stay the same.
"""

import argparse
import json
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newsarchive as na
from benchmarks.plot import chart
from benchmarks.simulated import SimulatedStore
from benchmarks.steps import Step, steps
from benchmarks.tables import seconds, table
from newsarchive.runs.dask import cluster

_FACTORS = (8, 4, 2, 1)
_MILLIONS = (1, 10, 100)
_STEPS_PAGES = 112_000
_MIB = 1 << 20


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, metavar="N", help="the largest simulated archive")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="most workers")
    parser.add_argument("--archive", type=Path, help="an archive to compare clusters on")
    parser.add_argument("-n", type=int, default=3, metavar="N", help="rounds on it")
    parser.add_argument("--kills", type=int, default=0, metavar="N", help="workers to kill")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="where pictures are written")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="where tables are written")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(one(args.one, args.workers)))
        return
    parts = scale(args.pages, args.workers, args.plots) if args.pages else []
    if args.archive:
        parts += compared(args.archive, args.n, args.kills)
    text = "\n".join(parts)
    if args.markdown:
        args.markdown.write_text(text, "utf-8")
    else:
        print(text)


# Simulated archives.


def one(pages: int, workers: int) -> dict[str, float]:
    """A run over a simulated archive: this process asks, so many others work."""
    store = SimulatedStore(pages)
    with local_cluster(workers) as made, cluster(made.scheduler_address) as executor:
        client: Any = getattr(executor, "_client")  # noqa: B009 - to ask workers for their CPU
        client.wait_for_workers(workers)
        before = sum(client.run(time.process_time).values())
        started, cpu, idle = time.perf_counter(), time.process_time(), _peak()
        report = na.check(na.Archive(store), executor=executor)
        return {
            "pages": report.page_count,
            "seconds": time.perf_counter() - started,
            "driver": time.process_time() - cpu,
            "workers": sum(client.run(time.process_time).values()) - before,
            "memory": _peak() - idle,
            "worker memory": max(client.run(_peak).values()),
            "found": len(report.diagnostics),
            "expected": store.broken,
        }


def scale(pages: int, workers: int, plots: Path | None) -> list[str]:
    """Tables of simulated archives of up to so many pages."""
    runs = [_measured(pages // factor, workers) for factor in _FACTORS]
    crew = [_measured(pages // _FACTORS[0], number) for number in range(1, workers + 1)]
    costs = steps(min(pages, _STEPS_PAGES))
    if plots:
        lines = {
            "wall time": [(run["pages"], run["seconds"]) for run in runs],
            "CPU of all workers": [(run["pages"], run["workers"]) for run in runs],
            "CPU of the driver": [(run["pages"], run["driver"]) for run in runs],
        }
        _plot(plots / "scale-pages.svg", "Time against pages", "pages", "seconds", lines)
        times = {"wall time": [(float(n), run["seconds"]) for n, run in enumerate(crew, 1)]}
        _plot(plots / "scale-workers.svg", "Time against workers", "workers", "seconds", times)
        sizes = {
            "driver": [(run["pages"], run["memory"] / run["pages"]) for run in runs],
            "a worker": [(run["pages"], run["worker memory"] / run["pages"]) for run in runs],
        }
        _plot(plots / "scale-memory.svg", "Memory against pages", "pages", "bytes a page", sizes)
    return [_runs(runs), _crew(crew), _steps(costs), _needs(costs, runs)]


def _measured(pages: int, workers: int) -> dict[str, float]:
    """What `one` returns, measured in a process of its own."""
    print(f"{pages:,} pages, {workers} workers ...", file=sys.stderr)
    command = [sys.executable, __file__, "--one", str(pages), "--workers", str(workers)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if found["found"] != found["expected"]:
        raise RuntimeError(f"{found['found']} findings, there should be {found['expected']}")
    return found


def _runs(runs: list[dict[str, float]]) -> str:
    header = ("pages", "wall time", "CPU of workers", "CPU of the driver", "memory of the driver",
              "memory of a worker")  # fmt: skip
    return table(
        header,
        (
            (
                f"{run['pages']:,}",
                *(seconds(run[name]) for name in ("seconds", "workers", "driver")),
                *(f"{run[name] / _MIB:.0f} MiB" for name in ("memory", "worker memory")),
            )
            for run in runs
        ),
        left=0,
    )


def _crew(crew: list[dict[str, float]]) -> str:
    rows = ((str(n), seconds(run["seconds"])) for n, run in enumerate(crew, 1))
    return table(("workers", f"wall time for {crew[0]['pages']:,} pages"), rows, left=0)


def _steps(costs: list[Step]) -> str:
    return table(
        ("step", "where", "CPU a page", "bytes a page"),
        (
            (
                step.name,
                step.where,
                "–" if step.cpu is None else seconds(step.cpu),
                "–" if step.size is None else f"{step.size:,.0f}",
            )
            for step in costs
        ),
        left=2,
    )


def _needs(costs: list[Step], runs: list[dict[str, float]]) -> str:
    """What archives need, by the steps' costs; the largest run that was measured stands above."""
    by_name = {step.name: step for step in costs}
    work = sum(step.cpu or 0.0 for step in costs if "worker" in step.where)
    keys = by_name["exchange and compare keys"].size or 0.0
    sent = (by_name["list the pages"].size or 0.0) + (by_name["make the share"].size or 0.0)
    first, last = runs[0], runs[-1]
    pages = last["pages"] - first["pages"]
    memory = (last["memory"] - first["memory"]) / pages
    driver = (last["driver"] - first["driver"]) / pages
    rows = [
        (
            f"{n} million, calculated",
            seconds(work * n * 1e6), seconds(driver * n * 1e6), f"{memory * n * 1e6 / 1e9:.1f} GB",
            f"{(sent + keys) * n * 1e6 / 1e9:.1f} GB", f"{keys * n * 1e6 / 1e9:.2f} GB",
        )
        for n in _MILLIONS
    ]  # fmt: skip
    rows.insert(0, (
        f"{last['pages']:,}, measured", seconds(last["workers"]), seconds(last["driver"]),
        f"{last['memory'] / 1e9:.1f} GB", "–", "–",
    ))  # fmt: skip
    header = ("pages", "CPU of workers", "CPU of the driver", "memory of the driver",
              "through the driver", "keys on its disk")  # fmt: skip
    return table(header, rows)


def _plot(
    file: Path, title: str, x: str, y: str, lines: dict[str, list[tuple[float, float]]]
) -> None:
    file.write_text(chart(title, x, y, lines), "utf-8")


def _peak() -> float:
    """The greatest resident size of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


# A real archive.


def local_cluster(workers: int) -> Any:
    """A cluster on this machine: each worker a process with one thread."""
    import distributed

    made: Any = distributed.LocalCluster
    return made(n_workers=workers, threads_per_worker=1, dashboard_address=":0")


def compared(archive: Path, runs: int, kills: int) -> list[str]:
    """A cluster against the library's own processes, in turn; and with workers killed."""
    workers = len(os.sched_getaffinity(0))
    whole = na.check(archive, jobs=workers).to_json()
    own: list[float] = []
    there: list[float] = []
    with local_cluster(workers) as made, cluster(made.scheduler_address) as executor:
        for _ in range(runs + 1):  # the first warms up
            for times, how in ((own, {"jobs": workers}), (there, {"executor": executor})):
                times.append(_same(archive, whole, how))
    ratio = statistics.median(b / a for a, b in zip(own[1:], there[1:], strict=True))
    killed = sum(_killed(archive, whole, workers, seed) for seed in range(kills))
    rows = [
        (f"{workers} processes of its own", seconds(statistics.median(own[1:])), "1.00 ×"),
        (f"Dask with {workers} workers", seconds(statistics.median(there[1:])), f"{ratio:.2f} ×"),
    ]
    told = f"Findings were the same in every run; workers killed at random: {killed} of {kills}.\n"
    return [table(("check of the archive by", "median", "against"), rows), told]


def _same(archive: Path, whole: str, how: dict[str, Any]) -> float:
    """How long a check takes, whose findings are those that are known."""
    started = time.perf_counter()
    report = na.check(archive, **how)
    took = time.perf_counter() - started
    if report.to_json() != whole:
        raise RuntimeError(f"other findings with {', '.join(how)}")
    return took


def _killed(archive: Path, whole: str, workers: int, seed: int) -> bool:
    """Kill a worker of a new cluster some time in a check; whether it was met at work."""
    rng = random.Random(seed)
    moment = rng.random()
    with local_cluster(workers) as made, cluster(made.scheduler_address) as executor:
        client: Any = getattr(executor, "_client")  # noqa: B009 - to ask workers for their number
        client.wait_for_workers(workers)
        victims = [rng.choice([*client.run(os.getpid).values()])]

        def kill(done: int, total: int) -> None:
            if done >= moment * total and victims:
                os.kill(victims.pop(), signal.SIGKILL)

        _same(archive, whole, {"executor": executor, "progress": kill})
    print(f"killed at {moment:.0%}, the same findings", file=sys.stderr)
    return not victims


if __name__ == "__main__":
    main()
