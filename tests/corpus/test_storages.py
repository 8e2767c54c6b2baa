"""The packed archive as a zip gives the findings of the packed archive as a folder."""

import tarfile
import zipfile
from pathlib import Path

import pytest

import newsarchive as na
from tests.builders import TODAY
from tests.corpus.test_corpus import CORPUS

pytestmark = [pytest.mark.slow, pytest.mark.corpus]

PACKED = CORPUS / "archive-2012-2017.tar.xz"


def test_a_zip_of_the_packed_archive_gives_the_same_findings(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="needs fsspec")
    if not PACKED.is_file():
        pytest.skip(f"no packed archive {PACKED} (set NEWSARCHIVE_CORPUS)")
    with tarfile.open(PACKED) as archive, zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                packed.writestr(member.name.removeprefix("./"), content.read())
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        packed.extractall(tmp_path / "disk")
    url, root = f"zip://{tmp_path}/a.zip", str(tmp_path / "disk")
    expected = "\n".join(na.check(root, today=TODAY, jobs=2).json_lines()).replace(root, "ROOT")
    for jobs in (1, 2):
        found = na.check(url, today=TODAY, jobs=jobs)
        assert found.page_count > 20_000
        assert "\n".join(found.json_lines()).replace(url, "ROOT") == expected
