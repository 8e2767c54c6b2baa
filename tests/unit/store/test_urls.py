"""Archives that are named by a URL."""

import pytest

from newsarchive.store.filesystems import _for_library
from newsarchive.store.urls import above, is_url, packed_file, scheme_of, shown


@pytest.mark.parametrize(
    "word", ["s3://bucket/prefix", "zip://a.zip", "sftp://u:p@host/x", "abfs+x://y", "memory://"]
)
def test_these_are_urls(word: str) -> None:
    assert is_url(word)


@pytest.mark.parametrize(
    "word",
    ["", "news", "/news/2016", "c://x", "://x", "a b://x", "./s3://x", "s3:/x", "ä1://x", None, 3],
)
def test_these_are_none(word: object) -> None:
    assert not is_url(word)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s3://bucket/prefix/", "s3://bucket/prefix"),
        ("sftp://anna:secret@host/a/b", "sftp://host/a/b"),
        ("https://secret@host/a?sig=secret#x", "https://host/a"),
        ("az://container/en?sv=1&sig=secret", "az://container/en"),
        ("github://someone:news@main/en", "github://someone:news@main/en"),
        ("zip://en::sftp://anna:secret@host/a.zip", "zip://en::sftp://host/a.zip"),
        ("zip://what?.zip/a@b", "zip://what?.zip/a@b"),
        ("zip://en::a.zip/", "zip://en::a.zip"),
        ("zip:///tmp/a.zip/", "zip:///tmp/a.zip"),
        ("news/2016", "news/2016"),
    ],
)
def test_what_may_be_secret_is_not_shown(url: str, told: str) -> None:
    assert shown(url) == told


@pytest.mark.parametrize(
    ("url", "steps"),
    [
        ("s3://bucket/a/b.md", ["s3://bucket/a", "s3://bucket"]),
        ("s3://bucket", []),
        ("az://box/a?sig=x", ["az://box?sig=x"]),
        ("zip:///tmp/a.zip/en/b.md", ["zip:///tmp/a.zip/en", "zip:///tmp/a.zip"]),
        ("zip://en::a.zip/b", ["zip://en::a.zip"]),
        ("memory:///a", []),
    ],
)
def test_folders_above_are_looked_through_up_to_the_storage(url: str, steps: list[str]) -> None:
    found = []
    while (up := above(url))[1]:
        url = up[0]
        found.append(url)
    assert found == steps


@pytest.mark.parametrize(
    ("url", "parts", "chained"),
    [
        ("zip://a.zip", ("zip://", "a.zip", ""), "zip://::a.zip"),
        ("zip:///t/a.zip/en/x", ("zip://", "/t/a.zip", "en/x"), "zip://en/x::/t/a.zip"),
        ("zip://en::a.zip", ("zip://en::", "a.zip", ""), "zip://en::a.zip"),
        ("zip://en::b/a.zip/x", ("zip://en::", "b/a.zip", "x"), "zip://en/x::b/a.zip"),
        (
            "zip://en::sftp://host/a.zip/x",
            ("zip://en::", "sftp://host/a.zip", "x"),
            "zip://en/x::sftp://host/a.zip",
        ),
        ("tar://a.tar.gz/en", ("tar://", "a.tar.gz", "en"), "tar://en::a.tar.gz"),
        ("zip://nothing", ("zip://", "", ""), "zip://nothing"),
        ("s3://a.zip/x", ("s3://", "", ""), "s3://a.zip/x"),
    ],
)
def test_a_packed_file_and_what_is_in_it_are_told_apart(
    url: str, parts: tuple[str, str, str], chained: str
) -> None:
    assert packed_file(url) == parts
    assert _for_library(url) == chained
    assert scheme_of(url) in ("zip", "tar", "s3")
