"""``newsarchive completion``, and what the shells ask while someone types."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    shell_complete,
)

from newsarchive.cli._shell_scripts import BASH, FISH, ZSH

ASKED = "_NEWSARCHIVE_COMPLETE"
"""The environment variable by which a shell asks what a word may become."""

_NAME = "newsarchive"
Items = list[CompletionItem[str]]


def answer(command: click.Command) -> int:
    """Print what the word that is being typed may become; the shell's script reads it."""
    for shell in (_Bash, _Zsh, _Fish):
        add_completion_class(shell)
    try:
        return shell_complete(command, {}, _NAME, ASKED, os.environ[ASKED])
    except click.ClickException:  # a word before the one that is typed is wrong: nothing fits
        return 0


# What a value may be, by the word that stands for it in help. `Choice` knows its own.


def _by_shell(kind: str, incomplete: str) -> Items:
    return [CompletionItem(incomplete, type=kind)]


_file, _folder = partial(_by_shell, "file"), partial(_by_shell, "dir")


def _report(incomplete: str) -> Items:
    """A format, a colon, and a file."""
    from newsarchive.writers import BY_NAME

    if ":" in incomplete:
        return [CompletionItem(incomplete, type="report")]
    return [CompletionItem(f"{name}:") for name in BY_NAME if name.startswith(incomplete)]


def _rule(incomplete: str) -> Items:
    """A rule's code, or its name where the word is the beginning of one."""
    from newsarchive.rules import rules_in_force

    rules = rules_in_force()
    codes = [
        CompletionItem(rule.code, help=rule.name)
        for rule in rules
        if rule.code.startswith(incomplete.upper())
    ]
    names = [
        CompletionItem(rule.name, help=rule.summary)
        for rule in rules
        if incomplete and rule.name.startswith(incomplete.lower())
    ]
    return codes + names


def _rule_or_all(incomplete: str) -> Items:
    is_all = incomplete and "ALL".startswith(incomplete.upper())
    return [CompletionItem("ALL", help="every rule")] * bool(is_all) + _rule(incomplete)


def _table(incomplete: str) -> Items:
    from newsarchive.tables.schema import TABLES

    named = ((name, table) for name, table in TABLES.items() if name.startswith(incomplete))
    return [CompletionItem(name, help=table.meaning) for name, table in named]


def _several(complete: Callable[[str], Items], incomplete: str) -> Items:
    """Words apart by commas: the last is completed."""
    *before, last = incomplete.split(",")
    head = "".join(f"{word}," for word in before)
    return [
        CompletionItem(head + item.value, help=item.help)
        for item in complete(last)
        if item.value not in before
    ]


def _nothing(incomplete: str) -> Items:
    return []


KINDS: dict[str, Callable[[str], Items]] = {
    "FILE": _file, "PATH": _file, "PAGE": _file, "OLD": _file, "NEW": _file, "FOLDER": _folder,
    "FORMAT:FILE": _report, "RULE": _rule, "RULES": partial(_several, _rule_or_all),
    "ARCHIVE": _folder, "OUT": _file, "TABLES": partial(_several, _table),
    "TEXT": _nothing, "N": _nothing, "YYYY-MM-DD": _nothing, "DAY": _nothing, "REV": _nothing,
    "WORDS": _nothing, "ADDRESS": _nothing,
}  # fmt: skip
"""How values are completed, by the word that stands for them in help."""


class _CompletedValue(click.types.StringParamType):
    """A type that completes values, and takes any: only for the time of an answer."""

    def __init__(self, complete: Callable[[str], Items]) -> None:
        self._complete = complete

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
        return self._complete(incomplete)


def word_for(parameter: click.Parameter) -> str:
    """The word that stands for a parameter's value in help."""
    return (parameter.metavar or parameter.name or "").strip("[].").upper()


def _teach(command: click.Command) -> None:
    """Have the parameters of a command know how their values are completed."""
    for parameter in command.params:
        complete = KINDS.get(word_for(parameter))
        if complete and not isinstance(parameter.type, click.Choice):
            parameter.type = _CompletedValue(complete)


class _ValueCompletion(ShellComplete):
    """Knows values, and words that a shell takes apart."""

    def get_completions(self, args: list[str], incomplete: str) -> Items:
        assert isinstance(self.cli, click.Group)
        name = next((word for word in args if not word.startswith("-")), "")
        command = self.cli.get_command(click.Context(self.cli), name)
        if command:
            _teach(command)
        return super().get_completions(args, incomplete)


class _Bash(_ValueCompletion, BashComplete):
    source_template = BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is typed; ``=`` and ``:`` are words to bash."""
        before, typed = super().get_completion_args()
        words = _joined([*before, typed])
        return words[:-1], words[-1]


def _joined(words: Iterable[str]) -> list[str]:
    """Words as they were typed: ``--select``, ``=``, ``NA`` are one, as are ``json``, ``:``, ``x``.

    An option and its value come apart again, as that means the same.
    """
    found: list[str] = []
    glued = False
    for word in words:
        if (word == ":" and found) or glued:
            found[-1] += word
        elif word == "=" and found and found[-1].startswith("-"):
            found.append("")
        else:
            found.append(word)
        glued = word in (":", "=")
    return found


class _Zsh(_ValueCompletion, ZshComplete):
    source_template = ZSH


class _Fish(_ValueCompletion, FishComplete):
    source_template = FISH

    def format_completion(self, item: CompletionItem[str]) -> str:
        """What fish takes the whole word for, ``--select=`` included."""
        typed = os.environ["COMP_CWORD"]
        option, equals, _ = typed.partition("=")
        if equals and option.startswith("-"):
            item = CompletionItem(f"{option}={item.value}", item.type, item.help)
        return super().format_completion(item)


_CLASSES: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}


@click.command(short_help="Print the shell's completion script.")
@click.argument("shell", type=click.Choice(list(_CLASSES)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """Print the script that makes SHELL complete commands, options and their values.

    Files and folders are completed as the shell does it; rules by code or name, formats by name.

    bash: add 'eval "$(newsarchive completion bash)"' to ~/.bashrc; zsh likewise to ~/.zshrc;
    fish: newsarchive completion fish > ~/.config/fish/completions/newsarchive.fish
    """
    click.echo(_CLASSES[shell](ctx.find_root().command, {}, _NAME, ASKED).source())
    return 0
