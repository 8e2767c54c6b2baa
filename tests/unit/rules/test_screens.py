"""Pages that are judged at a glance, and those that are not."""

from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.page.editions import ZH
from newsarchive.rules import Rule
from newsarchive.rules.screens import PROVED, SCREENED
from tests.builders import DAY_PATH, OPENS, PAGE, PATH, SMALL_ARCHIVE, spoiled
from tests.longway import OFTEN_ASKED, check_sound
from tests.test_data import VALID, each_invalid, path_of

DAY = SMALL_ARCHIVE[DAY_PATH]


def test_every_rule_on_one_page_is_screened_or_implied() -> None:
    """For a new rule: say in `PROVED` or `SCREENED` why it need not be asked about each page."""
    alone = [r.code for r in na.ALL_RULES if (r.page and not r.archive) or r.absent]
    assert sorted([*PROVED, *SCREENED]) == alone


@each_invalid
def test_a_page_that_breaks_a_rule_is_not_passed(file: Path) -> None:
    taken = check_sound({path_of(file): file.read_bytes()})
    assert not taken or file.stem[:5] in OFTEN_ASKED or file.stem[:5] not in PROVED | SCREENED


def test_pages_of_both_generations_are_passed() -> None:
    taken = {file.stem for file in VALID if check_sound({path_of(file): file.read_bytes()})}
    assert taken == {
        "day-first-generation",
        "event-changes-first-without-formats",
        "event-empty-topic",
        "event-final-empty-line",
        "event-first-generation",
        "event-second-generation",
        "event-title-only",
    }


def test_all_of_a_small_archive_is_passed_but_what_is_no_day() -> None:
    days = {path: text for path, text in SMALL_ARCHIVE.items() if path.startswith("/news/")}
    assert check_sound({**SMALL_ARCHIVE, PATH: PAGE}) == len({*days, PATH})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        (DAY[DAY.index("### [") :], 2 * DAY[DAY.index("### [") :]),  # the index lists a page twice
        ("2016/03/2/the", "2016/03/4/the"),
        ("## [2016", "# [2016"),
        ("## [2016-03-2]", "## [2016-03-3]"),
    ],
)
def test_an_index_and_its_copy_are_judged_alike(old: str, new: str) -> None:
    text = DAY.replace(old, new)
    assert not old or text != DAY
    copy = DAY_PATH.replace("index", "README")
    for texts in ((text, text), (text, DAY), (DAY, text)):
        pages = {copy: texts[0], DAY_PATH: texts[1], PATH: PAGE}
        taken = check_sound(pages)
        assert taken == sum(check_sound({path: page}) for path, page in pages.items())


@pytest.mark.parametrize("odd", ["<", "`", "\\", "\r", "~~~", "&amp;", "''", "{{", "x=1"])
def test_one_odd_page_does_not_keep_others_from_being_passed(odd: str) -> None:
    other = PAGE.replace(PATH, f"{PATH[:-3]}-2.md")
    pages = {PATH: spoiled("Nobody", odd), f"{PATH[:-3]}-2.md": other, DAY_PATH: DAY}
    assert check_sound(pages) == 2
    assert check_sound(pages | {PATH: PAGE}) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# The pier burns.", "# \u2028"),
        ("# The", "##### \n##### \n# The"),
        ("Nobody was hurt.", "======="),
        ("Nobody was hurt.", "---"),
        ("Nobody was hurt.", "_Context: a_"),
        ("2016-03-2]", "2016-03-02]"),
        ("/2/index.md", "/2/README.md"),
        ("1. [Harbour", "01. [Harbour"),
        ("[Harbour Post]", "[Harbour\nPost]"),
        ("[Harbour Post]", "[ ]"),
        ("[Harbour Post]", "[[Harbour Post]"),
        ("[Cover Image]", "[Cover Image ]"),
        ("2. [Cover Image]", "3. [Cover Image]"),
        ("1. [Harbour Post](https://post.example.org/pier)\n2. [Evening", "1. [Evening"),
        ("https://tide", "ftp://tide"),
        ("https://tide.example.org/fire?id=7", "https://post.example.org/pier"),
        ("fire?id=7", "fire?id=(7)"),
        ("fire?id=7", "fire?id=\u00a0"),
        ("[The pier opens.]", "[The\npier opens.]"),
        (f"({OPENS})", f"({OPENS}#a)"),
        (f"({OPENS})", f"({PATH})"),
        ("1. [Smoke", "2. [Smoke"),
        ("2016-03-02 10:00:00 (First", "2016-02-30 10:00:00 (First"),
        ("[Smoke over", "[Smoke [over"),
        ("2/smoke.md", "2/smoke 2.md"),
        ("### Changes:\n", "### Related:\n"),
        ("### Source:\n", "### Sauce:\n"),
    ],
)
def test_what_the_archive_would_not_write_is_not_passed(old: str, new: str) -> None:
    assert check_sound({PATH: spoiled(old, new)}) == 0


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("# The pier burns.", "# The pier burns. [http://a.example.org]", {"NA504"}),
        ("Nobody was hurt.", "-{zh-hans:Nobody}- was hurt.", {"NA504"}),
        ("Nobody was hurt.", "''Nobody'' &amp; none was hurt.", {"NA504", "NA505"}),
        ("Harbour Post", "Harbour ''Post''", {"NA504"}),
        ("Harbour Post", "Harbour [Post", {"NA110"}),
        ("https://tide", "ftp://tide", {"NA501"}),
        ("https://tide.example.org/fire?id=7", "https://post.example.org/pier", {"NA503"}),
        (f"({OPENS})", f"({PATH})", {"NA205"}),
    ],
)
def test_what_is_found_on_a_page_that_is_well_laid_out(old: str, new: str, codes: set[str]) -> None:
    text = spoiled(old, new)
    assert check_sound({PATH: text}) == 0
    assert {d.code for d in na.check_text(text, PATH)} >= codes


@pytest.mark.parametrize(
    "entries",
    [
        "### [A](/news/2016/03/2/a.md)\n### [A](/news/2016/03/2/a.md)\n",
        "### [A](/news/2016/03/1/a.md)\n",
        "### [A\n](/news/2016/03/2/a.md)\n",
        "### [A](/news/2016/03/2/a.md)\n\n",
        "### [A](/news/2016/03/2/a.md)\n=======\n\n",
        "### [A](/news/2016/03/2/a.md)\nB.\n\n## [Previous Day...](/a(b))\n\n",
        # What stands in the middle is as long as the line that the end looks like.
        "### [A](/news/2016/03/2/a.md)\n## [What is in the middle]\n\n"
        "### [B](/news/2016/03/2/b.md)\nC ## [Previous Day...](/abc)\n\n",
    ],
)
def test_no_more_are_the_entries_of_an_index(entries: str) -> None:
    head = f"## [2016-03-2]({DAY_PATH})\n\n"
    assert check_sound({DAY_PATH: head + entries}) == 0
    assert check_sound({DAY_PATH: f"{head}### [A](/news/2016/03/2/a.md)\nB.\n\n"}) == 1


@pytest.mark.parametrize(
    "folder", ["/news/2016/3/2", "/news/2016/02/30", "/news/2016/03", "", "/a"]
)
def test_no_page_is_passed_outside_of_a_day(folder: str) -> None:
    assert check_sound({f"{folder}/{name}": PAGE for name in ("a.md", "index.md")}) == 0


def test_a_name_that_is_no_text_is_left_to_the_long_way() -> None:
    assert check_sound({f"{PATH}\n.md": PAGE.replace(PATH, f"{PATH}\n.md")}) == 0


def test_a_rule_without_a_screen_is_asked_about_every_page() -> None:
    whole = {PATH: PAGE, DAY_PATH: DAY}
    of_others = Rule("XY101", "none", na.Severity.ERROR, "", "", page=lambda r: (), package="xy")
    assert check_sound(whole, [*na.ALL_RULES, of_others]) == 0
    of_archives = Rule("XY102", "none", na.Severity.ERROR, "", "", archive=lambda r, a: ())
    assert check_sound(whole, [*na.ALL_RULES, of_archives]) == 2
    assert check_sound(whole, [rule for rule in na.ALL_RULES if rule.code == "NA101"]) == 2


DEUTSCH = na.Edition(
    name="de",
    language="de",
    base="/de",
    sources=("Quelle", "Quellen"),
    related=("Siehe auch",),
    context=("Thema",),
    previous_day=("Vortag",),
)


@pytest.mark.parametrize("edition", [ZH, DEUTSCH], ids=lambda edition: edition.name)
def test_pages_of_other_editions_are_passed_and_judged_alike(edition: na.Edition) -> None:
    base, context = edition.base, edition.context[-1]
    image = f" [{edition.image[0]}](https://post.example.org/a.jpg)" if edition.image else ""
    page = (
        f"### [2016-03-2]({DAY_PATH})\n\n##### \n# 码头起火。\n\n\n\n\n"
        f"### {edition.sources[-1]}:\n\n1. [邮报](https://post.example.org/码头){image}\n\n"
        f"### {edition.related[0]}:\n\n"
        f"1. [开放 ]({base}/news/2016/02/29/开放.md) _{context}: 码头_\n"
        "2. [重建](/news/2016/03/4/重建.md)\n"
    )
    day = (
        f"## [2016-03-2]({DAY_PATH})\n\n##### 码头\n"
        f"### [码头起火。]({base}/news/2016/03/2/码头.md)\n"
        f"### [下雨](/news/2016/03/2/下雨.md)\n"
        f"## [{edition.previous_day[0]}]({base}/news/2016/03/1/index.md)\n\n"
    )
    path = "/news/2016/03/2/码头.md"
    assert check_sound({path: page, DAY_PATH: day}, edition=edition) == 2
    assert check_sound({path: PAGE, DAY_PATH: page}, edition=edition) == 0
    for old, new in (
        (image or "邮报", " [IMG]()"),
        (context, "Context"),
        (base, "/fr"),
        ("1.", "2."),
    ):
        odd = page.replace(old, new)
        assert odd != page
        check_sound({path: odd, DAY_PATH: day.replace(old, new)}, edition=edition)
