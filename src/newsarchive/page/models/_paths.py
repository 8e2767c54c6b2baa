"""The path that each kind of page may have: that of its kind, as `kind_of` says, or none.

Links write it, so it keeps the laws of a link's target.
"""

from typing import Annotated

from newsarchive.page.models._text import Law, LinkTarget
from newsarchive.page.paths import PageKind
from newsarchive.page.patterns import pattern
from newsarchive.page.sections import END

# What a path may say of a day, and what it says of one that is in the calendar.
_ANY_DAY = "/news/[0-9]{1,6}/[0-9]{1,4}/[0-9]{1,4}/"
_DAY = (
    "/news/(?!0000)(?:[0-9]{4}/(?:(?:0[13578]|1[02])/(?:[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)/(?:[1-9]|[12][0-9]|30)|02/(?:[1-9]|1[0-9]|2[0-8]))"
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)/02/29)/"
)
_INDEX = r"(?:index|README)\.md"

_EVENT = pattern(rf"^(?:{_DAY}(?!{_INDEX}{END})[^/.][^/]*\.md)?{END}")
_DAY_INDEX = pattern(rf"^(?:{_DAY}{_INDEX})?{END}")
_FRONT_PAGE = pattern(rf"^(?:/?{_INDEX})?{END}")
_OPINION_INDEX = pattern(rf"^(?:/opinion/{_INDEX})?{END}")
_EDITORIAL = pattern(rf"^(?:/opinion/[^\n]*/{_INDEX})?{END}")
_PROSE = pattern(rf"^(?!{_ANY_DAY}[^/]+{END})(?!(?:/opinion/|/)?{_INDEX}{END})")

_CALENDAR = "of a day of the calendar, the month with two digits, the day without a zero before it"

EventPath = Annotated[
    LinkTarget,
    Law(_EVENT, f"an event's path is /news/YYYY/MM/D/slug.md, {_CALENDAR}; or empty where unknown"),
]
DayIndexPath = Annotated[
    LinkTarget,
    Law(
        _DAY_INDEX,
        f"a day index's path is /news/YYYY/MM/D/index.md or .../README.md, {_CALENDAR}; or empty",
    ),
]
FrontPagePath = Annotated[
    LinkTarget, Law(_FRONT_PAGE, "the front page's path is /index.md or /README.md")
]
OpinionIndexPath = Annotated[
    LinkTarget,
    Law(_OPINION_INDEX, "the opinion index's path is /opinion/index.md or /opinion/README.md"),
]
EditorialPath = Annotated[
    LinkTarget, Law(_EDITORIAL, "an editorial's path is /opinion/YYYY/MM/D/slug/README.md")
]
ProsePath = Annotated[
    LinkTarget, Law(_PROSE, "a prose page's path is not that of an event or an index")
]

_STRICTER = {PageKind.EVENT: _EVENT, PageKind.DAY_INDEX: _DAY_INDEX}


def may_have_path(kind: PageKind, path: str) -> bool:
    """Whether the model of a page that stands at a path may have it: a few such paths are wrong."""
    law = _STRICTER.get(kind)
    return law is None or law.match(path) is not None
