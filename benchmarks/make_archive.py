"""Make a realistic, closed archive of any size, with texts of its own.

    python benchmarks/make_archive.py FOLDER --pages N [--seed S]

Every related link, index entry, heading and ``Previous Day...`` leads to a page; the archive
checks clean of errors and warnings. The same seed gives the same bytes.
"""

import argparse
import datetime
import random
import sys
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newsarchive as na
from benchmarks.newsroom import PAPERS, Newsroom, Story

LAST_DAY = datetime.date(2019, 12, 31)
"""The newest day; how far back the oldest lies depends on the number of pages."""

DESCRIBED, PICTURED, CHANGED, SECOND_GENERATION = 0.6, 0.4, 0.05, 0.5
"""Shares of the event pages."""

_NEARBY = 60  # related events are among so many of the same subject that were last in the news


class Draft(NamedTuple):
    """An event before its page is made: where it stands and what it tells."""

    path: str
    date: datetime.date
    story: Story


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder")
    parser.add_argument("--pages", type=int, required=True, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    args = parser.parse_args()
    try:
        size = make_archive(args.folder, args.pages, args.seed)
    except ValueError as error:
        parser.error(str(error))
    print(f"{args.pages:,} pages, {size / 1e6:,.1f} MB, {size / args.pages:,.0f} bytes a page")


def make_archive(folder: Path, pages: int, seed: int = 1) -> int:
    """Write an archive.

    Args:
        folder: where; it must be empty, or not exist.
        pages: how many pages, day indexes among them.
        seed: the same seed gives the same archive.

    Returns:
        The size of all pages in bytes.

    Raises:
        ValueError: the folder is not empty, or `pages` is too small for a day with an event.
    """
    if pages < 2:
        raise ValueError("an archive has two pages at least: an event and the index of its day")
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"the folder is not empty: {folder}")
    rng = random.Random(seed)
    drafts = _drafts(rng, pages)
    relations = Relations(rng, drafts)
    size, start, previous = 0, 0, None
    while start < len(drafts):
        date = drafts[start].date
        stop = bisect_left(drafts, date + datetime.timedelta(1), start, key=lambda d: d.date)
        index = _day_index(rng, drafts[start:stop], previous)
        size += _write(folder, index)
        size += sum(_write(folder, _event(rng, draft, relations)) for draft in drafts[start:stop])
        start, previous = stop, index.path
    return size


def _drafts(rng: random.Random, pages: int) -> list[Draft]:
    """The events, oldest first: `pages` less one for the index of each of their days."""
    newsroom = Newsroom(rng)
    counts = list(_day_sizes(rng, pages))
    date = LAST_DAY - datetime.timedelta(len(counts) - 1)
    drafts = []
    for count in counts:
        slugs = {"index", "readme"}
        while count:
            story = newsroom.story(DESCRIBED)
            slug = na.slugify(story.title)
            if slug not in slugs:
                slugs.add(slug)
                folder = f"/news/{date.year:04d}/{date.month:02d}/{date.day}"
                drafts.append(Draft(f"{folder}/{slug}.md", date, story))
                count -= 1
        date += datetime.timedelta(1)
    return drafts


def _day_sizes(rng: random.Random, pages: int) -> Iterator[int]:
    """How many events each day has, about 13; with an index a day they are `pages` pages."""
    while pages > 0:
        count = min(rng.randint(6, 20), pages - 1)
        if pages - count - 1 == 1:  # no day has an index alone
            count += 1
        yield count
        pages -= count + 1


class Relations:
    """Which events share subjects.

    Args:
        rng: where chance comes from.
        drafts: all events, oldest first.
    """

    def __init__(self, rng: random.Random, drafts: list[Draft]) -> None:
        self._rng = rng
        self._drafts = drafts
        self._places = {draft.path: place for place, draft in enumerate(drafts)}
        self._by_term: dict[str, list[int]] = {}
        for place, draft in enumerate(drafts):
            for term in draft.story.terms:
                self._by_term.setdefault(term, []).append(place)

    def of(self, draft: Draft, count: int) -> list[Draft]:
        """Up to `count` events that share a subject with `draft`; most are earlier, some later."""
        place = self._places[draft.path]
        chosen: dict[int, None] = {}
        for _ in range(2 * count):
            if len(chosen) == count:
                break
            places = self._by_term[self._rng.choice(draft.story.terms)]
            here = bisect_left(places, place)
            low, high = max(0, here - _NEARBY), min(len(places), here + _NEARBY // 4)
            other = places[self._rng.randrange(low, high)]
            if other != place:
                chosen[other] = None
        return [self._drafts[other] for other in chosen]


def _event(rng: random.Random, draft: Draft, relations: Relations) -> na.Event:
    story = draft.story
    second = rng.random() < SECOND_GENERATION
    wanted = rng.randint(2, 5) if second else rng.randint(4, 10)
    layout = na.EventLayout.second_generation(draft.path) if second else na.EventLayout()
    sources = tuple(_source(rng, draft) for _ in range(rng.randint(1, 4)))
    return na.Event(
        path=draft.path,
        date=draft.date,
        title=story.title,
        topic=story.topic if second and rng.random() < 0.7 else None,
        description=story.description,
        sources=sources,
        cover_image=_cover_image(rng, draft) if rng.random() < PICTURED else None,
        related=tuple(_related(draft, other) for other in relations.of(draft, wanted)),
        changes=_changes(rng, draft) if rng.random() < CHANGED else (),
        layout=layout,
    )


def _related(draft: Draft, other: Draft) -> na.RelatedLink:
    shared = tuple(term for term in other.story.terms if term in draft.story.terms)
    return na.RelatedLink(title=other.story.title, path=other.path, context=shared)


def _source(rng: random.Random, draft: Draft) -> na.Source:
    name = rng.choice(PAPERS)
    number, slug = rng.randrange(10**7), draft.path.rpartition("/")[2][:40].removesuffix(".md")
    url = rng.choice(
        (
            f"https://www.{_host(name)}/{draft.date:%Y/%m/%d}/{slug}-{number}",
            f"http://{_host(name)}/news/story.html?id={number}&ref=world",
            f"https://{_host(name)}/a/{number}#top",
        )
    )
    return na.Source(name=name, url=url)


def _cover_image(rng: random.Random, draft: Draft) -> na.CoverImage:
    host = _host(rng.choice(PAPERS))
    return na.CoverImage(url=f"https://img.{host}/{draft.date:%Y%m}/{rng.randrange(10**6)}.jpg")


def _host(paper: str) -> str:
    return na.slugify(paper) + ".example"


def _changes(rng: random.Random, draft: Draft) -> tuple[na.Change, ...]:
    """The event's versions; the page of the first one is gone, as is normal."""
    title = f"{rng.choice(('Reports', 'Breaking news', 'Unconfirmed'))}: {draft.story.title}"
    former = f"{draft.path.rpartition('/')[0]}/{na.slugify(title)}.md"
    made = datetime.datetime.combine(draft.date, datetime.time(rng.randrange(24), 57, 1))
    later = made + datetime.timedelta(minutes=rng.randrange(600))
    first, update, current = na.ChangeKind
    return (
        na.Change(title=title, path=former, timestamp=made, kind=first),
        na.Change(title=draft.story.title, path=draft.path, timestamp=later, kind=update),
        na.Change(title=draft.story.title, path=draft.path, kind=current),
    )


def _day_index(rng: random.Random, drafts: list[Draft], previous: str | None) -> na.DayIndex:
    date = drafts[0].date
    path = f"{drafts[0].path.rpartition('/')[0]}/index.md"
    formats = na.FormatLinks.of(path) if rng.random() < SECOND_GENERATION else None
    return na.DayIndex(
        path=path,
        date=date,
        entries=tuple(_entry(rng, draft) for draft in drafts),
        previous=previous,
        layout=na.IndexLayout(formats=formats),
    )


def _entry(rng: random.Random, draft: Draft) -> na.IndexEntry:
    story = draft.story
    return na.IndexEntry(
        title=story.title,
        path=draft.path,
        topic=story.topic if rng.random() < 0.8 else None,
        description=story.description,
        context=() if story.description else story.terms,
    )


def _write(root: Path, page: na.Event | na.DayIndex) -> int:
    file = root / page.path[1:]
    if isinstance(page, na.DayIndex):  # the first page of its day's folder
        file.parent.mkdir(parents=True)
    return file.write_bytes(na.render(page).encode())


if __name__ == "__main__":
    main()
