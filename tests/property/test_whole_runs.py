"""A run over a whole archive finds what looking at each page finds: for every rule there is."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings

import newsarchive as na
from newsarchive import strategies as nas
from newsarchive.page.reading import Reading
from newsarchive.rules import Finding, Lookup, Rule
from newsarchive.rules._guard import guarded
from tests.builders import OPENS, PAGE, PATH, SMALL_ARCHIVE, TODAY, event, write_archive
from tests.seams import more_rules_of_the_library, rules_of_packages

pytestmark = pytest.mark.property


def _looks(reading: Reading, *_: object) -> Iterator[Finding]:
    yield Finding(0, 0, "looked at")


def _missing_faq(reading: Reading, lookup: Lookup) -> Iterator[Finding]:
    if not lookup.exists("/faq/README.md"):
        yield Finding(0, 0, "nobody answers")


def _rule(code: str, **checks: object) -> Rule:
    name = f"rule-{code.lower()}"
    return Rule(code, name, na.Severity.INFO, "it says so", "To see.", **checks)  # type: ignore[arg-type]


NEW = (
    _rule("NA297", clock=_looks),
    _rule("NA298", archive=_looks),
    _rule("NA299", archive=_missing_faq),
)
"""Rules that the library might get, which say nothing of what they want."""

PLUGINS = tuple(
    guarded(rule)
    for rule in (
        _rule("XY101", page=_looks),
        _rule("XY102", clock=_looks),
        _rule("XY103", archive=_looks),
        _rule("XY104", page=_looks, clock=_looks),
        _rule("XY105", clock=_looks, archive=_missing_faq),
        _rule("XY106", page=_looks, clock=_looks, archive=_looks),
    )
)


@pytest.fixture(autouse=True)
def more_rules() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        more_rules_of_the_library(patch, *NEW)
        rules_of_packages(patch, *PLUGINS)
        yield


EVERY = (*na.ALL_RULES, *NEW, *PLUGINS)
GROUPS = (
    [rule.code for rule in EVERY if not rule.looks_everywhere],
    *([rule.code] for rule in EVERY if rule.looks_everywhere),
)
"""What runs together: a rule that looks at every page would have all others do so, too."""


def said(diagnostic: na.Diagnostic) -> tuple[object, ...]:
    d = diagnostic
    return d.page, d.code, d.start, d.end, d.message, str(d.fix)


def check_whole_and_parts(pages: Mapping[str, str | bytes | None], *groups: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write_archive(Path(folder), pages)
        archive = na.Archive(root)
        every = list(archive)
        for codes in groups or GROUPS:
            whole = na.check(root, select=codes, today=TODAY).diagnostics
            assert whole == na.check(root, select=codes, today=TODAY, only=every).diagnostics
            if codes is GROUPS[0]:
                each = [na.check(root, select=codes, today=TODAY, only=[path]) for path in every]
                # Not what else was meant: pages that are judged before others have a say in that.
                assert sorted(said(d)[:4] for d in whole) == sorted(
                    said(d)[:4] for report in each for d in report.diagnostics
                )
            alone = {rule.code for rule in EVERY if rule.code in codes and needs_no_archive(rule)}
            texts = {path: archive.read_bytes(path) for path in every} if alone else {}
            found = [
                said(d)
                for path, text in texts.items()
                for d in na.check_text(text, path, select=[*alone], today=TODAY)
            ]
            assert sorted(found) == sorted(said(d) for d in whole if d.code in alone)


def needs_no_archive(rule: Rule) -> bool:
    return bool(rule.page or rule.clock) and not (rule.archive or rule.absent)


def related(target: str, text: str = "The pier opens.") -> str:
    return event(related=[f"[{text}]({target})"])


NUL_TITLED = PAGE.replace("(/news/2016/03/2/index.md)", f"({OPENS}\0The pier opens.)")
ODD: dict[str, dict[str, str | bytes | None]] = {
    "a new day": {"/news/2021/03/2/later.md": event("2021-03-2")},
    "a backslash": {
        "/news/2016/02/29/a\\b.md": event("2016-02-29", "The pier opens."),
        PATH: related("/news/2016/02/29/a\\b.md"),
    },
    "an encoded backslash": {
        "/news/2016/02/29/a%5Cb.md": event("2016-02-29", "The pier opens."),
        PATH: related("/news/2016/02/29/a%5Cb.md"),
    },
    "encoded dots": {
        "/news/%2e%2e/index.md": "# Up\n",
        PATH: PAGE.replace("(/news/2016/03/2/index.md)", "(/news/%2e%2e/index.md)"),
    },
    "a title in a path": {PATH: NUL_TITLED},
    "a line ending in a path": {
        "/news/2016/02/29/a.md\nT.md": event("2016-02-29", "T.md"),
        PATH: related("/news/2016/02/29/a.md", "T.md"),
    },
    "another's version": {
        PATH: event(changes=["[The pier burns.](../2/a.md) _(Current version)_"])
    },
    "bytes": {PATH: b"\xff"},
}


@pytest.mark.parametrize("name", ODD)
def test_odd_names_and_targets_are_looked_at(name: str) -> None:
    check_whole_and_parts({**SMALL_ARCHIVE, **ODD[name]})


def test_sound_pages_and_no_faq() -> None:
    check_whole_and_parts({**SMALL_ARCHIVE, "/faq/README.md": None})


@given(nas.damaged_archives())
@settings(max_examples=60)
def test_damaged_archives(pages: dict[str, str]) -> None:
    check_whole_and_parts(pages, GROUPS[0])


@given(nas.damaged_archives(max_faults=6))
@settings(max_examples=25, deadline=None)
def test_a_page_alone_is_told_what_it_is_told_in_a_whole_run(pages: dict[str, str]) -> None:
    """Messages, suggestions and fixes too, though less is known of the others then."""
    with tempfile.TemporaryDirectory() as folder:
        root = write_archive(Path(folder), pages)
        whole = na.check(root, select=["NA2"], today=TODAY).diagnostics
        for page in pages:
            alone = na.check(root, select=["NA2"], only=[page], today=TODAY).diagnostics
            assert alone == tuple(d for d in whole if d.page == page)
