"""NA4xx: is the model the page, and the page the model?"""

from __future__ import annotations

from collections.abc import Iterator

from newsarchive.findings.diagnostics import Severity
from newsarchive.findings.edits import BodyEdit, alike
from newsarchive.findings.remedies import Remedy
from newsarchive.page.reading import Reading
from newsarchive.rules._rule import Finding, Repair, Rule, is_canonical
from newsarchive.rules.layout import entry_numbering


def _not_canonical(reading: Reading) -> Iterator[Finding]:
    if not reading.complete or reading.page is None:
        return
    from newsarchive.page.rendering import render

    body, rendered = reading.body, render(reading.page)
    if rendered == body:
        return
    if body == renumbered(reading, rendered):
        return  # NA108 says it already
    start, end, new = difference(body, rendered)
    message = f"the archive's layout has {_shown(new)} here, not {_shown(body[start:end])}"
    repair = Repair("lay the page out as the archive does", (BodyEdit(start, end, new),))
    yield Finding(start, end, message, repair)


def renumbered(reading: Reading, rendered: str) -> str:
    """The rendered text with the numbers that the page's own entries have."""
    edits = [e for f in entry_numbering(reading) if f.repair for e in f.repair.edits]
    if not edits:
        return rendered
    body, out, pos = reading.body, [], 0
    # `rendered` and `body` are the same but for these numbers, if they are the same at all.
    shift = 0
    for edit in sorted(edits, key=lambda e: e.start):
        at = edit.start + shift
        out.append(rendered[pos:at])
        out.append(body[edit.start : edit.end])
        pos = at + len(edit.replacement)
        shift += len(edit.replacement) - (edit.end - edit.start)
    out.append(rendered[pos:])
    return "".join(out)


def difference(old: str, new: str) -> tuple[int, int, str]:
    """The one smallest edit that makes `new` of `old`: start, end, replacement."""
    start = alike(old, new)
    tail = alike(old[start:][::-1], new[start:][::-1])
    return start, len(old) - tail, new[start : len(new) - tail]


def _shown(text: str, limit: int = 40) -> str:
    if not text:
        return "nothing"
    return repr(text if len(text) <= limit else text[: limit - 3] + "...")


def _loss(reading: Reading) -> Iterator[Finding]:
    page = reading.page
    if not reading.complete or page is None:
        return
    from newsarchive.page.parser import read
    from newsarchive.page.rendering import render

    rendered = render(page)
    # Reading is a function of text, path and edition: the same text gives the same model.
    if rendered != reading.body and read(rendered, reading.path, reading.edition).page != page:
        yield Finding(0, 0, "rendering the model and reading it again gives another model")
    if type(page).model_validate_json(page.model_dump_json()) != page:
        yield Finding(0, 0, "the model's JSON read again gives another model")


RULES = (
    Rule(
        "NA401",
        "not-canonical",
        Severity.WARNING,
        "the layout differs from the archive's standard layout",
        "Nothing is lost, but the page is written in another way than the archive's own: an empty "
        "line too many, a padded day, spaces at the end of an entry. The message shows the first "
        "difference. Findings of NA102, NA103 and NA108 are not reported again.",
        bad="### [2013-02-01](/news/2013/02/1/index.md)",
        good="### [2013-02-1](/news/2013/02/1/index.md)",
        advice="Run --fix, or 'newsarchive fmt' for layout alone.",
        remedies=(Remedy.SAFE,),
        fix="writes the page as the archive does",
        page=_not_canonical,
        passes=is_canonical,
        layout=True,
        whole_page=True,
    ),
    Rule(
        "NA402",
        "round-trip-loss",
        Severity.ERROR,
        "saving and reloading changes the page",
        "Whoever works with the models would lose something. No page is known to do this; please "
        "report one that does.",
        advice="Report it, with the page.",
        page=_loss,
        # A canonical page is the rendered text: to read that is to read the page. Its model holds
        # strings of whole characters, dates and times of whole seconds, and nothing else; JSON
        # gives each of those back. Building the model, its JSON and the model again takes
        # ten times as long as all else; tests/property/test_canonical.py goes that long way.
        passes=is_canonical,
        whole_page=True,
    ),
)
