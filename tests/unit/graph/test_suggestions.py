"""What a broken link may have meant."""

from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.findings.diagnostics import Diagnostic, Suggestion, clear_best
from newsarchive.graph.suggestions import Evidence
from newsarchive.store.renames import History, Rename
from tests.builders import PATH, day_index, event, found_in, write_archive
from tests.repositories import commit, git, needs_git

FOLDER = "/news/2016/03/4"
GONE = f"{FOLDER}/old.md"


def there(title: str, *, source: str = "", **parts: list[str] | str) -> str:
    """A page of the day that the link means."""
    sources = [f"[Post](https://post.example.org/{source or len(title)})"]
    return event("2016-03-4", title, sources=sources, **parts)  # type: ignore[arg-type]


def broken(
    root: Path, pages: dict[str, str], target: str = GONE, text: str = "Old.", context: str = ""
) -> Diagnostic:
    """The finding for a link to `target` in an archive with these pages."""
    note = f" _Context: {context}_" if context else ""
    mine = {PATH: event(related=[f"[{text}]({target}){note}"]), **pages}
    [found] = found_in(write_archive(root, mine), "NA201")
    return found


def fix_of(diagnostic: Diagnostic) -> tuple[str, str] | None:
    """Applicability and new target of a finding's fix; None where it only removes."""
    fix = diagnostic.fix
    if fix is None or fix.removes:
        return None
    return fix.applicability.value, fix.edits[0].replacement


class TestChanges:
    CHANGE = f"[Old.]({GONE}) _2016-03-04 10:00:00 (First version)_"

    def test_a_page_that_names_the_old_path(self, tmp_path: Path) -> None:
        pages = {f"{FOLDER}/new.md": there("Another title.", changes=[self.CHANGE])}
        found = broken(tmp_path, pages, text="Nothing alike")
        assert fix_of(found) == ("safe", f"{FOLDER}/new.md")
        assert found.suggestions[0].certain
        assert "its Changes list" in found.message
        assert f"did you mean '{FOLDER}/new.md'" in found.message

    def test_two_pages_that_name_it(self, tmp_path: Path) -> None:
        pages = {
            f"{FOLDER}/{n}.md": there(f"Title {n}.", changes=[self.CHANGE]) for n in ("one", "two")
        }
        found = broken(tmp_path, pages)
        assert fix_of(found) is None
        assert f"'{FOLDER}/one.md' or '{FOLDER}/two.md'" in found.message
        assert [s.path for s in found.suggestions] == [f"{FOLDER}/one.md", f"{FOLDER}/two.md"]

    def test_it_outweighs_an_equal_title(self, tmp_path: Path) -> None:
        pages = {
            f"{FOLDER}/new.md": there("New.", changes=[self.CHANGE]),
            f"{FOLDER}/same.md": there("Old."),
        }
        found = broken(tmp_path, pages)
        assert fix_of(found) == ("safe", f"{FOLDER}/new.md")

    def test_a_fragment_stays(self, tmp_path: Path) -> None:
        pages = {f"{FOLDER}/new.md": there("New.", changes=[self.CHANGE])}
        found = broken(tmp_path, pages, target=f"{GONE}#top")
        assert found.target == GONE
        text = (tmp_path / PATH[1:]).read_text()
        assert found.fix
        assert f"]({FOLDER}/new.md#top)" in na.apply_edits(text, found.fix.edits)


class TestForm:
    @pytest.mark.parametrize(
        ("target", "words"),
        [
            (f"{FOLDER}/Real.md", "another letter case"),
            (f"{FOLDER}/real.html", "'.html' for '.md'"),
            (f"{FOLDER}/real", "a left-off extension"),
            (f"{FOLDER}/real.md/", "a trailing slash"),
            (f"{FOLDER}/re%61l.md", "percent-encoding"),
        ],
    )
    def test_the_same_path_in_another_form(self, tmp_path: Path, target: str, words: str) -> None:
        found = broken(tmp_path, {f"{FOLDER}/real.md": there("Real.")}, target)
        assert fix_of(found) == ("safe", f"{FOLDER}/real.md")
        assert f"the same path but for {words}" in found.message


@pytest.mark.slow
@needs_git
class TestGit:
    def checkout(self, root: Path, text: str) -> Path:
        write_archive(root, {GONE: text})
        git(root, "init", "-q")
        commit(root)
        return root

    def test_a_page_that_moved(self, tmp_path: Path) -> None:
        root = self.checkout(tmp_path, there("Something."))
        git(root, "mv", GONE[1:], f"{FOLDER[1:]}/new.md")
        commit(root)
        found = broken(root, {}, text="Nothing alike")
        assert fix_of(found) == ("safe", f"{FOLDER}/new.md")
        assert found.suggestions[0].reasons == ("renamed in git's history",)

    def test_a_chain_whose_last_step_is_staged(self, tmp_path: Path) -> None:
        root = self.checkout(tmp_path, there("Something."))
        git(root, "mv", GONE[1:], f"{FOLDER[1:]}/new.md")
        commit(root)
        git(root, "mv", f"{FOLDER[1:]}/new.md", f"{FOLDER[1:]}/newer.md")
        assert fix_of(broken(root, {}, text="x")) == ("safe", f"{FOLDER}/newer.md")

    def test_one_that_was_edited_and_kept_its_source(self, tmp_path: Path) -> None:
        root = self.checkout(tmp_path, there("Something.", source="1"))
        git(root, "mv", GONE[1:], f"{FOLDER[1:]}/new.md")
        (root / f"{FOLDER[1:]}/new.md").write_text(there("Something else.", source="1"))
        commit(root)
        assert fix_of(broken(root, {}, text="x")) == ("safe", f"{FOLDER}/new.md")

    def test_two_events_that_git_takes_for_one(self, tmp_path: Path) -> None:
        related = [f"[The pier burns.]({PATH})"]
        root = self.checkout(tmp_path, there("Snow in June.", source="snow", related=related))
        (root / GONE[1:]).unlink()
        text = there("A minister resigns.", source="min", related=related)
        (root / f"{FOLDER[1:]}/new.md").write_text(text)
        commit(root)
        found = broken(root, {}, text="Snow in June.")
        assert fix_of(found) is None
        assert [s.path for s in found.suggestions] == [f"{FOLDER}/new.md"]
        assert "may be another event" in found.suggestions[0].reasons[-1]
        assert not found.suggestions[0].certain

    def test_one_that_git_guesses_and_the_title_bears_out(self, tmp_path: Path) -> None:
        root = self.checkout(tmp_path, there("Old.", source="1"))
        git(root, "mv", GONE[1:], f"{FOLDER[1:]}/new.md")
        (root / f"{FOLDER[1:]}/new.md").write_text(there("Old.", source="2"))
        commit(root)
        found = broken(root, {})
        assert found.suggestions[0].reasons == (
            "same title, same day",
            "git takes it for a rename, but it may be another event",
        )
        assert fix_of(found) == ("unsafe", f"{FOLDER}/new.md")

    def test_a_page_that_goes_meanwhile_proves_nothing(self, tmp_path: Path) -> None:
        root = self.checkout(tmp_path, there("Something.", source="1"))
        git(root, "mv", GONE[1:], f"{FOLDER[1:]}/new.md")
        (root / f"{FOLDER[1:]}/new.md").write_text(there("Something else.", source="1"))
        commit(root)
        write_archive(root, {PATH: event(related=[f"[x]({GONE})"])})
        archive = na.Archive(root)
        assert len(archive) == 2
        (root / f"{FOLDER[1:]}/new.md").unlink()
        reading = archive.reading(PATH)
        [link] = [link for link in reading.links() if link.target == GONE]
        [suggestion] = archive.suggest(reading, link)
        assert not suggestion.certain

    def test_one_that_moved_whole_needs_no_source(self, tmp_path: Path) -> None:
        root = self.checkout(tmp_path, event("2016-03-4", "Something.", sources=()))
        git(root, "mv", GONE[1:], f"{FOLDER[1:]}/new.md")
        commit(root)
        assert fix_of(broken(root, {}, text="x")) == ("safe", f"{FOLDER}/new.md")

    def test_where_it_went_is_gone_too(self, tmp_path: Path) -> None:
        root = self.checkout(tmp_path, there("Something."))
        git(root, "mv", GONE[1:], f"{FOLDER[1:]}/new.md")
        commit(root)
        (root / f"{FOLDER[1:]}/new.md").unlink()
        assert broken(root, {}).suggestions == ()

    def test_what_became_no_page(self, tmp_path: Path) -> None:
        root = self.checkout(tmp_path, there("Something."))
        git(root, "mv", GONE[1:], f"{FOLDER[1:]}/old.txt")
        commit(root)
        assert broken(root, {}).suggestions == ()

    def test_back_and_forth_ends(self, tmp_path: Path) -> None:
        root = self.checkout(tmp_path, there("Something."))
        for old, new in (("old", "new"), ("new", "old")):
            git(root, "mv", f"{FOLDER[1:]}/{old}.md", f"{FOLDER[1:]}/{new}.md")
            commit(root)
        (root / GONE[1:]).unlink()
        assert broken(root, {}).suggestions == ()

    def test_so_do_renames_that_end_in_a_ring(self, tmp_path: Path) -> None:
        ring = {GONE: "b", f"{FOLDER}/b.md": "c", f"{FOLDER}/c.md": "b"}
        history = {old: Rename(f"{FOLDER}/{new}.md", 100, "0" * 40) for old, new in ring.items()}
        root = write_archive(tmp_path, {PATH: event(related=[f"[x]({GONE})"])})
        reading = na.Archive(root).reading(PATH)
        [link] = [link for link in reading.links() if link.target == GONE]
        assert (
            Evidence(na.Archive(root), lambda _: History(tuple(history.items()))).suggest(
                reading, link
            )
            == ()
        )


NEAR = f"{FOLDER}/new.md"
TITLE = "Storm floods the harbour of Veldania"
EDITED = "Heavy storm floods the old harbour of Veldania, ten hurt"


class TestTitles:
    def test_the_same_title_on_the_same_day(self, tmp_path: Path) -> None:
        found = broken(tmp_path, {NEAR: there("Old.")})
        assert fix_of(found) == ("unsafe", NEAR)
        assert found.suggestions[0].reasons == ("same title, same day",)

    def test_that_the_title_is_the_path_s_makes_it_no_other_day(self, tmp_path: Path) -> None:
        found = broken(tmp_path, {f"{FOLDER}/older.md": there("Older.")}, text="Older.")
        assert found.suggestions[0].reasons == ("same title, same day",)
        assert found.suggestions[0].score == 0.95

    def test_a_title_without_a_word_is_like_no_other(self, tmp_path: Path) -> None:
        assert broken(tmp_path, {NEAR: there("Old.")}, text="?!").suggestions == ()
        assert broken(tmp_path, {NEAR: there("!!!")}, text=TITLE).suggestions == ()

    def test_an_older_versions_title(self, tmp_path: Path) -> None:
        change = f"[Old.]({FOLDER}/older.md) _2016-03-04 10:00:00 (First version)_"
        found = broken(tmp_path, {NEAR: there("Quite another.", changes=[change])})
        assert fix_of(found) == ("unsafe", NEAR)
        assert "an older version had this title" in found.message

    def test_a_near_title(self, tmp_path: Path) -> None:
        found = broken(tmp_path, {NEAR: there(EDITED)}, text=TITLE)
        assert fix_of(found) == ("unsafe", NEAR)
        assert "near title, same day (" in found.message

    def test_a_page_that_goes_meanwhile_is_not_suggested(self, tmp_path: Path) -> None:
        related = [f"[Football.]({FOLDER}/cup.md)", f"[{TITLE}]({GONE})"]
        pages = {PATH: event(related=related), NEAR: there(EDITED)}
        archive = na.Archive(write_archive(tmp_path, pages))
        reading = archive.reading(PATH)
        first, second = (link for link in reading.links() if link.target.startswith(FOLDER))
        assert archive.suggest(reading, first) == ()  # it knows the titles of the day by now
        (tmp_path / NEAR[1:]).unlink()
        assert archive.suggest(reading, second) == ()

    def test_a_near_title_that_knows_none_of_the_context(self, tmp_path: Path) -> None:
        pages = {NEAR: there("Heavy storm floods the old harbour, ten people hurt")}
        found = broken(tmp_path, pages, text=TITLE, context="football, cup")
        assert fix_of(found) is None
        assert [s.path for s in found.suggestions] == [NEAR]

    def test_a_less_near_title_that_knows_all_of_it(self, tmp_path: Path) -> None:
        words = "Ten hurt by storm at the wall of the port"
        pages = {NEAR: there(words, description="A storm in Veldania.")}
        found = broken(tmp_path, pages, text=TITLE, context="storm, Veldania")
        plain = broken(tmp_path, pages, text=TITLE)
        assert fix_of(plain) is None
        assert fix_of(found) == ("unsafe", NEAR)
        assert "2 of 2 context terms match" in found.message

    def test_a_link_back_is_evidence_too(self, tmp_path: Path) -> None:
        back = [f"[The pier burns.]({PATH})"]
        words = "Ten people hurt as the harbour wall breaks"
        one = there(words, description="A storm in Veldania.")
        two = there(words, description="A storm in Veldania.", related=back)
        context = "storm, Veldania"
        assert fix_of(broken(tmp_path, {NEAR: one}, text=TITLE, context=context)) is None
        found = broken(tmp_path, {NEAR: two}, text=TITLE, context=context)
        assert fix_of(found) == ("unsafe", NEAR)
        assert "links back" in found.message

    def test_a_path_alone_makes_no_title(self, tmp_path: Path) -> None:
        other = "/news/2016/03/5/the-pier-is-open.md"
        found = broken(tmp_path, {other: event("2016-03-5", "Nothing.")}, text="The pier is open.")
        assert found.suggestions == ()

    def test_the_same_title_on_another_day(self, tmp_path: Path) -> None:
        other = "/news/2016/03/5/old.md"
        found = broken(tmp_path, {other: event("2016-03-5", "Old.")})
        assert fix_of(found) is None
        assert [s.path for s in found.suggestions] == [other]
        assert found.suggestions[0].reasons == ("same title, another day",)

    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("A PS5 note is gone.", "a-aps5-note-is-gone"),
            ("A PS5 note is gone.", "a-agbp5-note-is-gone"),
            ("An old note " * 12, ("an-old-note-" * 12)[:138]),
        ],
        ids=["pound", "pound of late", "two blanks before it"],
    )
    def test_a_slug_that_does_not_quite_follow_from_the_title(
        self, tmp_path: Path, title: str, name: str
    ) -> None:
        other = f"/news/2016/03/5/{name}.md"
        found = broken(tmp_path, {other: event("2016-03-5", title)}, text=title)
        assert [s.path for s in found.suggestions] == [other]

    def test_an_event_that_came_again_under_one_title_is_not_the_one_that_is_gone(
        self, tmp_path: Path
    ) -> None:
        title, later = "Shares of Veldania hit record highs", "/news/2016/04/4/old.md"
        again = "/news/2016/04/4/shares-of-veldania-hit-record-highs.md"
        pages = {
            again: event("2016-04-4", title),
            later: event("2016-04-4", "Another."),
            f"{FOLDER}/index.md": day_index("2016-03-4", [(title, GONE)]),
        }
        text = event(related=[f"[{title}]({GONE}) _Context: shares, Veldania_"])
        root = write_archive(tmp_path, {**pages, PATH: text})
        for page in (PATH, f"{FOLDER}/index.md"):
            before = (root / page[1:]).read_text()
            fixed = na.fix_text(before, page, unsafe=True, lookup=na.Archive(root))
            assert fixed.text == before

    def test_no_more_namesakes_are_shown_than_people_read(self, tmp_path: Path) -> None:
        pages = {
            f"/news/2016/04/{day}/old.md": event(f"2016-04-{day}", "Old.") for day in range(1, 31)
        }
        found = broken(tmp_path, pages)
        assert len(found.suggestions) == 5
        assert fix_of(found) is None

    def test_equal_candidates(self, tmp_path: Path) -> None:
        pages = {f"{FOLDER}/{name}.md": there("Old.") for name in ("one", "two")}
        found = broken(tmp_path, pages)
        assert fix_of(found) is None
        assert f"'{FOLDER}/one.md' or '{FOLDER}/two.md', which are equally likely" in found.message

    def test_nothing_alike(self, tmp_path: Path) -> None:
        found = broken(tmp_path, {NEAR: there("A minister resigns")}, text=TITLE)
        assert found.suggestions == ()
        assert found.fix
        assert found.fix.removes

    def test_the_page_itself_is_not_meant(self, tmp_path: Path) -> None:
        gone = "/news/2016/03/2/gone.md"
        found = broken(tmp_path, {}, target=gone, text="The pier burns.")
        assert found.suggestions == ()


class TestSideBySide:
    def test_the_page_lists_both(self, tmp_path: Path) -> None:
        both = event(related=[f"[{TITLE}]({GONE})", f"[{EDITED}]({NEAR})"])
        found = broken(tmp_path, {PATH: both, NEAR: there(EDITED)})
        assert fix_of(found) is None
        assert found.suggestions[0].reasons[-1] == "but both are listed side by side"

    def test_a_page_is_that_of_the_lost_entry_which_is_nearest_to_it(self, tmp_path: Path) -> None:
        there_now = f"{FOLDER}/{na.slugify(EDITED)}.md"
        index = day_index("2016-03-4", [(TITLE, GONE), (EDITED, there_now[:-3] + "-and-more.md")])
        pages = {there_now: there(EDITED), f"{FOLDER}/index.md": index}
        found = broken(tmp_path, pages, text=TITLE)
        assert fix_of(found) is None
        assert found.suggestions[0].path == there_now
        assert found.suggestions[0].reasons[-1] == "but another missing page is nearer to it"

    def test_which_of_two_lost_entries_is_farther_loses_nothing(self, tmp_path: Path) -> None:
        index = day_index("2016-03-4", [(TITLE, GONE), ("Rain.", f"{FOLDER}/rain.md")])
        pages = {NEAR: there(EDITED), f"{FOLDER}/index.md": index}
        assert fix_of(broken(tmp_path, pages, text=TITLE)) == ("unsafe", NEAR)

    def test_the_days_index_lists_both(self, tmp_path: Path) -> None:
        index = day_index("2016-03-4", [(TITLE, GONE), (EDITED, NEAR)])
        pages = {NEAR: there(EDITED), f"{FOLDER}/index.md": index}
        found = broken(tmp_path, pages, text=TITLE)
        assert fix_of(found) is None
        assert found.suggestions[0].reasons[-1] == "but both are listed side by side"

    def test_an_index_that_lists_the_new_page_alone_says_nothing(self, tmp_path: Path) -> None:
        index = day_index("2016-03-4", [(EDITED, NEAR)])
        pages = {NEAR: there(EDITED), f"{FOLDER}/index.md": index}
        assert fix_of(broken(tmp_path, pages, text=TITLE)) == ("unsafe", NEAR)

    def test_a_page_that_no_index_lists_gives_way_to_the_listed_one(self, tmp_path: Path) -> None:
        # A title was edited twice, and the page of the first edit stays beside the newest.
        between = f"{FOLDER}/between.md"
        pages = {
            NEAR: there(EDITED),
            between: there(f"{TITLE}, ten hurt"),
            f"{FOLDER}/index.md": day_index("2016-03-4", [(EDITED, NEAR)]),
        }
        found = broken(tmp_path, pages, text=TITLE)
        assert fix_of(found) == ("unsafe", NEAR)
        assert found.suggestions[1].path == between
        assert found.suggestions[1].reasons[-1] == "but no index of its day lists it"

    def test_a_page_that_no_index_lists_may_be_the_only_likely_one(self, tmp_path: Path) -> None:
        index = day_index("2016-03-4", [("A minister resigns", f"{FOLDER}/minister.md")])
        pages = {NEAR: there(EDITED), f"{FOLDER}/index.md": index}
        pages[f"{FOLDER}/minister.md"] = there("A minister resigns")
        assert fix_of(broken(tmp_path, pages, text=TITLE)) == ("unsafe", NEAR)

    def test_where_the_index_lists_the_missing_page_an_unlisted_one_may_be_its_new_name(
        self, tmp_path: Path
    ) -> None:
        index = day_index("2016-03-4", [(TITLE, GONE)])
        pages = {NEAR: there(EDITED), f"{FOLDER}/index.md": index}
        assert fix_of(broken(tmp_path, pages, text=TITLE)) == ("unsafe", NEAR)

    def test_where_there_is_no_index_none_is_unlisted(self, tmp_path: Path) -> None:
        found = broken(tmp_path, {NEAR: there(EDITED)}, text=TITLE)
        assert found.suggestions[0].reasons[-1].startswith("near title")


def test_a_title_without_blanks_is_near_what_it_was_edited_to(tmp_path: Path) -> None:
    gone, new = (
        f"{FOLDER}/港口起火-造成3人受伤.md",
        f"{FOLDER}/索雷尔港口夜间起火-造成至少5人受伤.md",
    )
    pages = {
        new: there("索雷尔港口夜间起火，造成至少5人受伤。"),
        f"{FOLDER}/科学家公布水獭的新照片.md": there("科学家公布水獭的新照片。"),
    }
    found = broken(tmp_path, pages, gone, "港口起火，造成3人受伤。")
    assert fix_of(found) == ("unsafe", new)
    assert [s.path for s in found.suggestions] == [new]


def chinese(root: Path, pages: dict[str, tuple[str, str]], link: str) -> Diagnostic:
    """The finding for a link in a Chinese archive whose pages have titles and descriptions."""
    texts = {
        path: event(day_of(path), title, description=words).replace("### Source:", "### 信息来源:")
        for path, (title, words) in pages.items()
    }
    texts[PATH] = event(related=[link]).replace("### Source:", "### 信息来源:")
    texts[PATH] = texts[PATH].replace("### Related:", "### 有关:")
    [found] = found_in(write_archive(root, texts), "NA201")
    return found


def day_of(path: str) -> str:
    """The day of a page as its heading has it."""
    return "-".join(path.split("/")[2:5])


class TestChinese:
    TITLE = "港口起火，造成3人受伤。"

    def test_a_fix_leaves_the_base_of_a_link_as_it_is(self, tmp_path: Path) -> None:
        new = f"{FOLDER}/索雷尔港口夜间起火-造成至少5人受伤.md"
        pages = {new: ("索雷尔港口夜间起火，造成至少5人受伤。", "")}
        for base in ("", "/zh"):
            link = f"[{self.TITLE}]({base}{FOLDER}/港口起火-造成3人受伤.md) _消息: 港口_"
            found = chinese(tmp_path, pages, link)
            assert fix_of(found) == ("unsafe", new)
            [(_, _, text)] = na.repair(tmp_path, unsafe=True, select=["NA201"]).changed
            assert f"]({base}{new}) _消息" in text.decode()

    def test_a_namesake_has_the_slug_that_the_edition_makes(self, tmp_path: Path) -> None:
        title = "港" * 70
        other = f"/news/2016/03/5/{'港' * 59}.md"  # a blank stood before the title
        found = chinese(tmp_path, {other: (title, "")}, f"[{title}]({GONE}) _消息: 港口_")
        assert [s.path for s in found.suggestions] == [other]


def of(score: float, *, certain: bool = False) -> Suggestion:
    return Suggestion(f"/{score}.md", score, (), certain)


@pytest.mark.parametrize(
    ("suggestions", "best"),
    [
        ([], None),
        ([of(1, certain=True)], 0),
        ([of(1, certain=True), of(0.95)], 0),
        ([of(1, certain=True), of(1, certain=True)], None),
        ([of(0.4)], 0),
        ([of(0.39)], None),
        ([of(0.95), of(0.6)], 0),
        ([of(0.95), of(0.7)], None),
        ([of(0.61), of(0.4)], 0),
        ([of(0.6), of(0.3), of(0.3)], 0),
        ([of(0.95), of(0.95)], None),
    ],
)
def test_clear_best(suggestions: list[Suggestion], best: int | None) -> None:
    assert clear_best(tuple(suggestions)) == (None if best is None else suggestions[best])
