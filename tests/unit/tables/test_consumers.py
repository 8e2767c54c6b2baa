"""The programs that read the tables, each as its users start it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import newsarchive as na
from newsarchive.tables.export import Request, chosen, write_tables
from newsarchive.tables.formats import form_of
from tests.builders import OPENS, PATH, uncounted, write_archive

pytestmark = pytest.mark.slow

BROKEN = "/news/2016/03/2/no-date.md"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive with a damaged page, in every format."""
    folder = tmp_path_factory.mktemp("consumers")
    archive = na.Archive(write_archive(folder / "archive", {BROKEN: "# No date.\n"}, small=True))
    for name in ("parquet", "jsonl", "csv"):
        write_tables(Request(archive, form_of(name), chosen((), name)), folder / name)
    write_tables(Request(archive, form_of("sqlite"), chosen((), "sqlite")), folder / "archive.db")
    return folder


def ran(folder: Path, *line: str) -> str:
    """What a program prints in a folder."""
    environment = {**uncounted(), "HF_HOME": str(folder / "home"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        line, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


READERS = {
    "duckdb": (
        "import duckdb\n"
        "rows = duckdb.sql(\"FROM 'parquet/pages.parquet'\").fetchall()\n"
        "found = [(r[0], str(r[2]), r[-1]) for r in rows]\n"
        "terms = duckdb.sql(\"SELECT context FROM 'parquet/related.parquet'\").fetchall()\n"
        "terms = [list(row[0]) for row in terms]"
    ),
    "polars": (
        "import polars as pl\n"
        "pages = pl.read_parquet('parquet/pages.parquet')\n"
        "found = [(r['path'], str(r['date']), r['built']) for r in pages.to_dicts()]\n"
        "terms = pl.read_parquet('parquet/related.parquet')['context'].to_list()"
    ),
    "pandas": (
        "import pandas as pd\n"
        "pages = pd.read_parquet('parquet/pages.parquet')\n"
        "found = [(r.path, str(r.date), bool(r.built)) for r in pages.itertuples()]\n"
        "terms = [list(c) for c in pd.read_parquet('parquet/related.parquet')['context']]"
    ),
    "datasets": (
        "import datasets\n"
        "read = lambda name: datasets.load_dataset('parquet', split='train', cache_dir='cache',\n"
        "    data_files=f'parquet/{name}.parquet')\n"
        "found = [(r['path'], str(r['date']), r['built']) for r in read('pages')]\n"
        "terms = [list(r['context']) for r in read('related')]"
    ),
    "datasets of jsonl": (
        "import datasets\n"
        "read = lambda name: datasets.load_dataset('json', split='train', cache_dir='cache',\n"
        "    data_files=f'jsonl/{name}.jsonl')\n"
        "found = [(r['path'], str(r['date'])[:10], r['built']) for r in read('pages')]\n"
        "terms = [list(r['context']) for r in read('related')]"
    ),
}


@pytest.mark.parametrize("name", READERS)
def test_reads_the_tables(outputs: Path, name: str) -> None:
    code = f"import json\n{READERS[name]}\nprint(json.dumps([found, terms]))"
    found, terms = json.loads(ran(outputs, sys.executable, "-c", code).splitlines()[-1])
    archive = na.Archive(outputs / "archive")
    assert found == [[r.path, str(r.date), r.built] for r in archive.table("pages")]
    assert [BROKEN, "None", False] in found
    assert terms == [[*row.context] for row in archive.table("related")]
    assert ["pier", "Veldania"] in terms


@pytest.mark.parametrize("form", ["parquet", "jsonl", "csv"])
def test_frictionless_finds_the_data_package_in_order(outputs: Path, form: str) -> None:
    line = ("-m", "frictionless", "validate", f"{form}/datapackage.json", "--json")
    report = json.loads(ran(outputs, sys.executable, *line))
    assert report["valid"], report
    assert {task["name"] for task in report["tasks"]} >= {"pages", "related", "links", "meta"}
    assert report["stats"]["errors"] == 0


def asked(outputs: Path, address: str) -> Any:
    """What Datasette answers."""
    line = (sys.executable, "-m", "datasette", "archive.db", "--get", address)
    return json.loads(ran(outputs, *line))


class TestDatasette:
    def test_searches_pages(self, outputs: Path) -> None:
        rows = asked(outputs, "/archive/pages.json?_search=hurt&_shape=array")
        assert [row["path"] for row in rows] == [PATH]

    def test_follows_keys(self, outputs: Path) -> None:
        described = asked(outputs, "/archive.json")
        tables = {table["name"]: table for table in described["tables"]}
        assert tables["pages"]["fts_table"] == "pages_fts"
        [key] = tables["related"]["foreign_keys"]["outgoing"]
        assert (key["other_table"], key["column"]) == ("pages", "page")

    def test_finds_related_events_by_what_they_share(self, outputs: Path) -> None:
        rows = asked(outputs, "/archive/related_context.json?term=Veldania&_shape=array")
        assert [row["page"] for row in rows] == [PATH]
        assert OPENS not in rows
