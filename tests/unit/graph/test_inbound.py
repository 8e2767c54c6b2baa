"""Which pages link to a path, asked in three ways."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.graph.answers import Answers
from newsarchive.graph.inbound import _places
from newsarchive.runs.cache import Cache
from newsarchive.store.local import LocalFolder
from tests.builders import LATER, OPENS, PATH, SMALL_ARCHIVE, TODAY, event, write_archive
from tests.seams import at_rest

FIRE = "/news/2016/03/2/fire.md"


def links_of_all(root: Path) -> dict[str, list[tuple[str, str, int]]]:
    """For each path that a link of another page leads to: page, kind and place of the links."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    archive = na.Archive(root)
    for page in archive:
        for link in archive.links_out(page):
            target = link.target.partition("#")[0]
            if target.startswith("/") and target != page:
                found.setdefault(target, []).append((page, link.kind.value, link.start))
    return found


def links_in(archive: na.Archive, path: str) -> list[tuple[str, str, int]]:
    return [(page, link.kind.value, link.start) for page, link in archive.links_in(path)]


def told_alike(root: Path, cache: Path) -> None:
    """Whether a cache is asked or not, the links are those that all pages have."""
    expected = links_of_all(root)
    kept, read = na.with_cache(na.Archive(root), cache), na.Archive(root)
    for path in [*expected, *read, FIRE]:
        assert links_in(read, path) == expected.get(path, [])
        assert links_in(kept, path) == expected.get(path, [])


ODD = {
    PATH: event(
        changes=[f"[Smoke.]({FIRE}) _(First version)_", "[X.](/news/2016/03/3/y.md) _(Update)_"],
        related=[
            "[Another title.](/news/2016/02/29/the-pier-opens.md#top)",
            "[Gone.](/news/2016/03/2/fire.md)", "[Odd.](/news/a(b)c.md)", "[Odd.](/news/a b.md)",
            "[Picture.](/pier.png)", "[Percent.](/news/a%20b.md)", "[Up.](/news/../x.md)",
        ],
    ),
    LATER: event("2016-03-10", sources=[f"[Paper]({FIRE})", "[Paper](https://a.example/)"]),
    "/news/a b.md": "Prose.\n",
    "/news/a(b)c.md": "Prose.\n",
}  # fmt: skip


@pytest.mark.parametrize("resting", [True, False])
def test_every_way_tells_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, resting: bool
) -> None:
    if resting:
        at_rest(monkeypatch)
    root, cache = write_archive(tmp_path / "root", {**SMALL_ARCHIVE, **ODD}), tmp_path / "cache"
    told_alike(root, cache)
    assert not cache.exists()
    na.check(root, cache=cache, today=TODAY)
    told_alike(root, cache)
    write_archive(root, {OPENS: event("2016-02-29", "Opened.", related=[f"[Pier.]({PATH})"])})
    told_alike(root, cache)
    (root / PATH[1:]).unlink()
    told_alike(root, cache)


@pytest.mark.property
@settings(max_examples=10)
@given(st.data())
def test_so_they_do_on_drawn_archives(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    root, cache = folder / "root", folder / "cache"
    write_archive(root, data.draw(nas.archives()))
    spoiled = data.draw(st.lists(st.tuples(st.sampled_from([FIRE, PATH]), nas.nearly_page_texts())))
    with pytest.MonkeyPatch.context() as patch:
        at_rest(patch)
        na.check(root, cache=cache, today=TODAY)
        told_alike(root, cache)
        write_archive(root, {path: text for path, (_, text) in spoiled})
        told_alike(root, cache)


def test_with_a_cache_the_pages_alone_are_read_that_may_have_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_rest(monkeypatch)
    root, cache = write_archive(tmp_path / "root"), tmp_path / "cache"
    na.check(root, cache=cache, today=TODAY)
    archive = na.with_cache(na.Archive(root, edition="en"), cache)  # recognition reads pages, too
    read: list[str] = []
    one, many = LocalFolder.read, LocalFolder.read_many

    def read_one(store: LocalFolder, path: str) -> bytes:
        read.append(path)
        return one(store, path)

    def read_many(
        store: LocalFolder, paths: Iterable[str]
    ) -> Iterator[tuple[str, bytes | OSError]]:
        for path, data in many(store, paths):
            read.append(path)
            yield path, data

    monkeypatch.setattr(LocalFolder, "read", read_one)
    monkeypatch.setattr(LocalFolder, "read_many", read_many)
    assert {page for page, _, _ in links_in(archive, OPENS)} == {PATH, "/news/2016/02/29/index.md"}
    assert set(read) < {*SMALL_ARCHIVE}
    before = Path(Cache(cache, root).file).read_bytes()
    archive.refresh()
    assert links_in(archive, OPENS)
    assert Path(Cache(cache, root).file).read_bytes() == before


def test_an_archive_without_what_more_patterns_name_asks_the_same_cache(tmp_path: Path) -> None:
    root, cache = write_archive(tmp_path / "root"), tmp_path / "cache"
    na.check(root, cache=cache, today=TODAY)
    archive = na.with_cache(na.Archive(root), cache).excluding(["/news/2016/02/"])
    assert {page for page, _, _ in links_in(archive, OPENS)} == {PATH}


def test_what_is_no_path_has_no_links(tmp_path: Path) -> None:
    view = Answers(LocalFolder(write_archive(tmp_path)))
    for path in ("", "https://a.example/", "\ud800.md", "/\ud800.md", "#", "/#"):
        assert view.links_in(path) == ()


def test_a_key_counts_where_one_begins() -> None:
    key = bytes(range(8))
    assert [*_places(key, bytes(4) + key + bytes(4) + 2 * key)] == [16, 24]
