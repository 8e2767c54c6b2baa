"""What holds for all settings, reports and baselines."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.cli._config import _text
from newsarchive.runs.baseline import Scope, compare, read_baseline, write_baseline
from newsarchive.settings import PerPath, Settings, load_settings
from newsarchive.settings._kinds import keys_of
from newsarchive.settings._lines import lines_of
from tests.builders import OPENS, PATH, REBUILT, SMALL_ARCHIVE, TODAY, event, write_archive

pytestmark = pytest.mark.property

WORDS = sorted({"ALL", *(r.code[:n] for r in na.ALL_RULES for n in (2, 3, 5))})
WORDS += [rule.name for rule in na.ALL_RULES]
words = st.lists(st.sampled_from(WORDS), max_size=3).map(tuple)
levels = st.sampled_from(list(na.Severity))
severities = st.dictionaries(st.sampled_from(WORDS), levels, max_size=3)
patterns = st.sampled_from(
    ["/news/", "2016/", "news/2016/03/**", "!/news/2016/03/2/", "*.md", "the-pier-*", "é", "a b"]
)  # fmt: skip
tables = st.builds(
    PerPath,
    paths=st.lists(patterns, min_size=1, max_size=3).map(tuple),
    select=words, extend_select=words, ignore=words, severities=severities,
)  # fmt: skip
settings = st.builds(
    Settings,
    select=words, extend_select=words, ignore=words, severities=severities,
    per_path=st.lists(tables, max_size=3).map(tuple),
    fail_on=st.sampled_from(["error", "warning", "info", "never"]),
    output_format=st.sampled_from(["text", "json"]),
    unsafe_fixes=st.booleans(), remove_dead=st.booleans(), cache=st.booleans(),
    baseline=st.sampled_from([None, False]),
    jobs=st.none() | st.integers(1, 99),
    today=st.none() | st.dates(),
)  # fmt: skip


@pytest.fixture(scope="module")
def report() -> na.Report:
    """The findings of every rule on an archive with many faults."""
    root = Path(__file__).parents[2] / "examples/faulty"
    return na.check(root, select=["ALL"], today=TODAY)


class _Plain:
    """An origin that `newsarchive config` shows."""

    def __str__(self) -> str:
        return "x"


@given(settings)
def test_what_is_written_as_toml_is_read_as_the_same(
    tmp_path_factory: pytest.TempPathFactory, chosen: Settings
) -> None:
    folder = tmp_path_factory.mktemp("a")
    try:
        (folder / "news").mkdir()
        origins = {field: _Plain() for field, _ in keys_of(Settings).values()}
        text = "\n".join(_text(chosen, origins, {})) + "\n"  # type: ignore[arg-type]
        (folder / "newsarchive.toml").write_text(text, "utf-8")
        found = load_settings(folder)
        assert replace(found, file="", configured=frozenset()) == chosen
        lines = text.split("\n")
        for path, number in lines_of(text).items():
            if len(path) == 1 and path[0] != "per-path":
                assert lines[number - 1].startswith(f"{path[0]} =")
    finally:
        shutil.rmtree(folder)


@given(settings)
def test_judging_invents_nothing_and_keeps_the_order(report: na.Report, chosen: Settings) -> None:
    judged = chosen.judge(report)
    rest = iter(report.diagnostics)
    for d in judged.diagnostics:
        assert any(replace(e, severity=d.severity) == d for e in rest)
    assert {d.code for d in judged.diagnostics} <= {rule.code for rule in chosen.rules()}
    assert (judged.pages, judged.links) == (report.pages, report.links)


@given(settings)
def test_judging_twice_is_judging_once(report: na.Report, chosen: Settings) -> None:
    once = chosen.judge(report)
    assert chosen.judge(once) is once


@given(settings)
def test_a_run_of_the_chosen_rules_is_all_rules_judged(report: na.Report, chosen: Settings) -> None:
    codes = {rule.code for rule in chosen.rules()}
    ran = replace(report, diagnostics=tuple(d for d in report.diagnostics if d.code in codes))
    assert chosen.judge(ran).diagnostics == chosen.judge(report).diagnostics


@given(settings, words)
def test_what_an_option_ignores_is_ignored_everywhere(
    report: na.Report, chosen: Settings, ignored: tuple[str, ...]
) -> None:
    judged = chosen.override(ignore=ignored).judge(report)
    hidden = Settings(select=("ALL",), ignore=ignored)
    assert hidden.judge(judged).by_code() == judged.by_code()


FAULTS = {
    OPENS: ("### Source", "stray words\n\n### Source"),
    PATH: ("\n2. ", "\n7. "),
    REBUILT: ("### [2016-03-4]", "### [2016-03-5]"),
    "/index.md": (f"]({PATH})", "](/news/2016/03/2/gone.md)"),
}


@examples(max_examples=15)  # each writes an archive twice and checks it
@given(st.sets(st.sampled_from(sorted(FAULTS))), st.integers(0, 5), st.data())
def test_a_baseline_keeps_back_just_what_it_holds(
    tmp_path_factory: pytest.TempPathFactory, spoiled: set[str], shift: int, data: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("a")
    try:
        broken = event(
            "2016-02-29", "The pier opens.", description="&amp;",
            related=[f"[A page {n}.](/news/2016/02/29/gone-{n}.md)" for n in range(4)],
        )  # fmt: skip
        pages = {**SMALL_ARCHIVE, OPENS: broken}
        for path in spoiled:
            pages[path] = pages[path].replace(*FAULTS[path])
        write_archive(root, pages)
        archive, scope = na.Archive(root), Scope(Settings())
        found = na.check(archive, today=TODAY)
        first = compare((), archive, found, scope)
        assert first.report.diagnostics == found.diagnostics
        entries = first.new
        kept = data.draw(st.sets(st.sampled_from(entries)))
        write_baseline(root / "known", kept)
        known = read_baseline(root / "known")
        assert set(known) == kept
        partly = compare(known, archive, found, scope)
        assert [e in kept for e in entries].count(True) == len(partly.kept)
        assert partly.new == tuple(e for e in entries if e not in kept)
        assert partly.unneeded == ()
        # More sources above: every line below moves, and no finding is new.
        sources = "".join(f"{n}. [S {n}](https://s{n}.example)\n" for n in range(1, shift + 2))
        text = broken.replace("1. [Harbour Post](https://post.example.org/pier)\n", sources)
        write_archive(root, {OPENS: text.replace(*FAULTS[OPENS]) if OPENS in spoiled else text})
        shifted = na.Archive(root)
        again = compare(entries, shifted, na.check(shifted, today=TODAY), scope)
        assert (again.new, again.unneeded) == ((), ())
        assert len(again.kept) == len(entries)
    finally:
        shutil.rmtree(root)
