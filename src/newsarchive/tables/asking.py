"""What researchers ask of an archive, beyond what runs and editors do: the public `Archive`."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from newsarchive.archive import Archive as PlainArchive
from newsarchive.archive import configured

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import networkx as nx
    import pyarrow as pa

    from newsarchive.tables import schema
    from newsarchive.tables.days import Bound, EventIterator, NewsDay, OnError
# Imported where they are used: who opens an archive waits for no parser.


class AskedArchive(PlainArchive):
    """A folder that holds ``news/``, read on demand.

    Pages are addressed by archive path (``/news/2013/02/20/slug.md``). Iteration goes over the
    pages' paths in the order of the file tree; ``path in archive`` asks for a page of exactly
    that name, byte for byte, whatever the file system thinks of letter case; ``archive[path]``
    reads the page. The folder is listed once and pages are read at each call: call `refresh` after
    the folder changed.

    Folders that others keep (``node_modules``, virtual environments of Python, further working
    trees of git) are not the archive's, nor is what `exclude` names: none of it is there.

    Args:
        root: the folder; or a URL, such as ``s3://bucket/prefix`` or ``zip://old/news.zip``; or
            another store of an archive's files.
        exclude: patterns as in ``.gitignore``, for archive paths; those of a configuration are
            `Settings.exclude`.
        edition: the archive's edition, or the name of one that is built in; None is the one whose
            words its pages have.

    Raises:
        NotAnArchiveError: the folder holds no ``news/`` folder.
        StorageError, MissingPackageError: the storage of a URL cannot be read.
        ValueError: no edition of that name is built in.
    """

    def events(
        self,
        since: Bound = None,
        until: Bound = None,
        under: str | None = None,
        on_error: OnError = "skip",
    ) -> EventIterator:
        """The event pages, by day and then by path.

        Args:
            since: the first day, as a date or as ISO writes it; what counts is the folder that a
                page stands in.
            until: the last day.
            under: a folder (``/news/2016/03``) that they must be in or below.
            on_error: what becomes of a page that cannot be read or built: ``"skip"`` passes over
                it, ``"raise"`` raises, a function is called with the path and the error.

        Returns:
            An iterator; its `skipped` holds what was skipped so far, by path, and why.

        Raises:
            ValueError: a text is no day, or the first day is later than the last.
            InvalidPageError, OSError: while it goes on, where `on_error` says so.
        """
        from newsarchive.tables.days import EventIterator, event_paths

        return EventIterator(self, event_paths(self, since, until, under), on_error)

    def days(self) -> tuple[datetime.date, ...]:
        """The days that have a page, in order."""
        from newsarchive.tables.days import day_in

        found = {day_in(path) for path in self}
        return tuple(sorted(day for day in found if day))

    def day(self, date: datetime.date | str) -> NewsDay:
        """The index and the events of a day; both are missing where the archive lacks the day.

        Args:
            date: the day, as a date or as ISO writes it.

        Raises:
            ValueError: a text is no day.
        """
        from newsarchive.tables.days import bound, day_of_archive

        return day_of_archive(self, bound(date))

    def latest(self) -> NewsDay:
        """The last day that has a page.

        Raises:
            LookupError: the archive has no day.
        """
        days = self.days()
        if not days:
            raise LookupError(f"{self!r} has no day")
        return self.day(days[-1])

    def topic(self, path: str) -> str:
        """The topic of an event: its own, or that which the index of its day gives it; or empty.

        Raises:
            PageNotFoundError: there is no such page.
            OSError: it cannot be read.
        """
        from newsarchive.tables.days import indexes_in
        from newsarchive.tables.rows import topics_in

        reading = self.reading(path)
        own = reading.text(reading.topic)
        return own or topics_in(indexes_in(self, path.rpartition("/")[0])).get(path, "")

    def search(
        self,
        words: str,
        since: Bound = None,
        until: Bound = None,
        under: str | None = None,
        *,
        cache: str | os.PathLike[str] | None = None,
    ) -> EventIterator:
        """The events that hold all words in title, topic or description, by day.

        Pages are looked at as they are now, whatever changed since the archive was opened.

        Args:
            words: words, in any letter case; ``elect*`` matches every word that begins so.
            since: the first day.
            until: the last day.
            under: a folder, as `events` takes it.
            cache: the folder where the index of words is kept; by default the user's.

        Raises:
            ValueError: a text is no day.
        """
        from newsarchive.tables.days import EventIterator

        return EventIterator(self, self.paths_with(words, since, until, under, cache=cache))

    def paths_with(
        self,
        words: str,
        since: Bound = None,
        until: Bound = None,
        under: str | None = None,
        *,
        cache: str | os.PathLike[str] | None = None,
    ) -> list[str]:
        """The same as archive paths, those of damaged pages among them."""
        from newsarchive.runs.cache_folders import default_folder
        from newsarchive.tables.days import event_paths
        from newsarchive.tables.search import paths_with

        folder = default_folder() if cache is None else os.fspath(cache)
        return event_paths(paths_with(self, words, folder), since, until, under)

    @overload
    def table(self, name: Literal["pages"]) -> Iterator[schema.PageRow]: ...
    @overload
    def table(self, name: Literal["sources"]) -> Iterator[schema.SourceRow]: ...
    @overload
    def table(self, name: Literal["related"]) -> Iterator[schema.RelatedRow]: ...
    @overload
    def table(self, name: Literal["entries"]) -> Iterator[schema.EntryRow]: ...
    @overload
    def table(self, name: Literal["changes"]) -> Iterator[schema.ChangeRow]: ...
    @overload
    def table(self, name: Literal["links"]) -> Iterator[schema.LinkRow]: ...
    @overload
    def table(self, name: Literal["findings"]) -> Iterator[schema.FindingRow]: ...
    @overload
    def table(self, name: Literal["meta"]) -> Iterator[schema.MetaRow]: ...
    @overload
    def table(self, name: Literal["models"]) -> Iterator[schema.ModelRow]: ...
    def table(self, name: str) -> Iterator[Any]:
        """The rows of a table, as `newsarchive export` writes them: tuples with named fields.

        Args:
            name: ``pages``, ``sources``, ``related``, ``entries``, ``changes``, ``links``,
                ``findings``, ``meta`` or ``models``; the documentation says what is in each.

        Raises:
            UnknownTableError: there is no such table.
        """
        from newsarchive.tables.export import all_rows, chosen

        [table] = chosen([name], "jsonl")
        return map(table.row._make, all_rows(self, table))

    def to_arrow(self, name: str) -> pa.Table:
        """A table for Arrow, and so for pandas, polars, DuckDB and others.

        Args:
            name: the table, as `table` takes it.

        Raises:
            UnknownTableError: there is no such table, or Arrow cannot hold it.
            MissingPackageError: pyarrow is not installed (``newsarchive[parquet]``).
        """
        from newsarchive.tables.export import all_rows, chosen
        from newsarchive.tables.formats import form_of

        form_of("parquet")
        [table] = chosen([name], "parquet")
        from newsarchive.tables.parquet import in_batches

        return in_batches(table, all_rows(self, table))

    def export(
        self,
        output: str | os.PathLike[str],
        form: Literal["parquet", "jsonl", "csv", "sqlite"] = "parquet",
        tables: Iterable[str] = (),
        *,
        jobs: int | None = 1,
        executor: Executor | None = None,
    ) -> dict[str, int]:
        """Write tables to a new folder or file, as `newsarchive export` does.

        Args:
            output: the place; what an export before wrote there is replaced.
            form: the format; only ``sqlite`` writes a file.
            tables: the tables, as `table` takes them; none means all that the format can hold.
            jobs: how many processes make rows; None means one for each core.
            executor: who makes them in place of these, as `check` takes it.

        Returns:
            How many rows each table has.

        Raises:
            UnknownTableError: there is no such table, or the format cannot hold it.
            MissingPackageError: pyarrow is not installed (``newsarchive[parquet]``).
            RefusedWriteError: something else is there, or nothing can be written there.
            ExecutorError: the executor is lost, or its workers would make something else.
            SettingsError: the configuration, by which findings are made, is wrong.
        """
        from newsarchive.settings import load_settings
        from newsarchive.tables.export import Request, chosen, write_tables
        from newsarchive.tables.formats import form_of

        settings = load_settings(self).override(jobs=jobs)
        archive, held = configured(self, settings), chosen(tables, form)
        request = Request(archive, form_of(form), held, settings, executor=executor)
        return dict(write_tables(request, Path(os.path.abspath(output))))

    def graph(self) -> nx.DiGraph[str]:
        """The graph of related events, for networkx.

        A node is a path. It has a title, a date (empty where none is known) and whether the page
        exists; an edge has the title that its link gives and the context, terms apart by commas:
        texts alone, so that networkx can write the graph in any of its formats.

        Raises:
            MissingPackageError: networkx is not installed (``newsarchive[graph]``).
        """
        from newsarchive.tables.graphs import related_graph

        return related_graph(self)

    def at(self, revision: str) -> Self:
        """The archive as git keeps it at a revision.

        Args:
            revision: whatever git takes for a commit: ``HEAD~3``, a branch, a tag.

        Raises:
            GitError: git cannot show it.
        """
        from newsarchive.store.git_tree import tree_at

        tree = tree_at(self.root, revision, shown=str(self.root))
        return type(self)(tree, exclude=self._excluded)


Archive = AskedArchive
"""Under the name that everybody uses."""
