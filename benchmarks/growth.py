"""Time and memory against the number of pages."""

from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from benchmarks.contenders import COLD, LYCHEE, WARM, Tools, cold, peers, warm
from benchmarks.make_archive import make_archive
from benchmarks.measure import Contender, Sample, in_turn

FACTORS = (1, 2, 4, 8)


@dataclass(frozen=True)
class Step:
    """What was measured on one archive.

    Attributes:
        pages: how many pages it has.
        size: the size of all pages in bytes.
        samples: newsarchive's and lychee's samples, by name.
    """

    pages: int
    size: int
    samples: dict[str, Sample]


def grow(tools: Tools, pages: int, runs: int, scratch: Path) -> list[Step]:
    """Measure archives of `pages` pages and two, four and eight times as many, all in turn."""
    sizes: dict[int, int] = {}
    contenders: list[Contender] = []
    for count in (pages * factor for factor in FACTORS):
        archive = scratch / f"{count}-pages"
        sizes[count] = make_archive(archive, count)
        found = [cold(tools, archive), *peers(tools, archive)]
        if tools.caches:
            found.append(warm(tools, archive, scratch / f"{count}-cache"))
        kept = [one for one in found if one.name in (COLD, WARM, LYCHEE)]
        contenders += [replace(one, name=f"{count} {one.name}") for one in kept]
    samples = in_turn(contenders, runs, scratch)
    return [Step(count, size, _own(samples, count)) for count, size in sizes.items()]


def worst_doubling(steps: list[Step], name: str) -> float:
    """The greatest ratio of a step's median time to that of the step before."""
    return max(
        after.samples[name].median / before.samples[name].median
        for before, after in pairwise(steps)
    )


def memory_per_page(steps: list[Step], name: str) -> float:
    """Bytes of peak memory for each page more, from the first step to the last."""
    first, last = steps[0], steps[-1]
    return (last.samples[name].peak - first.samples[name].peak) / (last.pages - first.pages)


def _own(samples: dict[str, Sample], count: int) -> dict[str, Sample]:
    prefix = f"{count} "
    return {
        name.removeprefix(prefix): sample
        for name, sample in samples.items()
        if name.startswith(prefix)
    }
