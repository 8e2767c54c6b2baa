"""Changes of an archive in any order, batches of them, refused ones and killed ones.

The model is a dictionary of paths and titles. After every step the archive holds these events and
checks clean, or is byte for byte as it was before.
"""

import datetime
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import newsarchive as na
from newsarchive.store.listing import JOURNAL
from tests.builders import TODAY, contents

pytestmark = pytest.mark.property

NOW = datetime.datetime(2016, 3, 12, 8, 30)
DAYS = [datetime.date(2016, 2, 28), datetime.date(2016, 2, 29), *(
    datetime.date(2016, 3, day) for day in (1, 2, 5, 11)
)]  # fmt: skip
TITLES = (
    "The pier burns.", "The pier opens.", "Léré – £120", "Lere - PS120", "It [all] burns",
    "A `tick", "3 * 4 * 5 = 60", "1. first", "Q&amp;A <b>", "北京下雪，冷。", "Oslo", "oslo", "?!",
    "a](b", "x" * 200, "# not a heading",
)  # fmt: skip
SLUGS = ("oslo", "fire", "the-pier-burns", "a b", "")
STYLES = ("one", "two", "mirrored", "newer")

titles, days = st.sampled_from(TITLES), st.sampled_from(DAYS)
numbers = st.integers(0, 50)
operations = st.lists(
    st.one_of(
        st.tuples(
            st.just("add"),
            days,
            titles,
            st.sampled_from(["", "War"]),
            st.booleans(),
            st.lists(numbers, max_size=2),
        ),
        st.tuples(st.just("retitle"), numbers, titles),
        st.tuples(st.just("move"), numbers, st.sampled_from(SLUGS)),
        st.tuples(st.just("remove"), numbers),
        st.tuples(st.just("replace"), numbers, st.sampled_from(["It rained.", "It was dry."])),
    ),
    min_size=1,
    max_size=4,
)


class Known(NamedTuple):
    """What must be on an event's page."""

    title: str
    related: tuple[str, ...] = ()


Events = dict[str, Known]
"""What is known of each event, by its path."""
Operation = tuple[object, ...]


def led(events: Events, old: str, new: str | None) -> None:
    """Have an event under another path, or no more, and links to it follow."""
    if new is not None:
        events[new] = events.pop(old)
    for path, known in list(events.items()):
        kept = (new if to == old else to for to in known.related)
        events[path] = known._replace(related=tuple(to for to in kept if to))


class _KilledError(BaseException):
    """The process would have ended here."""


class ChangeMachine(RuleBasedStateMachine):
    """Changes of one archive."""

    edition = "en"

    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="newsarchive-changes-"))
        self.root = self.base / "root"
        self.events: Events = {}

    def teardown(self) -> None:
        shutil.rmtree(self.base)

    @initialize(style=st.sampled_from(STYLES))
    def start(self, style: str) -> None:
        archive = na.Archive.create(self.root, edition=self.edition)
        with archive.change() as change:
            for day, title in zip(DAYS[1:3] * 2, TITLES, strict=False):
                event = na.Event(
                    date=day, title=na.fold_title(title, self.edition), description="It is so."
                )
                self.events[change.add(event)] = Known(event.title)
        if style == "one":
            return
        for index in [path for path in archive if path.endswith("index.md")]:
            page = archive[index]
            assert isinstance(page, na.DayIndex)
            copy = index.replace("index.md", "README.md")
            entries = page.entries[::-1] if style == "mirrored" else page.entries
            formats = na.FormatLinks.of(copy) if style == "newer" else None
            layout = page.layout.replace(formats=formats)
            text = na.render(page.replace(path=copy, entries=entries, layout=layout))
            Path(archive.file(copy)).write_text(text, encoding="utf-8", newline="\n")
        self.is_as_expected()

    # What is done.

    @rule(steps=operations)
    def batch(self, steps: list[Operation]) -> None:
        before = contents(self.root)
        after = self.made(self.root, steps)
        if after is None:
            assert contents(self.root) == before
        else:
            self.events = after
        self.is_as_expected()

    @rule(steps=operations)
    def killed(self, steps: list[Operation]) -> None:
        """Wherever the process is killed, all is done or nothing is."""
        before, whole = contents(self.root), self.copy("whole")
        after = self.made(whole, steps)
        if after is None:
            return
        done = contents(whole)
        for step in range(1, 10_000):
            root = self.copy("killed")
            if not self.is_killed(root, steps, step):
                break
            na.Archive(root, edition=self.edition).recover()
            assert contents(root) in (before, done)
        else:
            raise AssertionError("it never came to its end")
        shutil.rmtree(self.root)
        shutil.copytree(whole, self.root)
        self.events = after
        self.is_as_expected()

    def copy(self, name: str) -> Path:
        shutil.rmtree(self.base / name, ignore_errors=True)
        return shutil.copytree(self.root, self.base / name)

    def is_killed(self, root: Path, steps: list[Operation], at: int) -> bool:
        """Make a change that is killed before the n-th time that it touches the disk."""
        left = at

        def armed(real: Callable[..., object]) -> Callable[..., object]:
            def touch(*args: object, **more: object) -> object:
                nonlocal left
                left -= 1
                if left <= 0:  # the dead do nothing more
                    raise _KilledError
                return real(*args, **more)

            return touch

        with pytest.MonkeyPatch.context() as patch:
            for name in ("replace", "unlink", "fsync", "mkdir", "chmod"):
                patch.setattr(os, name, armed(getattr(os, name)))
            try:
                self.made(root, steps)
            except _KilledError:
                return True
        return False

    def made(self, root: Path, steps: list[Operation]) -> Events | None:
        """The events after a change; None where it was refused, which must have been foreseen."""
        events, refusals = dict(self.events), 0
        archive = na.Archive(root, edition=self.edition)
        change = archive.change()
        for step in steps:
            refused = self.operate(archive, change, events, step)
            refusals += refused
            assert len(change.refused) == refusals, (step, change.refused)
        if refusals:
            with pytest.raises(na.RefusedChangeError):
                change.commit()
            return None
        assert change.diff() or not change.changed
        change.commit()
        return events

    def operate(
        self, archive: na.Archive, change: na.ArchiveChange, events: Events, step: Operation
    ) -> bool:
        """Plan an operation and follow it in the model; whether it must be refused."""
        match step:
            case (
                "add",
                datetime.date() as day,
                str(text),
                str(topic),
                bool(context),
                list(others),
            ):
                title = na.fold_title(text, self.edition)
                if "](" in title:
                    return False  # that a title can hold, but no link quotes it
                at = sorted(events)
                targets = tuple(dict.fromkeys(at[n % len(at)] for n in others if at))
                related = [na.RelatedLink(title=events[to].title, path=to) for to in targets]
                event = na.Event(date=day, title=title, topic=topic or None, related=related)
                try:
                    path = na.event_path(day, title, self.edition)
                except ValueError:
                    path = ""
                change.add(event, context=["pier", "war"] if context else ())
                if not path or path in events:
                    return True
                events[path] = Known(title, targets)
                return False
        if not events:
            return False
        path = sorted(events)[int(str(step[1])) % len(events)]
        match step:
            case ("retitle", _, str(text)):
                title = na.fold_title(text, self.edition)
                new = f"{path.rpartition('/')[0]}/{na.slugify(text, self.edition)}.md"
                taken = new != path and new in events
                change.retitle(path, text, NOW)
                if (
                    "](" in text
                    or not na.slugify(text, self.edition)
                    or title == events[path].title
                    or taken
                ):
                    return True
                led(events, path, new)
                events[new] = events[new]._replace(title=title)
            case ("move", _, str(slug)):
                new = f"{path.rpartition('/')[0]}/{slug}.md"
                change.move(path, new)
                if new in events or not slug or " " in slug:
                    return True
                led(events, path, new)
            case ("remove", _):
                change.remove(path, entries=True)
                del events[path]
                led(events, path, None)
            case ("replace", _, str(text)):
                if path not in archive or path in change.changed:
                    return False  # what the archive holds is not what the change has made of it
                page = archive[path]
                assert isinstance(page, na.Event)
                if page.title == events[path].title:
                    change.replace(page.replace(description=text))
        return False

    # What holds.

    def is_as_expected(self) -> None:
        archive = na.Archive(self.root, edition=self.edition)
        found = {
            e.path: Known(e.title, tuple(link.path for link in e.related)) for e in archive.events()
        }
        assert found == self.events
        report = na.check(archive, today=TODAY)
        assert [d for d in report.diagnostics if d.severity != "info"] == []
        assert not (self.root / JOURNAL).exists()


class ChineseChangeMachine(ChangeMachine):
    """The same in an archive of another edition."""

    edition = "zh"


for machine in (ChangeMachine, ChineseChangeMachine):
    machine.TestCase.settings = settings(max_examples=8, stateful_step_count=5, deadline=None)
TestChanges = ChangeMachine.TestCase
TestChineseChanges = ChineseChangeMachine.TestCase
