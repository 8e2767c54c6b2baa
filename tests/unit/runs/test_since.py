"""What a change broke, in pages that it touched and in pages that it did not."""

import os
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.runs.since import TwoStates, change_to
from tests.builders import (
    LATER,
    PAGE,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    TODAY,
    day_index,
    event,
    snapshot,
    spoiled,
    write_archive,
)
from tests.repositories import archive_in_git, commit, git, needs_git, trap
from tests.seams import changes_count_as

pytestmark = needs_git

INDEX = "/news/2016/03/2/index.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout that checks clean."""
    return archive_in_git(tmp_path / "archive")


def broken(
    root: Path, since: str | None = None, *, at: str | None = None, staged: bool = False
) -> list[tuple[str, str]]:
    """Page and code of each finding that the new state has and the old state had not."""
    report = na.check_change(root, since, at=at, staged=staged, today=TODAY)
    return [(d.page, d.code) for d in report.diagnostics]


class TestPagesThatTheChangeTouched:
    def test_nothing_changed(self, root: Path) -> None:
        report = na.check_change(root, today=TODAY)
        assert (report.diagnostics, report.page_count, report.notices) == ((), 0, ())

    @pytest.mark.slow
    def test_a_finding_that_came_is_reported(self, root: Path) -> None:
        write_archive(root, {LATER: event("2016-03-11", "The pier opens again.")})
        assert broken(root) == [(LATER, "NA301"), (LATER, "NA203")]

    @pytest.mark.slow
    def test_a_finding_that_was_there_is_not(self, root: Path) -> None:
        write_archive(root, {LATER: event("2016-03-11", "The pier opens again.")})
        commit(root)
        text = event("2016-03-11", "The pier opens again.", description="For good.")
        write_archive(root, {LATER: text})
        assert broken(root) == []

    @pytest.mark.slow
    def test_not_even_if_its_line_moved(self, root: Path) -> None:
        page = spoiled("/news/2016/03/4/the-pier-is-rebuilt.md", "/news/2016/03/4/gone.md")
        write_archive(root, {PATH: page})
        commit(root)
        source = "1. [Harbour Post](https://post.example.org/pier)\n"
        page = spoiled(source, f"{source}2. [Pier News](https://news.example.org)\n", page)
        write_archive(root, {PATH: page})
        found = na.check(root, today=TODAY).diagnostics
        assert {"NA201", "NA108"} <= {d.code for d in found}
        assert broken(root) == [(PATH, "NA108")]

    @pytest.mark.slow
    def test_a_second_one_of_the_same_kind_is(self, root: Path) -> None:
        entry = "1. [Gone.](/news/2016/03/4/gone.md)\n"
        start = event("2016-03-10", "The pier opens again.")
        write_archive(root, {LATER: f"{start}\n### Related:\n\n{entry}"})
        commit(root)
        write_archive(root, {LATER: f"{start}\n### Related:\n\n{entry}{entry}"})
        assert [code for _, code in broken(root)] == ["NA108", "NA201", "NA206"]

    def test_a_page_that_was_added_but_not_told_to_git(self, root: Path) -> None:
        (root / ".gitignore").write_text("*.md\n")
        write_archive(root, {"/news/2016/03/2/new.md": event("2016-03-2", "New.")})
        assert broken(root) == [("/news/2016/03/2/new.md", "NA208")]

    @pytest.mark.slow
    def test_a_page_that_git_is_told_to_take_for_unchanged(self, root: Path) -> None:
        git(root, "update-index", "--assume-unchanged", LATER[1:])
        write_archive(root, {LATER: event("2016-03-11", "The pier opens again.")})
        assert broken(root) == [(LATER, "NA301"), (LATER, "NA203")]

    def test_a_page_that_is_only_newer(self, root: Path) -> None:
        os.utime(root / LATER[1:], (0, 0))
        assert na.check_change(root, today=TODAY).page_count == 0

    @pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root reads")
    def test_a_page_that_cannot_be_read(self, root: Path) -> None:
        (root / LATER[1:]).chmod(0)
        assert broken(root) == [(LATER, "NA901")]


@pytest.mark.slow
class TestPagesThatItDidNotTouch:
    def test_links_and_entries_of_a_deleted_page(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        assert broken(root) == [(PATH, "NA201"), ("/news/2016/03/4/index.md", "NA202")]

    def test_links_and_entries_of_a_renamed_page(self, root: Path) -> None:
        git(root, "mv", REBUILT[1:], "news/2016/03/4/built.md")
        assert broken(root) == [
            (PATH, "NA201"),
            ("/news/2016/03/4/built.md", "NA208"),
            ("/news/2016/03/4/index.md", "NA202"),
        ]

    def test_quotations_of_another_title(self, root: Path) -> None:
        write_archive(root, {REBUILT: event("2016-03-4", "The pier is built again.")})
        report = na.check_change(root, today=TODAY)
        assert [(d.page, d.code) for d in report.diagnostics] == [
            (PATH, "NA207"),
            ("/news/2016/03/4/index.md", "NA207"),
        ]
        # The changed page, the two that link to it, and no other.
        assert report.page_count == 3

    def test_the_event_that_an_index_lost(self, root: Path) -> None:
        write_archive(root, {INDEX: day_index("2016-03-2", [], "/news/2016/02/29/index.md")})
        assert broken(root) == [(PATH, "NA208")]

    def test_the_day_after_one_that_went(self, root: Path) -> None:
        write_archive(root, {"/news/2016/03/9/index.md": day_index("2016-03-9", [], "/index.md")})
        found = broken(root)
        assert ("/news/2016/03/10/index.md", "NA305") in found

    def test_a_link_with_a_fragment_or_parentheses_or_blanks(self, root: Path) -> None:
        odd = ["/news/2016/03/2/a(b)(c).md", "/news/2016/03/2/a b.md", "/news/2016/03/2/\u00e9.md"]
        pages = {path: event("2016-03-2", "Odd.") for path in odd}
        links = [f"[Odd.]({path})" for path in odd]
        links[0] = f"[Odd.]({odd[0]}#top) _Context: a (b)_"
        write_archive(root, pages | {LATER: event("2016-03-10", "The pier opens again.",
                                                  related=links)})  # fmt: skip
        commit(root)
        for path in odd:
            (root / path[1:]).unlink()
        assert broken(root) == [(LATER, "NA201")] * 3

    def test_a_link_with_a_blank_alone(self, root: Path) -> None:
        odd = "/news/2016/03/2/a b.md"
        links = [f"[Odd.]({odd})"]
        write_archive(root, {odd: event("2016-03-2", "Odd."), REBUILT: event(
            "2016-03-4", "The pier is rebuilt.", related=links
        )})  # fmt: skip
        commit(root)
        (root / odd[1:]).unlink()
        assert broken(root) == [(REBUILT, "NA201")]

    def test_a_link_that_leads_somewhere_again_is_no_news(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        commit(root)
        write_archive(root, {REBUILT: SMALL_ARCHIVE[REBUILT]})
        assert broken(root) == []

    def test_forms_of_a_page_where_they_are_asked_for(self, root: Path) -> None:
        formats = "Formats: [HTML](/x.html)  [JSON](/x.json)  [XML](/x.xml)  \n\n"
        pages = {f"/x.{form}": "" for form in ("html", "json", "xml")}
        write_archive(root, pages | {LATER: f"\n{formats}{SMALL_ARCHIVE[LATER]}"})
        commit(root)
        (root / "x.json").unlink()
        report = na.check_change(root, select=["ALL"], today=TODAY)
        assert [(d.page, d.code) for d in report.diagnostics] == [(LATER, "NA211")]

    @pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
    def test_what_a_symbolic_link_leads_to(self, root: Path) -> None:
        (root / "news/2016/03/2/also.md").symlink_to("the-pier-burns.md")
        (root / "news/2016/03/3").symlink_to("2")
        (root / "out.md").symlink_to("/etc/hostname")
        commit(root)
        assert broken(root) == []
        (root / "news/2016/03/5").symlink_to("4")
        write_archive(root, {PATH: spoiled("2. [Evening", "5. [Evening")})
        pages = ("/news/2016/03/2/also.md", PATH)
        found = broken(root)
        assert [page for page, code in found if code == "NA108"] == [*pages]
        assert [page for page, code in found if code == "NA903"] == ["/news/2016/03/5"]


class TestRenamedPages:
    """A page's findings are known again under its new path."""

    OLD = "/news/2016/03/2/the-pier-burns-down.md"

    @pytest.fixture
    def faulty(self, root: Path) -> Path:
        """A page with a finding of its own, which no other page links to."""
        write_archive(root, {self.OLD: PAGE.replace(PATH, self.OLD) + "Left over.\n"})
        commit(root)
        return root

    def names(self, root: Path) -> dict[str, str]:
        return change_to(na.Archive(root)).names

    @pytest.mark.slow
    def test_one_that_git_saw(self, faulty: Path) -> None:
        git(faulty, "mv", self.OLD[1:], "news/2016/03/2/it-burns.md")
        assert self.names(faulty) == {"/news/2016/03/2/it-burns.md": self.OLD}
        codes = [code for _, code in broken(faulty)]
        assert "NA107" not in codes
        assert "NA107" in [d.code for d in na.check(faulty, today=TODAY).diagnostics]

    @pytest.mark.slow
    def test_one_that_its_changes_tell_of(self, faulty: Path) -> None:
        new = "/news/2016/03/2/it-burns.md"
        (faulty / self.OLD[1:]).unlink()
        text = event("2016-03-2", "It burns.", changes=[
            f"[It burns.]({self.OLD}) _2016-03-02 10:00:00 (First version)_",
            f"[It burns.]({new}) _(Current version)_",
        ])  # fmt: skip
        write_archive(faulty, {new: text + "Left over.\n"})
        assert self.names(faulty) == {new: self.OLD}
        assert (new, "NA107") not in broken(faulty)

    @pytest.mark.slow
    def test_one_that_nothing_tells_of_is_new(self, faulty: Path) -> None:
        text = event("2016-03-2", "It burns.") + "Left over.\n"
        write_archive(faulty, {self.OLD: text})
        commit(faulty)
        new = "/news/2016/03/2/it-burns.md"
        (faulty / self.OLD[1:]).rename(faulty / new[1:])
        assert self.names(faulty) == {}
        assert (new, "NA107") in broken(faulty)
        git(faulty, "add", "-A")
        assert self.names(faulty) == {new: self.OLD}
        assert broken(faulty) == []

    def test_git_alone_is_not_believed_that_two_events_are_one(self, root: Path) -> None:
        other = "/news/2016/03/4/another.md"
        text = str(SMALL_ARCHIVE[REBUILT]).replace("post.example.org/pier", "other.example.org")
        (root / REBUILT[1:]).unlink()
        write_archive(root, {other: text})
        git(root, "add", "-A")
        change = change_to(na.Archive(root))
        assert [move[:2] for move in change.moves] == [(REBUILT, other)]
        assert change.names == {}

    def test_but_that_an_edited_page_kept_its_source(self, root: Path) -> None:
        other = "/news/2016/03/4/another.md"
        (root / REBUILT[1:]).unlink()
        write_archive(root, {other: str(SMALL_ARCHIVE[REBUILT]) + "Left over.\n"})
        git(root, "add", "-A")
        assert self.names(root) == {other: REBUILT}

    def test_two_that_name_one_former_path_are_not_both_it(self, faulty: Path) -> None:
        (faulty / self.OLD[1:]).unlink()
        pages = {f"/news/2016/03/2/{n}.md": event("2016-03-2", "It burns.", changes=[
            f"[It burns.]({self.OLD}) _2016-03-02 10:00:00 (First version)_",
            f"[It burns.](/news/2016/03/2/{n}.md) _(Current version)_",
        ]) for n in "ab"}  # fmt: skip
        write_archive(faulty, dict(pages))
        assert self.names(faulty) == {"/news/2016/03/2/a.md": self.OLD}

    @pytest.mark.slow
    def test_a_retitled_page_with_links_that_followed_is_no_news(self, faulty: Path) -> None:
        [new, *_] = set(na.Archive(faulty).retitle(PATH, "It is on fire.")) - set(SMALL_ARCHIVE)
        # What Changes say of older versions is information, and new.
        information = [(new, "NA209")] * 2
        assert broken(faulty) == information
        git(faulty, "add", "-A")
        assert broken(faulty) == information
        assert broken(faulty, staged=True) == information


@pytest.mark.slow
class TestStates:
    def test_the_index_and_not_the_working_tree(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        assert broken(root, staged=True) == []
        git(root, "add", "-A")
        write_archive(root, {REBUILT: SMALL_ARCHIVE[REBUILT]})
        assert broken(root) == []
        assert broken(root, staged=True) == [(PATH, "NA201"), ("/news/2016/03/4/index.md", "NA202")]

    def test_one_revision_and_another(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        second = commit(root)
        write_archive(root, {LATER: event("2016-03-11", "The pier opens again.")})
        commit(root)
        (root / PATH[1:]).unlink()
        links = [(PATH, "NA201"), ("/news/2016/03/4/index.md", "NA202")]
        dates = [(LATER, "NA301"), (LATER, "NA203")]
        assert broken(root, "HEAD~2", at=second) == links
        assert broken(root, second, at="HEAD") == dates
        assert sorted(broken(root, "HEAD~2", at="HEAD")) == sorted([*dates, *links])
        assert broken(root, "HEAD", at=second) == []

    def test_what_a_branch_broke_and_not_what_it_lacks(self, root: Path) -> None:
        git(root, "checkout", "-q", "-b", "topic")
        write_archive(root, {LATER: event("2016-03-11", "The pier opens again.")})
        commit(root)
        git(root, "checkout", "-q", "main")
        write_archive(root, {"/faq/README.md": "# Questions\r\n"})
        main = commit(root)
        (root / "faq/README.md").write_text("# Questions\n")
        commit(root)
        git(root, "checkout", "-q", "topic")
        dates = [(LATER, "NA301"), (LATER, "NA203")]
        assert broken(root, "main...") == dates
        assert broken(root, main) == dates
        assert broken(root, "main...", at="topic") == dates
        assert broken(root, "topic...", at="main") == []

    def test_an_archive_in_a_folder(self, tmp_path: Path) -> None:
        top = archive_in_git(tmp_path / "top")
        root = write_archive(top / "an archive", SMALL_ARCHIVE)
        commit(top)
        (root / REBUILT[1:]).unlink()
        links = [(PATH, "NA201"), ("/news/2016/03/4/index.md", "NA202")]
        assert broken(root) == links
        git(top, "add", "-A")
        assert broken(root, staged=True) == links
        commit(top)
        assert broken(root, "HEAD~1", at="HEAD") == links
        assert broken(top, "HEAD~1") == links, "it lies beside the archive around it"
        report = na.check_change(top, "HEAD~1", only="/news", today=TODAY)
        assert report.diagnostics == ()
        report = na.check_change(root, "HEAD~1", at="HEAD", today=TODAY)
        assert report.diagnostics[0].file == str(root / PATH[1:])

    def test_an_archive_that_is_new_to_git(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path, {LATER: event("2016-03-11", "The pier opens again.")})
        git(root, "init", "-q")
        report = na.check_change(root, today=TODAY)
        assert {d.code for d in report.diagnostics} == {"NA203", "NA208", "NA301"}
        assert report.notices == (
            "the revision to start from has no file of the archive: all findings are new",
        )
        git(root, "add", "-A")
        staged = na.check_change(root, staged=True, today=TODAY)
        assert staged == report

    @pytest.mark.parametrize(("at", "staged"), [("HEAD", False), (None, True)])
    def test_a_state_without_an_archive(self, root: Path, at: str | None, staged: bool) -> None:
        git(root, "rm", "-q", "-r", "--cached", "news")
        git(root, "commit", "-q", "-m", "No news")
        with pytest.raises(na.GitError, match=r"has no archive \(an archive is a folder"):
            broken(root, at=at, staged=staged)

    def test_a_merge_that_is_not_finished(self, root: Path) -> None:
        git(root, "checkout", "-q", "-b", "topic")
        write_archive(root, {"/faq/README.md": "# Topic\n"})
        commit(root)
        git(root, "checkout", "-q", "main")
        write_archive(root, {"/faq/README.md": "# Main\n"})
        commit(root)
        with pytest.raises(Exception, match="merge"):
            git(root, "merge", "topic")
        with pytest.raises(na.GitError, match="unmerged"):
            broken(root, staged=True)
        assert broken(root) == [("/faq/README.md", "NA111")] * 3  # the lines that git wrote


@pytest.mark.slow
class TestRuns:
    def test_pages_can_be_chosen(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        report = na.check_change(root, only=[PATH, LATER], today=TODAY)
        assert [(d.page, d.code) for d in report.diagnostics] == [(PATH, "NA201")]
        assert report.page_count == 1

    def test_rules_too(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        report = na.check_change(root, ignore=["NA202"], today=TODAY)
        assert [d.code for d in report.diagnostics] == ["NA201"]
        with pytest.raises(na.UnknownRuleError):
            na.check_change(root, select=["NA999"])

    def test_a_large_change_takes_two_full_runs_and_says_the_same(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (root / REBUILT[1:]).unlink()
        git(root, "add", "-A")
        for staged in (False, True):
            few = na.check_change(root, staged=staged, today=TODAY, jobs=2)
            with monkeypatch.context() as patch:
                changes_count_as(patch, large=True)
                all_ = na.check_change(root, staged=staged, today=TODAY, jobs=2)
                some = na.check_change(root, staged=staged, only=[PATH], today=TODAY)
            assert all_.diagnostics == few.diagnostics != ()
            assert (few.page_count, all_.page_count) == (2, 11)
            assert [d.page for d in some.diagnostics] == [PATH]

    def test_the_cache_serves_the_working_tree(self, root: Path, tmp_path: Path) -> None:
        (root / REBUILT[1:]).unlink()
        cache = tmp_path / "cache"
        plain = na.check_change(root, today=TODAY)
        assert na.check_change(root, today=TODAY, cache=cache) == plain
        na.check(root, today=TODAY, cache=cache)
        assert na.check_change(root, today=TODAY, cache=cache) == plain
        before = snapshot(cache)
        git(root, "add", "-A")
        na.check_change(root, staged=True, today=TODAY, cache=cache)
        assert snapshot(cache) == before

    def test_neither_repository_nor_working_tree_is_written_to(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        git(root, "add", "-A")
        os.utime(root / LATER[1:], (0, 0))
        before = snapshot(root)
        broken(root)
        broken(root, staged=True)
        broken(root, "HEAD", at="HEAD")
        assert snapshot(root) == before

    def test_suggestions_come_from_the_repositorys_history(self, root: Path) -> None:
        git(root, "mv", REBUILT[1:], "news/2016/03/4/built.md")
        report = na.check_change(root, staged=True, today=TODAY)
        [link] = [d for d in report.diagnostics if d.code == "NA201"]
        assert "renamed in git's history" in link.message
        assert link.suggestions[0].path == "/news/2016/03/4/built.md"

    def test_an_archive_that_is_open_will_do(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        report = na.check_change(na.Archive(root), today=TODAY)
        assert report == na.check_change(root, today=TODAY)

    def test_pages_that_go_while_it_runs(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        write_archive(root, {"/news/2016/03/2/new.md": event("2016-03-2", "New.")})
        archive = na.Archive(root)
        assert archive.scan.pages
        for path in (PATH, LATER, "/news/2016/03/2/new.md"):
            (root / path[1:]).unlink()
        change = change_to(archive)
        assert change.contents == {PATH, LATER}
        assert change.names == {}
        assert "/news/2016/03/4/index.md" in change.affected

    def test_nor_do_linking_pages_that_go_stop_it(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        change = change_to(na.Archive(root))
        assert PATH in change.new.scan.pages
        (root / PATH[1:]).unlink()
        assert "/news/2016/03/4/index.md" in change.affected
        assert PATH not in change.affected

    def test_pages_of_parentheses_take_no_longer_than_others(self, root: Path) -> None:
        # A million of them: with the square of their number it would take hours.
        write_archive(root, {"/faq/README.md": f"](/{')' * 10**6}\n"})
        commit(root)
        (root / REBUILT[1:]).unlink()
        assert ("/news/2016/03/4/index.md", "NA202") in broken(root)

    def test_a_change_is_told_in_files(self, root: Path) -> None:
        (root / REBUILT[1:]).unlink()
        write_archive(root, {LATER: event("2016-03-10", "Again."), "/x.html": ""})
        change = change_to(na.Archive(root))
        assert isinstance(change, TwoStates)
        assert change.paths == {REBUILT, LATER, "/x.html"}
        assert change.contents == {LATER}


@pytest.mark.slow
class TestLineEndings:
    """A checkout may have others than git stores: the change is what git would store of it."""

    @pytest.fixture(params=["core.autocrlf", "eol=crlf", "text=auto"])
    def crlf(self, request: pytest.FixtureRequest, root: Path, tmp_path: Path) -> Path:
        """A clone whose pages have carriage returns."""
        options = ["-c", "core.eol=crlf"]
        if request.param == "core.autocrlf":
            options = ["-c", "core.autocrlf=true"]
        else:
            (root / ".gitattributes").write_text(f"*.md text {request.param}\n")
            commit(root)
        git(tmp_path, "clone", "-q", *options, str(root), "clone")
        clone = tmp_path / "clone"
        assert b"\r\n" in (clone / PATH[1:]).read_bytes()
        for page in clone.rglob("*.md"):
            os.utime(page, (0, 0))
        return clone

    def edit(self, clone: Path, path: str, old: bytes, new: bytes) -> None:
        """Change a page, and touch all others."""
        file = clone / path[1:]
        data = file.read_bytes()
        assert old in data
        file.write_bytes(data.replace(old, new))

    def test_pages_that_were_touched(self, crlf: Path) -> None:
        assert "NA103" in {d.code for d in na.check(crlf, today=TODAY).diagnostics}
        report = na.check_change(crlf, today=TODAY)
        assert (report.diagnostics, report.page_count) == ((), 0)

    @pytest.mark.parametrize("large", [False, True])
    def test_pages_that_were_edited(
        self, crlf: Path, monkeypatch: pytest.MonkeyPatch, large: bool
    ) -> None:
        changes_count_as(monkeypatch, large=large)
        self.edit(crlf, PATH, b"(/news/2016/03/4/", b"(/news/2016/03/5/")
        report = na.check_change(crlf, today=TODAY)
        [found] = report.diagnostics
        assert (found.page, found.code) == (PATH, "NA201")
        # It is found in the file as it is: so can a fix be.
        whole = na.check(crlf, today=TODAY).diagnostics
        assert found in whole
        git(crlf, "add", "-A")
        assert broken(crlf, staged=True) == [(PATH, "NA201")]

    def test_pages_that_came(self, crlf: Path) -> None:
        text = event("2016-03-11", "The pier opens again.").replace("\n", "\r\n")
        write_archive(crlf, {LATER: text.encode()})
        assert broken(crlf) == [(LATER, "NA301"), (LATER, "NA203")]
        write_archive(crlf, {"/news/2016/03/10/new.md": text.encode()})
        assert ("/news/2016/03/10/new.md", "NA103") not in broken(crlf)

    def test_carriage_returns_that_git_would_store(self, root: Path) -> None:
        text = SMALL_ARCHIVE[PATH]
        assert isinstance(text, str)
        write_archive(root, {PATH: text.replace("\n", "\r\n").encode()})
        assert broken(root) == [(PATH, "NA103")]
        commit(root)
        git(root, "config", "core.autocrlf", "true")
        os.utime(root / PATH[1:], (0, 0))
        assert broken(root) == []

    @pytest.mark.skipif(os.name != "posix", reason="names that other systems do not have")
    def test_names_of_any_kind_and_an_archive_in_a_folder(self, tmp_path: Path) -> None:
        names = ["two\nlines", 'a "quote"', "back\\slash", "tab\t", " blank ", "Léré 日本", "-rf"]
        pages = {f"/faq/{name}.md": "# Questions\n\nOne.\n" for name in names}
        top = tmp_path / "top"
        top.mkdir()
        write_archive(top / "site", {**SMALL_ARCHIVE, **pages})
        git(top, "init", "-q")
        commit(top)
        git(top, "config", "core.autocrlf", "true")
        for page in (top / "site").rglob("*.md"):
            page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
        assert broken(top / "site") == []

    def test_no_filter_runs(self, crlf: Path, tmp_path: Path) -> None:
        git(crlf, "config", "filter.trap.clean", str(trap(tmp_path)))
        (crlf / ".git/info/attributes").write_text("*.md filter=trap\n")
        assert broken(crlf) == []
        assert not (tmp_path / "ran").exists()
