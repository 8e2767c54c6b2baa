"""Output formats."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix, Severity, Suggestion
from newsarchive.findings.edits import Edit
from newsarchive.findings.report import Report
from newsarchive.page.document import Document
from newsarchive.page.printable import printable
from newsarchive.settings._settings import FORMATS as CONFIGURABLE
from newsarchive.writers import BY_NAME
from newsarchive.writers import json as json_writer
from newsarchive.writers import text as text_writer
from newsarchive.writers._columns import cells
from newsarchive.writers._view import Presentation
from newsarchive.writers.diff import unified
from newsarchive.writers.text import count

PAGE = "/news/2016/03/2/the-pier-burns.md"


def finding(
    code: str = "NA207",
    severity: Severity = Severity.WARNING,
    *,
    message: str = "the link text is wrong",
    file: str = f"archive{PAGE}",
    fix: Fix | None = None,
) -> Diagnostic:
    return Diagnostic(
        code, "some-rule", severity, message, PAGE, file, 10, 14, 3, 5, 3, 9, fix
    )  # fmt: skip


SAFE = Fix("mend it", (Edit(10, 14, "new"), Edit(20, 20, "\u2028")))
UNSAFE = Fix("perhaps", (Edit(1, 2, ""),), Applicability.UNSAFE)


class TestPrintable:
    @pytest.mark.parametrize("text", ["", "plain", "Léré – “x”", "日本語 русский עברית", "a b"])
    def test_text_stays_as_it_is(self, text: str) -> None:
        assert printable(text) == text

    @pytest.mark.parametrize(
        ("text", "escaped"),
        [
            ("a\nb", r"a\nb"),
            ("a\r\tb", r"a\r\tb"),
            ("\x1b[31mred", r"\x1b[31mred"),
            ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
            ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
            ("a\u202egnp.exe", r"a\u202egnp.exe"),
            ("a\u2066b\u200fc\u200b", r"a\u2066b\u200fc\u200b"),
            ("a\u2028b\u0085c", r"a\u2028b\x85c"),
            ("\ufeffa", r"\ufeffa"),
            ("a\u00a0b", r"a\xa0b"),
            ("\udce9", r"\udce9"),
            ("\U000e0041", r"\U000e0041"),
        ],
    )
    def test_what_acts_on_a_terminal_or_cannot_be_seen_is_escaped(
        self, text: str, escaped: str
    ) -> None:
        assert printable(text) == escaped
        assert printable(text).isprintable()


class TestText:
    def test_a_finding_is_a_line(self) -> None:
        line = next(text_writer.lines(Report((finding(),))))
        assert line == f"archive{PAGE}:3:5: warning NA207 [some-rule] the link text is wrong"

    def test_without_a_file_the_page_is_named_and_without_that_the_text(self) -> None:
        line = next(text_writer.lines(Report((finding(file=""),))))
        assert line.startswith(f"{PAGE}:3:5: ")
        [found] = na.check_text(b"\xff")
        assert next(text_writer.lines(Report((found,)))).startswith("<text>:1:1: error NA101 ")

    def test_safe_fixes_are_marked(self) -> None:
        lines = list(text_writer.lines(Report((finding(fix=SAFE), finding(fix=UNSAFE), finding()))))
        assert [line.endswith("(fixable)") for line in lines[:3]] == [True, False, False]

    def test_names_and_messages_cannot_act_on_the_terminal(self) -> None:
        hostile = finding(file="a\x1b[2J\n.md", message="'\u202e\x07'")
        line = next(text_writer.lines(Report((hostile,))))
        assert line.isprintable()
        assert r"a\x1b[2J\n.md:3:5" in line

    def test_the_summary_counts_pages_links_and_findings(self) -> None:
        found = (
            finding("NA201", Severity.ERROR, fix=SAFE),
            finding("NA202", Severity.ERROR),
            finding("NA207", Severity.WARNING, fix=UNSAFE),
            *[finding("NA502", Severity.INFO)] * 1200,
        )
        pages = {"event": 1234, "day-index": 2, "front-page": 1, "prose": 1, "opinion-index": 2}
        links = {"related": 3, "index-entry": 2, "previous-day": 1, "day": 1, "format": 6,
                 "cover-image": 1, "source": 1, "change": 1}  # fmt: skip
        lines = list(text_writer.lines(Report(found, pages, links)))[len(found) :]
        assert lines[0] == (
            "Checked 1,240 pages: 1,234 events, 2 day indexes, 2 opinion indexes, 1 front page, "
            "1 prose page."
        )
        assert lines[1] == (
            "Followed 16 links: 6 format links, 3 related links, 2 index entries, 1 change, "
            "1 cover image, 1 day link, 1 previous-day link, 1 source."
        )
        assert lines[2].startswith("Found 2 errors, 1 warning, 1,200 info; 1 can be fixed")
        assert "--fix" in lines[2]

    def test_a_hint_of_safe_fixes_is_given_only_where_there_are_some(self) -> None:
        assert "--fix" not in list(text_writer.lines(Report((finding(fix=UNSAFE),))))[-1]

    def test_a_run_without_pages_has_no_kinds_to_tell(self) -> None:
        lines = list(text_writer.lines(Report((finding("NA901", Severity.ERROR),))))
        assert lines[1:] == ["Checked 0 pages.", "Found 1 error."]

    def test_without_findings_it_says_so(self) -> None:
        lines = list(text_writer.lines(Report((), {"event": 1}, {})))
        assert lines == ["Checked 1 page: 1 event.", "No findings."]

    def test_a_style_colours_severities(self) -> None:
        seen: list[tuple[str, object]] = []

        def style(text: str, **options: object) -> str:
            seen.append((text, options.get("fg")))
            return f"<{text}>"

        report = Report((finding("NA201", Severity.ERROR), finding("NA502", Severity.INFO)))
        lines = list(text_writer.lines(report, Presentation(style=style)))
        assert "<error NA201> [some-rule]" in lines[0]
        assert ("error NA201", "red") in seen
        assert ("info NA502", "blue") in seen
        assert lines[-1] == "Found <1 error>, <1 info>."

    @pytest.mark.parametrize(
        ("number", "noun", "shown"),
        [
            (0, "page", "0 pages"),
            (1, "index entry", "1 index entry"),
            (2, "index entry", "2 index entries"),
            (1_000_000, "day index", "1,000,000 day indexes"),
        ],
    )
    def test_counts(self, number: int, noun: str, shown: str) -> None:
        assert count(number, noun) == shown


class TestSource:
    """The line that a finding points at, with carets below."""

    def shown(
        self, text: str, column: int, end: int, width: int = 100, lines: int = 0
    ) -> list[str]:
        d = replace(
            finding(), line=1, end_line=1 + lines, column=column, end_column=end, file="x.md"
        )
        view = Presentation(
            show_source=True, quiet=True, width=width, document=lambda file: Document(text)
        )
        _, margin, *rest = text_writer.lines(Report((d,)), view)
        assert margin == "  |"
        return rest

    def test_carets_stand_below_what_is_meant(self) -> None:
        assert self.shown("# The pier burns.\n", 7, 11) == [
            "1 | # The pier burns.",
            "  |       ^^^^",
        ]

    def test_a_place_without_a_length_has_one_caret(self) -> None:
        assert self.shown("ab", 3, 3) == ["1 | ab", "  |   ^"]
        assert self.shown("", 1, 1) == ["1 | ", "  | ^"]

    def test_of_several_lines_the_first_is_shown_to_its_end(self) -> None:
        assert self.shown("abc\ndef\n", 2, 2, lines=1) == ["1 | abc", "  |  ^^"]

    def test_a_column_beyond_the_line_is_its_end(self) -> None:
        assert self.shown("abc", 9, 12) == ["1 | abc", "  |    ^"]

    def test_wide_characters_take_two_columns_and_marks_none(self) -> None:
        assert self.shown("日本 e\u0301x", 3, 6) == ["1 | 日本 e\u0301x", "  |     ^^"]

    def test_what_acts_on_a_terminal_is_escaped_and_counted_so(self) -> None:
        assert self.shown("a\x1b\tbc", 4, 5) == ["1 | a\\x1b\\tbc", "  |        ^"]

    @pytest.mark.slow
    @given(
        st.text(st.sampled_from("ab日é\u0301\x1b\t😀"), max_size=120),
        st.integers(0, 120),
        st.integers(0, 120),
        st.integers(12, 90),
    )
    def test_long_lines_are_cut_around_it(
        self, text: str, start: int, length: int, width: int
    ) -> None:
        source, carets = self.shown(text, start + 1, start + length + 1, width)
        assert cells(source) <= max(width, 4) + 1
        assert source.isprintable()
        assert carets.endswith("^")
        assert cells(source) + 1 >= len(carets)
        if printable(text) not in source:
            assert "…" in source

    def test_what_is_meant_stays_in_view(self) -> None:
        text = "x" * 300 + "HERE" + "y" * 300
        source, carets = self.shown(text, 301, 305, width=60)
        assert source.startswith("1 | …xx")
        assert source.endswith("yy…")
        assert source[carets.index("^") : carets.rindex("^") + 1] == "HERE"
        assert len(source) <= 60

    def test_what_follows_stays_where_there_is_room_for_it(self) -> None:
        text = "x" * 300 + "HERE" + "y" * 9
        source, _ = self.shown(text, 301, 305, width=60)
        assert source.startswith("1 | …xx")
        assert source.endswith("xHEREyyyyyyyyy")

    def test_what_is_meant_is_cut_where_it_is_too_long_itself(self) -> None:
        source, carets = self.shown("日" * 300, 1, 301, width=60)
        assert source.endswith("日…")
        assert cells(source) <= 60
        assert carets.count("^") == cells(source) - 4

    @pytest.mark.parametrize("text", [None, "one line"])
    def test_a_text_that_is_not_known_or_shrank_shows_nothing(self, text: str | None) -> None:
        view = Presentation(
            show_source=True, quiet=True, document=lambda _: Document(text) if text else None
        )
        assert len(list(text_writer.lines(Report((finding(),)), view))) == 1


class TestBrokenLinks:
    def broken(self, target: str, line: int) -> Diagnostic:
        found = finding("NA201", Severity.ERROR, message=f"'{target}' does not exist")
        return replace(found, line=line, target=target)

    def test_json_keeps_them_apart(self) -> None:
        report = Report((self.broken("/a.md", 1), self.broken("/a.md", 3)))
        written = json.loads("\n".join(json_writer.lines(report)))
        assert [d["line"] for d in written["diagnostics"]] == [1, 3]

    def test_suggestions_are_told_with_their_evidence(self) -> None:
        found = replace(
            self.broken("/a.md", 1),
            suggestions=(Suggestion("/b.md", 0.87654, ("same title, same day",), certain=False),),
        )
        written = json.loads("\n".join(json_writer.lines(Report((found,)))))
        assert written["diagnostics"][0]["suggestions"] == [
            {"path": "/b.md", "score": 0.877, "certain": False, "reasons": ["same title, same day"]}
        ]


SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["schema_version", "summary", "diagnostics"],
    "properties": {
        "schema_version": {"const": 1},
        "summary": {
            "type": "object",
            "properties": {
                name: {
                    "type": "object",
                    "required": ["total"],
                    "additionalProperties": {"type": "integer", "minimum": 0},
                }
                for name in ("pages", "links", "findings")
            },
            "required": ["pages", "links", "findings"],
        },
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    "code", "name", "severity", "page", "file", "line", "column", "end_line",
                    "end_column", "message", "fix",
                ],
                "properties": {
                    "code": {"type": "string", "pattern": "^NA[0-9]{3}$"},
                    "name": {"type": "string"},
                    "severity": {"enum": ["error", "warning", "info"]},
                    "page": {"type": "string"},
                    "file": {"type": "string"},
                    **{
                        name: {"type": "integer", "minimum": 1}
                        for name in ("line", "column", "end_line", "end_column")
                    },
                    "message": {"type": "string"},
                    "fix": {"type": ["object", "null"]},
                },
            },
        },
    },
}  # fmt: skip
"""The promised shape; more members may come, none of these may go."""


class TestJson:
    def written(self, *found: Diagnostic) -> dict[str, Any]:
        report = Report(found, {"prose": 1, "event": 2}, {"related": 3})
        written: dict[str, Any] = json.loads("\n".join(json_writer.lines(report)))
        jsonschema.validate(written, SCHEMA)
        return written

    def test_the_whole_object(self) -> None:
        written = self.written(finding(fix=SAFE), finding("NA502", Severity.INFO))
        assert written["schema_version"] == 1
        assert written["summary"]["pages"] == {"total": 3, "event": 2, "prose": 1}
        assert written["summary"]["links"] == {"total": 3, "related": 3}
        assert written["summary"]["findings"] == {"total": 2, "error": 0, "warning": 1, "info": 1}
        assert written["summary"]["codes"] == {"NA207": 1, "NA502": 1}
        first = written["diagnostics"][0]
        promised = {
            "code": "NA207",
            "name": "some-rule",
            "severity": "warning",
            "page": PAGE,
            "file": f"archive{PAGE}",
            "line": 3,
            "column": 5,
            "end_line": 3,
            "end_column": 9,
            "message": "the link text is wrong",
        }
        assert {key: first[key] for key in promised} == promised
        assert first["fix"]["title"] == "mend it"
        assert first["fix"]["applicability"] == "safe"
        assert first["fix"]["edits"] == [
            {"start": 10, "end": 14, "replacement": "new"},
            {"start": 20, "end": 20, "replacement": "\u2028"},
        ]
        assert written["diagnostics"][1]["fix"] is None

    def test_no_finding_is_an_empty_list(self) -> None:
        assert self.written()["diagnostics"] == []

    def test_a_finding_is_a_line_and_all_of_it_is_ascii(self) -> None:
        lines = list(json_writer.lines(Report((finding(message="é\n\u2028\ud800"), finding()))))
        assert sum(line.startswith('{"code"') for line in lines) == 2
        assert "".join(lines).isascii()
        [first, _] = json.loads("\n".join(lines))["diagnostics"]
        assert first["message"] == "é\n\u2028\ud800"

    def test_a_broken_link_with_an_unsafe_fix(self) -> None:
        [only] = self.written(finding(fix=UNSAFE))["diagnostics"]
        assert only["fix"]["applicability"] == "unsafe"


class TestDiff:
    def test_it_is_unified(self) -> None:
        assert list(unified("news/x.md", b"a\nb\nc\n", b"a\nB\nc\n")) == [
            "--- a/news/x.md", "+++ b/news/x.md", "@@ -1,3 +1,3 @@", " a", "-b", "+B", " c",
        ]  # fmt: skip

    def test_nothing_changed_is_nothing(self) -> None:
        assert list(unified("x.md", b"a\n", b"a\n")) == []

    def test_changes_that_cannot_be_seen_are_shown_as_escapes(self) -> None:
        lines = list(unified("x.md", "\ufeffa\r\n\x1b".encode(), b"a\n\x1b"))
        assert r"-\ufeffa\r" in lines
        assert "+a" in lines
        assert all(line.isprintable() for line in lines)

    def test_a_lost_last_line_ending_is_seen(self) -> None:
        lines = list(unified("x.md", b"a", b"a\n"))
        assert lines[3:] == ["-a", "\\ No newline at end of file", "+a"]

    def test_a_name_cannot_act_on_the_terminal(self) -> None:
        lines = list(unified("x\n+++ b/etc\x1b.md", b"a", b"b"))
        assert lines[0] == r"--- a/x\n+++ b/etc\x1b.md"

    def test_bytes_that_are_no_text_do_not_stop_it(self) -> None:
        assert "-\ufffd" in list(unified("x.md", b"\xff", b"a"))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"a\nb\nc\n", b"a\nB\nc\n"),
            (b"1\n2\n3\n4\n5\n6\n7\n8\n9\n", b"0\n1\n2\n3\n4\n5\n6\n7\n8\nnine\n"),
            (b"a\nb", b"a\nb\n"),
            (b"a\n\n\n", b"a\n"),
            (b"", b"a\n"),
            (b"a\tb\n", b"a\tB\n"),
            ("Léré\n".encode(), "Léré!\n".encode()),
        ],
    )
    def test_patch_makes_the_new_file_of_the_old_one(
        self, tmp_path: Path, old: bytes, new: bytes
    ) -> None:
        file = tmp_path / "x.md"
        file.write_bytes(old)
        patch = "".join(f"{line}\n" for line in unified("x.md", old, new))
        try:
            subprocess.run(
                ["git", "apply", "--whitespace=nowarn", "-"],
                input=patch.encode(), cwd=tmp_path, check=True, capture_output=True,
            )  # fmt: skip
        except FileNotFoundError:
            pytest.skip("git is not installed")
        assert file.read_bytes() == new


def test_a_configuration_knows_every_format() -> None:
    assert tuple(BY_NAME) == CONFIGURABLE
