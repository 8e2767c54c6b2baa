"""What holds of pages in English holds of pages in the words of every edition."""

import pytest
from hypothesis import given

import newsarchive as na
from newsarchive import strategies as nas
from tests.editions import of_editions
from tests.property.test_canonical import check_canonical

pytestmark = pytest.mark.property

Drawn = tuple[na.Edition, na.Page]
PAGES = of_editions(lambda edition: nas.pages(edition=edition))


@given(PAGES)
def test_a_rendered_page_is_read_as_itself(drawn: Drawn) -> None:
    edition, page = drawn
    assert na.parse(na.render(page), page.path, edition=edition) == page


@given(PAGES)
def test_it_is_laid_out_as_the_archive_does_it(drawn: Drawn) -> None:
    edition, page = drawn
    codes = ["NA106", "NA107", "NA109", "NA401", "NA402"]
    assert na.check_text(na.render(page), page.path, select=codes, edition=edition) == ()


@given(PAGES)
def test_json_loses_nothing(drawn: Drawn) -> None:
    _, page = drawn
    assert type(page).model_validate_json(page.model_dump_json()) == page


@given(PAGES)
def test_a_canonical_page_is_what_the_long_way_finds(drawn: Drawn) -> None:
    edition, page = drawn
    check_canonical(na.render(page), page.path, edition)
