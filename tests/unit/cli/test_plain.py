"""A plain check is read without click as click reads it."""

import contextlib

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.cli import _check, _plain
from newsarchive.cli._checking import CheckRequest
from newsarchive.cli._flags import KEYS
from newsarchive.cli._main import cli

OPTIONS = [name for param in _check.check.params for name in (*param.opts, *param.secondary_opts)]
VALUES = [
    "a",
    "ALL",
    "NA1,NA2",
    "2",
    "0",
    "01",
    "2.5",
    "-1",
    "",
    "text",
    "error",
    "jsonl:x",
    "2016-03-02",
]
VALUES += [choice for _, key in KEYS.values() for choice in key.kind.choices]
WORDS = st.one_of(
    st.sampled_from(["page.md", ".", "news", "--", "-", "-h", "--unknown", "-qx", "--jo", "é"]),
    st.sampled_from(OPTIONS),
    st.sampled_from(VALUES),
    st.builds("{}={}".format, st.sampled_from(OPTIONS), st.sampled_from(VALUES)),
)
ENVIRONMENT = st.fixed_dictionaries(
    {},
    optional={
        "NEWSARCHIVE_CACHE_DIR": st.sampled_from(["", "caches"]),
        "PRE_COMMIT_FROM_REF": st.just("a"),
        "PRE_COMMIT_TO_REF": st.just("b"),
    },
)


def as_click(args: list[str]) -> CheckRequest | None:
    """What click has `run_check` called with; None where it does not get there."""
    calls: list[CheckRequest] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_check, "run_check", calls.append)
        with contextlib.suppress(click.ClickException, click.exceptions.Exit):
            cli.main(["check", *args], standalone_mode=False)
    return calls[0] if calls else None


def as_plain(args: list[str]) -> CheckRequest | None:
    with contextlib.suppress(click.UsageError):
        return _plain.read(args)
    return None


@given(st.lists(WORDS, max_size=6), ENVIRONMENT)
def test_what_is_read_is_what_click_reads(args: list[str], environment: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        if call := as_plain(args):
            assert as_click(args) == call


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["a.md", "b.md", "-q"],
        ["--pages-only", "--no-cache", "a.md"],
        ["--cache-dir", "c", "--jobs", "1", "."],
        ["--output-format=json", ".", "--select", "NA1", "--select=NA2", "--ignore", "x,y"],
        ["--staged", "--since", "HEAD~1"],
        ["--root", "r", "--at", "v1", "--isolated", "--no-baseline"],
    ],
)
def test_common_forms_are_read_without_click(args: list[str]) -> None:
    call = as_plain(args)
    assert call is not None
    assert as_click(args) == call


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--fix"],
        ["--jobs", "0"],
        ["--output-format", "x"],
        ["--today", "2016-03-02"],
        ["--", "a"],
        ["--isolated", "--config", "a.toml"],
    ],
)
def test_the_rest_is_left_to_click(args: list[str]) -> None:
    assert _plain.read(args) is None
