"""Which archive and which pages callers of the library mean."""

from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import OPENS, PAGE, PATH, REBUILT, TODAY, spoiled, write_archive
from tests.repositories import commit, git, needs_git

FOLDER = PATH.rpartition("/")[0]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive with an error on one page."""
    return write_archive(
        tmp_path / "archive", {PATH: spoiled("# The pier burns.", "The pier burns.")}, small=True
    )


def pages_of(report: na.Report) -> set[str]:
    return {d.page for d in report.diagnostics}


class TestOnly:
    @pytest.mark.parametrize(
        "word",
        ["/news/gone.md", "/news/2016/03/9", PATH[1:], "news", "", "/news/2016/03/2/the-pier"],
    )
    def test_what_means_no_page_is_refused(self, root: Path, word: str) -> None:
        for only in ([word], [PATH, word], word):
            with pytest.raises(na.PageNotFoundError) as caught:
                na.check(root, only=only, today=TODAY)
            assert caught.value.path == word

    def test_a_hint_where_the_slash_is_missing(self, root: Path) -> None:
        with pytest.raises(na.PageNotFoundError, match="archive paths begin with a slash"):
            na.check(root, only=[PATH[1:]])

    def test_a_folder_means_the_pages_below_it(self, root: Path) -> None:
        for folder in (FOLDER, f"{FOLDER}/", "/news", "/"):
            report = na.check(root, only=[folder], today=TODAY)
            found = [path for path in na.Archive(root) if path.startswith(folder.rstrip("/") + "/")]
            assert report.page_count == len(found) > 1
            assert PATH in pages_of(report)

    def test_the_beginning_of_a_name_is_no_folder(self, root: Path) -> None:
        write_archive(root, {f"{FOLDER}0/index.md": ""})
        assert na.check(root, only=[FOLDER], today=TODAY).page_count == len(
            na.Archive(root).folder(FOLDER)
        )

    def test_a_bare_string_is_one_item(self, root: Path) -> None:
        assert na.check(root, only=PATH, today=TODAY) == na.check(root, only=[PATH], today=TODAY)

    def test_no_item_is_no_page(self, root: Path) -> None:
        assert na.check(root, only=[]) == na.Report(())

    def test_what_is_no_text_is_refused(self, root: Path) -> None:
        with pytest.raises(TypeError, match="Path"):
            na.check(root, only=[Path(PATH)])  # type: ignore[list-item]


class TestRules:
    def test_a_bare_string_is_one_item(self, root: Path) -> None:
        assert na.check(root, select="NA105", today=TODAY) == na.check(
            root, select=["NA105"], today=TODAY
        )
        assert na.check(root, ignore="NA1", today=TODAY) == na.check(
            root, ignore=["NA1"], today=TODAY
        )
        text = (root / PATH[1:]).read_text()
        assert {d.code for d in na.check_text(text, PATH, select="NA105")} == {"NA105"}
        assert "NA105" not in {d.code for d in na.check_text(text, PATH, ignore="missing-title")}

    def test_so_it_is_in_settings(self, root: Path) -> None:
        for settings in (
            na.Settings(select="NA105"),  # type: ignore[arg-type]
            na.Settings().override(select="NA105"),
        ):
            report = na.check(root, settings=settings, today=TODAY)
            assert {d.code for d in report.diagnostics} == {"NA105"}
            assert pages_of(report) == {PATH}
        table = na.PerPath(paths=PATH, ignore="ALL")  # type: ignore[arg-type]
        settings = na.Settings(select=("NA105",), per_path=(table,))
        assert na.check(root, settings=settings, today=TODAY).diagnostics == ()

    def test_and_where_fixes_are_chosen(self) -> None:
        text = PAGE.replace("\n2. ", "\n7. ", 1)
        assert na.fix_text(text, PATH, codes="NA108") == na.fix_text(text, PATH, codes=["NA108"])
        assert na.fix_text(text, PATH, codes="NA108").applied

    def test_letters_are_not_taken_for_rules(self, root: Path) -> None:
        with pytest.raises(na.UnknownRuleError, match="'NA105,NA106'"):
            na.check(root, select="NA105,NA106")

    @pytest.mark.parametrize("words", [[105], b"NA105", 105])
    def test_what_is_no_text_is_refused(self, root: Path, words: object) -> None:
        with pytest.raises(TypeError):
            na.check(root, select=words)  # type: ignore[arg-type]


class TestTheArchive:
    def test_a_folder_in_it_means_the_pages_there(self, root: Path) -> None:
        report = na.check(root / FOLDER[1:], today=TODAY)
        assert report == na.check(root, only=[FOLDER], today=TODAY)
        assert na.check(root / "news", today=TODAY) == na.check(root, only=["/news"], today=TODAY)

    def test_so_does_a_page(self, root: Path) -> None:
        report = na.check(root / PATH[1:], today=TODAY)
        assert report.page_count == 1
        assert pages_of(report) == {PATH}

    def test_pages_that_are_named_come_first(self, root: Path) -> None:
        report = na.check(root / FOLDER[1:], only=[REBUILT], today=TODAY)
        assert report.page_count == 1

    def test_files_are_named_as_the_folder_was(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(root.parent)
        [found] = na.check("archive/news", select="NA105", today=TODAY).diagnostics
        assert found.file == f"archive{PATH}"
        monkeypatch.chdir(root / "news")
        [found] = na.check(".", select="NA105", today=TODAY).diagnostics
        assert found.file == f"..{PATH}"

    def test_a_folder_without_pages_is_refused(self, root: Path) -> None:
        (root / "empty").mkdir()
        with pytest.raises(na.PageNotFoundError):
            na.check(root / "empty")

    def test_what_is_not_there_is_no_archive(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(root)
        with pytest.raises(na.NotAnArchiveError):
            na.check("archive")


@needs_git
class TestAChange:
    @pytest.mark.slow
    def test_the_same_holds(self, root: Path, tmp_path: Path) -> None:
        git(root, "init", "-q")
        commit(root)
        page = root / OPENS[1:]
        page.write_text(page.read_text().replace("\n# ", "\n", 1))
        whole = na.check_change(root, today=TODAY)
        assert pages_of(whole) == {OPENS}
        assert na.check_change(root / "news", today=TODAY).diagnostics == whole.diagnostics
        assert na.check_change(root, only=OPENS, today=TODAY).diagnostics == whole.diagnostics
        assert na.check_change(root, only=["/opinion"], today=TODAY).diagnostics == ()
        for only in ([OPENS[1:]], "/news/gone.md"):
            with pytest.raises(na.PageNotFoundError):
                na.check_change(root, only=only, today=TODAY)
