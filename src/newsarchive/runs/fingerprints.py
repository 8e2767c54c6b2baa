"""Names for findings that stay the same when lines shift or a page is renamed.

A fingerprint is made of the rule's code, of who the page is, and of the words that the finding
points at: not of line numbers, and not of the message, whose wording may change. Who a page is,
is its oldest path that its Changes or git's history show, so that a rename keeps it.

It never makes two findings one: equal ones are counted. Where one of three equal findings goes,
the last number goes, whichever of them it was.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby

from newsarchive.archive import Archive
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.page.document import BOM, Document
from newsarchive.page.parser import read
from newsarchive.page.parts import former_paths
from newsarchive.page.patterns import pattern
from newsarchive.rules import ALL_RULES
from newsarchive.store.renames import History, history
from newsarchive.store.store import ahead

VERSION = 1
"""The way fingerprints are made; another way has another number."""

OF_THE_PAGE = frozenset(rule.code for rule in ALL_RULES if rule.whole_page)
"""Rules that judge a page as a whole: where they point at may change, what they mean does not."""

_OF_FILES = frozenset(rule.code for rule in ALL_RULES if rule.trouble or rule.names)
"""Rules on files that need not be pages of the archive."""

_NUMBER = pattern(r"^[ \t]*[0-9]+\.[ \t]+")
# git calls two files one from 50 percent on, which short pages of one day reach without being
# one. To take the page that came for the page that went would hide what is new on it.
_ALIKE = 75


def fingerprints(
    archive: Archive, diagnostics: Iterable[Diagnostic], names: Mapping[str, str] | None = None
) -> list[str]:
    """A fingerprint for each finding, 32 hexadecimal digits, in the order of a report.

    Two findings of one run never share one: equal ones are counted from the top of the page. Names
    say who each page is, by its path; pages that are not in it are known by their own. Without
    names, Changes and git's history tell.
    """
    return list(Fingerprinter(archive, names).fingerprints(diagnostics))


def joint_fingerprints(
    archives: Sequence[Archive], diagnostics: Iterable[Diagnostic]
) -> tuple[list[str], str]:
    """The same for a report of several archives: no two findings of it share a fingerprint.

    The archives are in the order in which they were checked. Returns the fingerprints, and why git
    could not tell all renames that they stand for, or nothing.
    """
    makers = {_shown(archive.file("/")): Fingerprinter(archive) for archive in archives}
    first = next(iter(makers.values()))
    seen: Counter[str] = Counter()
    found = []
    for root, told in groupby(diagnostics, root_of):
        for made in makers.get(root, first).fingerprints(told):
            seen[made] += 1
            # Two archives may hold one page, as a copy does. Its first finding keeps its name.
            found.append(made if seen[made] == 1 else _digest(f"{made}\0{seen[made]}"))
    return found, next((m.trouble for m in makers.values() if m.trouble), "")


def root_of(diagnostic: Diagnostic) -> str:
    """The root of the archive that a finding is about, as its file shows it."""
    return diagnostic.file.removesuffix(diagnostic.page).rstrip("/") or "/"


class Fingerprinter:
    """Makes the fingerprints of one run's findings, in the order of its report.

    Attributes:
        trouble: why git could not tell all renames, once it was asked.
    """

    def __init__(self, archive: Archive, names: Mapping[str, str] | None = None) -> None:
        self._archive, self._names = archive, names
        self._path: str | None = None
        self._identity = ""
        self._document = Document("")
        self._itself = ""
        self._seen: Counter[str] = Counter()
        self.trouble: str = ""

    def fingerprints(self, diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
        """The fingerprints of the next findings; their pages are at hand by then."""
        found = list(diagnostics)
        pages = ahead(self._archive.store, (d.page for d in found))
        for diagnostic, _ in zip(found, pages, strict=True):
            yield self.fingerprint(diagnostic)

    def fingerprint(self, diagnostic: Diagnostic) -> str:
        """The fingerprint of the next finding."""
        if diagnostic.page != self._path:
            self._open(diagnostic.page, diagnostic.code)
        words = "" if diagnostic.code in OF_THE_PAGE else self._words(diagnostic.line)
        key = "\0".join((diagnostic.code, self._identity, words))
        self._seen[key] += 1
        return _digest(f"{key}\0{self._seen[key]}")

    def _words(self, line: int) -> str:
        """A line's words without what changes when a list is numbered anew or the page renamed."""
        if line > self._document.line_count:
            return ""  # the file is gone or another one by now
        text = _NUMBER.sub("", self._document.line_text(line).lstrip(BOM))
        if self._itself in text:
            text = text.replace(self._itself, "..")
        return " ".join(text.split())

    def _open(self, path: str, code: str) -> None:
        self._path, self._document = path, Document("")
        former: tuple[str, ...] = ()
        try:
            if code in _OF_FILES or not path.endswith(".md"):
                data = self._archive.read_bytes(path)
            else:  # a page of the archive: the run has read it, and no folder need be listed again
                data = self._archive.store.read(path)
        except (OSError, KeyError):
            pass
        else:
            # As the findings' lines are counted, whatever bytes are in it.
            self._document = Document(data.decode("utf-8", "replace"), path)
            changes = self._archive.edition.changes
            if self._names is None and any(f"### {word}:".encode() in data for word in changes):
                former = former_paths(read(data, path, self._archive.edition))
        if self._names is None:
            self._identity = self._oldest(path, former)
        else:
            self._identity = self._names.get(path, path)
        # Links to itself, also in its other formats, follow a page when it is renamed.
        self._itself = path.removesuffix(".md") + "." if path else "\0"

    def _oldest(self, path: str, former: tuple[str, ...]) -> str:
        """The first path that a page had."""
        chain = self._chains.get(path, (path,))
        if not former or former[0] in chain:
            return chain[0]
        return self._chains.get(former[0], former[:1])[0]

    @cached_property
    def _chains(self) -> dict[str, tuple[str, ...]]:
        """The paths that a page had, the oldest first, by the one that it has, as git tells."""
        chains: dict[str, tuple[str, ...]] = {}
        folder = self._archive.store.history
        told = history(folder) if folder else History()
        self.trouble = told.trouble
        for old, new in reversed(told.renames):
            # Of the others, the page's Changes may know better: then the old chain is asked for.
            if new.alike >= _ALIKE:
                chains[new.path] = (*chains.pop(old, (old,)), new.path)
        return chains


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _shown(root: str) -> str:
    """A root as the files of findings show it."""
    return root.encode("utf-8", "surrogateescape").decode("utf-8", "replace").rstrip("/") or "/"
