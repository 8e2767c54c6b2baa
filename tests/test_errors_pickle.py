"""Errors come home from other processes as they were."""

import copy
import inspect
import pickle

import pytest

import newsarchive as na
from newsarchive import errors

FINDING = na.Diagnostic(
    "NA105", "missing-title", na.Severity.ERROR, "no title", "/news/a.md", "x/news/a.md",
    0, 1, 1, 1, 1, 2, na.Fix("mend it", (na.Edit(0, 1, "x"),)),
)  # fmt: skip

SAMPLES: dict[type[na.NewsArchiveError], na.NewsArchiveError] = {
    na.NewsArchiveError: na.NewsArchiveError("anything"),
    na.InvalidPageError: na.InvalidPageError((FINDING, FINDING)),
    na.NotAnArchiveError: na.NotAnArchiveError("/some/folder"),
    na.PageNotFoundError: na.PageNotFoundError("/news/gone.md"),
    na.UnknownRuleError: na.UnknownRuleError("NA999", "NA909"),
    na.UnknownTableError: na.UnknownTableError("events", ("pages", "links")),
    na.MissingPackageError: na.MissingPackageError("pyarrow", "parquet"),
    na.EditConflictError: na.EditConflictError(na.Edit(0, 3, "a"), na.Edit(2, 4, "b")),
    na.UnverifiedFixError: na.UnverifiedFixError("/news/a.md", "NA401"),
    na.SettingsError: na.SettingsError("newsarchive.toml", 3, "ignore", "expected a list"),
    na.BaselineError: na.BaselineError("known.jsonl", 3, "it is damaged"),
    na.HistoryError: na.HistoryError("history.jsonl", 3, "it is damaged"),
    na.GitError: na.GitError("some/folder", "no git checkout"),
    na.StorageError: na.StorageError("s3://bucket/prefix", "no such bucket"),
    na.ExecutorError: na.ExecutorError("the executor is lost"),
    na.RefusedMoveError: na.RefusedMoveError("/news/a.md", "exists already"),
    na.RefusedChangeError: na.RefusedChangeError(
        ("/news/a.md", "no such page"), ("/news/b.md", "exists already")
    ),
    na.RefusedWriteError: na.RefusedWriteError("x/news/a.md", "is read-only"),
}


def test_every_error_has_a_sample_here() -> None:
    every = {
        value
        for value in [*vars(errors).values(), *(getattr(na, name) for name in na.__all__)]
        if inspect.isclass(value) and issubclass(value, na.NewsArchiveError)
    }
    assert every == set(SAMPLES)


@pytest.mark.parametrize("error", SAMPLES.values(), ids=lambda error: type(error).__name__)
class TestEveryError:
    @pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
    def test_it_survives_pickling(self, error: na.NewsArchiveError, protocol: int) -> None:
        again = pickle.loads(pickle.dumps(error, protocol))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.args == error.args
        assert vars(again) == vars(error)

    def test_it_survives_copying(self, error: na.NewsArchiveError) -> None:
        again = copy.copy(error)
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))

    def test_its_message_is_one_sentence_without_a_full_stop(
        self, error: na.NewsArchiveError
    ) -> None:
        assert str(error)
        assert not str(error).endswith(".")

    def test_it_can_be_caught_as_what_it_is_to_python(self, error: na.NewsArchiveError) -> None:
        builtin = {
            na.InvalidPageError: ValueError,
            na.NotAnArchiveError: ValueError,
            na.PageNotFoundError: KeyError,
            na.UnknownRuleError: ValueError,
            na.EditConflictError: ValueError,
            na.UnverifiedFixError: RuntimeError,
            na.GitError: RuntimeError,
            na.RefusedMoveError: ValueError,
            na.RefusedWriteError: OSError,
        }.get(type(error), Exception)
        assert isinstance(error, builtin)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = errors.__doc__ or ""
    for cls in SAMPLES:
        builtin = cls.__bases__[-1].__name__
        name = cls.__name__ if cls is na.NewsArchiveError else f"{cls.__name__}({builtin})"
        assert name in drawn


class TestMessages:
    def test_an_invalid_page_lists_its_findings(self) -> None:
        shown = str(na.InvalidPageError((FINDING, FINDING)))
        line = "x/news/a.md:1:1: error NA105 [missing-title] no title"
        assert shown == f"{line}\n{line}"

    def test_but_not_hundreds_of_them(self) -> None:
        lines = str(na.InvalidPageError((FINDING,) * 500)).split("\n")
        assert len(lines) == 11
        assert lines[-1] == "... and 490 more"

    def test_a_missing_page_is_no_quoted_key(self) -> None:
        assert str(na.PageNotFoundError("/news/x.md")) == "no page '/news/x.md' in the archive"

    def test_an_unknown_rule_says_what_is_near_or_where_to_look(self) -> None:
        assert "did you mean 'NA909'?" in str(na.UnknownRuleError("NA999", "NA909"))
        assert "newsarchive rules" in str(na.UnknownRuleError("NA999"))

    def test_a_conflict_names_both_places(self) -> None:
        shown = str(SAMPLES[na.EditConflictError])
        assert "offsets 0 and 2" in shown

    def test_a_refused_fix_names_page_and_rule(self) -> None:
        shown = str(SAMPLES[na.UnverifiedFixError])
        assert "/news/a.md" in shown
        assert "NA401" in shown


def test_values_of_the_interface_survive_pickling_too() -> None:
    report = na.Report((FINDING,), {"event": 1}, {"related": 2})
    assert pickle.loads(pickle.dumps(report)) == report
    assert pickle.loads(pickle.dumps(FINDING)) == FINDING
    document = na.Document("\ufeffa\r\nb", "/faq/README.md")
    again = pickle.loads(pickle.dumps(document))
    assert (again, again.body, again.position(3)) == (document, document.body, (1, 4))
