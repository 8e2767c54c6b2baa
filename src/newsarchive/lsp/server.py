"""The server: messages in and out, what is read beside them, and when findings are told."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import (
    FeatureRequestError,
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcServerNotInitialized,
)
from pygls.io_ import StdinAsyncReader, StdoutWriter
from pygls.lsp.server import LanguageServer

from newsarchive._version import __version__
from newsarchive.errors import UnknownRuleError
from newsarchive.graph.live import Live
from newsarchive.graph.page_summary import PageOnDisk
from newsarchive.lsp.beside import Beside
from newsarchive.lsp.findings import published, result_id
from newsarchive.lsp.loading import LookAtFiles, load
from newsarchive.lsp.protocol import Protocol
from newsarchive.lsp.session import OpenPage, Session
from newsarchive.page.editions import edition_of
from newsarchive.page.printable import printable
from newsarchive.settings._exclude import Exclusion
from newsarchive.store.listing import Scan
from newsarchive.store.renames import History, history, notice

if TYPE_CHECKING:
    from newsarchive.lsp.whole import Whole

_AT_ONCE, _SOON, _LATER = 0.002, 0.05, 0.3
"""Seconds: until the page in hand is checked, until others are, until files are looked at."""
_SHORTLY = 0.1
"""Seconds that an editor is given to say that it tells of files."""
_OPEN_FILES, _WORKSPACE = "openFilesOnly", "workspace"
_SHARE = 2
"""A page that takes long to check is checked again after this many times as long."""


class Server(LanguageServer):
    """A language server for news archives. `serve` runs it on standard input and output."""

    protocol: Protocol

    def __init__(self, handlers: Mapping[str, tuple[Any, Any]]) -> None:
        super().__init__("newsarchive", __version__, protocol_cls=Protocol)
        self._session: Session | None = None
        self.is_shut_down = False
        # Whether the editor tells of files that change; not before it has said that it will.
        self.watches_files = False
        self._has_said = threading.Event()
        self.pulls: bool = False
        self.shows_all: bool = False
        # Set when findings may have changed: a new event each time, for those that come to wait.
        self.changed: asyncio.Event = asyncio.Event()
        # How often files changed: a number that is another one each time.
        self.file_changes: int = 0
        self.beside: Beside = Beside()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._costs: dict[str, float] = {}
        self._looks: dict[str, LookAtFiles] = {}
        self.whole: dict[str, Whole] = {}
        self._pulled: dict[str, str] = {}
        self._refresh: asyncio.TimerHandle | None = None
        self._reloads: dict[str, asyncio.TimerHandle] = {}
        self._asked_git: set[str] = set()
        self.offer(handlers)

    def offer(self, handlers: Mapping[str, tuple[Any, Any]]) -> None:
        """Handle methods; what the editor is told of is settled once `begin` has returned."""
        for method, (handler, options) in handlers.items():
            self.feature(method, options)(handler)

    # Talking to the editor.

    @property
    def session(self) -> Session:
        """What is open; raises JsonRpcServerNotInitialized if the editor has not said hello yet."""
        if self._session is None:
            raise JsonRpcServerNotInitialized("the server is not initialized")
        return self._session

    def begin(self, options: object) -> None:
        """Start a session, as the editor said hello with some options.

        Those are lists ``select`` and ``ignore``, and ``diagnosticMode``, which says whose findings
        an editor can ask for.
        """
        asyncio.get_running_loop().set_exception_handler(self._report)
        # One that cannot be asked to ask again would miss what other pages change: it is told.
        asks = self.can("text_document.diagnostic") is not None
        self.pulls = asks and bool(self.can("workspace.diagnostics.refresh_support"))
        encoding = self.workspace.position_encoding
        versioned = bool(self.can("workspace.workspace_edit.document_changes"))
        encoding = str(getattr(encoding, "value", encoding))
        self._session = Session(encoding, self._complain, versioned)
        given = options if isinstance(options, dict) else {}
        mode = given.get("diagnosticMode", _OPEN_FILES)
        self.shows_all = mode == _WORKSPACE
        if mode not in (_OPEN_FILES, _WORKSPACE):
            told = f"diagnosticMode: {mode!r} is neither {_OPEN_FILES!r} nor {_WORKSPACE!r}"
            self.tell(f"{printable(told)}; open pages are checked", types.MessageType.Error)
        try:
            self._session.select(_words(given, "select"), _words(given, "ignore"))
        except UnknownRuleError as error:
            self.tell(f"{printable(str(error))}; the usual rules run", types.MessageType.Error)

    def _complain(self, message: str) -> None:
        self.tell(printable(message), types.MessageType.Error)

    def can(self, capability: str) -> Any:
        """What the editor says of itself at a dotted name; None where it says nothing."""
        return get_capability(self.client_capabilities, capability)

    def refuse(self, message: str) -> JsonRpcException:
        """The error that answers a request which cannot be met."""
        return JsonRpcException(message, code=types.LSPErrorCodes.RequestFailed.value)

    def log(self, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Write to the editor's log."""
        self.window_log_message(types.LogMessageParams(kind, message))

    def tell(self, message: str, kind: types.MessageType) -> None:
        """Show a message to whoever sits at the editor."""
        self.window_show_message(types.ShowMessageParams(kind, message))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log what went wrong, and go on. Requests are answered with the error anyway."""
        if source is JsonRpcInternalError:  # nothing can be sent, and so not that either
            return
        if isinstance(error, JsonRpcException) and not isinstance(error, JsonRpcInternalError):
            if source is not FeatureRequestError:  # else the answer says it
                told = f"a message from the editor is refused: {printable(error.message)}"
                self.log(told, types.MessageType.Warning)
            return
        told = "".join(traceback.format_exception_only(error)).strip()
        self.log(f"an error in the server: {told}", types.MessageType.Error)

    def _report(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        trace = "".join(traceback.format_exception(error)) if error else context.get("message", "")
        self.log(f"an error in the server: {trace}", types.MessageType.Error)

    def end(self) -> None:
        """Stop what is under way."""
        self.beside.stop.set()
        for one in self._looks.values():
            one.go_on()
        for timer in (*self._timers.values(), *self._reloads.values(), self._refresh):
            if timer:
                timer.cancel()

    # Reading archives.

    def watch_files(self, registration: types.Registration | None) -> None:
        """Ask the editor to tell of files that change; None where it cannot."""
        if registration is None:
            self._has_said.set()
            return

        def take(answer: Future[None]) -> None:
            self.watches_files = not (answer.cancelled() or answer.exception())
            self._has_said.set()

        asked = types.RegistrationParams([registration])
        self.client_register_capability(asked).add_done_callback(take)

    def load(self, archive: Live) -> asyncio.Event:
        """Read what is new in an archive, beside everything else; the event is set when done."""
        root = str(archive.root)
        if self.is_loading(archive):
            return self._looks[root].done
        settings = self.session.settings_of(archive)
        patterns = settings.exclude
        archive.exclude = exclude = Exclusion(patterns) if patterns else None
        archive.take_edition(edition_of(settings.edition))
        store, edition = archive.store.base, archive.edition
        known, began = archive.begin_listing(), time.perf_counter()
        one = self._looks[root] = LookAtFiles(self.beside.stop, self.file_changes, patterns)

        def steps() -> Iterator[Scan | list[PageOnDisk]]:
            # A listing is believed later on if the editor tells of what has changed since it began.
            one.is_watched = self.shows_all and self._has_said.wait(_SHORTLY) and self.watches_files
            return load(store, known, one.goes_on, exclude, edition)

        def take(step: Scan | list[PageOnDisk]) -> None:
            if self.beside.stop.is_set():
                return
            if not isinstance(step, Scan):
                archive.take(step)
                return
            with one.at_rest():
                archive.take_listing(step)
                is_latest = one.changes == self.file_changes
                self.note_change(files=True)
                if is_latest and one.is_watched:
                    one.scan, one.changes = step, self.file_changes
                one.listed.set()
                self.check_all(archive)

        def done() -> None:
            one.listed.set()
            one.done.set()
            if self.beside.stop.is_set():
                return
            archive.is_loaded = True
            archive.prepare()
            seconds = time.perf_counter() - began
            self.log(f"read {len(archive):,} pages of {printable(root)} in {seconds:.1f} s")
            self.note_change()
            self.check_all(archive)

        self.beside.run(steps, take, done)
        return one.done

    def is_loading(self, archive: Live) -> bool:
        """Whether an archive is being read."""
        latest = self.latest_look(archive)
        return latest is not None and not latest.done.is_set()

    def latest_look(self, archive: Live) -> LookAtFiles | None:
        """The reading of an archive that began last, done or not."""
        return self._looks.get(str(archive.root))

    def load_later(self, archive: Live) -> None:
        """Read what is new in an archive, when things calm down."""
        root = str(archive.root)
        if root in self._reloads:
            self._reloads[root].cancel()

        def begin() -> None:
            del self._reloads[root]
            if self.is_loading(archive):  # it may have passed what is new
                self.load_later(archive)
            else:
                self.load(archive)

        self._reloads[root] = asyncio.get_running_loop().call_later(_LATER, begin)

    def _ask_git(self, archive: Live) -> None:
        """Ask for the renames in git's history, once, if a broken link asked for them."""
        root = str(archive.root)
        if archive.wants_renames and root not in self._asked_git:
            self._asked_git.add(root)

            def take(found: History) -> None:
                if found.trouble:
                    self.log(printable(notice(found.trouble)), types.MessageType.Warning)
                if found.renames:
                    archive.take_renames(found.latest())
                    self.check_all(archive)

            self.beside.run(lambda: iter([history(root)]), take, lambda: None)

    # Telling findings. An editor is told of them, or asks for them; never both.

    def note_change(self, *, files: bool = False) -> None:
        """Note that findings may have changed, and whether files did."""
        self.file_changes += files
        self.changed.set()
        self.changed = asyncio.Event()

    def check_soon(self, page: OpenPage, delay: float = _AT_ONCE) -> None:
        """Tell a page's findings shortly; what comes until then is taken in."""
        if page.uri not in self._timers:
            delay = max(delay, min(1.0, _SHARE * self._costs.get(page.uri, 0) - _AT_ONCE))
            loop = asyncio.get_running_loop()
            self._timers[page.uri] = loop.call_later(delay, self._check, page.uri)

    def check_all(self, archive: Live, but: OpenPage | None = None) -> None:
        """Tell the findings on all open pages of an archive anew, but for one page."""
        for page in self.session.open_in(archive):
            if page is not but:
                page.findings = None
                self.check_soon(page, _SOON if but else _AT_ONCE)

    def told(self, page: OpenPage) -> list[types.Diagnostic]:
        """What the editor is told of a page."""
        shows = [f"text_document.{name}" for name in ("publish_diagnostics", "diagnostic")]
        return published(
            self.session,
            page,
            related=any(self.can(f"{kind}.related_information") for kind in shows),
            described=any(self.can(f"{kind}.code_description_support") for kind in shows),
        )

    def answer(self, page: OpenPage) -> tuple[list[types.Diagnostic], str]:
        """What an editor is told that asks for a page's findings, and its `result_id`."""
        told = self.told(page)
        made = self._pulled[page.uri] = result_id(told)
        if page.archive:
            self._ask_git(page.archive)
        return told, made

    def forget(self, uri: str) -> None:
        """Take back a page's findings: it was closed."""
        timer = self._timers.pop(uri, None)
        if timer:
            timer.cancel()
        self._costs.pop(uri, None)
        self._pulled.pop(uri, None)
        if not self.pulls:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def _check(self, uri: str) -> None:
        del self._timers[uri]
        page = self.session.pages.get(uri)
        if page is None or not page.can_be_judged:
            return
        began = time.perf_counter()
        told = self.told(page)
        self._costs[uri] = time.perf_counter() - began
        if not self.pulls:
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, told, page.version)
            )
        elif self._pulled.get(uri) not in (None, result_id(told)):
            self._have_pulled_anew()
        if page.archive:
            self._ask_git(page.archive)

    def _have_pulled_anew(self) -> None:
        """Have the editor ask for findings again: those that it has are not these any more."""

        def refresh() -> None:
            self._refresh = None
            self.workspace_diagnostic_refresh(None)

        if self._refresh is None:
            self._refresh = asyncio.get_running_loop().call_later(_SOON, refresh)


def _words(options: dict[str, Any], name: str) -> list[str]:
    """A list of words among the editor's options; a single one will do."""
    given = options.get(name) or []
    return [str(word) for word in (given if isinstance(given, list) else [given])]


def serve(handlers: Mapping[str, tuple[Any, Any]]) -> int:
    """Serve one editor on standard input and output, until it says goodbye or goes away.

    Returns the exit status: 0 after an orderly goodbye, else 1.
    """
    server = Server(handlers)
    server.protocol.set_writer(StdoutWriter(sys.stdout.buffer))
    reader = StdinAsyncReader(sys.stdin.buffer, server.thread_pool)
    # The editor goes away by closing its end, or the protocol's own exit ends the process.
    with suppress(BrokenPipeError, KeyboardInterrupt, SystemExit):
        asyncio.run(server.protocol.serve(reader))
    server.shutdown()  # type: ignore[no-untyped-call]
    return 0 if server.is_shut_down else 1
