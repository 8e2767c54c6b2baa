"""What a change broke: the findings of an archive's new state that its old state did not have.

Two runs over all pages and the difference of their findings say it. Most pages need not be looked
at for that. A page whose bytes are the same has the same findings, but where they depend on what
changed elsewhere:

- it links to a file that was added or deleted, or to an event whose title changed;
- it is an event, and an index of its day changed;
- it is a day's index, and another day is the one before it now.

These pages and the changed ones are *affected*, and both states are asked for their findings on
these alone. That the outcome is the difference of two full runs is tested on random histories.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from newsarchive.archive import Archive, in_store, view_of
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.findings.report import Report, joined
from newsarchive.graph.answers import Answers
from newsarchive.graph.inbound import SearchedReferrers
from newsarchive.page.parts import former_paths
from newsarchive.page.paths import INDEX_NAMES
from newsarchive.page.reading import Reading
from newsarchive.runs.engine import check_archive, check_view
from newsarchive.runs.fingerprints import fingerprints
from newsarchive.runs.meant import meant
from newsarchive.runs.options import Progress, RunOptions
from newsarchive.store.git import Move, Repository, blob_name
from newsarchive.store.git_tree import GitTree, staged_tree, tree_at
from newsarchive.store.names import system_name
from newsarchive.store.overlay import Overlay

# From so large a part of the pages on, two full runs take less time than two runs over the part:
# they judge most pages by what is known of all.
_MOST, _FEW = 0.25, 1_000


@dataclass(frozen=True)
class TwoStates:
    """Two states of an archive."""

    old: Archive
    new: Archive
    # the paths of the files whose content differs, or may; those that only one state has need not
    # be among them
    contents: frozenset[str] = frozenset()
    moves: tuple[Move, ...] = ()  # renames from the one to the other, as git guesses them
    # whose working tree the new state is; None if git keeps that state
    working_tree: Repository | None = None

    @cached_property
    def paths(self) -> frozenset[str]:
        """The files that were added, deleted or changed."""
        return frozenset(self.contents | (self.old.scan.files ^ self.new.scan.files))

    @cached_property
    def names(self) -> dict[str, str]:
        """For each page of the new state that was renamed, its path in the old one.

        A page was renamed if its Changes name a path that went; or if git takes it for renamed,
        and it is as it was or has kept one of its sources: small pages of one day are alike.
        """
        gone = {path for path in self.old.scan.pages if path not in self.new}
        added = {path for path in self.new.scan.pages if path not in self.old} if gone else set()
        found: dict[str, str] = {}
        for path in sorted(added):
            former = [old for old in _former_paths(self.new, path) if old in gone]
            if former:
                found[path] = former[-1]
                gone.discard(former[-1])
        for old, path, alike in self.moves:
            if old not in gone or path not in added or path in found:
                continue
            if alike == 100 or _sources(self.old, old) & _sources(self.new, path):
                found[path] = old
                gone.discard(old)
        return found

    @cached_property
    def affected(self) -> frozenset[str]:
        """The paths of the new state whose findings may be others than those of the old one."""
        old, new = self.old.scan, self.new.scan
        found = {path for path in self.paths if new.has(path)}
        found.update(trouble.path for trouble in new.troubles)
        folders = {path.rpartition("/")[0] for path in self.paths if path.endswith(INDEX_NAMES)}
        days = old.previous_days.keys() | new.previous_days.keys()
        others = {day for day in days if old.previous_days.get(day) != new.previous_days.get(day)}
        for listing in new.folders:
            if listing.folder in folders or listing.folder in others:
                found.update(f"{listing.folder}/{name}" for name in listing.names)
        seen_from_afar = {path for path in self.paths if self._looks_other(path)}
        if seen_from_afar:
            rest = [path for path in new.pages if path not in found]
            texts, base = self.new.store.read_many(rest), self.new.edition.base
            referrers = SearchedReferrers(texts, seen_from_afar, base)
            found.update(chain.from_iterable(map(referrers.of, seen_from_afar)))
        return frozenset(found)

    def converted(self, pages: Iterable[str]) -> dict[str, bytes]:
        """What git would store of pages, where the checkout has other line endings than that."""
        if self.working_tree is None:
            return {}
        plain = {
            path: data.replace(b"\r\n", b"\n")
            for path, data in self.new.store.read_many(pages)
            if isinstance(data, bytes) and b"\r\n" in data
        }
        stored = self.working_tree.would_store(plain)
        return {path: plain[path] for path, n in stored.items() if blob_name(plain[path], n) == n}

    def _looks_other(self, path: str) -> bool:
        """Whether a changed file is another for the pages that link to it: come, gone, retitled."""
        there = self.old.scan.has(path)
        if there != self.new.scan.has(path):
            return True
        return there and self.old.title(path) != self.new.title(path)


def change_to(new: Archive, since: str | None = None) -> TwoStates:
    """The change from a revision to a state of an archive: a checkout's, or one that git keeps.

    ``A...`` is where A and the state's own commit parted. None is the commit that is checked out;
    before the first commit nothing. Zeros are nothing, too.

    Raises:
        GitError: git cannot show the revision.
    """
    state = new.store
    if isinstance(state, GitTree):
        repository, prefix, other = state.repository, state.prefix, state.revision or "HEAD"
    else:
        repository = Repository(new.root)
        prefix, other = repository.prefix, "HEAD"
    whole = repository.tree_before(since, other)
    tree = repository.below(whole, prefix)
    old = GitTree(repository, repository.entries(tree, prefix), prefix, tree=tree)
    contents = {path for path, entry in old.entries.items() if entry.is_link}
    if isinstance(state, GitTree):
        contents |= {path for path, entry in state.entries.items() if entry.is_link}
        contents |= {p for p, entry in state.entries.items() if old.entries.get(p) != entry}
        if state.tree is None:
            moves = repository.staged_moves(whole)
        else:
            moves = repository.moves(tree, state.tree)
    else:
        suspects = repository.suspects(whole, tree)
        contents |= _different(suspects, repository, old, new)
        moves = repository.staged_moves(whole)
    kept = isinstance(state, GitTree)
    return TwoStates(
        in_store(new, old), new, frozenset(contents), tuple(moves), None if kept else repository
    )


def check_change(
    archive: Archive | str | os.PathLike[str],
    since: str | None = None,
    *,
    at: str | None = None,
    staged: bool = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    only: Iterable[str] | None = None,
    today: datetime.date | None = None,
    jobs: int | None = 1,
    progress: Progress | None = None,
    cache: str | os.PathLike[str] | None = None,
) -> Report:
    """Check what a change to an archive in git broke.

    Findings that the old state had are not reported, whether their pages changed or not; a
    finding is known again where lines shift, and where a page was renamed. Findings of unchanged
    pages are, where the change brought them about.

    Args:
        archive: an archive in a checkout, or the folder of one, or a folder or page in one.
        since: the revision to start from; ``A...`` is where A and the new state parted. None is
            the commit that is checked out. 40 zeros, as hooks and CI name what was not there
            before, make everything new.
        at: the revision to end at; by default the working tree.
        staged: whether to end at the index.
        select: rules to run, as `check` takes them.
        ignore: rules to leave out of those.
        only: archive paths of the pages whose findings are reported, as `check` takes them; they
            are those of the working tree. None means all.
        today: the day that future dates are measured against; by default the local date.
        jobs: how many processes read pages; None means one for each core.
        progress: called with the number of pages done, and of all pages to look at.
        cache: a folder outside the archive, as `check` takes it. It serves where the working tree
            is checked.

    Returns:
        The new findings, by page and place, and counts of the pages and links that were looked at.

    Raises:
        GitError: git cannot show a state: no git, no checkout, no such revision.
        NotAnArchiveError: `archive` is a path that lies in no archive.
        PageNotFoundError: a path of `only`, or `archive` itself, means no page.
        UnknownRuleError: `select` or `ignore` names no rule.
    """
    options = RunOptions.of(
        select=select, ignore=ignore, today=today, jobs=jobs, progress=progress, cache=cache
    )
    archive, pages = meant(archive, only)
    if at is not None:
        archive = in_store(archive, tree_at(archive.root, at, shown=str(archive.root)))
    elif staged:
        archive = in_store(archive, staged_tree(archive.root))
    options = options._replace(only=pages)
    states = (archive, *archive.beside) if pages is None else (archive,)
    return joined([new_findings(change_to(state, since), options) for state in states])


def new_findings(change: TwoStates, options: RunOptions) -> Report:
    """The findings of a change's new state that its old state did not have.

    Of the options, `only` are the pages whose findings are asked for.
    """
    old, new, names, only = change.old, change.new, change.names, options.only
    affected = change.affected if only is None else change.affected & only
    # What a rule of another package asks of other pages, nobody here knows.
    strange = {rule.code for rule in options.rules if rule.package and rule.archive}
    before: frozenset[str] | None = None
    after: frozenset[str] | None = None
    if not strange and len(affected) <= max(_FEW, _MOST * len(new.scan.pages)):
        before, after = frozenset(names.get(path, path) for path in affected), affected
    report = check_archive(new, options._replace(only=after))
    # What links that were broken already may have meant is not told: nobody need look for it.
    before_it = check_view(
        view_of(old, suggesting=False), options._replace(only=before, progress=None, cache=None)
    )
    known = set(fingerprints(old, before_it.diagnostics, {}))
    marks = fingerprints(new, report.diagnostics, names)
    found = tuple(
        d
        for d, mark in zip(report.diagnostics, marks, strict=True)
        if mark not in known
        and (only is None or d.page in only)
        and (d.page in affected or d.page not in new or d.code in strange)
    )
    found = _without_those_of_the_checkout(change, found, options)
    notices = report.notices
    if not old.scan.files:
        notices += ("the revision to start from has no file of the archive: all findings are new",)
    return replace(report, diagnostics=found, notices=notices)


def _without_those_of_the_checkout(
    change: TwoStates, found: tuple[Diagnostic, ...], options: RunOptions
) -> tuple[Diagnostic, ...]:
    """Findings but for those that the checkout makes: what git would store has them not."""
    stored = change.converted(dict.fromkeys(d.page for d in found if d.page in change.new))
    if not stored:
        return found
    options = options._replace(only=frozenset(stored), progress=None, cache=None)
    new = change.new
    store = Overlay(new.store, stored)
    view = Answers(store, new.scan, suggesting=False, edition=new.edition)
    kept = {_place(d) for d in check_view(view, options).diagnostics}
    return tuple(d for d in found if d.page not in stored or _place(d) in kept)


def _place(d: Diagnostic) -> tuple[str, str, int, int]:
    return d.page, d.code, d.line, d.column


def _different(
    suspects: Iterable[str], repository: Repository, old: GitTree, new: Archive
) -> set[str]:
    """The files of both states that hold something else, but for how the checkout ends lines."""
    found, unsure = set(), []
    both = [path for path in suspects if path in old.entries and new.scan.has(path)]
    for path, data in new.store.read_many(both):
        if isinstance(data, OSError) or os.path.islink(system_name(new.file(path))):
            found.add(path)
        elif blob_name(data, old.entries[path].blob) != old.entries[path].blob:
            unsure.append(path)
    stored = repository.would_store(unsure)
    return found.union(path for path in unsure if stored.get(path) != old.entries[path].blob)


def _former_paths(archive: Archive, path: str) -> tuple[str, ...]:
    reading = _read(archive, path)
    return former_paths(reading) if reading else ()


def _sources(archive: Archive, path: str) -> set[str]:
    reading = _read(archive, path)
    return {m["target"] for m in reading.sources} if reading else set()


def _read(archive: Archive, path: str) -> Reading | None:
    try:
        return archive.reading(path)
    except OSError:
        return None
