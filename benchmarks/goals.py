"""The goals that newsarchive set itself, and whether a figure meets them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """A goal.

    Attributes:
        what: what is measured, and against what.
        must: the figure that has to be reached.
        aim: the figure that we would like to reach; None where there is only the other.
        unit: what stands behind a figure.
        digits: how many digits a figure shows after the point.
        at_least: whether more is better.
    """

    what: str
    must: float
    aim: float | None
    unit: str = " ×"
    digits: int = 2
    at_least: bool = False

    def verdict(self, figure: float | None) -> str:
        """Whether a figure meets the goal, in words; None stands for no figure."""
        if figure is None:
            return "not measured"
        if not self._reached(figure, self.must):
            return "**missed**"
        if self.aim is None:
            return "met"
        return "met, aim met" if self._reached(figure, self.aim) else "met, aim missed"

    def shown(self, figure: float | None) -> str:
        """A figure as tables have it."""
        return "–" if figure is None else f"{figure:.{self.digits}f}{self.unit}"

    def bound(self, figure: float | None) -> str:
        """A bound as tables have it."""
        sign = "≥" if self.at_least else "≤"
        return "–" if figure is None else f"{sign} {figure:g}{self.unit}"

    def _reached(self, figure: float, bound: float) -> bool:
        return figure >= bound if self.at_least else figure <= bound


COLD = Goal("cold check, time against `lychee --offline`", 0.5, 0.4)
WARM = Goal("nothing changed, time against `lychee --offline`", 0.1, 0.08)
EDITED = Goal("10 pages edited, 1 renamed, 1 deleted, time against `lychee --offline`", 0.17, 0.12)
LINKS = Goal("links into a page, nothing kept, time against a cold check", 1, None)
KEPT_LINKS = Goal("links into a page, from the cache, time against a warm check", 1.5, None)
OTHER = Goal("cold check of the other archive, time of a page against one of this", 1.1, 1)
# The aim is for archives of 73,000 pages: a small one has little to put Python itself against.
MEMORY = Goal("cold check, peak memory against `lychee --offline`", 2, 1)
PARSE = Goal("`parse` of one page, faster than mistune's AST by", 18, 20, digits=1, at_least=True)
VERSION = Goal("`newsarchive --version` over `python -c pass`", 80, None, " ms", 0)
ONE_PAGE = Goal("check of one page, warm cache, time against `python -c pass`", 6, 4)
GROWTH = Goal("cold check, time for twice the pages (the worst doubling)", 2.1, None)
