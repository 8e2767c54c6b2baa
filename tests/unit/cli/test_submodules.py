"""Archives whose years are submodules, and archives that are one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import TODAY, day_index, event, write_archive
from tests.repositories import commit, git, needs_git, trap

pytestmark = [pytest.mark.slow, needs_git]

OLD = "/news/2015/12/31/the-pier-is-planned.md"
NEW = "/news/2016/03/2/the-pier-burns.md"
ALLOWED = ("-c", "protocol.file.allow=always")


def page(link: str = OLD) -> str:
    return event("2016-03-2", "The pier burns.", related=[f"[The pier is planned.]({link})"])


def check(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newsarchive", "check", "--today", "2020-01-01", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def codes(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode < 2, done.stderr
    return re.findall(r":\d+:\d+: \w+ (NA\d+) ", done.stdout)


def made(root: Path, pages: dict[str, str], strip: str = "") -> Path:
    """A checkout with pages, whose paths may be those in an archive around it."""
    root.mkdir()
    for path, text in pages.items():
        file = root / path.removeprefix(strip).lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "protocol.file.allow", "always")
    commit(root)
    return root


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A repository with a year of an archive."""
    day = day_index("2015-12-31", [("The pier is planned.", OLD)])
    pages = {
        OLD: event("2015-12-31", "The pier is planned."),
        "/news/2015/12/31/index.md": day,
    }
    return made(tmp_path / "year", pages, "/news/2015")


@pytest.fixture
def root(tmp_path: Path, year: Path) -> Path:
    """A checkout of an archive with that year as a submodule, in `site`."""
    top = made(tmp_path / "top", {"/site/news/2016/03/2/README.md": "# The second\n\nOf March.\n"})
    git(top, *ALLOWED, "submodule", "add", "-q", str(year), "site/news/2015")
    commit(top)
    return top / "site"


def lose(root: Path) -> None:
    """Have the submodule go on to a commit without its event."""
    inner = root / "news/2015"
    git(inner, "rm", "-q", "12/31/the-pier-is-planned.md")
    (inner / "12/31/index.md").write_text(day_index("2015-12-31", []))
    commit(inner)


class TestYears:
    def test_a_link_into_one_is_whole(self, root: Path) -> None:
        write_archive(root, {NEW: page()})
        assert codes(check("site", "--select", "NA201", cwd=root.parent)) == []
        for args in (["--since", "HEAD"], ["--staged"], ["--at", "HEAD"]):
            git(root, "add", "-A")
            if args[0] == "--at":
                commit(root)
            for jobs in ("1", "2"):
                done = check("site", *args, "--select", "NA201", "--jobs", jobs, cwd=root.parent)
                assert codes(done) == []

    def test_a_page_that_one_loses(self, root: Path) -> None:
        write_archive(root, {NEW: page()})
        commit(root)
        lose(root)
        chosen = ("--select", "NA201")
        assert codes(check("site", "--since", "HEAD", *chosen, cwd=root.parent)) == ["NA201"]
        assert codes(check("site", "--staged", *chosen, cwd=root.parent)) == []
        git(root, "add", "-A")
        assert codes(check("site", "--staged", *chosen, cwd=root.parent)) == ["NA201"]
        commit(root)
        change = ("--since", "HEAD~1", "--at", "HEAD", *chosen)
        assert codes(check("site", *change, cwd=root.parent)) == ["NA201"]
        assert codes(check("site", "--at", "HEAD~1", *chosen, cwd=root.parent)) == []
        assert codes(check("site", "--at", "HEAD", *chosen, cwd=root.parent)) == ["NA201"]
        assert codes(check("site", "--since", "HEAD", *chosen, cwd=root.parent)) == []

    def test_what_is_not_committed_in_one(self, root: Path) -> None:
        write_archive(root, {NEW: page()})
        commit(root)
        (root / OLD[1:]).write_text(event("2015-12-31", "Nobody plans the pier."))
        found = na.check_change(root, today=TODAY).diagnostics
        assert {d.page for d in found if d.code == "NA207"} == {NEW, "/news/2015/12/31/index.md"}
        assert na.check_change(root, staged=True, today=TODAY).diagnostics == ()

    def test_a_page_that_was_renamed_in_one(self, root: Path) -> None:
        inner = root / "news/2015"
        text = event("2015-12-31", "The pier is planned.", related=["[X](/news/2015/12/31/x.md)"])
        (inner / "12/31/the-pier-is-planned.md").write_text(text)
        commit(inner)
        commit(root)
        git(inner, "mv", "12/31/the-pier-is-planned.md", "12/31/the-pier-is-planned-.md")
        commit(inner)
        git(root, "add", "-A")
        found = na.check_change(root, staged=True, today=TODAY).diagnostics
        assert "NA201" not in {d.code for d in found}
        commit(root)
        found = na.check_change(root, "HEAD~1", at="HEAD", today=TODAY).diagnostics
        assert "NA201" not in {d.code for d in found}

    def test_one_that_comes_and_goes(self, root: Path) -> None:
        write_archive(root, {NEW: page()})
        commit(root)
        git(root, "rm", "-q", "news/2015")
        chosen = ("--select", "NA201")
        assert codes(check("site", "--staged", *chosen, cwd=root.parent)) == ["NA201"]
        assert codes(check("site", "--since", "HEAD", *chosen, cwd=root.parent)) == ["NA201"]
        commit(root)
        # What git kept of it is enough.
        assert codes(check("site", "--at", "HEAD~1", *chosen, cwd=root.parent)) == []
        git(root, "reset", "-q", "--soft", "HEAD~1")
        git(root, "reset", "-q")
        assert codes(check("site", "--staged", *chosen, cwd=root.parent)) == []

    def test_one_within_another(self, root: Path, year: Path, tmp_path: Path) -> None:
        decade = made(tmp_path / "decade", {"/README.md": "# Ten years\n\nOf news.\n"})
        git(decade, *ALLOWED, "submodule", "add", "-q", str(year), "2015")
        commit(decade)
        git(root, "rm", "-q", "-f", "news/2015")
        git(root, *ALLOWED, "submodule", "add", "-q", str(decade), "news/decade")
        inner = ("submodule", "update", "--init", "--recursive", "-q")
        git(root, *ALLOWED, *inner)
        write_archive(root, {NEW: page("/news/decade/2015/12/31/the-pier-is-planned.md")})
        commit(root)
        chosen = ("--select", "NA201,NA204")
        assert codes(check("site", "--at", "HEAD", *chosen, cwd=root.parent)) == []
        nested = root / "news/decade/2015"
        git(nested, "rm", "-q", "12/31/the-pier-is-planned.md")
        assert codes(check("site", "--since", "HEAD", *chosen, cwd=root.parent)) != []

    def test_one_that_is_not_there_is_refused(self, root: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "-q", str(root.parent), "clone")
        clone = tmp_path / "clone"
        for args in (["--since", "HEAD"], ["--staged"], ["--at", "HEAD"]):
            done = check("site", *args, cwd=clone)
            assert done.returncode == 2
            assert "'site/news/2015' is a submodule, and its commit " in done.stderr
            assert "git submodule update --init" in done.stderr
        git(clone, *ALLOWED, "submodule", "update", "-q", "--init")
        assert codes(check("site", "--staged", cwd=clone)) == []

    def test_but_passed_over_where_no_news_are(
        self, root: Path, year: Path, tmp_path: Path
    ) -> None:
        git(root, *ALLOWED, "submodule", "add", "-q", str(year), "theme")
        git(root, "rm", "-q", "-f", "news/2015")
        commit(root)
        git(tmp_path, "clone", "-q", str(root.parent), "clone")
        for args in (["--since", "HEAD"], ["--staged"], ["--at", "HEAD", "--select", "NA2"]):
            assert codes(check("site", *args, cwd=tmp_path / "clone")) == []

    @pytest.mark.skipif(os.name != "posix", reason="needs scripts")
    @pytest.mark.parametrize("key", ["core.fsmonitor", "filter.trap.clean", "diff.external"])
    def test_nothing_that_one_names_is_run(self, root: Path, tmp_path: Path, key: str) -> None:
        lose(root)
        inner = root / "news/2015"
        git(inner, "config", key, str(trap(tmp_path)))
        (inner / ".gitattributes").write_text("*.md filter=trap\n")
        (inner / "12/31/index.md").write_text("x\n")
        for args in (["--since", "HEAD"], ["--staged"]):
            check("site", *args, cwd=root.parent)
        assert not (tmp_path / "ran").exists()


class TestAnArchiveThatIsOne:
    @pytest.fixture
    def around(self, tmp_path: Path) -> Path:
        """A checkout whose submodule `arch` is an archive; its next commit breaks a link."""
        archive = made(
            tmp_path / "archive", {OLD: event("2015-12-31", "The pier is planned."), NEW: page()}
        )
        around = made(tmp_path / "around", {"/README.md": "x\n"})
        git(around, *ALLOWED, "submodule", "add", "-q", str(archive), "arch")
        commit(around)
        git(around / "arch", "rm", "-q", OLD[1:])
        commit(around / "arch")
        git(around, "add", "arch")
        return around

    @pytest.mark.parametrize("args", [["--staged"], ["--since", "HEAD"], ["--at", "HEAD~1"]])
    def test_what_is_around_it_may_be_meant(self, around: Path, args: list[str]) -> None:
        done = check("arch", *args, cwd=around)
        assert done.returncode == 2
        assert "it is in the submodule 'arch', whose HEAD and index say nothing" in done.stderr
        assert "--since $(git rev-parse HEAD:arch) --at $(git rev-parse :arch)" in done.stderr

    def test_as_the_message_says(self, around: Path) -> None:
        names = [git(around, "rev-parse", name).strip() for name in ("HEAD:arch", ":arch")]
        change = ("--since", names[0], "--at", names[1], "--select", "NA201")
        assert codes(check("arch", *change, cwd=around)) == ["NA201"]

    def test_in_it_there_is_no_doubt(self, around: Path) -> None:
        chosen = ("--select", "NA201")
        assert codes(check(".", "--since", "HEAD~1", *chosen, cwd=around / "arch")) == ["NA201"]
        assert codes(check("--staged", *chosen, cwd=around / "arch")) == []
        assert codes(check("arch", *chosen, cwd=around)) == ["NA201"]

    def test_nor_from_elsewhere(self, around: Path, tmp_path: Path) -> None:
        chosen = ("--since", "HEAD~1", "--select", "NA201")
        assert codes(check("around/arch", *chosen, cwd=tmp_path)) == ["NA201"]
