r"""Hypothesis strategies for pages, page texts and whole archives: test your own code with them.

Needs the extra ``newsarchive[hypothesis]``; `import newsarchive` does not import this module.

>>> from hypothesis import given
>>> import newsarchive as na
>>> from newsarchive import strategies as nas
>>> @given(nas.events())
... def test_rendering_loses_nothing(event: na.Event) -> None:
...     assert na.parse(na.render(event), event.path) == event
>>> test_rendering_loses_nothing()

The strategies for models draw from everything that the models admit, odd characters, odd blanks
and unbalanced brackets included; they shrink towards short plain text. `archives` alone draws
tame pages, so that what it makes checks clean; `damaged_archives` puts faults into such archives.
Pages are in English words, or in those of the `edition` that a strategy is given.
"""

from newsarchive.strategies._archives import archives, damaged_archives
from newsarchive.strategies._editions import editions
from newsarchive.strategies._models import (
    changes,
    day_indexes,
    editorials,
    events,
    front_pages,
    opinion_indexes,
    pages,
    prose_pages,
    related_links,
    sources,
    titles,
)
from newsarchive.strategies._texts import damaged_page_texts, nearly_page_texts, page_texts

__all__ = [
    "archives", "changes", "damaged_archives", "damaged_page_texts", "day_indexes", "editions",
    "editorials", "events", "front_pages", "nearly_page_texts", "opinion_indexes", "page_texts",
    "pages", "prose_pages", "related_links", "sources", "titles",
]  # fmt: skip
