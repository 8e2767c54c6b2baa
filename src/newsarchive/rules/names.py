"""What names of files tell: pages that are not where they belong, names that do not travel."""

import re
from collections.abc import Iterable, Iterator

from newsarchive.page.paths import PageKind, day_folder, day_of, is_day_folder
from newsarchive.page.patterns import pattern
from newsarchive.page.reading import Reading
from newsarchive.rules._rule import Finding

_MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mdwn", ".mdtxt")
_DATED = pattern(r"^##[ \t]+\[[0-9]+-[0-9]+-[0-9]+\]\(", re.M)
_SECTION = pattern(r"^### ([^\n\[]*:)(?=\s|\Z)", re.M)

_FORBIDDEN = pattern(r'[\x00-\x1f<>:"|?*\\]')
_DEVICE = pattern(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\xb9\xb2\xb3]) *(?:\.|$)", re.I
)


def is_filed(reading: Reading) -> bool:
    """Whether a page certainly lies where pages of its kind do."""
    if reading.kind is PageKind.PROSE:
        return not reading.path.startswith("/news/")
    if reading.kind is PageKind.EVENT or reading.kind is PageKind.DAY_INDEX:
        folder = reading.path.rpartition("/")[0]
        return not folder or is_day_folder(folder)
    return True


def misfiled(reading: Reading) -> Iterator[Finding]:
    """NA307: a page of news that lies in no day's folder."""
    if is_filed(reading):
        return
    name = reading.path.rpartition("/")[2]
    if reading.kind is PageKind.PROSE:
        yield from _prose_that_is_news(reading, name)
        return
    day, heading = day_of(reading.path), reading.heading
    date = (heading and heading.date) or (day and day.date())
    place = heading.match.span("text") if heading else (0, 0)
    where = f"; the page belongs to {day_folder(date)}/{name}" if date else ""
    yield Finding(*place, f"the archive names no day's folder so{where}")


def _prose_that_is_news(reading: Reading, name: str) -> Iterator[Finding]:
    # Help and names of rules need none of these.
    from newsarchive.page.parser import guess_kind, read
    from newsarchive.page.parser._grammar import grammar_of

    body, edition = reading.body, reading.edition
    kind = guess_kind(body, edition)
    if kind is PageKind.DAY_INDEX and len(_DATED.findall(body)) > 1:
        return  # a list of days
    is_news = kind in (PageKind.EVENT, PageKind.DAY_INDEX)
    heading = read(body, edition=edition).heading if is_news else None
    known = grammar_of(edition).sections
    section = next((m for m in _SECTION.finditer(body) if m[1] in known), None)
    if heading is None and section is None:
        return
    what = "the index of a day" if kind is PageKind.DAY_INDEX else "an event"
    where, place = "", section.span() if section else (0, 0)
    if heading:
        place = heading.match.span("text")
        if heading.date:
            home = f"{day_folder(heading.date)}/{name if kind is PageKind.EVENT else 'index.md'}"
            where = f"; it belongs to {home}"
    yield Finding(*place, f"{what} in no day's folder, where it is not checked{where}")


def misnamed(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """NA907: files of news that are no pages for their ending alone."""
    for path in files:
        if not path.endswith(".md") and path.startswith("/news/"):
            stem, dot, ending = path.rpartition(".")
            if f"{dot}{ending}".lower() in _MARKDOWN:
                yield path, f"the file is not read: a page's name ends in '.md'; expected {stem}.md"


def unportable(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """NA906: names that other systems cannot hold, or of which they hold only one."""
    import unicodedata  # the rule is off by default

    found: dict[str, str] = {}
    for path in sorted(files):
        if fault := _fault(path):
            yield path, fault
        first = found.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        if first is not path:
            same = unicodedata.normalize("NFC", first) == unicodedata.normalize("NFC", path)
            how = "the form of its characters (NFC, NFD)" if same else "letter case"
            yield path, f"the name differs from {first} in {how} alone: other systems hold one"


def _fault(path: str) -> str:
    """Why Windows cannot hold a path; empty where it can."""
    for part in path.split("/")[1:]:
        if m := _FORBIDDEN.search(part):
            return f"the name holds {m[0]!r}, which Windows allows in no name"
        if part.endswith((".", " ")):
            return "a name that ends in a dot or a space is another one on Windows"
        if m := _DEVICE.match(part):
            return f"'{m[0].rstrip(' .')}' is the name of a device on Windows"
    return ""
