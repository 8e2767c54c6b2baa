"""The group that the commands hang on."""

import importlib

import click

from newsarchive._version import __version__
from newsarchive.cli._words import WORDS

_COMMANDS = {
    "baseline": ("_baseline", "Write today's findings to a file; check reports only new ones."),
    "check": ("_check", "Check an archive, or some of its pages."),
    "clean": ("_clean", "Delete the caches of all archives."),
    "completion": ("_completion", "Print the shell's completion script."),
    "config": ("_config", "Show the settings of an archive."),
    "explain": ("_rules", "Explain rules."),
    "export": ("_export", "Write the archive as tables."),
    "find": ("_find", "Find events by words."),
    "fmt": ("_fmt", "Give pages the archive's standard layout."),
    "links": ("_links", "List the links out of a page and into it."),
    "lsp": ("_lsp", "Serve an editor (language server)."),
    "mv": ("_mv", "Rename a page, and have every link follow."),
    "recover": ("_mv", "Finish a move or removal that was interrupted."),
    "report": ("_report", "Write a health report: one HTML file with pictures."),
    "rm": ("_mv", "Remove a page."),
    "rules": ("_rules", "List the rules."),
    "show": ("_show", "Print a page's model as JSON."),
    "watch": ("_watch", "Check an archive again whenever it changes."),
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are used or their help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"newsarchive.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[WORDS] = ("newsarchive", *args)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(_COMMANDS.items())])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="newsarchive %(version)s")
def cli() -> None:
    """Read, check and repair a markdown news archive.

    An archive is a folder that holds news/. Exit status: 0 clean, 1 findings (or files that
    could not be repaired), 2 misuse or nothing to check.
    """
