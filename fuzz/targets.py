"""What is fuzzed: one function for each reader of bytes that others wrote.

A target takes any bytes and raises where a promise is broken; it returns nothing. A new reader
gets a function here, an entry in `TARGETS` and a folder of first inputs in ``tests/data/fuzz``.
"""

import datetime
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import newsarchive as na
from newsarchive.page.parser import read
from newsarchive.rules._judging import PageRules
from newsarchive.runs.baseline import read_baseline, write_baseline
from newsarchive.runs.workers import Job, Read, Supply, glanced, judged
from newsarchive.store.local import LocalFolder

TODAY = datetime.date(2020, 1, 1)
PATHS = (
    "/news/2016/03/2/the-pier-burns.md",
    "/news/2016/03/2/index.md",
    "/index.md",
    "/opinion/index.md",
    "/opinion/2016/03/2/on-piers/README.md",
    "/faq/README.md",
    "",
)


def page(data: bytes) -> None:
    """Inspect, render, inspect: the first byte chooses the path, the rest is the page."""
    path = PATHS[data[0] % len(PATHS)] if data else ""
    first = na.inspect(data[1:], path, today=TODAY)
    length = len(first.document.text)
    for d in first.diagnostics:
        assert 0 <= d.start <= d.end <= length, d
        assert d.line >= 1 <= d.column, d
        edits = d.fix.edits if d.fix else ()
        assert all(0 <= e.start <= e.end <= length for e in edits), d
    for loc, span in first.spans.items():
        assert 0 <= span.start <= span.end <= length, loc
    if not first.reading.readable:
        return
    if first.page is None:
        assert any(d.severity == "error" for d in first.diagnostics), "no page, and no error"
    elif first.reading.complete:
        text = na.render(first.page)
        second = na.inspect(text, path, today=TODAY)
        assert second.page == first.page, "a rendered page is another page"
        assert na.render(first.page) == text
        layout = {d.code for d in second.diagnostics} & {"NA102", "NA103", "NA107", "NA108"}
        assert not layout, f"a rendered page has findings about its layout: {layout}"
    if path:
        fixed = na.fix_text(first.document.text, path)
        again = na.fix_text(fixed.text, path)
        assert again.text == fixed.text, "a fix of what is fixed"
        assert read(fixed.text, path).page == first.page, "a safe fix changes what the page says"


def sound(data: bytes) -> None:
    """A page that is judged at a glance is judged no otherwise than one that is read.

    The first byte chooses the path, the rest is the page; `PATHS` has the event and the day first.
    """
    path = PATHS[data[0] % 2 if data else 0]
    pages = [Read(path, path.rpartition("/")[2], (), b"", data[1:])]
    codes = frozenset(rule.code for rule in na.ALL_RULES)
    job = Job(LocalFolder("."), codes, seed=7)
    short, whole = PageRules(na.ALL_RULES), PageRules(na.ALL_RULES)
    whole.are_screened = False
    supply = Supply.of(job)
    one, other = (
        [*judged(job, pages, glanced(pages, rules, supply), rules)] for rules in (short, whole)
    )
    assert one == other


@cache
def _small() -> Path:
    """An archive of two pages, and a cache of it, in a folder that lives as long as the process."""
    base = Path(tempfile.mkdtemp(prefix="newsarchive-fuzz-"))
    day = base / "root" / "news" / "2016" / "03" / "2"
    day.mkdir(parents=True)
    head = "[2016-03-2](/news/2016/03/2/index.md)\n\n"
    entry = "### [The pier burns. ](/news/2016/03/2/the-pier-burns.md)\n"
    (day / "index.md").write_bytes(f"## {head}{entry}\n".encode())
    source = "### Source:\n\n1. [a](http://a.example)\n"
    related = "### Related:\n\n1. [A ](/news/2016/03/2/gone.md)\n"
    (day / "the-pier-burns.md").write_bytes(
        f"### {head}# The pier burns. \n\n\n\n\n{source}\n{related}".encode()
    )
    na.check(base / "root", today=TODAY, cache=base / "cache")
    shutil.copytree(base / "cache", base / "kept")
    return base


@cache
def _expected() -> na.Report:
    return na.check(_small() / "root", today=TODAY)


def cache_file(data: bytes) -> None:
    """A cache that is damaged anywhere never stops a run and never changes what it finds.

    Every four bytes are a place in the file and what is written there; if the first byte is odd,
    the rest is the file.
    """
    base = _small()
    [kept] = (base / "kept").iterdir()
    file = base / "cache" / kept.name
    content = bytearray(kept.read_bytes())
    if data[:1] and data[0] % 2:
        content = bytearray(data[1:])
    else:
        for at in range(1, len(data) - 3, 4):
            place = int.from_bytes(data[at : at + 3], "big") % len(content)
            content[place] = data[at + 3]
    shutil.rmtree(base / "cache")
    file.parent.mkdir()
    file.write_bytes(content)
    report = na.check(base / "root", today=TODAY, cache=base / "cache")
    assert report.diagnostics == _expected().diagnostics, report.notices
    again = na.check(base / "root", today=TODAY, cache=base / "cache")
    assert again.diagnostics == _expected().diagnostics, again.notices


def configuration(data: bytes) -> None:
    """A configuration of any bytes is read, or refused with its file and a line that it has."""
    base = _small()
    report = _expected()
    (base / "root" / "newsarchive.toml").write_bytes(data)
    try:
        settings = na.load_settings(base / "root")
    except na.SettingsError as error:
        assert error.file.endswith("newsarchive.toml"), error
        assert 0 <= error.line <= max(1, data.count(b"\n") + 1), error
        assert error.reason, error
        return
    finally:
        (base / "root" / "newsarchive.toml").unlink()
    judged = settings.judge(report)
    codes = {rule.code for rule in settings.rules()}
    assert {d.code for d in judged.diagnostics} <= codes
    places = [(d.page, d.start, d.code) for d in judged.diagnostics]
    assert [p for p in ((d.page, d.start, d.code) for d in report.diagnostics) if p in places] == (
        places
    ), "judging adds findings"
    inside = str(base / "root")
    for place in (settings.cache_dir, settings.baseline):
        assert not isinstance(place, str) or Path(place).resolve().is_relative_to(inside), place


def baseline(data: bytes) -> None:
    """A baseline of any bytes is read, or refused with a line that it has."""
    file = _small() / "known.jsonl"
    file.write_bytes(data)
    try:
        entries = read_baseline(file)
    except na.BaselineError as error:
        assert 0 <= error.line <= data.count(b"\n") + 1, error
        assert error.reason, error
        return
    write_baseline(file, entries)
    assert sorted(map(repr, read_baseline(file))) == sorted(map(repr, entries))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "page": page,
    "sound": sound,
    "cache-file": cache_file,
    "configuration": configuration,
    "baseline": baseline,
}
"""The targets by name; ``tests/data/fuzz/<name>`` holds each one's corpus."""
