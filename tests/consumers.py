"""Programs that read reports, as far as tests need them: schemas, and parsers of their kind."""

import functools
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import jsonschema

from tests.builders import DATA


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


_WORD = "token"
JENKINS: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "testsuites": ({}, {"name": "", "time": "time", "tests": "", "failures": "", "errors": ""},
                   "(testsuite )*"),
    "testsuite": (dict.fromkeys(("name", "tests", "failures", "errors"), ""),
                  {"time": "time", **dict.fromkeys(("group", "skipped", "timestamp", "hostname",
                   "id", "package", "file", "log", "url"), "")},
                  "((testsuite|properties|testcase|system-out|system-err) )*"),
    "properties": ({}, {}, "(property )*"),
    "property": ({"name": "", "value": ""}, {}, ""),
    "testcase": ({"name": ""}, {"time": "", "classname": "", "group": ""},
                 "((skipped|error|failure|rerunFailure|rerunError|flakyFailure|flakyError"
                 "|system-out|system-err) )*"),
    **{name: ({}, {"type": "", "message": ""}, "") for name in ("failure", "error", "skipped")},
    **{name: ({}, {}, "") for name in ("system-out", "system-err")},
}  # fmt: skip
"""The rules of Jenkins' junit-10.xsd (jenkinsci/xunit-plugin): for each element the attributes
that it must have and those that it may have, and the elements in it in their order."""

ANT: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "testsuites": ({}, {}, "(testsuite )*"),
    "testsuite": ({"name": _WORD, "package": "", "id": "int", "timestamp": "stamp",
                   "hostname": _WORD, "tests": "int", "failures": "int", "errors": "int",
                   "time": "decimal"}, {"skipped": "int"},
                  "properties (testcase )*system-out system-err "),
    "properties": ({}, {}, "(property )*"),
    "property": ({"name": _WORD, "value": ""}, {}, ""),
    "testcase": ({"name": "", "classname": "", "time": "decimal"}, {},
                 "((skipped|error|failure) )?"),
    **{name: ({"type": ""}, {"message": ""}, "") for name in ("failure", "error")},
    "skipped": ({}, {"type": "", "message": ""}, ""),  # whatever one likes
    **{name: ({}, {}, "") for name in ("system-out", "system-err")},
}  # fmt: skip
"""The same of the JUnit.xsd for the reports of Apache Ant (windyroad/JUnit-Schema)."""

_VALUES = {
    "": r"(?s:.*)",
    "token": r"(?s:.*\S.*)",
    "int": r"[+-]?[0-9]+",
    "decimal": r"[+-]?[0-9]+(\.[0-9]*)?",
    "time": r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})(\.[0-9]*)?",
    "stamp": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}",
}


def junit_faults(text: str) -> list[str]:
    """Where JUnit XML breaks a rule of Jenkins' schema or of Ant's, or miscounts its tests."""
    root = ET.fromstring(text.encode())
    found = [] if root.tag == "testsuites" else [f"the root is {root.tag}"]
    for who, rules in (("Jenkins", JENKINS), ("Ant", ANT)):
        for element in root.iter():
            found += [f"{who}: {fault}" for fault in _element_faults(element, rules)]
    for at, suite in enumerate(root):
        counts = [len(suite.findall(f"testcase{kind}")) for kind in ("", "/failure", "/skipped")]
        told = [int(suite.attrib[name]) for name in ("tests", "failures", "skipped")]
        if told != counts or suite.get("id") != str(at):
            found.append(f"suite {at} tells {told} of {counts}")
    return found


def _element_faults(
    element: ET.Element, rules: dict[str, tuple[dict[str, str], dict[str, str], str]]
) -> Iterator[str]:
    if element.tag not in rules:
        yield f"there is no element {element.tag}"
        return
    required, optional, inside = rules[element.tag]
    known = required | optional
    yield from (f"{element.tag} lacks {name}" for name in required.keys() - element.keys())
    for name, value in element.items():
        if name not in known:
            yield f"{element.tag} has no {name}"
        elif not re.fullmatch(_VALUES[known[name]], value):
            yield f"{name} of {element.tag} is {value!r}"
    if not re.fullmatch(inside, "".join(f"{child.tag} " for child in element)):
        yield f"{element.tag} has its elements in no good order"
    if inside and (element.text or "").strip():
        yield f"{element.tag} has text"


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
