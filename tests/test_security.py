"""What an archive from a stranger may try, and what it must not get: see docs/security.md."""

import base64
import contextlib
import io
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest

import newsarchive as na
from newsarchive.cli import main
from newsarchive.graph.facts import key_of
from newsarchive.graph.records import FolderRecord, is_whole
from newsarchive.rules._wants import titled
from newsarchive.runs.cache import Cache, _checksum
from newsarchive.store.atomic import MAX_BYTES
from newsarchive.store.listing import JOURNAL
from newsarchive.writers.text import escaped
from tests.builders import OPENS, PATH, TODAY, contents, day_index, event, write_archive
from tests.faults import command, mounted, or_skip, ran, small_disk
from tests.repositories import commit, git, needs_git

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX names, links and pipes")

# What a terminal would act on: an escape sequence, its 8-bit form, a bell, a direction override,
# a line of its own that a CI service would take for a command.
EVIL = "\x1b]0;owned\x07\x9b31m\u202edm.gpj\u2066 \x7f"
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def shown(*args: str | Path, cwd: Path | None = None) -> tuple[int, str]:
    """The status of a run and all that it wrote; nothing of that may act on a terminal."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    with (
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
        contextlib.chdir(cwd or "."),
        pytest.raises(SystemExit) as left,
    ):
        main([str(arg) for arg in args])
    out = ""
    for stream in streams:
        stream.seek(0)
        out += stream.read()
    assert not UNSEEN.search(out), ascii(UNSEEN.findall(out))
    assert not re.search(r"^::", out, re.M)
    assert isinstance(left.value.code, int)
    return left.value.code, out


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


class TestNames:
    """Paths that lead out, and files that are none."""

    @pytest.fixture
    def outside(self, tmp_path: Path) -> Path:
        file = tmp_path / "outside" / "secret.md"
        file.parent.mkdir()
        file.write_text("# The secret\n")
        return file

    @pytest.mark.parametrize(
        "target",
        [
            "/../outside/secret.md",
            "/news/../../outside/secret.md",
            "/news/%2e%2e/%2e%2e/outside/secret.md",
            "../../../../../outside/secret.md",
            "//outside/secret.md",
            "file:///etc/passwd",
            "/etc/passwd",
            "/news/2016/03/2/a\\..\\b.md",
            "/news/%00.md",
            f"/news/{'x' * 255}.md",
            f"/{'y' * 4090}.md",
            "/news" + "/d" * 2040 + ".md",
        ],
    )
    def test_a_link_leads_nowhere_outside(self, root: Path, outside: Path, target: str) -> None:
        text = event(related=[f"[The secret]({target})"])
        write_archive(root, {PATH: text})
        before = contents(root)
        status, out = shown("check", root, "--no-cache", "--fix", "--unsafe-fixes")
        assert status == 1
        assert re.search(r"NA20[1-4]|NA107", out)
        assert contents(root) == before
        assert outside.read_text() == "# The secret\n"
        assert shown("links", root / PATH[1:])[0] == 1

    def test_links_out_loops_and_folders(self, root: Path, outside: Path) -> None:
        day = root / "news/2016/03/2"
        (day / "out.md").symlink_to(outside)
        (day / "passwd.md").symlink_to("/etc/passwd")
        (day / "loop.md").symlink_to("loop.md")
        (day / "zero.md").symlink_to("/dev/zero")
        (root / "news/2016/03/3").symlink_to(outside.parent)
        (root / "news/2016/self").symlink_to(root)
        status, out = shown("check", root, "--no-cache", "--fix")
        assert status == 1
        assert out.count("NA903 ") == 5
        assert out.count("NA901 ") == 1
        assert "root:" not in out
        assert "The secret" not in out
        for name in ("out.md", "passwd.md", "zero.md"):
            assert shown("mv", day / name, day / "y.md", "--root", root)[0] == 2
        assert outside.read_text() == "# The secret\n"

    def test_pipes_sockets_and_devices_are_never_opened(self, root: Path) -> None:
        day = root / "news/2016/03/2"
        os.mkfifo(day / "pipe.md")
        os.mkfifo(day / "pipe")
        with socket.socket(socket.AF_UNIX) as server:
            before = os.getcwd()
            os.chdir(day)
            server.bind("socket.md")
            os.chdir(before)
        status, out = shown("check", root, "--no-cache", "--fix", "--jobs", "2")
        assert status == 1
        assert out.count("the page is no regular file") == 2
        for args in (["links"], ["rm"]):
            assert shown(*args, day / "pipe.md")[0] == 2

    def test_a_device_file(self, root: Path) -> None:
        try:
            os.mknod(root / "news/zero.md", 0o20666, os.makedev(1, 5))
        except PermissionError as error:
            pytest.skip(f"no device can be made: {error}")
        assert "the page is no regular file" in shown("check", root, "--no-cache")[1]

    NAMES = (
        "new\nline.md",
        f"{EVIL.replace('/', '')}.md",
        "\n::error::owned.md",
        "-rf.md",
        "--help.md",
        "$(touch owned).md",
        "`touch owned`;&|.md",
        "%s%n{0}.md",
        "[a](b).md",
        "caf\u0065\u0301.md",
        "x" * 252 + ".md",
    )

    @pytest.mark.slow
    @pytest.mark.parametrize("name", NAMES)
    def test_names_only_name(self, root: Path, name: str) -> None:
        file = root / "news/2016/03/2" / name
        file.write_text(
            "\ufeff" + event(title=f"A {EVIL}title.", related=[f"[{EVIL}](/{EVIL}.md)"])
        )
        for args in (
            ["check", "."], ["check", "--diff", "--unsafe-fixes", "."], ["fmt", "--diff", "."],
            ["fmt", "--check", "."], ["check", "--fix", "."],
        ):  # fmt: skip
            assert shown(*args, cwd=root)[0] == 1
        shown("show", file)
        shown("links", file)
        shown("rm", file, "--diff")
        shown("mv", file, f"{file}-{EVIL}.md")
        shown("mv", file, "--title", f"{EVIL} again.")
        shown("rm", file)
        assert not list(root.rglob("owned*"))

    def test_names_that_are_not_utf_8(self, root: Path) -> None:
        (root / "news/2016/03/2" / os.fsdecode(b"\xff\x1b[31m.md")).write_text(event())
        status, out = shown("check", root, "--no-cache")
        assert (status, out.count("NA902")) == (1, 1)
        assert shown("check", os.fsdecode(os.fsencode(root) + b"/\xff\x1b"))[0] == 2

    def test_a_path_of_4096_bytes(self, root: Path) -> None:
        before = os.getcwd()
        os.chdir(root / "news")
        try:
            for _ in range(20):
                os.mkdir("d" * 250)
                os.chdir("d" * 250)
            Path("deep.md").write_text("# Deep\n")
        finally:
            os.chdir(before)
        status, out = shown("check", root, "--no-cache", "--fix")
        assert status == 1
        assert "cannot be read: File name too long" in out

    def test_names_that_differ_in_case_alone(self, root: Path) -> None:
        day = root / "news/2016/03/2"
        (day / "The-Pier-Burns.md").write_text(event())
        if len(list(day.glob("*-*.md"))) == 1:
            pytest.skip("the file system ignores letter case")
        (day / "the-PIER-burns.md").write_text(event())
        write_archive(root, {OPENS: event("2016-02-29", "The pier opens.", related=[
            f"[The pier burns.]({PATH.upper().replace('/NEWS', '/news').replace('.MD', '.md')})"
        ])})  # fmt: skip
        index = root / "news/2016/03/2/index.md"
        index.write_text(day_index("2016-03-2", []))  # where it lists one alone, that one is meant
        found = [d for d in na.check(root, today=TODAY).diagnostics if d.page == OPENS]
        assert [(d.code, d.fix) for d in found if d.code == "NA201"] == [("NA201", None)]


class TestOutput:
    """Titles, contexts and links of pages are text, never commands for a terminal."""

    @pytest.fixture
    def evil(self, tmp_path: Path) -> Path:
        related = [f"[{EVIL}](/news/2016/03/9/{EVIL}.md) _Context: {EVIL}, {EVIL}_"]
        text = event(
            title=f"{EVIL} title.", description=f"''{EVIL}'' &quot;", related=related,
            sources=[f"[{EVIL}](http://{EVIL})", f"[{EVIL}](javascript:{EVIL})"],
            changes=[f"[{EVIL}](/news/2016/03/2/{EVIL}.md) _{EVIL}_"],
        ).replace("\n1. ", "\n7. ")  # fmt: skip
        index = day_index("2016-03-2", [(EVIL, PATH), (EVIL, f"/news/2016/03/2/{EVIL}.md")])
        odd = f"### {EVIL}:\n# {EVIL}\n\n{EVIL}\r\n".encode() + b"\xff"
        day = "/news/2016/03/2"
        pages: dict[str, str | bytes] = {PATH: text, f"{day}/index.md": index, f"{day}/odd.md": odd}
        return write_archive(tmp_path / "evil", pages)

    @pytest.mark.parametrize(
        "args",
        [
            ["check"], ["check", "--select", "ALL"], ["check", "--output-format", "json"],
            ["check", "--diff", "--unsafe-fixes", "--remove-dead"], ["fmt", "--diff"],
            ["fmt", "--check"], ["check", "--fix", "--unsafe-fixes", "--remove-dead"], ["recover"],
        ],
    )  # fmt: skip
    def test_of_the_archive(self, evil: Path, args: list[str]) -> None:
        shown(*args, evil)

    @pytest.mark.parametrize(
        "args",
        [
            ["show"], ["show", "--compact"], ["links"], ["mv", "--title", f"{EVIL}!", "--diff"],
            ["mv", "--title", f"{EVIL}!"], ["rm", "--entries", "--diff"], ["rm", "--entries"],
        ],
    )  # fmt: skip
    def test_of_a_page(self, evil: Path, args: list[str]) -> None:
        assert shown(*args, evil / PATH[1:])[1]

    @pytest.mark.parametrize(
        "args",
        [
            [EVIL], ["check", EVIL], ["check", "--root", EVIL], ["check", "--select", EVIL],
            ["check", "--fail-on", EVIL], ["check", f"--{EVIL}"], ["show", EVIL], ["links", EVIL],
            ["mv", EVIL, EVIL], ["rm", EVIL], ["fmt", EVIL], ["explain", EVIL],
            ["completion", EVIL], ["check", "--today", EVIL], ["check", "--jobs", EVIL],
        ],
    )  # fmt: skip
    def test_of_what_was_asked_for(self, root: Path, args: list[str]) -> None:
        assert shown(*args, cwd=root)[0] == 2

    def test_of_a_cache_folder(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / EVIL).write_bytes(b"")
        shown("check", root, "--cache-dir", tmp_path / EVIL)
        shown("clean", "--cache-dir", tmp_path / EVIL)

    @pytest.mark.slow
    def test_a_model_is_the_same_value(self, evil: Path) -> None:
        out = ran(command("show", evil / PATH[1:])).out
        assert json.loads(out)["title"] == f"{EVIL} title.".strip()

    def test_escapes_are_json(self) -> None:
        text = json.dumps(
            ["".join(map(chr, range(0x3000))) + "\U0001f5de\U000e0001"], ensure_ascii=False
        )
        assert json.loads(escaped(text)) == json.loads(text)
        assert escaped('{"é": "日本 🗞"}\n') == '{"é": "日本 🗞"}\n'


class TestSize:
    @pytest.mark.slow
    def test_a_page_beyond_all_measure_is_not_read(self, root: Path) -> None:
        (root / PATH[1:]).write_bytes(b"")
        os.truncate(root / PATH[1:], 1 << 40)
        script = (
            "import resource, sys\nresource.setrlimit(resource.RLIMIT_AS, (1 << 30,) * 2)\n"
            "from newsarchive.cli import main\nmain(sys.argv[1:])\n"
        )
        line = [sys.executable, "-c", script, "check", str(root), "--no-cache", "--fix"]
        done = ran([*line, "--select", "NA901"])
        assert done.status == 1
        assert f"{PATH}:1:1: error NA901 " in done.out
        assert "the page cannot be read: it is larger than 16 MiB" in done.out

    @pytest.mark.slow
    def test_a_page_of_the_allowed_size_is(self, root: Path) -> None:
        body = event(description="x" * (MAX_BYTES - len(event(description=""))))
        (root / PATH[1:]).write_text(body)
        assert (root / PATH[1:]).stat().st_size == MAX_BYTES
        assert not [d for d in na.check(root).diagnostics if d.code == "NA901"]
        (root / PATH[1:]).write_text(body + "x")
        [found] = na.check(root, select=["NA901"]).diagnostics
        assert "16 MiB" in found.message


class TestJournal:
    """A checkout may bring a journal along; `recover` finishes only what stays in the archive."""

    def left(self, root: Path, path: str, like: str = "", old: str | None = None) -> None:
        new = base64.b64encode(b"owned").decode()
        step = {"path": path, "old": old, "new": new, "like": like}
        (root / JOURNAL).write_text(json.dumps({"version": 1, "changes": [step]}))

    @pytest.fixture
    def outside(self, root: Path, tmp_path: Path) -> Path:
        folder = tmp_path / "outside"
        folder.mkdir()
        (folder / "page.md").write_text("theirs")
        (root / "news/out").symlink_to(folder)
        (root / "news/out.md").symlink_to(folder / "page.md")
        return folder

    @pytest.mark.parametrize(
        "path",
        [
            "/../outside/page.md", "/../outside/new.md", "/news/out/new.md", "/news/out/page.md",
            "/news/out.md", "/news/%2e%2e/x.md", "news/x.md", "/.git/hooks/post-checkout",
            "/.git/config", "/news/x.sh", "//etc/x.md", "/news/\0.md", "/", "/news/../x.md",
            f"/news/{'x' * 5000}.md", "/news/\udcff.md\n", "/news/2016/index.html",
        ],
    )  # fmt: skip
    def test_nothing_is_written_there(self, root: Path, outside: Path, path: str) -> None:
        self.left(root, path)
        before, theirs = contents(root), contents(outside)
        status, out = shown("recover", root)
        assert status == 1
        assert out.startswith("refused: ")
        assert contents(root) == before
        assert contents(outside) == theirs

    def test_neither_is_a_mode_taken_from_there(self, root: Path, outside: Path) -> None:
        self.left(root, "/news/new.md", like="/news/out/page.md")
        assert shown("recover", root)[0] == 1
        assert not (root / "news/new.md").exists()

    @pytest.mark.parametrize("kind", ["pipe", "folder", "link", "deep"])
    def test_a_journal_that_is_none(self, root: Path, tmp_path: Path, kind: str) -> None:
        journal = root / JOURNAL
        if kind == "pipe":
            os.mkfifo(journal)
        elif kind == "folder":
            journal.mkdir()
        elif kind == "link":
            journal.symlink_to("/dev/zero")
        else:
            journal.write_text('{"version":' * 100_000)
        move = ["mv", PATH, "/news/2016/03/2/x.md", "--root"]
        for args in (["recover"], move):
            status, out = shown(*args, root)
            assert (status, out.startswith("refused: ")) == (1, True)
        assert (root / PATH[1:]).is_file()


def kept(root: Path, folder: Path) -> Path:
    """A cache of an archive with a warning of its own, as a run leaves it."""
    (root / PATH[1:]).write_text((root / PATH[1:]).read_text().replace("\n2. [E", "\n5. [E"))
    assert na.check(root, today=TODAY, cache=folder).notices == ()
    return Path(Cache(folder, root).file)


def listed_in(index: str) -> str:
    """The texts of a record by which an event is to be listed in an index."""
    row = ["NA208", "m", *[1] * 6, ["t", "[]", "safe", False, index], ""]
    return json.dumps([{}, {}, {"a": [row]}])


class TestCache:
    """A cache that someone else could have written."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return tmp_path / "caches"

    @pytest.fixture
    def file(self, root: Path, folder: Path) -> Path:
        return kept(root, folder)

    def same(self, root: Path, folder: Path, notice: str) -> None:
        warm = na.check(root, today=TODAY, cache=folder)
        assert warm == na.check(root, today=TODAY)
        [told] = warm.notices
        assert notice in told

    @pytest.mark.parametrize("whose", ["file", "folder"])
    def test_of_another_user(self, root: Path, folder: Path, file: Path, whose: str) -> None:
        if os.geteuid() != 0:
            pytest.skip("only root can give a file away")
        os.chown(folder if whose == "folder" else file, 65534, 65534)
        before = file.read_bytes()
        self.same(root, folder, "belongs to another user")
        assert file.read_bytes() == before

    @pytest.mark.parametrize("whose", ["file", "folder"])
    def test_that_everybody_may_write_to(
        self, root: Path, folder: Path, file: Path, whose: str
    ) -> None:
        (folder if whose == "folder" else file).chmod(0o777)
        self.same(root, folder, "everybody may write to")

    def test_a_dangling_link_makes_no_file_elsewhere(
        self, root: Path, folder: Path, file: Path, tmp_path: Path
    ) -> None:
        file.unlink()
        file.symlink_to(tmp_path / "made")
        self.same(root, folder, "is a symbolic link")
        assert not (tmp_path / "made").exists()

    @pytest.mark.parametrize(
        "statements",
        [
            ["CREATE TRIGGER t BEFORE INSERT ON folders BEGIN DELETE FROM folders; END"],
            ["CREATE VIEW v AS SELECT 1"],
            ["DROP TABLE run", "CREATE VIEW run(fingerprint, seed) AS WITH RECURSIVE n(x) AS "
             "(SELECT 1 UNION ALL SELECT x FROM n) SELECT x, x FROM n"],
            ["DROP TABLE folders", "CREATE TABLE folders (folder CHECK (length(hex("
             "zeroblob(100000000))) > 0))"],
            ["CREATE INDEX i ON folders (names)"],
        ],
    )  # fmt: skip
    def test_whose_tables_do_more_than_hold(
        self, root: Path, folder: Path, file: Path, statements: list[str]
    ) -> None:
        with closing(sqlite3.connect(file)) as db, db:
            for statement in statements:
                db.execute(statement)
        self.same(root, folder, "was damaged and is made anew")
        assert na.check(root, today=TODAY, cache=folder).notices == ()

    HOSTILE: ClassVar[dict[str, Callable[[FolderRecord], FolderRecord]]] = {
        "kinds": lambda r: r._replace(numbers=b"\xff" * len(r.numbers)),
        "half numbers": lambda r: r._replace(numbers=r.numbers[:-2]),
        "half states": lambda r: r._replace(stats=r.stats[:-3]),
        "fewer states": lambda r: r._replace(stats=r.stats[8:]),
        "fewer digests": lambda r: r._replace(digests=r.digests[:-32]),
        "more pages": lambda r: r._replace(names=r.names + "\0x.md"),
        "fewer keys": lambda r: r._replace(gives=r.gives[8:]),
        "half keys": lambda r: r._replace(wants=r.wants + b"x"),
        "titles": lambda r: r._replace(titles=r.titles + "\n"),
        "no JSON": lambda r: r._replace(texts="["),
        "deep JSON": lambda r: r._replace(texts="[" * 100_000),
        "other JSON": lambda r: r._replace(texts="{}"),
        "numbers for paths": lambda r: r._replace(texts='[{"a": [1]}, {}, {}]'),
        "lists": lambda r: r._replace(texts="[[], [], []]"),
        "short rows": lambda r: r._replace(texts='[{}, {"a": [["NA101"]]}, {}]'),
        "text for numbers": lambda r: r._replace(
            texts=json.dumps([{}, {"a": [["NA101", "m", "0", 0, 1, 1, 1, 1, None]]}, {}])
        ),
        "odd fixes": lambda r: r._replace(
            texts=json.dumps([{}, {"a": [["NA101", "m", *[1] * 6, ["t", [], "x", False, ""]]]}, {}])
        ),
        "odd edits": lambda r: r._replace(
            texts=json.dumps(
                [{}, {"a": [["NA101", "m", *[1] * 6, ["t", [[0, 0, 7]], "safe", False, ""]]]}, {}]
            )
        ),
        "fixes of other pages": lambda r: r._replace(
            texts=json.dumps(
                [{}, {"a": [["NA208", "m", *[1] * 6, ["t", [], "safe", False, "/index.md"]]]}, {}]
            )
        ),
        "fixes of an index elsewhere": lambda r: r._replace(texts=listed_in("/index.md")),
        "fixes of an index that is none": lambda r: r._replace(texts=listed_in(f"{r.folder}/a.md")),
    }

    @pytest.mark.slow
    @pytest.mark.parametrize("kind", HOSTILE)
    def test_whose_rows_cannot_be(self, root: Path, folder: Path, file: Path, kind: str) -> None:
        cache = Cache(folder, root)
        for record in cache.load().values():
            assert is_whole(record)
            evil = self.HOSTILE[kind](record)
            assert not is_whole(evil)
            with closing(sqlite3.connect(file)) as db, db:
                db.execute(
                    f"REPLACE INTO folders VALUES ({', '.join('?' * 10)})",
                    (*evil, _checksum(evil, cache.seed)),
                )
        self.same(root, folder, "was damaged and is repaired")

    def test_a_kept_finding_of_a_rule_on_other_pages_is_not_told(
        self, root: Path, folder: Path, file: Path
    ) -> None:
        cache = Cache(folder, root)
        for record in cache.load().values():
            evil = record._replace(texts=json.dumps([{}, {
                record.page_names()[0]: [["NA208", "owned", 0, 0, 1, 1, 1, 1, None]]
            }]))  # fmt: skip
            with closing(sqlite3.connect(file)) as db, db:
                db.execute(
                    f"REPLACE INTO folders VALUES ({', '.join('?' * 10)})",
                    (*evil, _checksum(evil, cache.seed)),
                )
        found = na.check(root, today=TODAY, cache=folder).diagnostics
        assert "owned" not in {d.message for d in found}


class TestDigests:
    def test_each_run_and_each_cache_has_its_own(self, root: Path, tmp_path: Path) -> None:
        seeds = set()
        for name in ("a", "b"):
            na.check(root, cache=tmp_path / name)
            for _ in range(2):
                cache = Cache(tmp_path / name, root)
                assert cache.load()
                seeds.add(cache.seed)
        assert len(seeds) == 2

    def test_a_cache_that_is_made_anew_gets_another(self, root: Path, tmp_path: Path) -> None:
        na.check(root, cache=tmp_path / "a")
        old = Cache(tmp_path / "a", root)
        old.load()
        Path(old.file).unlink()
        na.check(root, cache=tmp_path / "a")
        new = Cache(tmp_path / "a", root)
        new.load()
        assert new.seed != old.seed

    def test_a_run_does_not_write_to_a_cache_that_was_made_anew_meanwhile(
        self, root: Path, tmp_path: Path
    ) -> None:
        mine = Cache(tmp_path / "a", root)
        assert mine.load() == {}
        na.check(root, cache=tmp_path / "a")
        before = Path(mine.file).read_bytes()
        mine.save([FolderRecord.of("/news", [], mine.seed)], gone=["/news/2016/03/2"])
        assert mine.notice == ""
        assert Path(mine.file).read_bytes() == before

    def test_two_that_collide_under_one_seed_do_not_under_another(self) -> None:
        """Found by search: the first 24 bits of 64."""
        found: dict[bytes, str] = {}
        for n in range(100_000):
            key = key_of(titled("/news/2016/03/2/a.md", f"Title {n}"), 1)[:3]
            if key in found:
                pair = found[key], f"Title {n}"
                break
            found[key] = f"Title {n}"
        one, other = (key_of(titled("/news/2016/03/2/a.md", title), 2)[:3] for title in pair)
        assert one != other


@needs_git
class TestGit:
    """A checkout whose `.git` means harm: more of this in unit/store/test_renames.py."""

    @pytest.fixture
    def checkout(self, root: Path) -> Path:
        git(root, "init", "-q")
        commit(root)
        (root / OPENS[1:]).unlink()
        return root

    @pytest.mark.parametrize(
        "setting",
        [
            "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass",
            "core.gitProxy", "core.alternateRefsCommand", "core.hooksPath", "diff.external",
            "diff.x.textconv", "diff.x.command", "filter.x.clean", "filter.x.smudge",
            "filter.x.process", "gpg.program", "alias.diff", "alias.log", "alias.cat-file",
            "uploadpack.packObjectsHook", "credential.helper", "pager.log",
            "interactive.diffFilter",
        ],
    )  # fmt: skip
    @pytest.mark.slow
    def test_no_setting_runs_a_program(self, checkout: Path, tmp_path: Path, setting: str) -> None:
        trap = tmp_path / "trap"
        trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/owned\ncat\n")
        trap.chmod(0o755)
        value = f"!{trap}" if setting.startswith("alias") else str(trap)
        git(checkout, "config", setting, value)
        (checkout / ".gitattributes").write_text("* diff=x filter=x\n")
        (checkout / ".git/info/attributes").write_text("* diff=x filter=x\n")
        status, out = shown("check", checkout, "--no-cache")
        assert (status, "NA201" in out) == (1, True)
        assert not (tmp_path / "owned").exists()

    def test_a_git_file_that_leads_elsewhere(self, checkout: Path, tmp_path: Path) -> None:
        (checkout / ".git").rename(tmp_path / "elsewhere")
        (checkout / ".git").write_text(f"gitdir: {tmp_path / 'elsewhere'}\n")
        before = contents(tmp_path / "elsewhere")
        assert shown("check", checkout, "--no-cache")[0] == 1
        assert contents(tmp_path / "elsewhere") == before
        (checkout / ".git").write_text("gitdir: /dev/zero\n")
        assert shown("check", checkout, "--no-cache")[0] == 1


class TestFileSystems:
    """Letter case and forms of letters: names are compared as the archive writes them."""

    TITLE = "Caf\u00e9 \u00c5ngstr\u00f6m"

    def test_a_name_in_another_unicode_form_is_another_name(self, tmp_path: Path) -> None:
        day = "/news/2016/03/2"
        nfc, nfd = (unicodedata.normalize(form, self.TITLE) for form in ("NFC", "NFD"))
        pages = {
            f"{day}/{nfd}.md": event(title=nfd),
            PATH: event(related=[f"[{nfd}]({day}/{nfc}.md)"]),
            f"{day}/index.md": day_index("2016-03-2", [(nfd, f"{day}/{nfd}.md"),
                                                        ("The pier burns.", PATH)]),
        }  # fmt: skip
        root = write_archive(tmp_path / "archive", pages)
        assert sorted(os.listdir(root / day[1:]))[0] == f"{nfd}.md"
        found = {d.code: d for d in na.check(root, today=TODAY).diagnostics}
        assert found["NA201"].page == PATH
        archive = na.Archive(root)
        assert f"{day}/{nfd}.md" in archive
        assert f"{day}/{nfc}.md" not in archive

    def test_a_folder_that_ignores_case(self, tmp_path: Path) -> None:
        image = tmp_path / "image"
        with image.open("wb") as out:
            out.truncate(8 << 20)
        or_skip("mkfs.ext4", "-q", "-O", "casefold", "-E", "encoding=utf8", str(image))
        with mounted(tmp_path / "disk", "-o", "loop", str(image)) as folder:
            (folder / "archive").mkdir()
            chattr = ["chattr", "+F", str(folder / "archive")]
            subprocess.run(chattr, check=True, capture_output=True)
            root = write_archive(folder / "archive")
            upper = PATH.replace("the-pier", "The-Pier")
            assert (root / upper[1:]).is_file(), "the folder ignores case"
            write_archive(root, {OPENS: event("2016-02-29", "The pier opens.", related=[
                f"[The pier burns.]({upper})"])})  # fmt: skip
            [found] = [d for d in na.check(root, today=TODAY).diagnostics if d.code == "NA201"]
            assert found.page == OPENS
            assert found.fix is not None
            assert ran(command("check", root, "--fix", "--no-cache")).status == 0
            assert PATH in (root / OPENS[1:]).read_text()

    def test_small_disks_are_mounted_where_they_can_be(self, tmp_path: Path) -> None:
        with small_disk(tmp_path / "disk") as folder:
            assert os.path.ismount(folder)
