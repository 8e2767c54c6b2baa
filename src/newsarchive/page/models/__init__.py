"""Typed models of the archive's pages: frozen, hashable, picklable pydantic models."""

from typing import Any

from pydantic import TypeAdapter

from newsarchive.page.models.event import Event, EventLayout
from newsarchive.page.models.index import (
    DayIndex,
    FrontPage,
    FrontSection,
    IndexEntry,
    IndexLayout,
    OpinionIndex,
)
from newsarchive.page.models.links import (
    Change,
    ChangeKind,
    CoverImage,
    FormatLinks,
    RelatedLink,
    Source,
)
from newsarchive.page.models.prose import Editorial, ProsePage

__all__ = [
    "Change", "ChangeKind", "CoverImage", "DayIndex", "Editorial", "Event", "EventLayout",
    "FormatLinks", "FrontPage", "FrontSection", "IndexEntry", "IndexLayout", "OpinionIndex", "Page",
    "ProsePage", "RelatedLink", "Source", "json_schema",
]  # fmt: skip

Page = Event | DayIndex | FrontPage | OpinionIndex | Editorial | ProsePage
"""Any page of an archive."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of every page model.

    Returns:
        A schema whose ``$defs`` holds each model by name and which admits any page.
    """
    schema: dict[str, Any] = TypeAdapter(Page).json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "newsarchive page"
    return schema
