"""The outcome of a run over an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from newsarchive.findings import wording
from newsarchive.findings.diagnostics import Diagnostic, InvalidPageError, Severity
from newsarchive.page.lazy_dataclasses import dataclass, field, replace

if TYPE_CHECKING:
    from newsarchive.findings.html.figures import Figures

SCHEMA_VERSION = 1
"""The version of the report's JSON."""


def gravest_first(diagnostics: Sequence[Diagnostic]) -> list[int]:
    """The numbers of findings, the most severe first, those of one severity in their order."""
    return sorted(range(len(diagnostics)), key=lambda number: -diagnostics[number].severity.rank)


@dataclass(frozen=True)
class Report:
    """Findings of a run, and what was looked at.

    Attributes:
        diagnostics: all findings, by page and place.
        pages: how many pages of each kind were checked (keys of `PageKind`).
        links: how many links of each kind they hold (keys of `LinkKind`).
        notices: what there is to tell of the run itself, such as a cache that cannot be used.
        left_out: findings that count and are not shown, where `gravest` left some out.
        excluded: archive paths of what was left out, as no part of the archive.
        archives: for the root of each archive, the name of the edition that it was read as.
        urls: the addresses of the pages that explain the rules, by code.
    """

    diagnostics: tuple[Diagnostic, ...]
    pages: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[str, ...] = field(default=(), compare=False)
    left_out: tuple[Diagnostic, ...] = ()
    excluded: tuple[str, ...] = field(default=(), compare=False)
    archives: Mapping[str, str] = field(default_factory=dict, compare=False)
    urls: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        """What was checked and what was found, in two or three lines for people."""
        return "\n".join(self._summary())

    @property
    def editions(self) -> tuple[str, ...]:
        """The names of the editions that the pages were read as."""
        return tuple(dict.fromkeys(self.archives.values()))

    @property
    def page_count(self) -> int:
        """How many pages were checked."""
        return sum(self.pages.values())

    @property
    def link_count(self) -> int:
        """How many links those pages hold."""
        return sum(self.links.values())

    @property
    def counted(self) -> tuple[Diagnostic, ...]:
        """All findings, shown or left out."""
        return (*self.diagnostics, *self.left_out) if self.left_out else self.diagnostics

    def gravest(self, most: int) -> Report:
        """This report with no more findings than `most`, the most severe first.

        The others are `left_out`: they count as before.
        """
        order = gravest_first(self.diagnostics)
        kept, rest = ([self.diagnostics[n] for n in some] for some in (order[:most], order[most:]))
        return replace(self, diagnostics=tuple(kept), left_out=(*rest, *self.left_out))

    def counts(self) -> Counter[Severity]:
        """How many findings of each severity there are, those that are left out included."""
        return Counter(d.severity for d in self.counted)

    def by_code(self) -> Counter[str]:
        """How many findings of each code there are, those that are left out included."""
        return Counter(d.code for d in self.counted)

    def at_least(self, severity: Severity) -> bool:
        """Whether a finding is at least as grave as `severity`."""
        return any(found >= severity for found in self.counts())

    def raise_for_errors(self) -> Report:
        """This report, for chaining.

        Raises:
            InvalidPageError: it holds findings of severity error; they are its `diagnostics`.
        """
        errors = tuple(d for d in self.counted if d.severity is Severity.ERROR)
        if errors:
            raise InvalidPageError(errors)
        return self

    def _summary(self) -> Iterator[str]:
        yield from wording.summary(
            self.pages, self.links, self.counted, excluded=self.excluded, archives=self.archives
        )
        yield from wording.part_shown(self.diagnostics, self.left_out)

    def to_text(self) -> str:
        """This report for people, as ``newsarchive check`` prints it: findings, then a summary."""
        return "\n".join((*map(wording.line, self.diagnostics), *self._summary()))

    def to_json(self, fingerprints: Sequence[str] = ()) -> str:
        """This report as JSON, as ``newsarchive check --output-format json`` prints it.

        Args:
            fingerprints: for each finding its name from run to run; empty where they are not
                known, and then each is null.
        """
        return "\n".join(self.json_lines(fingerprints))

    def json_lines(self, fingerprints: Sequence[str] = ()) -> Iterator[str]:
        """The same line by line, one finding a line."""
        yield "{"
        yield f'"schema_version": {SCHEMA_VERSION},'
        yield f'"summary": {wording.as_json(self.summary_object())},'
        yield '"diagnostics": ['
        names = fingerprints or [""] * len(self.diagnostics)
        yield from wording.separated(
            wording.as_json(d.to_dict(name, self.urls.get(d.code, "")))
            for d, name in zip(self.diagnostics, names, strict=True)
        )
        yield "]}"

    def to_html(self, figures: Figures | None = None) -> str:
        """This report as one HTML file with pictures, as ``newsarchive report`` writes it.

        Args:
            figures: what there is to tell beyond the findings, as `figures` counts it.

        Raises:
            MissingPackageError: Jinja2 is not installed (``newsarchive[report]``).
        """
        from newsarchive.findings.html import html_of
        from newsarchive.findings.html.figures import Figures

        return html_of(self, figures or Figures())

    def summary_object(self) -> dict[str, Any]:
        """What was looked at and how much was found, as an object of JSON."""
        counts = self.counts()
        return {
            "pages": {"total": self.page_count, **dict(sorted(self.pages.items()))},
            "links": {"total": self.link_count, **dict(sorted(self.links.items()))},
            "findings": {
                "total": counts.total(),
                **{severity.value: counts[severity] for severity in Severity},
                **({"left_out": len(self.left_out)} if self.left_out else {}),
            },
            "codes": dict(sorted(self.by_code().items())),
            **({"archives": dict(self.archives)} if len(self.archives) > 1 else {}),
        }


def joined(reports: Sequence[Report]) -> Report:
    """The reports of several archives as one."""
    if len(reports) == 1:
        return reports[0]
    pages: Counter[str] = Counter()
    links: Counter[str] = Counter()
    archives: dict[str, str] = {}
    urls: dict[str, str] = {}
    for report in reports:
        pages.update(report.pages)
        links.update(report.links)
        archives.update(report.archives)
        urls.update(report.urls)
    return Report(
        tuple(d for report in reports for d in report.diagnostics),
        dict(pages),
        dict(links),
        notices=tuple(dict.fromkeys(note for report in reports for note in report.notices)),
        excluded=tuple(path for report in reports for path in report.excluded),
        archives=archives,
        urls=urls,
    )
