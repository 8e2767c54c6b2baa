"""What is open, completed, renamed and fixed: the parts of the server without the server."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

import newsarchive as na
from newsarchive.findings.edits import Edit, apply_edits
from newsarchive.lsp import session as session_module
from newsarchive.lsp.actions import FIX_ALL, Actions, wanted
from newsarchive.lsp.completion import complete
from newsarchive.lsp.edits import edits_between
from newsarchive.lsp.findings import published
from newsarchive.lsp.hovering import hover
from newsarchive.lsp.navigation import definition, on_title, references
from newsarchive.lsp.places import Lines
from newsarchive.lsp.renaming import CannotRenameError, renamable, rename
from newsarchive.lsp.session import Session, file_of
from newsarchive.lsp.symbols import outline, titles
from tests.builders import (
    LATER,
    OPENS,
    PAGE,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    event,
    spoiled,
    write_archive,
)
from tests.plugins import install, site_packages
from tests.unit.lsp.opening import opened

DAY = "/news/2016/03/2/index.md"
BOM = "\ufeff"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


class TestExcluded:
    """What a run passes over has no findings in an editor either."""

    FAULTY = "### [2016-03-2](/news/2016/03/9/index.md)\n\nNo title.\n"

    @pytest.mark.parametrize(
        ("exclude", "path"),
        [
            ("/drafts/", "/drafts/deep/x.md"),
            ("/drafts/x.md", "/drafts/x.md"),
            ("new-*.md", "/news/2016/03/2/new-x.md"),
            ("/other/", "/node_modules/x.md"),
            ("/other/", "/env/lib/x.md"),
        ],
    )
    @pytest.mark.parametrize("is_saved", [True, False])
    def test_nothing_is_found(self, root: Path, exclude: str, path: str, is_saved: bool) -> None:
        (root / "newsarchive.toml").write_text(f'exclude = ["{exclude}"]\n')
        (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        if "env" in path:
            (root / "env/pyvenv.cfg").touch()
        if is_saved:
            (root / path[1:]).write_text(self.FAULTY)
        session = Session()
        for uri in ((root / path[1:]).as_uri(), (root / "news/2016/03/2/other.md").as_uri()):
            session.open(uri, 1, self.FAULTY)
            session.change(uri, 2, self.FAULTY)
        excluded, other = session.pages.values()
        assert session.check(excluded) == []
        assert path not in session.archives[str(root)]
        assert session.check(other), "the archive's own pages have theirs"


class TestUris:
    @pytest.mark.skipif(os.name == "nt", reason="other paths")
    @pytest.mark.parametrize(
        ("uri", "file"),
        [
            ("file:///a/b%20c.md", "/a/b c.md"),
            ("file://localhost/a/./b/../c.md", "/a/c.md"),
            ("file:///a/%E2%82%AC%3F.md", "/a/€?.md"),
            ("file://server/a.md", ""),
            ("file:a.md", ""),
            ("file:///a%00.md", ""),
            ("untitled:a.md", ""),
            ("http://[a", ""),
            ("file:///a.md?x", ""),
        ],
    )
    def test_the_file_of_a_uri(self, uri: str, file: str) -> None:
        assert file_of(uri) == file

    def test_the_nearest_archive_counts(self, root: Path) -> None:
        inner = write_archive(root / "examples" / "archive", small=True)
        session = Session()
        archive, path = session.locate((inner / PATH[1:]).as_uri())
        assert archive
        assert (str(archive.root), path) == (str(inner), PATH)
        archive, path = session.locate((root / PATH[1:]).as_uri())
        assert archive
        assert (str(archive.root), path) == (str(root), PATH)
        assert len(session.archives) == 2

    @pytest.mark.parametrize("name", [".git/x.md", "news/.hidden.md", "news/x.json", "%ff.md"])
    def test_what_a_check_passes_over_is_no_page(self, root: Path, name: str) -> None:
        assert Session().locate(f"{root.as_uri()}/{name}") == (None, "")

    @pytest.mark.parametrize(
        ("name", "path"),
        [
            ("/news/x.json", "/news/x.json"),
            ("/news/2016", "/news/2016"),
            ("", "/"),
            ("/.git/objects/ab/cdef", ""),
            ("/../x.json", ""),
        ],
    )
    def test_the_archive_path_of_any_file(self, root: Path, name: str, path: str) -> None:
        session = Session()
        archive, found = session.file_in(f"{root.as_uri()}{name}")
        assert found == path
        assert (archive is session.archive_of(str(root))) is bool(path)

    def test_an_open_page_keeps_its_name(self, root: Path) -> None:
        session = Session()
        uri = (root / PATH[1:]).as_uri().replace("/news/", "/%6eews/")
        session.open(uri, 1, PAGE)
        archive = session.pages[uri].archive
        assert archive
        assert session.uri_of(archive, PATH) == uri
        assert session.uri_of(archive, OPENS) == (root / OPENS[1:]).as_uri()
        view = session.view(archive, PATH)
        assert view
        assert view.uri == uri
        assert session.view(archive, "/news/none.md") is None

    def test_what_is_not_open_can_be_closed(self) -> None:
        assert Session().close("file:///x.md") is None


class TestByteOrderMarks:
    """Editors leave a mark out of the text, so places on the first line do not count it."""

    def test_places_of_closed_pages_do_not_count_it(self, root: Path) -> None:
        file = root / DAY[1:]
        file.write_text(BOM + file.read_text())
        session, page = opened(root)
        [_, found] = references(session, page, page.text.index("# The"))
        assert found.uri == file.as_uri()
        line = file.read_text().splitlines()[found.range.start.line]
        assert line[found.range.start.character : found.range.end.character] == PATH

    def test_renames_keep_it(self, root: Path) -> None:
        file = root / DAY[1:]
        file.write_text(BOM + file.read_text())
        session, page = opened(root)
        edit = rename(session, page, page.text.index("# The"), "Other.", renames_files=True)
        changes = [c for c in edit.document_changes or () if isinstance(c, types.TextDocumentEdit)]
        [own] = [c for c in changes if c.text_document.uri == file.as_uri()]
        assert [e.range.start.line for e in own.edits] == [2]
        [new] = [e.new_text for e in own.edits if isinstance(e, types.TextEdit)]
        assert new == "### [Other.](/news/2016/03/2/other.md)\n"


class TestActions:
    @pytest.mark.parametrize(
        ("kind", "only", "expected"),
        [
            ("quickfix", None, True),
            ("quickfix", ["quickfix"], True),
            ("quickfix", ["source"], False),
            ("quickfix", [""], True),
            ("quickfix", [], False),
            (FIX_ALL, ["source"], True),
            (FIX_ALL, ["source.fixAll"], True),
            (FIX_ALL, ["source.fixAll.other"], False),
        ],
    )
    def test_which_kinds_are_asked_for(
        self, kind: str, only: list[str] | None, expected: bool
    ) -> None:
        assert wanted(kind, only) is expected

    def test_a_fix_that_would_change_more_than_it_says_is_not_offered(self, root: Path) -> None:
        session, page = opened(root, text=spoiled("[The pier opens.]", "[Shut.]"))
        [found] = [d for d in session.check(page) if d.code == "NA207"]
        assert found.fix
        other = na.Fix(found.fix.title, (Edit(0, len(page.text), ""),))
        page.findings = [dataclasses.replace(found, fix=other)]
        assert Actions(session, page).at(found.start, found.end, ["quickfix"]) == []

    def test_an_index_that_went_away_is_not_edited(self, root: Path) -> None:
        new = "/news/2016/03/2/the-pier-sinks.md"
        session, page = opened(root, new, event(title="The pier sinks."))
        [found] = session.check(page)
        assert found.fix
        assert found.fix.page == DAY
        (root / DAY[1:]).unlink()
        assert Actions(session, page).at(found.start, found.end, None) == []

    def test_an_index_that_cannot_be_read_is_not_shown_beside_its_event(self, root: Path) -> None:
        new = "/news/2016/03/2/the-pier-sinks.md"
        session, page = opened(root, new, event(title="The pier sinks."))
        [found] = published(session, page, related=True)
        assert found.related_information
        (root / DAY[1:]).unlink()
        [found] = published(session, page, related=True)
        assert found.code == "NA208"
        assert found.related_information is None

    def test_where_no_safe_fix_holds_there_is_no_action_for_all(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code = (
            'BREAKS = Repair("mend", (BodyEdit(0, 9, ""),), Applicability.SAFE)\n'
            "def check(reading):\n    yield Finding(0, 9, 'x', BREAKS)\n"
            "RULES = [rule(page=check, fix='mend it')]"
        )
        install(tmp_path / "site", f"from newsarchive import Applicability\n{code}")
        for _ in site_packages(tmp_path / "site", monkeypatch):
            session, page = opened(root)
            [found] = [d for d in session.check(page) if d.code == "XY101"]
            assert found.fix
            assert found.fix.applicability is na.Applicability.SAFE
            assert Actions(session, page).at(found.start, found.end, None) == []

    def test_a_long_title_is_shortened_and_made_printable(self, root: Path) -> None:
        gone = "/news/2016/03/4/gone.md"
        for number in (1, 2):
            path = root / f"news/2016/03/4/{'x' * 200}{number}.md"
            path.write_text(event("2016-03-4", "Same \x1b title."))
        text = spoiled(f"[The pier is rebuilt.]({REBUILT})", f"[Same \x1b title.]({gone})")
        session, page = opened(root, text=text)
        [found] = [d for d in session.check(page) if d.code == "NA201"]
        titles = [a.title for a in Actions(session, page).at(found.start, found.end, None)]
        assert len(titles) == 2
        assert all(len(t) == 120 and t.endswith("...") and t.isprintable() for t in titles)

    def test_a_cursor_before_a_finding_or_behind_it_gets_its_actions(self, root: Path) -> None:
        session, page = opened(root, text=spoiled("[The pier opens.]", "[Shut.]"))
        [found] = [d for d in session.check(page) if d.code == "NA207"]

        def offered(place: int) -> bool:
            actions = Actions(session, page).at(place, place, ["quickfix"])
            return any(d.code == "NA207" for a in actions for d in a.diagnostics or ())

        places = (found.start - 1, found.start, found.end, found.end + 1)
        assert [offered(place) for place in places] == [False, True, True, False]


class TestLinks:
    def test_pages_that_went_a_moment_ago_have_no_place(self, root: Path) -> None:
        session, page = opened(root)
        at_link, at_title = page.text.index(OPENS), page.text.index("# The")
        assert len(definition(session, page, at_link)) == 1
        before = references(session, page, at_title)
        (root / OPENS[1:]).unlink()
        (root / DAY[1:]).unlink()
        assert definition(session, page, at_link) == []
        after = references(session, page, at_title)
        assert after == [found for found in before if Path(found.uri[7:]).exists()]
        assert len(after) < len(before)

    def test_hover_over_a_broken_link_says_that_and_no_context(self, root: Path) -> None:
        gone = "/news/2016/03/4/gone.md"
        session, page = opened(root, text=spoiled(OPENS, gone, PAGE.replace("smoke.md", "s.md")))
        found = hover(session, page, page.text.index(f"({gone}) _Context") + 1, markdown=False)
        assert found
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.value == f"There is no page {gone}"

    def test_hover_over_a_page_that_cannot_be_read(self, root: Path) -> None:
        session, page = opened(root)
        (root / OPENS[1:]).unlink()
        found = hover(session, page, page.text.index("[The pier opens."), markdown=False)
        assert found
        assert found.contents == types.MarkupContent(
            types.MarkupKind.PlainText,
            f"{OPENS} cannot be read\nShared context: pier, Veldania",
        )

    def test_hover_over_an_entry_shows_the_context_below_it(self, root: Path) -> None:
        text = f"## [2016-03-2]({DAY})\n\n### [The pier burns.]({PATH})\n_Context: pier, fire_\n\n"
        session, page = opened(root, DAY, text)
        found = hover(session, page, page.text.index("burns"), markdown=False)
        assert found
        assert isinstance(found.contents, types.MarkupContent)
        assert "Shared context: pier, fire" in found.contents.value

    def test_long_descriptions_are_shortened(self, root: Path) -> None:
        (root / OPENS[1:]).write_text(event("2016-02-29", "T.", description="word " * 200))
        session, page = opened(root)
        found = hover(session, page, page.text.index("[The pier opens."), markdown=False)
        assert found
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.value.endswith("word wo...")

    def test_a_page_that_vanished_gives_no_reference(self, root: Path) -> None:
        session, page = opened(root)
        (root / OPENS[1:]).unlink()
        found = references(session, page, page.text.index("# The"), declaration=True)
        assert [place.uri for place in found] == [
            (root / path[1:]).as_uri() for path in (PATH, DAY)
        ]

    def test_a_page_without_a_title_has_no_title_line(self, root: Path) -> None:
        session, page = opened(root, text="### [2016-03-2](x)\n")
        assert not on_title(page, 0)
        assert references(session, page, len(page.text)) == []
        assert renamable(page, 0) is None

    def test_outside_of_an_archive_nothing_is_renamed_or_completed(self, tmp_path: Path) -> None:
        session = Session()
        uri = (tmp_path / "notes.md").as_uri()
        session.open(uri, 1, PAGE)
        page = session.pages[uri]
        assert complete(page, PAGE.index("[The pier opens.") + 3).items == []
        with pytest.raises(CannotRenameError, match="put the cursor on the title"):
            rename(session, page, PAGE.index("# The"), "x", renames_files=True)


def test_symbols_are_those_of_the_last_pages_where_there_are_more(root: Path) -> None:
    pages = {f"/news/2016/03/7/{n:03d}.md": event("2016-03-7", f"T{n}.") for n in range(120)}
    session, _ = opened(write_archive(root, pages))
    found = [symbol.name for symbol in titles(session, "t")]
    assert len(found) == 100
    assert found[0] == "T119."
    assert "T0." not in found
    assert [symbol.name for symbol in titles(session, "")] == found


def test_outside_of_events_nothing_is_renamed(root: Path) -> None:
    for path in ("/faq/README.md", "/opinion/2016/03/9/on-piers/README.md"):
        _, page = opened(root, path)
        assert not any(renamable(page, offset) for offset in range(len(page.text)))


def test_what_a_link_names_is_renamed_where_that_is_an_event(root: Path) -> None:
    """In the order of the page: where the cursor is, what it is on, and what a rename is about."""
    new = "/news/2016/03/2/none.md"
    text = spoiled(f"[The pier is rebuilt.]({REBUILT})", f"[Older title.]({REBUILT}) _Context: x_")
    _, page = opened(root, text=text.replace("/news/2016/03/2/smoke.md", new))
    seen = []
    for offset in range(len(text)):
        found = renamable(page, offset)
        if found and found not in seen:
            seen.append(found)
    marked = [
        (page.text[slice(*(page.lines.offset(p.line, p.character) for p in ends))], f.placeholder)
        for f in seen
        for ends in [(f.range.start, f.range.end)]
    ]
    assert marked == [
        ("The pier burns.", "The pier burns."),
        ("The pier opens.", "The pier opens."),
        (OPENS, OPENS),
        ("Older title.", "The pier is rebuilt."),
        (REBUILT, REBUILT),
        (PATH, PATH),
        (PATH, PATH),
    ]
    _, index = opened(root, DAY)
    named = [renamable(index, offset) for offset in range(len(index.text))]
    assert {found.placeholder for found in named if found} == {"The pier burns.", PATH}


class TestCompletion:
    def labels(self, root: Path, typed: str) -> list[str]:
        line = f"2. [The pier is rebuilt.]({REBUILT})"
        text = spoiled(line, f"2. {typed}")
        _, page = opened(root, text=text)
        return [item.label for item in complete(page, text.index(typed) + len(typed)).items]

    def test_near_days_come_first(self, root: Path) -> None:
        assert self.labels(root, "[pier") == [
            "The pier is rebuilt.",
            "The pier opens.",
            "The pier opens again.",
        ]

    def test_titles_that_start_so_come_before(self, root: Path) -> None:
        assert self.labels(root, "[The pier opens a") == ["The pier opens again."]
        (root / LATER[1:]).write_text(event("2016-03-10", "Opens: the pier."))
        assert self.labels(root, "[opens") == ["Opens: the pier.", "The pier opens."]

    def test_a_title_that_no_link_can_quote_is_left_out(self, root: Path) -> None:
        (root / LATER[1:]).write_text(event("2016-03-10", "The odd ](pier."))
        assert self.labels(root, "[odd") == []

    def test_an_empty_target_offers_the_day_of_the_page(self, root: Path) -> None:
        (root / "news/2016/03/2/other.md").write_text(event(title="Other."))
        assert self.labels(root, "[](") == ["/news/2016/03/2/other.md"]
        assert self.labels(root, "[zzz](/news/2016/03/2/") == ["/news/2016/03/2/other.md"]

    def test_the_rest_of_a_path_is_replaced_and_the_editor_asks_again(self, root: Path) -> None:
        text = spoiled(f"({REBUILT})", "(/news/2016/03/4/old.md)")
        _, page = opened(root, text=text)
        offset = text.index("/4/old.md") + len("/4/")
        found = complete(page, offset)
        assert found.is_incomplete
        [edit] = [item.text_edit for item in found.items]
        assert isinstance(edit, types.TextEdit)
        start, end = (
            page.lines.offset(p.line, p.character) for p in (edit.range.start, edit.range.end)
        )
        assert text[:start] + edit.new_text + text[end:] == PAGE

    def test_entries_of_other_sections_lead_to_no_page(self, root: Path) -> None:
        text = spoiled("1. [Harbour Post]", "1. [pier")
        _, page = opened(root, text=text)
        assert complete(page, text.index("1. [pier") + len("1. [pier")).items == []

    def test_the_editor_is_not_to_choose_among_them_again(self, root: Path) -> None:
        text = spoiled(f"[The pier is rebuilt.]({REBUILT})", "[rebuilt pier")
        _, page = opened(root, text=text)
        [item] = complete(page, text.index("[rebuilt pier") + len("[rebuilt pier")).items
        assert (item.label, item.filter_text) == ("The pier is rebuilt.", "rebuilt pier")

    def test_other_pages_list_none(self, root: Path) -> None:
        text = "# Questions\n\n### [pier"
        _, page = opened(root, "/faq/README.md", text)
        assert complete(page, len(text)).items == []

    def test_pages_that_are_no_events_are_far_from_all(self, root: Path) -> None:
        text = "## Opinion\n### [pier"
        _, page = opened(root, "/index.md", text)
        assert len(complete(page, len(text)).items) == 4


class TestOutline:
    def test_hostile_names_are_printable_and_never_empty(self, root: Path) -> None:
        text = PAGE.replace("[The pier opens.]", "[\x1b[2J]").replace("[Evening Tide]", "[ ]")
        _, page = opened(root, text=text)
        [top] = outline(page)
        names = [e.name for section in top.children or () for e in section.children or ()]
        assert all(name and name.isprintable() for name in names)

    @pytest.mark.parametrize("path", [PATH, DAY, "/index.md", "/opinion/index.md"])
    def test_what_is_selected_shows_the_name(self, root: Path, path: str) -> None:
        _, page = opened(root, path)
        seen = list(outline(page))
        for symbol in seen:
            seen += symbol.children or ()
            place = symbol.selection_range
            start, end = (page.lines.offset(p.line, p.character) for p in (place.start, place.end))
            assert symbol.name in page.text[start:end]
            assert page.text[start:end].count("\n") == 0
        assert len(seen) > 1

    @pytest.mark.parametrize("path", [PATH, DAY, "/index.md", "/opinion/index.md"])
    def test_what_is_folded_holds_its_name_and_its_parts_whole(self, root: Path, path: str) -> None:
        _, page = opened(root, path)

        def span(given: types.Range) -> tuple[int, int]:
            start, end = (page.lines.offset(p.line, p.character) for p in (given.start, given.end))
            return start, end

        seen = list(outline(page))
        for symbol in seen:
            seen += symbol.children or ()
            start, end = span(symbol.range)
            for part in (symbol.selection_range, *(c.range for c in symbol.children or ())):
                assert start <= span(part)[0]
                assert span(part)[1] <= end
        if path == PATH:
            assert span(seen[0].range)[1] == len(page.text)

    def test_so_many_titles_are_listed_and_no_more(self, root: Path) -> None:
        for number in range(101):
            file = root / f"news/2016/03/2/gull-{number}.md"
            file.write_text(event(title=f"Gull {number} lands."), "utf-8")
        session, _ = opened(root)
        assert len(titles(session, "gull")) == 100
        assert [found.name for found in titles(session, "LANDS 77 gull")] == ["Gull 77 lands."]


LINES = st.lists(st.sampled_from(["a\n", "b\n", "\n", "c\r\n", "d\u2028", "😋\r", "e"]), max_size=8)


@pytest.mark.property
@given(LINES.map("".join), LINES.map("".join))
def test_edits_between_two_texts_make_the_one_of_the_other(old: str, new: str) -> None:
    edits = edits_between(old, new)
    assert apply_edits(old, edits) == new
    assert (edits == []) == (old == new)
    assert Lines(old).text == old


class TestConfiguration:
    def test_it_says_which_rules_hold_and_how_grave_findings_are(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path, {**SMALL_ARCHIVE})
        (root / "newsarchive.toml").write_text(
            'select = ["NA1"]\nignore = ["NA108"]\nseverities = { NA109 = "info" }\n', "utf-8"
        )
        text = SMALL_ARCHIVE[PATH].replace("\n2. ", "\n7. ").replace("\n### ", "\n???\n\n### ", 1)
        session = Session()
        session.open((root / PATH[1:]).as_uri(), 1, text)
        [page] = session.pages.values()
        assert {(d.code, d.severity.value) for d in session.check(page)} == {("NA109", "info")}

    def test_the_editor_s_choice_comes_first(self, tmp_path: Path) -> None:
        root = write_archive(tmp_path, {**SMALL_ARCHIVE})
        (root / "newsarchive.toml").write_text('select = ["NA2"]\n', "utf-8")
        session = Session()
        session.select(["NA108"], [])
        session.open((root / PATH[1:]).as_uri(), 1, SMALL_ARCHIVE[PATH].replace("\n2. ", "\n7. "))
        [page] = session.pages.values()
        assert {d.code for d in session.check(page)} == {"NA108"}

    def test_a_wrong_one_is_complained_of_once_and_the_usual_rules_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(session_module, "_SETTINGS_LAST", 0.0)
        root = write_archive(tmp_path, {**SMALL_ARCHIVE})
        (root / "newsarchive.toml").write_text("ignor = []\n", "utf-8")
        told: list[str] = []
        session = Session(complain=told.append)
        text = SMALL_ARCHIVE[PATH].replace("\n2. ", "\n7. ")
        for version in (1, 2):
            session.open((root / PATH[1:]).as_uri(), version, text)
            [page] = session.pages.values()
            assert "NA108" in {d.code for d in session.check(page)}
        assert len(told) == 1
        assert "newsarchive.toml:1: ignor: " in told[0]
        (root / "newsarchive.toml").write_text('ignore = ["NA108"]\n', "utf-8")
        session.open((root / PATH[1:]).as_uri(), 3, text)
        [page] = session.pages.values()
        assert "NA108" not in {d.code for d in session.check(page)}
