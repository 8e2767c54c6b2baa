"""The language server, asked by a real client over standard input and output."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import client_capabilities

import newsarchive as na
from tests.builders import (
    LATER,
    OPENS,
    PAGE,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    day_index,
    event,
    spoiled,
    write_archive,
)
from tests.lsp.editor import CONFIG, Client, Editor, codes, one, until

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

DAY = "/news/2016/03/2/index.md"
CREATED, CHANGED, DELETED = (
    types.FileChangeType.Created,
    types.FileChangeType.Changed,
    types.FileChangeType.Deleted,
)


@pytest_lsp.fixture(config=CONFIG, scope="module")  # type: ignore[untyped-decorator]
async def client(client: Client) -> AsyncIterator[None]:
    params = types.InitializeParams(client_capabilities("visual-studio-code"))
    result = await client.initialize_session(params)
    assert result.server_info
    assert result.server_info.name == "newsarchive"
    yield
    await client.shutdown_session()


@pytest.fixture
def editor(client: Client, tmp_path: Path) -> Editor:
    return Editor(client, write_archive(tmp_path / "archive", small=True))


class TestFindings:
    @pytest.mark.slow
    async def test_a_sound_page_has_none(self, editor: Editor) -> None:
        assert await editor.open(PATH) == []

    async def test_unsaved_text_is_checked(self, editor: Editor) -> None:
        await editor.open(PATH)
        editor.type(PATH, "# The pier burns.\n", "# The pier burns.\n# Twice\n")
        assert "NA109" in codes(await editor.found(PATH))
        editor.type(PATH, "# Twice\n", "")
        assert await editor.found(PATH) == []

    async def test_they_are_those_of_a_check(self, editor: Editor) -> None:
        text = PAGE.replace(OPENS, OPENS.upper()).replace("2. [Evening", "9. [Evening")
        found = await editor.open(PATH, text)
        (editor.root / PATH[1:]).write_text(text, encoding="utf-8")
        checked = na.check(editor.root, only=[PATH]).diagnostics
        assert [(d.code, d.message, editor.shown(PATH, d.range)) for d in found] == [
            (d.code, d.message, text[d.start : d.end]) for d in checked
        ]
        assert {"NA201", "NA108"} <= {d.code for d in checked}

    async def test_they_say_what_they_are(self, editor: Editor) -> None:
        wrong = OPENS.replace("opens", "Opens")
        found = await editor.open(
            PATH, spoiled(f"[The pier opens.]({OPENS})", f"[The pier opens.]({wrong})")
        )
        broken = next(d for d in found if d.code == "NA201")
        assert broken.severity is types.DiagnosticSeverity.Error
        assert broken.source == "newsarchive"
        assert broken.code_description
        assert broken.code_description.href.endswith("/rules/NA201/")
        assert broken.tags is None
        assert broken.data == {
            "rule": "broken-related-link",
            "fix": "safe",
            "target": wrong,
            "suggestions": [OPENS],
        }
        [related] = broken.related_information or []
        assert editor.path(related.location.uri) == OPENS
        assert editor.shown(OPENS, related.location.range) == "The pier opens."
        assert related.message.startswith("perhaps this page: the same path but for")

    async def test_a_double_is_shown_as_unnecessary_beside_the_first(self, editor: Editor) -> None:
        text = PAGE.replace(
            f"2. [The pier is rebuilt.]({REBUILT})", f"2. [The pier opens.]({OPENS})"
        )
        found = await editor.open(PATH, text)
        double = one(found, "NA206")
        assert list(double.tags or ()) == [types.DiagnosticTag.Unnecessary]
        [first] = double.related_information or []
        assert first.location.range.start.line == double.range.start.line - 1
        assert editor.shown(PATH, first.location.range) == OPENS

    async def test_another_title_is_shown_beside_the_link(self, editor: Editor) -> None:
        found = await editor.open(PATH, spoiled("[The pier opens.]", "[The pier shuts.]"))
        assert codes(found) == ["NA207"]
        [title] = one(found, "NA207").related_information or []
        assert editor.shown(OPENS, title.location.range) == "The pier opens."

    async def test_the_index_is_shown_beside_an_event_that_it_lacks(self, editor: Editor) -> None:
        new = "/news/2016/03/2/the-pier-sinks.md"
        found = await editor.open(new, event(title="The pier sinks."))
        assert codes(found) == ["NA208"]
        [index] = found[0].related_information or []
        assert editor.path(index.location.uri) == DAY

    async def test_places_count_utf_16_units(self, editor: Editor) -> None:
        text = spoiled("# The pier burns.", "# 😋😋 The ''pier'' burns.")
        found = await editor.open(PATH, text)
        markup = one(found, "NA504")
        line = text.splitlines()[2]
        before = line[: line.index("''")]
        assert markup.range.start == types.Position(2, len(before) + 2)
        assert editor.shown(PATH, markup.range) == "''"

    async def test_edits_behind_wide_characters_land_where_they_belong(
        self, editor: Editor
    ) -> None:
        await editor.open(PATH, spoiled("# The pier burns.", "# 😋 The pier burns."))
        editor.type(PATH, "😋 The", "😋 ''The")
        found = await editor.found(PATH)
        assert [editor.shown(PATH, d.range) for d in found if d.code == "NA504"] == ["''"]
        editor.type(PATH, "😋 ''The", "The")
        assert codes(await editor.found(PATH)) == []

    async def test_other_line_separators_are_no_line_ends(self, editor: Editor) -> None:
        text = spoiled("Nobody was hurt.", "Nobody\u2028was\x0churt\x85, they say.")
        await editor.open(PATH, text)
        editor.type(PATH, "[Harbour Post]", "[Harbour  Post]")
        editor.type(PATH, f"]({OPENS}) _Context", "](/news/2016/02/29/none.md) _Context")
        found = await editor.found(PATH)
        broken = one(found, "NA201")
        assert editor.shown(PATH, broken.range) == "/news/2016/02/29/none.md"

    async def test_line_endings_of_windows(self, editor: Editor) -> None:
        await editor.open(PATH, PAGE.replace("\n", "\r\n"))
        assert codes(await editor.found(PATH)) == ["NA103"]
        editor.type(PATH, "[The pier opens.]", "[The pier shuts.]")
        found = await editor.found(PATH)
        assert [editor.shown(PATH, d.range) for d in found if d.code == "NA207"] == [
            "The pier shuts."
        ]

    async def test_a_whole_text_may_be_sent(self, editor: Editor) -> None:
        await editor.open(PATH)
        editor.put(PATH, "")
        assert "NA104" in codes(await editor.found(PATH))
        editor.put(PATH, PAGE)
        assert codes(await editor.found(PATH)) == []

    async def test_a_closed_page_has_none(self, editor: Editor) -> None:
        await editor.open(PATH, "")
        await editor.becomes(PATH, [], lambda: editor.close(PATH))

    async def test_many_are_counted_not_cut(self, editor: Editor) -> None:
        text = PAGE + "\nodd\n\n### Odd\n" * 1200
        found = await editor.open(PATH, text)
        assert len(found) == 1001
        assert re.fullmatch(r"\d+ more findings on this page are not shown.*", found[-1].message)

    async def test_a_page_outside_of_an_archive_is_checked_by_itself(
        self, client: Client, tmp_path: Path
    ) -> None:
        editor = Editor(client, tmp_path)
        found = await editor.open("/notes.md", spoiled("2. [Evening", "9. [Evening"))
        assert codes(found) == ["NA108"]

    async def test_what_is_no_page_is_left_alone(self, editor: Editor) -> None:
        uri = editor.uri("/news/data.json")
        item = types.TextDocumentItem(uri, "json", 1, "{}")
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        editor.close("/news/data.json")
        await editor.open(PATH)
        assert uri not in editor.client.told

    async def test_a_wrong_configuration_is_told_and_the_usual_rules_run(
        self, editor: Editor
    ) -> None:
        (editor.root / "newsarchive.toml").write_text("ignor = []\n", encoding="utf-8")
        found = await editor.open(PATH, spoiled("2. [Evening", "9. [Evening"))
        assert codes(found) == ["NA108"]
        await until(lambda: [m for m in editor.client.messages if str(editor.root) in m.message])
        told = editor.client.messages[-1].message
        assert "newsarchive.toml:1: ignor: " in told
        assert told.endswith("; the usual rules run")


class TestOtherPages:
    async def test_an_unsaved_title_counts_for_those_that_quote_it(self, editor: Editor) -> None:
        await editor.open(OPENS)
        assert await editor.open(PATH) == []
        found = await editor.becomes(
            PATH, ["NA207"], lambda: editor.type(OPENS, "# The pier opens.", "# The pier is open.")
        )
        assert "'The pier is open.'" in found[0].message
        await editor.becomes(PATH, [], lambda: editor.close(OPENS))

    async def test_an_unsaved_index_counts_for_its_events(self, editor: Editor) -> None:
        await editor.open(PATH)
        await editor.open(DAY)
        entry = f"### [The pier burns.]({PATH})\n"
        await editor.becomes(PATH, ["NA208"], lambda: editor.type(DAY, entry, ""))

    async def test_a_new_page_exists_as_soon_as_it_is_open(self, editor: Editor) -> None:
        new = "/news/2016/03/2/the-pier-sinks.md"
        found = await editor.open(PATH, spoiled(REBUILT, new))
        assert codes(found) == ["NA201"]
        sinks = event(title="The pier is rebuilt.")

        def make() -> None:
            item = types.TextDocumentItem(editor.uri(new), "markdown", 1, sinks)
            editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

        await editor.becomes(PATH, [], make)

    async def test_files_that_go_and_come_are_noticed(self, editor: Editor) -> None:
        await editor.open(PATH)
        (editor.root / OPENS[1:]).unlink()
        await editor.becomes(PATH, ["NA201"], lambda: editor.files((OPENS, DELETED)))
        (editor.root / OPENS[1:]).write_text(event("2016-02-29", "The pier is open."))
        await editor.becomes(PATH, ["NA207"], lambda: editor.files((OPENS, CREATED)))
        (editor.root / OPENS[1:]).write_text(event("2016-02-29", "The pier opens."))
        await editor.becomes(PATH, [], lambda: editor.files((OPENS, CHANGED)))

    async def test_a_page_that_goes_is_gone_although_it_is_open(self, editor: Editor) -> None:
        await editor.open(OPENS)
        await editor.open(PATH)
        (editor.root / OPENS[1:]).unlink()
        await editor.becomes(PATH, ["NA201"], lambda: editor.files((OPENS, DELETED)))
        editor.type(OPENS, "# The pier opens.", "# The pier is open.")
        await editor.found(OPENS)
        editor.put(PATH, PAGE)
        assert codes(await editor.found(PATH)) == ["NA201"]

    async def test_files_that_are_no_pages_are_noticed_where_a_link_leads_to_them(
        self, editor: Editor
    ) -> None:
        plan = "/news/2016/03/4/plan.pdf"
        (editor.root / plan[1:]).write_bytes(b"%PDF")
        assert codes(await editor.open(PATH, spoiled(REBUILT, plan))) == []
        (editor.root / plan[1:]).unlink()
        await editor.becomes(PATH, ["NA201"], lambda: editor.files((plan, DELETED)))
        (editor.root / plan[1:]).write_bytes(b"%PDF")
        await editor.becomes(PATH, [], lambda: editor.files((plan, CREATED)))

    async def test_files_that_say_nothing_new_or_lie_elsewhere_change_nothing(
        self, editor: Editor
    ) -> None:
        await editor.open(PATH)
        (editor.root.parent / "notes.md").write_text("# Notes\n", encoding="utf-8")
        (editor.root / OPENS[1:]).unlink()
        elsewhere = [(f"/../{name}", CREATED) for name in ("notes.md", "away", "a.pdf")]
        others = [("/.git/HEAD", CHANGED), (REBUILT, CHANGED), *elsewhere]
        editor.files(*others)
        await editor.becomes(PATH, ["NA201"], lambda: editor.files((OPENS, DELETED)))
        assert all(m.type is not types.MessageType.Error for m in editor.client.log_messages)

    @pytest.mark.slow
    async def test_a_folder_that_goes_takes_its_pages_along(self, editor: Editor) -> None:
        await editor.open(PATH)
        folder = editor.root / "news/2016/02/29"
        folder.rename(editor.root / "away")
        gone = ("/news/2016/02/29", DELETED)
        await editor.becomes(PATH, ["NA201"], lambda: editor.files(gone))

    async def test_files_renamed_in_the_editor_are_noticed(self, editor: Editor) -> None:
        await editor.open(PATH)
        new = OPENS.replace("opens", "opened")
        (editor.root / OPENS[1:]).rename(editor.root / new[1:])
        names = types.FileRename(editor.uri(OPENS), editor.uri(new))
        await editor.becomes(
            PATH,
            ["NA201"],
            lambda: editor.client.workspace_did_rename_files(types.RenameFilesParams([names])),
        )

    async def test_files_deleted_and_made_in_the_editor_are_noticed(self, editor: Editor) -> None:
        await editor.open(PATH)
        client, uri, text = editor.client, editor.uri(OPENS), SMALL_ARCHIVE[OPENS]
        (editor.root / OPENS[1:]).unlink()
        gone = types.DeleteFilesParams([types.FileDelete(uri)])
        await editor.becomes(PATH, ["NA201"], lambda: client.workspace_did_delete_files(gone))
        (editor.root / OPENS[1:]).write_text(text, encoding="utf-8")
        made = types.CreateFilesParams([types.FileCreate(uri)])
        await editor.becomes(PATH, [], lambda: client.workspace_did_create_files(made))


class TestFixes:
    async def test_a_safe_fix_is_preferred_and_does_what_fix_text_does(
        self, editor: Editor
    ) -> None:
        text = spoiled("2. [Evening", "9. [Evening", PAGE.replace("Nobody", "😋 Nobody"))
        found = one(await editor.open(PATH, text), "NA108")
        [action] = [a for a in await editor.actions(PATH, found.range) if a.kind == "quickfix"]
        assert action.is_preferred
        assert [d.code for d in action.diagnostics or ()] == ["NA108"]
        assert editor.applied(action.edit) == {PATH: na.fix_text(text, PATH).text}

    async def test_an_unsafe_fix_says_so(self, editor: Editor) -> None:
        found = one(
            await editor.open(PATH, spoiled("[The pier opens.]", "[The pier shuts.]")), "NA207"
        )
        [action] = await editor.actions(PATH, found.range)
        assert action.title == "Take over the target's title (unsafe)"
        assert action.is_preferred is False
        assert editor.applied(action.edit)[PATH].count("[The pier opens.]") == 1

    async def test_suggestions_are_offered_with_their_reasons(self, editor: Editor) -> None:
        for number in (1, 2):
            path = f"/news/2016/03/2/the-pier-{number}.md"
            text = event(title="The pier shuts, says mayor.")
            (editor.root / path[1:]).write_text(text, encoding="utf-8")
        index = day_index(
            "2016-03-2",
            [(f"The pier {n}.", f"/news/2016/03/2/the-pier-{n}.md") for n in (1, 2)],
        )
        (editor.root / "news/2016/03/2/index.md").write_text(index, encoding="utf-8")
        gone = "/news/2016/03/2/gone.md"
        text = spoiled(
            f"[The pier is rebuilt.]({REBUILT})", f"[The pier shuts, says mayor.]({gone})"
        )
        found = one(await editor.open(PATH, text), "NA201")
        actions = await editor.actions(PATH, found.range, ["quickfix"])
        assert [a.title for a in actions] == [
            f"Link to '/news/2016/03/2/the-pier-{number}.md' (same title, same day)"
            for number in (1, 2)
        ]
        assert editor.applied(actions[1].edit) == {
            PATH: text.replace(gone, "/news/2016/03/2/the-pier-2.md")
        }

    async def test_the_likeliest_three_are_shown_beside_the_link(self, editor: Editor) -> None:
        paths = [f"/news/2016/03/2/the-pier-{n}.md" for n in range(5)]
        for path in paths:
            text = event(title="The pier shuts, says mayor.")
            (editor.root / path[1:]).write_text(text, encoding="utf-8")
        index = day_index("2016-03-2", [("The pier.", path) for path in paths])
        (editor.root / DAY[1:]).write_text(index, encoding="utf-8")
        old = f"[The pier is rebuilt.]({REBUILT})"
        gone = "[The pier shuts, says mayor.](/news/2016/03/2/gone.md)"
        found = one(await editor.open(PATH, spoiled(old, gone)), "NA201")
        shown = [editor.path(r.location.uri) for r in found.related_information or ()]
        assert shown == paths[:3]

    async def test_a_fix_is_not_offered_again_as_a_suggestion(self, editor: Editor) -> None:
        wrong = OPENS.replace("opens", "Opens")
        text = spoiled(f"[The pier opens.]({OPENS})", f"[The pier opens.]({wrong}#now)")
        found = one(await editor.open(PATH, text), "NA201")
        [action] = await editor.actions(PATH, found.range, ["quickfix"])
        assert action.title == f"Link to '{OPENS}'"
        assert editor.applied(action.edit) == {PATH: text.replace(wrong, OPENS)}

    async def test_all_safe_fixes_at_once(self, editor: Editor) -> None:
        wrong = OPENS.replace("opens", "Opens")
        text = PAGE.replace(OPENS, wrong).replace("2. [Evening", "9. [Evening")
        await editor.open(PATH, text)
        [action] = await editor.actions(
            PATH, types.Range(types.Position(0, 0), types.Position(0, 0)), ["source.fixAll"]
        )
        assert action.kind == "source.fixAll.newsarchive"
        fixed = na.fix_text(text, PATH, lookup=na.Archive(editor.root)).text
        assert editor.applied(action.edit) == {PATH: fixed}
        assert fixed == PAGE

    async def test_nothing_to_fix_gives_no_action(self, editor: Editor) -> None:
        await editor.open(PATH)
        whole = types.Range(types.Position(0, 0), types.Position(99, 0))
        assert await editor.actions(PATH, whole) == []

    async def test_the_index_is_edited_where_that_is_the_fix(self, editor: Editor) -> None:
        new = "/news/2016/03/2/the-pier-sinks.md"
        [found] = await editor.open(new, event(title="The pier sinks."))
        [action] = await editor.actions(new, found.range)
        assert action.title == f"List the event in {DAY} (unsafe)"
        [(page, text)] = editor.applied(action.edit).items()
        assert page == DAY
        assert [link.path for link in na.parse(text, DAY).entries] == [new, PATH]  # type: ignore[union-attr]


class TestLinks:
    @pytest.mark.parametrize(
        ("page", "words", "target", "title"),
        [
            (PATH, "[The pier opens.", OPENS, "The pier opens."),
            (PATH, "2016-03-2]", DAY, "2016-03-2"),
            (PATH, "2. [The pier burns.](/news/2016/03/2/the", PATH, "The pier burns."),
            (DAY, "The pier burns", PATH, "The pier burns."),
            (DAY, "Previous Day", "/news/2016/02/29/index.md", "2016-02-29"),
            ("/index.md", "On piers", "/opinion/2016/03/9/on-piers/README.md", ""),
        ],
    )
    async def test_definition(
        self, editor: Editor, page: str, words: str, target: str, title: str
    ) -> None:
        await editor.open(page)
        params = types.DefinitionParams(**editor.at(page, words))
        [found] = await editor.client.text_document_definition_async(params)  # type: ignore[misc]
        assert isinstance(found, types.LocationLink)
        assert editor.path(found.target_uri) == target
        assert editor.shown(target, found.target_selection_range) == title
        assert found.origin_selection_range
        assert editor.shown(page, found.origin_selection_range) == target

    @pytest.mark.parametrize("words", ["Nobody", "Harbour", "# The"])
    async def test_no_definition(self, editor: Editor, words: str) -> None:
        await editor.open(PATH)
        params = types.DefinitionParams(**editor.at(PATH, words))
        assert not await editor.client.text_document_definition_async(params)

    async def test_references_from_the_title(self, editor: Editor) -> None:
        await editor.open(PATH)
        context = types.ReferenceContext(include_declaration=False)
        params = types.ReferenceParams(context=context, **editor.at(PATH, "pier burns"))
        found = await editor.client.text_document_references_async(params) or []
        assert [editor.path(place.uri) for place in found] == [OPENS, DAY]
        assert {editor.shown(editor.path(place.uri), place.range) for place in found} == {PATH}

    async def test_references_from_a_link_are_the_targets(self, editor: Editor) -> None:
        await editor.open(PATH)
        context = types.ReferenceContext(include_declaration=True)
        params = types.ReferenceParams(context=context, **editor.at(PATH, "The pier is rebuilt"))
        found = await editor.client.text_document_references_async(params) or []
        assert [editor.path(p.uri) for p in found] == [REBUILT, PATH, "/news/2016/03/4/index.md"]
        assert editor.shown(REBUILT, found[0].range) == "The pier is rebuilt."

    async def test_every_link_of_a_page_is_a_reference(self, editor: Editor) -> None:
        text = event("2016-02-29", "T.", related=[f"[The pier burns.]({PATH}#{n})" for n in "ab"])
        (editor.root / OPENS[1:]).write_text(text, encoding="utf-8")
        await editor.open(PATH)
        context = types.ReferenceContext(include_declaration=False)
        params = types.ReferenceParams(context=context, **editor.at(PATH, "pier burns"))
        found = await editor.client.text_document_references_async(params) or []
        assert [(editor.path(p.uri), editor.shown(editor.path(p.uri), p.range)) for p in found] == [
            (OPENS, f"{PATH}#a"),
            (OPENS, f"{PATH}#b"),
            (DAY, PATH),
        ]

    async def test_unsaved_links_are_references(self, editor: Editor) -> None:
        await editor.open(PATH)
        editor.type(PATH, f"[The pier is rebuilt.]({REBUILT})", f"[Again.]({LATER})")
        await editor.found(PATH)
        context = types.ReferenceContext(include_declaration=False)
        params = types.ReferenceParams(context=context, **editor.at(PATH, "Again."))
        found = await editor.client.text_document_references_async(params) or []
        assert PATH in [editor.path(place.uri) for place in found]

    async def test_hover_tells_of_the_target(self, editor: Editor) -> None:
        text = event("2016-02-29", "The *pier* opens.", description="At noon.\nWith <b>music</b>.")
        text = text.replace("# The", "##### Harbours\n# The")
        (editor.root / OPENS[1:]).write_text(text, encoding="utf-8")
        await editor.open(PATH)
        params = types.HoverParams(**editor.at(PATH, "[The pier opens."))
        found = await editor.client.text_document_hover_async(params)
        assert found
        assert found.contents == types.MarkupContent(
            types.MarkupKind.Markdown,
            "**The \\*pier\\* opens\\.**\n\n2016\\-02\\-29 · Harbours\n\n"
            "Shared context\\: pier, Veldania\n\nAt noon\\. With \\<b\\>music\\</b\\>\\.",
        )

    @pytest.mark.parametrize(
        ("target", "told"),
        [
            ("/faq/README.md", "**/faq/README\\.md**"),
            ("/news/2016/03/4/x.md", "There is no page /news/2016/03/4/x\\.md"),
        ],
        ids=["a page without a title", "no page"],
    )
    async def test_hover_tells_no_more_than_there_is(
        self, editor: Editor, target: str, told: str
    ) -> None:
        await editor.open(PATH, spoiled(REBUILT, target))
        params = types.HoverParams(**editor.at(PATH, target))
        found = await editor.client.text_document_hover_async(params)
        assert found
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.value == told

    async def test_no_hover_beside_links(self, editor: Editor) -> None:
        await editor.open(PATH)
        params = types.HoverParams(**editor.at(PATH, "Nobody"))
        assert await editor.client.text_document_hover_async(params) is None


class TestCompletion:
    async def items(self, editor: Editor, path: str, words: str) -> list[types.CompletionItem]:
        await editor.loaded()
        params = types.CompletionParams(**editor.at(path, words, len(words)))
        found = await editor.client.text_document_completion_async(params)
        assert isinstance(found, types.CompletionList)
        return list(found.items)

    def taken(self, editor: Editor, path: str, item: types.CompletionItem) -> str:
        """The text once an item was taken."""
        assert item.text_edit
        edit = types.WorkspaceEdit(changes={editor.uri(path): [item.text_edit]})  # type: ignore[list-item]
        return editor.applied(edit)[path]

    async def test_a_title_completes_to_the_whole_link(self, editor: Editor) -> None:
        line = f"2. [The pier is rebuilt.]({REBUILT})"
        await editor.open(PATH, spoiled(line, "2. [rebuil"))
        [item] = await self.items(editor, PATH, "2. [rebuil")
        assert (item.label, item.detail) == ("The pier is rebuilt.", REBUILT)
        assert self.taken(editor, PATH, item) == PAGE

    async def test_what_stands_there_already_is_replaced(self, editor: Editor) -> None:
        await editor.open(PATH, spoiled(f"[The pier is rebuilt.]({REBUILT})", "[rebuil](/old.md)"))
        [item] = await self.items(editor, PATH, "[rebuil")
        assert self.taken(editor, PATH, item) == PAGE

    async def test_a_path_completes_within_its_folder(self, editor: Editor) -> None:
        await editor.open(PATH, spoiled(f"({REBUILT})", "(/news/2016/03/4/"))
        items = await self.items(editor, PATH, "(/news/2016/03/4/")
        assert [(i.label, i.detail) for i in items] == [(REBUILT, "The pier is rebuilt.")]
        assert self.taken(editor, PATH, items[0]) == PAGE

    async def test_a_path_completes_by_the_title_before_it(self, editor: Editor) -> None:
        await editor.open(PATH, spoiled(f"({REBUILT})", "()"))
        items = await self.items(editor, PATH, "2. [The pier is rebuilt.](")
        assert items[0].label == REBUILT
        assert self.taken(editor, PATH, items[0]) == PAGE

    async def test_folders_complete_step_by_step(self, editor: Editor) -> None:
        await editor.open(PATH, spoiled(f"[The pier is rebuilt.]({REBUILT})", "[x](/news/2016/0"))
        items = await self.items(editor, PATH, "[x](/news/2016/0")
        assert [i.label for i in items if i.kind == types.CompletionItemKind.Folder] == [
            "/news/2016/02/",
            "/news/2016/03/",
        ]
        editor.type(PATH, "[x](/news/2016/0", "[x](/news/2016/03/1")
        items = await self.items(editor, PATH, "[x](/news/2016/03/1")
        assert [i.label for i in items] == ["/news/2016/03/10/"]

    async def test_index_entries_complete_too(self, editor: Editor) -> None:
        with open(editor.root / DAY[1:], encoding="utf-8") as file:
            text = file.read()
        await editor.open(DAY, spoiled(f"[The pier burns.]({PATH})", "[burns", text))
        [item] = await self.items(editor, DAY, "### [burns")
        assert self.taken(editor, DAY, item) == text

    @pytest.mark.parametrize(
        "words", ["1. [Harbour", "Nobody was", "1. [Smoke", "# The", "Related:\n"]
    )
    async def test_nothing_completes_elsewhere(self, editor: Editor, words: str) -> None:
        await editor.open(PATH)
        assert await self.items(editor, PATH, words) == []


class TestSymbols:
    async def outline(self, editor: Editor, path: str) -> list[types.DocumentSymbol]:
        params = types.DocumentSymbolParams(types.TextDocumentIdentifier(editor.uri(path)))
        found = await editor.client.text_document_document_symbol_async(params) or []
        return [symbol for symbol in found if isinstance(symbol, types.DocumentSymbol)]

    async def test_an_events_sections_and_entries(self, editor: Editor) -> None:
        await editor.open(PATH)
        [root] = await self.outline(editor, PATH)
        assert root.name == "The pier burns."
        names = {s.name: [c.name for c in s.children or ()] for s in root.children or ()}
        assert names == {
            "Source": ["Harbour Post", "Evening Tide", "Cover Image"],
            "Related": ["The pier opens.", "The pier is rebuilt."],
            "Changes": ["Smoke over the pier.", "The pier burns.", "The pier burns."],
        }
        for section in root.children or ():
            for entry in section.children or ():
                assert section.range.start.line < entry.range.start.line
                assert entry.range.end.line <= section.range.end.line

    async def test_an_indexs_days_and_entries(self, editor: Editor) -> None:
        await editor.open("/index.md")
        found = await self.outline(editor, "/index.md")
        assert [(s.name, [c.name for c in s.children or ()]) for s in found] == [
            ("News", ["The pier opens again."]),
            ("Opinion", ["On piers"]),
            ("Previous Day...", []),
        ]

    async def test_titles_of_the_workspace(self, editor: Editor) -> None:
        await editor.open(PATH)
        (editor.root / LATER[1:]).write_text(event("2016-03-10", "Zebras cross the pier."))
        editor.files((LATER, CHANGED))
        params = types.WorkspaceSymbolParams("ZEBRAS pier")
        found = await editor.client.workspace_symbol_async(params) or []
        assert [(s.name, editor.path(s.location.uri)) for s in found] == [
            ("Zebras cross the pier.", LATER)
        ]


TITLE = "The pier is burnt."
BURNT = "/news/2016/03/2/the-pier-is-burnt.md"


class TestRename:
    async def rename(self, editor: Editor, path: str, words: str, name: str) -> dict[str, str]:
        params = types.RenameParams(new_name=name, **editor.at(path, words))
        return editor.applied(await editor.client.text_document_rename_async(params))

    async def test_the_title_can_be_renamed(self, editor: Editor) -> None:
        await editor.open(PATH)
        params = types.PrepareRenameParams(**editor.at(PATH, "pier burns"))
        found = await editor.client.text_document_prepare_rename_async(params)
        assert isinstance(found, types.PrepareRenamePlaceholder)
        assert editor.shown(PATH, found.range) == found.placeholder == "The pier burns."

    @pytest.mark.parametrize("words", ["Nobody", "[Harbour", "2016-03-2]"])
    async def test_nothing_else_can(self, editor: Editor, words: str) -> None:
        await editor.open(PATH)
        params = types.PrepareRenameParams(**editor.at(PATH, words))
        assert await editor.client.text_document_prepare_rename_async(params) is None

    async def test_nothing_of_an_index_can(self, editor: Editor) -> None:
        await editor.open(DAY)
        params = types.PrepareRenameParams(**editor.at(DAY, "2016-03-2"))
        assert await editor.client.text_document_prepare_rename_async(params) is None
        with pytest.raises(JsonRpcException, match="put the cursor on the title of an event"):
            await self.rename(editor, DAY, "2016-03-2", TITLE)

    async def test_it_does_what_mv_does(self, editor: Editor) -> None:
        await editor.open(PATH)
        edited = await self.rename(editor, PATH, "pier burns", TITLE)
        archive = na.Archive(editor.root)
        archive.retitle(PATH, TITLE)
        assert set(edited) == {BURNT, OPENS, DAY}
        stamp = re.compile(r"_\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(Update\)_")
        for path, text in edited.items():
            expected = archive.read_bytes(path).decode()
            assert stamp.sub("", text) == stamp.sub("", expected)
        assert f"[{TITLE}]({BURNT})" in edited[DAY]

    async def test_unsaved_texts_are_renamed_too(self, editor: Editor) -> None:
        await editor.open(PATH)
        editor.type(PATH, "Nobody was hurt.", "One was hurt.")
        await editor.open(REBUILT)
        link = f"\n### Related:\n\n1. [The pier burns.]({PATH})\n"
        editor.put(REBUILT, editor.texts[REBUILT] + link)
        edited = await self.rename(editor, PATH, "pier burns", TITLE)
        assert "One was hurt." in edited[BURNT]
        assert f"[{TITLE}]({BURNT})" in edited[REBUILT]

    async def test_a_path_moves_the_page(self, editor: Editor) -> None:
        await editor.open(PATH)
        edited = await self.rename(editor, PATH, "pier burns", BURNT)
        na.Archive(editor.root).move(PATH, BURNT)
        assert edited == {
            path: (editor.root / path[1:]).read_text(encoding="utf-8")
            for path in (BURNT, OPENS, DAY)
        }

    async def test_links_that_came_meanwhile_follow(self, editor: Editor) -> None:
        await editor.open(PATH)
        more = event("2016-03-4", "The pier is rebuilt.", related=[f"[The pier burns.]({PATH})"])
        (editor.root / REBUILT[1:]).write_text(more, encoding="utf-8")
        edited = await self.rename(editor, PATH, "pier burns", TITLE)
        assert f"[{TITLE}]({BURNT})" in edited[REBUILT]

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("The pier burns.", "that is its title already"),
            ("???", "no path can be made of the title"),
            ("/news/2016/03/4/x.md", "a page stays in its day's folder"),
        ],
    )
    async def test_what_mv_refuses_is_refused(self, editor: Editor, name: str, why: str) -> None:
        await editor.open(PATH)
        with pytest.raises(JsonRpcException, match=why):
            await self.rename(editor, PATH, "pier burns", name)

    @pytest.mark.slow
    async def test_it_needs_a_title(self, editor: Editor) -> None:
        await editor.open(PATH)
        with pytest.raises(JsonRpcException, match="put the cursor on the title"):
            await self.rename(editor, PATH, "Nobody", TITLE)
