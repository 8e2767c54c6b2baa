"""Repairing the pages of an archive on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from newsarchive.archive import Archive
from newsarchive.diagnostics import Diagnostic
from newsarchive.files import replace_bytes
from newsarchive.fixes import fix_text, safe_fixes


@dataclass
class Repair:
    """What was repaired on disk.

    Attributes:
        fixed: how many findings, by code.
        changed: file name, old bytes and new bytes of every page that changed (or would).
        refused: file names and why their repair was refused.
    """

    fixed: Counter[str] = field(default_factory=Counter)
    changed: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def repair(archive: Archive, diagnostics: Iterable[Diagnostic], *, write: bool = True) -> Repair:
    """Apply the safe fixes of findings, page by page.

    Args:
        archive: the archive that the findings are about.
        diagnostics: findings; those without a safe fix are passed over.
        write: whether files are replaced; if not, the outcome only says what would change.
    """
    outcome = Repair()
    by_page: dict[str, set[str]] = {}
    for diagnostic in safe_fixes(list(diagnostics)):
        by_page.setdefault(diagnostic.page, set()).add(diagnostic.code)
    for path, codes in sorted(by_page.items()):
        file = archive.file(path)
        try:
            _repair_page(archive, path, file, codes, outcome, write=write)
        except OSError as error:
            outcome.refused.append((file, error.strerror or str(error)))
    return outcome


def _repair_page(
    archive: Archive, path: str, file: str, codes: set[str], outcome: Repair, *, write: bool
) -> None:
    old = archive.read_bytes(path)
    try:
        fixed = fix_text(old.decode("utf-8"), path, codes=codes)
    except UnicodeDecodeError:
        return
    outcome.refused += [(file, str(error)) for error in fixed.refused]
    new = fixed.text.encode("utf-8")
    if new == old:
        return
    if write:
        replace_bytes(file, new, expected=old)
    outcome.changed.append((file, old, new))
    outcome.fixed.update(d.code for d in fixed.applied)
