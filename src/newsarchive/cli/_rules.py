"""``newsarchive rules`` and ``newsarchive explain``."""

import json
import textwrap
from typing import Any

import click

from newsarchive.cli._console import refusing
from newsarchive.cli._options import no_plugins_option, text_or_json_option
from newsarchive.errors import SettingsError, UnknownRuleError
from newsarchive.page.printable import printable
from newsarchive.rules import Rule, rules_in_force
from newsarchive.rules._plugins import plugins, rule_urls
from newsarchive.rules._selection import named_rules


def rule_object(rule: Rule) -> dict[str, Any]:
    """A rule's catalogue entry as a JSON object."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "summary": rule.summary,
        "why": rule.why,
        "advice": rule.advice,
        "fix": rule.fix,
        "remedies": [remedy.value for remedy in rule.remedies],
        "scope": rule.scope,
        "default": rule.default,
        "bad": rule.bad,
        "good": rule.good,
        "package": rule.package or None,
        "url": rule.url or None,
    }


@click.command(short_help="List the rules.")
@text_or_json_option("rules")
@no_plugins_option
def rules(output_format: str) -> int:
    """List every rule: code, name, severity, whether it has a fix, and when it complains.

    Rules of other packages follow the library's own, each with its package.
    Exit status: 0, or 1 if such a package brings a rule that cannot be used.
    """
    listed, troubles = rules_in_force(), plugins().troubles
    if output_format == "json":
        click.echo(json.dumps([rule_object(rule) for rule in listed], indent=2))
    else:
        _print_table(listed)
    for trouble in troubles:
        click.echo(printable(trouble), err=True)
    return 1 if troubles else 0


def _print_table(listed: tuple[Rule, ...]) -> None:
    codes = max(len(rule.code) for rule in listed)
    names = max(len(rule.name) for rule in listed)
    for rule in listed:
        fix = "fix" if rule.fix else "   "
        off = "" if rule.default else " (off by default)"
        package = f" [{rule.package}]" if rule.package else ""
        head = f"{rule.code:<{codes}}  {rule.name:<{names}}  {rule.severity.value:<7}  {fix}"
        click.echo(f"{head}  {printable(rule.summary)}{off}{printable(package)}")


@click.command(short_help="Explain rules.")
@click.argument("words", nargs=-1, metavar="[RULE]...")
@text_or_json_option("rules")
@no_plugins_option
def explain(words: tuple[str, ...], output_format: str) -> int:
    """Explain each RULE, given by code (NA201), prefix (NA2) or name (broken-related-link).

    Without any, every rule is explained. JSON is an array of objects, also for one rule.
    """
    with refusing(UnknownRuleError):
        chosen = named_rules(words or ["ALL"])
    urls = rule_urls(_docs_url())
    if output_format == "json":
        objects = [{**rule_object(one), "url": urls.get(one.code)} for one in chosen]
        click.echo(json.dumps(objects, indent=2))
        return 0
    for number, one in enumerate(chosen):
        if number:
            click.echo()
        click.echo(_explanation(one, urls.get(one.code, "")))
    return 0


def _docs_url() -> str:
    """Where the configuration around the working folder says that the documentation is."""
    from newsarchive.settings._load import find_configuration

    try:
        found = find_configuration(".")
        return (found and found.settings().docs_url) or ""
    except SettingsError:  # a rule can be explained all the same; a check tells what is wrong
        return ""


def _wrapped(text: str) -> str:
    """A text in lines that are read with ease; no option and no path is parted."""
    return textwrap.fill(text, 88, break_on_hyphens=False, break_long_words=False)


def _explanation(rule: Rule, url: str) -> str:
    advice = _wrapped(f"What to do: {rule.advice}") + "\n" if rule.advice else ""
    fix = f"Fix: {rule.fix}." if rule.fix else ""
    options = f" Options: {rule.fixable}." if rule.remedies else ""
    fix = _wrapped(fix + options) + "\n" if fix else ""
    off = "" if rule.default else " Off unless it is selected."
    package = f" (package {rule.package})" if rule.package else ""
    text = [
        f"{rule.code} [{rule.name}] {rule.severity.value}{package}",
        f"Complains when {rule.summary}.{off}\n",
        _wrapped(rule.why) + "\n",
        advice,
        fix,
    ]
    for label, example in (("Found", rule.bad), ("Expected", rule.good)):
        if example:
            text.append(f"{label}:\n" + "".join(f"    {line}\n" for line in example.split("\n")))
    if url:
        text.append(f"More: {url}")
    return "\n".join(part for part in text if part).rstrip()
