"""A run finds the same whatever it remembers and however many processes it has.

An archive is edited step by step: pages appear, go, move, change their titles and links, are
touched or written anew with the same bytes. After each step a run with a cache must give the very
report of a run without.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import collect, engine
from tests.builders import LATER, OPENS, PATH, REBUILT, SMALL_ARCHIVE, TODAY, event, write_archive

pytestmark = pytest.mark.property

OTHER = "/news/2016/03/2/smoke.md"
PATHS = st.sampled_from([PATH, OPENS, REBUILT, LATER, OTHER, "/news/2016/03/2/index.md",
                         "/news/2016/03/4/index.md", "/index.md", "/faq/README.md"])  # fmt: skip
TITLES = st.sampled_from(["The pier burns.", "The pier opens.", "Smoke.", "''Smoke'' [again."])
LINKS = st.lists(st.tuples(TITLES, PATHS), max_size=2)

Edit = Callable[[Path], None]


@st.composite
def written(draw: st.DrawFn) -> Edit:
    """An event is written, where there is one or not."""
    path, title = draw(PATHS), draw(TITLES)
    related = [f"[{t}]({p})" for t, p in draw(LINKS)]
    changes = [f"[{t}]({p}) _(Current version)_" for t, p in draw(LINKS)]
    text = event(draw(st.sampled_from(["2016-03-2", "2016-03-4", "2999-01-1"])), title,
                 related=related, changes=changes)  # fmt: skip
    return lambda root: void(write_archive(root, {path: text}))


@st.composite
def gone(draw: st.DrawFn) -> Edit:
    """A page is deleted."""
    path = draw(PATHS)
    return lambda root: (root / path[1:]).unlink(missing_ok=True)


@st.composite
def moved(draw: st.DrawFn) -> Edit:
    """A page takes another's place; its file stays the same."""
    old, new = draw(PATHS), draw(PATHS)

    def edit(root: Path) -> None:
        if (root / old[1:]).exists():
            (root / old[1:]).replace(root / new[1:])

    return edit


@st.composite
def restored(draw: st.DrawFn) -> Edit:
    """A page is as it was at first."""
    path = draw(st.sampled_from(sorted(SMALL_ARCHIVE)))
    return lambda root: void(write_archive(root, {path: SMALL_ARCHIVE[path]}))


@st.composite
def touched(draw: st.DrawFn) -> Edit:
    """A page has another time, or other bytes of the same length and the same time."""
    path, swapped = draw(PATHS), draw(st.booleans())

    def edit(root: Path) -> None:
        file = root / path[1:]
        if not file.exists():
            return
        status = file.stat()
        if swapped:
            file.write_bytes(file.read_bytes().swapcase())
        os.utime(file, ns=(0, status.st_mtime_ns + (not swapped)))

    return edit


@st.composite
def spoiled(draw: st.DrawFn) -> Edit:
    """A page is no text, or has an odd line ending."""
    path, data = draw(PATHS), draw(st.sampled_from([b"\xff", b"", b"a\r\nb"]))
    return lambda root: void(write_archive(root, {path: data}))


def void(_: object) -> None:
    """Nothing: what an edit gives back."""


EDITS = st.lists(
    st.one_of(written(), gone(), moved(), restored(), touched(), spoiled()), max_size=3
)


@settings(max_examples=40)
@given(st.lists(EDITS, min_size=1, max_size=4), st.data())
def test_cold_is_warm_is_any_number_of_processes(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[Edit]], data: st.DataObject
) -> None:
    base = tmp_path_factory.mktemp("edits")
    root, cache = write_archive(base / "root"), base / "cache"
    trusting = data.draw(st.booleans())
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(collect, "_TASK_PAGES", 4)
            if trusting:  # as if every file had been at rest for long
                patch.setattr(engine, "_TICK", -(10**15))
            for edits in steps:
                for edit in edits:
                    edit(root)
                selection = data.draw(st.sampled_from([[], ["ALL"], ["NA2"], ["NA5", "NA1"]]))
                cold = na.check(root, select=selection, today=TODAY)
                warm = na.check(root, select=selection, today=TODAY, cache=cache)
                assert warm == cold
                assert warm.notices == ()
            two = na.check(root, select=selection, today=TODAY, cache=cache, jobs=2)
            assert two == cold
            assert na.check(root, select=selection, today=TODAY, jobs=2) == cold
    finally:
        shutil.rmtree(base)
