"""A health report as HTML: what it tells, what it never does, and how large it gets."""

import base64
import hashlib
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import newsarchive as na
from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix, Severity, Suggestion
from newsarchive.findings.html import svg
from newsarchive.findings.html.bounds import LINKS, MISSING, OF_A_RULE
from newsarchive.findings.html.figures import Figures, RunPoint
from newsarchive.findings.names import iso_day
from newsarchive.findings.report import Report

pytest.importorskip("jinja2", reason="needs Jinja2, which writes the report")

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202e]]>--><svg/onload=a()>"


def broken(number: int, links: int = 1, fix: Fix | None = None, day: str = "02") -> Diagnostic:
    page = f"/news/2016/03/1/page-{links}.md"
    target = f"/news/2016/03/{day}/old-name-{number}.md"
    meant = Suggestion(f"/news/2016/03/{day}/new-name-{number}.md", 1.0, ("same title",), True)
    return Diagnostic(
        "NA201", "broken-related-link", Severity.ERROR, f"'{target}' does not exist", page,
        f"archive{page}", 0, 0, 9 + links, 5, 9, 9, fix, (meant,), target,
    )  # fmt: skip


SAFE = Fix("link", ())
LIKELY = Fix("link", (), Applicability.UNSAFE)
FIGURES = Figures(
    name="harbour",
    state="commit 0123456789 (clean)",
    command=("newsarchive", "check", "harbour"),
    events={"2016-02": 3, "2016-03": 5},
    years={("2016", "2016"): 7},
    components={5: 1, 1: 3},
    most_linked={"/news/2016/03/1/a.md": 4},
    isolated=("/news/2016/02/29/b.md",),
    hosts={"post.example.org": 5, "times.example.org": 2},
    titles={"/news/2016/03/1/a.md": "The pier burns."},
    runs=(RunPoint("2016-03-01", 5, 1, 0), RunPoint("2016-03-02", 3, 2, 0)),
    appeared=2,
    gone=4,
)


class _Seen(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.text += " " * (tag == "td")
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def words(report: Report, figures: Figures) -> str:
    """The text of a report, with single blanks."""
    return " ".join(_Seen(report.to_html(figures)).text.split())


def test_the_first_screen_tells_what_can_be_repaired() -> None:
    found = (broken(1, 1, SAFE), broken(1, 2, SAFE), broken(2, 1, LIKELY))
    text = " ".join(
        _Seen(Report(found, {"event": 8}, {"related": 9}).to_html(FIGURES)).text.split()
    )
    assert "Archive health · harbour 8 pages, 9 links · commit 0123456789 (clean)" in text
    assert "3 broken links 3 errors 0 warnings 0 info" in text
    assert "since the last report: +2 new, −4 gone" in text
    assert "2 safe 1 likely newsarchive check harbour --diff look at the safe repairs" in text
    assert "3 broken links lead to 2 missing pages" in text
    assert "post.example.org 5" in text
    assert "The largest group that related links hold together has 5 of 8 events." in text
    assert "The pier burns." in text


def test_without_figures_and_findings_it_is_a_page() -> None:
    text = _Seen(Report((), {"event": 1}).to_html()).text
    assert "No findings." in text
    assert "Sources by host" not in text


def test_what_to_decide_stands_with_its_evidence() -> None:
    one = replace(broken(1), suggestions=(
        Suggestion("/news/2016/03/2/this.md", 0.51, ("near title",)),
        Suggestion("/news/2016/03/2/that.md", 0.44, ("same context",)),
    ))  # fmt: skip
    figures = replace(
        FIGURES, titles={one.target: "An old title.", "/news/2016/03/2/this.md": "T."}
    )
    text = " ".join(_Seen(Report((one,)).to_html(figures)).text.split())
    assert "An old title." in text
    assert "T. 0.51 near title" in text
    assert "that 0.44 same context" in text


def test_hostile_texts_stay_texts() -> None:
    page = f"/news/2016/03/2/{HOSTILE}.md"
    meant = Suggestion(page, 0.5, (HOSTILE,))
    found = tuple(
        replace(broken(n), page=page, file=page, message=HOSTILE, target=page, name=HOSTILE,
                suggestions=(meant,) * n, fix=fix)
        for n, fix in enumerate((None, SAFE, LIKELY, None))
    )  # fmt: skip
    figures = Figures(
        name=HOSTILE, state=HOSTILE, command=("newsarchive", "check", HOSTILE),
        events={"2016-03": 1}, most_linked={page: 2}, isolated=(page,),
        hosts={HOSTILE: 2}, titles={page: HOSTILE}, rules={"NA201": HOSTILE}, beside=HOSTILE,
    )  # fmt: skip
    html = Report(found, excluded=(HOSTILE,)).to_html(figures)
    seen = _Seen(html)
    assert {"script", "img", "iframe", "object", "link", "base", "form"}.isdisjoint(seen.tags)
    names = {name for name, _ in seen.attributes}
    assert not any(name.startswith("on") for name in names)
    assert names.isdisjoint({"style", "src", "action", "srcset"})
    assert all(value.startswith("#") for name, value in seen.attributes if name == "href")
    assert "\u202e" not in html
    assert "<script>alert(1)</script>" in seen.text


def test_a_policy_allows_its_own_styles_and_nothing_else() -> None:
    html = Report((broken(1, fix=SAFE),)).to_html(FIGURES)
    [styles] = re.findall(r"<style>(.*?)</style>", html, re.S)
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    assert f"content=\"default-src 'none'; style-src 'sha256-{digest}'\"" in html
    assert "url(" not in styles
    assert "@import" not in styles


def test_the_same_report_is_the_same_bytes() -> None:
    found = tuple(broken(n, n % 3, SAFE) for n in range(50))
    assert Report(found).to_html(FIGURES) == Report(found).to_html(FIGURES)


@pytest.mark.slow
@pytest.mark.parametrize(("findings", "most"), [(10_000, 1_000_000), (100_000, 2_500_000)])
def test_it_stays_small_enough_for_a_mail(findings: int, most: int) -> None:
    slug = "a-very-long-name-of-a-page-that-is-gone-" * 4
    found = []
    for n in range(5_000):
        d = broken(n % 2_000, n, (SAFE, LIKELY, None)[n % 3], f"{n % 28 + 1:02}")
        path = d.target.replace("old-name", slug)
        code = f"NA2{n % 40:02}"
        page = f"/news/20{n % 20:02}/03/{n % 28 + 1}/{slug}{n}.md"
        found.append(replace(d, code=code, target=path, page=page, message=slug * 3))
    found *= findings // len(found)
    html = Report(tuple(found)).to_html(replace(FIGURES, beside="report.jsonl"))
    assert len(html.encode()) < most
    assert "all findings are in report.jsonl" in html


def test_what_is_left_out_is_counted() -> None:
    found = tuple(broken(n, links, SAFE) for n in range(MISSING + 7) for links in range(LINKS + 2))
    text = words(Report(found), replace(FIGURES, beside="all.jsonl"))
    assert "… 7 more; all findings are in all.jsonl" in text
    assert "… 2 more" in text
    assert f"… {len(found) - OF_A_RULE:,} more; all findings are in all.jsonl" in text


def test_every_chart_has_a_title_and_a_table_behind_it() -> None:
    found = tuple(broken(n, 1, SAFE) for n in range(20))
    html = Report(found, {"event": 8}).to_html(FIGURES)
    charts = re.findall(r'<svg viewBox[^>]* role="img" aria-labelledby="([a-z]+)-title"', html)
    assert charts == ["repairs", "months", "start", "days", "trend"]
    for name in charts[1:]:
        section = html.partition(f'aria-labelledby="{name}-title"')[2].partition("</section>")[0]
        assert "<summary>As a table</summary>" in section
        assert "<table>" in section


def test_jinja_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(na.MissingPackageError, match=r"pip install 'newsarchive\[report\]'"):
        Report(()).to_html()


class TestCharts:
    @pytest.mark.parametrize(
        ("number", "shade"), [(0, 0), (1, 1), (5, 2), (20, 3), (50, 4), (100, 5)]
    )
    def test_more_is_darker(self, number: int, shade: int) -> None:
        assert svg.level(number, 100) == shade

    def test_small_parts_of_a_bar_are_seen(self) -> None:
        drawn = svg.stacked("x", "x", [("safe", "safe", 100_000), ("choice", "choice", 1)])
        widths = [float(w) for w in re.findall(r'width="([\d.]+)"', drawn)]
        assert len(widths) == 2
        assert min(widths) >= 2
        assert sum(widths) <= svg.WIDTH

    def test_texts_in_them_are_escaped(self) -> None:
        assert str(svg.label(0, 0, "<a>")).endswith("&lt;a&gt;</text>")

    def test_a_day_that_the_calendar_lacks_is_left_out(self) -> None:
        assert svg.calendar("x", "x", {"2016-02-31": 4, "2016-02-01": 1}).count("h10v10") == 1


@pytest.mark.parametrize(
    ("path", "day"), [("/news/2016/03/2/a.md", "2016-03-02"), ("/opinion/a.md", "")]
)
def test_the_day_of_a_path(path: str, day: str) -> None:
    assert iso_day(path) == day
