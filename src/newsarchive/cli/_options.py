"""Options that several commands share, and what they mean."""

import datetime
import functools
import os
from collections.abc import Callable
from typing import Any

import click

from newsarchive.cli._words import CACHE_DIR
from newsarchive.rules._plugins import SWITCH

Command = Callable[..., Any]

root_option = click.option(
    "--root", metavar="FOLDER", help="The archive's root (default: looked for upwards)."
)
pages_only_option = click.option(
    "--pages-only",
    is_flag=True,
    help="Skip each PATH that is no page (deleted, no .md file, in no archive), as in a list of "
    "changed files; if none is left, or none is given, there is nothing to do.",
)
cache_dir_option = click.option(
    "--cache-dir",
    metavar="FOLDER",
    envvar=CACHE_DIR,
    help="The folder that caches are kept in (default: in the user's cache folder).",
)


def _leave_plugins_out(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Leave other packages' rules out until the command ends, in worker processes too."""
    if not wanted:
        return
    before = os.environ.get(SWITCH)
    os.environ[SWITCH] = "1"

    @ctx.call_on_close
    def restore() -> None:
        if before is None:
            del os.environ[SWITCH]
        else:
            os.environ[SWITCH] = before


no_plugins_option = click.option(
    "--no-plugins",
    is_flag=True,
    expose_value=False,
    callback=_leave_plugins_out,
    help=f"Run no rules of other packages (as {SWITCH}=1 does).",
)


def text_or_json_option(what: str) -> Callable[[Command], Command]:
    """``--output-format`` of a command that prints something else than findings."""
    return click.option(
        "--output-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=f"How {what} are printed.",
    )


def day_options(what: str) -> Callable[[Command], Command]:
    """``--since`` and ``--until``; a command gets them as days."""

    def day(_: click.Context, __: click.Parameter, given: datetime.datetime | None) -> Any:
        return given and given.date()

    def decorate(run: Command) -> Command:
        @functools.wraps(run)
        def command(
            *, since: datetime.date | None, until: datetime.date | None, **rest: Any
        ) -> int:
            if since and until and since > until:
                raise click.UsageError(f"--since {since} is later than --until {until}")
            status: int = run(since=since, until=until, **rest)
            return status

        for name, bound in (("until", "up to this one"), ("since", "from this one on")):
            command = click.option(
                f"--{name}", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", callback=day,
                help=f"{what} {bound} (2016-03-02).",
            )(command)  # fmt: skip
        return command

    return decorate
