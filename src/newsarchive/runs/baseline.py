"""A baseline: a file of findings that are known, so that a check tells only of new ones.

The file is JSON lines, so that git merges it line by line: a header, then one finding a line, in
the order of the archive. Only the fingerprint is matched. The page, line and message are those
of the day the entry was written, for people who read the file; a reason may be added by hand.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from newsarchive.archive import Archive
from newsarchive.errors import BaselineError
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.report import Report
from newsarchive.settings import Settings
from newsarchive.store.atomic import put_lines, read_bytes

FORMAT = 1
"""The version of the file's layout."""

MOST_BYTES = 1 << 28
"""What a baseline may have: 256 MiB. A finding takes some 300 bytes; an archive may have many."""

_HEADER, _PRINTS = "newsarchive-baseline", "fingerprints"
_TEXTS = ("fingerprint", "code", "page", "message")


@dataclass(frozen=True)
class KnownFinding:
    """One known finding."""

    fingerprint: str  # what it is matched by
    # code, page, line, message: of the finding, on the day that the entry was written
    code: str
    page: str
    line: int
    message: str
    reason: str = ""  # why it is left as it is, where someone said so


@dataclass(frozen=True)
class Scope:
    """What a run looked at (pages; None is all): it knows nothing of others and of other rules."""

    settings: Settings
    only: Collection[str] | None = None

    def covers(self, entry: KnownFinding) -> bool:
        """Whether the run would have found what an entry is about."""
        if self.only is not None and entry.page not in self.only:
            return False
        return entry.code in self.settings.codes_for(entry.page)


@dataclass(frozen=True)
class BaselineComparison:
    """A report beside a baseline."""

    report: Report  # the report with the new findings only
    # the findings that the baseline knows, each with its entry, in the report's order
    kept: tuple[tuple[Diagnostic, KnownFinding], ...]
    # entries for the findings that it does not know, in the report's order
    new: tuple[KnownFinding, ...]
    unneeded: tuple[KnownFinding, ...]  # entries of the baseline whose finding is gone
    # entries whose finding is gone, or counts as new: git could not tell all renames
    doubtful: tuple[KnownFinding, ...] = ()
    trouble: str = ""  # why git could not tell, where that may have made a known finding new


def compare(
    entries: Iterable[KnownFinding], archive: Archive, report: Report, scope: Scope
) -> BaselineComparison:
    """Part the findings that a baseline knows from those that it does not.

    The archive is as it was when the report was made. Fingerprints count equal findings, so none
    may be left out.
    """
    known = {entry.fingerprint: entry for entry in entries}
    found = report.diagnostics
    prints: list[str] = []
    trouble = ""
    if found:
        from newsarchive.runs.fingerprints import Fingerprinter  # imports the parser

        maker = Fingerprinter(archive)
        prints = list(maker.fingerprints(found))
        trouble = maker.trouble
    pairs = [(p, d) for p, d in zip(prints, found, strict=True) if p not in known]
    seen = set(prints)
    gone = [e for e in known.values() if e.fingerprint not in seen and scope.covers(e)]
    # Under another fingerprint, the finding of an entry is among the new ones of its rule.
    doubted = {d.code for _, d in pairs} if trouble else set()
    return BaselineComparison(
        replace(report, diagnostics=tuple(d for _, d in pairs)),
        tuple((d, known[p]) for p, d in zip(prints, found, strict=True) if p in known),
        tuple(_entry(p, d) for p, d in pairs),
        tuple(entry for entry in gone if entry.code not in doubted),
        tuple(entry for entry in gone if entry.code in doubted),
        trouble if pairs else "",
    )


def _entry(fingerprint: str, d: Diagnostic) -> KnownFinding:
    return KnownFinding(fingerprint, d.code, d.page, d.line, d.message)


def read_baseline(file: str | os.PathLike[str]) -> tuple[KnownFinding, ...]:
    """The entries of a baseline.

    Raises:
        BaselineError: the file is no baseline, is damaged, or was made by a newer version.
        OSError: it cannot be read.
    """
    name = os.fspath(file)
    if not Path(file).is_file() and os.path.lexists(file):
        raise BaselineError(name, 0, "it is no regular file")
    return entries_of(name, read_bytes(name, MOST_BYTES))


def entries_of(name: str, data: bytes) -> tuple[KnownFinding, ...]:
    """The entries of a baseline that was read.

    Raises:
        BaselineError: it is no baseline, is damaged, or was made by a newer version.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BaselineError(name, line, "it is not UTF-8, so it is no baseline") from None
    lines = _objects(name, text)
    _check_header(name, next(lines, (1, {}))[1])
    found: dict[str, KnownFinding] = {}
    for line, values in lines:
        entry = _read_entry(name, line, values)
        found.setdefault(entry.fingerprint, entry)  # a merge may have left a line twice
    return tuple(found.values())


def _objects(file: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                value = None
            if not isinstance(value, dict):
                merge = line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||"))
                why = "a merge was left unfinished here" if merge else "this is no JSON object"
                raise BaselineError(file, number, why)
            yield number, value


def _check_header(file: str, header: dict[str, Any]) -> None:
    from newsarchive.runs.fingerprints import VERSION

    layout, prints = header.get(_HEADER), header.get(_PRINTS)
    if type(layout) is not int or type(prints) is not int:
        raise BaselineError(
            file, 1, f"it is no baseline: one starts with {json.dumps(_header(VERSION))}"
        )
    if (layout, prints) == (FORMAT, VERSION):
        return
    if layout > FORMAT or prints > VERSION:
        raise BaselineError(file, 1, "a newer newsarchive wrote it: update newsarchive")
    raise BaselineError(
        file, 1,
        "an older newsarchive wrote it, and fingerprints are made another way now: delete it and "
        "run 'newsarchive baseline'",
    )  # fmt: skip


def _read_entry(file: str, line: int, values: dict[str, Any]) -> KnownFinding:
    for key in (*_TEXTS, "reason"):
        if not isinstance(values.get(key, "" if key == "reason" else None), str):
            raise BaselineError(file, line, f"{key!r} is missing or no text")
    place = values.get("line")
    if not isinstance(place, int) or isinstance(place, bool):
        raise BaselineError(file, line, "'line' is missing or no whole number")
    unknown = values.keys() - {*_TEXTS, "line", "reason"}
    if unknown:
        raise BaselineError(file, line, f"there is no key {min(unknown)!r} in a baseline")
    return KnownFinding(**values)


def _header(version: int) -> dict[str, int]:
    return {_HEADER: FORMAT, _PRINTS: version}


def baseline_text(entries: Iterable[KnownFinding]) -> str:
    """The text of a baseline of these entries: the same for the same entries, however ordered."""
    from newsarchive.runs.fingerprints import VERSION

    ordered = sorted(entries, key=lambda e: (e.page, e.code, e.line, e.fingerprint))
    return "".join(f"{line}\n" for line in (_line(_header(VERSION)), *map(_entry_line, ordered)))


def _entry_line(entry: KnownFinding) -> str:
    values: dict[str, str | int] = {
        "page": entry.page,
        "code": entry.code,
        "line": entry.line,
        "fingerprint": entry.fingerprint,
        "message": entry.message,
    }
    return _line({**values, "reason": entry.reason} if entry.reason else values)


def _line(values: dict[str, Any]) -> str:
    """One line of JSON that people can read; what a terminal would act on is escaped."""
    text = json.dumps(values, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(values)


def write_baseline(file: str | os.PathLike[str], entries: Iterable[KnownFinding]) -> bool:
    """Write a baseline in one step, if the file does not hold just that. Returns whether it did so.

    Raises:
        OSError: it is no regular file, or cannot be written.
    """
    path = Path(file)
    text = baseline_text(entries)
    status = path.lstat() if os.path.lexists(path) else None
    if status is not None:
        if not path.is_file() or path.is_symlink():
            raise PermissionError(0, "it is no regular file", str(path))
        if read_bytes(str(path), MOST_BYTES) == text.encode("utf-8"):
            return False
    put_lines(path, text.split("\n")[:-1])
    return True
