"""An archive on disk that people and the program change in any order, against a simple model.

The model is a dictionary of pages. It knows nothing of reading, facts, caches or processes: what
must be found follows from the pages' own models in some forty lines. After every step the
findings about links are the model's, every file holds the bytes that the model says, and a run
with a cache reports what a run without does.
"""

import datetime
import os
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.editing.repair import repair
from newsarchive.editing.wording import in_words_of
from tests.builders import TODAY
from tests.editions import of_editions
from tests.seams import at_rest, small_tasks

pytestmark = pytest.mark.property

CODES = {f"NA2{number:02}" for number in range(1, 11)}
NOW = datetime.datetime(2019, 6, 1, 12, 0)
GONE = "/news/2012/01/1/gone.md"
ODD = ("../up.md", "relative.md", "https://elsewhere.example/a", f"{GONE}#part", "")
SLUGS = ("a", "b", "c", "d-1", "e")

Key = tuple[str, str, str]
"""Code, page, and what the finding marks; nothing for an orphan."""

Pages = dict[str, na.Page]


def links_of(page: na.Page) -> Iterator[tuple[str, str, str]]:
    """Kind, text and target of each link inside the archive."""
    if isinstance(page, na.Event):
        yield "day", "", page.day_path
        for link in page.related:
            yield "related", link.title, link.path
        for change in page.changes:
            yield "current" if change.is_current else "older", change.title, change.path
    elif isinstance(page, na.DayIndex):
        yield "day", "", page.day_path
        yield from (("entry", entry.title, entry.path) for entry in page.entries)
        if page.previous is not None:
            yield "day", "", page.previous
    elif isinstance(page, na.FrontPage):
        for section in page.sections:
            if section.path is not None:
                yield "day", "", section.path
            yield from (("entry", entry.title, entry.path) for entry in section.entries)


BROKEN = {"related": "NA201", "entry": "NA202", "day": "NA203", "older": "NA209"}


def expected(pages: Pages) -> Counter[Key]:
    """What the rules on links must find, and nothing else."""
    found: Counter[Key] = Counter()
    listed = {
        (folder(path), plain(entry.path))
        for path, page in pages.items()
        if isinstance(page, na.DayIndex)
        for entry in page.entries
    }
    for path, page in pages.items():
        if isinstance(page, na.Event) and (folder(path), path) not in listed:
            found["NA208", path, ""] += 1
        seen: set[str] = set()
        titles: dict[str, set[str]] = {}
        for kind, text, target in links_of(page):
            if kind in ("related", "entry"):
                titles.setdefault(plain(target), set()).add(" ".join(text.split()))
        for kind, text, target in links_of(page):
            there = plain(target)
            if not there.startswith("/"):
                found["NA204", path, target] += 1
            elif there not in pages and kind in BROKEN:
                found[BROKEN[kind], path, target] += 1
            if kind == "related":
                found["NA205", path, target] += there == path
                found["NA206", path, target] += there in seen
                seen.add(there)
            other = pages.get(there)
            two_events = kind == "entry" and len(titles[there]) > 1  # NA213 tells of them
            if kind in ("related", "entry") and isinstance(other, na.Event) and not two_events:
                found["NA207", path, text] += other.title.split() != text.split()
            if kind == "entry" and isinstance(page, na.DayIndex) and there.startswith("/news/"):
                found["NA210", path, target] += folder(there) != folder(path)
    return +found


def plain(target: str) -> str:
    return target.partition("#")[0]


def folder(path: str) -> str:
    return path.rpartition("/")[0]


def with_targets(page: na.Page, change: Callable[[str, str], str]) -> na.Page:
    """A page with `change(kind, target)` for each link's target, in `links_of`'s order."""
    if isinstance(page, na.Event):
        layout = {**dict(page.layout), "date_link": change("day", page.day_path)}
        related = [{**dict(r), "path": change("related", r.path)} for r in page.related]
        changes = [
            {**dict(c), "path": change("current" if c.is_current else "older", c.path)}
            for c in page.changes
        ]
        new = {**dict(page), "related": related, "changes": changes, "layout": layout}
        return na.Event.model_validate(new)
    if isinstance(page, na.DayIndex):
        layout = {**dict(page.layout), "date_link": change("day", page.day_path)}
        entries = [{**dict(e), "path": change("entry", e.path)} for e in page.entries]
        previous = None if page.previous is None else change("day", page.previous)
        new = {**dict(page), "entries": entries, "previous": previous, "layout": layout}
        return na.DayIndex.model_validate(new)
    if isinstance(page, na.FrontPage):
        sections = [
            {
                **dict(section),
                "path": None if section.path is None else change("day", section.path),
                "entries": [{**dict(e), "path": change("entry", e.path)} for e in section.entries],
            }
            for section in page.sections
        ]
        return na.FrontPage.model_validate({**dict(page), "sections": sections})
    return page


def with_titles(page: na.Page, path: str, old: str, new: str) -> na.Page:
    """A page whose links to `path` quote the new title where they quoted the old one."""

    def entries(found: tuple[na.IndexEntry, ...]) -> list[dict[str, object]]:
        return [quoted(dict(e)) for e in found]

    def quoted(entry: dict[str, object]) -> dict[str, object]:
        leads = plain(str(entry["path"])) == path
        return {**entry, "title": new} if leads and entry["title"] == old else entry

    if isinstance(page, na.Event):
        related = [quoted(dict(r)) for r in page.related]
        return na.Event.model_validate({**dict(page), "related": related})
    if isinstance(page, na.DayIndex):
        return na.DayIndex.model_validate({**dict(page), "entries": entries(page.entries)})
    if isinstance(page, na.FrontPage):
        sections = [{**dict(s), "entries": entries(s.entries)} for s in page.sections]
        return na.FrontPage.model_validate({**dict(page), "sections": sections})
    return page


def moved(page: na.Page, path: str, old: str, new: str) -> na.Page:
    """What a page at `path` becomes when `old` moves to `new` and links follow."""

    def follow(kind: str, target: str) -> str:
        stays = plain(target) != old or (path == old and kind == "older")
        return target if stays else new + target[len(old) :]

    page = with_targets(page, follow)
    if path != old or not isinstance(page, na.Event):
        return page
    formats = page.layout.formats
    if formats == na.EventLayout.second_generation(old).formats:
        formats = na.EventLayout.second_generation(new).formats
    layout = {**dict(page.layout), "formats": formats}
    return na.Event.model_validate({**dict(page), "path": new, "layout": layout})


def without_entries(page: na.Page, path: str) -> na.Page:
    """A page without the related links and index entries that lead to `path`."""

    def kept(entries: tuple[na.IndexEntry, ...]) -> tuple[na.IndexEntry, ...]:
        return tuple(e for e in entries if plain(e.path) != path)

    if isinstance(page, na.Event):
        related = tuple(r for r in page.related if plain(r.path) != path)
        return na.Event.model_validate({**dict(page), "related": related})
    if isinstance(page, na.DayIndex):
        return na.DayIndex.model_validate({**dict(page), "entries": kept(page.entries)})
    if isinstance(page, na.FrontPage):
        sections = [{**dict(s), "entries": kept(s.entries)} for s in page.sections]
        return na.FrontPage.model_validate({**dict(page), "sections": sections})
    return page


class ArchiveMachine(RuleBasedStateMachine):
    """Steps that people take with an editor, and steps that the program takes."""

    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="newsarchive-steps-"))
        self.root, self.cache = self.base / "root", self.base / "cache"
        self.pages: Pages = {}
        self.bytes: dict[str, bytes] = {}
        self.ticks = 0
        self.cached = False
        self.patch = pytest.MonkeyPatch()
        small_tasks(self.patch, 3)

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.base)

    @initialize(
        drawn=of_editions(lambda one: nas.archives(max_days=2, max_events_per_day=2, edition=one)),
        trusting=st.booleans(),
    )
    def start(self, drawn: tuple[na.Edition, dict[str, str]], trusting: bool) -> None:
        self.edition, texts = drawn
        self.pages = {path: self.parse(text, path) for path, text in texts.items()}
        if trusting:  # as if every file had been at rest for long
            at_rest(self.patch)
        self.write()

    def archive(self) -> na.Archive:
        return na.Archive(self.root, edition=self.edition)

    def parse(self, text: str | bytes, path: str) -> na.Page:
        return na.parse(text, path, edition=self.edition)

    def check(self, **options: Any) -> na.Report:
        return na.check(self.root, today=TODAY, edition=self.edition, **options)

    # --- what is on disk

    def write(self) -> None:
        """Make the folder what the model is; files that stay the same are not touched."""
        (self.root / "news").mkdir(parents=True, exist_ok=True)
        new = {path: na.render(page).encode() for path, page in self.pages.items()}
        for path in self.bytes.keys() - new.keys():
            (self.root / path[1:]).unlink()
        for path, data in new.items():
            if self.bytes.get(path) != data:
                file = self.root / path[1:]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        self.settle(new)

    def settle(self, new: dict[str, bytes]) -> None:
        """Give files that changed a time of their own: two steps may fall into one clock tick."""
        for path, data in new.items():
            if self.bytes.get(path) != data:
                self.ticks += 1
                os.utime(self.root / path[1:], ns=(0, 10**18 + self.ticks))
        self.bytes = new

    def on_disk(self) -> dict[str, bytes]:
        files = [file for file in self.root.rglob("*") if file.is_file()]
        return {f"/{file.relative_to(self.root).as_posix()}": file.read_bytes() for file in files}

    def becomes(self, pages: Pages) -> None:
        """The program's step must have left exactly these pages, byte for byte."""
        self.pages = pages
        found = self.on_disk()
        assert found == {path: na.render(page).encode() for path, page in pages.items()}
        self.settle(found)

    def paths(self, kind: type[na.Page] | None = None) -> list[str]:
        return sorted(p for p, page in self.pages.items() if kind is None or type(page) is kind)

    def pick(self, data: st.DataObject, kind: type[na.Page] | None = None) -> str:
        return data.draw(st.sampled_from(self.paths(kind)))

    def target(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from([*self.paths(), GONE, *ODD]))

    def has_events(self) -> bool:
        return bool(self.paths(na.Event))

    def has_indexes(self) -> bool:
        return bool(self.paths(na.DayIndex))

    def title_of(self, data: st.DataObject, path: str) -> str:
        """The title of the page at a path as a link quotes it, or another."""
        page = self.pages.get(plain(path))
        title = page.title if isinstance(page, na.Event) else "Smoke over the pier."
        return data.draw(st.sampled_from([title, title, "Another title."])).replace("](", "] (")

    # --- what people do

    @rule(data=st.data(), day=st.dates(datetime.date(2015, 1, 1), datetime.date(2015, 1, 3)),
          title=nas.titles(), slug=st.sampled_from(SLUGS), near=st.booleans(),
          listed=st.booleans())  # fmt: skip
    def add(
        self,
        data: st.DataObject,
        day: datetime.date,
        title: str,
        slug: str,
        near: bool,
        listed: bool,
    ) -> None:
        if near and self.pages:
            page = self.pages[self.pick(data)]
            day = page.date if isinstance(page, na.Event | na.DayIndex) else day
        home = f"/news/{day.year}/{day.month:02}/{day.day}"
        path, index = f"{home}/{slug}.md", f"{home}/index.md"
        second = data.draw(st.booleans())
        event = na.Event(
            path=path,
            date=day,
            title=title,
            sources=(na.Source(name="Harbour Post", url="https://post.example.org/1"),),
            related=self.related(data),
            layout=na.EventLayout.second_generation(path) if second else na.EventLayout(),
        )
        self.pages[path] = in_words_of(event, self.edition)
        listing = self.pages.get(index)
        if listed and isinstance(listing, na.DayIndex):
            entry = na.IndexEntry(title=title.replace("](", "] ("), path=path)
            self.pages[index] = na.DayIndex.model_validate(
                {**dict(listing), "entries": (*listing.entries, entry)}
            )
        self.write()

    def related(self, data: st.DataObject) -> tuple[na.RelatedLink, ...]:
        most = 3 if self.edition.related else 0
        targets = [self.target(data) for _ in range(data.draw(st.integers(0, most)))]
        return tuple(na.RelatedLink(title=self.title_of(data, t), path=t) for t in targets)

    @precondition(has_events)
    @rule(data=st.data())
    def relink(self, data: st.DataObject) -> None:
        path = self.pick(data, na.Event)
        page = self.pages[path]
        assert isinstance(page, na.Event)
        self.pages[path] = in_words_of(page.replace(related=self.related(data)), self.edition)
        self.write()

    @precondition(has_indexes)
    @rule(data=st.data(), keep=st.integers(0, 3), add=st.booleans())
    def relist(self, data: st.DataObject, keep: int, add: bool) -> None:
        path = self.pick(data, na.DayIndex)
        page = self.pages[path]
        assert isinstance(page, na.DayIndex)
        entries = page.entries[:keep]
        if add:
            target = self.target(data)
            entries += (na.IndexEntry(title=self.title_of(data, target), path=target),)
        self.pages[path] = na.DayIndex.model_validate({**dict(page), "entries": entries})
        self.write()

    @precondition(has_events)
    @rule(data=st.data(), title=nas.titles())
    def edit_title(self, data: st.DataObject, title: str) -> None:
        path = self.pick(data, na.Event)
        self.pages[path] = na.Event.model_validate({**dict(self.pages[path]), "title": title})
        self.write()

    @precondition(has_events)
    @rule(data=st.data(), slug=st.sampled_from(SLUGS), noted=st.booleans())
    def rename_file(self, data: st.DataObject, slug: str, noted: bool) -> None:
        """A page goes elsewhere in its folder; links stay behind. Changes may name the old path."""
        old = self.pick(data, na.Event)
        new, page = f"{folder(old)}/{slug}.md", self.pages.pop(old)
        assert isinstance(page, na.Event)
        changes = [change for change in page.changes if not change.is_current]
        if noted and self.edition.changes:
            kinds = ((old, "First version", NOW), (new, "Current version", None))
            changes += [
                na.Change(title="It was.", path=path, kind=kind, timestamp=time)
                for path, kind, time in kinds
            ]
        self.pages[new] = in_words_of(page.replace(path=new, changes=changes), self.edition)
        self.write()

    @precondition(lambda self: len(self.pages) > 1)
    @rule(data=st.data())
    def delete_file(self, data: st.DataObject) -> None:
        del self.pages[self.pick(data)]
        self.write()

    # --- what the program does

    @precondition(has_events)
    @rule(data=st.data(), slug=st.sampled_from(SLUGS))
    def mv(self, data: st.DataObject, slug: str) -> None:
        old = self.pick(data, na.Event)
        new = f"{folder(old)}/{slug}.md"
        if new in self.pages:
            with pytest.raises(na.RefusedMoveError):
                self.archive().move(old, new)
            self.becomes(self.pages)
            return
        self.archive().move(old, new)
        self.becomes(
            {new if p == old else p: moved(page, p, old, new) for p, page in self.pages.items()}
        )

    @precondition(has_events)
    @rule(data=st.data(), text=nas.titles())
    def retitle(self, data: st.DataObject, text: str) -> None:
        old = self.pick(data, na.Event)
        page = self.pages[old]
        assert isinstance(page, na.Event)
        assume(not set("[]") & set(text + page.title))  # links quote brackets in their own way
        new = f"{folder(old)}/{na.slugify(text, self.edition)}.md"
        title = na.fold_title(text, self.edition)
        taken = new != old and new in self.pages
        try:
            self.archive().retitle(old, text, NOW)
        except na.RefusedMoveError:
            unseen = any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in text)
            assert taken or unseen or title == page.title or new.endswith("/.md")
            self.becomes(self.pages)
            return
        pages = {
            p: with_titles(moved(other, p, old, new), new, page.title, title)
            for p, other in self.pages.items()
            if p != old
        }
        pages[new] = self.retitled(page, title, new)
        self.becomes({p: pages[p] for p in sorted(pages)})

    def retitled(self, page: na.Event, title: str, new: str) -> na.Event:
        """The page as it is on disk, once what it says is what it must say."""
        found = self.parse((self.root / new[1:]).read_bytes(), new)
        assert isinstance(found, na.Event)
        same = {"date", "topic", "description", "sources", "cover_image"}
        assert found.model_dump(include=same) == page.model_dump(include=same)
        assert (found.path, found.title) == (new, title)
        older = [(c.title, c.path, c.kind) for c in page.changes if not c.is_current]
        kind = "Update" if page.changes else "First version"
        older.append((page.title, page.path, kind))
        older.append((title, new, "Current version"))
        versions = [(c.title, c.path, c.kind) for c in found.changes]
        assert versions == (older if self.edition.changes else [])
        # A link of its own to itself follows where it is nothing but the path.
        assert [r.path for r in found.related] == [
            new if r.path == page.path else r.path for r in page.related
        ]
        assert [r.title for r in found.related] == [r.title for r in page.related]
        return found

    @precondition(lambda self: len(self.pages) > 1)
    @rule(data=st.data(), entries=st.booleans())
    def remove(self, data: st.DataObject, entries: bool) -> None:
        path = self.pick(data)
        self.archive().remove(path, entries)
        rest = {p: page for p, page in self.pages.items() if p != path}
        if entries:
            rest = {p: without_entries(page, path) for p, page in rest.items()}
        self.becomes({p: self.led_back(p, page, path, rest) for p, page in rest.items()})

    def led_back(self, path: str, page: na.Page, gone: str, rest: Pages) -> na.Page:
        """An index that led to the one that went leads to that of the day before."""
        if not isinstance(page, na.DayIndex) or page.previous is None:
            return page
        days = sorted({page.date for page in rest.values() if isinstance(page, na.DayIndex)})
        before = [day for day in days if day < page.date]
        went = self.pages[gone]
        if not isinstance(went, na.DayIndex) or plain(page.previous) != gone:
            return page
        if any(went.date < day < page.date for day in before):
            return page
        if not before:
            return page.replace(previous=None)
        home = f"/news/{before[-1].year}/{before[-1].month:02}/{before[-1].day}"
        return page.replace(
            previous=next(p for n in ("index", "README") if (p := f"{home}/{n}.md") in rest)
        )

    @rule()
    def fix(self) -> None:
        """Safe fixes lead broken links to pages that exist, and change nothing else."""
        for _ in range(4):
            archive = self.archive()
            outcome = repair(archive, self.check(select=["NA2"]).diagnostics)
            assert outcome.refused == []
            if not outcome.changed:
                break
        else:
            raise AssertionError("it does not end")
        found = self.on_disk()
        assert found.keys() == self.pages.keys()
        pages: Pages = {}
        for path, page in self.pages.items():
            pages[path] = self.fixed(page, self.parse(found[path], path))
        self.becomes(pages)

    def fixed(self, page: na.Page, new: na.Page) -> na.Page:
        """A page with the targets that its fixed self has, where it may have them."""
        targets = iter([target for _, _, target in links_of(new)])
        return with_targets(page, lambda kind, old: self.led(kind, old, next(targets)))

    def led(self, kind: str, old: str, new: str) -> str:
        """Where a fix led a link: if it did, the link was broken and is no more."""
        proof = {
            path
            for path, page in self.pages.items()
            for what, _, target in links_of(page)
            if what == "older" and plain(target) == plain(old) != path
        }
        broken = plain(old).startswith("/") and plain(old) not in self.pages
        if not broken or kind in ("older", "current"):
            assert new == old
        elif new != old:
            assert plain(new) in self.pages
            assert plain(new) in proof
            assert new[len(plain(new)) :] == old[len(plain(old)) :]
        else:
            assert len(proof) != 1
        return new

    # --- what must hold

    @rule()
    def turn_the_cache_on_or_off(self) -> None:
        self.cached = not self.cached

    @rule()
    def check_with_two_processes(self) -> None:
        cold = self.check()
        assert self.check(jobs=2) == cold
        assert self.check(jobs=2, cache=self.cache) == cold

    @invariant()
    def findings_are_the_model_s(self) -> None:
        if not self.pages:
            return
        report = self.check()
        found: Counter[Key] = Counter()
        for d in report.diagnostics:
            if d.code in CODES:
                shown = self.bytes[d.page].decode()[d.start : d.end]
                found[d.code, d.page, "" if d.code == "NA208" else shown] += 1
        assert found == expected(self.pages)
        if self.cached:
            for _ in range(2):  # what the first run keeps is what the second tells
                assert self.check(cache=self.cache) == report
            assert self.on_disk() == self.bytes


ArchiveMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=15)
TestArchive = ArchiveMachine.TestCase
