"""What is asked of pages, places and files, by a real client over standard input and output."""

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
from newsarchive.archive import Archive
from newsarchive.editing.repair import repair
from newsarchive.page.parser import read
from tests.builders import (
    LATER,
    OPENS,
    PATH,
    REBUILT,
    SMALL_ARCHIVE,
    event,
    spoiled,
    write_archive,
)
from tests.lsp.editor import CONFIG, Client, Editor, until

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

DAY = "/news/2016/03/2/index.md"
EDITORIAL = "/opinion/2016/03/9/on-piers/README.md"
LAYOUT = ["NA102", "NA103", "NA108", "NA401"]


@pytest_lsp.fixture(config=CONFIG, scope="module")  # type: ignore[untyped-decorator]
async def client(client: Client) -> AsyncIterator[None]:
    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.text_document
    capabilities.text_document.document_link = types.DocumentLinkClientCapabilities(
        tooltip_support=True
    )
    result = await client.initialize_session(types.InitializeParams(capabilities))
    client.offered = result.capabilities
    yield
    await client.shutdown_session()


@pytest.fixture
def editor(client: Client, tmp_path: Path) -> Editor:
    return Editor(client, write_archive(tmp_path / "archive", small=True))


class TestFormatting:
    UNTIDY = spoiled("2. [Evening", "9. [Evening").replace("burns.\n\nN", "burns.  \n\n\nN")

    async def formatted(self, editor: Editor, path: str) -> str:
        document = types.TextDocumentIdentifier(editor.uri(path))
        params = types.DocumentFormattingParams(document, types.FormattingOptions(4, True))
        edits = await editor.client.text_document_formatting_async(params)
        edit = types.WorkspaceEdit(changes={editor.uri(path): list(edits or ())})
        return editor.applied(edit)[path]

    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    async def test_it_does_what_fmt_does(self, editor: Editor, newline: str) -> None:
        text = self.UNTIDY.replace("\n", newline)
        await editor.open(PATH, text)
        formatted = await self.formatted(editor, PATH)
        (editor.root / PATH[1:]).write_bytes(text.encode())
        archive = Archive(editor.root)
        repair(archive, na.check(archive, select=LAYOUT).diagnostics)
        assert formatted != text
        assert formatted == (editor.root / PATH[1:]).read_bytes().decode()

    async def test_what_no_layout_is_stays(self, editor: Editor) -> None:
        await editor.open(PATH, self.UNTIDY.replace("[The pier opens.]", "[Another title.]"))
        assert "[Another title.]" in await self.formatted(editor, PATH)

    async def test_a_page_in_order_is_left_alone(self, editor: Editor) -> None:
        await editor.open(PATH)
        assert await self.formatted(editor, PATH) == SMALL_ARCHIVE[PATH]

    async def test_so_is_one_with_conflict_markers(self, editor: Editor) -> None:
        text = self.UNTIDY.replace("Nobody", "<<<<<<< ours\nSome\n=======\nNobody\n>>>>>>> theirs")
        await editor.open(PATH, text)
        assert await self.formatted(editor, PATH) == text

    async def test_so_is_one_that_a_run_passes_over(self, editor: Editor) -> None:
        (editor.root / "newsarchive.toml").write_text('exclude = ["/drafts/"]\n', "utf-8")
        await editor.open("/drafts/x.md", self.UNTIDY)
        assert await self.formatted(editor, "/drafts/x.md") == self.UNTIDY

    async def test_rules_that_the_configuration_ignores_are_left_alone(
        self, editor: Editor
    ) -> None:
        (editor.root / "newsarchive.toml").write_text('ignore = ["NA108", "NA401"]\n', "utf-8")
        await editor.open(PATH, self.UNTIDY)
        assert "9. [Evening" in await self.formatted(editor, PATH)


class TestDocumentLinks:
    async def links(self, editor: Editor, path: str) -> list[tuple[str, str | None, str | None]]:
        params = types.DocumentLinkParams(types.TextDocumentIdentifier(editor.uri(path)))
        found = await editor.client.text_document_document_link_async(params) or []
        return [(editor.shown(path, link.range), link.target, link.tooltip) for link in found]

    async def test_every_link_of_an_event_that_leads_somewhere(self, editor: Editor) -> None:
        await editor.open(PATH, spoiled(f"({REBUILT})", "(/news/2016/03/4/none.md)"))
        await editor.loaded()
        web = [
            "https://post.example.org/pier",
            "https://tide.example.org/fire?id=7",
            "https://post.example.org/pier.jpg",
        ]
        opens = (OPENS, editor.uri(OPENS), "The pier opens.")
        own = (PATH, editor.uri(PATH), "The pier burns.")
        assert await self.links(editor, PATH) == [
            (DAY, editor.uri(DAY), None),
            *((address, address, None) for address in web),
            opens,
            own,
            own,
        ]

    async def test_those_of_an_index(self, editor: Editor) -> None:
        await editor.open("/index.md")
        await editor.loaded()
        assert await self.links(editor, "/index.md") == [
            ("/news/2016/03/10/index.md", editor.uri("/news/2016/03/10/index.md"), None),
            (LATER, editor.uri(LATER), "The pier opens again."),
            (EDITORIAL, editor.uri(EDITORIAL), None),
            ("/news/2016/03/4/index.md", editor.uri("/news/2016/03/4/index.md"), None),
        ]

    async def test_what_is_no_web_address_is_no_link(self, editor: Editor) -> None:
        text = event(sources=["[A](javascript:alert)", "[B](ftp://b.example)", "[C](HTTPS://c.d)"])
        await editor.open(PATH, text)
        assert [target for _, target, _ in await self.links(editor, PATH)][1:] == ["HTTPS://c.d"]


class TestHover:
    async def told(self, editor: Editor, path: str, words: str, offset: int = 0) -> str:
        await editor.loaded()
        params = types.HoverParams(**editor.at(path, words, offset))
        found = await editor.client.text_document_hover_async(params)
        assert found
        assert isinstance(found.contents, types.MarkupContent)
        assert found.range
        self.marked = editor.shown(path, found.range)
        return found.contents.value.replace("\\", "")

    async def test_a_title_says_what_leads_to_its_page(self, editor: Editor) -> None:
        await editor.open(PATH)
        assert await self.told(editor, PATH, "pier burns.") == (
            "**The pier burns.**\n\n"
            "Linked from 2 pages (1 related link, 1 index entry), 2016-02-29 to 2016-03-2"
        )
        assert self.marked == "The pier burns."

    async def test_one_that_nothing_leads_to_says_so(self, editor: Editor) -> None:
        new = "/news/2016/03/2/new.md"
        await editor.open(new, event(title="Nobody knows."))
        told = await self.told(editor, new, "Nobody knows.")
        assert told == "**Nobody knows.**\n\nNo other page links here"

    async def test_pages_of_no_day_have_no_days(self, editor: Editor) -> None:
        new = "/news/2016/03/2/new.md"
        text = f"## [News](/news/2016/03/10/index.md)\n\n### [Nobody knows.]({new})\n\n"
        (editor.root / "index.md").write_text(text, "utf-8")
        await editor.open(new, event(title="Nobody knows."))
        told = await self.told(editor, new, "Nobody knows.")
        assert told == "**Nobody knows.**\n\nLinked from 1 page (1 index entry)"

    async def test_outside_of_all_archives_nothing_is_told(
        self, client: Client, tmp_path: Path
    ) -> None:
        editor = Editor(client, tmp_path)
        await editor.open("/notes.md", SMALL_ARCHIVE[PATH])
        params = types.HoverParams(**editor.at("/notes.md", "pier burns."))
        assert await client.text_document_hover_async(params) is None

    async def test_a_context_term_says_how_often_and_where(self, editor: Editor) -> None:
        related = [f"[The pier burns.]({PATH}) _Context: harbour, pier_"] * 2
        text = event("2016-03-10", "The pier opens again.", related=related)
        (editor.root / LATER[1:]).write_text(text, "utf-8")
        await editor.open(PATH)
        assert await self.told(editor, PATH, "Context: pier", len("Context: pi")) == (
            "**pier**\n\nIn the context of 3 links on 2 pages, 2016-03-2 to 2016-03-10\n\n"
            "2016-03-10 The pier opens again.\n\n2016-03-2 The pier burns."
        )
        assert self.marked == "pier"
        assert (await self.told(editor, PATH, "Veldania")).startswith(
            "**Veldania**\n\nIn the context of 1 link on 1 page, 2016-03-2\n\n"
        )


class TestCompletionByWords:
    async def test_words_count_in_any_order(self, editor: Editor) -> None:
        await editor.open(PATH, spoiled(f"2. [The pier is rebuilt.]({REBUILT})", "2. [again pi"))
        await editor.loaded()
        words = "2. [again pi"
        params = types.CompletionParams(**editor.at(PATH, words, len(words)))
        found = await editor.client.text_document_completion_async(params)
        assert isinstance(found, types.CompletionList)
        assert [item.label for item in found.items] == ["The pier opens again."]
        assert [item.filter_text for item in found.items] == ["again pi"]

    async def test_a_blank_asks_again(self, client: Client) -> None:
        assert client.offered
        provider = client.offered.completion_provider
        assert provider
        assert " " in (provider.trigger_characters or ())


class TestRenameFromALink:
    async def rename(self, editor: Editor, path: str, words: str, name: str) -> dict[str, str]:
        params = types.RenameParams(new_name=name, **editor.at(path, words))
        return editor.applied(await editor.client.text_document_rename_async(params))

    async def test_its_target_is_renamed(self, editor: Editor) -> None:
        await editor.open(PATH)
        edited = await self.rename(editor, PATH, "pier opens.", "The pier is open.")
        new = "/news/2016/02/29/the-pier-is-open.md"
        assert set(edited) == {new, "/news/2016/02/29/index.md", PATH}
        assert f"1. [The pier is open.]({new}) _Context" in edited[PATH]
        assert "# The pier is open.\n" in edited[new]

    async def test_so_it_is_from_an_index_and_by_a_path(self, editor: Editor) -> None:
        await editor.open(DAY)
        new = "/news/2016/03/2/fire.md"
        edited = await self.rename(editor, DAY, "pier burns", new)
        assert set(edited) == {new, DAY, OPENS}
        assert f"[The pier burns.]({new})" in edited[DAY]

    async def test_a_link_that_leads_nowhere_names_nothing(self, editor: Editor) -> None:
        await editor.open(PATH, spoiled(f"({REBUILT})", "(/news/2016/03/4/none.md)"))
        with pytest.raises(JsonRpcException, match="or on a link to one"):
            await self.rename(editor, PATH, "pier is rebuilt", "Other.")


class TestFileRenames:
    async def asked(self, editor: Editor, *names: tuple[str, str]) -> dict[str, str]:
        """The texts that change where files are about to be renamed."""
        files = [types.FileRename(editor.uri(old), editor.uri(new)) for old, new in names]
        found = await editor.client.workspace_will_rename_files_async(
            types.RenameFilesParams(files)
        )
        return editor.applied(found) if found else {}

    async def test_links_follow_a_page_as_with_mv(self, editor: Editor) -> None:
        new = "/news/2016/03/2/fire.md"
        await editor.open(OPENS)
        edited = await self.asked(editor, (PATH, new))
        na.Archive(editor.root).move(PATH, new)
        edited[new] = edited.pop(PATH)
        assert edited == {
            path: (editor.root / path[1:]).read_text("utf-8") for path in (new, OPENS, DAY)
        }

    async def test_unsaved_links_follow_too(self, editor: Editor) -> None:
        await editor.open(REBUILT)
        link = f"\n### Related:\n\n1. [The pier burns.]({PATH})\n"
        editor.put(REBUILT, editor.texts[REBUILT] + link)
        edited = await self.asked(editor, (PATH, "/news/2016/03/2/fire.md"))
        assert edited[REBUILT].endswith("(/news/2016/03/2/fire.md)\n")

    async def test_they_follow_into_another_day(self, editor: Editor) -> None:
        new = PATH.replace("/2/", "/4/")
        edited = await self.asked(editor, (PATH, new))
        assert f"]({new})" in edited[OPENS]
        assert "](/news/2016/03/2/index.md)" in edited[PATH]

    async def test_they_follow_all_pages_of_a_folder(self, editor: Editor) -> None:
        old, new = "/opinion/2016/03/9/on-piers", "/opinion/2016/03/9/piers"
        edited = await self.asked(editor, (old, new))
        assert set(edited) == {"/index.md", "/opinion/index.md"}
        assert all(f"({new}/README.md)" in text for text in edited.values())

    async def test_they_follow_a_day_and_each_other(self, editor: Editor) -> None:
        edited = await self.asked(editor, ("/news/2016/03/2", "/news/2016/03/3"))
        assert set(edited) == {DAY, PATH, OPENS, "/news/2016/03/4/index.md"}
        links = [link for path, text in edited.items() for link in read(text, path).links()]
        older = [link.target for link in links if link.target.startswith("/news/2016/03/2/")]
        assert older == [PATH], "an older version keeps its path"

    async def test_they_follow_files_that_are_no_pages(self, editor: Editor) -> None:
        plan = "/news/2016/03/4/plan.pdf"
        (editor.root / plan[1:]).write_bytes(b"%PDF")
        await editor.open(PATH, spoiled(REBUILT, plan))
        edited = await self.asked(editor, (plan, "/news/2016/03/4/map.pdf"))
        assert "](/news/2016/03/4/map.pdf)" in edited[PATH]

    async def test_several_files_at_once(self, editor: Editor) -> None:
        names = [(old, old.replace("the-pier", "a-pier")) for old in (PATH, OPENS)]
        edited = await self.asked(editor, *names)
        [(_, burns), (_, opens)] = names
        assert f"]({opens}) _Context" in edited[PATH]
        assert f"]({burns})" in edited[OPENS]

    @pytest.mark.parametrize(
        ("new", "why"),
        [
            ("/news/2016/03/2/a b.md", "a link cannot name a path with ' ' in it"),
            ("/news/2016/03/2/x&amp;y.md", "no link can name this path"),
            ("/news/2016/03/2/x.txt", "there it is no event page any more"),
            ("/faq/pier.md", "there it is no event page any more"),
            ("/news/2016/03/02/pier.md", "the folder of a day is /news/YYYY/MM/D"),
            ("/../pier.md", "it leaves the archive"),
            ("/news/2016/03/2/.pier.md", "it leaves the archive"),
            (REBUILT, "there is a file of that path already"),
        ],
    )
    async def test_where_no_link_could_lead_nothing_follows_and_it_is_told(
        self, editor: Editor, new: str, why: str
    ) -> None:
        editor.client.messages.clear()
        assert await self.asked(editor, (PATH, new)) == {}
        await until(lambda: editor.client.messages)
        [told] = editor.client.messages
        assert re.fullmatch(f"links do not follow: .*{re.escape(why)}.*", told.message)
        assert told.type is types.MessageType.Warning

    async def test_where_nothing_leads_there_nothing_is_told(self, editor: Editor) -> None:
        editor.client.messages.clear()
        lonely = ("/faq/README.md", "/faq/README.txt")
        outside = ("/../a.md", "/../b.md")
        assert await self.asked(editor, lonely, outside) == {}
        assert await self.asked(editor, (PATH, "/news/2016/03/2/fire.md"))
        assert editor.client.messages == []

    async def test_one_that_cannot_follow_holds_up_no_other(self, editor: Editor) -> None:
        editor.client.messages.clear()
        edited = await self.asked(editor, (PATH, "/a b.md"), (OPENS, OPENS.replace("-", "_")))
        assert set(edited) == {PATH, "/news/2016/02/29/index.md"}
        await until(lambda: len(editor.client.messages) == 1)

    async def test_what_the_configuration_excludes_is_no_place_for_a_page(
        self, editor: Editor
    ) -> None:
        (editor.root / "newsarchive.toml").write_text('exclude = ["/old/"]\n', "utf-8")
        assert await self.asked(editor, (EDITORIAL, "/old/README.md")) == {}


class TestSymbols:
    async def names(self, editor: Editor, query: str) -> list[str]:
        await editor.open(PATH)
        await editor.loaded()
        params = types.WorkspaceSymbolParams(query)
        found = await editor.client.workspace_symbol_async(params) or []
        here = editor.root.as_uri()
        return [symbol.name for symbol in found if symbol.location.uri.startswith(here)]

    async def test_without_a_word_there_are_as_many_as_a_list_holds(self, editor: Editor) -> None:
        new = {
            f"/news/2016/03/7/{number}.md": event("2016-03-7", f"T{number}.")
            for number in range(99)
        }
        write_archive(editor.root, new)
        await self.names(editor, "zzzz")
        found = await editor.client.workspace_symbol_async(types.WorkspaceSymbolParams(""))
        assert len(found or ()) == 100

    async def test_every_word_counts_in_any_order(self, editor: Editor) -> None:
        assert await self.names(editor, "AGAIN pier") == ["The pier opens again."]
        assert await self.names(editor, "pier zzzz") == []
