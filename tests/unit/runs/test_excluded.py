"""What lies in an archive's folder and is none of the archive's."""

from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import OPENS, PAGE, PATH, TODAY, contents, spoiled, write_archive
from tests.faults import Run
from tests.repositories import commit, git, needs_git

CARRIAGE = "# A page of others\r\n"
MISNUMBERED = spoiled("\n2. [Evening", "\n7. [Evening")
CHECKED = "Checked 12 pages:"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


def put(root: Path, *names: str, text: str = CARRIAGE) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())


class TestWhatOthersKeep:
    @pytest.mark.parametrize("more", [[], ["--no-cache"], ["--jobs", "2"], ["-q"]])
    def test_it_is_not_read_nor_counted_and_said_once(
        self, run: Run, root: Path, more: list[str]
    ) -> None:
        put(root, "node_modules/x/README.md", "site/node_modules/y/z/README.md")
        put(root, "tools/venv/lib/CHANGELOG.md", "tools/venv/pyvenv.cfg")
        done = run("check", root, *more)
        assert done.status == 0
        if "-q" in more:
            assert done.out == ""
            return
        assert done.out.startswith(CHECKED)
        told = "Left out, as no part of the archive: node_modules, site/node_modules, tools/venv."
        assert done.out.count(told) == 1

    def test_nothing_is_said_where_nothing_is_passed_over(self, run: Run, root: Path) -> None:
        assert "Left out" not in run("check", root).out

    def test_of_many_some_are_named(self, run: Run, root: Path) -> None:
        put(root, *(f"tool-{n}/node_modules/README.md" for n in range(7)))
        assert "tool-4/node_modules and 2 more.\n" in run("check", root).out

    def test_the_library_tells_them(self, root: Path) -> None:
        put(root, "node_modules/README.md")
        assert na.check(root, today=TODAY).excluded == ("/node_modules",)
        assert "/node_modules/README.md" not in na.Archive(root)
        assert list(na.Archive(root)) == [p for p in na.Archive(root) if "node" not in p]

    def test_a_file_of_that_name_is_one_of_the_archive(self, root: Path) -> None:
        put(root, "faq/node_modules", "pyvenv.cfg")
        archive = na.Archive(root)
        assert archive.exists("/faq/node_modules")
        assert len(archive) == 12

    def test_an_archive_in_such_a_folder_is_one(self, tmp_path: Path) -> None:
        put(tmp_path, "venv/pyvenv.cfg")
        root = write_archive(tmp_path / "venv/node_modules/archive", small=True)
        assert na.check(root, today=TODAY).page_count == 12

    def test_fixes_leave_it_alone(self, run: Run, root: Path) -> None:
        put(root, "node_modules/README.md", "venv/pyvenv.cfg", "venv/README.md")
        before = contents(root)
        for command in (["check", "--fix", "--unsafe-fixes"], ["fmt"]):
            assert run(*command, root).status == 0
        assert contents(root) == before

    @pytest.mark.slow
    @needs_git
    def test_another_working_tree_of_git(self, run: Run, root: Path) -> None:
        git(root, "init", "-q")
        commit(root)
        git(root, "worktree", "add", "-q", "trees/other", "-b", "other")
        done = run("check", root)
        assert CHECKED in done.out
        assert "no part of the archive: trees/other." in done.out
        assert CHECKED in run("check", root / "trees/other").out

    @pytest.mark.slow
    @needs_git
    def test_a_submodule_is_the_archives(self, root: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        put(other, "06/1/index.md")
        git(other, "init", "-q")
        commit(other)
        git(root, "init", "-q")
        allowed = ("-c", "protocol.file.allow=always")
        git(root, *allowed, "submodule", "--quiet", "add", str(other), "news/2015")
        assert "/news/2015/06/1/index.md" in na.Archive(root)

    @pytest.mark.slow
    @needs_git
    def test_in_states_that_git_keeps(self, run: Run, root: Path) -> None:
        put(root, "node_modules/README.md", "venv/README.md", "venv/pyvenv.cfg")
        git(root, "init", "-q")
        commit(root)
        done = run("check", root, "--at", "HEAD")
        assert done.out.startswith(CHECKED)
        assert "no part of the archive: node_modules, venv." in done.out
        put(root, "node_modules/README.md", text="\ufeff# X\r\n")
        assert run("check", root, "--since", "HEAD", "--fail-on", "info").status == 0


class TestExclude:
    @pytest.fixture
    def built(self, root: Path) -> Path:
        put(root, "_site/news/2016/03/2/index.md", "drafts/one.md", "drafts/picture.png")
        (root / "newsarchive.toml").write_text("exclude = ['/_site/', 'drafts/*.md']\n")
        return root

    def test_it_is_not_read_nor_counted_and_said_once(self, run: Run, built: Path) -> None:
        done = run("check", built)
        assert done.out.startswith(CHECKED)
        assert "no part of the archive: _site, drafts/one.md.\n" in done.out
        assert done.status == 0
        assert "Checked 14 pages" in run("check", built, "--isolated").out

    def test_a_second_run_says_the_same(self, run: Run, built: Path) -> None:
        assert run("check", built) == run("check", built)

    def test_links_to_it_lead_nowhere(self, run: Run, root: Path) -> None:
        (root / "newsarchive.toml").write_text(f"exclude = ['{PATH}']\n")
        found = run("check", root, "--output-format", "concise").out
        assert "NA201" in found
        assert f"archive{PATH}:" not in found

    @pytest.mark.parametrize(
        "command",
        [["fmt"], ["check", "--fix"], ["check", "--fix", "--unsafe-fixes"], ["baseline"]],
    )
    def test_other_commands_pass_it_over_too(
        self, run: Run, built: Path, command: list[str]
    ) -> None:
        before = contents(built)
        assert run(*command, built).status == 0
        after = contents(built)
        after.pop("/.newsarchive-baseline.jsonl", None)
        assert after == before

    def test_mv_and_links_follow_no_link_there(self, run: Run, built: Path) -> None:
        put(built, f"_site{OPENS}", text=(built / OPENS[1:]).read_text())
        before = (built / f"_site{OPENS}").read_bytes()
        assert "_site" not in run("links", built / PATH[1:]).out
        assert "_site" not in run("mv", PATH, "/news/2016/03/2/fire.md", cwd=built).out
        assert (built / f"_site{OPENS}").read_bytes() == before

    def test_a_file_there_is_no_page(self, run: Run, built: Path) -> None:
        done = run("check", built / "drafts/one.md")
        assert done.status == 2
        assert run("check", "--pages-only", built / "drafts/one.md").status == 0

    def test_a_configuration_that_is_wrong_is_said_by_each(self, run: Run, root: Path) -> None:
        (root / "newsarchive.toml").write_text("exclude = [3]\n")
        for command in (["check", "."], ["links", PATH], ["rm", PATH]):
            done = run(*command, cwd=root)
            assert done.status == 2
            assert "newsarchive.toml:1: exclude" in done.err

    def test_the_library(self, root: Path) -> None:
        put(root, "_site/index.md")
        settings = na.Settings(exclude=("/_site/",))
        whole, part = na.Archive(root), na.Archive(root, exclude="/_site/")
        assert [path for path in whole if path not in part] == ["/_site/index.md"]
        report = na.check(root, settings=settings, today=TODAY)
        assert report == na.check(part, today=TODAY)
        assert report.excluded == ("/_site",)
        assert "/_site/index.md" in whole
        with pytest.raises(na.PageNotFoundError):
            na.check(whole, settings=settings, only="/_site/index.md")
        assert na.repair(whole, settings=settings, today=TODAY).changed == []
        assert na.repair(whole, today=TODAY).changed != []

    @pytest.mark.slow
    @needs_git
    @pytest.mark.parametrize("state", [["--since", "HEAD"], ["--staged"], ["--at", "HEAD"]])
    def test_in_states_that_git_keeps(self, run: Run, built: Path, state: list[str]) -> None:
        git(built, "init", "-q")
        commit(built)
        put(built, "drafts/one.md", text="\ufeff# X\r\n")
        git(built, "add", "-A")
        assert run("check", built, *state, "--fail-on", "warning").status == 0
        isolated = run("check", built, *state, "--fail-on", "warning", "--isolated")
        assert isolated.status == 1


@needs_git
class TestWhatGitIgnores:
    @pytest.fixture
    def ignoring(self, root: Path) -> Path:
        put(root, ".gitignore", text="/_site/\n*.local.md\n")
        git(root, "init", "-q")
        commit(root)
        put(root, "_site/README.md", "faq/notes.local.md")
        return root

    @pytest.mark.parametrize("command", [["check", "--fix"], ["check", "--fix", "-q"], ["fmt"]])
    def test_no_fix_writes_it(self, run: Run, ignoring: Path, command: list[str]) -> None:
        page = ignoring / PATH[1:]
        page.write_text(MISNUMBERED)
        before = contents(ignoring)
        done = run(*command, ignoring)
        assert {p for p, data in contents(ignoring).items() if data != before[p]} == {PATH}
        assert page.read_text() == PAGE
        assert done.status == 1
        assert "_site/README.md: git ignores it" in done.err
        assert "faq/notes.local.md: git ignores it" in done.err

    def test_it_is_read_and_told_all_the_same(self, run: Run, ignoring: Path) -> None:
        assert "_site/README.md:1:19: warning NA103" in run("check", ignoring).out

    def test_what_git_keeps_is_not_ignored_whatever_patterns_say(
        self, run: Run, ignoring: Path
    ) -> None:
        git(ignoring, "add", "--force", "faq/notes.local.md")
        run("check", ignoring, "--fix")
        assert (ignoring / "faq/notes.local.md").read_bytes() == b"# A page of others\n"

    def test_nor_does_the_library(self, ignoring: Path) -> None:
        for write in (False, True):
            done = na.repair(ignoring, write=write, today=TODAY)
            assert done.changed == []
            assert len(done.refused) == 2

    @pytest.mark.slow
    def test_in_a_submodule_its_own_patterns_count(
        self, run: Run, root: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "other"
        put(other, ".gitignore", text="*.local.md\n")
        put(other, "06/one.md")
        git(other, "init", "-q")
        commit(other)
        git(root, "init", "-q")
        git(
            root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other),
            "news/2015",
        )  # fmt: skip
        put(root, "news/2015/06/two.local.md", "faq/three.md")
        run("check", root, "--fix", "--select", "NA103")
        assert (root / "news/2015/06/one.md").read_bytes() == b"# A page of others\n"
        assert (root / "faq/three.md").read_bytes() == b"# A page of others\n"
        assert (root / "news/2015/06/two.local.md").read_bytes() == CARRIAGE.encode()
