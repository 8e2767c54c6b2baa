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
from newsarchive import strategies as nas
from tests.builders import TODAY, write_archive
from tests.seams import at_rest, small_tasks

pytestmark = pytest.mark.property

Pages = dict[str, str]
Edit = Callable[[Path], None]
ELSEWHERE = "/news/2016/03/2/smoke.md"


def void(_: object) -> None:
    """Nothing: what an edit gives back."""


@st.composite
def written(draw: st.DrawFn, pages: Pages) -> Edit:
    """A page is written, where there is one or not: another's text, or its own with an edit."""
    path, other = draw(paths_of(pages)), draw(st.sampled_from(sorted(pages)))
    text = pages[other]
    if draw(st.booleans()):
        text = text.replace("[", "[Again: ", 1).replace("/news/20", "/news/21", 1)
    if draw(st.booleans()):
        text = draw(nas.nearly_page_texts())[1]
    return lambda root: void(write_archive(root, {path: text}))


def paths_of(pages: Pages) -> st.SearchStrategy[str]:
    return st.sampled_from([*sorted(pages), ELSEWHERE])


@st.composite
def gone(draw: st.DrawFn, pages: Pages) -> Edit:
    """A page is deleted."""
    path = draw(paths_of(pages))
    return lambda root: (root / path[1:]).unlink(missing_ok=True)


@st.composite
def moved(draw: st.DrawFn, pages: Pages) -> Edit:
    """A page takes another's place; its file stays the same."""
    old, new = draw(paths_of(pages)), draw(paths_of(pages))

    def edit(root: Path) -> None:
        if (root / old[1:]).exists():
            (root / new[1:]).parent.mkdir(parents=True, exist_ok=True)
            (root / old[1:]).replace(root / new[1:])

    return edit


@st.composite
def restored(draw: st.DrawFn, pages: Pages) -> Edit:
    """A page is as it was at first."""
    path = draw(st.sampled_from(sorted(pages)))
    return lambda root: void(write_archive(root, {path: pages[path]}))


@st.composite
def touched(draw: st.DrawFn, pages: Pages) -> Edit:
    """A page has another time, or other bytes of the same length and the same time."""
    path, swapped = draw(paths_of(pages)), draw(st.booleans())

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
def spoiled(draw: st.DrawFn, pages: Pages) -> Edit:
    """A page is no text, or has an odd line ending."""
    path, data = draw(paths_of(pages)), draw(st.sampled_from([b"\xff", b"", b"a\r\nb"]))
    return lambda root: void(write_archive(root, {path: data}))


def edits_of(pages: Pages) -> st.SearchStrategy[list[Edit]]:
    kinds = (written, gone, moved, restored, touched, spoiled)
    return st.lists(st.one_of([kind(pages) for kind in kinds]), max_size=3)


@settings(max_examples=40)
@given(nas.archives(max_days=2), st.data())
def test_cold_is_warm_is_any_number_of_processes(
    tmp_path_factory: pytest.TempPathFactory, pages: Pages, data: st.DataObject
) -> None:
    base = tmp_path_factory.mktemp("edits")
    root, cache = write_archive(base / "root", pages), base / "cache"
    steps = data.draw(st.lists(edits_of(pages), min_size=1, max_size=4))
    trusting = data.draw(st.booleans())
    try:
        with pytest.MonkeyPatch.context() as patch:
            small_tasks(patch, 4)
            if trusting:  # as if every file had been at rest for long
                at_rest(patch)
            for edits in steps:
                for edit in edits:
                    edit(root)
                selection = data.draw(st.sampled_from([[], ["ALL"], ["NA2"], ["NA5", "NA1"]]))
                cold = na.check(root, select=selection, today=TODAY)
                for _ in range(2):  # what the first run keeps is what the second tells
                    warm = na.check(root, select=selection, today=TODAY, cache=cache)
                    assert warm == cold
                    assert warm.notices == ()
            two = na.check(root, select=selection, today=TODAY, cache=cache, jobs=2)
            assert two == cold
            assert na.check(root, select=selection, today=TODAY, jobs=2) == cold
    finally:
        shutil.rmtree(base)
