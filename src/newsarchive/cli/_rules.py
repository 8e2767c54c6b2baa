"""``newsarchive rules`` and ``newsarchive explain``."""

import json
from typing import Any

import click

from newsarchive.errors import UnknownRuleError
from newsarchive.rules import ALL_RULES, Rule
from newsarchive.rules._run import select_rules


def rule_object(rule: Rule) -> dict[str, Any]:
    """A rule's catalogue entry as a JSON object."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "summary": rule.summary,
        "why": rule.why,
        "fix": rule.fix,
        "scope": rule.scope,
        "default": rule.default,
        "bad": rule.bad,
        "good": rule.good,
    }


@click.command(short_help="List the rules.")
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How rules are printed.",
)
def rules(output_format: str) -> int:
    """List every rule: code, name, severity, whether it has a fix, and when it complains."""
    if output_format == "json":
        click.echo(json.dumps([rule_object(rule) for rule in ALL_RULES], indent=2))
        return 0
    width = max(len(rule.name) for rule in ALL_RULES)
    for rule in ALL_RULES:
        fix = "fix" if rule.fix else "   "
        off = "" if rule.default else " (off by default)"
        head = f"{rule.code}  {rule.name:<{width}}  {rule.severity.value:<7}  {fix}"
        click.echo(f"{head}  {rule.summary}{off}")
    return 0


@click.command(short_help="Explain a rule.")
@click.argument("rule")
def explain(rule: str) -> int:
    """Explain RULE, given by code (NA201) or name (broken-related-link)."""
    try:
        chosen = select_rules([rule])
    except UnknownRuleError as error:
        raise click.UsageError(str(error)) from None
    for number, one in enumerate(chosen):
        if number:
            click.echo()
        click.echo(_explanation(one))
    return 0


def _explanation(rule: Rule) -> str:
    fix = f"Fix: {rule.fix}.\n" if rule.fix else ""
    off = "" if rule.default else " Off unless it is selected."
    text = [
        f"{rule.code} [{rule.name}] {rule.severity.value}",
        f"Complains when {rule.summary}.{off}\n",
        click.wrap_text(rule.why, 88) + "\n",
        fix,
    ]
    for label, example in (("Found", rule.bad), ("Expected", rule.good)):
        if example:
            text.append(f"{label}:\n" + "".join(f"    {line}\n" for line in example.split("\n")))
    return "\n".join(part for part in text if part).rstrip()
