"""Work in threads beside the server's own, which hand what comes of it to that one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

_Step = TypeVar("_Step")


class Beside:
    """What has work done beside the server's own thread; `stop` tells that work to end early."""

    def __init__(self) -> None:
        self.stop: threading.Event = threading.Event()

    def run(
        self,
        steps: Callable[[], Iterator[_Step]],
        take: Callable[[_Step], None],
        done: Callable[[], None],
    ) -> None:
        """Run a generator in a thread of its own, and hand what it yields to this one.

        An error ends it, and stands in the server's error output: what was handed over until then
        is all there is.
        """
        loop = asyncio.get_running_loop()

        def hand(call: Callable[..., object], *given: object) -> None:
            try:
                loop.call_soon_threadsafe(call, *given)
            except RuntimeError:  # the loop is closed: the server ends
                self.stop.set()

        def run() -> None:
            try:
                for step in steps():
                    hand(take, step)
            finally:
                hand(done)

        # A daemon: the end of the server does not wait for git.
        threading.Thread(target=run, daemon=True).start()

    async def ask(self, work: Callable[[], _Step]) -> _Step:
        """Do some work in a thread of its own, and wait for what comes of it.

        Raises:
            RuntimeError: it failed; why stands in the server's error output.
        """
        made: asyncio.Future[_Step] = asyncio.get_running_loop().create_future()

        def take(found: _Step) -> None:
            if not made.done():
                made.set_result(found)

        def done() -> None:
            if not made.done():
                made.set_exception(RuntimeError("the archive could not be checked"))

        self.run(lambda: iter([work()]), take, done)
        return await made
