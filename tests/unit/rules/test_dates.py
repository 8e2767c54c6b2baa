"""NA3xx: dates."""

import datetime
from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import (
    PAGE,
    PATH,
    SMALL_ARCHIVE,
    day_index,
    event,
    found_in,
    found_on,
    shown,
    spoiled,
    the_one,
    where,
    write_archive,
)

DAY = "/news/2016/03/2/index.md"


def dated(day: str, target: str = DAY) -> str:
    """The page with another date heading."""
    return spoiled(f"[2016-03-2]({DAY})", f"[{day}]({target})")


class TestDateMismatch:
    @pytest.mark.parametrize("day", ["2016-03-3", "2016-02-2", "2015-03-2"])
    def test_a_heading_of_another_day_than_the_path(self, day: str) -> None:
        text = dated(day)
        found = the_one(found_on(text, "NA301"), 1, 6, day, "path says 2016-03-2")
        assert shown(found, text) == day

    def test_a_day_index_is_compared_too(self) -> None:
        text = spoiled("[2016-03-2]", "[2016-03-3]", SMALL_ARCHIVE[DAY])
        the_one(found_on(text, "NA301", DAY), 1, 5, "2016-03-3")

    @pytest.mark.parametrize("day", ["2016-03-2", "2016-03-02", "2016-3-2"])
    def test_padding_does_not_matter(self, day: str) -> None:
        assert found_on(dated(day), "NA301") == []

    def test_an_impossible_date_is_said_once(self) -> None:
        assert [d.code for d in found_on(dated("2016-02-30"), "NA3")] == ["NA302"]

    @pytest.mark.parametrize("path", ["", "/faq/README.md"])
    def test_a_path_without_a_day_says_nothing(self, path: str) -> None:
        assert found_on(dated("2016-03-3"), "NA301", path) == []


class TestInvalidDate:
    @pytest.mark.parametrize(
        "day", ["2016-02-30", "2015-02-29", "2016-13-1", "2016-00-1", "2016-03-0", "0000-01-1"]
    )
    def test_a_day_that_the_calendar_lacks(self, day: str) -> None:
        text = dated(day)
        found = the_one(found_on(text, "NA302"), 1, 6, day)
        assert shown(found, text) == day
        assert na.inspect(text, PATH).page is None

    @pytest.mark.parametrize("day", ["2016-02-29", "2016-02-029", "0001-01-1", "9999-12-31"])
    def test_a_day_that_it_has(self, day: str) -> None:
        assert found_on(dated(day), "NA302") == []


class TestDateLinkMismatch:
    @pytest.mark.parametrize(
        ("target", "leads"),
        [
            ("/news/2016/03/3/index.md", "2016-03-3"),
            ("/news/2015/03/2/index.md", "2015-03-2"),
            ("/faq/README.md", "no day's page"),
            ("", "no day's page"),
            ("index.md", "no day's page"),
            (PATH, "no day's page"),
            ("/news/2016/03/3/", "2016-03-3"),
            ("/news/2016/03/3", "2016-03-3"),
            ("/news/2016/03/3/index.html", "2016-03-3"),
        ],
    )
    def test_a_heading_that_links_to_another_day(self, target: str, leads: str) -> None:
        text = dated("2016-03-2", target)
        found = the_one(found_on(text, "NA303"), 1, 17, "says 2016-03-2", f"leads to {leads}")
        assert shown(found, text) == target

    @pytest.mark.parametrize(
        "target",
        [
            DAY,
            "/news/2016/03/2/README.md",
            "/news/2016/03/02/index.md",
            f"{DAY}#top",
            "/news/2016/03/2/",
            "/news/2016/03/2",
            "/news/2016/03/2/index",
            "/news/2016/03/2/index.html",
            "/news/2016/03/2/readme.md",
            "/News/2016/03/2/index.md",
            "/news/2016/03/%32/index.md",
        ],
    )
    def test_any_form_of_the_days_index_will_do(self, target: str) -> None:
        assert found_on(dated("2016-03-2", target), "NA303") == []


class TestFutureDate:
    def test_the_day_after_today(self) -> None:
        today = datetime.date(2016, 3, 1)
        found = the_one(found_on(PAGE, "NA304", today=today), 1, 6, "2016-03-2 is later than")
        assert "2016-03-01" in found.message
        assert shown(found, PAGE) == "2016-03-2"

    def test_today_itself_is_past(self) -> None:
        assert found_on(PAGE, "NA304", today=datetime.date(2016, 3, 2)) == []

    def test_an_index_is_measured_too(self, tmp_path: Path) -> None:
        write_archive(tmp_path, small=True, pages={})
        found = found_in(tmp_path, "NA304", today=datetime.date(2016, 3, 4))
        assert where(found) == [
            ("/news/2016/03/10/index.md", 1, 5),
            ("/news/2016/03/10/the-pier-opens-again.md", 1, 6),
        ]

    def test_by_default_today_is_today(self) -> None:
        tomorrow = datetime.date.today() + datetime.timedelta(2)
        text = event(f"{tomorrow.year:04d}-{tomorrow.month:02d}-{tomorrow.day}")
        assert [d.code for d in na.check_text(text)] == ["NA304"]
        assert na.check_text(PAGE, PATH) == ()


class TestPreviousDayOrder:
    FOUR = "/news/2016/03/4/index.md"

    def found(self, root: Path, previous: str | None, day: str = FOUR) -> list[na.Diagnostic]:
        text = day_index("2016-03-4", [], previous)
        write_archive(root, {day: text}, small=True)
        return found_in(root, "NA305")

    def test_a_link_that_skips_a_day(self, tmp_path: Path) -> None:
        found = self.found(tmp_path, "/news/2016/02/29/index.md")
        the_one(found, 3, 22, "leads to /news/2016/02/29/index.md", f"nearest earlier day is {DAY}")

    def test_a_link_to_the_day_itself_or_a_later_one(self, tmp_path: Path) -> None:
        the_one(self.found(tmp_path, self.FOUR), 3, 22, f"nearest earlier day is {DAY}")
        the_one(self.found(tmp_path, "/news/2016/03/10/index.md"), 3, 22)

    def test_a_link_to_no_day(self, tmp_path: Path) -> None:
        the_one(self.found(tmp_path, "/faq/README.md"), 3, 22, f"nearest earlier day is {DAY}")

    def test_no_link_though_an_earlier_day_exists(self, tmp_path: Path) -> None:
        the_one(self.found(tmp_path, None), 1, 5, f"though {DAY} exists")

    def test_days_are_ordered_as_numbers(self, tmp_path: Path) -> None:
        assert self.found(tmp_path, DAY) == []  # 2 before 4 before 10

    def test_the_first_day_needs_no_link_and_can_have_no_right_one(self, tmp_path: Path) -> None:
        first = "/news/2016/02/29/index.md"
        text = day_index("2016-02-29", [], DAY)
        write_archive(tmp_path, {first: text}, small=True)
        found = the_one(found_in(tmp_path, "NA305"), 3, 22, "no earlier day exists")
        assert found.page == first

    def test_the_other_copy_of_the_right_index_will_do(self, tmp_path: Path) -> None:
        readme = "/news/2016/03/2/README.md"
        write_archive(tmp_path, {readme: SMALL_ARCHIVE[DAY]}, small=True)
        assert self.found(tmp_path, readme) == []

    def test_readme_alone_is_a_day(self, tmp_path: Path) -> None:
        readme = "/news/2016/03/2/README.md"
        pages = {DAY: None, readme: SMALL_ARCHIVE[DAY]}
        write_archive(tmp_path, pages, small=True)
        (tmp_path / self.FOUR[1:]).write_text(day_index("2016-03-4", [], readme))
        assert found_in(tmp_path, "NA305") == []

    def test_a_link_to_a_page_that_is_gone_is_left_to_broken_day_link(self, tmp_path: Path) -> None:
        assert self.found(tmp_path, "/news/2016/03/3/index.md") == []
        assert len(found_in(tmp_path, "NA203")) == 1

    def test_a_fragment_does_not_matter(self, tmp_path: Path) -> None:
        assert self.found(tmp_path, f"{DAY}#top") == []


class TestChangeOrder:
    FIRST = "_2016-03-02 10:00:00 (First version)_"

    def test_a_time_that_goes_backwards(self) -> None:
        text = spoiled("10:00:00 (Update)", "09:59:59 (Update)")
        found = the_one(
            found_on(text, "NA306"), 22, 58, "2016-03-02 09:59:59 comes after 2016-03-02 10:00:00"
        )
        assert shown(found, text) == "2016-03-02 09:59:59"

    def test_each_is_measured_against_the_latest_before_it(self) -> None:
        stamps = ["12:00:00", "10:00:00", "11:00:00", "12:00:00"]
        text = event(changes=[f"[A]({PATH}) _2016-03-02 {s} (Update)_" for s in stamps])
        assert [d.line for d in found_on(text, "NA306")] == [15, 16]

    def test_equal_times_are_normal(self) -> None:
        assert found_on(PAGE, "NA306") == []

    def test_a_current_version_that_is_not_last(self) -> None:
        current = f"[A]({PATH}) _(Current version)_"
        older = f"[A]({PATH}) _2016-03-02 10:00:00 (Update)_"
        text = event(changes=[current, older])
        found = the_one(found_on(text, "NA306"), 14, 45, "not the last entry")
        assert shown(found, text) == "Current version"

    def test_a_current_version_that_is_another_page(self) -> None:
        text = PAGE.replace(f"]({PATH}) _(C", "](/news/2016/03/2/smoke.md) _(C")
        found = the_one(found_on(text, "NA306"), 23, 22, "not this page")
        assert shown(found, text) == "/news/2016/03/2/smoke.md"
        assert found_on(text, "NA306", "") == []

    def test_no_current_version_is_no_finding(self) -> None:
        text = event(changes=[f"[A]({PATH}) {self.FIRST}"])
        assert found_on(text, "NA306") == []

    def test_a_change_without_a_time_is_passed_over(self) -> None:
        text = event(changes=[f"[A]({PATH}) _(Update)_", f"[A]({PATH}) {self.FIRST}"])
        assert found_on(text, "NA306") == []
