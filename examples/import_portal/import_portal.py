"""Make an archive of the day pages of a wiki's portal of current events.

python import_portal.py DAYS TARGET

DAYS holds a file for each day, ``2016-03-02.wiki``, in the portal's markup. TARGET is a folder
that holds no archive yet.
"""

import datetime
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import mwparserfromhell

import newsarchive as na

RELATED = 10
BULLET = re.compile(r"(?P<depth>\*+)\s*(?P<text>.*)")


class Item(NamedTuple):
    """An event as the portal tells it: its text is the title, as people write it."""

    date: datetime.date
    text: str
    topic: str
    terms: frozenset[str]
    sources: tuple[na.Source, ...]

    @property
    def path(self) -> str:
        """Where its page stands; the slug comes from the text before it is folded."""
        return na.event_path(self.date, self.text)

    @property
    def title(self) -> str:
        """What its page shows."""
        return na.fold_title(self.text)


def decoded(data: bytes) -> str:
    """A day's text: UTF-8, or Latin-1 where old tools wrote it."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def items_of(date: datetime.date, wikitext: str) -> Iterator[Item]:
    """The events of a day: bullets without bullets below them. Those above them are topics."""
    bullets = [m for line in wikitext.splitlines() if (m := BULLET.match(line))]
    topics: dict[int, str] = {}
    for m, after in zip(bullets, [*bullets[1:], None], strict=True):
        depth = len(m["depth"])
        text, terms, sources = parts_of(m["text"])
        if after and len(after["depth"]) > depth:
            topics[depth] = text
        elif text:
            yield Item(date, text, topics.get(depth - 1, ""), terms, sources)


def parts_of(markup: str) -> tuple[str, frozenset[str], tuple[na.Source, ...]]:
    """The plain text of a bullet, the pages that it links to, and its sources, by name."""
    code = mwparserfromhell.parse(markup)
    terms = {str(link.title).partition("#")[0].strip() for link in code.filter_wikilinks()}
    sources: dict[str, na.Source] = {}
    for link in code.filter_external_links():
        url, name = str(link.url), link.title.strip_code().strip(" ()") if link.title else ""
        sources[url] = na.Source(name=name or urlsplit(url).hostname or url, url=url)
        code.remove(link)
    text = " ".join(code.strip_code().split())
    by_name = sorted(sources.values(), key=lambda source: source.name)
    return text, frozenset(filter(None, terms)), tuple(by_name)


def related_to(item: Item, items: Iterable[Item]) -> tuple[na.RelatedLink, ...]:
    """The events that share most terms with one, and these terms in alphabetical order."""
    shared = [(other, sorted(item.terms & other.terms)) for other in items if other is not item]
    nearest = sorted((pair for pair in shared if pair[1]), key=lambda pair: -len(pair[1]))
    return tuple(
        na.RelatedLink(title=other.title, path=other.path, context=tuple(terms))
        for other, terms in nearest[:RELATED]
    )


def read_days(folder: Path) -> list[Item]:
    """The events of all days, each path once."""
    found: dict[str, Item] = {}
    for file in sorted(folder.glob("*.wiki")):
        date = datetime.date.fromisoformat(file.stem)
        for item in items_of(date, decoded(file.read_bytes())):
            found.setdefault(item.path, item)
    return list(found.values())


def main(days: str, target: str) -> int:
    """Write the archive, and check it; the exit status says whether it is sound."""
    items = read_days(Path(days))
    archive = na.Archive.create(target)
    with archive.change() as change:
        for item in items:
            event = na.Event(
                path=item.path,
                date=item.date,
                title=item.title,
                topic=item.topic or None,
                sources=item.sources,
                related=related_to(item, items),
            )
            change.add(event, context=sorted(item.terms))
    report = na.check(archive)
    print(report.to_text())
    return 1 if report.at_least(na.Severity.WARNING) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
