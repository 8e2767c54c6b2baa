"""The path that each kind of page may have: that of its kind, as `kind_of` says, or none.

Links write it, so it keeps the laws of a link's target.
"""

from typing import Annotated

from newsarchive.page.models._text import Law, LinkTarget
from newsarchive.page.patterns import pattern
from newsarchive.page.sections import END

_DAY = "/news/[0-9]{1,6}/[0-9]{1,4}/[0-9]{1,4}/"
_INDEX = r"(?:index|README)\.md"

_EVENT = pattern(rf"^(?:{_DAY}(?!{_INDEX}{END})[^/]+)?{END}")
_DAY_INDEX = pattern(rf"^(?:{_DAY}{_INDEX})?{END}")
_FRONT_PAGE = pattern(rf"^(?:/?{_INDEX})?{END}")
_OPINION_INDEX = pattern(rf"^(?:/opinion/{_INDEX})?{END}")
_EDITORIAL = pattern(rf"^(?:/opinion/[^\n]*/{_INDEX})?{END}")
_PROSE = pattern(rf"^(?!{_DAY}[^/]+{END})(?!(?:/opinion/|/)?{_INDEX}{END})")

EventPath = Annotated[
    LinkTarget, Law(_EVENT, "an event's path is /news/YYYY/MM/D/slug.md, or empty where unknown")
]
DayIndexPath = Annotated[
    LinkTarget, Law(_DAY_INDEX, "a day index's path is /news/YYYY/MM/D/index.md or .../README.md")
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
