"""From a page to its markdown: the archive's own layouts, byte for byte."""

from typing import Any

from newsarchive.page.models import (
    DayIndex,
    Editorial,
    Event,
    FormatLinks,
    FrontPage,
    IndexEntry,
    OpinionIndex,
    Page,
    ProsePage,
)
from newsarchive.page.paths import day_label
from newsarchive.page.sections import SECTIONS, Note, Section, entry_numbers


def render(page: Page) -> str:
    r"""The page's markdown, with ``"\n"`` line endings.

    For every page in one of the archive's own layouts, ``render(parse(text)) == text``.

    Args:
        page: any page model.

    Raises:
        TypeError: `page` is no page model.
    """
    match page:
        case Event():
            return _event(page)
        case DayIndex():
            return _day_index(page)
        case FrontPage():
            return _front_page(page)
        case OpinionIndex():
            return f"## {page.name}\n" + "".join(map(render_index_entry, page.entries))
        case Editorial():
            blank = "\n" if page.leading_blank_line else ""
            return f"{blank}# {page.title}\n#### by {page.author}\n\n{page.body}"
        case ProsePage():
            return page.text
        case _:
            raise TypeError(f"not a page: {type(page).__name__}")


def _event(event: Event) -> str:
    layout = event.layout
    before, after = layout.title_blanks
    out = [
        _formats(layout.formats),
        f"### [{day_label(event.date)}]({layout.date_base}{event.day_path})\n\n",
    ]
    if event.topic is not None:
        lead, trail = layout.topic_blanks
        out.append(f"##### {lead}{event.topic}{trail}\n")
    out.append(f"# {before}{event.title}{after}\n\n")
    if event.description:
        lead, trail = layout.description_blanks
        out.append(f"{lead}{event.description}{trail}\n\n")
    else:
        out.append("\n\n")
    sections = [_section(event, section) for section in SECTIONS]
    if layout.changes_first:
        sections[1], sections[2] = sections[2], sections[1]
    listed = [section for section in sections if section]
    if listed:
        out.append("\n")
        out.append("\n".join(listed))
    if layout.final_blank_line:
        out.append("\n")
    return "".join(out)


def _formats(formats: FormatLinks | None) -> str:
    if formats is None:
        return ""
    return (
        f"\nFormats: [HTML]({formats.html_path})  [JSON]({formats.json_path})"
        f"  [XML]({formats.xml_path})  \n\n"
    )


def _section(event: Event, section: Section) -> str:
    entries = getattr(event, section.field)
    versions = section.note is Note.VERSION
    repeats = [versions and entry.is_current for entry in entries]
    lines = [
        f"{number}. {_link(entry, section)}{_note(entry, section)}\n"
        for number, entry in zip(entry_numbers(repeats), entries, strict=True)
    ]
    if section.pictured and (cover := event.cover_image):
        number = entry_numbers([*repeats, True])[-1]
        lines.append(f"{number}. [{cover.label}]({cover.url})\n")
    if not lines:
        return ""
    return f"### {getattr(event.layout, section.heading)}:\n\n" + "".join(lines)


def _link(entry: Any, section: Section) -> str:
    before, after = getattr(entry, f"{section.text}_blanks")
    text, target = getattr(entry, section.text), getattr(entry, section.target)
    base = "" if section.pictured else entry.base
    return f"[{before}{text}{after}]({base}{target})"


def _note(entry: Any, section: Section) -> str:
    if section.pictured and entry.image is not None:
        return f" [{entry.image_label}]({entry.image})"
    if section.note is Note.CONTEXT and entry.context:
        return f" _{entry.context_label}: {', '.join(entry.context)}_"
    if section.note is Note.VERSION:
        stamp = "" if entry.timestamp is None else f"{entry.timestamp.isoformat(' ')} "
        return f" _{stamp}({entry.kind_label or entry.kind})_"
    return ""


def _day_index(index: DayIndex) -> str:
    layout = index.layout
    out = [
        _formats(layout.formats),
        f"## [{day_label(index.date)}]({layout.date_base}{index.day_path})\n\n",
        *map(render_index_entry, index.entries),
        layout.final_gap,
    ]
    if index.previous is not None:
        target = f"{layout.previous_base}{index.previous}"
        out.append(f"## [{layout.previous_label}]({target})\n\n")
    return "".join(out)


def _front_page(page: FrontPage) -> str:
    out = ["\n\n" if page.leading_blank_lines else "", _formats(page.formats)]
    for section in page.sections:
        if section.path is None:
            out.append(f"## {section.name}\n")
        else:
            out.append(f"## [{section.name}]({section.base}{section.path})\n\n")
        out.extend(map(render_index_entry, section.entries))
        out.append(section.final_gap)
        if section.rule:
            out.append("---\n\n")
    return "".join(out)


def render_index_entry(entry: IndexEntry) -> str:
    """The lines of one entry of an index; with text or context, an empty line closes it."""
    out = [entry.gap]
    if entry.topic is not None:
        before, after = entry.topic_blanks
        out.append(f"##### {before}{entry.topic}{after}\n")
    before, after = entry.title_blanks
    out.append(f"### [{before}{entry.title}{after}]({entry.base}{entry.path})\n")
    if entry.context:
        out.append(f"_{entry.context_label}: {', '.join(entry.context)}_\n\n")
    elif entry.description is not None:
        before, after = entry.description_blanks
        out.append(f"{before}{entry.description}{after}\n\n")
    return "".join(out)
