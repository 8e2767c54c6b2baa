"""Health reports in a real browser: no script runs, nothing is asked for, everybody can read it."""

import base64
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newsarchive.findings.report import Report
from tests.browser import AXE, Browser
from tests.unit.findings.test_html import FIGURES, HOSTILE, LIKELY, SAFE, broken

pytest.importorskip("jinja2", reason="needs Jinja2, which writes the report")

pytestmark = pytest.mark.slow
WIDTHS = (400, 800, 1280)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = Browser()
    yield found
    found.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with every section, and hostile texts in each."""
    page = f"/news/2016/03/2/{HOSTILE}.md"
    found = [broken(n, n, fix) for n in range(60) for fix in (SAFE, LIKELY, None)]
    found += [replace(d, page=page, message=HOSTILE, target=page) for d in found[:9]]
    titles = {d.target: HOSTILE for d in found}
    figures = replace(FIGURES, titles=titles, hosts={HOSTILE: 3}, name=HOSTILE)
    file = tmp_path_factory.mktemp("browser") / "report.html"
    file.write_text(Report(tuple(found), {"event": 9}).to_html(figures), "utf-8")
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_the_window(browser: Browser, report: Path, width: int, scheme: str) -> None:
    browser.open(report, width, scheme)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    colour = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(13, 17, 23)")
    folder = os.environ.get("NEWSARCHIVE_SCREENSHOTS")  # to be looked at
    if folder:
        shot = browser.call("Page.captureScreenshot", captureBeyondViewport=True)
        (Path(folder) / f"report-{width}-{scheme}.png").write_bytes(base64.b64decode(shot["data"]))


def test_it_asks_for_nothing_and_runs_nothing(browser: Browser, report: Path) -> None:
    browser.open(report)
    browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert browser.requests() == [report.as_uri()]
    kinds = {event.get("method") for event in browser.events}
    assert "Page.javascriptDialogOpening" not in kinds
    assert "Log.entryAdded" not in kinds  # the policy had nothing to refuse
    assert browser.evaluate("document.scripts.length") == 0
    assert browser.evaluate("document.images.length") == 0


def test_the_policy_holds(browser: Browser, report: Path, tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.html"
    text = report.read_text("utf-8")
    evil = "<script>document.title = 'taken'</script><img src='https://example.org/x.png'>"
    spoiled.write_text(text.replace("<main>", f"<main>{evil}"), "utf-8")
    browser.open(spoiled)
    assert browser.evaluate("document.title") != "taken"
    told = [e["params"]["entry"]["text"] for e in browser.events if e["method"] == "Log.entryAdded"]
    assert any("Content Security Policy" in text for text in told)


@pytest.mark.skipif(
    not AXE.exists(), reason="no axe-core (npm install --prefix .venv/axe axe-core)"
)
@pytest.mark.parametrize(("width", "scheme"), [(400, "light"), (800, "dark"), (1280, "light")])
def test_axe_has_nothing_to_complain_of(
    browser: Browser, report: Path, width: int, scheme: str
) -> None:
    browser.open(report, width, scheme)
    browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    browser.evaluate(AXE.read_text("utf-8") + ";0")
    found = browser.evaluate(
        "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html.slice(0, 200)))"
    )
    assert found == []


def test_it_can_be_read_without_its_styles(browser: Browser, report: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.html"
    text = report.read_text("utf-8")
    bare.write_text(text.partition("<style>")[0] + text.partition("</style>")[2], "utf-8")
    browser.open(bare)
    shown = browser.evaluate("document.body.innerText")
    assert "What can be repaired now?" in shown
    assert browser.evaluate("document.querySelector('table').offsetHeight") > 0
