"""Rules of other packages: found, made sure of, loaded once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.rules import rules_in_force
from newsarchive.rules._plugins import SWITCH, Plugins, plugins
from newsarchive.rules._selection import named_rules, select_rules
from tests.plugins import install, site_packages
from tests.seams import forget_plugins


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder where packages are."""
    yield from site_packages(tmp_path, monkeypatch)


def codes(found: Plugins) -> list[str]:
    return [rule.code for rule in found.rules]


def the_trouble() -> str:
    [trouble] = plugins().troubles
    assert plugins().rules == ()
    return trouble


class TestLoading:
    def test_without_packages_there_are_the_library_s_own(self, site: Path) -> None:
        assert plugins() == Plugins()
        assert rules_in_force() == na.ALL_RULES

    def test_an_entry_point_names_one_rule(self, site: Path) -> None:
        install(site, "ONE = rule(page=fires)", attribute="ONE")
        [rule] = plugins().rules
        assert (rule.code, rule.package, rule.scope) == ("XY101", "desk-rules", "page")
        assert rules_in_force() == (*na.ALL_RULES, rule)
        assert plugins() is plugins()

    @pytest.mark.parametrize(
        "several",
        ["(A, B)", "[B, A]", "{1: A, 2: B}.values()", "(one for one in (A, B))"],
    )
    def test_or_several_and_they_are_sorted_by_code(self, site: Path, several: str) -> None:
        install(
            site,
            f"A = rule(page=fires)\nB = rule('ABCD999', 'b2-c', clock=fires)\nRULES = {several}",
        )
        assert codes(plugins()) == ["ABCD999", "XY101"]

    def test_what_a_module_prints_does_not_mix_with_the_report(
        self, site: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        install(site, "print('hello')\ndef make():\n    print('you')\n    yield rule(page=fires)\n"
                      "RULES = make()")  # fmt: skip
        assert codes(plugins()) == ["XY101"]
        assert capsys.readouterr() == ("", "hello\nyou\n")

    def test_what_else_a_package_brings_is_no_rule(self, site: Path) -> None:
        install(site, "RULES = [rule(page=fires)]")
        [points] = site.glob("*.dist-info/entry_points.txt")
        other = "[console_scripts]\na-desk = nowhere:main\n\n"
        points.write_text(other + points.read_text("utf-8"), "utf-8")
        assert codes(plugins()) == ["XY101"]
        assert plugins().troubles == ()

    @pytest.mark.parametrize(
        ("value", "off"), [("1", True), ("yes", True), ("0", False), ("", False)]
    )
    def test_a_switch_leaves_them_out(
        self, site: Path, monkeypatch: pytest.MonkeyPatch, value: str, off: bool
    ) -> None:
        install(site, "RULES = [rule(page=fires)]")
        monkeypatch.setenv(SWITCH, value)
        assert codes(plugins()) == ([] if off else ["XY101"])

    def test_marks_follow_version_and_code(self, site: Path) -> None:
        file = install(site, "RULES = [rule(page=fires)]")
        first = plugins().marks
        forget_plugins()
        assert plugins().marks == first
        file.write_text(file.read_text("utf-8") + "#", "utf-8")
        forget_plugins()
        second = plugins().marks
        (site / "desk_rules-1.0.dist-info").rename(site / "desk_rules-1.1.dist-info")
        metadata = site / "desk_rules-1.1.dist-info" / "METADATA"
        metadata.write_text(metadata.read_text("utf-8").replace("1.0", "1.1"), "utf-8")
        forget_plugins()
        assert len({first, second, plugins().marks}) == 3


class TestBrokenPackages:
    ORIGIN = "of the package 'desk-rules' (entry point 'desk')"

    def test_a_module_that_cannot_be_imported_is_named(self, site: Path) -> None:
        install(site, "import no_such_module_anywhere")
        trouble = the_trouble()
        assert trouble.startswith(f"the rules {self.ORIGIN} cannot be loaded: ModuleNotFoundError")
        assert re.search(r"'no_such_module_anywhere' \(desk_rules_\d+\.py, line 13\)$", trouble)

    def test_so_is_one_that_leaves_the_process(self, site: Path) -> None:
        install(site, "raise SystemExit(0)")
        assert "SystemExit: 0" in the_trouble()

    def test_so_is_one_that_is_no_python(self, site: Path) -> None:
        install(site, "def")
        trouble = the_trouble()
        assert "SyntaxError" in trouble
        assert "importlib" not in trouble

    def test_so_is_one_without_the_attribute(self, site: Path) -> None:
        install(site, "")
        assert "AttributeError" in the_trouble()

    @pytest.mark.parametrize(
        ("attribute", "kind"), [("fires", "function"), ("NAME", "str"), ("", "module")]
    )
    def test_so_is_one_that_gives_something_else(
        self, site: Path, attribute: str, kind: str
    ) -> None:
        install(site, "NAME = 'x'", attribute=attribute)
        assert the_trouble().endswith(f"is a {kind}, expected a Rule or several")

    def test_a_package_without_a_name_is_called_as_its_folder(self, site: Path) -> None:
        install(site, "RULES = [rule(page=fires)]")
        (site / "desk_rules-1.0.dist-info" / "METADATA").write_text("Version: 1.0\n", "utf-8")
        assert [rule.package for rule in plugins().rules] == ["desk_rules-1.0.dist-info"]

    def test_a_package_whose_entry_points_cannot_be_read_is_named(self, site: Path) -> None:
        install(site, "RULES = [rule(page=fires)]")
        points = site / "desk_rules-1.0.dist-info" / "entry_points.txt"
        points.write_bytes(points.read_bytes() + b"\xff")
        assert the_trouble().startswith(f"the package in '{points.parent}' cannot be read: Unicode")

    def test_so_is_an_entry_point_that_is_none(self, site: Path) -> None:
        install(site, "")
        points = site / "desk_rules-1.0.dist-info" / "entry_points.txt"
        points.write_text("[newsarchive.rules]\nnonsense\n", "utf-8")
        assert plugins().troubles

    def test_the_others_are_loaded(self, site: Path) -> None:
        install(site, "raise ValueError('no')", package="first")
        install(site, "RULES = [rule(page=fires)]", package="second")
        assert codes(plugins()) == ["XY101"]
        assert "'first'" in plugins().troubles[0]

    def test_an_unknown_rule_may_be_one_that_is_missing(self, site: Path) -> None:
        install(site, "raise ValueError('no')")
        with pytest.raises(na.UnknownRuleError, match=r"no rule is called 'XY101'.*ValueError: no"):
            select_rules(["XY101"])


FAULTS = {
    "it is a str, expected a Rule": "'rule'",
    "it is a type, expected a Rule": "Rule",
    "its code is no str": "rule(7, page=fires)",
    "its why is no str": "rule(why=None, page=fires)",
    "a code is two to four capital letters": "rule('x101', page=fires)",
    "a code is two to four capital letters, not": "rule('ABCDE101', page=fires)",
    "not beginning with NA": "rule('NA701', page=fires)",
    "not beginning with NA, and": "rule('NAB701', page=fires)",
    "and three digits": "rule('ALL701', page=fires)",
    "its name 'No Fires' is not words": "rule(name='No Fires', page=fires)",
    "its severity is 'warning', expected a Severity": "rule(severity='warning', page=fires)",
    "its summary or its why is empty": "rule(why=' ', page=fires)",
    "its page is no function": "rule(page='fires')",
    "it has no check: page, clock or archive": "rule(passes=fires)",
    "newsarchive itself has a rule called 'orphan-page' already":
        "rule(name='orphan-page', page=fires)",
}  # fmt: skip


class TestFaultyRules:
    @pytest.mark.parametrize("expected", FAULTS)
    def test_one_is_left_out_and_named(self, site: Path, expected: str) -> None:
        install(site, f"RULES = [{FAULTS[expected]}, rule('XY900', 'good', page=fires)]")
        assert codes(plugins()) == ["XY900"]
        [trouble] = plugins().troubles
        assert TestBrokenPackages.ORIGIN + " cannot be used: " in trouble
        assert expected in trouble

    def test_two_packages_with_one_code_are_both_named(self, site: Path) -> None:
        install(site, "RULES = [rule(page=fires)]", package="first")
        install(site, "RULES = [rule(name='other', page=fires)]", package="second")
        assert [rule.package for rule in plugins().rules] == ["first"]
        assert plugins().troubles == (
            "the rule 'XY101' of the package 'second' (entry point 'desk') cannot be used: "
            "the package 'first' has a rule called 'XY101' already",
        )

    def test_so_are_two_with_one_name(self, site: Path) -> None:
        install(site, "RULES = [rule(page=fires)]", package="first")
        install(site, "RULES = [rule('ZZ101', page=fires)]", package="second")
        assert "'first' has a rule called 'no-fires'" in plugins().troubles[0]

    def test_a_package_may_not_repeat_itself(self, site: Path) -> None:
        install(site, "RULES = [rule(page=fires)] * 2")
        assert codes(plugins()) == ["XY101"]
        assert len(plugins().troubles) == 1


class TestChoosing:
    @pytest.fixture(autouse=True)
    def two(self, site: Path) -> None:
        install(
            site,
            "RULES = [rule(page=fires), rule('XY102', 'quiet', page=fires, default=False)]",
        )

    def test_they_run_by_default_unless_they_say_otherwise(self) -> None:
        chosen = {rule.code for rule in select_rules()}
        assert "XY101" in chosen
        assert "XY102" not in chosen

    @pytest.mark.parametrize("word", ["XY", "xy1", "ALL"])
    def test_prefixes_name_them(self, word: str) -> None:
        assert {"XY101", "XY102", "NA905"} <= {rule.code for rule in select_rules([word])}

    def test_names_do_and_so_can_the_report_of_failures(self) -> None:
        assert [rule.code for rule in select_rules(["quiet"])] == ["NA905", "XY102"]
        assert [rule.code for rule in named_rules(["quiet"])] == ["XY102"]
        assert [rule.code for rule in select_rules(["XY"], ["NA905", "quiet"])] == ["XY101"]

    def test_own_rules_do_not_bring_it(self) -> None:
        assert [rule.code for rule in select_rules(["NA502"])] == ["NA502"]

    def test_a_near_word_is_suggested(self) -> None:
        with pytest.raises(na.UnknownRuleError, match="did you mean 'no-fires'"):
            select_rules(["no-fire"])
