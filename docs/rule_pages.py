"""The pages about rules, made of the catalogue: an index, and a page for each rule."""

import re
from collections.abc import Callable
from functools import partial

from newsarchive import ALL_RULES, Rule
from newsarchive.findings.remedies import Remedy

FAMILIES = {
    "NA1": "Layout: is the page written as the format says?",
    "NA2": "Links: does every link lead where it says?",
    "NA3": "Dates: do dates agree with paths, links, the calendar and each other?",
    "NA4": "Round trip: is the model the page, and the page the model?",
    "NA5": "Sources and text: are sources sound, is the text free of residue?",
    "NA9": "Files: can the files be read, and do their names travel?",
}
_SCOPES = {
    "page": "the page alone",
    "archive": "the page and the archive around it",
    "clock": "the page and today's date",
    "files": "the archive's files, in a run over an archive",
}
_REPAIRS = {
    Remedy.SAFE: "what a path or the text proves",
    Remedy.LIKELY: "what is likely; look at it with `--diff` first",
    Remedy.REMOVAL: "entries whose page is gone for good; they are taken out",
}
_QUOTED = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
_OPTION = re.compile(r"(?<![\w`-])--[a-z][a-z-]+(?:=[A-Z-]+)?")


def prose(text: str) -> str:
    """A rule's text with what it quotes as code, so that quoted markup stays as it is."""
    parts = _QUOTED.sub(r"`\1`", text).split("`")
    parts[::2] = [_OPTION.sub(r"`\g<0>`", part).replace("<", r"\<") for part in parts[::2]]
    return "`".join(parts)


def table_row(*cells: str) -> str:
    """A table's row. A bar ends a cell even inside a code span, unless it is escaped."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def index_parts() -> list[str]:
    """The index of all rules, by family."""
    out = [
        "Codes and names never change meaning, and a code is never used again. "
        "`newsarchive rules` prints this list; `newsarchive explain CODE` prints a rule's page.\n"
    ]
    for prefix, meaning in FAMILIES.items():
        out.append(f"\n## {meaning.partition(':')[0]}\n\n{meaning.partition(': ')[2].capitalize()}")
        out.append("\n\n| code | name | severity | fix | complains when |\n|---|---|---|---|---|\n")
        for rule in ALL_RULES:
            if rule.code.startswith(prefix):
                severity = rule.severity.value + ("" if rule.default else ", off by default")
                fix = ", ".join(remedy.value for remedy in rule.remedies)
                link = f"[{rule.code}](../rules/{rule.code}.md)"
                out.append(table_row(link, rule.name, severity, fix, prose(rule.summary)))
    return out


def page_parts(rule: Rule) -> list[str]:
    """The page of one rule."""
    default = "" if rule.default else " Off unless it is selected."
    out = [
        f"Complains when {prose(rule.summary)}.\n\n",
        f"Severity: {rule.severity.value}. Looks at: {_SCOPES[rule.scope]}.{default}\n\n",
        f"## What it means\n\n{prose(rule.why)}\n\n",
    ]
    for label, example in (("Found", rule.bad), ("Expected", rule.good)):
        if example:
            out.append(f"{label}:\n\n```text\n{example}\n```\n\n")
    out.append(f"## What to do\n\n{prose(rule.advice)}\n\n")
    if rule.remedies:
        out.append(f"The fix {prose(rule.fix)}.\n\n| options | what they repair |\n|---|---|\n")
        out += [table_row(f"`{remedy.flags}`", _REPAIRS[remedy]) for remedy in rule.remedies]
        out.append("\n")
    out.append(_commands(rule))
    return out


def _commands(rule: Rule) -> str:
    """The commands for one rule, each with what it is good for."""
    told = []
    if rule.scope != "files" or not rule.default:
        choose = "--select" if rule.default else "--extend-select"
        told.append((f"newsarchive check ARCHIVE {choose} {rule.code}", "look for it"))
    if rule.remedies:
        unsafe = "" if Remedy.SAFE in rule.remedies else "--unsafe-fixes "
        told.append(
            (f"newsarchive check ARCHIVE --select {rule.code} {unsafe}--diff", "see its repairs")
        )
    if rule.default:
        told.append((f"newsarchive check ARCHIVE --ignore {rule.code}", "leave it out"))
    lines = "".join(table_row(what, f"`{command}`") for command, what in told)
    return f"| to | type |\n|---|---|\n{lines}\n[All rules](../reference/rules.md)\n"


def rule_pages(page: Callable[[str, str, list[str]], str]) -> dict[str, Callable[[], str]]:
    """What makes each page, by its path.

    Args:
        page: makes a page of its source, its title and its parts.
    """
    source = "the rules in src/newsarchive/rules/"
    made: dict[str, Callable[[], str]] = {
        "docs/reference/rules.md": lambda: page(source, "Rules", index_parts())
    }
    for rule in ALL_RULES:
        title = f"{rule.code} {rule.name}"
        made[f"docs/rules/{rule.code}.md"] = partial(_made, page, source, title, rule)
    return made


def _made(page: Callable[[str, str, list[str]], str], source: str, title: str, rule: Rule) -> str:
    return page(source, title, page_parts(rule))
