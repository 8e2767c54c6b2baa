"""The plugin's own tests: run `pytest` beside it once it is installed."""

import newsarchive as na

PATH = "/news/2016/03/2/the-pier-burns.md"
PAGE = """\
### [2016-03-2](/news/2016/03/2/index.md)

# The pier burns.

Nobody was  hurt.


### Source:

1. [Harbour Post](http://post.example.org/pier)
"""


def test_an_address_without_encryption_is_found_and_mended() -> None:
    [found] = na.check_text(PAGE, PATH, select=["HS101"])
    assert (found.line, found.column) == (10, 19)
    fixed = na.fix_text(PAGE, PATH, codes=["HS101"], unsafe=True)
    assert fixed.text == PAGE.replace("http://", "https://")


def test_two_blanks_become_one() -> None:
    fixed = na.fix_text(PAGE, PATH, codes=["HS102"])
    assert fixed.text == PAGE.replace("was  hurt", "was hurt")


def test_a_page_in_order_is_left_alone() -> None:
    page = PAGE.replace("http://", "https://").replace("  ", " ")
    assert na.check_text(page, PATH, select=["HS"]) == ()
