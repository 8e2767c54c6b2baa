r"""Read, write, check and repair a markdown news archive.

>>> import newsarchive as na
>>> page = na.parse("### [2016-03-1](/news/2016/03/1/index.md)\n\n# It rains. \n\n\n\n")
>>> page.title, page.date.isoformat()
('It rains.', '2016-03-01')
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsarchive.archive import Archive, InboundLink, find_root
    from newsarchive.changes import check_change
    from newsarchive.diagnostics import (
        Applicability,
        Diagnostic,
        Edit,
        Fix,
        Severity,
        Suggestion,
    )
    from newsarchive.document import Document, Position, Span
    from newsarchive.engine import check
    from newsarchive.errors import (
        BaselineError,
        EditConflictError,
        GitError,
        InvalidPageError,
        NewsArchiveError,
        NotAnArchiveError,
        PageNotFoundError,
        RefusedMoveError,
        RefusedWriteError,
        SettingsError,
        UnknownRuleError,
        UnverifiedFixError,
    )
    from newsarchive.fixes import Fixed, apply_edits, fix_text
    from newsarchive.inspection import Inspection, check_text, inspect, parse
    from newsarchive.models import (
        Change,
        ChangeKind,
        CoverImage,
        DayIndex,
        Editorial,
        Event,
        EventLayout,
        FormatLinks,
        FrontPage,
        FrontSection,
        IndexEntry,
        IndexLayout,
        OpinionIndex,
        Page,
        ProsePage,
        RelatedLink,
        Source,
        json_schema,
    )
    from newsarchive.paths import PageKind, slugify
    from newsarchive.reading import Link, LinkKind
    from newsarchive.rendering import render
    from newsarchive.report import Report
    from newsarchive.rules import ALL_RULES, Rule
    from newsarchive.settings import PerPath, Settings, load_settings

__version__ = "0.1.0"

# Names are imported on first use: `newsarchive --version` and a run whose findings are all in the
# cache need neither pydantic (0.12 s to import) nor mistune (0.03 s).
_HOMES = {
    "archive": ("Archive", "InboundLink", "find_root"),
    "changes": ("check_change",),
    "diagnostics": ("Applicability", "Diagnostic", "Edit", "Fix", "Severity", "Suggestion"),
    "document": ("Document", "Position", "Span"),
    "engine": ("check",),
    "errors": (
        "BaselineError",
        "EditConflictError",
        "GitError",
        "InvalidPageError",
        "NewsArchiveError",
        "NotAnArchiveError",
        "PageNotFoundError",
        "RefusedMoveError",
        "RefusedWriteError",
        "SettingsError",
        "UnknownRuleError",
        "UnverifiedFixError",
    ),
    "fixes": ("Fixed", "apply_edits", "fix_text"),
    "inspection": ("Inspection", "check_text", "inspect", "parse"),
    "models": (
        "Change",
        "ChangeKind",
        "CoverImage",
        "DayIndex",
        "Editorial",
        "Event",
        "EventLayout",
        "FormatLinks",
        "FrontPage",
        "FrontSection",
        "IndexEntry",
        "IndexLayout",
        "OpinionIndex",
        "Page",
        "ProsePage",
        "RelatedLink",
        "Source",
        "json_schema",
    ),
    "paths": ("PageKind", "slugify"),
    "reading": ("Link", "LinkKind"),
    "rendering": ("render",),
    "report": ("Report",),
    "rules": ("ALL_RULES", "Rule"),
    "settings": ("PerPath", "Settings", "load_settings"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ALL_RULES",
    "Applicability",
    "Archive",
    "BaselineError",
    "Change",
    "ChangeKind",
    "CoverImage",
    "DayIndex",
    "Diagnostic",
    "Document",
    "Edit",
    "EditConflictError",
    "Editorial",
    "Event",
    "EventLayout",
    "Fix",
    "Fixed",
    "FormatLinks",
    "FrontPage",
    "FrontSection",
    "GitError",
    "InboundLink",
    "IndexEntry",
    "IndexLayout",
    "Inspection",
    "InvalidPageError",
    "Link",
    "LinkKind",
    "NewsArchiveError",
    "NotAnArchiveError",
    "OpinionIndex",
    "Page",
    "PageKind",
    "PageNotFoundError",
    "PerPath",
    "Position",
    "ProsePage",
    "RefusedMoveError",
    "RefusedWriteError",
    "RelatedLink",
    "Report",
    "Rule",
    "Settings",
    "SettingsError",
    "Severity",
    "Source",
    "Span",
    "Suggestion",
    "UnknownRuleError",
    "UnverifiedFixError",
    "__version__",
    "apply_edits",
    "check",
    "check_change",
    "check_text",
    "find_root",
    "fix_text",
    "inspect",
    "json_schema",
    "load_settings",
    "parse",
    "render",
    "slugify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
