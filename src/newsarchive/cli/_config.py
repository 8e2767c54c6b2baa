"""``newsarchive config``."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import click

from newsarchive.archive import Archive
from newsarchive.cli._flags import Flags
from newsarchive.cli._locate import archive_around, near
from newsarchive.cli._options import text_or_json_option
from newsarchive.cli._setting_options import setting_options
from newsarchive.page.editions import EDITIONS, Edition, SlugRule
from newsarchive.page.printable import printable
from newsarchive.settings import PerPath, Settings
from newsarchive.settings._kinds import keys_of
from newsarchive.settings._load import Configuration, configuration_in, read_configuration
from newsarchive.settings._schema import settings_schema
from newsarchive.store.store import DistantStore
from newsarchive.store.urls import is_url

_OPTIONS = tuple(
    field
    for field, key in keys_of(Settings).values()
    if key.kind.flag and field != "output_format"  # here it says how this command prints
)


@click.command(short_help="Show the settings of an archive.")
@click.argument("path", default=".", metavar="[PATH]")
@text_or_json_option("settings")
@click.option(
    "--schema", is_flag=True, help="Print the JSON Schema of a configuration, and nothing else."
)
@setting_options(*_OPTIONS)
def config(path: str, output_format: str, schema: bool, flags: Flags) -> int:
    """Show an archive's settings: each value, and where it comes from.

    PATH is the archive's folder, or a file or folder in it; by default the working folder. The
    options of 'newsarchive check' may be given, to see what they change. Archives in folders of
    this one are named.

    Exit status: 0, or 2 for misuse or a wrong configuration.
    """
    if schema:
        click.echo(json.dumps(settings_schema(), indent=2))
        return 0
    archive = archive_around(path)
    settings = flags.settings(archive)
    configuration = _read(archive, settings.file) if settings.file else None
    origins = {
        field: _origin(settings, flags, field, configuration)
        for field, _ in keys_of(Settings).values()
    }
    if settings.edition is None:
        settings = replace(settings, edition=archive.edition)
        origins["edition"] = _Origin("pages")
    if configuration:
        for number in range(len(settings.per_path)):
            at = configuration.line("per-path", number)
            origins[f"per_path[{number}]"] = _Origin("file", settings.file, at)
    beside = {str(other.root): other.edition.name for other in archive.beside}
    lines = _json if output_format == "json" else _text
    for line in lines(settings, origins, beside):
        click.echo(line)
    return 0


def _read(archive: Archive, file: str) -> Configuration | None:
    """The configuration that was read already, once more."""
    if not is_url(file):
        return read_configuration(file)
    stores = archive.store.around() if isinstance(archive.store, DistantStore) else ()
    return next(filter(None, map(configuration_in, stores)), None)


@dataclass(frozen=True)
class _Origin:
    """Where a value comes from: default, flag, environment, a file's line, or the pages."""

    source: str
    name: str = ""
    line: int = 0

    def __str__(self) -> str:
        if self.source == "file":
            return f"{near(self.name)}:{self.line}"
        return f"{self.source} {self.name}".rstrip()


def _origin(
    settings: Settings, flags: Flags, field: str, configuration: Configuration | None
) -> _Origin:
    name = field.replace("_", "-")
    if field in flags.environment:
        return _Origin("environment", keys_of(Settings)[name][1].env)
    if field in settings.overridden:
        return _Origin("flag", f"--{name}")
    if configuration and field in settings.configured:
        return _Origin("file", settings.file, configuration.line(name))
    return _Origin("default")


def _json(
    settings: Settings, origins: Mapping[str, _Origin], beside: Mapping[str, str]
) -> Iterator[str]:
    known = {}
    for name, (field, _) in keys_of(Settings).items():
        origin = origins[field]
        more = {"file": origin.name, "line": origin.line} if origin.source == "file" else {}
        known[name] = {
            "value": _plain(getattr(settings, field)), "source": origin.source, **more
        }  # fmt: skip
    told = {"file": settings.file or None, "settings": known, "beside": dict(beside)}
    yield json.dumps(told, indent=2)


def _text(
    settings: Settings, origins: Mapping[str, _Origin], beside: Mapping[str, str]
) -> Iterator[str]:
    """The settings as TOML, with what they come from as comments."""
    yield f"# {near(settings.file)}" if settings.file else "# no configuration was found or read"
    for root, name in beside.items():
        yield f"# beside it: {near(root)}, an archive of its own (edition {printable(name)})"
    rows, tables = [], []
    for name, (field, key) in keys_of(Settings).items():
        value, origin = _plain(getattr(settings, field)), str(origins[field])
        if field == "per_path" and value:
            tables += value
        elif value is None:
            rows.append((f"# {name}: {key.shown.replace('`', '')}", origin))
        else:
            rows.append((f"{name} = {_toml(value)}", origin))
    width = min(max(len(shown) for shown, _ in rows), 60)
    for shown, origin in rows:
        yield f"{shown:<{width}}  # {origin}"
    for number, table in enumerate(tables):
        yield f"\n[[per-path]]  # {origins.get(f'per_path[{number}]', '')}".rstrip("# ")
        for name, value in table.items():
            yield f"{name} = {_toml(value)}"


def _plain(value: Any) -> Any:
    """A setting as JSON has it; of a table for some pages, what it says."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, PerPath):
        known = {name: getattr(value, field) for name, (field, _) in keys_of(PerPath).items()}
        return {name: _plain(one) for name, one in known.items() if one}
    if isinstance(value, Edition) and EDITIONS.get(value.name) == value:
        return value.name
    if isinstance(value, Edition | SlugRule):
        return {
            f.name.replace("_", "-"): dict(one) if f.name.endswith("letters") else _plain(one)
            for f in fields(value)
            if (one := getattr(value, f.name)) != f.default
        }
    if isinstance(value, datetime.date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{_toml_key(key)} = {_toml(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    return _quoted(value) if isinstance(value, str) else str(value)


def _toml_key(key: str) -> str:
    return key if key.replace("-", "").isalnum() and key.isascii() else _quoted(key)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = (c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped)
    return f'"{"".join(shown)}"'
