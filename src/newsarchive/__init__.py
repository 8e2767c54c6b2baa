r"""Read, write, check and repair a markdown news archive.

>>> import newsarchive as na
>>> page = na.parse("### [2016-03-1](/news/2016/03/1/index.md)\n\n# It rains. \n\n\n\n")
>>> page.title, page.date.isoformat()
('It rains.', '2016-03-01')
"""

import importlib
from typing import TYPE_CHECKING, Any

from newsarchive._version import __version__

if TYPE_CHECKING:
    from newsarchive.archive import InboundLink, find_root
    from newsarchive.editing.change import ArchiveChange
    from newsarchive.editing.fixes import Fixed, fix_text
    from newsarchive.editing.repair import RepairOutcome
    from newsarchive.errors import (
        BaselineError,
        ExecutorError,
        GitError,
        HistoryError,
        MissingPackageError,
        NewsArchiveError,
        NotAnArchiveError,
        PageNotFoundError,
        RefusedChangeError,
        RefusedMoveError,
        RefusedWriteError,
        SettingsError,
        StorageError,
        UnknownRuleError,
        UnknownTableError,
        UnverifiedFixError,
    )
    from newsarchive.findings.diagnostics import (
        Applicability,
        Diagnostic,
        Fix,
        InvalidPageError,
        Severity,
        Suggestion,
    )
    from newsarchive.findings.edits import Edit, EditConflictError, apply_edits
    from newsarchive.findings.html.figures import Figures, RunPoint
    from newsarchive.findings.report import Report
    from newsarchive.page.document import Document, Position, Span
    from newsarchive.page.editions import Edition, SlugRule, SlugUnit
    from newsarchive.page.models import (
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
    from newsarchive.page.paths import PageKind
    from newsarchive.page.reading import Link, LinkKind
    from newsarchive.page.rendering import render
    from newsarchive.page.slugs import slugify
    from newsarchive.page.titles import event_path, fold_title
    from newsarchive.rules import ALL_RULES, Rule
    from newsarchive.rules.inspection import Inspection, check_page, check_text, inspect, parse
    from newsarchive.runs.difference import ArchiveDifference, PageDifference, RenameReason, diff
    from newsarchive.runs.engine import check
    from newsarchive.runs.figures import figures
    from newsarchive.runs.keeping import with_cache
    from newsarchive.runs.repairing import repair
    from newsarchive.runs.since import check_change
    from newsarchive.settings import PerPath, Settings, load_settings
    from newsarchive.store.listing import Folder, Listing, Scan, Trouble, TroubleKind
    from newsarchive.store.remote import RemoteStore
    from newsarchive.store.store import Store
    from newsarchive.tables.asking import Archive
    from newsarchive.tables.days import DayEvent, EventIterator, NewsDay

# Names are imported on first use: `newsarchive --version` and a run whose findings are all in the
# cache need neither pydantic nor mistune, whose imports take longer than the run.
_HOMES = {
    "archive": ("InboundLink", "find_root"),
    "editing.change": ("ArchiveChange",),
    "editing.fixes": ("Fixed", "fix_text"),
    "editing.repair": ("RepairOutcome",),
    "errors": (
        "BaselineError", "ExecutorError", "GitError", "HistoryError", "MissingPackageError",
        "NewsArchiveError", "NotAnArchiveError", "PageNotFoundError", "RefusedChangeError",
        "RefusedMoveError", "RefusedWriteError", "SettingsError", "StorageError",
        "UnknownRuleError", "UnknownTableError", "UnverifiedFixError",
    ),
    "findings.diagnostics": (
        "Applicability", "Diagnostic", "Fix", "InvalidPageError", "Severity", "Suggestion",
    ),
    "findings.edits": ("Edit", "EditConflictError", "apply_edits"),
    "findings.html.figures": ("Figures", "RunPoint"),
    "findings.report": ("Report",),
    "page.document": ("Document", "Position", "Span"),
    "page.editions": ("Edition", "SlugRule", "SlugUnit"),
    "page.models": (
        "Change", "ChangeKind", "CoverImage", "DayIndex", "Editorial", "Event", "EventLayout",
        "FormatLinks", "FrontPage", "FrontSection", "IndexEntry", "IndexLayout", "OpinionIndex",
        "Page", "ProsePage", "RelatedLink", "Source", "json_schema",
    ),
    "page.paths": ("PageKind",),
    "page.reading": ("Link", "LinkKind"),
    "page.rendering": ("render",),
    "page.slugs": ("slugify",),
    "page.titles": ("event_path", "fold_title"),
    "rules": ("ALL_RULES", "Rule"),
    "rules.inspection": ("Inspection", "check_page", "check_text", "inspect", "parse"),
    "runs.difference": ("ArchiveDifference", "PageDifference", "RenameReason", "diff"),
    "runs.engine": ("check",),
    "runs.figures": ("figures",),
    "runs.keeping": ("with_cache",),
    "runs.repairing": ("repair",),
    "runs.since": ("check_change",),
    "settings": ("PerPath", "Settings", "load_settings"),
    "store.listing": ("Folder", "Listing", "Scan", "Trouble", "TroubleKind"),
    "store.remote": ("RemoteStore",),
    "store.store": ("Store",),
    "tables.asking": ("Archive",),
    "tables.days": ("DayEvent", "EventIterator", "NewsDay"),
}  # fmt: skip
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ALL_RULES", "Applicability", "Archive", "ArchiveChange", "ArchiveDifference", "BaselineError",
    "Change", "ChangeKind", "CoverImage", "DayEvent", "DayIndex", "Diagnostic", "Document", "Edit",
    "EditConflictError", "Edition", "Editorial", "Event", "EventIterator", "EventLayout",
    "ExecutorError", "Figures", "Fix", "Fixed", "Folder", "FormatLinks", "FrontPage",
    "FrontSection", "GitError", "HistoryError", "InboundLink", "IndexEntry", "IndexLayout",
    "Inspection", "InvalidPageError", "Link", "LinkKind", "Listing", "MissingPackageError",
    "NewsArchiveError", "NewsDay", "NotAnArchiveError", "OpinionIndex", "Page", "PageDifference",
    "PageKind", "PageNotFoundError", "PerPath", "Position", "ProsePage", "RefusedChangeError",
    "RefusedMoveError", "RefusedWriteError", "RelatedLink", "RemoteStore", "RenameReason",
    "RepairOutcome", "Report", "Rule", "RunPoint", "Scan", "Settings", "SettingsError", "Severity",
    "SlugRule", "SlugUnit", "Source", "Span", "StorageError", "Store", "Suggestion", "Trouble",
    "TroubleKind", "UnknownRuleError", "UnknownTableError", "UnverifiedFixError", "__version__",
    "apply_edits", "check", "check_change", "check_page", "check_text", "diff", "event_path",
    "figures", "find_root", "fix_text", "fold_title", "inspect", "json_schema", "load_settings",
    "parse", "render", "repair", "slugify", "with_cache",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
