"""What commands say and refuse, without the library of the command line until there is a need."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from newsarchive.page.printable import printable

if TYPE_CHECKING:
    import click as click
else:

    class _Click:
        """The library, imported when one of its names is asked for: it is a fourth of a start."""

        def __getattr__(self, name: str) -> Any:
            return getattr(importlib.import_module("click"), name)

    click = _Click()


@contextmanager
def refusing(error: type[Exception]) -> Iterator[None]:
    """Refuse as misuse, in the same words, what raises such an error meanwhile."""
    try:
        yield
    except error as reason:
        raise click.UsageError(printable(str(reason))) from None


def echo(text: str, *, err: bool = False, nl: bool = True, color: bool | None = None) -> None:
    """Say something, as `click.echo` does."""
    if "click" in sys.modules:
        click.echo(text, err=err, nl=nl, color=color)
        return
    stream = sys.stderr if err else sys.stdout
    stream.write(f"{text}\n" if nl else text)
    stream.flush()
