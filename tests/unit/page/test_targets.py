"""What a renderer makes of a target: held against two of them."""

from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsarchive.page.paths import path_fault
from newsarchive.page.targets import leads_already, names_exactly, path_read
from tests.renderers import HTML, targets_of

FOLDER = "/news/2020/01/5/"


def asked_for(renderer: str, target: str) -> list[bytes]:
    """The paths that a browser asks for: those of the links that a renderer shows."""
    html = HTML[renderer](f"1. [Title]({target})\n")
    return [unquote_to_bytes(urlsplit(found).path) for found in targets_of(html)]


class TestNamesExactly:
    @pytest.mark.parametrize(
        "name",
        ["a.md", "a-b_c~d.md", "a&b.md", "a&amp.md", "a(b).md", "é.md", "100%.md", "a=b;c.md",
         "a&nosuch;.md", "a\u00a0b.md", "a|b.md"],
    )  # fmt: skip
    def test_what_it_says(self, name: str) -> None:
        assert names_exactly(FOLDER + name)
        for renderer in HTML:
            assert asked_for(renderer, FOLDER + name) == [(FOLDER + name).encode()]

    @pytest.mark.parametrize(
        "name",
        ["a b.md", "a?b.md", "a#b.md", "a%20b.md", "a&amp;b.md", "a&#38;b.md", "a&#x26;b.md",
         "a(b.md", "a)b.md", "a\tb.md", "a\\(b.md", "a\x7fb.md", "a&copy;.md", "%2e%2e/a.md"],
    )  # fmt: skip
    def test_what_a_renderer_reads_otherwise(self, name: str) -> None:
        assert not names_exactly(FOLDER + name)

    @pytest.mark.parametrize("path", ["a.md", "//a.md", "<a>.md", "", "http://a.example/"])
    def test_what_is_no_archive_path(self, path: str) -> None:
        assert not names_exactly(path)


PIECES = st.sampled_from(
    [*"ab/.%?#&;()\\<> \t\"'`*_[]=~!é\u00a0", "%20", "%25", "%C3%A9", "&amp;", "&#38;", "&#x26;",
     "&copy", "&nosuch;", "\\(", "\\&amp;", "&NotEqualTilde;"]
)  # fmt: skip


@pytest.mark.property
@given(st.lists(PIECES, max_size=8).map("".join))
@example("&NotEqualTilde;")
@example("a\\\\")
def test_a_path_is_exact_where_both_renderers_say_so(name: str) -> None:
    path = f"{FOLDER}{name}.md"
    exact = all(asked_for(renderer, path) == [path.encode()] for renderer in HTML)
    assert names_exactly(path) is (exact and not path_fault(path))


@pytest.mark.parametrize(
    ("target", "path", "leads"),
    [
        ("/a%26b.md", "/a&b.md", True),
        ("/a%28b%29.md", "/a(b).md", True),
        ("/a%2Db.md", "/a-b.md", False),
        ("/A%26b.md", "/a&b.md", False),
    ],
)
def test_what_leads_there_already(target: str, path: str, leads: bool) -> None:
    assert leads_already(target, path) is leads


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a\\_b.md", "/a_b.md"),
        ("/a\\zb.md", "/a\\zb.md"),
        ("/a&amp;b.md?c#d", "/a&b.md"),
        ("/a&nosuch;b.md", "/a&nosuch;b.md"),
        ("/a&#x26;b&#38;.md", "/a&b&.md"),
    ],
)
def test_the_path_that_a_browser_asks_for(target: str, path: str) -> None:
    assert path_read(target) == path
    for renderer in HTML:
        assert asked_for(renderer, target) == [path.encode()], renderer
