"""What `newsarchive` raises. Trouble *in a page* is a diagnostic, not an exception.

::

    NewsArchiveError
    ├── InvalidPageError(ValueError)      no page can be built from a text; a report has errors
    ├── NotAnArchiveError(ValueError)     a folder holds no news/ and is in none that does
    ├── PageNotFoundError(KeyError)       an archive has no page of that path
    ├── UnknownRuleError(ValueError)      a word names no rule
    ├── EditConflictError(ValueError)     two edits touch the same text
    ├── UnverifiedFixError(RuntimeError)  a fix would have changed more than it says
    ├── SettingsError(ValueError)         a configuration cannot be read or is wrong
    ├── BaselineError(ValueError)         a baseline cannot be read or is wrong
    ├── HistoryError(ValueError)          a history of reports cannot be read or is wrong
    ├── GitError(RuntimeError)            git cannot show a state of the archive
    ├── StorageError(RuntimeError)        a storage cannot be read: no bucket, no access, no answer
    ├── UnknownTableError(ValueError)     a word names no table
    ├── MissingPackageError(ImportError)  another package is needed, and not installed
    ├── ExecutorError(RuntimeError)       an executor is lost, or works with other rules than these
    ├── RefusedMoveError(ValueError)      a page cannot be moved or retitled like that
    │   └── RefusedChangeError(RefusedMoveError)  operations of a change cannot be done
    └── RefusedWriteError(OSError)        a file cannot be changed; nothing was written
"""

from __future__ import annotations


class EndedBySignal(BaseException):
    """A signal asked the process to end. No error: nothing that handles errors may catch it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class NewsArchiveError(Exception):
    """The root of all that this library raises on purpose.

    Subclasses keep their values as positional arguments, so that each survives pickling.
    """

    def __str__(self) -> str:
        """What it is about, and why, unless a subclass says it in other words."""
        return ": ".join(map(str, self.args))


class NotAnArchiveError(NewsArchiveError, ValueError):
    """A folder is no archive: it holds no ``news/`` folder, and neither does one above it.

    Attributes:
        path: the folder as it was given.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: no archive here or above (an archive is a folder that holds news/)"


class PageNotFoundError(NewsArchiveError, KeyError):
    """An archive has no page of that path.

    Attributes:
        path: the archive path that was asked for.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        hint = "" if self.path.startswith("/") else " (archive paths begin with a slash)"
        return f"no page {self.path!r} in the archive{hint}"


class UnknownRuleError(NewsArchiveError, ValueError):
    """A word names no rule: neither a code, nor a prefix of codes, nor a name.

    Attributes:
        word: the word as given. near: the known word that is nearest, empty where none is.
        missing: the rules of other packages that could not be loaded and why, empty for none.
    """

    def __init__(self, word: str, near: str = "", missing: str = "") -> None:
        super().__init__(word, near, missing)
        self.word = word
        self.near = near
        self.missing = missing

    def __str__(self) -> str:
        hint = (
            f"; did you mean {self.near!r}?" if self.near else " ('newsarchive rules' lists them)"
        )
        missing = f"; {self.missing}" if self.missing else ""
        return f"no rule is called {self.word!r}{hint}{missing}"


class UnverifiedFixError(NewsArchiveError, RuntimeError):
    """A fix was not applied: the page would have changed outside what the fix says.

    Attributes:
        path: the page. code: the rule whose fix it was.
    """

    def __init__(self, path: str, code: str) -> None:
        super().__init__(path, code)
        self.path = path
        self.code = code

    def __str__(self) -> str:
        return f"{self.path}: the fix of {self.code} would change more than it says; not applied"


class SettingsError(NewsArchiveError, ValueError):
    """A configuration cannot be read, or says what is not allowed.

    Attributes:
        file: the configuration.
        line: the line that is wrong, counted from 1; 0 where that is not known.
        key: the key that is wrong, empty where none is.
        reason: what was found and what is allowed.
    """

    def __init__(self, file: str, line: int, key: str, reason: str) -> None:
        super().__init__(file, line, key, reason)
        self.file = file
        self.line = line
        self.key = key
        self.reason = reason

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.key}: {self.reason}" if self.key else f"{where}: {self.reason}"


class BaselineError(NewsArchiveError, ValueError):
    """A file is no baseline, or one that cannot be read.

    Attributes:
        file: the file.
        line: the line that is wrong, counted from 1; 0 where that is not known.
        reason: what is wrong, and what to do about it.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(file, line, reason)
        self.file = file
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.reason}"


class HistoryError(NewsArchiveError, ValueError):
    """A file is no history of reports, or one that is damaged.

    Attributes:
        file: the file.
        line: the line that is wrong, counted from 1.
        reason: what is wrong, and what to do about it.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(file, line, reason)
        self.file = file
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class GitError(NewsArchiveError, RuntimeError):
    """git cannot show a state of the archive: no git, no repository, no such revision.

    Attributes:
        folder: the folder that git was asked in.
        reason: why, in words.
    """

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder = folder
        self.reason = reason


class StorageError(NewsArchiveError, RuntimeError):
    """A storage that is named by a URL cannot be read: no such bucket, no access, no answer.

    It is no `OSError`: those are about one file, this is about all.

    Attributes:
        url: the storage, without what may be secret.
        reason: why, in words.
    """

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason


class UnknownTableError(NewsArchiveError, ValueError):
    """A word names no table, or none that a format can hold.

    Attributes:
        word: the word as given.
        known: the names of the tables that there are.
    """

    def __init__(self, word: str, known: tuple[str, ...]) -> None:
        super().__init__(word, known)
        self.word = word
        self.known = known

    def __str__(self) -> str:
        return f"there is no table {self.word!r}; there are {', '.join(self.known)}"


class MissingPackageError(NewsArchiveError, ImportError):
    """What was asked for needs another package, which is not installed.

    Attributes:
        package: the package.
        extra: the extra of newsarchive that brings it; empty where none does.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(package, extra)
        self.package = package
        self.extra = extra

    def __str__(self) -> str:
        wanted = f"'newsarchive[{self.extra}]'" if self.extra else self.package
        return f"this needs {self.package}: pip install {wanted}"


class ExecutorError(NewsArchiveError, RuntimeError):
    """An executor was given that is lost, or whose workers would find something else.

    Attributes:
        reason: why, in words.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RefusedMoveError(NewsArchiveError, ValueError):
    """A page cannot be moved, retitled or removed as asked; nothing was written.

    Attributes:
        path: the archive path that stands in the way. reason: why, in words.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


class RefusedChangeError(RefusedMoveError):
    """Operations of a change cannot be done as asked; nothing of the change was written.

    Attributes:
        reasons: an archive path and why, in words, for each operation that was refused.
        path, reason: those of the first.
    """

    def __init__(self, *reasons: tuple[str, str]) -> None:
        super().__init__(*reasons[0])
        self.args = reasons
        self.reasons = reasons

    def __str__(self) -> str:
        return "; ".join(f"{path}: {reason}" for path, reason in self.reasons)


class RefusedWriteError(NewsArchiveError, OSError):
    """A file is not in the state that a change starts from, or cannot be changed at all.

    Attributes:
        file: the file. reason: why, in words.
    """

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file = file
        self.reason = reason
