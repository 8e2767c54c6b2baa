"""The site of the documentation: built as it is published, served, and read in a browser."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import threading
import tomllib
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

import newsarchive as na
from newsarchive._site import SITE
from tests.browser import Browser

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PREFIX = urlsplit(SITE).path
# What a browser loads, as opposed to what a reader may follow.
_LOADED = re.compile(
    r"<(?:script|img|iframe|source|video)\b[^>]*\bsrc=[\"']?([^\"' >]+)"
    r"|<link\b(?![^>]*rel=[\"']?(?:canonical|next|prev))[^>]*\bhref=[\"']?([^\"' >]+)"
    r"|url\([\"']?([^\"')]+)|@import [\"']([^\"']+)"
)


def _load_builder() -> Any:
    spec = importlib.util.spec_from_file_location("docs_build_site", ROOT / "docs/build_site.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BUILDER = _load_builder()


class _Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(PREFIX))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    pytest.importorskip("zensical", reason="no zensical (dependency group docs)")
    folder = tmp_path_factory.mktemp("site")
    assert BUILDER.build(folder) == 0, "see what zensical printed: a dead link?"
    return folder / "build" / "site"


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The site's address on this machine, in a folder as where it is published."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


def test_one_address_stands_everywhere() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    assert urls["Documentation"] == SITE
    assert urls["Changelog"].startswith(SITE)
    assert yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["site_url"] == SITE


def test_every_page_is_in_the_menu_but_those_of_rules() -> None:
    listed = {path for titles in BUILDER.nav().values() for path in titles.values()}
    shown = {path for path in BUILDER.pages() if path.endswith(".md")}
    rest = {path for path in shown - listed if not path.startswith("rules/")}
    assert (listed - shown, rest) == (set(), {"SECURITY.md"})


@pytest.mark.parametrize(
    ("link", "built"),
    [
        ("[x](tutorial.md)", "[x](tutorial.md)"),
        ("[x](../CONTRIBUTING.md#tests)", "[x](CONTRIBUTING.md#tests)"),
        ("[x](../examples)", f"[x]({BUILDER.REPOSITORY}/tree/main/examples)"),
        ("[x](../action.yml)", f"[x]({BUILDER.REPOSITORY}/blob/main/action.yml)"),
        ("[x](https://a.example) [y](#z)", "[x](https://a.example) [y](#z)"),
        ("`[x](nowhere.md)`", "`[x](nowhere.md)`"),
        ("```text\n[x](nowhere.md)\n```\n", "```text\n[x](nowhere.md)\n```\n"),
    ],
)
def test_links_lead_to_the_site_or_to_the_repository(link: str, built: str) -> None:
    places = {file.relative_to(ROOT).as_posix(): path for path, file in BUILDER.pages().items()}
    assert BUILDER.relinked(link, "docs/README.md", places) == built


@pytest.mark.parametrize("target", ["nowhere.md", "../nowhere.md", "../../elsewhere.md"])
def test_a_link_to_no_file_ends_the_build(target: str) -> None:
    with pytest.raises(BUILDER.DeadLinkError, match=r"docs/a\.md"):
        BUILDER.relinked(f"[x]({target})", "docs/a.md", {"docs/a.md": "a.md"})


@pytest.mark.parametrize("target", ["tutorial.md#no-such-heading", "nowhere.md"])
def test_so_does_a_link_to_no_heading(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], target: str
) -> None:
    pytest.importorskip("zensical", reason="no zensical (dependency group docs)")
    BUILDER.lay_out(tmp_path / "build" / "docs")
    with (tmp_path / "build" / "docs" / "security.md").open("a") as page:
        page.write(f"\n[x]({target})\n")
    assert BUILDER.make_html(tmp_path) != 0
    assert "1 issue found" in "".join(capfd.readouterr())


def test_every_rule_s_address_opens_its_page(served: str) -> None:
    for rule in na.ALL_RULES:
        with urllib.request.urlopen(rule.url.replace(SITE, served)) as answer:
            page = answer.read().decode()
        assert f"<title>{rule.code} {rule.name} - newsarchive</title>" in page
        assert f'rel="canonical" href="{rule.url}"' in page


def test_models_find_a_list_of_pages_as_markdown(site: Path, served: str) -> None:
    assert 'href="llms.txt"' in (site / "index.html").read_text("utf-8")
    text = (site / "llms.txt").read_text("utf-8")
    listed = re.findall(r"^- \[[^\]]+\]\((\S+)\): \S", text, re.M)
    assert {url.removeprefix(SITE) for url in listed} == {
        path for path in BUILDER.pages() if path.endswith(".md") and path != "SECURITY.md"
    }
    for url in listed:
        with urllib.request.urlopen(url.replace(SITE, served)) as answer:
            assert answer.read().startswith((b"#", b"<!--"))


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    loaded = {
        next(filter(None, found.groups()))
        for file in site.rglob("*")
        if file.suffix in (".html", ".css")
        for found in _LOADED.finditer(file.read_text("utf-8"))
    }
    assert any("stylesheets" in address for address in loaded)
    assert [a for a in loaded if urlsplit(a).netloc or urlsplit(a).scheme not in ("", "data")] == []


def test_browsers_ask_nobody_else(browser: Browser, served: str) -> None:
    for page in ("", "rules/NA201/", "reference/api/", "how-to/use-in-ci/", "benchmarks/"):
        browser.open(served + page)
        browser.until("!!document.querySelector('.md-search__button')")
        asked = [url for url in browser.requests() if not url.startswith("data:")]
        assert len(asked) >= 1
        assert [url for url in asked if not url.startswith(served)] == []


_BOX = "[...document.querySelectorAll('*')].find(e => e.shadowRoot?.querySelector('dialog'))"
_TYPE = """(words => {
    const input = BOX.shadowRoot.querySelector('input');
    input.value = words;
    input.dispatchEvent(new Event('input', {bubbles: true}));
})""".replace("BOX", _BOX)
_HITS = f"[...{_BOX}.shadowRoot.querySelectorAll('a[role=option]')].map(a => a.href)"


def test_the_search_finds_every_rule_by_code_and_by_name(browser: Browser, served: str) -> None:
    browser.open(served)
    browser.until(f"(document.querySelector('.md-search__button').click(), {_BOX})?.tagName")
    missed = []
    for rule in na.ALL_RULES:
        page = json.dumps(f"{served}rules/{rule.code}/?")
        for words in (rule.code, rule.name):
            browser.evaluate(f"{_TYPE}({json.dumps(words)})")
            try:
                browser.until(f"{_HITS}[0]?.startsWith({page})", seconds=30)
            except AssertionError:
                missed.append((words, browser.evaluate(_HITS)[:3]))
    assert missed == []
