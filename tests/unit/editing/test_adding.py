"""Adding events, replacing pages, and titles as people write them."""

import datetime
from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import (
    DAY_PATH,
    OPENS,
    PATH,
    SMALL_ARCHIVE,
    TODAY,
    day_index,
    event_of,
    index_of,
    texts,
    write_archive,
)

DAY = datetime.date(2016, 3, 2)
NEW = "/news/2016/03/2/snow-in-june.md"
SNOW = na.Event(
    path=NEW,
    date=DAY,
    title="Snow in June.",
    topic="Weather",
    description="It melts.",
    sources=(na.Source(name="Harbour Post", url="https://post.example.org/snow"),),
)
MARCH_3 = datetime.date(2016, 3, 3)
NOW = datetime.datetime(2016, 3, 12, 8, 30)


def on(day: datetime.date, **fields: object) -> na.Event:
    return SNOW.replace(path="", date=day, **fields)


def findings(root: Path) -> list[str]:
    report = na.check(root, today=TODAY)
    return [f"{d.page}: {d.code} {d.message}" for d in report.diagnostics if d.severity != "info"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


@pytest.fixture
def archive(root: Path) -> na.Archive:
    return na.Archive(root)


class TestAdd:
    def test_a_page_and_an_entry(self, root: Path, archive: na.Archive) -> None:
        assert archive.add(SNOW) == (DAY_PATH, NEW)
        found = texts(root)
        assert event_of(found.pop(NEW), NEW) == SNOW
        entry = f"### [Snow in June. ]({NEW})\n"
        heading, rest = SMALL_ARCHIVE[DAY_PATH].split("\n\n", 1)
        assert found.pop(DAY_PATH) == f"{heading}\n\n{entry}{rest}"
        assert found == {p: t for p, t in SMALL_ARCHIVE.items() if p != DAY_PATH}
        assert findings(root) == []

    def test_every_copy_of_the_index(self, tmp_path: Path) -> None:
        readme = "/news/2016/03/2/README.md"
        index = SMALL_ARCHIVE[DAY_PATH].replace(f"({PATH})\n", f"({PATH})\nNobody was hurt.\n\n")
        copy = index.replace("### [The", "##### Fire\n### [The")
        root = write_archive(tmp_path, {DAY_PATH: index, readme: copy}, small=True)
        na.Archive(root).add(SNOW, topic=" White  things", context=["June", "snow"])
        found = texts(root)
        entry = f"### [Snow in June. ]({NEW})\n_Context: June, snow_\n\n"
        assert entry in found[DAY_PATH]
        assert f"##### White things\n{entry}" in found[readme]
        assert findings(root) == []

    def test_without_a_path_it_follows_from_the_title(self, archive: na.Archive) -> None:
        with archive.change() as change:
            path = change.add(on(DAY))
        assert path == NEW
        assert archive[NEW] == SNOW

    def test_a_title_as_people_write_it(self, archive: na.Archive) -> None:
        text = "Léré – £120"
        with archive.change() as change:
            path = change.add(on(DAY, title=text))
        assert path == na.event_path(DAY, text)
        event = archive[path]
        assert isinstance(event, na.Event)
        assert event.title == "Lere - PS120"

    def test_a_title_of_which_nothing_can_be_shown(self, archive: na.Archive) -> None:
        with pytest.raises(na.RefusedMoveError, match="can be shown"):
            archive.add(SNOW.replace(title="\u0301"))

    def test_a_day_of_its_own(self, root: Path, archive: na.Archive) -> None:
        index, path = "/news/2016/03/3/index.md", "/news/2016/03/3/snow-in-june.md"
        assert set(archive.add(on(MARCH_3))) == {index, path, "/news/2016/03/4/index.md"}
        found = texts(root)
        made = index_of(found[index], index)
        assert (made.previous, [e.path for e in made.entries]) == (DAY_PATH, [path])
        assert index_of(found["/news/2016/03/4/index.md"]).previous == index
        assert findings(root) == []

    @pytest.mark.parametrize(
        ("day", "before"),
        [
            (datetime.date(2015, 1, 1), None),
            (datetime.date(2017, 1, 1), "/news/2016/03/10/index.md"),
        ],
    )
    def test_the_first_day_and_the_last(
        self, root: Path, archive: na.Archive, day: datetime.date, before: str | None
    ) -> None:
        archive.add(on(day))
        page = na.Archive(root)[f"/news/{day.year}/01/1/index.md"]
        assert isinstance(page, na.DayIndex)
        assert page.previous == before
        assert findings(root) == []

    def test_a_new_day_has_the_copies_and_layouts_of_the_day_before(self, tmp_path: Path) -> None:
        readme = "/news/2016/03/2/README.md"
        formats = (
            "\nFormats: [HTML](2016/03/2/index.html)  [JSON](2016/03/2/index.json)"
            "  [XML](2016/03/2/index.xml)  \n\n"
        )
        copy = formats + SMALL_ARCHIVE[DAY_PATH].replace("### [The", "##### Fire\n### [The")
        root = write_archive(tmp_path, {readme: copy}, small=True)
        na.Archive(root).add(on(MARCH_3))
        found = texts(root)
        new = found["/news/2016/03/3/README.md"]
        assert new.startswith(formats.replace("/2/", "/3/"))
        assert "##### Weather\n### [Snow" in new
        plain = found["/news/2016/03/3/index.md"]
        assert plain.startswith("## [2016-03-3](/news/2016/03/3/index.md)\n\n### [Snow")
        assert findings(root) == []

    def test_several_days_at_once_follow_one_another(self, root: Path, archive: na.Archive) -> None:
        days = [datetime.date(2016, 3, n) for n in (8, 6, 7)]
        with archive.change() as change:
            for day in days:
                change.add(on(day))
            change.add(on(days[0], title="More snow."))
        assert findings(root) == []
        assert archive.previous_day(days[0]) == "/news/2016/03/7/index.md"
        assert archive.next_day(days[0]) == "/news/2016/03/10/index.md"

    def test_a_day_whose_only_index_is_its_readme(self, tmp_path: Path) -> None:
        day = day_index("2016-03-2", [], OPENS.rpartition("/")[0] + "/index.md")
        readme = "/news/2016/03/2/README.md"
        text = day.replace("/news/2016/03/2/index.md", readme)
        pages = {DAY_PATH: None, PATH: None, readme: text, OPENS: None}
        root = write_archive(tmp_path, {**SMALL_ARCHIVE, **pages})
        na.Archive(root).add(SNOW)
        assert [line for line in findings(root) if NEW in line] == []

    def test_an_event_that_was_removed_is_added_again(self, archive: na.Archive) -> None:
        event = archive[PATH]
        assert isinstance(event, na.Event)
        archive.remove(PATH)
        archive.add(event)
        assert texts(archive.root) == SMALL_ARCHIVE

    def test_an_empty_archive(self, tmp_path: Path) -> None:
        (tmp_path / "news").mkdir()
        na.Archive(tmp_path).add(SNOW)
        assert findings(tmp_path) == []
        assert set(texts(tmp_path)) == {NEW, DAY_PATH}

    @pytest.mark.parametrize(
        ("event", "reason"),
        [
            (SNOW.replace(path=PATH), "there is a page of that path already"),
            (SNOW.replace(date=MARCH_3), "belongs to /news/2016/03/3"),
            (SNOW.replace(path="/news/2016/03/2/a%20b.md"), "'%'"),
            (SNOW.replace(path="", title="..."), "no letter or digit"),
        ],
    )
    def test_refused(self, archive: na.Archive, event: na.Event, reason: str) -> None:
        with pytest.raises(na.RefusedMoveError, match=reason):
            archive.add(event)
        assert texts(archive.root) == SMALL_ARCHIVE

    def test_a_file_that_is_no_page_is_in_the_way(self, root: Path, archive: na.Archive) -> None:
        (root / NEW[1:]).symlink_to("nowhere")
        with pytest.raises(na.RefusedWriteError, match="exists already"):
            archive.add(SNOW)

    def test_an_index_that_lists_the_path_with_another_title(self, tmp_path: Path) -> None:
        index = SMALL_ARCHIVE[DAY_PATH].replace(PATH, NEW)
        root = write_archive(tmp_path, {DAY_PATH: index}, small=True)
        with pytest.raises(na.RefusedMoveError, match="with another title"):
            na.Archive(root).add(SNOW)

    def test_an_index_that_cannot_be_edited(self, tmp_path: Path) -> None:
        index = SMALL_ARCHIVE[DAY_PATH].replace("\n", "\r\n")
        root = write_archive(tmp_path, {DAY_PATH: index}, small=True)
        with pytest.raises(na.RefusedMoveError, match="cannot be listed there"):
            na.Archive(root).add(SNOW)

    def test_an_index_that_would_not_show_the_entry(self, tmp_path: Path) -> None:
        pages = {DAY_PATH: SMALL_ARCHIVE[DAY_PATH] + "```\n"}
        root = write_archive(tmp_path, pages, small=True)
        with pytest.raises(na.RefusedMoveError, match="listed there without loss"):
            na.Archive(root).add(SNOW)
        assert texts(root) == {**SMALL_ARCHIVE, **pages}


class TestReplace:
    def test_other_contents_of_one_page(self, root: Path, archive: na.Archive) -> None:
        event = archive[PATH]
        assert isinstance(event, na.Event)
        assert archive.replace(event.replace(description="All were rescued.")) == (PATH,)
        expected = SMALL_ARCHIVE[PATH].replace("Nobody was hurt.", "All were rescued.")
        assert texts(root) == {**SMALL_ARCHIVE, PATH: expected}

    def test_marks_and_line_endings_stay(self, tmp_path: Path) -> None:
        text = "\ufeff" + SMALL_ARCHIVE[PATH].replace("\n", "\r\n")
        root = write_archive(tmp_path, {PATH: text}, small=True)
        archive = na.Archive(root)
        event = archive[PATH]
        assert isinstance(event, na.Event)
        archive.replace(event.replace(description="All were rescued."))
        assert texts(root)[PATH] == text.replace("Nobody was hurt.", "All were rescued.")

    def test_an_index_keeps_its_events_but_not_their_order(self, archive: na.Archive) -> None:
        archive.add(SNOW)
        index = archive[DAY_PATH]
        assert isinstance(index, na.DayIndex)
        turned = index.replace(entries=index.entries[::-1])
        archive.replace(turned)
        assert archive[DAY_PATH] == turned
        with pytest.raises(na.RefusedMoveError, match="same events"):
            archive.replace(turned.replace(entries=()))

    @pytest.mark.parametrize(
        ("page", "reason"),
        [
            (SNOW.replace(path=PATH), "retitle changes these"),
            (
                SNOW.replace(path=PATH, title="The pier burns.", date=MARCH_3),
                "its day is 2016-03-02",
            ),
            (na.DayIndex(path=DAY_PATH, date=DAY), "same events"),
            (index_of(SMALL_ARCHIVE[DAY_PATH], DAY_PATH).replace(previous=None), "one before"),
        ],
    )
    def test_refused(self, archive: na.Archive, page: na.Page, reason: str) -> None:
        with pytest.raises(na.RefusedMoveError, match=reason):
            archive.replace(page)
        assert texts(archive.root) == SMALL_ARCHIVE

    def test_a_page_of_another_kind(self, tmp_path: Path) -> None:
        path = "/opinion/snow/index.md"
        root = write_archive(tmp_path, {path: "It snows.\n"}, small=True)
        piece = na.Editorial(path=path, title="Snow", author="Me", body="It snows.")
        with pytest.raises(na.RefusedMoveError, match="it is no Editorial"):
            na.Archive(root).replace(piece)

    def test_a_page_that_is_not_there(self, archive: na.Archive) -> None:
        with pytest.raises(na.PageNotFoundError):
            archive.replace(SNOW)
        change = archive.change()
        change.remove(PATH)
        change.replace(SNOW.replace(path=PATH))
        assert [type(error) for error in change.refused] == [na.PageNotFoundError]

    def test_a_page_in_another_layout_is_for_fmt_first(self, tmp_path: Path) -> None:
        text = SMALL_ARCHIVE[PATH].replace("\n2. ", "\n7. ")
        root = write_archive(tmp_path, {PATH: text}, small=True)
        with pytest.raises(na.RefusedMoveError, match="newsarchive fmt"):
            na.Archive(root).replace(SNOW.replace(path=PATH, title="The pier burns."))


class TestTitles:
    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("  Snow in June. ", "Snow in June."),
            ("Léré – £120\u00a0“gone”…", 'Lere - PS120 "gone"...'),
            ("Гагарин flies", "Gagarin flies"),
            ("a\u200bb  c", "a b c"),
        ],
    )
    def test_english_titles_are_ascii(self, text: str, title: str) -> None:
        assert na.fold_title(text) == title

    def test_chinese_titles_stay(self) -> None:
        assert na.fold_title(" 北京\u3000下雪，冷。 ", "zh") == "北京\u3000下雪，冷。"

    def test_a_path_comes_from_the_text_before(self) -> None:
        assert na.event_path(DAY, "Léré – £120") == "/news/2016/03/2/la-c-ra-c-a-aps120.md"
        assert na.event_path(DAY, "北京下雪，冷。", "zh") == "/news/2016/03/2/北京下雪-冷.md"
        with pytest.raises(ValueError, match="no letter or digit"):
            na.event_path(DAY, "?!")

    def test_a_page_gets_both(self, root: Path, archive: na.Archive) -> None:
        with archive.change() as change:
            new = change.retitle(PATH, "Léré burns for £120.", NOW)
        assert new == na.event_path(DAY, "Léré burns for £120.")
        event = archive[new]
        assert isinstance(event, na.Event)
        assert event.title == "Lere burns for PS120."
        assert findings(root) == []

    def test_a_slug_of_ones_own(self, archive: na.Archive) -> None:
        assert NEW in archive.retitle(PATH, "Léré burns.", NOW, slug="snow-in-june")

    def test_a_slug_alone(self, root: Path, archive: na.Archive) -> None:
        archive.retitle(PATH, "The pier burns.", NOW, slug="fire")
        assert "/news/2016/03/2/fire.md" in texts(root)
        assert findings(root) == []

    @pytest.mark.parametrize(
        ("title", "slug", "reason"),
        [
            ("?!", None, "name a slug"),
            ("Fire.", "", "name a slug"),
            ("Fire.", "a b", "' '"),
            ("Fire.", "../fire", "has '.' or '..' in it"),
            ("Fire.", "index", "an event page's path"),
            ("Smoke.", None, "there is a page of that path already"),
            ("Fire.", "smoke", "there is a page of that path already"),
        ],
    )
    def test_refused(self, tmp_path: Path, title: str, slug: str | None, reason: str) -> None:
        pages = {"/news/2016/03/2/smoke.md": SMALL_ARCHIVE[OPENS]}
        root = write_archive(tmp_path, pages, small=True)
        before = texts(root)
        with pytest.raises(na.RefusedMoveError, match=reason):
            na.Archive(root).retitle(PATH, title, NOW, slug=slug)
        assert texts(root) == before


class TestEditions:
    """What is built in code is written in the words of the archive's edition."""

    SNOW_ZH = na.Event(
        date=DAY,
        title="北京下雪，冷。",
        topic="天气",
        sources=(na.Source(name="新华网", url="https://a.example.org/1"),),
    )

    @staticmethod
    def clean(root: Path) -> bool:
        report = na.check(na.Archive(root, edition="zh"), today=TODAY)
        return [d for d in report.diagnostics if d.severity != "info"] == []

    def test_a_new_archive_in_chinese(self, tmp_path: Path) -> None:
        archive = na.Archive.create(tmp_path, edition="zh")
        with archive.change() as change:
            first = change.add(self.SNOW_ZH, context=["雪", "北京"])
            link = na.RelatedLink(title="北京下雪，冷。", path=first, context=("北京",))
            other = na.Event(date=MARCH_3, title="雪融化。", related=(link,))
            second = change.add(other)
        found = texts(tmp_path)
        assert "### 信息来源:\n\n1. [新华网](https://a.example.org/1)\n" in found[first]
        related = f"### 有关:\n\n1. [北京下雪，冷。 ](/zh{first}) _消息: 北京_\n"
        assert related in found[second]
        assert found[DAY_PATH] == (
            f"## [2016-03-2](/zh{DAY_PATH})\n\n"
            f"##### 天气\n### [北京下雪，冷。 ](/zh{first})\n_消息: 雪, 北京_\n\n"
        )
        assert found["/news/2016/03/3/index.md"].endswith(f"## [前一天...](/zh{DAY_PATH})\n\n")
        assert self.clean(tmp_path)
        assert na.Archive(tmp_path).edition.name == "zh", "its pages' words tell"

    def test_both_layouts_are_said_in_its_words(self, tmp_path: Path) -> None:
        archive = na.Archive.create(tmp_path, edition="zh")
        source = na.Source(name="Post", url="https://post.example/1")
        layout = na.EventLayout.second_generation(DAY_PATH)
        first = archive.add(self.SNOW_ZH.replace(sources=(source,), layout=layout))[-1]
        added = na.Archive(tmp_path, edition="zh")[first]
        assert isinstance(added, na.Event)
        assert added.sources == (source.replace(image_label=added.sources[0].image_label),)

    def test_links_of_an_index_are_written_as_its_others_are(self, tmp_path: Path) -> None:
        archive = na.Archive.create(tmp_path, edition="zh")
        first = archive.add(self.SNOW_ZH)[-1]
        index = tmp_path / DAY_PATH[1:]
        index.write_text(index.read_text("utf-8").replace("](/zh/", "](/"), encoding="utf-8")
        archive = na.Archive(tmp_path, edition="zh")
        archive.add(self.SNOW_ZH.replace(title="又下雪。"))
        assert "(/zh/" not in index.read_text("utf-8")
        assert first in archive
        assert self.clean(tmp_path)

    def test_a_first_day_leads_the_next_one_back_in_its_own_words(self, tmp_path: Path) -> None:
        archive = na.Archive.create(tmp_path, edition="zh")
        archive.add(self.SNOW_ZH)
        archive.add(self.SNOW_ZH.replace(date=datetime.date(2016, 3, 1)))
        assert "## [前一天...](/zh/news/2016/03/1/index.md)\n" in texts(tmp_path)[DAY_PATH]
        assert self.clean(tmp_path)

    def test_a_retitled_page_gets_no_changes_where_the_edition_has_none(
        self, tmp_path: Path
    ) -> None:
        archive = na.Archive.create(tmp_path, edition="zh")
        with archive.change() as change:
            path = change.retitle(change.add(self.SNOW_ZH), "上海下雪。", NOW)
        assert path == "/news/2016/03/2/上海下雪.md"
        event = archive[path]
        assert isinstance(event, na.Event)
        assert event.changes == ()
        assert self.clean(tmp_path)

    def test_a_version_of_a_kind_of_its_own_keeps_its_word(self, tmp_path: Path) -> None:
        archive = na.Archive.create(tmp_path, edition="en")
        change = na.Change(title="T", path="/news/2016/03/2/t.md", kind="Revert")
        path = archive.add(SNOW.replace(path="", changes=(change,)))[-1]
        assert "_(Revert)_" in texts(tmp_path)[path]
        assert event_of(texts(tmp_path)[path], path).changes == (change,)

    def test_what_the_edition_has_no_words_for_is_refused(self, tmp_path: Path) -> None:
        archive = na.Archive.create(tmp_path, edition="zh")
        change = na.Change(title="T", path="/news/2016/03/2/t.md")
        with pytest.raises(na.RefusedMoveError, match="read back"):
            archive.add(self.SNOW_ZH.replace(changes=(change,)))
