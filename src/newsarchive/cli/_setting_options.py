"""The options that are settings, and what holds when a configuration is there, too."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from newsarchive.cli._flags import KEYS, Flags, setting
from newsarchive.settings import Settings
from newsarchive.settings._kinds import Key

Command = Callable[..., int]


def setting_options(*names: str) -> Callable[[Command], Command]:
    """Options for settings, and ``--config`` and ``--isolated``; a command gets them as `flags`.

    Names are fields of `Settings`; none means all that have an option.
    """
    chosen = [field for field in KEYS if not names or field in names]

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def run(*, config: str | None, isolated: bool, **given: Any) -> int:
            if config is not None and isolated:
                raise click.UsageError("--config and --isolated exclude each other")
            context = click.get_current_context()
            values, environment = {}, set()
            for field in chosen:
                value = setting(KEYS[field][1], given.pop(field), given.pop(f"no_{field}", False))
                if value is not None:
                    values[field] = value
                    source = context.get_parameter_source(field)
                    if source is click.core.ParameterSource.ENVIRONMENT:
                        environment.add(field)
            flags = Flags(values, config, isolated, frozenset(environment))
            return command(flags=flags, **given)

        options: list[Callable[[Command], Command]] = [
            option for field in chosen for option in _options(*KEYS[field], field)
        ]
        decorated: Command = run
        for option in reversed([*options, *_WHERE]):
            decorated = option(decorated)
        return decorated

    return decorate


_WHERE: list[Callable[[Command], Command]] = [
    click.option(
        "--config", metavar="FILE",
        help="The configuration to read (default: newsarchive.toml, or pyproject.toml with "
        "[tool.newsarchive], in the archive or above it).",
    ),
    click.option("--isolated", is_flag=True, help="Read no configuration."),
]  # fmt: skip


def _options(name: str, key: Key, field: str) -> list[Callable[[Command], Command]]:
    """The options of one setting; their values are None (or empty) where they are not given."""
    kind, flag = key.kind, f"--{name}"
    default = key.shown.replace("`", "") or (kind.choices and getattr(Settings(), field))
    text = key.help.removesuffix(".") + (f" (default: {default})." if default else ".")
    more: dict[str, Any] = {"help": text, "default": None, "envvar": key.env or None}
    if kind.flag in ("words", "texts"):
        return [click.option(flag, field, multiple=True, metavar=kind.metavar, help=text)]
    if kind.flag == "choice":
        return [click.option(flag, field, type=click.Choice(kind.choices), **more)]
    if kind.flag == "switch":
        names = [key.short] * bool(key.short) + [f"{flag}/--no-{name}"]
        return [click.option(*names, field, **more)]
    if kind.flag == "number":
        least = kind.schema["minimum"]
        return [click.option(flag, field, type=click.IntRange(least), metavar=kind.metavar, **more)]
    if kind.flag == "day":
        day = click.DateTime(["%Y-%m-%d"])
        return [click.option(flag, field, type=day, metavar=kind.metavar, **more)]
    place = click.option(flag, field, metavar=kind.metavar, **more)
    if kind.flag == "place":
        return [place]
    none = f"Use no {name}, even if one is there or configured."
    return [place, click.option(f"--no-{name}", f"no_{field}", is_flag=True, help=none)]
