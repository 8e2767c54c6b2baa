"""Time grows with the text, not with its square: each shape at n and at 4n."""

import time
from collections.abc import Callable

import pytest

import newsarchive as na
from tests.support import DAY_PATH, EVENT_PATH, FRONT_PATH, OPINION_PATH, PATHS, TODAY

HEAD = "### [2016-03-2](/news/2016/03/2/index.md)\n\n# T \n\n"
DAY = "## [2016-03-2](/news/2016/03/2/index.md)\n\n"

# A square takes 16 times as long for 4n, a line 4 times; the clock of a busy machine is rough.
RATIO = 10.0
ENOUGH = 0.004  # seconds: below this, the clock tells nothing

PIECES = (
    "[", "]", "(", ")", "](", "[](", "](/", "](http://", "[a](b", "[a](b)", "[a] ", "![", "]()",
    " ", "\t", "\xa0", "0", "1. ", "`", "``` `", "_", "_a", "*", "<", "<a ", "<a b=", "<!--", "</",
    "&", "&a", "&#1", "'", "''", "{{", "||", "\\", "\\[", "#", "# ", ":", "@", ".", "a.", "a-",
    "http://", ", ", "_Context: ", " _Context: a_", " _(a)_", "%20", "/..", "\u2028", "é", "\x00",
)  # fmt: skip

LINES: dict[str, tuple[str, str]] = {
    "a title": (EVENT_PATH, "### [2016-03-2](/a)\n\n# {}\n\n"),
    "a topic": (EVENT_PATH, "### [2016-03-2](/a)\n\n##### {}\n# T \n\n"),
    "a description": (EVENT_PATH, f"{HEAD}{{}}\n\n"),
    "a date heading": (EVENT_PATH, "### [2016-03-2]({}\n\n# T\n"),
    "a formats line": (EVENT_PATH, "\nFormats: [HTML]({}\n"),
    "a section heading": (EVENT_PATH, f"{HEAD}\n\n\n### {{}}\n"),
    "a source": (EVENT_PATH, f"{HEAD}\n\n\n### Source:\n\n1. [{{}}\n"),
    "a source's name": (EVENT_PATH, f"{HEAD}\n\n\n### Source:\n\n1. [{{}}](http://a.ex)\n"),
    "a source's url": (EVENT_PATH, f"{HEAD}\n\n\n### Source:\n\n1. [a](http://{{}})\n"),
    "a context": (EVENT_PATH, f"{HEAD}\n\n\n### Related:\n\n1. [a](/b) _Context: {{}}_\n"),
    "a tail": (EVENT_PATH, f"{HEAD}\n\n\n### Related:\n\n1. [a](/b) {{}}\n"),
    "a change": (EVENT_PATH, f"{HEAD}\n\n\n### Changes:\n\n1. [a](/b) _({{}})_\n"),
    "an index heading": (DAY_PATH, f"{DAY}### [{{}}\n"),
    "an index target": (DAY_PATH, f"{DAY}### [a]({{}})\n"),
    "an index context": (DAY_PATH, f"{DAY}### [a](/b)\n_Context: {{}}\n"),
    "a front page's heading": (FRONT_PATH, "## {}\n"),
    "prose": ("", "{}"),
}

BLOCKS: dict[str, tuple[str, str, str]] = {
    "sections": (EVENT_PATH, HEAD, "### Source:\n\n1. [a](http://a.ex)\n\n"),
    "unknown sections": (EVENT_PATH, HEAD, "### Relatted\n"),
    "section headings": (EVENT_PATH, HEAD, "### a\n\n\n"),
    "sources": (EVENT_PATH, f"{HEAD}\n\n\n### Source:\n\n", "1. [a](http://a.ex)\n"),
    "related links": (EVENT_PATH, f"{HEAD}\n\n\n### Related:\n\n", "1. [a](/b) _Context: c_\n"),
    "changes": (EVENT_PATH, f"{HEAD}\n\n\n### Changes:\n\n", "1. [a](/b) _(Current version)_\n"),
    "malformed entries": (EVENT_PATH, f"{HEAD}\n\n\n### Related:\n\n", "1. [a(b\n"),
    "loose entries": (EVENT_PATH, f"{HEAD}\n\n\n### Related:\n\n", "1. [a](/b)\n\n text\n"),
    "contexts in entries": (EVENT_PATH, HEAD, "1. [a](/b) _Context: a, b_\n"),
    "description lines": (EVENT_PATH, HEAD, "a\n"),
    "paragraphs": (EVENT_PATH, HEAD, "a\n\n"),
    "titles": (EVENT_PATH, HEAD, "# a\n"),
    "blank lines": (EVENT_PATH, HEAD, "\n"),
    "lines of blanks": (EVENT_PATH, HEAD, " \n"),
    "carriage returns": (EVENT_PATH, HEAD, "\r\n\r"),
    "numbered lines": (EVENT_PATH, f"{HEAD}\n\n\n### a\n\n", "1. a\n\n"),
    "index entries": (DAY_PATH, DAY, "### [a](/b)\n_Context: c, d_\n\n"),
    "index topics": (DAY_PATH, DAY, "##### a\n\n"),
    "index holes": (DAY_PATH, DAY, "### [a](/b)\n\n\n\n##### c\n\n"),
    "malformed index entries": (DAY_PATH, DAY, "##### c\n### [a](b\n"),
    "previous days": (DAY_PATH, DAY, "## [Previous Day...](/a)\n\n### [a](/b)\n\n"),
    "front page sections": (FRONT_PATH, "## [News](/a)\n\n", "## [a](/b)\n\n---\n\n"),
    "rules": (FRONT_PATH, "## [News](/a)\n\n", "---\n### [a](/b)\n"),
    "opinions": (OPINION_PATH, "## Opinion\n", "### [a](/b)\nc\nd\n\n"),
    "news headings": ("", "", "## [New](/a)\n# [2016-1-](\n"),
}


def seconds(work: Callable[[], object]) -> float:
    """The least processor time of three runs: other processes do not count."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def grows(work: Callable[[int], float], n: int) -> str:
    """Empty if four times the text takes at most `RATIO` times as long in one of five tries."""
    said = ""
    for _ in range(5):
        short, long = work(n), work(4 * n)
        if long < RATIO * max(short, ENOUGH):
            return ""
        said = f"{short:.4f} s for {n}, {long:.4f} s for {4 * n}"
    return said


def repeated(line: str, piece: str) -> Callable[[int], str]:
    return lambda n: line.format(piece * n)


def check_growth(path: str, build: Callable[[int], str], n: int, most: int) -> None:
    """Four times the text takes at most `RATIO` times as long."""

    def work(size: int) -> float:
        text = build(size)
        return seconds(lambda: na.inspect(text, path, today=TODAY).spans)

    short = work(n)
    while short < ENOUGH and n < most:
        n *= 4
        short = work(n)
    assert not grows(work, n)


@pytest.mark.parametrize("name", LINES)
def test_one_line_of_anything(name: str) -> None:
    path, line = LINES[name]
    for piece in PIECES:
        text = line.format(piece * (4096 // len(piece)))
        start = time.perf_counter()
        na.inspect(text, path, today=TODAY)
        if time.perf_counter() - start > ENOUGH:
            check_growth(path, repeated(line, piece), 4096 // len(piece), 4096)


@pytest.mark.parametrize("name", BLOCKS)
def test_thousands_of_blocks(name: str) -> None:
    path, head, block = BLOCKS[name]
    check_growth(path, lambda n: head + block * n, 100, 16_000)


@pytest.mark.parametrize("path", PATHS)
def test_a_line_of_a_megabyte(path: str) -> None:
    for piece in ("a", "[", "a b ", "1"):
        line = piece * (1_000_000 // len(piece))
        start = time.process_time()
        na.inspect(f"{HEAD}{line}", path, today=TODAY)
        assert time.process_time() - start < 30


@pytest.mark.parametrize("piece", ["a", "\r", "\ufeff", "\ud800"])
def test_fixing_grows_with_the_text(piece: str) -> None:
    entries = "3. [a](http://a.ex)\r\n"

    def work(n: int) -> float:
        text = f"\ufeff{HEAD}\n\n\n### Source:\n\n{entries * n}{piece * n}"
        return seconds(lambda: na.fix_text(text, EVENT_PATH))

    assert not grows(work, 300)
