"""Original pages of the archive come back byte for byte.

They are not part of the project: name their folder in ``NEWSARCHIVE_CORPUS``, or put it beside
the checkout as ``shared/corpus``. It holds ``pages/`` (files laid out by their archive paths) and
perhaps packed archives (``*.tar.xz``), which are read without being unpacked.
"""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.page.parser import read

pytestmark = [pytest.mark.slow, pytest.mark.corpus]

CHECKOUT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("NEWSARCHIVE_CORPUS", CHECKOUT.parent / "shared" / "corpus"))
EVERY = 20


def original_pages() -> list[tuple[str, bytes]]:
    root = CORPUS / "pages"
    found = [
        (f"/{file.relative_to(root).as_posix()}", file.read_bytes())
        for file in sorted(root.rglob("*.md"))
    ]
    if not found:
        pytest.skip(f"no original pages in {root} (set NEWSARCHIVE_CORPUS)")
    return found


def packed_pages(name: str) -> Iterator[tuple[str, bytes]]:
    file = CORPUS / name
    if not file.is_file():
        pytest.skip(f"no packed archive {file} (set NEWSARCHIVE_CORPUS)")
    with tarfile.open(file) as archive:
        # Members are read in the order of the file: going back would unpack it again.
        for number, member in enumerate(m for m in archive if m.name.endswith(".md")):
            content = archive.extractfile(member) if number % EVERY == 0 else None
            if content is not None:
                yield f"/{member.name.removeprefix('./')}", content.read()


def check_page(path: str, data: bytes) -> na.Page:
    """One page's text, model and JSON give each other back; nothing of it is left out."""
    reading = read(data, path)
    page = reading.page
    assert page is not None, path
    assert reading.complete, (path, reading.problems)
    assert na.render(page).encode() == data, path
    assert type(page).model_validate_json(page.model_dump_json()) == page, path
    return page


def test_original_pages_come_back() -> None:
    kinds = {type(check_page(path, data)) for path, data in original_pages()}
    assert {na.Event, na.DayIndex} <= kinds


def test_original_pages_have_no_layout_errors() -> None:
    for path, data in original_pages():
        found = na.check_text(data, path, select=["NA101", "NA104", "NA105", "NA106", "NA4"])
        assert found == (), path


def test_originals_with_other_line_endings_are_mended() -> None:
    for path, data in original_pages()[::10]:
        text = data.decode()
        for newline in ("\r\n", "\r"):
            fixed = na.fix_text("\ufeff" + text.replace("\n", newline), path)
            assert fixed.text == text, path
            assert {d.code for d in fixed.applied} == {"NA102", "NA103"}, path


@pytest.mark.parametrize("name", ["archive-2012-2017.tar.xz", "renames-2016-2017.tar.xz"])
def test_packed_archives_come_back(name: str) -> None:
    pages = 0
    for path, data in packed_pages(name):
        check_page(path, data)
        pages += 1
    assert pages > 50
