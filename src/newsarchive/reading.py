"""`Reading`, for authors of rules: what was found on a page."""

from newsarchive.page.reading import Link as Link
from newsarchive.page.reading import LinkKind as LinkKind
from newsarchive.page.reading import Reading as Reading
