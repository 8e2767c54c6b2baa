"""What giving a page another title changes, page by page. Nothing is written here."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterator

from newsarchive.editing.days import is_laid_out
from newsarchive.editing.following import follow, form, linking, own_edits, quotable
from newsarchive.editing.moves import require_event, require_free
from newsarchive.editing.pending import FMT_FIRST, Pending, leads_to, require_settled
from newsarchive.errors import RefusedMoveError
from newsarchive.findings.edits import BodyEdit, Edit, apply_edits
from newsarchive.page.parser import read
from newsarchive.page.path_laws import may_have_path
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import LinkKind, Match, Reading, base_of
from newsarchive.page.sections import ChangeKind, blanks_apart, entry_numbers, version_note
from newsarchive.page.slugs import slugify
from newsarchive.page.titles import fold_title
from newsarchive.store.listing import is_utf8

# A terminal acts on control characters, and these turn the letters after them round.
_DIRECTIONS = pattern("[\u202a-\u202e\u2066-\u2069]")


def retitle(
    archive: Pending,
    path: str,
    title: str,
    now: datetime.datetime | None = None,
    slug: str | None = None,
) -> str:
    """Give an event page another title, and the path that follows from it. Returns that path.

    Takes the archive as it is by now, and what `ArchiveChange.retitle` takes. Spaces at the ends of
    a title do not count. Raises as `moves.move` does.
    """
    require_event(archive, path)
    reading = archive.editable(path)
    require_settled(reading)
    edition, text, part = reading.edition, title.strip(), reading.title
    if part is None or reading.heading is None or reading.heading.date is None:
        raise RefusedMoveError(path, "no event can be read from it; 'newsarchive check' says why")
    if not may_have_path(reading.kind, path):  # it would be listed as the older version's
        raise RefusedMoveError(path, "no link can name this path: give the page another one first")
    if not is_laid_out(reading):
        raise RefusedMoveError(path, FMT_FIRST)
    _require_title(path, text)
    titles = reading.text(part), fold_title(text, edition)
    if titles[0] == titles[1] and slug is None:
        raise RefusedMoveError(path, "that is its title already")
    if slug is None:
        slug = slugify(blanks_apart(reading.body[slice(*part)])[0] + text, edition)
    if not slug:
        raise RefusedMoveError(path, f"no path can be made of the title {text!r}; name a slug")
    new = f"{path.rpartition('/')[0]}/{slug}.md"
    if new != path:
        require_free(archive, path, new)
    archive.rewrite(path, _retitled(reading, titles, new, now or datetime.datetime.now()))
    pages = linking(archive, path)
    if new != path:
        archive.move(path, new)
    for page in pages:
        follow(archive, page, path, new, titles)
    return new


def _require_title(path: str, title: str) -> None:
    """Refuse a title that no page can show, or no link can quote."""
    if "\n" in title or "\r" in title:
        raise RefusedMoveError(path, "a title is one line")
    if not is_utf8(title):
        raise RefusedMoveError(path, f"no page can have the title {title!r}")
    hidden = _unseen(title)
    if hidden:
        raise RefusedMoveError(path, f"a title has no {hidden}")
    if "](" in title:
        raise RefusedMoveError(path, "no link can quote a title with '](' in it")


def _unseen(title: str) -> str:
    """A character of a title that nobody sees, but programs act on; empty where there is none."""
    for character in title:
        if _DIRECTIONS.match(character):
            return f"character that turns text round (U+{ord(character):04X})"
        if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
            return f"control character (U+{ord(character):04X})"
    return ""


def _retitled(reading: Reading, titles: tuple[str, str], new: str, now: datetime.datetime) -> str:
    """The body of an event's page under another title and path, with its versions.

    Raises:
        RefusedMoveError: the page would not read back so.
    """
    changes, (_, title) = reading.changes, titles
    part = reading.clean(reading.title or (0, 0))
    edits = [BodyEdit(*part, title), *own_edits(reading, reading.path, new)]
    versions = _versions(reading, titles, new, now) if reading.edition.changes else []
    if versions and changes:
        start, end = changes[0].start(), changes[-1].end() + 1
        edits = [edit for edit in edits if not start <= edit.start < end]
        edits.append(BodyEdit(start, end, _numbered(versions)))
    elif versions:
        edits.append(_section(reading, _numbered(versions)))
    body = apply_edits(reading.body, [Edit(e.start, e.end, e.replacement) for e in edits])
    after = read(body, new, reading.edition)
    same = after.complete and after.text(after.description) == reading.text(reading.description)
    same = same and [*_links(after, new, new)] == [*_links(reading, reading.path, new)]
    written = [_written(change) for change in after.changes]
    if not same or after.text(after.title) != title or written != [text for text, _ in versions]:
        raise RefusedMoveError(
            reading.path, f"the page would not read back with the title {title!r}"
        )
    return body


def _links(reading: Reading, old: str, new: str) -> Iterator[tuple[LinkKind, str, str]]:
    """The links of a page but for its versions, those to itself as they follow it."""
    for link in reading.links():
        target = link.target
        if link.kind is LinkKind.FORMAT:
            target = form(new, link.text) if target == form(old, link.text) else target
        elif leads_to(target, old):
            target = f"{new}{target[len(old) :]}"
        if link.kind is not LinkKind.CHANGE:
            yield link.kind, link.text, target


_Version = tuple[str, bool]
"""An entry of Changes behind its number, and whether it repeats the number of the one before."""


def _versions(
    reading: Reading, titles: tuple[str, str], new: str, now: datetime.datetime
) -> list[_Version]:
    """The page's versions, the one that it was until now among them."""
    edition, changes = reading.edition, reading.changes
    before, _, after = blanks_apart(reading.body[slice(*(reading.title or (0, 0)))])
    base = ""
    for change in filter(reading.is_current, changes):
        before, _, after = blanks_apart(change["text"])
        base = base_of(change)
    kind = ChangeKind.UPDATE if changes else ChangeKind.FIRST_VERSION
    stamp = now.replace(microsecond=0, tzinfo=None).isoformat(" ")

    def entry(title: str, path: str, time: str, kind: ChangeKind) -> str:
        note = version_note(edition, kind) or kind.value
        return f"[{before}{quotable(title)}{after}]({base}{path}) _{time}({note})_"

    return [
        *((_written(change), False) for change in changes if not reading.is_current(change)),
        (entry(titles[0], reading.path, f"{stamp} ", kind), False),
        (entry(titles[1], new, "", ChangeKind.CURRENT_VERSION), True),
    ]


def _written(change: Match) -> str:
    """An entry as it is written, behind its number."""
    return change.string[change.end("number") + len(". ") : change.end()]


def _numbered(versions: list[_Version]) -> str:
    numbers = entry_numbers([is_current for _, is_current in versions])
    lines = zip(numbers, versions, strict=True)
    return "".join(f"{number}. {text}\n" for number, (text, _) in lines)


def _section(reading: Reading, lines: str) -> BodyEdit:
    """Changes for a page that has none: above Related in the later layout, else below all else."""
    section = f"### {reading.edition.changes[0]}:\n\n{lines}"
    related = reading.section_headings.get("related")
    if reading.formats and related:
        return BodyEdit(related[0], related[0], f"{section}\n")
    entries = [*reading.sources, *([reading.cover] if reading.cover else []), *reading.related]
    if entries:
        end = max(m.end() for m in entries) + 1
    elif reading.description:
        end = reading.description[1] + 2
    else:
        end = (reading.title or (0, 0))[1] + 4
    return BodyEdit(end, end, f"\n{section}")
