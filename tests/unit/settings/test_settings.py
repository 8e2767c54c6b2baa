"""The configuration: where it is found, what it may say, and what it makes of a report."""

import datetime
import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.page.editions import ZH
from newsarchive.settings import PerPath, Settings, load_settings
from newsarchive.settings._kinds import WrongValueError, keys_of, parse_table
from newsarchive.settings._lines import lines_of
from newsarchive.settings._load import (
    LIMIT,
    configuration_in,
    find_configuration,
    read_configuration,
)
from newsarchive.settings._schema import settings_schema
from tests.builders import OPENS, PATH, REBUILT, SMALL_ARCHIVE, TODAY, event, write_archive
from tests.memory_store import MemoryStore

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive in a checkout, so that no file above it counts."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "archive" / "news").mkdir(parents=True)
    return tmp_path / "archive"


def configured(folder: Path, text: str | bytes, name: str = "newsarchive.toml") -> Settings:
    """The settings that a configuration of an archive gives."""
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return load_settings(folder)


def complaint(folder: Path, text: str | bytes, name: str = "newsarchive.toml") -> str:
    """What is wrong with a configuration, without its folder."""
    with pytest.raises(na.SettingsError) as caught:
        configured(folder, text, name)
    return str(caught.value).removeprefix(f"{folder}{os.sep}")


class TestWhereItIsFound:
    def test_without_any_the_defaults_hold(self, folder: Path) -> None:
        assert load_settings(folder) == Settings()
        assert find_configuration(folder) is None

    def test_in_the_archive_itself(self, folder: Path) -> None:
        found = configured(folder, "jobs = 3")
        assert (found.jobs, found.file) == (3, str(folder / "newsarchive.toml"))
        assert found.configured == {"jobs"}

    def test_in_a_folder_above(self, folder: Path) -> None:
        (folder.parent / "newsarchive.toml").write_text("jobs = 3")
        assert load_settings(folder).jobs == 3

    def test_the_nearest_wins_alone(self, folder: Path) -> None:
        (folder.parent / "newsarchive.toml").write_text('jobs = 3\nfail-on = "info"')
        found = configured(folder, "jobs = 4")
        assert (found.jobs, found.fail_on) == (4, "error")

    def test_a_file_or_folder_in_the_archive_will_do(self, folder: Path) -> None:
        configured(folder, "jobs = 3")
        assert load_settings(folder / "news").jobs == 3
        assert load_settings(na.Archive(folder)).jobs == 3

    def test_what_lies_above_the_checkout_belongs_to_others(self, folder: Path) -> None:
        (folder / ".git").touch()  # a worktree's is a file
        (folder.parent / "newsarchive.toml").write_text("jobs = 3")
        assert load_settings(folder).jobs is None

    def test_a_table_of_the_project_s_file(self, folder: Path) -> None:
        text = '[project]\nname = "x"\n[tool.newsarchive]\njobs = 3\n'
        assert configured(folder, text, "pyproject.toml").jobs == 3

    def test_a_project_s_file_without_the_table_is_passed_over(self, folder: Path) -> None:
        (folder.parent / "newsarchive.toml").write_text("jobs = 3")
        assert configured(folder, "[tool.ruff]\n", "pyproject.toml").jobs == 3
        assert configured(folder, "[project]\n", "pyproject.toml").jobs == 3
        assert configured(folder, "tool = 1\n", "pyproject.toml").jobs == 3

    def test_the_own_file_beats_the_project_s_in_one_folder(self, folder: Path) -> None:
        configured(folder, "[tool.newsarchive]\njobs = 3\n", "pyproject.toml")
        assert configured(folder, "jobs = 4").jobs == 4

    @pytest.mark.parametrize("name", ["newsarchive.toml", "pyproject.toml"])
    @pytest.mark.parametrize(
        ("make", "reason"),
        [
            (Path.mkdir, "it is no regular file"),
            (os.mkfifo, "it is no regular file"),
            (lambda file: file.symlink_to("/dev/null"), "it is no regular file"),
            (lambda file: file.symlink_to("gone.toml"), "it cannot be read: No such file"),
            (lambda file: file.symlink_to(file.name), "it cannot be read: Too many levels"),
        ],
        ids=["folder", "pipe", "device", "dangling", "loop"],
    )
    def test_one_that_cannot_be_read_is_not_passed_over(
        self, folder: Path, name: str, make: Callable[[Path], object], reason: str
    ) -> None:
        (folder.parent / "newsarchive.toml").write_text("jobs = 3")
        make(folder / name)
        with pytest.raises(na.SettingsError, match=reason):
            load_settings(folder)

    def test_a_link_to_one_is_followed(self, folder: Path) -> None:
        (folder.parent / "other.toml").write_text("jobs = 3")
        (folder / "newsarchive.toml").symlink_to("../other.toml")
        assert load_settings(folder).jobs == 3

    def test_one_may_be_named(self, folder: Path, tmp_path: Path) -> None:
        configured(folder, "jobs = 3")
        other = tmp_path / "other.toml"
        other.write_text("jobs = 5")
        assert load_settings(folder, config=other).jobs == 5

    def test_one_that_a_storage_refuses_is_an_error(self) -> None:
        class Refusing(MemoryStore):
            def read(self, path: str) -> bytes:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

        with pytest.raises(na.SettingsError, match=r"toml: it cannot be read: Permission denied"):
            configuration_in(Refusing({}))

    def test_a_project_s_file_that_is_named_must_hold_the_table(self, folder: Path) -> None:
        file = folder / "pyproject.toml"
        file.write_text("[tool.ruff]\n")
        with pytest.raises(na.SettingsError, match=r"it holds no table \[tool\.newsarchive\]"):
            load_settings(folder, config=file)

    def test_one_that_is_named_must_be_there(self, folder: Path) -> None:
        with pytest.raises(na.SettingsError, match="it cannot be read: No such file"):
            load_settings(folder, config=folder / "none.toml")
        with pytest.raises(na.SettingsError, match="it cannot be read"):
            load_settings(folder, config="a\0b.toml")

    def test_a_pipe_is_not_waited_for(self, folder: Path) -> None:
        os.mkfifo(folder / "pipe.toml")
        with pytest.raises(na.SettingsError, match=r"pipe\.toml: it is no regular file"):
            load_settings(folder, config=folder / "pipe.toml")

    def test_it_is_looked_for_up_to_the_top_where_there_is_no_checkout(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "a/b/news").mkdir(parents=True)
        (tmp_path / "newsarchive.toml").write_text("jobs = 3")
        assert load_settings(tmp_path / "a/b").jobs == 3
        assert find_configuration(os.sep) is None

    def test_a_folder_outside_any_archive_has_no_settings(self, tmp_path: Path) -> None:
        with pytest.raises(na.NotAnArchiveError):
            load_settings(tmp_path)


class TestWhatItSays:
    def test_every_key_is_read(self, folder: Path) -> None:
        found = configured(
            folder,
            """
            select = ["NA1", "NA2"]
            extend-select = ["link-text-mismatch"]
            ignore = ["NA108"]
            severities = { NA201 = "warning", "NA1" = "info" }
            exclude = ["/drafts/"]
            fail-on = "warning"
            output-format = "json"
            output-file = ["sarif:report.sarif", "junit:out/report.xml"]
            group = "page"
            full = true
            show-info = false
            show-source = true
            statistics = true
            max-results = 5000
            show-known = false
            quiet = true
            unsafe-fixes = true
            remove-dead = true
            baseline = "known.jsonl"
            jobs = 2
            today = 2026-01-31
            cache = false
            cache-dir = "caches/here"
            edition = "zh"
            docs-url = "https://docs.example.org/a"
            [[per-path]]
            paths = ["/news/2012/", "!/news/2012/05/"]
            select = ["NA3"]
            extend-select = ["NA5"]
            ignore = ["NA501"]
            severities = { NA3 = "error" }
            """.replace("link-text-mismatch", na.ALL_RULES[0].name),
        )
        assert found == Settings(
            select=("NA1", "NA2"),
            extend_select=(na.ALL_RULES[0].name,),
            ignore=("NA108",),
            exclude=("/drafts/",),
            severities={"NA201": na.Severity.WARNING, "NA1": na.Severity.INFO},
            per_path=(
                PerPath(
                    paths=("/news/2012/", "!/news/2012/05/"),
                    select=("NA3",),
                    extend_select=("NA5",),
                    ignore=("NA501",),
                    severities={"NA3": na.Severity.ERROR},
                ),
            ),
            fail_on="warning",
            output_format="json",
            output_file=(
                f"sarif:{folder / 'report.sarif'}",
                f"junit:{folder / 'out' / 'report.xml'}",
            ),
            group="page",
            full=True,
            show_info=False,
            show_source=True,
            statistics=True,
            max_results=5000,
            show_known=False,
            quiet=True,
            unsafe_fixes=True,
            remove_dead=True,
            baseline=str(folder / "known.jsonl"),
            jobs=2,
            today=datetime.date(2026, 1, 31),
            cache=False,
            cache_dir=str(folder / "caches/here"),
            edition=ZH,
            docs_url="https://docs.example.org/a/",
            file=str(folder / "newsarchive.toml"),
            configured=frozenset(field for field, _ in keys_of(Settings).values()),
        )

    def test_a_date_may_be_a_text(self, folder: Path) -> None:
        assert configured(folder, 'today = "2026-01-31"').today == datetime.date(2026, 1, 31)

    def test_no_baseline_at_all(self, folder: Path) -> None:
        assert configured(folder, "baseline = false").baseline is False

    def test_windows_line_endings_and_a_byte_order_mark(self, folder: Path) -> None:
        assert configured(folder, b"\xef\xbb\xbfjobs = 3\r\ncache = false\r\n").jobs == 3


WRONG = {
    'fail_on = "info"': "1: fail_on: there is no key 'fail_on'; did you mean 'fail-on'?",
    "\nslect = []": "2: slect: there is no key 'slect'; did you mean 'select'?",
    "zzz = 1": "1: zzz: there is no key 'zzz' (known: select, extend-select, ignore, ",
    'fail-on = "warn"': "1: fail-on: there is no value 'warn'; did you mean 'warning'? "
    "(known: error, warning, info, never)",
    'output-file = ["sarf:a"]': "1: output-file[0]: there is no format 'sarf'; did you mean "
    "'sarif'?",
    'output-file = ["json:a", "sarif"]': "1: output-file[1]: 'sarif' names no file; "
    "write 'sarif:FILE'",
    'output-file = ["json:../a"]': "1: output-file[0]: '../a' may lead out of the configuration's",
    'output-file = "json:a"': "1: output-file: expected a list of formats and files",
    "fail-on = 3": "1: fail-on: expected one of 'error', 'warning', 'info', 'never', found 3",
    'ignore = "NA1"': "1: ignore: expected a list of rules: codes ('NA201'), prefixes ('NA2'), "
    "names or 'ALL', found 'NA1'",
    "ignore = [1]": "1: ignore[0]: expected text, found 1",
    "ignore = [{}]": "1: ignore[0]: expected text, found a table",
    "ignore = [[]]": "1: ignore[0]: expected text, found a list",
    'jobs = 1\nignore = [\n  "NA1",\n  "broken-relatd-link",\n]': "2: ignore[1]: no rule is "
    "called 'broken-relatd-link'; did you mean 'broken-related-link'?",
    'select = [""]': "1: select[0]: no rule is called ''",
    "jobs = 0": "1: jobs: expected a whole number from 1, found 0",
    "jobs = true": "1: jobs: expected a whole number from 1, found true",
    "jobs = 1.5": "1: jobs: expected a whole number from 1, found 1.5",
    'cache = "no"': "1: cache: expected true or false, found 'no'",
    "today = 2026-02-30T10:00:00": "1: it is not TOML",
    "today = 2026-02-03T10:00:00": "1: today: expected a date: 2026-01-31, found datetime",
    'today = "soon"': "1: today: expected a date: 2026-01-31, found 'soon'",
    "baseline = true": "1: baseline: expected a path in the configuration's folder, or false, "
    "found true",
    "severities = []": "1: severities: expected a table of rules and severities: ",
    'severities = { NA9x = "info" }': "1: severities.NA9x: no rule is called 'NA9x'",
    "severities = { NA1 = 1 }": "1: severities.NA1: expected one of 'error', 'warning', 'info', "
    "found 1",
    '[severities]\n\n"NA1" = "eror"': "3: severities.NA1: there is no severity 'eror'; did you "
    "mean 'error'? (known: error, warning, info)",
    '[severities]\n"NA 1" = "info"': "2: severities.'NA 1': no rule is called 'NA 1'",
    "per-path = 1": "1: per-path: expected a list of tables ([[...]]), found 1",
    "per-path = [1]": "1: per-path[0]: expected a table, found 1",
    "[[per-path]]\nignore = []": "1: per-path[0]: the key 'paths' is missing",
    '[[per-path]]\npaths = "news"': "2: per-path[0].paths: expected a list of patterns",
    "[[per-path]]\npaths = []": "2: per-path[0].paths: expected a list of patterns as in "
    ".gitignore, for archive paths: ['/news/2012/'], found an empty one",
    '[[per-path]]\npaths = ["# news"]': "2: per-path[0].paths[0]: the pattern '# news' matches no",
    '[[per-path]]\npaths = ["!"]': "2: per-path[0].paths[0]: '!' is no pattern: ",
    '[[per-path]]\npaths = ["a", "[z-a]"]': "2: per-path[0].paths[1]: '[z-a]' is no pattern: ",
    '[[per-path]]\npaths = ["[[:foo:]]"]': "2: per-path[0].paths[0]: '[[:foo:]]' holds '['",
    '[[per-path]]\npaths = ["a["]': "2: per-path[0].paths[0]: the pattern 'a[' matches ",
    '[[per-path]]\npaths = ["**/a/**/b/**/c/**/d/**/e"]': "2: per-path[0].paths[0]: "
    "'**/a/**/b/**/c/**/d/**/e' holds more than 4 parts '**'",
    f"jobs = 1\n{'a.' * 64}b = 1": f"2: {'a.' * 30}...: a key of more than 64 parts",
    f"x = {{ {'a.' * 2500}b = 1 }}": f"1: {'a.' * 30}...: a key of more than 64 parts",
    f'x = "\'"\n[[{"_ . " * 9999}b]]': f"2: {'_ . ' * 15}...: a key of more than 64 parts",
    f"{'a.' * 63}b = 1": "1: a: there is no key 'a' (known",
    f"x = {'[' * 90}{']' * 90}": "1: x: there is no key 'x'",
    f"jobs = {'1' * 5000}": " it holds a number that is too long: ",
    f"fail-on = 0x{'1' * 5000}": "1: fail-on: expected one of 'error', 'warning', 'info', "
    "'never', found a number that is too long",
    '[[per-path]]\npaths = ["a*b*c*d*e*f"]': "2: per-path[0].paths[0]: 'a*b*c*d*e*f' "
    "holds more than 4 stars between two slashes",
    '[[per-path]]\npaths = ["a"]\n\n[[per-path]]\npaths = ["b"]\nignor = []': "6: per-path[1]."
    "ignor: there is no key 'ignor'; did you mean 'ignore'?",
    '[[per-path]]\npaths = ["a"]\n[per-path.severities]\nNA1 = "x"': "4: per-path[0].severities."
    "NA1: there is no severity 'x'",
    "[tool.newsarchive]\njobs = 1": "1: tool: in this file the keys belong at the top",
    "jobs = 1\nx": "2: it is not TOML: Expected '=' after a key",
    "jobs = [\n1,\n": "2: it is not TOML: ",
    "x = '": "1: it is not TOML: ",
}


class TestWhatIsWrong:
    @pytest.mark.parametrize("text", WRONG)
    def test_the_message_names_file_line_and_key(self, folder: Path, text: str) -> None:
        assert complaint(folder, text).startswith(f"newsarchive.toml:{WRONG[text]}")

    def test_dots_in_texts_are_no_parts_of_keys(self, folder: Path) -> None:
        dots = "a." * 100
        text = f"""# {dots}
            a = "\\"{dots}"  # {dots}
            'b' = '{dots}'
            "c" = ['''
            {dots}''', 1.5, \"\"\"\\\"\"\"{dots}\n{dots}\"\"\", {dots.replace("a.", "1.5, ")}]
            [tool.newsarchive]
            jobs = 3
        """
        assert configured(folder, text, "pyproject.toml").jobs == 3

    @given(pattern=st.text(alphabet="[]!^-&|~:.az\\/*? ", min_size=1, max_size=12))
    @example("[a--b]")
    @example("[^[]")
    @example("[]--a]")
    def test_a_pattern_is_taken_or_refused(self, pattern: str) -> None:
        re.purge()  # what was compiled before does not warn again
        try:
            paths = parse_table(PerPath, {"paths": [pattern]}, Path())["paths"]
        except WrongValueError as error:
            refused = error
        else:
            settings = Settings(per_path=(PerPath(paths, ignore=("ALL",)),))
            assert settings.codes_for("/news/a.md") >= frozenset()
            return
        assert refused.path == ("paths", 0)

    @pytest.mark.parametrize(
        "text",
        ["{} = 1", "select = ['{}']", "fail-on = '{}'", "cache-dir = '/{}'", "severities.{} = 1"],
    )
    def test_messages_are_short(self, folder: Path, text: str) -> None:
        found = complaint(folder, text.format("x" * 9_000))
        assert len(found) < 700

    def test_lines_are_those_of_the_project_s_file(self, folder: Path) -> None:
        text = '[project]\nname = """\njobs = 0\n"""\n[tool.newsarchive]\n# jobs = 0\njobs = 0\n'
        found = complaint(folder, text, "pyproject.toml")
        assert found == "pyproject.toml:7: jobs: expected a whole number from 1, found 0"

    def test_the_table_of_the_project_s_file_must_be_one(self, folder: Path) -> None:
        text = "[tool]\nnewsarchive = 1\n"
        found = complaint(folder, text, "pyproject.toml")
        assert found == "pyproject.toml:2: tool.newsarchive: expected a table"

    def test_a_broken_project_s_file_is_named(self, folder: Path) -> None:
        found = complaint(folder, "[project]\n[tool", "pyproject.toml")
        assert found.startswith("pyproject.toml:2: it is not TOML: ")

    def test_other_encodings(self, folder: Path) -> None:
        found = complaint(folder, b"jobs = 1\nx = '\xe9'\n")
        assert found == "newsarchive.toml:2: it is not UTF-8"

    def test_a_file_of_no_honest_size(self, folder: Path) -> None:
        found = complaint(folder, b"#" * (LIMIT + 1))
        assert found == "newsarchive.toml: it is larger than 1,048,576 bytes"

    def test_brackets_without_end(self, folder: Path) -> None:
        found = complaint(folder, "x = " + "[" * 100_000)
        assert found.startswith("newsarchive.toml: its tables and lists are nested too deeply")

    def test_long_values_are_shortened(self, folder: Path) -> None:
        found = complaint(folder, f'jobs = "{"x" * 1000}"')
        assert len(found) < 150
        assert found.endswith("xxx...")

    def test_the_error_holds_its_parts(self, folder: Path) -> None:
        (folder / "newsarchive.toml").write_text("cache = 1")
        with pytest.raises(na.SettingsError) as caught:
            load_settings(folder)
        error = caught.value
        assert (error.line, error.key) == (1, "cache")
        assert error.reason == "expected true or false, found 1"


class TestPlaces:
    """A configuration may come from a stranger: it must not name any place to write to."""

    @pytest.mark.parametrize("key", ["cache-dir", "baseline"])
    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ("../x", "may lead out"), ("a/../../x", "may lead out"), ("a\\..\\..\\x", "may lead"),
            ("/x", "may lead out"), ("\\x", "may lead out"), ("C:x", "may lead out"),
            ("//host/share/x", "may lead out"), ("\\\\host\\share\\x", "may lead out"),
            ("", "expected a path"), (" ", "expected a path"), ("a\nb", "expected a path"),
            ("a\0b", "expected a path"), (".git/hooks/pre-commit", "git's own folder"),
            ("a/.GIT/config", "git's own folder"), (".git. /x", "git's own folder"),
            ("GIT~1/x", "git's own folder"), ("a\\.git\\x", "git's own folder"),
        ],
    )  # fmt: skip
    def test_no_way_leads_out(self, folder: Path, key: str, value: str, reason: str) -> None:
        assert reason in complaint(folder, f"{key} = {json.dumps(value)}")

    def test_a_link_does_not_either(self, folder: Path) -> None:
        (folder / "away").symlink_to(folder.parent)
        found = complaint(folder, 'cache-dir = "away/x"')
        assert "'away/x' leads out of the configuration's folder by a link" in found

    def test_a_link_to_git_s_folder_is_seen_through(self, folder: Path) -> None:
        (folder / ".git").mkdir()
        (folder / "hidden").symlink_to(folder / ".git")
        assert "git's own folder" in complaint(folder, 'baseline = "hidden/config"')

    def test_numbers_are_no_paths(self, folder: Path) -> None:
        assert "expected a path in the configuration's folder, found 3" in complaint(
            folder, "cache-dir = 3"
        )

    def test_a_link_within_is_fine(self, folder: Path) -> None:
        (folder / "real").mkdir()
        (folder / "link").symlink_to("real")
        assert configured(folder, 'cache-dir = "link/x"').cache_dir == str(folder / "link/x")


class TestLines:
    def test_every_way_to_write_a_key(self) -> None:
        text = """
a = 1
b.c = [
  1,
  { d = 2 },
]
"e.f" = '''
g = 1
'''  # h = 1
[i]
j = { k = { l = 1 } }
[i.m]
[[n]]
o = 1
[n.p]
q = 1
[[n]]
[[n.r]]
s = 1
""".replace("\n", "\r\n")
        assert lines_of(text) == {
            ("a",): 2, ("b",): 3, ("b", "c"): 3, ("b", "c", 0): 3, ("b", "c", 1): 3,
            ("b", "c", 1, "d"): 3, ("e.f",): 7, ("i",): 10, ("i", "j"): 11, ("i", "j", "k"): 11,
            ("i", "j", "k", "l"): 11, ("i", "m"): 12, ("n",): 13, ("n", 0): 13, ("n", 0, "o"): 14,
            ("n", 0, "p"): 15, ("n", 0, "p", "q"): 16, ("n", 1): 17, ("n", 1, "r"): 18,
            ("n", 1, "r", 0): 18, ("n", 1, "r", 0, "s"): 19,
        }  # fmt: skip

    def test_a_long_list_is_read_once(self) -> None:
        text = "a = [\n" + "'x',\n" * 3_000 + "]\nb = 1\n"
        assert lines_of(text)["b",] == 3_003

    @pytest.mark.slow
    def test_a_file_that_is_hard_to_read_is_left_in_time(self) -> None:
        text = "a = 1\nb = [\n" + "[1],\n" * 2_000 + "]\nc = 1\n"
        assert lines_of(text) == {("a",): 1}

    def test_a_line_that_is_not_known_is_not_named(self, folder: Path) -> None:
        text = "ignore = [\n" + '"NA1", # ]\n' * 2_000 + "]\njobs = 0\n"
        found = complaint(folder, text)
        assert found == "newsarchive.toml: jobs: expected a whole number from 1, found 0"

    def test_of_a_key_that_is_not_there_the_table_counts(self, folder: Path) -> None:
        file = folder / "pyproject.toml"
        file.write_text("\n[tool.newsarchive]\njobs = 1\n")
        configuration = read_configuration(file)
        assert [configuration.line("jobs"), configuration.line("x", 1)] == [3, 2]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> na.Archive:
    """An error in 2016-02, a warning on 2016-03-2, a remark on 2016-03-4."""
    broken = SMALL_ARCHIVE[OPENS].replace(f"]({PATH})", "](/news/2016/03/2/gone.md)")
    warning = SMALL_ARCHIVE[PATH].replace("\n2. ", "\n7. ")
    remark = event("2016-03-4", "The pier is rebuilt.", description="&quot;Done.&quot;")
    pages = {OPENS: broken, PATH: warning, REBUILT: remark}
    return na.Archive(write_archive(tmp_path_factory.mktemp("faulty"), pages, small=True))


def found_with(archive: na.Archive, settings: Settings) -> set[tuple[str, str]]:
    """Codes and severities that a run with settings finds."""
    report = na.check(archive, settings=settings, today=TODAY)
    return {(d.code, d.severity.value) for d in report.diagnostics}


EVERYTHING = {("NA201", "error"), ("NA108", "warning"), ("NA505", "info")}


def table(*paths: str, **more: object) -> Settings:
    """Settings with one table for some pages."""
    return Settings(per_path=(PerPath(paths, **more),))  # type: ignore[arg-type]


class TestJudging:
    def test_without_settings_nothing_changes(self, faulty: na.Archive) -> None:
        report = na.check(faulty, today=TODAY)
        assert found_with(faulty, Settings()) == EVERYTHING
        assert Settings().judge(report) is report

    def test_rules_are_selected_and_ignored(self, faulty: na.Archive) -> None:
        assert found_with(faulty, Settings(select=("NA1",))) == {("NA108", "warning")}
        assert found_with(faulty, Settings(ignore=("NA1", "NA2"))) == {("NA505", "info")}
        chosen = Settings(select=("NA1",), extend_select=("NA5",))
        assert {rule.code[:3] for rule in chosen.rules()} == {"NA1", "NA5"}
        assert found_with(faulty, Settings(ignore=("ALL",))) == set()

    def test_a_rule_that_is_off_can_be_added(self) -> None:
        off = next(rule for rule in na.ALL_RULES if not rule.default)
        assert off not in Settings().rules()
        assert set(Settings(extend_select=(off.code,)).rules()) == {*Settings().rules(), off}

    def test_severities(self, faulty: na.Archive) -> None:
        changed = Settings(severities={"NA5": na.Severity.ERROR, "NA201": na.Severity.INFO})
        assert found_with(faulty, changed) == {
            ("NA201", "info"), ("NA108", "warning"), ("NA505", "error"),
        }  # fmt: skip

    def test_the_word_that_says_most_decides(self, faulty: na.Archive) -> None:
        levels = {
            "NA505": na.Severity.ERROR, "NA5": na.Severity.WARNING, "ALL": na.Severity.INFO,
        }  # fmt: skip
        for order in (levels, dict(reversed(levels.items()))):
            assert found_with(faulty, Settings(severities=order)) == {
                ("NA201", "info"), ("NA108", "info"), ("NA505", "error"),
            }  # fmt: skip
        named = Settings(severities={"undecoded-entity": na.Severity.ERROR, "NA50": "warning"})  # type: ignore[dict-item]
        assert ("NA505", "error") in found_with(faulty, named)

    def test_some_pages_are_spared(self, faulty: na.Archive) -> None:
        spared = table("/news/2016/03/", ignore=("NA1", "NA2"))
        assert found_with(faulty, spared) == {("NA201", "error"), ("NA505", "info")}
        spared = table("/news/2016/03/", "!/news/2016/03/2/", ignore=("ALL",))
        assert found_with(faulty, spared) == {("NA201", "error"), ("NA108", "warning")}

    @pytest.mark.parametrize(
        "pattern", ["/news/2016/03/4/", "news/2016/03/4", "4/", "the-pier-is-r*.md", "**/4/**"]
    )
    def test_patterns_are_those_of_gitignore(self, faulty: na.Archive, pattern: str) -> None:
        assert found_with(faulty, table(pattern, ignore=("ALL",))) == EVERYTHING - {
            ("NA505", "info")
        }

    def test_only_some_rules_for_some_pages(self, faulty: na.Archive) -> None:
        assert found_with(faulty, table("/news/2016/03/", select=("NA5",))) == {
            ("NA201", "error"), ("NA505", "info"),
        }  # fmt: skip

    def test_more_rules_for_some_pages(self, faulty: na.Archive) -> None:
        narrow = Settings(
            select=("NA2",), per_path=(PerPath(("/news/2016/03/4/",), extend_select=("NA5",)),)
        )
        assert {rule.code[:3] for rule in narrow.rules()} == {"NA2", "NA5"}
        assert found_with(faulty, narrow) == {("NA201", "error"), ("NA505", "info")}
        assert "NA505" not in narrow.codes_for(PATH)
        assert "NA505" in narrow.codes_for(REBUILT)

    def test_severities_for_some_pages_beat_the_general_ones(self, faulty: na.Archive) -> None:
        both = Settings(
            severities={"NA505": na.Severity.WARNING},
            per_path=(PerPath(("4/",), severities={"NA": na.Severity.ERROR}),),
        )
        assert found_with(faulty, both) == {
            ("NA201", "error"), ("NA108", "warning"), ("NA505", "error"),
        }  # fmt: skip

    def test_tables_hold_in_order(self, faulty: na.Archive) -> None:
        spare, ask = PerPath(("/news/",), ignore=("ALL",)), PerPath(("4/",), select=("NA5",))
        assert found_with(faulty, Settings(per_path=(spare, ask))) == {("NA505", "info")}
        assert found_with(faulty, Settings(per_path=(ask, spare))) == set()

    def test_an_overriding_choice_binds_the_tables(self, faulty: na.Archive) -> None:
        wide = table("4/", extend_select=("NA5",), ignore=("NA1",))
        assert found_with(faulty, wide.override(select=("NA2",))) == {("NA201", "error")}
        assert found_with(faulty, wide.override(ignore=("NA5",))) == {
            ("NA201", "error"), ("NA108", "warning"),
        }  # fmt: skip
        assert wide.override(jobs=3).overridden == {"jobs"}

    def test_arguments_of_a_check_stand_in_for_settings(self, faulty: na.Archive) -> None:
        report = na.check(faulty, select=["NA1"], settings=Settings(select=("NA5",)), today=TODAY)
        assert set(report.by_code()) == {"NA108"}
        report = na.check(faulty, ignore=["NA1"], settings=Settings(ignore=("NA5",)), today=TODAY)
        assert set(report.by_code()) == {"NA201", "NA505"}

    def test_a_finding_of_no_page_is_judged_by_the_general_settings(self) -> None:
        found = na.check_text("\ufeff# A title\n")
        assert found
        assert {d.page for d in found} == {""}
        report = na.Report(tuple(found))
        assert table("**", ignore=("ALL",)).judge(report) == report
        assert Settings(ignore=("ALL",)).judge(report).diagnostics == ()

    def test_an_unknown_rule_is_an_error_when_it_is_asked_for(self) -> None:
        with pytest.raises(na.UnknownRuleError):
            Settings(select=("NA9x",)).rules()


class TestSchema:
    def test_it_is_a_schema_and_published(self) -> None:
        schema = settings_schema()
        jsonschema.Draft202012Validator.check_schema(schema)
        text = (ROOT / "docs/reference/newsarchive.schema.json").read_text("utf-8")
        assert json.loads(text) == schema

    @pytest.mark.parametrize(
        "value",
        [
            {}, {"select": ["ALL", "NA201", "NA2", "XY", "xy-rule"]}, {"jobs": 2},
            {"severities": {"NA2": "info"}}, {"today": "2026-01-31"}, {"baseline": False},
            {"per-path": [{"paths": ["news/"], "ignore": ["NA2"]}], "cache-dir": "x"},
        ],
    )  # fmt: skip
    def test_it_admits_what_is_right(self, value: object) -> None:
        jsonschema.Draft202012Validator(settings_schema()).validate(value)

    @pytest.mark.parametrize(
        "value",
        [
            {"slect": []}, {"select": "NA2"}, {"jobs": 0}, {"severities": {"NA2": "x"}},
            {"per-path": [{}]}, {"per-path": [{"paths": []}]}, {"baseline": True}, {"cache": 1},
            {"fail-on": "x"}, {"select": [""]}, {"per-path": [{"paths": ["x"], "x": 1}]},
        ],
    )  # fmt: skip
    def test_it_refuses_what_is_wrong(self, value: object) -> None:
        assert not jsonschema.Draft202012Validator(settings_schema()).is_valid(value)

    def test_every_key_is_in_it_and_described(self) -> None:
        schema = settings_schema()
        assert list(schema["properties"]) == list(keys_of(Settings))
        for properties in (schema["properties"], schema["$defs"]["per-path"]["properties"]):
            assert all(one["description"].endswith(".") for one in properties.values())


class TestEditions:
    TEXT = """
    [edition]
    name = "de"
    language = "de"
    sources = ["Quelle", "Quellen"]
    previous-day = "Vorheriger Tag..."
    [edition.slug]
    unit = "bytes"
    letters = { "\u00df" = "ss" }
    """

    def test_a_table_describes_one(self, folder: Path) -> None:
        assert configured(folder, self.TEXT).edition == na.Edition(
            name="de",
            language="de",
            sources=("Quelle", "Quellen"),
            previous_day=("Vorheriger Tag...",),
            slug=na.SlugRule(unit=na.SlugUnit.BYTES, letters=(("\u00df", "ss"),)),
        )

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('"de"', '"de"\n    base = "de"', "edition.base: it must be a path"),
            ('"de"', '"de"\n    sauces = "a"', "edition.sauces: there is no key 'sauces'"),
            ("previous-day", "days", "edition: the key 'previous-day' is missing"),
            ('["Quelle", ', "[1, ", "edition.sources[0]: expected text, found 1"),
            ('"Quelle"', '"1 Quelle"', "edition.sources: '1 Quelle' cannot be in a page"),
            ('"bytes"', '"words"', "edition.slug.unit: there is no value 'words'"),
            ('"bytes"', '"bytes"\n    length = 0', "edition.slug.length: expected a whole number"),
            ('"ss"', "1", "edition.slug.letters."),
            ('{ "\u00df" = "ss" }', "1", "edition.slug.letters: expected a table of letters"),
            ('name = "de"', "name = 1", "edition.name: expected text, found 1"),
            ("[edition.slug]", "slug = 1\n    [x]", "edition.slug: expected a table, found 1"),
            ("previous-day", 'related = "Quelle"\n    previous-day', "the heading of two sections"),
            ('"\u00df"', '"ab"', "edition.slug.letters: each must be one character"),
        ],
    )
    def test_what_is_wrong_is_named(self, folder: Path, old: str, new: str, message: str) -> None:
        assert old in self.TEXT
        with pytest.raises(na.SettingsError) as error:
            configured(folder, self.TEXT.replace(old, new, 1))
        assert message in str(error.value)

    @pytest.mark.parametrize("value", ['"xx"', "1", "[]"])
    def test_what_is_none(self, folder: Path, value: str) -> None:
        with pytest.raises(na.SettingsError, match="edition"):
            configured(folder, f"edition = {value}")
