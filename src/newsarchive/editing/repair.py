"""Repairing the pages of an archive on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from newsarchive.editing.fixes import Fixed, fix_text, is_wanted, lost_parts
from newsarchive.errors import RefusedWriteError, UnverifiedFixError
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.edits import Edit, apply_edits
from newsarchive.findings.report import Report
from newsarchive.graph.view import ArchiveView
from newsarchive.page.parser import read
from newsarchive.rules.placement import insertion_points
from newsarchive.rules.written import harmed_links
from newsarchive.store.ignored import ignored
from newsarchive.store.local import LocalFolder
from newsarchive.store.store import Replace, Store, WritableStore, writable

_Editor = Callable[[str], Fixed]
"""Makes of a page's text what it is to be, and tells which findings that mends."""
Edits = tuple[Edit, ...]


@dataclass
class RepairOutcome:
    """What was repaired on disk.

    Attributes:
        fixed: how many findings, by code.
        changed: file name, old bytes and new bytes of every page that changed (or would).
        refused: file names and why their repair was refused.
        report: what the last check found; nothing where none followed the repairs.
    """

    fixed: Counter[str] = field(default_factory=Counter)
    changed: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    report: Report = field(default_factory=lambda: Report(()))

    def add(self, later: RepairOutcome) -> None:
        """Take up what was repaired afterwards; a page that changed twice is one that changed."""
        self.fixed.update(later.fixed)
        first = {file: old for file, old, _ in self.changed}
        last = {file: new for file, _, new in later.changed}
        self.changed = [(file, old, last.pop(file, new)) for file, old, new in self.changed]
        self.changed += [one for one in later.changed if one[0] not in first]
        self.refused += [one for one in later.refused if one not in self.refused]


def repair(
    archive: ArchiveView,
    diagnostics: Iterable[Diagnostic],
    *,
    keep: Iterable[Diagnostic] = (),
    unsafe: bool = False,
    remove_dead: bool = False,
    write: bool = True,
) -> RepairOutcome:
    """Apply the fixes of findings, page by page, each page in one step.

    Fixes that list events in an index wait until no page needs another fix: a repaired index
    entry may list the event already. Call again, with the findings of a new check, until nothing
    changes.

    Args:
        archive: a view of the archive that the findings are about.
        diagnostics: findings; those without a fix that is asked for are passed over.
        keep: findings that stay. A finding that says the same on the same page stays with them.
        unsafe: whether unsafe fixes are applied, not only safe ones.
        remove_dead: whether entries are removed whose target is gone (with `unsafe`).
        write: whether files are replaced; if not, the outcome only says what would change.

    Raises:
        RefusedWriteError: files are to be replaced in a store that cannot be written to.
    """
    outcome = RepairOutcome()
    wanted = [
        d
        for d in diagnostics
        if d.fix is not None and is_wanted(d, unsafe=unsafe, remove_dead=remove_dead)
    ]
    wanted = _without_ignored(archive.store, wanted, outcome)
    kept: dict[str, set[tuple[str, str]]] = {}
    for d in keep:
        kept.setdefault(d.page, set()).add((d.code, d.message))

    def editor(path: str, codes: set[str]) -> _Editor:
        return lambda text: fix_text(
            text, path, codes=codes, keep=kept.get(path, ()),
            unsafe=unsafe, remove_dead=remove_dead, lookup=archive,
        )  # fmt: skip

    if not write:
        _repair(archive, wanted, outcome, editor, None)
        return outcome
    store = writable(archive.store)
    if wanted:
        try:
            with store.replacing(page for d in wanted for page in _written(d)) as replace:
                _repair(archive, wanted, outcome, editor, replace)
        except RefusedWriteError as error:
            outcome.refused.append((error.file, error.reason))
    return outcome


def _without_ignored(
    store: Store, wanted: list[Diagnostic], outcome: RepairOutcome
) -> list[Diagnostic]:
    """The findings whose fix writes no file that git ignores; the others are refused."""
    if not isinstance(store, LocalFolder):
        return wanted
    gone = ignored(store.home, {page for d in wanted for page in _written(d)})
    reason = "git ignores it, so that nothing could bring back what it holds"
    outcome.refused += [(store.label(path), reason) for path in sorted(gone)]
    return [d for d in wanted if not gone.intersection(_written(d))]


def _written(diagnostic: Diagnostic) -> list[str]:
    """The pages that a finding's fix writes."""
    pages = diagnostic.fix.by_page if diagnostic.fix else ()
    return [page or diagnostic.page for page, _ in pages]


def _repair(
    archive: ArchiveView,
    wanted: Iterable[Diagnostic],
    outcome: RepairOutcome,
    editor: Callable[[str, set[str]], _Editor],
    replace: Replace | None,
) -> None:
    pages: dict[str, set[str]] = {}
    listings: dict[str, list[tuple[Diagnostic, Edits]]] = {}
    for diagnostic in wanted:
        if diagnostic.fix and diagnostic.fix.page:
            for page, edits in diagnostic.fix.by_page:
                listings.setdefault(page, []).append((diagnostic, edits))
        else:
            pages.setdefault(diagnostic.page, set()).add(diagnostic.code)
    for path, codes in sorted(pages.items()):
        _change_page(archive, path, editor(path, codes), outcome, replace)
    if not pages:
        for path, found in sorted(listings.items()):
            _change_page(archive, path, _listing(archive, path, found), outcome, replace)


def _listing(archive: ArchiveView, path: str, found: list[tuple[Diagnostic, Edits]]) -> _Editor:
    """List several events in one index, in the order of the findings."""

    def edit(text: str) -> Fixed:
        edits = [edit for _, edits in found for edit in edits]
        before = read(text, path, archive.edition)
        places = {(at, at) for at in insertion_points(before)}
        # The index as it is now, not as it was when the findings were made.
        if before.body is not text or not places >= {(e.start, e.end) for e in edits}:
            raise FileExistsError("the index changed since it was read")
        at = edits[0].start
        changed = apply_edits(text, [Edit(at, at, "".join(e.replacement for e in edits))])
        after = read(changed, path, before.edition)
        listed = len(list(after.index_items())) - len(list(before.index_items()))
        same = len(after.problems) == len(before.problems)
        sound = listed == len(edits) and not any(harmed_links(before, after))
        if not same or not sound or lost_parts(before, after, edits):
            raise UnverifiedFixError(path, found[0][0].code)
        return Fixed(changed, tuple(d for d, _ in found if d.fix and d.fix.page == path))

    return edit


def _change_page(
    archive: ArchiveView, path: str, edit: _Editor, outcome: RepairOutcome, replace: Replace | None
) -> None:
    """Edit one page's text, and note what was done, or why it was not."""
    store = archive.store
    file = store.label(path)
    try:
        old = archive.read_bytes(path)
        fixed = edit(old.decode("utf-8"))
        outcome.refused += [(file, str(error)) for error in fixed.refused]
        new = fixed.text.encode("utf-8")
        if new == old:
            return
        if replace is not None:
            replace(path, new, old)
        elif isinstance(store, WritableStore):
            store.require_inside(path)
    except UnicodeDecodeError:
        return
    except (OSError, KeyError, UnverifiedFixError) as error:
        outcome.refused.append((file, str(getattr(error, "strerror", None) or error)))
        return
    outcome.changed.append((file, old, new))
    outcome.fixed.update(d.code for d in fixed.applied)
