"""The report in groups: what people see on a terminal."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from newsarchive.findings.diagnostics import Applicability, Diagnostic, Fix, Severity, Suggestion
from newsarchive.findings.names import day_and_slug
from newsarchive.findings.report import Report
from newsarchive.findings.wording import plain
from newsarchive.page.document import Document
from newsarchive.writers import text
from newsarchive.writers._changed import shown_change
from newsarchive.writers._columns import cells
from newsarchive.writers._view import Presentation

DAY = "/news/2016/03/2"
SAFE = Fix("link", ())
LIKELY = Fix("link", (), Applicability.UNSAFE)
REMOVAL = Fix("remove", (), Applicability.UNSAFE, removes=True)
VIEW = Presentation(group="target", command=("newsarchive", "check", "my archive"))


def broken(
    target: str, fix: Fix | None, *meant: str, page: str = "a", line: int = 9, certain: bool = False
) -> Diagnostic:
    found = tuple(Suggestion(m, 1.0 / (n + 1), (), certain) for n, m in enumerate(meant))
    page = f"/news/2016/03/1/{page}.md"
    return Diagnostic(
        "NA201", "broken-related-link", Severity.ERROR, f"'{target}' is gone", page,
        f"archive{page}", 0, 0, line, 5, line, 9, fix, found, target,
    )  # fmt: skip


def other(code: str, severity: Severity, page: str = "a", line: int = 3) -> Diagnostic:
    path = f"/news/2016/03/1/{page}.md"
    return Diagnostic(
        code, "some-rule", severity, f"message of {code}", path, f"archive{path}", 0, 0,
        line, 1, line, 2,
    )  # fmt: skip


BURNS, BURNED = f"{DAY}/the-pier-burns.md", f"{DAY}/the-pier-burned.md"
LINKS = (
    broken(BURNS, SAFE, BURNED, certain=True),
    broken(BURNS, SAFE, BURNED, page="b", certain=True),
    broken(f"{DAY}/rain.md", LIKELY, f"{DAY}/rain-falls.md", f"{DAY}/sun.md"),
    broken(f"{DAY}/which.md", None, f"{DAY}/this.md", "/news/2016/03/3/that.md", line=21),
    broken(f"{DAY}/gone.md", REMOVAL, page="c"),
)


def lines(*found: Diagnostic, view: Presentation = VIEW) -> list[str]:
    return list(text.lines(Report(found, {"event": 3}, {"related": 5}), view))


def test_links_are_told_by_what_can_be_done_and_by_missing_page() -> None:
    assert lines(*LINKS) == [
        "newsarchive check 'my archive'      3 pages, 5 links",
        "",
        "error    NA201 broken-related-link    5 links on 3 pages lead to 4 missing pages",
        "",
        f"  SAFE: 2 links to 1 page{'--fix':>75}",
        "    2 × 2016-03-2   the-pier-[burns → burned]",
        "",
        f"  LIKELY: 1 link to 1 page{'--fix --unsafe-fixes':>74}",
        "    1 × 2016-03-2   rain[→ -falls]",
        "",
        "  YOUR CHOICE: 1 link to 1 page",
        "    1 × 2016-03-2   which",
        "                  ? this  1.00",
        "                  ? 2016-03-3  that  0.50",
        "                  in 2016-03-1 a:21",
        "",
        f"  NOTHING NEAR: 1 link to 1 page{'restore the page, or --remove-dead':>68}",
        "    1 × 2016-03-2   gone",
        "                  in 2016-03-1 c:9",
        "",
        "5 errors.  Repairs: 2 safe, 1 likely, 1 by removal, 1 needs you.",
        "Next:  newsarchive check 'my archive' --diff   look at the 2 safe repairs",
        "       newsarchive explain NA201",
    ]


def test_other_rules_are_told_by_page_and_info_is_only_counted() -> None:
    found = (
        other("NA503", Severity.WARNING, "b"),
        other("NA206", Severity.ERROR, "b", line=18),
        other("NA502", Severity.INFO, "c"),
        other("NA502", Severity.INFO, "d"),
    )
    assert lines(*found)[2:-2] == [
        "error    NA206 some-rule    1 finding on 1 page",
        "warning  NA503 some-rule    1 finding on 1 page",
        "",
        "  archive/news/2016/03/1/b.md",
        "     3:1 warning NA503 message of NA503",
        "    18:1 error   NA206 message of NA206",
        "",
        f"info     NA502 2{'shown with --show-info':>84}",
        "",
    ]
    whole = lines(*found, view=VIEW._replace(show_info=True))
    assert "info     NA502 some-rule    2 findings on 2 pages" in whole
    assert "     3:1 info    NA502 message of NA502" not in whole
    assert "    3:1 info    NA502 message of NA502" in whole
    assert not any("--show-info" in line for line in whole)


def test_by_page_links_stand_with_their_page() -> None:
    shown = lines(*LINKS, view=VIEW._replace(group="page"))
    assert "  archive/news/2016/03/1/c.md" in shown
    assert f"    9:5 error   NA201 '{DAY}/gone.md' is gone" in shown
    assert not any("SAFE" in line for line in shown)


def many() -> Iterator[Diagnostic]:
    for n in range(30):
        yield broken(f"{DAY}/old-{n}.md", SAFE, f"{DAY}/new-{n}.md", page=f"p{n}", certain=True)
        yield broken(f"{DAY}/gone-{n}.md", REMOVAL, page=f"p{n}")
        yield from (other("NA501", Severity.WARNING, f"q{n:02}", line) for line in range(1, 9))


def test_of_many_groups_the_largest_are_told_and_full_tells_all() -> None:
    shown = lines(*many())
    assert "    … 25 more, 25 links" in shown
    assert "    … 10 more, 10 links" in shown
    assert "  … 10 more pages, 80 findings" in shown
    assert "      … 3 more findings" in shown
    assert shown[-1].endswith("--full shows everything")
    whole = lines(*many(), view=VIEW._replace(full=True))
    assert sum("×" in line for line in whole) == 60
    assert sum("message of NA501" in line for line in whole) == 240
    assert not any("…" in line or "--full" in line for line in whole)


@pytest.mark.parametrize(
    ("fix", "flags"),
    [
        (SAFE, "--diff "),
        (LIKELY, "--diff --unsafe-fixes "),
        (REMOVAL, "--diff --unsafe-fixes --remove-dead "),
    ],
)
def test_the_next_command_writes_what_it_promises(fix: Fix, flags: str) -> None:
    command = ("newsarchive", "check", "a", "--fix", "--select", "NA2", "--full")
    shown = lines(broken(BURNS, fix, BURNED), view=VIEW._replace(command=command))
    [following] = [line for line in shown if line.startswith("Next:")]
    assert f"{following} ".startswith(f"Next:  newsarchive check a --select NA2 {flags}")


def test_without_findings_there_is_nothing_to_do() -> None:
    assert lines()[-2:] == ["", "No findings."]


def test_without_a_command_nothing_is_proposed() -> None:
    shown = lines(*LINKS, view=VIEW._replace(command=()))
    assert not any("Next" in line for line in shown)
    assert shown[1:] == lines(*LINKS)[1 : len(shown)]


def test_what_has_no_room_beside_stands_below() -> None:
    shown = lines(*LINKS, view=VIEW._replace(width=40))
    assert shown[:2] == ["newsarchive check 'my archive'", "3 pages, 5 links"]
    assert shown[-5:] == [
        "Repairs: 2 safe, 1 likely, 1 by removal, 1 needs you.",
        "Next:  newsarchive check 'my archive' --diff",
        "         look at the 2 safe repairs",
        "       newsarchive explain NA201",
        "         --full shows everything",
    ]
    assert lines(LINKS[0], view=VIEW._replace(width=45))[-3:] == [
        "Next:  newsarchive check 'my archive' --diff",
        "         look at the safe repair",
        "       newsarchive explain NA201",
    ]


def test_the_line_of_a_finding_is_shown_where_it_is_asked_for() -> None:
    document = Document("\n\n# Rain falls\n")
    view = VIEW._replace(show_source=True, document=lambda file: document)
    shown = lines(other("NA503", Severity.WARNING), view=view)
    at = next(n for n, line in enumerate(shown) if "3:1 warning NA503" in line)
    assert shown[at + 1 : at + 4] == ["        |", "      3 | # Rain falls", "        | ^"]


def test_quiet_tells_findings_alone() -> None:
    shown = lines(*LINKS, view=VIEW._replace(quiet=True))
    assert shown[0].startswith("error    NA201")
    assert not any("Next" in line or "Repairs" in line for line in shown)


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_lines_fit_and_line_up(width: int) -> None:
    long = "-".join(["the", "pier", "of", "the", "harbour"] * 6)
    wide = "美军继续对伊拉克巴格达南部进行空袭-" * 3
    found = [
        broken(f"{DAY}/{name}-{old}.md", SAFE, f"{DAY}/{name}-{new}.md", certain=True)
        for name in (long, wide, "é" * 90)
        for old, new in [("burns", "burned"), ("burns" * 20, "burned" * 20)]
    ]
    found += [broken(f"{DAY}/{wide}.md", None, f"{DAY}/{wide}x.md", f"{DAY}/{wide}y.md")]
    found += [replace(other("NA503", Severity.WARNING, wide), message=wide * 9)]
    shown = lines(*found, view=VIEW._replace(width=width))
    assert max(map(cells, shown)) <= width
    starts = {line.index("2016-03-2 ") for line in shown if " × " in line}
    assert starts == {8}


class TestChanges:
    @pytest.mark.parametrize(
        ("old", "new", "room", "shown"),
        [
            ("a-b-c", "a-x-c", 40, ["a-[b → x]-c"]),
            ("a-b", "a-b-c", 40, ["a-b[→ -c]"]),
            ("a-b-c", "a-b", 40, ["a-b[-c →]"]),
            ("三月火灾", "三月大火", 40, ["三月[火灾 → 大火]"]),
            ("x" * 30 + "-a", "x" * 30 + "-b", 30, ["…" + "x" * 21 + "-[a → b]"]),
            ("a-" + "b" * 30, "a-" + "c" * 30, 20, ["a-" + "b" * 17 + "…", "a-" + "c" * 17 + "…"]),
        ],
    )
    def test_what_differs_is_marked(self, old: str, new: str, room: int, shown: list[str]) -> None:
        found = shown_change(old, new, room, plain)
        assert [line[-len(s) :] for line, s in zip(found, shown, strict=True)] == shown
        assert all(cells(line) <= room for line in found)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/news/2016/03/2/a-b.md", ("2016-03-2", "a-b")),
        ("/news/2016/03/a.md", ("", "/news/2016/03/a.md")),
        ("/opinion/x.md", ("", "/opinion/x.md")),
        ("/news/2016/03/x/a.md", ("", "/news/2016/03/x/a.md")),
    ],
)
def test_a_path_is_a_day_and_a_slug(path: str, parts: tuple[str, str]) -> None:
    assert day_and_slug(path) == parts
