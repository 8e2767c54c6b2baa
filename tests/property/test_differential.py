"""What the library calls a link, CommonMark renderers show as one, but for what NA110 says.

The renderers are cmark-gfm, which GitHub uses, and markdown-it-py. On original pages:
``corpus/test_differential.py``.
"""

import re
from collections import Counter
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.editions import EN
from newsarchive.page.parser import read
from newsarchive.page.paths import PageKind
from tests.builders import DAY_PATH, PATH, SMALL_ARCHIVE
from tests.editions import of_editions
from tests.renderers import ENTRIES, HTML, by_us, differences, links_by, opens_with_link_to

pytestmark = pytest.mark.property


@given(of_editions(lambda one: nas.archives(edition=one) | nas.damaged_archives(edition=one)))
@settings(max_examples=40)
def test_links_of_whole_archives_are_the_renderers_links(
    drawn: tuple[na.Edition, dict[str, str]],
) -> None:
    edition, pages = drawn
    for path, text in pages.items():
        # What is no page (an index under another name, a line that is no entry) has parts that
        # only a renderer takes for links.
        reading = read(text, path, edition)
        whole = reading.complete and reading.kind is not PageKind.PROSE
        for missing, extra in differences(text, path, edition).values():
            assert missing == Counter(), path
            assert extra == Counter() or not whole, path


@given(of_editions(lambda one: nas.events(paths=st.just(PATH), edition=one)))
@settings(max_examples=300)
def test_entries_of_odd_pages_are_links_or_named_as_hidden(
    drawn: tuple[na.Edition, na.Event],
) -> None:
    edition, event = drawn
    text = na.render(event)
    shown, _ = by_us(text, PATH, ENTRIES, edition)
    for name in HTML:
        assert Counter(shown) - Counter(links_by(name, text)) == Counter(), name


@pytest.mark.parametrize("name", HTML)
@given(drawn=of_editions(lambda one: nas.related_links(edition=one)))
@settings(max_examples=300)
@example(drawn=(EN, na.RelatedLink(title="a [b", path="/a.md")))
@example(drawn=(EN, na.RelatedLink(title="a", path="/a(b.md")))
@example(drawn=(EN, na.RelatedLink(title="<a b='", path="/a.md", context=("'>",))))
@example(drawn=(EN, na.RelatedLink(title="a ` b", path="/a`.md")))
def test_an_entry_is_hidden_where_the_rule_says_so_and_nowhere_else(
    name: str, drawn: tuple[na.Edition, na.RelatedLink]
) -> None:
    edition, link = drawn
    assume(edition.related)
    # cmark-gfm takes control characters in a target for any others; section 6.3 does not.
    # markdown-it-py takes a backslash before one for an escape; section 2.4 does not.
    assume(not any(char < " " or char == "\x7f" for char in link.path))
    event = na.parse("### [2016-03-2](/news/2016/03/2/index.md)\n\n# T\n\n\n\n", PATH)
    assert isinstance(event, na.Event)
    layout = event.layout.replace(related_heading=edition.related[0])
    text = na.render(event.replace(related=[link], layout=layout))
    hidden = na.check_text(text, PATH, select=["NA110"], edition=edition)
    line = text.rstrip("\n").rpartition("\n")[2]
    assert opens_with_link_to(name, line, link.base + link.path) is not bool(hidden), line


# No "<!a": cmark-gfm follows an older section 4.6, where a declaration has a capital letter.
_BLOCKS = (
    "```", "````", "~~~", "~~~ x", "``` `", "```py", " ```", "   ```", "    ```", "``",
    "<!--", "-->", "<!-- a -->", "<!-->", " <!-- a", "<pre>", "<PRE", "<prefix>",
    "<script>a</script>", "<style a", "<?", "?>", "<!DOCTYPE", "<!A>", ">", "<! a",
    "<![CDATA[", "]]>", "<div>", "</div>", "<div", "<hr/>", "<divan", "text", "",
)  # fmt: skip


@pytest.mark.parametrize("path", [PATH, DAY_PATH])
@given(data=st.data())
@settings(max_examples=200)
def test_links_in_code_and_html_are_named_as_hidden_and_no_others(
    path: str, data: st.DataObject
) -> None:
    lines = SMALL_ARCHIVE[path].split("\n")
    if path == DAY_PATH:
        lines[3:3] = ["", "### [Another event.](/news/2016/03/2/another-event.md)", ""]
    for _ in range(data.draw(st.integers(1, 3))):
        # Below a heading or an empty line: what follows an entry may be a part of its item.
        at = data.draw(st.sampled_from([n for n, line in enumerate(lines) if line[:1] in "#"])) + 1
        lines.insert(at, data.draw(st.sampled_from(_BLOCKS)))
    text = "\n".join(lines)
    shown, hidden = by_us(text, path)
    for name, rendered in HTML.items():
        # Not read as HTML: what a browser makes of an open "<style" is another matter.
        anchors = [unquote_to_bytes(url) for url in re.findall('<a href="([^"]*)"', rendered(text))]
        assert Counter(anchors) == Counter(shown), (name, hidden)
