"""Archives side by side in one tree: each edition's pages are those of an archive of their own."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.store.listing import Exclude
from newsarchive.store.store import Glance, scan
from tests.builders import PATH, SMALL_ARCHIVE, TODAY, spoiled, write_archive
from tests.faults import Run
from tests.memory_store import MemoryStore
from tests.repositories import git, needs_git

pytestmark = pytest.mark.slow

OPENS, BURNS = "/news/2016/03/1/码头开放.md", "/news/2016/03/2/码头着火.md"

CHINESE: Mapping[str, str] = {
    "/news/2016/03/1/index.md": (
        f"## [2016-03-1](/news/2016/03/1/index.md)\n\n### [码头开放](/zh{OPENS})\n"
    ),
    OPENS: "### [2016-03-1](/news/2016/03/1/index.md)\n\n# 码头开放\n\n无人受伤。\n\n\n"
    "### 信息来源:\n\n1. [港口邮报](https://post.example.org/pier)\n",
    "/news/2016/03/2/index.md": (
        f"## [2016-03-2](/news/2016/03/2/index.md)\n\n### [码头着火](/zh{BURNS})\n"
        "## [前一天...](/zh/news/2016/03/1/index.md)\n\n"
    ),
    BURNS: "### [2016-03-2](/news/2016/03/2/index.md)\n\n# 码头着火\n\n无人受伤。\n\n\n"
    "### 信息来源:\n\n1. [港口邮报](https://post.example.org/pier)\n\n"
    f"### 有关:\n\n1. [码头开放](/zh{OPENS}) _消息: 码头_\n",
}
BROKEN = spoiled(f"/zh{OPENS}", "/zh/news/2016/03/1/没有.md", CHINESE[BURNS])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """English pages, and beside them Chinese ones of which one has a broken link."""
    root = write_archive(tmp_path / "tree", small=True)
    write_archive(root / "zh", {**CHINESE, BURNS: BROKEN})
    return root


def test_each_is_checked_with_its_own_edition(tree: Path) -> None:
    report = na.check(tree, today=TODAY)
    assert [(d.code, d.page, d.file) for d in report.diagnostics] == [
        ("NA201", BURNS, str(tree / "zh" / BURNS[1:]))
    ]
    assert report.page_count == len(SMALL_ARCHIVE) + len(CHINESE)
    assert report.archives == {str(tree): "en", str(tree / "zh"): "zh"}
    assert report.editions == ("en", "zh")
    assert na.check(na.Archive(tree), today=TODAY) == report
    assert na.check(tree, today=TODAY, edition="en") == report, "the edition of the one named"
    assert na.check(tree, only="/news", today=TODAY).archives == {str(tree): "en"}


def test_the_summary_and_the_configuration_tell_of_both(run: Run, tree: Path) -> None:
    told = run("check", "tree", "--group", "none", cwd=tree.parent)
    assert told.status == 1
    assert told.out.startswith(f"tree/zh{BURNS}:")
    assert "Read 2 archives: tree (edition en), tree/zh (edition zh)." in told.out
    assert "tree/zh (edition zh)" in run("check", "tree", cwd=tree.parent).out
    summary = json.loads(run("check", tree, "--output-format", "json").out)["summary"]
    assert summary["archives"] == {str(tree): "en", str(tree / "zh"): "zh"}
    shown = run("config", "tree", cwd=tree.parent).out
    assert "# beside it: tree/zh, an archive of its own (edition zh)" in shown
    shown = run("config", "tree", "--output-format", "json", cwd=tree.parent).out
    assert json.loads(shown)["beside"] == {"tree/zh": "zh"}


def test_named_twice_it_is_checked_once(run: Run, tree: Path) -> None:
    told = run("check", tree, tree / "zh", "--group", "none")
    assert "Found 1 error" in told.out


def test_links_from_one_to_the_other_lead_somewhere(tree: Path) -> None:
    page = tree / PATH[1:]
    page.write_text(
        page.read_text().replace("/news/2016/02/29/the-pier-opens.md) _C", f"/zh{BURNS}) _C")
    )
    assert [d.page for d in na.check(tree, today=TODAY).diagnostics] == [BURNS]
    archive = na.Archive(tree)
    assert archive.exists(f"/zh{BURNS}")
    assert f"/zh{BURNS}" not in archive
    assert f"/zh{BURNS}" not in list(archive)
    assert [f"/zh{BURNS}" in one for one in archive.beside] == [True]


def test_listed_whole_or_in_part_they_are_the_same(tree: Path) -> None:
    store = na.Archive(tree).store
    glance = Glance(store)
    assert glance.exists(f"/zh{BURNS}")
    assert glance.found.beside == scan(store).beside == ("/zh/",)
    assert glance.found.pages == ["/index.md"]


def test_what_an_option_or_a_configuration_says_of_one_archive_holds_for_that_one(
    run: Run, tree: Path
) -> None:
    (tree / "known.jsonl").write_text('{"newsarchive-baseline": 1, "fingerprints": 1}\n')
    (tree / "newsarchive.toml").write_text('edition = "en"\nbaseline = "known.jsonl"\n')
    for options in ((), ("--edition", "en"), ("--config", tree / "newsarchive.toml")):
        told = run("check", tree, "--group", "none", *options)
        assert "zh (edition zh)" in told.out
        assert "Found 1 error" in told.out
    assert na.load_settings(tree / "zh").edition is None
    (tree / "zh" / "newsarchive.toml").write_text('ignore = ["NA201"]\n')
    assert run("check", tree).status == 0


@needs_git
@pytest.mark.parametrize("options", [("--at", "HEAD"), ("--staged",), ("--since", "HEAD~1")])
def test_in_states_that_git_keeps(run: Run, tree: Path, options: tuple[str, ...]) -> None:
    git(tree, "init", "-q")
    (tree / "zh" / BURNS[1:]).write_text(CHINESE[BURNS])
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "Both")
    (tree / "zh" / BURNS[1:]).write_text(BROKEN)
    git(tree, "add", "-A")
    if options != ("--staged",):
        git(tree, "commit", "-qm", "Break")
    told = run("check", ".", "--group", "none", *options, cwd=tree)
    assert f"zh{BURNS}:" in told.out
    assert "Found 1 error" in told.out
    if options[0] != "--at":
        since = None if options == ("--staged",) else "HEAD~1"
        report = na.check_change(tree, since, staged=since is None, today=TODAY)
        assert [d.page for d in report.diagnostics] == [BURNS]
    else:
        git(tree, "clone", "-q", "--bare", ".", "../bare.git")
        told = run("check", "bare.git", *options, "--group", "none", cwd=tree.parent)
        assert "Found 1 error" in told.out


def _is_chinese(path: str) -> bool:
    return path == "/zh/"


@pytest.mark.parametrize(
    ("files", "exclude"),
    [
        (["/zh/news/README.md"], None),  # no year
        (["/zh/news/2016/03/1/index.md"], _is_chinese),
        (["/a/zh/news/2016/03/1/index.md"], None),  # below others' folders
        (["/news/news/2016/03/1/index.md", "/opinion/news/2016/03/1/index.md"], None),
        (["/node_modules/news/2016/03/1/index.md"], None),
        (["/env/news/2016/03/1/index.md", "/env/pyvenv.cfg"], None),
    ],
)  # fmt: skip
def test_other_folders_are_no_archives(
    tmp_path: Path, files: list[str], exclude: Exclude | None
) -> None:
    write_archive(tmp_path, {**dict.fromkeys(files, "# A\n"), "/news/2016/03/1/a.md": "# A\n"})
    assert scan(na.Archive(tmp_path).store, exclude=exclude).beside == ()


def test_a_store_that_cannot_be_divided_holds_one_archive() -> None:
    files = {"/news/2016/03/1/a.md": b"", "/zh/news/2016/03/1/a.md": b""}
    archive = na.Archive(MemoryStore(files))
    assert archive.beside == ()
    assert sorted(archive) == sorted(files)
