"""The command with a configuration, and ``newsarchive config``."""

import io
import json
import subprocess
import sys
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsarchive.cli import main
from newsarchive.cli._main import cli
from newsarchive.settings._schema import settings_schema
from tests.builders import OPENS, PATH, REBUILT, SMALL_ARCHIVE, event, uncounted, write_archive

BROKEN = SMALL_ARCHIVE[OPENS].replace(f"]({PATH})", "](/news/2016/03/2/gone.md)")
WARNING = SMALL_ARCHIVE[PATH].replace("\n2. ", "\n7. ")
REMARK = event("2016-03-4", "The pier is rebuilt.", description="&quot;Done.&quot;")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An error on one page, warnings with fixes on another, a remark on a third."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSARCHIVE_CACHE_DIR", raising=False)
    pages = {OPENS: BROKEN, PATH: WARNING, REBUILT: REMARK}
    write_archive(tmp_path / "a", pages, small=True)
    return Path("a")


def run(*args: str | Path, config: str | None = None) -> Result:
    """The command's outcome; `config` is what ``newsarchive.toml`` of the archive holds."""
    if config is not None:
        Path("a/newsarchive.toml").write_text(config)
    result = CliRunner().invoke(cli, [str(arg) for arg in args], standalone_mode=False)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def spoken(*args: str | Path) -> tuple[int, str, str]:
    """Exit status, output and errors of the whole command, its last words included."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        main([str(arg) for arg in args])
    assert isinstance(left.value.code, int)
    return left.value.code, out.getvalue(), err.getvalue()


def codes(*args: str | Path, config: str | None = None) -> set[str]:
    """The codes of a check's findings."""
    result = run("check", "a", "--output-format", "json", *args, config=config)
    return set(json.loads(result.stdout)["summary"]["codes"])


class TestCheck:
    @pytest.mark.slow
    def test_the_configuration_holds(self, root: Path) -> None:
        assert codes() == {"NA108", "NA201", "NA505"}
        assert codes(config='ignore = ["NA1"]') == {"NA201", "NA505"}
        assert codes(config='[[per-path]]\npaths = ["/news/2016/03/4/"]\nignore = ["NA5"]') == {
            "NA108", "NA201",
        }  # fmt: skip

    @pytest.mark.slow
    def test_options_beat_it(self, root: Path) -> None:
        config = 'select = ["NA1"]\nignore = ["NA5"]\nfail-on = "info"\noutput-format = "json"'
        assert codes(config=config) == {"NA108"}
        assert codes("--select", "NA2") == {"NA201"}
        assert codes("--select", "NA2", "--extend-select", "NA108") == {"NA108", "NA201"}
        assert codes("--select", "ALL", "--ignore", "NA2") == {"NA108", "NA505"}
        assert run("check", "a").return_value == 1
        assert run("check", "a", "--fail-on", "error").return_value == 0
        assert run("check", "a", "--output-format", "text").stdout.startswith("a/news/")

    def test_one_may_be_named_and_none_be_read(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "other.toml").write_text('select = ["NA5"]')
        assert codes("--config", "other.toml", config='select = ["NA1"]') == {"NA505"}
        assert codes("--isolated") == {"NA108", "NA201", "NA505"}

    def test_severities_decide_the_exit_status(self, root: Path) -> None:
        config = 'select = ["NA2"]\nseverities = { NA201 = "info" }'
        result = run("check", "a", config=config)
        assert result.return_value == 0
        assert "Found 1 info" in result.stdout
        assert run("check", "a", "--fail-on", "info").return_value == 1

    @pytest.mark.slow
    def test_each_archive_has_its_own(self, root: Path, tmp_path: Path) -> None:
        write_archive(tmp_path / "b", {OPENS: BROKEN}, small=True)
        (tmp_path / "b/newsarchive.toml").write_text('ignore = ["ALL"]')
        result = run("check", "a", "b", config='select = ["NA5"]\noutput-format = "json"')
        assert set(json.loads(result.stdout)["summary"]["codes"]) == {"NA505"}
        assert result.return_value == 0
        (tmp_path / "b/newsarchive.toml").write_text('fail-on = "never"')
        assert run("check", "a", "b").return_value == 0
        assert run("check", "a", "b", "--fail-on", "error").return_value == 1

    def test_what_is_ignored_is_not_repaired(self, root: Path) -> None:
        config = '[[per-path]]\npaths = ["/news/2016/03/2/"]\nignore = ["NA108"]'
        before = (root / PATH[1:]).read_text()
        run("check", "a", "--fix", config=config)
        assert (root / PATH[1:]).read_text() == before
        run("check", "a", "--fix", "--isolated")
        assert (root / PATH[1:]).read_text() == SMALL_ARCHIVE[PATH]

    @pytest.mark.slow
    def test_unsafe_fixes_may_stand_in_it(self, root: Path) -> None:
        (root / OPENS[1:]).write_text(BROKEN.replace("[The pier burns.]", "[Snow in June.]"))
        config = "unsafe-fixes = true\nremove-dead = true"
        assert run("check", "a", config=config).return_value == 1
        assert run("check", "a", "--diff", "--no-remove-dead").stdout.count("gone.md") == 0
        assert "-1. [Snow in June.](/news/2016/03/2/gone.md)" in run("check", "a", "--diff").stdout
        assert "gone.md" not in run("check", "a", "--diff", "--no-unsafe-fixes").stdout

    def test_the_day_and_the_caches_folder(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "newsarchive.toml").write_text('today = 2016-03-03\ncache-dir = "kept"')
        assert codes() == {"NA108", "NA201", "NA304", "NA505"}
        assert len(list((tmp_path / "kept").iterdir())) == 1
        assert codes("--today", "2020-01-01", "--no-cache") == {"NA108", "NA201", "NA505"}

    def test_no_cache_may_stand_in_it(self, root: Path, tmp_path: Path) -> None:
        run("check", "a", "--cache-dir", "kept", config="cache = false")
        assert not (tmp_path / "kept").exists()
        run("check", "a", "--cache-dir", "kept", "--cache")
        assert (tmp_path / "kept").exists()

    def test_an_archive_without_md_files_is_nothing_to_check(self, tmp_path: Path) -> None:
        (tmp_path / "empty/news").mkdir(parents=True)
        status, _, err = spoken("check", tmp_path / "empty")
        assert (status, "nothing to check" in err) == (2, True)


class TestMisuse:
    @pytest.mark.parametrize("command", ["check", "config", "baseline", "fmt"])
    def test_a_wrong_configuration_is_named(self, root: Path, command: str) -> None:
        (root / "newsarchive.toml").write_text('\nfail_on = "info"\n')
        status, out, err = spoken(command, "a")
        assert (status, out) == (2, "")
        assert err.startswith(
            "Error: a/newsarchive.toml:2: fail_on: there is no key 'fail_on'; did you mean "
        )

    def test_a_hostile_one_does_not_reach_the_terminal(self, root: Path) -> None:
        (root / "newsarchive.toml").write_text('"\\u001b[31m" = 1\n')
        _, _, err = spoken("check", "a")
        assert "\x1b" not in err
        assert "\\x1b[31m" in err

    @pytest.mark.parametrize(
        ("args", "why"),
        [
            (["--config", "x.toml", "--isolated"], "--config and --isolated exclude each other"),
            (["--baseline", "x", "--no-baseline"], "an option and its --no- form exclude each"),
            (["--config", "x.toml"], "x.toml: it cannot be read: No such file"),
            (["--select", "NA9x"], "no rule is called 'NA9x'"),
            (["--unsafe-fixes"], "--unsafe-fixes takes effect with --fix or --diff only"),
            (["--remove-dead"], "--remove-dead takes effect with --unsafe-fixes only"),
            (["--jobs", "0"], "0 is not in the range x>=1"),
        ],
    )
    def test_options_that_make_no_sense(self, root: Path, args: list[str], why: str) -> None:
        status, out, err = spoken("check", "a", *args)
        assert (status, out) == (2, "")
        assert why in err

    @pytest.mark.slow
    def test_without_a_configuration_its_libraries_are_not_imported(self, root: Path) -> None:
        write_archive(root)
        code = (
            "import sys\nfrom newsarchive.cli import main\n"
            "try: main(['check', 'a', '--cache-dir', 'kept'])\n"
            "finally: print(sorted({'tomllib', 'pathspec', 'pydantic', 'newsarchive.runs.baseline',"
            " 'jsonschema'} & sys.modules.keys()))"
        )
        for _ in range(2):  # the second run has everything in the cache
            done = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, env=uncounted()
            )
        assert done.stdout.splitlines()[-1] == "[]"


class TestFmt:
    def test_it_leaves_alone_what_is_ignored(self, root: Path) -> None:
        config = 'select = ["NA2"]\n[[per-path]]\npaths = ["/news/2016/03/2/"]\nignore = ["NA108"]'
        run("fmt", "a", config=config)
        assert (root / PATH[1:]).read_text() == WARNING
        run("fmt", "a", config='select = ["NA2"]\nextend-select = ["NA5"]')
        assert (root / PATH[1:]).read_text() == SMALL_ARCHIVE[PATH]

    def test_options_beat_the_configuration(self, root: Path) -> None:
        run("fmt", "a", "--ignore", "NA108", "--jobs", "1")
        assert (root / PATH[1:]).read_text() == WARNING
        status, _, err = spoken("fmt", "a", "--ignore", "NA9x")
        assert (status, "no rule is called 'NA9x'" in err) == (2, True)


CONFIG = """\
ignore = ["NA5"]
severities = { NA201 = "info", "link-text" = "error" }
fail-on = "warning"
baseline = false
today = 2026-01-31

[[per-path]]
paths = ["/news/2012/\\u00e9"]
ignore = ["NA1"]
severities = { NA2 = "info" }
""".replace(', "link-text" = "error"', "")


class TestConfig:
    def test_each_value_and_where_it_comes_from(self, root: Path) -> None:
        out = run("config", "a", "--jobs", "2", config=CONFIG).stdout
        rows = {line.split("#")[0].strip(): line.split("# ")[-1] for line in out.splitlines()}
        assert out.startswith("# a/newsarchive.toml\n")
        assert rows['ignore = ["NA5"]'] == "a/newsarchive.toml:1"
        assert rows['severities = { NA201 = "info" }'] == "a/newsarchive.toml:2"
        assert rows['fail-on = "warning"'] == "a/newsarchive.toml:3"
        assert rows["jobs = 2"] == "flag --jobs"
        assert rows["select = []"] == "default"
        assert rows["[[per-path]]"] == "a/newsarchive.toml:7"
        out = run("config", "a", config=CONFIG + '\n[[per-path]]\npaths = ["b"]\n').stdout
        assert '\n[[per-path]]  # a/newsarchive.toml:12\npaths = ["b"]' in out

    def test_the_output_is_a_configuration_itself(self, root: Path) -> None:
        out = run("config", "a", config=CONFIG).stdout
        table = tomllib.loads(out)
        assert table["per-path"] == [
            {"paths": ["/news/2012/é"], "ignore": ["NA1"], "severities": {"NA2": "info"}}
        ]
        assert table["today"] == "2026-01-31"
        assert run("config", "a", config=out).return_value == 0

    def test_hostile_texts_are_escaped(self, root: Path) -> None:
        config = '[[per-path]]\npaths = ["a\\"\\\\\\u202Eb"]\nseverities = { "na201" = "info" }'
        out = run("config", "a", config=config).stdout
        assert tomllib.loads(out)["per-path"][0]["paths"] == ['a"\\\u202eb']
        assert "\u202e" not in out

    def test_as_json(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NEWSARCHIVE_CACHE_DIR", "kept")
        printed = json.loads(run("config", "a", "--output-format", "json", config=CONFIG).stdout)
        file = str(root.absolute() / "newsarchive.toml")
        assert printed["file"] == file
        settings = printed["settings"]
        assert settings["ignore"] == {"value": ["NA5"], "source": "file", "file": file, "line": 1}
        assert settings["cache-dir"] == {"value": "kept", "source": "environment"}
        assert settings["jobs"] == {"value": None, "source": "default"}
        assert settings["today"]["value"] == "2026-01-31"
        assert settings["per-path"]["value"] == [
            {"paths": ["/news/2012/é"], "ignore": ["NA1"], "severities": {"NA2": "info"}}
        ]
        assert list(settings) == list(settings_schema()["properties"])

    def test_the_environment_is_named(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NEWSARCHIVE_CACHE_DIR", "kept")
        assert "environment NEWSARCHIVE_CACHE_DIR" in run("config", "a").stdout

    def test_without_a_configuration(self, root: Path) -> None:
        out = run("config", "a").stdout
        assert out.startswith("# no configuration was found or read\nselect = []")
        assert "# jobs: one for each core" in out

    def test_an_edition_of_its_own_is_shown_as_what_it_says(self, root: Path) -> None:
        words = 'name = "de"\nlanguage = "de"\nsources = ["Quelle"]\nprevious-day = ["Gestern"]'
        config = f'[edition]\n{words}\n[edition.slug]\nlength = 50\nletters = {{ "ä" = "ae" }}\n'
        shown = run("config", "a", config=config).stdout
        [line] = [line for line in shown.split("\n") if line.startswith("edition = ")]
        edition = tomllib.loads(line)["edition"]
        assert edition == tomllib.loads(config)["edition"]

    def test_the_schema(self) -> None:
        assert json.loads(run("config", "--schema").stdout) == settings_schema()

    def test_it_needs_an_archive(self, tmp_path: Path) -> None:
        status, _, err = spoken("config", tmp_path)
        assert (status, "no archive here or above" in err) == (2, True)
