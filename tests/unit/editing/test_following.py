"""Links that follow files which somebody else gives another path."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsarchive.archive import Archive, view_of
from newsarchive.editing.following import relink
from newsarchive.editing.pending import Pending
from newsarchive.errors import RefusedMoveError
from tests.builders import DAY_PATH, OPENS, PAGE, PATH, REBUILT, write_archive

NEW = "/news/2016/03/2/fire.md"


@pytest.fixture
def pending(tmp_path: Path) -> Pending:
    return Pending(view_of(Archive(write_archive(tmp_path / "archive", small=True))))


def changed(pending: Pending) -> dict[str, str]:
    return {change.path: (change.new or b"").decode() for change in pending.changes()}


def test_links_follow_and_the_file_stays(pending: Pending) -> None:
    relink(pending, PATH, NEW)
    edited = changed(pending)
    assert set(edited) == {PATH, OPENS, DAY_PATH}
    assert f"[The pier burns.]({NEW})" in edited[OPENS]
    assert edited[PATH].count(f"({NEW})") == 1, "that of its current version"
    assert edited[PATH].count(f"({PATH})") == 1, "that of an older one"


def test_a_file_that_is_no_page_may_get_any_kind_of_name(tmp_path: Path) -> None:
    root = write_archive(
        tmp_path / "archive", {PATH: PAGE.replace(REBUILT, "/plan.pdf")}, small=True
    )
    (root / "plan.pdf").write_bytes(b"%PDF")
    pending = Pending(view_of(Archive(root)))
    relink(pending, "/plan.pdf", "/plans/pier.txt")
    assert list(changed(pending)) == [PATH]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("/news/2016/03/2/a(b).md", r"'\(' in it"),
        ("/news/2016/03/2/a\x1fb.md", r"'\\x1f' in it"),
        ("/news/2016/03/2/a\tb.md", r"'\\t' in it"),
        ("/news/2016/03/2/.fire.md", "no link can name this path$"),
        ("/.news/fire.md", "no link can name this path$"),
        ("/news/2016/03/2/a\udcffb.md", "no link can name this path$"),
        ("/news/2016/03/2/a&amp;b.md", "no link can name this path$"),
        (REBUILT, "there is a file of that path already$"),
        ("/news/2016/03/2/fire.txt", "there it is no event page any more$"),
        ("/news/2016/03/2/index2/fire.md", "there it is no event page any more$"),
        ("/news/2016/03/2/README.md", "there it is no event page any more$"),
        ("/news/2016/02/30/fire.md", "the folder of a day is /news/YYYY/MM/D$"),
        ("/news/2016/3/2/fire.md", "the folder of a day is /news/YYYY/MM/D$"),
    ],
)
def test_where_no_link_could_lead_there_nothing_changes(
    pending: Pending, new: str, why: str
) -> None:
    with pytest.raises(RefusedMoveError, match=why):
        relink(pending, PATH, new)
    assert changed(pending) == {}


def test_one_page_that_cannot_change_keeps_all_as_they_were(tmp_path: Path) -> None:
    root = write_archive(tmp_path / "archive", small=True)
    with open(root / OPENS[1:], "a", encoding="utf-8") as file:
        file.write("<<<<<<< ours\n=======\n>>>>>>> theirs\n")
    pending = Pending(view_of(Archive(root)))
    with pytest.raises(RefusedMoveError, match="conflict markers"):
        relink(pending, PATH, NEW)
    assert changed(pending) == {}


def test_the_pages_of_a_day_may_change_their_day(pending: Pending) -> None:
    for path in (PATH, DAY_PATH):
        relink(pending, path, path.replace("/2/", "/3/"))
    assert "](/news/2016/03/3/index.md)" in changed(pending)["/news/2016/03/4/index.md"]
