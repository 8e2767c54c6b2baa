"""What a change broke is the difference of two full runs, whatever the change was.

An archive in a real repository is edited at random: pages are written, deleted, moved, retitled
with their links and without, indexes change, files are no pages. Each way of naming two states
must report the findings of a full run over a copy of the new state but for those of a full run
over a copy of the old one.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.runs.options import RunOptions
from newsarchive.runs.since import TwoStates, change_to, new_findings
from newsarchive.store.git_tree import staged_tree, tree_at
from newsarchive.store.local import LocalFolder
from newsarchive.strategies import archives
from tests.builders import LATER, OPENS, PATH, REBUILT, SMALL_ARCHIVE, TODAY, event, write_archive
from tests.longway import difference_of_full_runs
from tests.repositories import commit, git, needs_git
from tests.seams import changes_count_as

pytestmark = [pytest.mark.property, needs_git]

INDEX = "/news/2016/03/2/index.md"
ODD = ("/news/2016/03/2/a b.md", "/news/2016/03/2/(c)(d).md", "/news/2016/03/2/\u00e9\n.md",
       "/news/2016/03/2/e.html", "/news/2016/03/.hidden.md", "/news/2016/03/2/-x.md")  # fmt: skip
PATHS = (PATH, OPENS, REBUILT, LATER, "/news/2016/03/2/smoke.md", INDEX,
         "/news/2016/03/4/index.md", "/news/2016/03/4/README.md", "/index.md", *ODD)  # fmt: skip
TITLES = ("The pier burns.", "The pier opens.", "Smoke.", "''Smoke'' [again.")

Edit = Callable[[Path], None]


@st.composite
def written(draw: st.DrawFn, paths: tuple[str, ...]) -> Edit:
    """An event is written, where there is one or not."""
    path, title = draw(st.sampled_from(paths)), draw(st.sampled_from(TITLES))
    links = st.lists(st.tuples(st.sampled_from(TITLES), st.sampled_from(paths)), max_size=2)
    text = event(
        draw(st.sampled_from(["2016-03-2", "2016-03-4", "2999-01-1"])),
        title,
        related=[f"[{t}]({p})" for t, p in draw(links)],
        changes=[f"[{t}]({p}) _2016-03-02 10:00:00 (Update)_" for t, p in draw(links)],
    )
    return lambda root: void(write_archive(root, {path: text}))


@st.composite
def gone(draw: st.DrawFn, paths: tuple[str, ...]) -> Edit:
    """A page is deleted."""
    path = draw(st.sampled_from(paths))
    return lambda root: (root / path[1:]).unlink(missing_ok=True)


@st.composite
def moved(draw: st.DrawFn, paths: tuple[str, ...]) -> Edit:
    """A page is moved, perhaps over another, and perhaps edited."""
    old, new = draw(st.sampled_from(paths)), draw(st.sampled_from(paths))
    edited = draw(st.booleans())

    def edit(root: Path) -> None:
        with suppress(OSError):
            data = (root / old[1:]).read_bytes()
            (root / old[1:]).unlink()
            write_archive(root, {new: data + b"More.\n" if edited else data})

    return edit


@st.composite
def renamed(draw: st.DrawFn, paths: tuple[str, ...]) -> Edit:
    """A page is renamed or retitled, and its links follow; or it is removed with them."""
    path, title = draw(st.sampled_from(paths)), draw(st.sampled_from(TITLES))
    kind = draw(st.sampled_from(["retitle", "remove"]))

    def edit(root: Path) -> None:
        with suppress(na.NewsArchiveError, OSError):
            archive = na.Archive(root)
            if kind == "retitle":
                archive.retitle(path, title)
            else:
                archive.remove(path, entries=True)

    return edit


@st.composite
def lined(draw: st.DrawFn, paths: tuple[str, ...]) -> Edit:
    """A line of a page goes, comes twice or is spoiled."""
    path, at = draw(st.sampled_from(paths)), draw(st.integers(0, 30))
    kind = draw(st.sampled_from(["drop", "twice", "retarget", "retitle", "top"]))

    def edit(root: Path) -> None:
        file = root / path[1:]
        if file.is_symlink() or not file.is_file():
            return
        lines = file.read_bytes().split(b"\n")
        here = at % len(lines)
        match kind:
            case "drop":
                del lines[here]
            case "twice":
                lines.insert(here, lines[here])
            case "retarget":
                lines[here] = lines[here].replace(b".md)", b"-gone.md)")
            case "retitle":
                lines = [b"# Another." if line[:2] == b"# " else line for line in lines]
            case "top":
                lines.insert(0, b"")
        file.write_bytes(b"\n".join(lines))

    return edit


@st.composite
def spoiled(draw: st.DrawFn, paths: tuple[str, ...]) -> Edit:
    """A page is no text, or has an odd line ending, or is a symbolic link."""
    path = draw(st.sampled_from(paths))
    what = draw(st.sampled_from([b"\xff", b"", b"a\r\nb", "smoke.md", "/etc/hostname", "../4"]))

    def edit(root: Path) -> None:
        if isinstance(what, bytes):
            with suppress(OSError):
                write_archive(root, {path: what})
            return
        assert isinstance(what, str)
        file = root / path[1:]
        file.unlink(missing_ok=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(what)

    return edit


def void(_: object) -> None:
    """Nothing: what an edit gives back."""


def edits(paths: tuple[str, ...], *, most: int = 3) -> st.SearchStrategy[list[Edit]]:
    kinds = (written, gone, moved, renamed, lined, spoiled)
    return st.lists(st.one_of([kind(paths) for kind in kinds]), max_size=most)


def copied(root: Path, to: Path) -> na.Archive:
    """A copy of the working tree that git knows nothing of, but whose renames it is asked for."""
    shutil.copytree(root, to, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    return na.Archive(LocalFolder(to, history=str(root)))


Key = tuple[str, str, int, int, str]


def key(d: na.Diagnostic) -> Key:
    return d.code, d.page, d.start, d.end, d.message


def reported(change: TwoStates) -> list[Key]:
    return [
        key(d) for d in new_findings(change, RunOptions.of(select=["ALL"], today=TODAY)).diagnostics
    ]


def same(change: TwoStates, old: na.Archive, new: na.Archive) -> None:
    expected = [key(d) for d in difference_of_full_runs(old, new, change.names)]
    for large in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            changes_count_as(patch, large=large)
            assert reported(change) == expected


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, str], list[list[Edit]]]:
    pages = draw(st.just(dict(SMALL_ARCHIVE)) | archives(max_days=2))
    paths = tuple(dict.fromkeys([*pages, *PATHS])) if pages != SMALL_ARCHIVE else PATHS
    return pages, [draw(edits(paths)) for _ in range(3)]


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(histories())
def test_what_a_change_broke_is_the_difference_of_two_full_runs(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[dict[str, str], list[list[Edit]]]
) -> None:
    pages, steps = history
    base = tmp_path_factory.mktemp("history")
    root = write_archive(base / "root", pages)
    git(root, "init", "-q")
    try:
        for edit in steps[0]:
            edit(root)
        first, old = commit(root), copied(root, base / "old")

        for edit in steps[1]:
            edit(root)
        os.makedirs(root / "news", exist_ok=True)
        # Nothing is staged: what git has not been told of counts, too.
        same(change_to(na.Archive(root), first), old, copied(root, base / "unstaged"))
        git(root, "add", "-A")
        staged = copied(root, base / "staged")
        same(change_to(na.Archive(root)), old, staged)

        for edit in steps[2]:
            edit(root)
        with suppress(na.GitError):  # no page is left below news/
            same(change_to(na.Archive(staged_tree(root))), old, staged)
            git(root, "commit", "-q", "--allow-empty", "-m", "Another step")
            same(change_to(na.Archive(tree_at(root, "HEAD")), first), old, staged)
        os.makedirs(root / "news", exist_ok=True)
        same(change_to(na.Archive(root), first), old, copied(root, base / "later"))
    finally:
        shutil.rmtree(base)
