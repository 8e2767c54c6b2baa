"""Time grows with the text, not with its square: each shape at n and at 4n."""

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import newsarchive
import newsarchive as na
from newsarchive.page.document import Document
from newsarchive.page.editions import EDITIONS
from newsarchive.page.parser._grammar import grammar_of
from newsarchive.page.patterns import LazyPattern
from newsarchive.runs.fingerprints import fingerprints
from newsarchive.writers import FORMATS, Format
from newsarchive.writers._view import Presentation
from tests.builders import DAY_PATH, FRONT_PATH, OPINION_PATH, PATH, PATHS, TODAY, write_archive

pytestmark = pytest.mark.slow

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
    "a title": (PATH, "### [2016-03-2](/a)\n\n# {}\n\n"),
    "a topic": (PATH, "### [2016-03-2](/a)\n\n##### {}\n# T \n\n"),
    "a description": (PATH, f"{HEAD}{{}}\n\n"),
    "a date heading": (PATH, "### [2016-03-2]({}\n\n# T\n"),
    "a formats line": (PATH, "\nFormats: [HTML]({}\n"),
    "a section heading": (PATH, f"{HEAD}\n\n\n### {{}}\n"),
    "a source": (PATH, f"{HEAD}\n\n\n### Source:\n\n1. [{{}}\n"),
    "a source's name": (PATH, f"{HEAD}\n\n\n### Source:\n\n1. [{{}}](http://a.ex)\n"),
    "a source's url": (PATH, f"{HEAD}\n\n\n### Source:\n\n1. [a](http://{{}})\n"),
    "a context": (PATH, f"{HEAD}\n\n\n### Related:\n\n1. [a](/b) _Context: {{}}_\n"),
    "a tail": (PATH, f"{HEAD}\n\n\n### Related:\n\n1. [a](/b) {{}}\n"),
    "a change": (PATH, f"{HEAD}\n\n\n### Changes:\n\n1. [a](/b) _({{}})_\n"),
    "an index heading": (DAY_PATH, f"{DAY}### [{{}}\n"),
    "an index target": (DAY_PATH, f"{DAY}### [a]({{}})\n"),
    "an index context": (DAY_PATH, f"{DAY}### [a](/b)\n_Context: {{}}\n"),
    "a front page's heading": (FRONT_PATH, "## {}\n"),
    "prose": ("", "{}"),
}

BLOCKS: dict[str, tuple[str, str, str]] = {
    "sections": (PATH, HEAD, "### Source:\n\n1. [a](http://a.ex)\n\n"),
    "unknown sections": (PATH, HEAD, "### Relatted\n"),
    "section headings": (PATH, HEAD, "### a\n\n\n"),
    "sources": (PATH, f"{HEAD}\n\n\n### Source:\n\n", "1. [a](http://a.ex)\n"),
    "related links": (PATH, f"{HEAD}\n\n\n### Related:\n\n", "1. [a](/b) _Context: c_\n"),
    "changes": (PATH, f"{HEAD}\n\n\n### Changes:\n\n", "1. [a](/b) _(Current version)_\n"),
    "malformed entries": (PATH, f"{HEAD}\n\n\n### Related:\n\n", "1. [a(b\n"),
    "loose entries": (PATH, f"{HEAD}\n\n\n### Related:\n\n", "1. [a](/b)\n\n text\n"),
    "contexts in entries": (PATH, HEAD, "1. [a](/b) _Context: a, b_\n"),
    "description lines": (PATH, HEAD, "a\n"),
    "paragraphs": (PATH, HEAD, "a\n\n"),
    "titles": (PATH, HEAD, "# a\n"),
    "blank lines": (PATH, HEAD, "\n"),
    "lines of blanks": (PATH, HEAD, " \n"),
    "carriage returns": (PATH, HEAD, "\r\n\r"),
    "numbered lines": (PATH, f"{HEAD}\n\n\n### a\n\n", "1. a\n\n"),
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
        start = time.process_time()
        na.inspect(text, path, today=TODAY)
        if time.process_time() - start > ENOUGH:
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


# How each pattern of the source is used: on a hostile text it takes time in proportion. Patterns
# that search are tried at every place of the text; those that match, at the places given.
SEARCHING = {
    "inbound._START", "inbound._TARGET", "nearby._LINKED", "hovering._MARKUP",
    "places._LINE_ENDING",
    "places._WIDE", "_load._AT_LINE", "_lines._TEXTS", "_lines._KEYS", "_kinds._IN_BRACKETS",
    "_kinds._AMBIGUOUS", "junit._FORBIDDEN",
    "text._UNSEEN", "search._IDEOGRAPH", "figures._HOST", "figures._PATH",
    "document._LINE_ENDING", "likeness._WORD", "likeness._UNSPACED", "fingerprints._NUMBER",
    "following.NOT_IN_NAMES", "following._MARKUP", "retitling._DIRECTIONS",
    "parser._DATE_HEADING", "parser._OPINION", "parser._SURROGATE",
    "conflicts._MARKER", "names._DATED", "names._SECTION", "names._FORBIDDEN", "names._WORD",
    "slugs._BESIDE_LETTERS", "slugs._BESIDE_ASCII",
    "_commonmark._BACKTICKS", "_commonmark._CLOSERS[comment]",
    "_commonmark._CLOSERS[data]", "_commonmark._CLOSERS[declaration]",
    "_commonmark._CLOSERS[instruction]", "_commonmark._CLOSERS[raw]",
    "_commonmark._EMPTY_LINE", "_commonmark._FENCE", "_commonmark._HIDING",
    "_commonmark._LINES", "targets._ENCODED",
    "_commonmark._SPECIAL",
    "sources.ENTITY", "sources._RESIDUE",
    "screens._URLS", "screens._IN_BRACKETS",
}  # fmt: skip
MATCHING = {
    "glance._HOST",
    "editions._BASE", "editions._HEADING", "editions._LANGUAGE", "editions._WORD",
    "journal._DIGEST", "navigation._ADDRESS",
    "completion._PATH", "completion._REST_OF_LINK", "completion._REST_OF_PATH",
    "completion._TITLE", "git._CHANGE", "_loading._CODE", "_loading._NAME",
    "_loading._URL", "_kinds._ADDRESS",
    "renames._BLOB", "renames._RENAME", "_events._NUMBER",
    "_grammar.EDITORIAL", "_grammar.FORMATS", "_grammar.GAP", "paths._DAY_FOLDER", "paths._SCHEME",
    "_commonmark._EMPTY_COMMENT", "_commonmark._OPENERS[0]",
    "_commonmark._OPENERS[1]", "_commonmark._OPENERS[2]",
    "_commonmark._OPENERS[3]", "_commonmark._PLAIN_TARGET",
    "_commonmark._PLAIN_TEXT", "_commonmark._TAG", "sources._URL",
    "names._DEVICE", "following._WORDS", "retitling._DIRECTIONS",
    "sections._BLOCK_START", "sections._NOTE_LINE", "sections.TARGET",
    "_text._BASE", "_text._HEADING", "_text._LABEL", "_text._TERMS",
    "_text._DAY", "_text._GAP", "_text._MOMENT", "_text._NOT_EMPTY", "_text._NO_BLANK_ENDS",
    "_text._NO_MARK", "_text._NO_PARENTHESES", "_text._NO_RETURN", "_text._ONE_LINE",
    "_text._ONE_LINK", "_text._ONLY_BLANKS", "_text._PARAGRAPH", "_text._UNBROKEN",
    "path_laws.DAY_INDEX", "path_laws.EVENT", "path_laws._LAWS[day-index]",
    "path_laws._LAWS[event]",
    "_paths._EDITORIAL", "_paths._FRONT_PAGE", "_paths._OPINION_INDEX", "_paths._PROSE",
}  # fmt: skip
# Those of a grammar's patterns that are searched with; the others match.
IN_GRAMMARS = ("entries", "short_entries", "item", "short_item", "front_page")
# What a pattern may begin with before the hostile part: each gets some of the way into it.
OPENINGS = (
    "", "1. [", "1. [a](", "1. [a](b) _Context: ", " [", " [a](", " [2016-03-2](", "_Context: ",
    "Formats: [HTML](", "Formats: [HTML](a)  [JSON](", "# ", "# a\n#### by ", "/opinion/", "<a ",
    "<a@", "http://", "https://a.", "https://a@", "</a", "&#", "/news/", ":000000 100644 ",
)  # fmt: skip


@cache
def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    """Every pattern that a module of the library holds, by name."""
    found: dict[str, re.Pattern[str] | re.Pattern[bytes]] = {}
    for info in pkgutil.walk_packages(newsarchive.__path__, "newsarchive."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        where = info.name.rpartition(".")[2]  # folders may change
        text = Path(str(module.__file__)).read_text("utf-8")
        for name, value in vars(module).items():
            if re.search(rf"^{name} = ", text, re.M):  # made here, not imported
                for label, pattern in held(name, value):
                    found[f"{where}.{label}"] = pattern
    return found | {label: pattern for label, _, pattern in of_grammars()}


def of_grammars() -> Iterator[tuple[str, str, re.Pattern[Any]]]:
    """The patterns of the editions that are built in: each one's name, and where it is kept."""
    for edition in EDITIONS.values():
        for name, value in vars(grammar_of(edition)).items():
            for label, pattern in held(name, value):
                yield f"_grammar.{edition.name}.{label}", name, pattern


def held(name: str, value: object) -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """The patterns that a value is or holds."""
    if isinstance(value, LazyPattern):
        yield name, re.compile(value.pattern, value.flags)
    elif isinstance(value, re.Pattern):
        raise AssertionError(f"{name}: compiled at import; `pattern` compiles on first use")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from held(f"{name}[{key}]", inner)
    elif isinstance(value, tuple | list) and name.isupper():
        for at, inner in enumerate(value):
            inner = inner[0] if isinstance(inner, tuple) and inner else inner
            yield from held(f"{name}[{at}]", inner)


for _label, _name, _ in of_grammars():
    (SEARCHING if _name in IN_GRAMMARS else MATCHING).add(_label)


def test_every_pattern_of_the_source_is_in_the_tables() -> None:
    assert set(patterns()) == SEARCHING | MATCHING


def test_no_pattern_is_compiled_where_the_tables_do_not_see_it() -> None:
    inside = re.compile(
        r"^[ \t]+.*\b(?:re\.(?:compile|match|search|sub|split|findall|finditer)|pattern)\(.*", re.M
    )
    for file in Path(newsarchive.__path__[0]).rglob("*.py"):
        if file.name in ("patterns.py", "_grammar.py"):  # see `of_grammars`
            continue
        for line in inside.findall(file.read_text("utf-8")):
            # A table of patterns at the top of a module is indented, too.
            known = re.match(r'[ \t]+(\(|f?".*": )pattern\(', line)
            # What repeats nothing takes no time to speak of.
            literal = re.search(r"re\.\w+\(r?([\"'])(.*?)\1,", line)
            fixed = literal and not re.search(r"[*+{]", literal[2])
            assert known or fixed, f"{file.name}: {line.strip()}"


@pytest.mark.parametrize("name", sorted(SEARCHING | MATCHING))
def test_each_pattern_takes_time_in_proportion(name: str) -> None:
    pattern = patterns()[name]
    for opening in OPENINGS:
        for piece in PIECES:

            def work(size: int, opening: str = opening, piece: str = piece) -> float:
                text: str | bytes = opening + piece * (size // len(piece))
                if isinstance(pattern.pattern, bytes):
                    text = str(text).encode()
                start = time.process_time()
                tried(pattern, text, search=name in SEARCHING)
                return time.process_time() - start

            # A square of this is 64 million steps, a third of a second at the very least.
            if work(8_000) > 0.05:
                assert not grows(work, 8_000), (name, opening, piece)


def tried(pattern: re.Pattern[Any], text: str | bytes, *, search: bool) -> int:
    """Use a pattern as the source does, on the whole text."""
    if search:
        return sum(1 for _ in pattern.finditer(text))
    return (pattern.match(text) is not None) + (pattern.fullmatch(text) is not None)


SHAPES = {
    "brackets": "[", "parentheses": "(", "blanks": " ", "digits": "1", "backticks": "`",
    "underscores": "_", "entities": "&amp;", "links": "[a](/b)", "notes": " _Context: a_",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("path", [PATH, DAY_PATH])
def test_a_page_of_one_shape(path: str, shape: str) -> None:
    head = HEAD if path == PATH else DAY
    entry = "1. [a](/b)" if path == PATH else "### [a](/b)"
    piece = SHAPES[shape]
    if path == PATH:
        head += "\n\n### Related:\n\n"
    for text in (piece, f"{entry}{piece}", f"{entry[:-4]}{piece}](/b)\n{piece}"):
        check_growth(path, lambda n, text=text, head=head: head + text * n, 250, 4_000)  # type: ignore[misc]


def test_a_hundred_thousand_sections() -> None:
    text = HEAD + "### Source:\n\n1. [a](http://a.ex)\n\n" * 100_000
    found = na.inspect(text, PATH, today=TODAY)
    second = [d for d in found.diagnostics if d.code == "NA109"]
    assert len(second) == 99_999


@pytest.mark.parametrize("piece", ["[", "](", "(", " ", "1", "`", "_", "&amp;", "a"])
def test_a_megabyte_in_one_entry(piece: str) -> None:
    line = f"1. [a{piece * (1_000_000 // len(piece))}](/news/2016/03/1/a.md)\n"
    text = f"{HEAD}\n\n\n### Related:\n\n{line}"
    start = time.process_time()
    found = na.inspect(text, PATH, today=TODAY)
    assert time.process_time() - start < 30
    assert len(list(found.reading.links())) == 2 or piece == "]("


@pytest.mark.parametrize("page", ["event", "index"])
def test_fingerprints_grow_with_the_findings(tmp_path: Path, page: str) -> None:
    def work(n: int) -> float:
        root = tmp_path / str(n)
        if page == "event":
            path = PATH
            entries = "".join(f"{i}. [a {i}](/news/2016/03/1/{i}.md)\n" for i in range(1, n + 1))
            text = f"{HEAD}\n\n\n### Related:\n\n{entries}"
        else:
            path = DAY_PATH
            text = DAY + "".join(f"### [a {i}](/news/2016/03/2/{i}.md)\n\n" for i in range(n))
        write_archive(root, {path: text})
        found = na.check(root, select=["NA201", "NA202"], today=TODAY).diagnostics
        assert len(found) == n
        archive = na.Archive(root)
        return seconds(lambda: fingerprints(archive, found))

    assert not grows(work, 200)


@pytest.mark.parametrize("piece", ["a", "\r", "\ufeff", "\ud800"])
def test_fixing_grows_with_the_text(piece: str) -> None:
    entries = "3. [a](http://a.ex)\r\n"

    def work(n: int) -> float:
        text = f"\ufeff{HEAD}\n\n\n### Source:\n\n{entries * n}{piece * n}"
        return seconds(lambda: na.fix_text(text, PATH))

    assert not grows(work, 300)


def made_report(shape: str, n: int) -> na.Report:
    """A report of `n` findings that have one thing in common, or have nothing in common."""
    found = []
    for i in range(n):
        page = f"/news/2016/03/2/{i if shape == 'many pages' else 'one'}.md"
        target = f"/news/2016/03/2/gone-{0 if shape == 'one missing page' else i}.md"
        line, start = (1, i) if shape == "one line" else (i + 1, i * 2)
        column = i + 1 if shape == "one line" else 1
        elsewhere = "/news/2016/03/2/index.md" if shape == "fixes elsewhere" else ""
        fix = na.Fix("mend", (na.Edit(start, start + 1, "y"),), page=elsewhere)
        found.append(
            na.Diagnostic(
                "NA201", "broken-related-link", list(na.Severity)[i % 3], "gone", page,
                f"archive{page}", start, start + 1, line, column, line, column + 1, fix, (), target,
            )
        )  # fmt: skip
    return na.Report(tuple(found), {"event": n}, {"related": n})


@pytest.mark.parametrize(
    "shape", ["many pages", "one page", "one missing page", "one line", "fixes elsewhere"]
)
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_reports_grow_with_their_findings(form: Format, shape: str) -> None:
    def work(n: int) -> float:
        report = made_report(shape, n)
        document = Document("x" * n * 2 if shape == "one line" else "x\n" * n)
        view = Presentation(show_source=True, document=lambda _: document)
        return seconds(lambda: sum(map(len, form.lines(report.gravest(n - n // 4), view))))

    assert not grows(work, 1_000)


@pytest.mark.parametrize("page", ["event", "index"])
def test_broken_links_of_one_page_take_time_in_proportion(tmp_path: Path, page: str) -> None:
    def work(n: int) -> float:
        root = tmp_path / str(n)
        targets = [f"/news/2016/03/2/gone-{i}.md" for i in range(n)]
        if page == "event":
            entries = [f"{i}. [Gone {i}]({t}) _Context: a, b_\n" for i, t in enumerate(targets, 1)]
            pages = {PATH: f"{HEAD}\n\n\n### Related:\n\n{''.join(entries)}"}
        else:
            entries = [f"### [Gone {i}]({t})\n_Context: a, b_\n\n" for i, t in enumerate(targets)]
            pages = {DAY_PATH: DAY + "".join(entries)}
        there = {
            f"/news/2016/03/2/there-{i}.md": HEAD.replace("# T ", f"# Rain and wind {i}")
            for i in range(20)
        }
        write_archive(root, {**there, **pages})
        return seconds(lambda: na.check(root, select=["NA201", "NA202"], today=TODAY))

    assert not grows(work, 300)


def test_repairing_many_links_of_one_page_takes_time_in_proportion(tmp_path: Path) -> None:
    def work(n: int) -> float:
        root = tmp_path / str(n)
        entries = [f"{i}. [There](/news/2016/03/2/THERE.md#{i})\n" for i in range(1, n + 1)]
        text = f"{HEAD}\n\n\n### Related:\n\n{''.join(entries)}"
        there = {"/news/2016/03/2/there.md": HEAD.replace("# T ", "# There ")}
        archive = na.Archive(write_archive(root, {**there, PATH: text}))
        fixed: list[na.Fixed] = []

        def fix() -> None:
            fixed.append(na.fix_text(text, PATH, codes={"NA201"}, lookup=archive))

        taken = seconds(fix)
        assert len(fixed[-1].applied) == n
        assert "THERE" not in fixed[-1].text
        return taken

    assert not grows(work, 150)


def test_removing_many_dead_entries_of_one_page_ends(tmp_path: Path) -> None:
    entries = [f"{i}. [Gone {i}](/news/2016/03/2/gone-{i}.md)\n" for i in range(1, 2_001)]
    text = f"{HEAD}\n\n\n### Related:\n\n{''.join(entries)}"
    archive = na.Archive(write_archive(tmp_path, {PATH: text}))
    fixed = na.fix_text(
        text, PATH, codes={"NA201", "NA108"}, unsafe=True, remove_dead=True, lookup=archive
    )
    assert "gone" not in fixed.text
    assert fixed.refused == ()
