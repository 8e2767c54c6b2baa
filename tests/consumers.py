"""Programs that read reports, as far as tests need them: schemas, and parsers of their kind."""

import functools
import json
from typing import Any

import jsonschema

from tests.support import DATA


@functools.cache
def sarif_validator() -> Any:
    """SARIF's own schema."""
    schema = json.loads((DATA / "schemas/sarif-2.1.0.json").read_text("utf-8"))
    return jsonschema.Draft4Validator(schema)


def sarif_text(message: str) -> str:
    """A message as a reader of SARIF shows it: two braces are one, an escape is what it hides."""
    return message.replace("{{", "{").replace("}}", "}").replace("]\\(", "](")


@functools.cache
def gitlab_validator() -> Any:
    """What GitLab requires of an issue of a Code Quality report, by its documentation."""
    return jsonschema.Draft202012Validator(
        {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string"},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "minLength": 1},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        # A relative path that does not begin with ./
                        "path": {"type": "string", "pattern": "^(?!/|\\./)"},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": {"begin": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        }
    )


def annotation(line: str) -> tuple[str, dict[str, str], str]:
    """A line of a log as a runner of GitHub Actions takes it: command, properties, message."""
    assert line.startswith("::"), "no command"
    head, separator, message = line[2:].partition("::")
    assert separator, "no command"
    command, _, listed = head.partition(" ")
    properties = {}
    for pair in filter(None, listed.strip().split(",")):
        key, _, value = pair.partition("=")
        properties[key] = _unescaped(
            value, ("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")
        )
    return command, properties, _unescaped(message, ("%0D", "\r"), ("%0A", "\n"))


def _unescaped(text: str, *escapes: tuple[str, str]) -> str:
    for escape, meant in (*escapes, ("%25", "%")):
        text = text.replace(escape, meant)
    return text
