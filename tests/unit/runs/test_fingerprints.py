"""Fingerprints: what changes them, what does not, and that no two findings share one."""

import datetime
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as na
from newsarchive.findings.diagnostics import Diagnostic
from newsarchive.runs.fingerprints import (
    OF_THE_PAGE,
    fingerprints,
    joint_fingerprints,
    root_of,
)
from tests.builders import PATH, SMALL_ARCHIVE, write_archive
from tests.repositories import commit, git, needs_git

TODAY = datetime.date(2020, 1, 1)
BROKEN = "3. [Gone.](/news/2016/02/29/gone.md)\n"
MOVED = "/news/2016/03/2/the-old-pier-burns.md"


def with_broken(text: str, *entries: str) -> str:
    """The page of the small archive with related links that lead nowhere."""
    head, rest = text.split("\n### Changes:")
    return head + "".join(entries or (BROKEN,)) + "\n### Changes:" + rest


SPOILED = {**SMALL_ARCHIVE, PATH: with_broken(SMALL_ARCHIVE[PATH])}


def found(root: Path) -> tuple[na.Archive, tuple[Diagnostic, ...]]:
    archive = na.Archive(root)
    return archive, na.check(archive, today=TODAY).diagnostics


def prints(root: Path, code: str = "NA201") -> list[str]:
    """The fingerprints of a rule's findings."""
    archive, diagnostics = found(root)
    made = fingerprints(archive, diagnostics)
    return [p for d, p in zip(diagnostics, made, strict=True) if d.code == code]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    write_archive(root, SPOILED)
    return root


@pytest.fixture(scope="module")
def faulty(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[na.Archive, tuple[Diagnostic, ...]]:
    """The faulty example, where no history has to be read, and its findings."""
    root = tmp_path_factory.mktemp("examples") / "faulty"
    shutil.copytree(Path(__file__).parents[3] / "examples" / "faulty", root)
    return found(root)


def edit(root: Path, change: Callable[[str], str], path: str = PATH) -> None:
    file = root / path[1:]
    file.write_text(change(file.read_text("utf-8")), "utf-8", newline="")


def rename(root: Path, old: str = PATH, new: str = MOVED) -> None:
    """Move a page as `newsarchive mv` does: links to it follow."""
    na.Archive(root).move(old, new)


class TestForm:
    def test_they_are_32_hexadecimal_digits(self, root: Path) -> None:
        [made] = prints(root)
        assert len(made) == 32
        int(made, 16)

    def test_they_do_not_depend_on_the_root_or_on_what_else_is_checked(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = prints(root)
        shutil.copytree(root, tmp_path / "copy")
        assert prints(tmp_path / "copy") == before
        monkeypatch.chdir(root)
        assert prints(Path()) == before
        archive = na.Archive(root)
        one = na.check(archive, only=[PATH], select=["NA201"], today=TODAY).diagnostics
        assert fingerprints(archive, one) == before

    def test_they_have_not_changed_since_they_were_published(self, root: Path) -> None:
        # A baseline holds them: another way of making them has another VERSION.
        assert prints(root) == ["22994499f9d79f00b2a788ad4abf6920"]

    def test_rules_that_judge_a_page_as_a_whole_exist(self) -> None:
        assert {rule.code for rule in na.ALL_RULES} >= OF_THE_PAGE


class TestWhatKeepsThem:
    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda t: t.replace("Nobody", "Nobody at all"), id="words elsewhere"),
            pytest.param(lambda t: t.replace("\n# The", "\n##### Fires\n# The"), id="a line above"),
            pytest.param(lambda t: t.replace("\n3. [Gone", "\n9. [Gone"), id="the entry's number"),
            pytest.param(lambda t: t.replace("\n", "\r\n"), id="line endings"),
            pytest.param(lambda t: "\ufeff" + t, id="a byte order mark"),
            pytest.param(lambda t: t.replace("3. [Gone.]", "3.  [Gone.]"), id="blanks"),
            pytest.param(
                lambda t: t.replace("1. [The pier opens.]", "1. [The pier opens!]"),
                id="another finding above",
            ),
            pytest.param(
                lambda t: t.replace("1. [The pier opens.](/news/2016/02/29/the-pier-opens.md)"
                                    " _Context: pier, Veldania_\n", ""),
                id="an entry less",
            ),
        ],
    )  # fmt: skip
    def test_a_change_of_something_else(self, root: Path, change: Callable[[str], str]) -> None:
        before = prints(root)
        edit(root, change)
        assert prints(root) == before

    def test_a_fix_of_another_finding_of_the_same_rule(self, root: Path) -> None:
        other = "3. [Lost.](/news/2016/02/29/lost.md)\n"
        edit(root, lambda t: t.replace(BROKEN, other + BROKEN))
        _, second = prints(root)
        edit(root, lambda t: t.replace(other, ""))
        assert prints(root) == [second]

    def test_a_rule_that_judges_the_page_whatever_its_first_line_is(self, root: Path) -> None:
        edit(root, lambda t: t.replace("### [The pier burns.]", "### [x]"), "/index.md")
        day = "/news/2016/03/2/index.md"
        edit(root, lambda t: t.replace(PATH, "/news/2016/02/29/the-pier-opens.md"), day)
        [before] = prints(root, "NA208")
        edit(root, lambda t: "\n" + t)
        assert prints(root, "NA208") == [before]


class TestWhatChangesThem:
    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda t: t.replace("gone.md", "lost.md"), id="the target"),
            pytest.param(lambda t: t.replace("[Gone.]", "[Lost.]"), id="the text"),
        ],
    )
    def test_other_words(self, root: Path, change: Callable[[str], str]) -> None:
        before = prints(root)
        edit(root, change)
        [after] = prints(root)
        assert after not in before

    def test_another_rule_on_the_same_words(self, root: Path) -> None:
        archive, diagnostics = found(root)
        [broken] = [d for d in diagnostics if d.code == "NA201"]
        one, other = fingerprints(archive, [broken, replace(broken, code="NA207")])
        assert one != other

    def test_another_page(self, root: Path) -> None:
        other = "/news/2016/02/29/the-pier-opens.md"
        edit(root, lambda t: t + "\n### Related:\n\n" + BROKEN.replace("3.", "1."), other)
        assert len(set(prints(root))) == 2


class TestEqualFindings:
    def test_they_are_counted(self, root: Path) -> None:
        edit(root, lambda t: with_broken(t, BROKEN, BROKEN))
        three = prints(root)
        assert len(set(three)) == 3
        edit(root, lambda t: t.replace(BROKEN, "", 1))
        assert prints(root) == three[:2]

    @pytest.mark.slow
    @given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
    def test_none_is_shared(
        self, faulty: tuple[na.Archive, tuple[Diagnostic, ...]], chosen: list[int]
    ) -> None:
        archive, diagnostics = faulty
        made = fingerprints(archive, [diagnostics[n] for n in chosen])
        assert len(set(made)) == len(chosen)


class TestTrouble:
    """What cannot be read has a fingerprint all the same."""

    def test_a_page_that_is_gone_since(self, root: Path) -> None:
        archive, diagnostics = found(root)
        (root / PATH[1:]).unlink()
        made = fingerprints(na.Archive(root), diagnostics)
        assert len(set(made)) == len(diagnostics)
        assert len(set(fingerprints(archive, diagnostics))) == len(diagnostics)

    def test_a_page_that_shrank_since(self, root: Path) -> None:
        archive, diagnostics = found(root)
        edit(root, lambda _: "")
        assert len(set(fingerprints(archive, diagnostics))) == len(diagnostics)

    def test_bytes_that_are_no_text(self, root: Path) -> None:
        (root / PATH[1:]).write_bytes(b"\xff\xfe\r\n")
        [made] = prints(root, "NA101")
        (root / PATH[1:]).write_bytes(b"\n\n\xc3(\xff\xfe\r\n")
        assert prints(root, "NA101") == [made]

    def test_a_name_that_is_no_text(self, root: Path) -> None:
        try:
            (root / os.fsdecode(b"news/2016/03/2/x\xff.md")).write_text("")
        except OSError:
            pytest.skip("the file system takes no such name")
        archive, diagnostics = found(root)
        assert len(set(fingerprints(archive, diagnostics))) == len(diagnostics)

    def test_a_text_that_is_no_file(self, root: Path) -> None:
        diagnostics = na.check_text("# x\n")
        assert len(set(fingerprints(na.Archive(root), diagnostics))) == len(diagnostics)


class TestRenamesByChanges:
    def test_a_page_that_was_retitled_keeps_them(self, root: Path) -> None:
        edit(root, lambda t: t.partition("\n### Changes:")[0])
        before = prints(root)
        na.Archive(root).retitle(PATH, "The old pier burns.")
        assert not (root / PATH[1:]).exists()
        assert prints(root) == before
        path = next(d.page for d in found(root)[1] if d.code == "NA201")
        na.Archive(root).retitle(path, "The old pier is on fire.")
        assert prints(root) == before

    def test_a_link_to_itself_follows(self, root: Path) -> None:
        itself = f"3. [The pier burns.]({PATH})\n"
        edit(root, lambda t: t.replace(BROKEN, itself))
        [before] = prints(root, "NA205")
        rename(root)
        assert prints(root, "NA205") == [before]

    def test_two_pages_that_name_one_former_path_share_none(self, root: Path) -> None:
        text = (root / PATH[1:]).read_text("utf-8")
        (root / MOVED[1:]).write_text(text.replace(PATH, MOVED), "utf-8")
        made = prints(root)
        assert len(set(made)) == 2


@pytest.mark.slow
@needs_git
class TestRenamesByGit:
    @pytest.fixture
    def checkout(self, tmp_path: Path) -> Path:
        """A checkout whose archive is a folder in it; the page has no Changes."""
        top = tmp_path / "checkout"
        root = top / "archive"
        write_archive(root, SPOILED)
        edit(root, lambda t: t.partition("\n### Changes:")[0])
        git(top, "init", "-q")
        commit(top)
        return root

    def test_a_rename_keeps_them_from_when_it_is_staged(self, checkout: Path) -> None:
        before = prints(checkout)
        rename(checkout)
        assert prints(checkout) != before
        git(checkout, "add", "-A")
        assert prints(checkout) == before
        commit(checkout)
        assert prints(checkout) == before

    def test_so_do_several_and_one_back_to_the_first_name(self, checkout: Path) -> None:
        before = prints(checkout)
        paths = [PATH, MOVED, "/news/2016/03/2/a.md", PATH, "/news/2016/03/2/b.md"]
        for old, new in pairwise(paths):
            rename(checkout, old, new)
            commit(checkout)
            assert prints(checkout) == before

    def test_so_does_a_rename_by_git_and_then_one_by_changes(self, checkout: Path) -> None:
        before = prints(checkout)
        rename(checkout)
        commit(checkout)
        na.Archive(checkout).retitle(MOVED, "The old pier is on fire.")
        assert prints(checkout) == before
        commit(checkout)
        assert prints(checkout) == before

    def test_so_does_a_rename_by_changes_and_then_one_by_git(self, checkout: Path) -> None:
        before = prints(checkout)
        na.Archive(checkout).retitle(PATH, "The old pier burns.")
        assert prints(checkout) == before
        rename(checkout, MOVED, "/news/2016/03/2/c.md")
        commit(checkout)
        assert prints(checkout) == before

    def test_a_page_that_came_as_another_went_is_not_that_page(self, checkout: Path) -> None:
        entry = "1. [Gone.](/news/2016/02/29/gone.md)\n"
        head = "### [2016-03-2](/news/2016/03/2/index.md)\n\n# {}\n\n\n\n\n### Related:\n\n"
        old, new = checkout / "news/2016/03/2/one.md", checkout / "news/2016/03/2/two.md"
        old.write_text(head.format("A ferry runs aground off Port Amsel.") + entry, "utf-8")
        commit(checkout)
        before = set(prints(checkout))
        assert len(before) == 2
        old.unlink()
        new.write_text(head.format("The parliament of Tarsk elects a speaker.") + entry, "utf-8")
        commit(checkout)
        assert len(before & set(prints(checkout))) == 1


class TestSeveralArchives:
    def test_each_finding_has_the_fingerprint_that_it_has_alone(
        self, root: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "other"
        spoiled = with_broken(SMALL_ARCHIVE[PATH], "3. [X](/y.md)\n")
        write_archive(other, {**SMALL_ARCHIVE, PATH: spoiled})
        (a, first), (b, second) = found(root), found(other)
        made, _ = joint_fingerprints([a, b], [*first, *second])
        alone = [*fingerprints(a, first), *fingerprints(b, second)]
        assert len(set(made)) == len(made)
        codes = [d.code for d in [*first, *second]]
        broken = [(m, p) for m, p, code in zip(made, alone, codes, strict=True) if code == "NA201"]
        assert [m for m, _ in broken] == [p for _, p in broken]

    def test_a_copy_of_an_archive_shares_none_and_the_first_keeps_its_own(
        self, root: Path, tmp_path: Path
    ) -> None:
        shutil.copytree(root, tmp_path / "copy")
        (a, first), (b, second) = found(root), found(tmp_path / "copy")
        made, _ = joint_fingerprints([a, b], [*first, *second])
        assert made[: len(first)] == fingerprints(a, first)
        assert len(set(made)) == len(made)

    @pytest.mark.parametrize("shown", [".", "archive", "a/b", "/"])
    def test_the_root_is_read_off_the_file(self, root: Path, shown: str) -> None:
        _, diagnostics = found(root)
        file = f"{shown.rstrip('/')}{diagnostics[0].page}"
        assert root_of(replace(diagnostics[0], file=file)) == shown
