"""What a run remembers of a page: enough to know that nothing is wrong, or to look again."""

from itertools import combinations

import pytest

from newsarchive.graph.facts import Facts, existence_keys, facts_of, key_of, keys, new_seed
from newsarchive.page.parser import read
from newsarchive.rules import _wants
from tests.builders import OPENS, PAGE, PATH, REBUILT, SMALL_ARCHIVE, event, spoiled

DAY = "/news/2016/03/2/index.md"
SEED = 0x5EED << 48  # of 64 bits


def exists_key(path: str) -> bytes:
    return key_of(_wants.exists(path), SEED)


def titled_key(path: str, title: str) -> bytes:
    return key_of(_wants.titled(path, title), SEED)


def listed_key(path: str) -> bytes:
    return key_of(_wants.listed(path), SEED)


def previous_key(folder: str, path: str) -> bytes:
    return key_of(_wants.previous(folder, path), SEED)


def facts(text: str, path: str = PATH) -> Facts:
    return facts_of(read(text, path), SEED)


def gives(text: str, path: str = PATH) -> set[bytes]:
    return set(keys(facts(text, path).gives))


def wants(text: str, path: str = PATH) -> set[bytes]:
    return set(keys(facts(text, path).wants))


class TestKeys:
    def test_each_statement_has_its_own(self) -> None:
        path = "/news/2016/03/2/a.md"
        made = [
            exists_key(path),
            exists_key("/news/2016/03/2/b.md"),
            listed_key(path),
            titled_key(path, "A"),
            titled_key(path, "B"),
            titled_key("/news/2016/03/2/b.md", "A"),
            previous_key("/news/2016/03/2", path),
            previous_key("/news/2016/03/2", ""),
        ]
        assert all(one != other for one, other in combinations(made, 2))
        assert {len(key) for key in made} == {8}

    def test_each_seed_gives_other_keys_throughout(self) -> None:
        one, other = (facts_of(read(PAGE, PATH), seed) for seed in (SEED, SEED + 1))
        assert not {*keys(one.gives + one.wants)} & {*keys(other.gives + other.wants)}
        assert one._replace(gives=b"", wants=b"") == other._replace(gives=b"", wants=b"")

    def test_no_two_seeds_are_alike(self) -> None:
        assert len({new_seed() for _ in range(100)}) == 100
        assert max(new_seed() for _ in range(100)) >= 1 << 60

    def test_path_and_title_do_not_run_together(self) -> None:
        assert titled_key("/a", "b c") != titled_key("/ab", " c")
        assert exists_key("/a\0b") != titled_key("/a", "b")
        # A file's path may hold a line ending, a title may not.
        assert exists_key("/a\nb") != titled_key("/a", "b")
        assert titled_key("/a\nb", "c") != titled_key("/a", "b c")

    @pytest.mark.parametrize("path", ["/news/2016/03/2/a\\b.md", "/news/2016/03/2/a%62.md"])
    def test_a_page_that_no_link_can_name_gives_nothing(self, path: str) -> None:
        assert gives(PAGE, path) == set()
        none, one = existence_keys([path, PATH], SEED)
        assert none != exists_key(path)
        assert one == exists_key(PATH)

    def test_joined_keys_come_apart_again(self) -> None:
        made = [exists_key("/a"), exists_key("/b"), exists_key("/a")]
        assert keys(b"".join(made)) == made
        assert keys(b"") == []

    def test_odd_paths_and_titles_have_keys_too(self) -> None:
        assert titled_key("/\u00e9\U0001f5de.md", "\u2028") != exists_key("/\u00e9\U0001f5de.md")


class TestEvent:
    def test_it_gives_its_title_and_wants_its_links(self) -> None:
        assert gives(PAGE) == {titled_key(PATH, "The pier burns.")}
        assert wants(PAGE) >= {
            exists_key(DAY),
            titled_key(OPENS, "The pier opens."),
            titled_key(REBUILT, "The pier is rebuilt."),
        }

    def test_blanks_round_a_link_text_do_not_count(self) -> None:
        text = spoiled("[The pier opens.]", "[  The pier opens. ]")
        assert wants(text) == wants(PAGE)

    def test_a_fragment_is_no_part_of_a_path(self) -> None:
        assert wants(spoiled(f"({REBUILT})", f"({REBUILT}#top)")) == wants(PAGE)

    def test_what_it_counts_for(self) -> None:
        found = facts(PAGE)
        assert found.kind == "event"
        assert found.links == {
            "day": 1, "source": 2, "cover-image": 1, "related": 2, "change": 3,
        }  # fmt: skip
        assert found.ordinal == 736025  # 2016-03-02
        assert found.old_paths == ("/news/2016/03/2/smoke.md",)

    def test_a_page_without_date_or_title_gives_nothing(self) -> None:
        found = facts("")
        assert (found.gives, found.ordinal, found.links) == (b"", 0, {})
        assert facts(spoiled("[2016-03-2]", "[2016-02-30]")).ordinal == 0

    def test_a_page_that_is_no_text_gives_nothing(self) -> None:
        found = facts_of(read(b"\xff", PATH), SEED)
        assert (found.kind, found.gives) == ("event", b"")


class TestIndexes:
    def test_a_day_gives_its_list_and_wants_titles_and_the_day_before(self) -> None:
        text = SMALL_ARCHIVE[DAY]
        assert gives(text, DAY) == {listed_key(PATH)}
        assert wants(text, DAY) >= {
            titled_key(PATH, "The pier burns."),
            exists_key(DAY),
            exists_key("/news/2016/02/29/index.md"),
            previous_key("/news/2016/03/2", "/news/2016/02/29/index.md"),
        }

    def test_it_lists_only_events_of_its_own_folder(self) -> None:
        text = SMALL_ARCHIVE[DAY].replace(PATH, OPENS)
        assert gives(text, DAY) == set()

    def test_without_a_link_it_wants_to_be_the_first(self) -> None:
        text = SMALL_ARCHIVE["/news/2016/02/29/index.md"]
        assert previous_key("/news/2016/02/29", "") in wants(text, "/news/2016/02/29/index.md")

    @pytest.mark.parametrize("path", ["/index.md", "/opinion/index.md"])
    def test_front_page_and_opinions_want_what_they_name(self, path: str) -> None:
        editorial = "/opinion/2016/03/9/on-piers/README.md"
        assert titled_key(editorial, "On piers") in wants(SMALL_ARCHIVE[path], path)
        assert gives(SMALL_ARCHIVE[path], path) == set()

    def test_prose_neither_gives_nor_wants(self) -> None:
        found = facts(event(), "/faq/README.md")
        assert (found.kind, found.gives, found.wants, found.links) == ("prose", b"", b"", {})
