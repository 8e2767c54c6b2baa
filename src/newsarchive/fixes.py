"""Applying fixes: edits on the text as it was read, verified by reading the outcome again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsarchive.diagnostics import Applicability, Diagnostic, Edit
from newsarchive.errors import EditConflictError, UnverifiedFixError
from newsarchive.parser import read
from newsarchive.rules import ALL_RULES
from newsarchive.rules._run import run_rules

_ROUNDS = 10


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits applied; everything outside them stays as it is.

    Args:
        text: any text.
        edits: replacements of its ranges, in any order.

    Raises:
        EditConflictError: two edits touch the same text.
        ValueError: an edit lies outside the text.
    """
    ordered = sorted(edits)
    out: list[str] = []
    pos, last = 0, None
    for edit in ordered:
        if not 0 <= edit.start <= edit.end <= len(text):
            raise ValueError(f"an edit of {edit.start}:{edit.end} in a text of {len(text)}")
        if last is not None and (edit.start < pos or edit.start == last.start):
            raise EditConflictError(last, edit)
        out += (text[pos : edit.start], edit.replacement)
        pos, last = edit.end, edit
    return "".join((*out, text[pos:]))


@dataclass(frozen=True)
class Fixed:
    """The outcome of repairing one text.

    Attributes:
        text: the text after all fixes that held.
        applied: the findings that were repaired.
        refused: fixes that would have changed more than they say; none of their edits was made.
    """

    text: str
    applied: tuple[Diagnostic, ...]
    refused: tuple[UnverifiedFixError, ...] = ()


def fix_text(
    text: str,
    path: str = "",
    *,
    codes: Iterable[str] | None = None,
) -> Fixed:
    """Repair what the one-page rules can repair safely.

    Fixes are applied one after the other, each on the text as the one before left it and each
    verified: the page's model must be the same before and after, or there was none before. What
    cannot be verified is left alone.

    Args:
        text: a page's text as it was read, line endings and byte order mark included.
        path: its archive path.
        codes: the rules whose fixes are applied; None means all.
    """
    rules = [r for r in ALL_RULES if r.page and r.fix and (codes is None or r.code in set(codes))]
    applied: list[Diagnostic] = []
    refused: dict[str, UnverifiedFixError] = {}
    for _ in range(_ROUNDS):
        reading = read(text, path)
        diagnostic = next(
            (
                d
                for d in run_rules(reading, rules)
                if d.fix and d.fix.applicability is Applicability.SAFE and d.code not in refused
            ),
            None,
        )
        if diagnostic is None or diagnostic.fix is None:
            break
        changed = apply_edits(text, diagnostic.fix.edits)
        if _same_page(text, changed, path):
            text = changed
            applied.append(diagnostic)
        else:
            refused[diagnostic.code] = UnverifiedFixError(path, diagnostic.code)
    return Fixed(text, tuple(applied), tuple(refused.values()))


def _same_page(before: str, after: str, path: str) -> bool:
    old, new = read(before, path), read(after, path)
    return old.page == new.page and len(new.problems) <= len(old.problems)


def safe_fixes(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings that a safe fix repairs."""
    return [d for d in diagnostics if d.fix and d.fix.applicability is Applicability.SAFE]
