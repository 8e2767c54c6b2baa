"""Quick fixes, suggestions, all safe fixes of a page at once, and its layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lsprotocol import types

from newsarchive.editing.fixes import fix_text, fixed
from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix
from newsarchive.findings.edits import Edit
from newsarchive.lsp.edits import edits_between, text_edits, workspace_edit
from newsarchive.lsp.findings import as_diagnostic
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.page.printable import printable
from newsarchive.page.targets import names_exactly
from newsarchive.rules.conflicts import is_in_conflict

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.newsarchive"
_SHOWN_TITLE = 120


def wanted(kind: str, only: Iterable[str] | None) -> bool:
    """Whether actions of a kind are asked for: nothing is said, or the kind or one above it."""
    return only is None or any(kind == o or kind.startswith(f"{o}.") or not o for o in only)


@dataclass
class Actions:
    """What can be done on an open page."""

    session: Session
    page: OpenPage

    def at(self, start: int, end: int, only: Iterable[str] | None) -> list[types.CodeAction]:
        """What can be done between two offsets: actions of some kinds, or (None) of all."""
        only = None if only is None else list(only)
        found: list[types.CodeAction] = []
        if wanted(types.CodeActionKind.QuickFix.value, only):
            for diagnostic in self.session.check(self.page):
                if diagnostic.start <= end and start <= diagnostic.end:
                    found += self._quick(diagnostic)
        if wanted(FIX_ALL, only):
            found += self._all()
        return found

    def _quick(self, found: Diagnostic) -> Iterator[types.CodeAction]:
        fixed_to = ""
        told = as_diagnostic(self.session, self.page, found)
        if found.fix:
            edit = self._other(found.fix) if found.fix.page else self._own(found, found.fix)
            if edit:
                safe = found.fix.applicability is Applicability.SAFE
                title = found.fix.title[:1].upper() + found.fix.title[1:]
                yield types.CodeAction(
                    title=_shown(title) + ("" if safe else " (unsafe)"),
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[told],
                    is_preferred=safe,
                    edit=edit,
                )
                fixed_to = found.fix.edits[0].replacement
        path = self.page.text[found.start : found.end].partition("#")[0]
        for suggestion in found.suggestions:
            if suggestion.path == fixed_to or not names_exactly(suggestion.path):
                continue
            edits = [Edit(found.start, found.start + len(path), suggestion.path)]
            yield types.CodeAction(
                title=_shown(f"Link to '{suggestion.path}' ({', '.join(suggestion.reasons)})"),
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[told],
                edit=self._edit(edits),
            )

    def _own(self, found: Diagnostic, fix: Fix) -> types.WorkspaceEdit | None:
        """The edit that repairs a finding, verified as ``--fix`` does; None where it is refused."""
        page, session = self.page, self.session
        rules = session.settings_of(page.archive).rules()
        changed = fixed(page.reading, [found], session.check(page), rules, page.archive)
        return None if changed is None else self._edit(fix.edits)

    def _other(self, fix: Fix) -> types.WorkspaceEdit | None:
        """The edit of other pages, which the fix names."""
        archive = self.page.archive
        made = []
        for path, edits in fix.by_page:
            view = self.session.view(archive, path) if archive else None
            if view is None:
                return None
            # A view leaves a byte order mark out; a rule that saw one made no such fix.
            opened = self.session.pages.get(view.uri)
            version = opened.version if opened else None
            made.append((view.uri, version, text_edits(view.lines, edits)))
        return workspace_edit(made, versioned=self.session.versioned)

    def _all(self) -> Iterator[types.CodeAction]:
        page = self.page
        safe = [d for d in self.session.check(page) if _is_safe(d)]
        if not safe:
            return
        codes = self.session.settings_of(page.archive).codes_for(page.path)
        after = fix_text(page.text, page.path, codes=codes, lookup=page.archive).text
        if after != page.text:
            yield types.CodeAction(
                title="Make all safe repairs on this page",
                kind=FIX_ALL,
                diagnostics=[as_diagnostic(self.session, page, d) for d in safe],
                edit=self._edit(edits_between(page.text, after)),
            )

    def _edit(self, edits: Iterable[Edit]) -> types.WorkspaceEdit:
        made = text_edits(self.page.lines, edits)
        edits_of_page = (self.page.uri, self.page.version, made)
        return workspace_edit([edits_of_page], versioned=self.session.versioned)


def formatted(session: Session, page: OpenPage) -> list[Edit]:
    """The edits that lay out a page as ``newsarchive fmt`` does.

    There are none on a page that a run passes over, or that a merge left with conflict markers.
    """
    if page.excluded or is_in_conflict(page.reading):
        return []
    settings = session.settings_of(page.archive).layout_alone()
    codes = settings.codes_for(page.path)
    return edits_between(page.text, fix_text(page.text, page.path, codes=codes).text)


def _is_safe(found: Diagnostic) -> bool:
    fix = found.fix
    return bool(fix and fix.applicability is Applicability.SAFE and not (fix.removes or fix.page))


def _shown(title: str) -> str:
    """A title as a menu can hold it."""
    title = printable(title)
    return title if len(title) <= _SHOWN_TITLE else title[: _SHOWN_TITLE - 3] + "..."
