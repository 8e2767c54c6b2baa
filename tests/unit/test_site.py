"""The addresses of the rules' pages, wherever findings are told; and whose documentation it is."""

from __future__ import annotations

import asyncio
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive._site import SITE
from newsarchive.rules import Rule
from newsarchive.rules._plugins import plugins
from tests.builders import OPENS, PATH, SMALL_ARCHIVE, spoiled, write_archive
from tests.consumers import sarif_validator
from tests.faults import Run
from tests.lsp.editor import until
from tests.lsp.talk import talk
from tests.plugins import install, site_packages
from tests.terminals import at_a_terminal

OWN = f"{SITE}rules/NA201/"
ELSEWHERE = "https://docs.example.org/archive/"
THEIRS = "https://desk.example/rules#XY101"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    pages = {PATH: spoiled(f"1. [The pier opens.]({OPENS})", "1. [Gone.](/news/2016/02/29/x.md)")}
    return write_archive(tmp_path / "archive", {**SMALL_ARCHIVE, **pages})


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield from site_packages(tmp_path / "packages", monkeypatch)


@pytest.fixture
def hosted(root: Path) -> Path:
    """The archive of somebody who hosts the documentation."""
    (root / "newsarchive.toml").write_text(f'docs-url = "{ELSEWHERE[:-1]}"')
    return root


def check(run: Run, root: Path, form: str) -> str:
    return run("check", root, "--select", "NA201", "--output-format", form, "--no-cache").out


class TestOfRules:
    def test_each_rule_of_the_library_has_a_page_of_its_own_without_a_version(self) -> None:
        assert {rule.url for rule in na.ALL_RULES} == {
            f"{SITE}rules/{rule.code}/" for rule in na.ALL_RULES
        }

    def test_other_packages_say_where_theirs_are(self, packages: Path) -> None:
        install(packages, f"RULES = [rule(page=fires, url={THEIRS!r}), "
                          "rule('XY102', 'no-more-fires', page=fires)]")  # fmt: skip
        assert [rule.url for rule in plugins().rules] == [THEIRS, ""]

    @pytest.mark.parametrize(
        "url", ["desk.example", "javascript:alert(1)", "https://a b", "https://"]
    )
    def test_what_is_no_web_address_is_refused(self, packages: Path, url: str) -> None:
        install(packages, f"RULES = rule(page=fires, url={url!r})")
        [trouble] = plugins().troubles
        assert f"its url {url!r} is no address" in trouble

    def test_a_report_knows_them_and_which_site_was_set(self, root: Path) -> None:
        assert na.check(root).urls["NA201"] == OWN
        set_there = na.check(root, settings=na.Settings(docs_url=ELSEWHERE))
        assert set_there.urls["NA201"] == f"{ELSEWHERE}rules/NA201/"

    def test_a_site_that_was_set_leaves_other_packages_theirs(
        self, root: Path, packages: Path
    ) -> None:
        install(packages, f"RULES = rule(page=fires, url={THEIRS!r})")
        assert na.check(root, settings=na.Settings(docs_url=ELSEWHERE)).urls["XY101"] == THEIRS

    def test_a_rule_may_name_another_page(self) -> None:
        rule = Rule("NA999", "some-rule", na.Severity.INFO, "never", "so", url=ELSEWHERE)
        assert rule.url == ELSEWHERE


class TestInFormats:
    def test_json(self, root: Path, run: Run) -> None:
        found = json.loads(check(run, root, "json"))
        assert {d["url"] for d in found["diagnostics"]} == {OWN}
        assert json.loads(na.check(root, select=["NA201"]).to_json())["diagnostics"][0][
            "url"
        ] == OWN  # fmt: skip

    def test_json_lines(self, root: Path, run: Run) -> None:
        _, found = map(json.loads, check(run, root, "jsonl").splitlines())
        assert found["url"] == OWN

    def test_sarif(self, hosted: Path, run: Run, packages: Path) -> None:
        install(packages, "RULES = rule(page=fires)")
        log = json.loads(check(run, hosted, "sarif"))
        assert list(sarif_validator().iter_errors(log)) == []
        driver = log["runs"][0]["tool"]["driver"]
        assert driver["informationUri"] == SITE
        urls = {rule["id"]: rule.get("helpUri") for rule in driver["rules"]}
        assert urls == {
            **{rule.code: f"{ELSEWHERE}rules/{rule.code}/" for rule in na.ALL_RULES},
            "XY101": None,
        }

    def test_gitlab(self, root: Path, run: Run) -> None:
        [issue] = json.loads(check(run, root, "gitlab"))
        assert issue["content"] == {"body": f"[NA201]({OWN})"}

    def test_junit(self, root: Path, run: Run) -> None:
        [failure] = ET.fromstring(check(run, root, "junit")).iter("failure")
        assert failure.text is not None
        assert failure.text.splitlines()[1] == OWN

    def test_markdown_and_html(self, hosted: Path, run: Run) -> None:
        address = f"{ELSEWHERE}rules/NA201/"
        assert f"| [NA201]({address}) broken-related-link |" in check(run, hosted, "markdown")
        html = run("report", hosted, "-o", "-", "--no-cache").out
        assert f'<a href="{address}">' in html

    def test_the_catalogue_and_its_explanations(self, root: Path, run: Run) -> None:
        listed = json.loads(run("rules", "--output-format", "json").out)
        assert {rule["code"]: rule["url"] for rule in listed}["NA201"] == OWN
        assert run("explain", "NA201").out.endswith(f"\nMore: {OWN}\n")


class TestOnTerminals:
    @pytest.mark.slow
    def test_codes_lead_there_where_the_terminal_says_that_it_can(self, root: Path) -> None:
        link = f"\x1b]8;;{OWN}\x1b\\"
        for group in ("target", "page", "none"):
            words = ("check", root, "--select", "NA201", "--no-cache", "--group", group)
            assert link in at_a_terminal(*words, env={"WT_SESSION": "1"}), group
            assert "\x1b]8" not in at_a_terminal(*words), group

    def test_in_a_pipe_there_is_no_link(self, root: Path, run: Run) -> None:
        assert SITE not in check(run, root, "text")


class TestWhereOthersHostIt:
    def test_explanations_lead_there_in_their_folder(
        self, hosted: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(hosted / "news")
        assert f"More: {ELSEWHERE}rules/NA201/" in run("explain", "NA201").out

    def test_a_wrong_configuration_keeps_no_rule_from_being_explained(
        self, hosted: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (hosted / "newsarchive.toml").write_text("docs-url = 7")
        monkeypatch.chdir(hosted)
        assert f"More: {OWN}" in run("explain", "NA201").out

    @pytest.mark.parametrize(
        "value",
        ["docs.example.org", "https://", "https://a b/", "https://a/?q=", "file:///docs", ""],
    )
    def test_what_is_no_address_is_refused(self, hosted: Path, value: str) -> None:
        (hosted / "newsarchive.toml").write_text(f'docs-url = "{value}"')
        with pytest.raises(na.SettingsError, match=r"docs-url: expected a web address"):
            na.load_settings(hosted)


@pytest.mark.parametrize("able", [True, False])
def test_editors_that_can_open_pages_get_them(hosted: Path, able: bool) -> None:
    can = {"textDocument": {"publishDiagnostics": {"codeDescriptionSupport": able}}}

    async def told() -> list[object]:
        async with talk(can=can) as editor:
            editor.open(hosted / PATH[1:], (hosted / PATH[1:]).read_text("utf-8"))
            await until(lambda: any(codes for _, codes in editor.told(hosted / PATH[1:])))
            [*_, last] = editor.of("textDocument/publishDiagnostics")
            return [d.get("codeDescription") for d in last["diagnostics"] if d["code"] == "NA201"]

    expected = {"href": f"{ELSEWHERE}rules/NA201/"} if able else None
    assert asyncio.run(told()) == [expected]
