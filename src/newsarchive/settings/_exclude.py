"""What lies in an archive's folder and is none of the archive's, as patterns say."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from newsarchive.page.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True)
class Exclusion:
    """Tells whether a file or folder is excluded by patterns as in ``.gitignore``."""

    patterns: tuple[str, ...]

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec  # for those who exclude something

        return GitIgnoreSpec.from_lines(self.patterns)

    def __call__(self, path: str) -> bool:
        """Whether the archive path of a file, or of a folder with a slash at its end, is."""
        return self._spec.match_file(path.lstrip("/"))
