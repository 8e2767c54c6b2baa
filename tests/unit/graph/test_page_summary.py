"""What is known of a page without its text."""

from newsarchive.graph.page_summary import PageSummary, contexts, summary_of, terms_of
from newsarchive.page.parser import read
from tests.builders import DAY_PATH, OPENS, PAGE, PATH, REBUILT, SMALL_ARCHIVE

SMOKE = "/news/2016/03/2/smoke.md"


def test_an_event_has_a_title_targets_older_paths_and_terms() -> None:
    assert summary_of(read(PAGE, PATH)) == PageSummary(
        "The pier burns.",
        (DAY_PATH, OPENS, REBUILT, SMOKE),
        former=(SMOKE,),
        terms=("pier", "Veldania"),
    )


def test_an_index_has_what_it_lists() -> None:
    index = summary_of(read(SMALL_ARCHIVE[DAY_PATH], DAY_PATH))
    assert index == PageSummary("", (PATH, "/news/2016/02/29/index.md"), frozenset({PATH}))


def test_terms_stand_as_often_as_links_have_them() -> None:
    text = PAGE.replace(f"({REBUILT})", f"({REBUILT}) _Context: pier_")
    assert summary_of(read(text, PATH)).terms == ("pier", "Veldania", "pier")


def test_those_of_index_entries_count_too() -> None:
    text = SMALL_ARCHIVE[DAY_PATH].replace(f"({PATH})\n", f"({PATH})\n_Context: pier, sea_\n")
    reading = read(text, DAY_PATH)
    assert summary_of(reading).terms == ("pier", "sea")
    assert [terms_of(match) for match in contexts(reading)] == [["pier", "sea"]]


def test_equal_terms_and_paths_are_one_string() -> None:
    one, other = (summary_of(read(PAGE, path)) for path in (PATH, "/news/2016/03/2/other.md"))
    assert one.terms[0] is other.terms[0]
    assert one.targets[1] is other.targets[1]
