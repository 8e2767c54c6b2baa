"""Paths that mean a page in another form, and what is said of the form."""

from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.graph.path_forms import Forms
from newsarchive.store.listing import Listing
from tests.builders import PAGE, PATH, SMALL_ARCHIVE, event, write_archive

DAY = "/news/2016/03/2/index.md"


@pytest.fixture
def archive(tmp_path: Path) -> na.Archive:
    return na.Archive(write_archive(tmp_path / "root"))


class TestNear:
    """A path that means a page but for its form is told which, and how the forms differ."""

    @pytest.mark.parametrize(
        ("path", "differs", "page"),
        [
            (PATH.replace(".md", ".html"), ["'.html' for '.md'"], PATH),
            (PATH.replace(".md", ".HTML"), ["'.HTML' for '.md'"], PATH),
            (PATH.replace(".md", ".json"), ["'.json' for '.md'"], PATH),
            (PATH.replace(".md", ".xml"), ["'.xml' for '.md'"], PATH),
            (PATH.replace(".md", ""), ["a left-off extension"], PATH),
            (PATH + "/", ["a trailing slash"], PATH),
            (PATH.replace("pier", "Pier"), ["another letter case"], PATH),
            (PATH.replace("news", "NEWS"), ["another letter case"], PATH),
            (PATH.replace("-", "%2d"), ["percent-encoding"], PATH),
            (DAY.replace("index.md", ""), ["a trailing slash", "a left-off extension"], DAY),
            (DAY.replace("/index.md", ""), ["a left-off extension"], DAY),
            (DAY.replace(".md", ".html"), ["'.html' for '.md'"], DAY),
            (DAY.replace("index", "Index"), ["another letter case"], DAY),
            (
                PATH.replace("pier", "Pier").replace(".md", ".html"),
                ["'.html' for '.md'", "another letter case"],
                PATH,
            ),
            (
                PATH.replace("the-", "The%2D").replace(".md", "/"),
                ["percent-encoding", "a trailing slash", "left-off", "another letter case"],
                PATH,
            ),
        ],
    )
    def test_the_form_is_named(
        self, archive: na.Archive, path: str, differs: list[str], page: str
    ) -> None:
        assert archive.same_but_form(path) == page
        hint = archive.near(path)
        assert hint is not None
        assert hint.endswith(f"'{page}' exists")
        assert all(form in hint for form in differs)
        forms = ["'.", "left-off", "trailing slash", "letter case", "percent-encoding"]
        said = hint.partition(": '")[0]
        assert sum(form in said for form in forms) == len(differs)

    @pytest.mark.parametrize(
        ("path", "pages", "said"),
        [
            ("a%20b", ["a b", "a B"], "percent-encoding: 'a b"),
            ("a%20B", ["a b", "a B"], "percent-encoding: 'a B"),
            ("a%2520b", ["a b", "a%20b"], "percent-encoding: 'a%20b"),
            ("y.html", ["Y", "y"], "'.html' for '.md': 'y"),
            ("Y.html", ["z", "y"], "'.html' for '.md' and another letter case: 'y"),
            ("caf\u00e9", ["cafe\u0301"], "another Unicode form (NFC for NFD): 'cafe\u0301"),
            ("cafe\u0301", ["caf\u00e9"], "another Unicode form (NFD for NFC): 'caf\u00e9"),
            ("caf%C3%A9", ["cafe\u0301", "caf\u00c9"],
             "percent-encoding and another Unicode form (NFC for NFD): 'cafe\u0301"),
            ("CAF\u00c9", ["cafe\u0301"],
             "another letter case and another Unicode form (NFC for NFD): 'cafe\u0301"),
            ("MA\u1e9eE", ["ma\u00dfe"], "another letter case: 'ma\u00dfe"),
            ("masse", ["ma\u00dfe"], None),
            ("MASSE", ["ma\u00dfe"], None),
            ("ma\u00dfe", ["masse"], None),
            ("\ufb01n", ["fin"], None),
            ("\u017fo", ["so"], None),
            ("\uff41", ["a"], None),
            ("\u0130", ["i"], None),
            ("\u0131", ["i"], None),
            ("a%FFb", ["a\ufffdb"], None),
            ("Y", ["y", "y\u0301"], "another letter case: 'y"),
            ("ABC", ["abc", "Abc"], None),
            ("FAQ/", ["faq/README", "Faq/README"], None),
        ],
    )  # fmt: skip
    def test_the_nearest_form_is_meant(self, path: str, pages: list[str], said: str | None) -> None:
        paths = [f"/news/2016/03/2/{name}.md".rpartition("/") for name in pages]
        forms = Forms([Listing(folder, [name]) for folder, _, name in paths])
        hint = forms.hint(f"/news/2016/03/2/{path if '.' in path else f'{path}.md'}")
        assert (hint and hint.replace("/news/2016/03/2/", "")) == (said and f"{said}.md' exists")

    @pytest.mark.parametrize(
        "path",
        [
            "/news/2016/03/2/gone.md",
            "/news/2016/03/02/the-pier-burns.md",
            "/news/2016/03/2/the-pier-burn.md",
            "/news/2016/03/2/the-pier-burns.md.html.txt",
            "/news/2016/03/",
            "/news/",
        ],
    )
    def test_another_path_is_not_near(self, archive: na.Archive, path: str) -> None:
        assert archive.same_but_form(path) is None
        assert archive.near(path) is None

    def test_two_pages_that_differ_in_case_leave_it_open(self, tmp_path: Path) -> None:
        twin = PATH.replace("pier", "Pier")
        archive = na.Archive(write_archive(tmp_path, {PATH: PAGE, twin: PAGE}))
        if len(archive) != 2:
            pytest.skip("the file system does not tell letter cases apart")
        assert archive.same_but_form(PATH.upper()) is None

    def test_so_do_two_folders_that_differ_in_case(self, tmp_path: Path) -> None:
        pages = {f"/{folder}/README.md": "Answers.\n" for folder in ("faq", "FAQ")}
        archive = na.Archive(write_archive(tmp_path, {PATH: PAGE, **pages}))
        if len(archive) != 3:
            pytest.skip("the file system does not tell letter cases apart")
        assert archive.same_but_form("/FAQ") == "/FAQ/README.md"
        assert archive.same_but_form("/Faq") is None

    def test_a_folder_with_both_copies_means_the_index(self, tmp_path: Path) -> None:
        readme = "/news/2016/03/2/README.md"
        archive = na.Archive(write_archive(tmp_path, {readme: SMALL_ARCHIVE[DAY]}, small=True))
        assert archive.same_but_form("/news/2016/03/2") == DAY

    def test_a_folder_with_a_readme_alone_means_that(self, archive: na.Archive) -> None:
        assert archive.same_but_form("/faq/") == "/faq/README.md"

    def test_the_root_means_the_front_page(self, archive: na.Archive) -> None:
        assert archive.same_but_form("/") == "/index.md"

    def test_percent_signs_that_encode_nothing_are_themselves(self, tmp_path: Path) -> None:
        path = "/news/2016/03/2/100%-sure.md"
        archive = na.Archive(write_archive(tmp_path, {path: event()}))
        assert archive.near("/news/2016/03/2/100%25-sure.md") is not None
        assert archive.exists(path)

    @pytest.mark.parametrize("path", ["/%", "/%ff.md", "/%00", "/\u0130.md", "/" + "%25" * 5000])
    def test_odd_paths_do_no_harm(self, archive: na.Archive, path: str) -> None:
        assert archive.near(path) is None
