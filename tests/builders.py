"""What most tests need to say: a page, an archive, their places, and what is found on them.

`PAGE` is an event with every section, `SMALL_ARCHIVE` a closed archive around it: four days in
a chain, each event listed, every link leading to a page. Both check clean until a test spoils
them: it changes one thing and says what must be found.

Where the input of a test stands in the test, `page` takes the margin off a text that is indented
with the code around it; a line that holds ``·`` at its end ends in one blank, so that no editor
takes it away.
"""

import datetime
import os
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import newsarchive as na
from newsarchive.findings.diagnostics import Diagnostic

TODAY = datetime.date(2020, 1, 1)
"""The clock of all tests: later than every page here."""

PATH = "/news/2016/03/2/the-pier-burns.md"
DAY_PATH = "/news/2016/03/2/index.md"
FRONT_PATH = "/index.md"
OPINION_PATH = "/opinion/index.md"
EDITORIAL_PATH = "/opinion/2016/03/2/on-piers/README.md"
PROSE_PATH = "/faq/README.md"
PATHS = (PATH, DAY_PATH, FRONT_PATH, OPINION_PATH, EDITORIAL_PATH, PROSE_PATH, "")
"""One path of each kind of page, and none."""

DATA = Path(__file__).parent / "data"

_Page = TypeVar("_Page", na.Event, na.DayIndex, na.FrontPage, na.OpinionIndex)

PAGE = """\
### [2016-03-2](/news/2016/03/2/index.md)

# The pier burns.

Nobody was hurt.


### Source:

1. [Harbour Post](https://post.example.org/pier)
2. [Evening Tide](https://tide.example.org/fire?id=7)
2. [Cover Image](https://post.example.org/pier.jpg)

### Related:

1. [The pier opens.](/news/2016/02/29/the-pier-opens.md) _Context: pier, Veldania_
2. [The pier is rebuilt.](/news/2016/03/4/the-pier-is-rebuilt.md)

### Changes:

1. [Smoke over the pier.](/news/2016/03/2/smoke.md) _2016-03-02 10:00:00 (First version)_
2. [The pier burns.](/news/2016/03/2/the-pier-burns.md) _2016-03-02 10:00:00 (Update)_
2. [The pier burns.](/news/2016/03/2/the-pier-burns.md) _(Current version)_
"""


def event(
    day: str = "2016-03-2",
    title: str = "The pier burns.",
    *,
    description: str = "",
    sources: Iterable[str] = ("[Harbour Post](https://post.example.org/pier)",),
    related: Iterable[str] = (),
    changes: Iterable[str] = (),
) -> str:
    """The text of an event page of the first generation; entries are given without numbers."""
    year, month, number = day.split("-")
    parts = [f"### [{day}](/news/{year}/{month}/{number}/index.md)\n\n# {title}\n\n"]
    parts.append(f"{description}\n\n" if description else "\n\n")
    listed = [
        f"### {name}:\n\n" + "".join(f"{n}. {entry}\n" for n, entry in enumerate(entries, 1))
        for name, entries in (("Source", sources), ("Related", related), ("Changes", changes))
        if entries
    ]
    return "".join(parts) + ("\n" + "\n".join(listed) if listed else "")


def day_index(day: str, entries: Iterable[tuple[str, str]], previous: str | None = None) -> str:
    """The text of a day's index: entries are titles and paths."""
    year, month, number = day.split("-")
    out = [f"## [{day}](/news/{year}/{month}/{number}/index.md)\n\n"]
    out += [f"### [{title}]({path})\n" for title, path in entries]
    if previous is not None:
        out.append(f"## [Previous Day...]({previous})\n\n")
    return "".join(out)


OPENS = "/news/2016/02/29/the-pier-opens.md"
REBUILT = "/news/2016/03/4/the-pier-is-rebuilt.md"
LATER = "/news/2016/03/10/the-pier-opens-again.md"

SMALL_ARCHIVE: Mapping[str, str] = {
    "/news/2016/02/29/index.md": day_index("2016-02-29", [("The pier opens.", OPENS)]),
    OPENS: event("2016-02-29", "The pier opens.", related=[f"[The pier burns.]({PATH})"]),
    "/news/2016/03/2/index.md": day_index(
        "2016-03-2", [("The pier burns.", PATH)], "/news/2016/02/29/index.md"
    ),
    PATH: PAGE.replace("/news/2016/03/2/smoke.md", OPENS),
    "/news/2016/03/4/index.md": day_index(
        "2016-03-4", [("The pier is rebuilt.", REBUILT)], "/news/2016/03/2/index.md"
    ),
    REBUILT: event("2016-03-4", "The pier is rebuilt."),
    "/news/2016/03/10/index.md": day_index(
        "2016-03-10", [("The pier opens again.", LATER)], "/news/2016/03/4/index.md"
    ),
    LATER: event("2016-03-10", "The pier opens again."),
    "/index.md": (
        "## [News](/news/2016/03/10/index.md)\n\n"
        f"### [The pier opens again.]({LATER})\n\n"
        "## Opinion\n"
        "### [On piers](/opinion/2016/03/9/on-piers/README.md)\nThey burn.\n\n"
        "---\n\n"
        "## [Previous Day...](/news/2016/03/4/index.md)\n\n"
    ),
    "/opinion/index.md": (
        "## Opinion\n### [On piers](/opinion/2016/03/9/on-piers/README.md)\nThey burn.\n\n"
    ),
    "/opinion/2016/03/9/on-piers/README.md": "# On piers\n#### by A. Keeper\n\nThey burn.\n",
    "/faq/README.md": "# Questions\n\nNone so far.\n",
}
"""A closed archive without a finding."""


def write_archive(
    root: Path, pages: Mapping[str, str | bytes | None] = SMALL_ARCHIVE, *, small: bool = False
) -> Path:
    """Write pages to a folder and return it.

    Args:
        root: the folder.
        pages: archive paths and texts; None leaves a page of the small archive out.
        small: whether the pages are those of the small archive, but for `pages`.
    """
    (root / "news").mkdir(parents=True, exist_ok=True)
    merged = {**SMALL_ARCHIVE, **pages} if small else dict(pages)
    for path, text in merged.items():
        if text is None:
            continue
        file = root / os.fspath(path[1:])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def contents(root: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones and all, by archive path."""
    found = sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink())
    return {"/" + p.relative_to(root).as_posix(): p.read_bytes() for p in found}


def texts(root: Path) -> dict[str, str]:
    """The text of every file below a folder, by archive path."""
    return {path: data.decode() for path, data in contents(root).items()}


def snapshot(root: Path) -> dict[str, tuple[bytes, int, int]]:
    """Every file below a folder, with what shows that it was written anew though it is the same.

    Two writes may fall into one tick of the clock, but what is written whole is another file.
    """
    found = sorted(p for p in root.rglob("*") if p.is_file())
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_ino) for p in found}


def spoiled(old: str, new: str, text: str = PAGE) -> str:
    """A text with its only `old` replaced."""
    assert text.count(old) == 1, f"{text.count(old)} of {old!r}"
    return text.replace(old, new)


def found_on(
    text: str | bytes, code: str, path: str = PATH, *, today: datetime.date = TODAY
) -> list[Diagnostic]:
    """The findings of one rule on one page."""
    return list(na.check_text(text, path, select=[code], today=today))


def found_in(root: Path, code: str, *, today: datetime.date = TODAY) -> list[Diagnostic]:
    """The findings of one rule in an archive."""
    return list(na.check(root, select=[code], today=today).diagnostics)


def where(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, int, int]]:
    """Page, line and column of each finding."""
    return [(d.page, d.line, d.column) for d in diagnostics]


def the_one(diagnostics: Iterable[Diagnostic], line: int, column: int, *words: str) -> Diagnostic:
    """The only finding, at this place and with these words in its message."""
    found = list(diagnostics)
    assert [(d.line, d.column) for d in found] == [(line, column)], found
    for word in words:
        assert word in found[0].message, found[0].message
    return found[0]


def shown(diagnostic: Diagnostic, text: str) -> str:
    """What a finding marks in its text."""
    return text[diagnostic.start : diagnostic.end]


def fixed(text: str, diagnostic: Diagnostic) -> str:
    """The text with a finding's own fix applied."""
    assert diagnostic.fix is not None
    return na.apply_edits(text, diagnostic.fix.edits)


def uncounted() -> dict[str, str]:
    """The environment for a process whose coverage is not counted: it does nothing but its own."""
    return {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}


def page(text: str) -> str:
    """A text without its margin and the line break after the opening quotes."""
    return textwrap.dedent(text.removeprefix("\n")).replace("·\n", " \n")


def inspected(text: str | bytes, path: str = PATH) -> na.Inspection:
    """A text, read and checked on the day that all tests share."""
    return na.inspect(text, path, today=TODAY)


def found(text: str | bytes, path: str = PATH) -> list[Diagnostic]:
    """The findings on one page, but for "the event has no source"."""
    return [d for d in inspected(text, path).diagnostics if d.code != "NA502"]


def codes_of(text: str | bytes, path: str = PATH) -> list[str]:
    """Code and place of each finding, as ``NA107 4:1``, but for "the event has no source"."""
    return [f"{d.code} {d.line}:{d.column}" for d in found(text, path)]


def _of(kind: type[_Page], text: str, path: str) -> _Page:
    parsed = na.parse(text, path)
    assert isinstance(parsed, kind)
    return parsed


def event_of(text: str, path: str = PATH) -> na.Event:
    """The event that a text is."""
    return _of(na.Event, text, path)


def index_of(text: str, path: str = DAY_PATH) -> na.DayIndex:
    """The day index that a text is."""
    return _of(na.DayIndex, text, path)


def front_of(text: str, path: str = FRONT_PATH) -> na.FrontPage:
    """The front page that a text is."""
    return _of(na.FrontPage, text, path)


def opinions_of(text: str, path: str = OPINION_PATH) -> na.OpinionIndex:
    """The opinion index that a text is."""
    return _of(na.OpinionIndex, text, path)
