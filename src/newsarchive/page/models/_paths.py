"""The path that each kind of page may have: that of its kind, as `kind_of` says, or none.

Links write it, so it keeps the laws of a link's target.
"""

from typing import Annotated

from newsarchive.page.models._text import Law, LinkTarget
from newsarchive.page.path_laws import DAY_INDEX, EVENT, INDEX
from newsarchive.page.patterns import pattern
from newsarchive.page.sections import END

# What a path may say of a day.
_ANY_DAY = "/news/[0-9]{1,6}/[0-9]{1,4}/[0-9]{1,4}/"

_FRONT_PAGE = pattern(rf"^(?:/?{INDEX})?{END}")
_OPINION_INDEX = pattern(rf"^(?:/opinion/{INDEX})?{END}")
_EDITORIAL = pattern(rf"^(?:/opinion/[^\n]*/{INDEX})?{END}")
_PROSE = pattern(rf"^(?!{_ANY_DAY}[^/]+{END})(?!(?:/opinion/|/)?{INDEX}{END})")

_CALENDAR = "of a day of the calendar, the month with two digits, the day without a zero before it"

EventPath = Annotated[
    LinkTarget,
    Law(EVENT, f"an event's path is /news/YYYY/MM/D/slug.md, {_CALENDAR}; or empty where unknown"),
]
DayIndexPath = Annotated[
    LinkTarget,
    Law(
        DAY_INDEX,
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
