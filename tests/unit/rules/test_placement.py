"""Where an event belongs in the indexes of its day: each copy has its own order and style."""

from pathlib import Path

import pytest
from hypothesis import given

import newsarchive as na
from newsarchive import strategies
from newsarchive.page.parser import read
from newsarchive.page.rendering import render_index_entry
from newsarchive.rules.placement import DayIndexes, insertion_points, listed_event
from tests.builders import TODAY, event, found_in, texts, write_archive

DAY = "/news/2016/03/2"
INDEX, README = f"{DAY}/index.md", f"{DAY}/README.md"
HEADING = f"## [2016-03-2]({INDEX})\n\n"
FORMATS = (
    "\nFormats: [HTML](2016/03/2/index.html)  [JSON](2016/03/2/index.json)"
    "  [XML](2016/03/2/index.xml)  \n\n"
)
PREVIOUS = "## [Previous Day...](/news/2016/03/1/index.md)\n\n"
NEW = f"{DAY}/new.md"
NEW_PAGE = event(title="New. ", description="It is new.")


def entry(name: str, *, topic: str = "", text: str = "") -> str:
    above = f"##### {topic}\n" if topic else ""
    below = f"{text}\n\n" if text else ""
    return f"{above}### [{name.capitalize()}. ]({DAY}/{name}.md)\n{below}"


def page(name: str, hour: int | None = None, *, description: str = "", related: str = "") -> str:
    changes = [
        f"[Old.]({DAY}/old-{name}.md) _2016-03-02 {hour or 0:02}:00:00 (First version)_",
        f"[{name.capitalize()}.]({DAY}/{name}.md) _(Current version)_",
    ]
    text = event(
        title=f"{name.capitalize()}. ",
        description=description,
        related=[related] if related else (),
        changes=changes if hour is not None else (),
    )
    return text.replace("\n2. [", "\n1. [")


def listed(tmp_path: Path, *copies: str, new: str = NEW_PAGE, **pages: str) -> dict[str, str]:
    """The texts of an archive of a day whose indexes lacked an event, repaired."""
    written: dict[str, str | bytes | None] = dict(zip((INDEX, README), copies, strict=False))
    written |= {f"{DAY}/{name}.md": text for name, text in pages.items()}
    written |= {"/news/2016/03/1/index.md": "## [2016-03-1](/news/2016/03/1/index.md)\n\n"}
    root = write_archive(tmp_path, {**written, NEW: new})
    na.repair(root, select=["NA208", "NA214"], unsafe=True, today=TODAY)
    report = na.check(root, select=["NA1", "NA2", "NA4"], ignore=["NA209", "NA211"], today=TODAY)
    assert report.diagnostics == ()
    return texts(root)


A, B = entry("a", text="About a."), entry("b", text="About b.")
ADDED = entry("new", text="It is new.")


class TestOrder:
    def test_the_newest_first(self, tmp_path: Path) -> None:
        found = listed(tmp_path, HEADING + B + A + PREVIOUS, a=page("a", 1), b=page("b", 2))
        assert found[INDEX] == HEADING + ADDED + B + A + PREVIOUS

    def test_the_oldest_first(self, tmp_path: Path) -> None:
        found = listed(tmp_path, HEADING + A + B + PREVIOUS, a=page("a", 1), b=page("b", 2))
        assert found[INDEX] == HEADING + A + B + ADDED + PREVIOUS

    def test_each_copy_has_its_own(self, tmp_path: Path) -> None:
        copies = HEADING + A + B + PREVIOUS, HEADING + B + A
        found = listed(tmp_path, *copies, a=page("a", 1), b=page("b", 2))
        assert found[INDEX] == HEADING + A + B + ADDED + PREVIOUS
        assert found[README] == HEADING + ADDED + B + A

    def test_events_of_one_hour_leave_it_to_the_others(self, tmp_path: Path) -> None:
        c = entry("c", text="About c.")
        copies = HEADING + A + B + c, HEADING + c + B + A
        known = {"a": page("a", 5), "b": page("b", 5), "c": page("c", 6)}
        found = listed(tmp_path, *copies, **known)
        assert found[INDEX] == HEADING + A + B + c + ADDED
        assert found[README] == HEADING + ADDED + c + B + A

    def test_a_copy_whose_many_events_tell_nothing_follows_the_other(self, tmp_path: Path) -> None:
        hours = {f"at-{number}": 6 for number in range(30)} | {"last": 7}
        entries = [entry(name, text="About it.") for name in hours]
        copies = HEADING + "".join(entries), HEADING + "".join(reversed(entries))
        pages = {name: page(name, hour) for name, hour in hours.items()}
        found = listed(tmp_path, *copies, **pages)
        assert found[INDEX].endswith(ADDED)
        assert found[README].startswith(HEADING + ADDED)

    @pytest.mark.parametrize("later", [0, 1])
    def test_of_two_that_mirror_each_other_the_older_layout_is_in_the_days_order(
        self, tmp_path: Path, later: int
    ) -> None:
        copies = [HEADING + A + B + PREVIOUS, HEADING + B + A + PREVIOUS]
        copies[later] = FORMATS + copies[later]
        found = listed(tmp_path, *copies, a=page("a"), b=page("b"))
        names = (INDEX, README)
        assert found[names[later]].startswith(FORMATS + HEADING + ADDED)
        assert found[names[1 - later]].endswith(ADDED + PREVIOUS)

    def test_else_the_newest_first(self, tmp_path: Path) -> None:
        found = listed(tmp_path, HEADING + A + B + PREVIOUS, a=page("a"), b=page("b"))
        assert found[INDEX] == HEADING + ADDED + A + B + PREVIOUS

    @pytest.mark.parametrize("rest", [PREVIOUS, ""])
    def test_an_empty_index(self, tmp_path: Path, rest: str) -> None:
        found = listed(tmp_path, HEADING + rest)
        assert found[INDEX] == HEADING + ADDED + rest


class TestStyle:
    def test_with_topics_or_without(self, tmp_path: Path) -> None:
        new = NEW_PAGE.replace("# New.", "##### Art\n# New.")
        copies = HEADING + entry("a", text="About a."), HEADING + entry("a", topic="War", text="A.")
        a = page("a").replace("# A.", "##### War\n# A.")
        found = listed(tmp_path, *copies, new=new, a=a)
        assert found[INDEX].startswith(HEADING + ADDED)
        assert found[README].startswith(HEADING + entry("new", topic="Art", text="It is new."))

    def test_titles_alone_where_more_could_be_said(self, tmp_path: Path) -> None:
        bare = HEADING + entry("a") + entry("b") + PREVIOUS
        found = listed(tmp_path, bare, a=page("a", description="About a."), b=page("b"))
        assert found[INDEX] == HEADING + entry("new") + entry("a") + entry("b") + PREVIOUS

    def test_a_text_where_there_was_nothing_to_say_of_the_others(self, tmp_path: Path) -> None:
        found = listed(tmp_path, HEADING + entry("a") + PREVIOUS, a=page("a"))
        assert found[INDEX] == HEADING + ADDED + entry("a") + PREVIOUS

    def test_an_empty_line_below_titles_alone(self, tmp_path: Path) -> None:
        spaced = f"{entry('a')}\n{entry('b')}\n"
        related = f"[B.]({DAY}/b.md) _Context: b_"
        found = listed(
            tmp_path, HEADING + spaced + PREVIOUS, a=page("a", related=related), b=page("b")
        )
        assert found[INDEX] == f"{HEADING}{entry('new')}\n{spaced}{PREVIOUS}"

    def test_a_topic_line_that_is_left_over_stays_below(self, tmp_path: Path) -> None:
        text = HEADING + A + B + "##### War\n" + PREVIOUS
        found = listed(tmp_path, text, a=page("a", 1), b=page("b", 2))
        assert found[INDEX] == HEADING + A + B + ADDED + "##### War\n" + PREVIOUS

    def test_several_events_at_once(self, tmp_path: Path) -> None:
        copies = HEADING + A + B, HEADING + B + A
        more = {"c": page("c"), "d": page("d"), "a": page("a", 1), "b": page("b", 2)}
        found = listed(tmp_path, *copies, **more)
        assert found[INDEX] == HEADING + A + B + entry("c") + entry("d") + ADDED
        assert found[README] == HEADING + entry("c") + entry("d") + ADDED + B + A


class TestOneSided:
    def test_the_finding_marks_the_entry_that_the_other_copy_lacks(self, tmp_path: Path) -> None:
        root = write_archive(
            tmp_path, {INDEX: HEADING + A + B, README: HEADING + B, f"{DAY}/a.md": page("a"),
                       f"{DAY}/b.md": page("b")},
        )  # fmt: skip
        [found] = found_in(root, "NA214")
        assert (found.page, found.line, found.severity) == (INDEX, 3, "warning")
        assert README in found.message
        text = (root / INDEX[1:]).read_text()
        assert text[found.start : found.end] == f"{DAY}/a.md"
        assert found.fix is not None
        assert [page for page, _ in found.fix.by_page] == [README]

    def test_topic_and_terms_are_those_of_the_copy_that_has_it(self, tmp_path: Path) -> None:
        a = entry("a", topic="War", text="_Context: b, a_")
        b = entry("b", topic="Art", text="About b.")
        root = write_archive(
            tmp_path, {INDEX: HEADING + a + b, README: HEADING + b, f"{DAY}/b.md": page("b"),
                       f"{DAY}/a.md": page("a", description="A long story.")},
        )  # fmt: skip
        na.repair(root, select=["NA214"], unsafe=True, today=TODAY)
        assert texts(root)[README] == HEADING + a + b
        assert found_in(root, "NA2") == []

    def test_a_page_that_is_gone_is_not_listed_anew(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path, {INDEX: HEADING + A, README: HEADING})
        assert found_in(root, "NA214") == []

    def test_a_copy_that_cannot_be_edited_has_a_finding_without_a_fix(self, tmp_path: Path) -> None:
        root = write_archive(
            tmp_path,
            {INDEX: HEADING + A, README: HEADING.replace("\n", "\r\n"), f"{DAY}/a.md": page("a")},
        )
        [found] = found_in(root, "NA214")
        assert found.fix is None

    def test_one_copy_alone_is_whole(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path, {README: HEADING + A, f"{DAY}/a.md": page("a")})
        assert found_in(root, "NA214") == []

    def test_an_edit_of_either_copy_is_seen_by_a_run_with_a_cache(self, tmp_path: Path) -> None:
        both = {INDEX: HEADING + A, README: HEADING + A, f"{DAY}/a.md": page("a")}
        root, cache = write_archive(tmp_path / "a", both), tmp_path / "cache"
        for name, page_of_finding in ((README, INDEX), (INDEX, README)):
            write_archive(root, both)
            assert na.check(root, cache=cache, select=["NA214"]).diagnostics == ()
            (root / name[1:]).write_text(HEADING)
            [found] = na.check(root, cache=cache, select=["NA214"]).diagnostics
            assert found.page == page_of_finding


@pytest.mark.property
@given(strategies.events())
def test_an_event_is_listed_as_an_index_entry_is_rendered(page: na.Event) -> None:
    folder = page.path.rpartition("/")[0]
    index = read(f"## [2016-03-2]({folder}/index.md)\n\n", f"{folder}/index.md")
    found = listed_event(read(na.render(page), page.path))
    if found is None:
        return
    for _, edit in DayIndexes([index], lambda path: None).listing(found):
        made = na.IndexEntry(
            title=found.title.strip(),
            path=page.path,
            topic=page.topic or None,
            description=page.description,
            title_blanks=page.layout.title_blanks,
        )
        if edit.replacement.count("\\") == render_index_entry(made).count("\\"):
            assert edit.replacement == render_index_entry(made)
        assert (edit.start, edit.end) == insertion_points(index)


def test_only_an_event_with_a_title_is_listed() -> None:
    text = "### [2016-03-2](/news/2016/03/2/index.md)\n\n"
    assert listed_event(read(text, "/news/2016/03/2/a.md")) is None
    assert listed_event(read(f"{text}# \n", "/news/2016/03/2/a.md")) is None
    assert listed_event(read("# A title\n", "/about.md")) is None
