"""What each step of a run on a cluster costs a page: CPU and bytes."""

import pickle
import time
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.simulated import SimulatedStore
from newsarchive.graph.answers import Answers
from newsarchive.graph.shares import share_of
from newsarchive.page.reading import LinkKind
from newsarchive.rules import rules_in_force
from newsarchive.runs.exchange import Exchange, compare
from newsarchive.runs.merging import _order_of_days
from newsarchive.runs.portions import portions
from newsarchive.runs.workers import Collected, Job, Work, read_folders
from newsarchive.store.listing import Scan
from newsarchive.store.store import walk

Result = TypeVar("Result")


@dataclass
class Step:
    """A step: where it is done, its CPU in seconds a page, what it moves in bytes a page."""

    name: str
    where: str
    cpu: float | None
    size: float | None = None


def steps(pages: int) -> list[Step]:
    """Measure every step on a simulated archive, in this process."""
    store, scan = SimulatedStore(pages), Scan()
    _, listing = _timed(lambda: [*walk(store, scan)])
    count = scan.page_count()
    paths = scan.pages
    _, making = _timed(lambda: sum(1 for _ in store.read_many(paths)))
    codes = frozenset(rule.code for rule in rules_in_force())
    job = Job(store, codes, 1)
    work: list[Work] = [(folder, None) for folder in scan.folders]
    tasks = [*portions(work, lambda folder: len(folder[0].names), 2, 1024)]
    sent = sum(len(pickle.dumps(task)) for task in tasks)
    found, reading = _timed(lambda: [read_folders(job, task) for task in tasks])
    records = sum(len(column) for task in found for r in task.records for column in r)

    def share(task: int) -> Collected:
        some = found[task]
        made = share_of(some.records, [listing for listing, _ in tasks[task]], 1, 800_000)
        return some._replace(records=[], share=made)

    shares, sharing = _timed(lambda: [share(number) for number in range(len(tasks))])
    back = sum(len(pickle.dumps(task)) for task in shares)
    keys = sum(len(s.share.gives + s.share.wants + s.share.pages) for s in shares if s.share)
    exchange = Exchange()

    def exchanged() -> int:
        for task in shares:
            assert task.share
            exchange.add(task.share.gives, task.share.wants, task.share.pages)
        exchange.add(b"".join(sorted(_order_of_days(scan, 1))))
        return sum(
            1 for _ in exchange.wanting(lambda parts: ((p, compare(None, p)) for p in parts))
        )

    with closing(exchange):
        _, comparing = _timed(exchanged)
    tracemalloc.start()
    names = Scan()
    for _ in walk(store, names):
        pass
    kept = tracemalloc.get_traced_memory()[0]
    view = Answers(store, names)
    _look_for_one(view, store.one_broken)
    forms = tracemalloc.get_traced_memory()[0] - kept
    tracemalloc.stop()
    view = Answers(store, scan)
    _, suggesting = _timed(lambda: _look_for_one(view, store.one_broken))
    return [
        Step("list the pages", "driver", listing / count, sent / count),
        Step("make a page (simulated store)", "worker", making / count),
        Step("read and judge it", "worker", (reading - making) / count, records / count),
        Step("make the share", "worker", sharing / count, back / count),
        Step("exchange and compare keys", "driver, worker", comparing / count, keys / count),
        Step("hold all names", "driver", None, kept / count),
        Step("index them, once a link is broken", "driver", suggesting / count, forms / count),
    ]


def _look_for_one(view: Answers, path: str) -> None:
    """Look for what the first related link of a page may have meant."""
    reading = view.reading(path)
    view.suggest(reading, next(reading.links(LinkKind.RELATED)))


def _timed(function: Callable[[], Result]) -> tuple[Result, float]:
    started = time.process_time()
    return function(), time.process_time() - started
