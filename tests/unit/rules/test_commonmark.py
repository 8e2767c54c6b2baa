"""NA110's view of CommonMark, against an implementation of it.

The archive means ``1. [text](target)`` as a link whose text ends at the first ``](``. The rule
says whether a renderer agrees; markdown-it-py is the renderer here.
"""

import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

import newsarchive as na
from newsarchive.page.editions import EN
from newsarchive.page.parser._grammar import grammar_of
from newsarchive.rules._commonmark import hidden_reason
from tests.builders import PATH, day_index, event, found_on, spoiled

_MARKDOWN = MarkdownIt("commonmark")
# CommonMark knows no forbidden schemes; markdown-it drops links to "javascript:" by default.
_MARKDOWN.validateLink = lambda url: True  # type: ignore[method-assign]


def reason(line: str) -> str:
    """What the rule says about an entry's line."""
    m = grammar_of(EN).entry["related"].fullmatch(line)
    assert m, line
    return hidden_reason(line, m.start("text") - 1, m.end("text"), m["target"])


def rendered(line: str) -> list[Token]:
    """The inline parts that the renderer makes of an entry, but for empty texts."""
    found = [token for token in _MARKDOWN.parse(line) if token.type == "inline"]
    if not found:  # the line defines a link for others to refer to: "1. [a]: b](c)"
        return []
    [inline] = found
    return [c for c in inline.children or () if c.type != "text" or c.content]


def is_shown(line: str) -> bool:
    """Whether the renderer shows the entry as a link to the archive's target."""
    m = grammar_of(EN).entry["related"].fullmatch(line)
    assert m, line
    parts = rendered(line)
    if not parts or parts[0].type != "link_open":
        return False
    return parts[0].attrs == {"href": _MARKDOWN.normalizeLink(unescapeAll(m["target"]))}


SHOWN = [
    "[Reuters](http://reuters.example/1)",
    "[Reuters]()",
    "[ two  blanks ](/a.md)",
    "[a [b] c](/a.md)",
    "[[a]](/a.md)",
    "[[a][b]](/a.md)",
    r"[a \[ b](/a.md)",
    r"[a \] b](/a.md)",
    r"[a \\](/a.md)",
    r"[a \q b](/a.md)",
    "[a ` b](/a.md)",
    "[a `[` b](/a.md)",
    "[a ``]` b`` c](/a.md)",
    "[a `` b ` c](/a.md) _Context: x_",
    r"[a \` b](/a.md) _Context: x`_",
    "[a < b > c](/a.md)",
    "[a <b>c</b>](/a.md)",
    "[a <b c='['>](/a.md)",
    "[a <http://x.example/[> c](/a.md)",
    "[a <!-- [ --> b](/a.md)",
    "[a <? [ ?> b](/a.md)",
    "[a <!X [ > b](/a.md)",
    "[a <![CDATA[ [ ]]> b](/a.md)",
    "[a <!--> b](/a.md)",
    "[a <!---> b](/a.md)",
    "[a <!-- b](/a.md)",
    "[*a **b_](/a.md)",
    "[![a] b](/a.md)",
    "[a](/x_(y).md)",
    "[a](/x_((y)z)_(w).md)",
    r"[a](/x\(y.md)",
    r"[a](/x\)y.md)",
    r"[a](/x\\)",
    r"[a](/x\y.md)",
    "[a](/x[y].md)",
    "[a](/x`y.md) _Context: `_",
    "[a](/x<y>.md)",
    "[a](/x&amp;y#)",
    "[a](/x%20y,z;w?a=&b='\"*_)",
    "[a](" + "(" * 32 + ")" * 32 + ")",
    "[a](javascript:x)",
    "[a](/a.md) _Context: b](c_",
]

HIDDEN = [
    ("[a [b](/a.md)", "brackets"),
    ("[a b] c](/a.md)", "brackets"),
    ("[[a](/a.md)", "brackets"),
    ("[a]]](/a.md)", "brackets"),
    ("[a]: b](/a.md)", "brackets"),
    ("[a ![b](/a.md)", "brackets"),
    ("[a [[b] c](/a.md)", "brackets"),
    (r"[a \[ b] c](/a.md)", "brackets"),
    ("[a `[` b] c](/a.md)", "brackets"),
    ("[a\\](/a.md)", "backslash"),
    ("[a ` b](/a`.md)", "code"),
    ("[a `` b](/a.md) _Context: x``_", "code"),
    ("[a \\```` b](/a.md) _Context: ```_", "code"),
    ("[a <b c='](/a.md) _Context: '>_", "HTML"),
    ("[a <http://x.example/](/a.md#>)", "HTML"),
    ("[a <!-- b](/a.md) _Context: -->_", "HTML"),
    ("[a <!--->b <!-- c](/a.md) _Context: -->_", "HTML"),
    ("[a <? b](/a.md) _Context: ?>_", "HTML"),
    ("[a <!X b](/a.md) _Context: >_", "HTML"),
    ("[a <![CDATA[ b](/a.md) _Context: ]]>_", "HTML"),
    ("[a](<b>)", "'<'"),
    ("[a](<b)", "'<'"),
    ("[a](/x(y.md)", "parentheses"),
    ("[a](/x)y.md)", "parentheses"),
    ("[a](/x)(y.md)", "parentheses"),
    ("[a](" + "(" * 33 + ")" * 33 + ")", "parentheses"),
    ("[a](/x\\)", "backslash"),
    ("[a](/x\\\\\\)", "backslash"),
    ("[a](/x\x01y.md)", "control"),
    ("[a](/x\x7fy.md)", "control"),
]  # fmt: skip


@pytest.mark.parametrize("entry", SHOWN)
def test_what_is_a_link_has_no_reason(entry: str) -> None:
    line = f"1. {entry}"
    assert is_shown(line)
    assert reason(line) == ""


@pytest.mark.parametrize(("entry", "word"), HIDDEN)
def test_what_is_none_has_one_that_fits(entry: str, word: str) -> None:
    line = f"1. {entry}"
    m = grammar_of(EN).entry["related"].fullmatch(line)
    if m is None:  # what follows the target is no note: the swallowing part goes into one
        line = line.replace("'>_Context: x_", ") _Context: '>_").replace(
            ".md)>", ".md) _Context: >_"
        )
    assert not is_shown(line)
    assert word in reason(line)


@pytest.mark.parametrize("blank", [" ", "\t", "  "])
def test_a_blank_in_a_target_is_named(blank: str) -> None:
    text = event(related=[f"[a](/x{blank}y.md)"])
    [found] = found_on(text, "NA110", PATH)
    assert "a space" in found.message


def _spelled(alphabet: str, *chunks: str) -> st.SearchStrategy[str]:
    part = st.sampled_from([*alphabet, *chunks])
    return st.lists(part, max_size=12).map("".join)


_TEXTS = _spelled(
    "[]`<>\\!-?a='\" /:@.*_&;é",
    "``", "<b>", "</b>", "<b c='", '<b c="', "<!--", "-->", "<!-->", "<?", "?>", "<!A", "<![CDATA[",
    "]]>", "<http://x", "<a@b.c>", "<a`@b.c>", "<a@b..c", "\\`", "\\\\", "\\[", "\\]", "[b]",
)  # fmt: skip
_TARGETS = _spelled(
    "/a()\\<>%#?&*_`[]\"'!.\x01\x7f\u00a0é", "&amp;", "\\(", "\\)", "\\\\", "(b)", "->", "``", "://"
)
_NOTES = st.none() | _spelled("`<>a])(-?'\" \\", "``", "-->", "?>", "]]>", "'>", '">', "](b)")


@pytest.mark.property
@given(_TEXTS, _TARGETS, _NOTES)
@example("a \\```", "/a.md", None)
@example("a\\", "/a.md", None)
@example("a", "/a\\", None)
@example("<a`@b..c>", "/a.md", "`")
@example("a <!--", "/a.md", "-->")
@example("a <b\tc>", "/a.md", None)
def test_the_rule_and_the_renderer_agree(text: str, target: str, note: str | None) -> None:
    line = f"1. [{text}]({target})" + (f" _Context: {note}_" if note is not None else "")
    m = grammar_of(EN).entry["related"].fullmatch(line)
    assume(m is not None and m["text"].strip())
    # Where markdown-it is not CommonMark: it takes a backslash before a control character for an
    # escape (section 2.4 does not), and "--->" for no end of a comment (in section 6.6 it is one).
    assume("\\\x01" not in target and "\\\x7f" not in target and "--->" not in line)
    assert (reason(line) == "") == is_shown(line), (line, reason(line), rendered(line))


_SHAPES = [
    "[", "]", "[]", "`", "` `` ", "\\", "\\`", "<", "<a ", "<a b=", "<a b='", "<a b='x' ", "<!--",
    "<!-- --> <!--", "<?", "<!A", "<![CDATA[", "<a@", "<a:", "<a@b.c", "<a" + " " * 9,
    "!--",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("shape", _SHAPES)
def test_hostile_texts_take_time_in_proportion(shape: str) -> None:
    def seconds(count: int) -> float:
        line = f"1. [{shape * count}](/a.md)"
        m = grammar_of(EN).entry["related"].fullmatch(line)
        assert m
        start = time.process_time()
        hidden_reason(line, m.start("text") - 1, m.end("text"), m["target"])
        return time.process_time() - start

    seconds(100)
    tries = []
    for _ in range(5):  # one that no other process disturbs is enough
        small = min(seconds(2_000) for _ in range(3))
        large = min(seconds(16_000) for _ in range(2))
        tries.append((small, large))
        # Linear is 8, quadratic 64; half a millisecond of slack for the clock.
        if large < 24 * small + 0.0005:
            return
    pytest.fail(f"times for 2,000 and 16,000: {tries}")


@pytest.mark.parametrize("shape", ["(", ")", "()", "\\", "\\(", "<", "\u00a0"])
def test_hostile_targets_too(shape: str) -> None:
    line = f"1. [a]({shape * 100_000})"
    start = time.process_time()
    hidden_reason(line, 3, 5, shape * 100_000)
    assert time.process_time() - start < 1


ABOVE = "Nobody was hurt."


def on_page(above: str) -> list[tuple[int, int, str]]:
    """The findings on a page with this description: line, column and message."""
    return [(d.line, d.column, d.message) for d in found_on(spoiled(ABOVE, above), "NA110")]


class TestBlocks:
    """Lines that take the entries below them in."""

    @pytest.mark.parametrize(
        ("above", "what"),
        [
            ("```", "a code block"),
            ("  ```", "a code block"),
            ("```` py", "a code block"),
            ("~~~ a ` b", "a code block"),
            ("~~~\n```\n~~", "a code block"),
            ("<!-- pier", "a comment"),
            ("<!DOCTYPE", "a declaration"),
            ("<![CDATA[", "a CDATA section"),
            ("<?php", "a processing instruction"),
            ("<pre>", "an HTML element"),
            ('<Script type="x">', "an HTML element"),
        ],
    )
    def test_what_nothing_closes_hides_all_below(self, above: str, what: str) -> None:
        [(line, column, message)] = on_page(above)
        assert (line, column) == (5, 1 + len(above) - len(above.lstrip()))
        assert message.endswith(f" links below: this opens {what}")

    @pytest.mark.parametrize(
        "above",
        [
            "```\ncode\n```", "~~~\n~~~~", "``` a ` b", "    ```", "``", "~~", "a ```",
            "<!-- pier -->", "<!-- pier\n\n\n-->", "<pre>x</pre>", "<pre>\n</SCRIPT>", "<prefix",
            "<! pier", "<?php\n?>", "<![CDATA[ ]]>", "<div>", "</p>", "<b>", "<", "< pre>",
            "1. a\n   ```",
        ],
    )  # fmt: skip
    def test_what_ends_above_the_entries_hides_none(self, above: str) -> None:
        assert on_page(above) == []

    @pytest.mark.parametrize("tag", ["<div class='a'>", "</td>", "<hr/>", "<b>", "</ins >"])
    def test_html_goes_on_to_the_next_empty_line(self, tag: str) -> None:
        text = spoiled("### Source:\n\n", f"### Source:\n{tag}\n")
        [found] = found_on(text, "NA110")
        assert found.line == 9
        assert found.message == (
            "no CommonMark renderer shows 3 links below: this opens an HTML block"
        )

    def test_a_tag_within_a_paragraph_opens_none(self) -> None:
        text = spoiled("### Source:\n\n", "### Source:\npier\n<b>\n")
        assert found_on(text, "NA110") == []

    def test_a_link_alone_is_named_as_one(self) -> None:
        text = day_index("2016-03-2", [("A.", "/news/2016/03/2/a.md"), ("B.", "/b.md")])
        text = text.replace("\n### [B.]", "\n~~~\n\n### [B.]")
        [found] = found_on(text, "NA110", "/news/2016/03/2/index.md")
        assert (
            found.message == "no CommonMark renderer shows the link below: this opens a code block"
        )
        assert found.fix is None

    def test_one_block_after_another(self) -> None:
        text = spoiled(ABOVE, "```").replace("### Related:\n", "```\n### Related:\n<!--\n")
        assert [d.line for d in found_on(text, "NA110")] == [5, 16]

    def test_prose_may_hold_what_it_likes(self) -> None:
        assert found_on("# Pier\n\n```\n[a](b)\n", "NA110", "/faq/README.md") == []


HEAD = "### [2016-03-2](/news/2016/03/2/index.md)\n\n# T \n\n\n\n\n"


@pytest.mark.parametrize("hidden", ["a [b", "a <b c='](/x)'>", "a `b](/x)`", "a\\"])
def test_what_hides_a_link_is_seen_on_a_page_that_is_in_order(hidden: str) -> None:
    text = f"{HEAD}### Related:\n\n1. [{hidden}](/news/2016/03/1/a.md) _Context: ``'>_\n"
    if "`" in hidden:
        text = text.replace("/x)`", "/x").replace("``'>", "`")
    assert [d.code for d in na.check_text(text, PATH, select=["NA110"])] == ["NA110"]
