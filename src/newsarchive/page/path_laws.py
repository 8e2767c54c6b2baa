"""Which paths the models of events and day indexes may have: fewer than such pages may stand at."""

from newsarchive.page.paths import PageKind
from newsarchive.page.patterns import pattern
from newsarchive.page.sections import END, is_target

# What a path may say of a day that is in the calendar.
_DAY = (
    "/news/(?!0000)(?:[0-9]{4}/(?:(?:0[13578]|1[02])/(?:[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)/(?:[1-9]|[12][0-9]|30)|02/(?:[1-9]|1[0-9]|2[0-8]))"
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)/02/29)/"
)
INDEX = r"(?:index|README)\.md"
"""The names of indexes."""

EVENT = pattern(rf"^(?:{_DAY}(?!{INDEX}{END})[^/.][^/]*\.md)?{END}")
DAY_INDEX = pattern(rf"^(?:{_DAY}{INDEX})?{END}")

_LAWS = {PageKind.EVENT: EVENT, PageKind.DAY_INDEX: DAY_INDEX}


def may_have_path(kind: PageKind, path: str) -> bool:
    """Whether the model of a page that stands at a path may have it, so that links can name it."""
    law = _LAWS.get(kind)
    return is_target(path) and (law is None or law.match(path) is not None)
