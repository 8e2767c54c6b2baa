"""What this library relies on in its block scanner: every line is taken, once, in order."""

import itertools
import subprocess
import sys

import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.page.parser import read
from newsarchive.page.parser._blocks import blocks
from tests.builders import PATHS

# One snippet for each construct of CommonMark 0.31.2 (and some that break other parsers).
CONSTRUCTS = {
    "tabs": "\tfoo\tbaz\t\tbim\n",
    "escapes": "\\# not a heading \\*not\\*\n",
    "references": "&copy; &#35; &#x22; &nope; &#0;\n",
    "thematic breaks": "***\n---\n___\n - - -\n",
    "atx headings": "# a\n## b ##\n### c\n####### d\n#e\n#\ta\n#\n",
    "setext headings": "a\n===\nb\n---\n",
    "indented code": "    a\n\n      b\n",
    "fenced code": "```\n### Source:\n```\n~~~ x\n",
    "open fence": "`````\n\n```\n# a\n",
    "html blocks": "<table>\n### a\n</table>\n\n<!-- a\n\nb -->\n<?php\n",
    "link reference definitions": "[foo]: /url 'title'\n\n[foo]\n",
    "paragraphs": "aaa\n bbb\n\nccc\n",
    "hard breaks": "a  \nb\\\nc\n",
    "blank lines": "\n\n  \n\t\n\na\n\n\n",
    "block quotes": "> # a\n> - b\n>> c\n",
    "lists": "- a\n\n  b\n1. c\n   - d\n2) e\n* \n",
    "a list that starts anywhere": "123456789. ok\n1234567890. not ok\n0. a\n-1. b\n",
    "code spans": "`a` ``b`c`` `d\n",
    "emphasis": "*a* **b** ***c _d_*** _e\n",
    "links": "[a](/b 'c') [d](<e f>) [g [h](i)](j) [k](l(m)n) [o](\n",
    "images": "![a](/b) ![[c](d)](e)\n",
    "autolinks": "<http://a.b?c=d> <a@b.c> <not a link>\n",
    "raw html": "<a href='b'> <c/> </d> <!-- e --> <![CDATA[f]]>\n",
    "tables": "| a | b |\n|---|:-:|\n| c | d |\n",
    "footnotes": "a[^1]\n\n[^1]: b\n",
    "front matter": "---\na: b\n---\n",
    "nesting": "> " * 60 + "a\n" + "- " * 60 + "b\n",
    "no line break at the end": "### Source:\n1. [a](b)",
    "form feed and separators": "a\x0cb\x1cc\x85d\u2028e\n",
}


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_markdown_of_every_kind_is_tiled_and_read(name: str) -> None:
    snippet = CONSTRUCTS[name]
    head = "### [2016-03-2](/news/2016/03/2/index.md)\n\n# T \n\n"
    for body in (snippet, head + snippet, f"{head}### Related:\n\n{snippet}\n{snippet}"):
        found = blocks(body)
        assert "".join(m[0] for m in found) == body
        assert all(one.end() == other.start() for one, other in itertools.pairwise(found))
        for path in PATHS:
            reading = read(body, path)
            for problem in reading.problems:
                assert 0 <= problem.start <= problem.end <= len(body)


@pytest.mark.slow
@given(st.lists(st.sampled_from([*CONSTRUCTS.values(), "\n", "###", " ", "1. "])).map("".join))
def test_any_mixture_is_tiled(body: str) -> None:
    found = blocks(body)
    assert "".join(m[0] for m in found) == body
    assert {m.lastgroup for m in found} <= {"blank", "section", "heading", "formats", "text"}
    assert all(m[0].endswith("\n") for m in found[:-1])


def test_the_scanner_is_of_a_release_whose_parsing_is_known() -> None:
    assert mistune.__version__.split(".")[:2] == ["3", "4"]


def test_blocks_know_nothing_of_each_other() -> None:
    first = [m.span() for m in blocks("### Source:\n\n1. [a](b)\n")]
    blocks("[a]: /b\n\n> ```\n")
    assert [m.span() for m in blocks("### Source:\n\n1. [a](b)\n")] == first


@pytest.mark.slow
def test_only_the_block_pass_imports_the_scanner() -> None:
    code = (
        "import sys; import newsarchive.page.rendering, newsarchive.page.models; "
        "import newsarchive.page.reading; "
        "assert 'mistune' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
