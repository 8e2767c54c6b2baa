"""Build the site of the documentation: lay its pages out, and have zensical make HTML of them.

    python docs/build_site.py # build/site, from build/docs; a dead link ends it with status 1

The pages are plain Markdown and lead to each other as on a code host. Links to what the site lacks
(source, tests, examples) lead to the repository. Each page is there as Markdown, too, and
`llms.txt` lists them.
"""

import os
import posixpath
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SITE: str = PROJECT["urls"]["Documentation"]
REPOSITORY: str = PROJECT["urls"]["Repository"]
BESIDE = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
"""Pages of the project's own folder that are on the site, too."""

_NOT_SHOWN = (".py", ".pyc")
_CODE = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)$|`[^`\n]+`", re.M | re.S)
_LINK = re.compile(r"(?P<text>\]\()(?P<target>[^)\s]+)(?P<end>\))")


class DeadLinkError(Exception):
    """A link that leads nowhere: page, and target."""


def pages() -> dict[str, Path]:
    """What is on the site, by its path there: files of the documentation, and some beside it."""
    docs = ROOT / "docs"
    found = {
        file.relative_to(docs).as_posix(): file
        for file in sorted(docs.rglob("*"))
        if file.is_file() and file.suffix not in _NOT_SHOWN
    }
    return found | {name: ROOT / name for name in BESIDE if (ROOT / name).exists()}


def lay_out(folder: Path) -> None:
    """Write all that the site is built from.

    Raises:
        DeadLinkError: a link leads to no file of the project.
    """
    shutil.rmtree(folder, ignore_errors=True)
    known = pages()
    places = {file.relative_to(ROOT).as_posix(): path for path, file in known.items()}
    for path, file in known.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".md":
            text = relinked(file.read_text("utf-8"), file.relative_to(ROOT).as_posix(), places)
            target.write_text(text, "utf-8")
        else:
            shutil.copyfile(file, target)
    with (folder / "README.md").open("a", encoding="utf-8") as home:
        home.write("\nFor programs that read: [llms.txt](llms.txt) lists every page.\n")
    (folder / "llms.txt").write_text("".join(llms_txt(folder)), "utf-8")


def relinked(text: str, page: str, places: dict[str, str]) -> str:
    """A page whose links lead to pages of the site, and where that has none to the repository.

    Args:
        text: the page.
        page: its path in the project.
        places: where files of the project are on the site.
    """
    own = places[page]

    def lead(link: re.Match[str]) -> str:
        target, mark, anchor = link["target"].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return link[0]
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
        if meant in places:
            there = posixpath.relpath(places[meant], posixpath.dirname(own))
        elif (ROOT / meant).exists() and not meant.startswith(".."):
            kind = "tree" if (ROOT / meant).is_dir() else "blob"
            there = f"{REPOSITORY}/{kind}/main/{meant}"
        else:
            raise DeadLinkError(f"{page}: {link['target']} leads nowhere")
        return f"{link['text']}{there}{mark}{anchor}{link['end']}"

    out, end = [], 0
    for code in _CODE.finditer(text):
        out += [_LINK.sub(lead, text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*out, _LINK.sub(lead, text[end:])])


def nav() -> dict[str, dict[str, str]]:
    """The pages by section, each title with its path."""
    listed = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    found: dict[str, dict[str, str]] = {"": {}}
    for entry in listed:
        [(title, what)] = entry.items()
        if isinstance(what, str):
            found[""][title] = what
        else:
            found[title] = {name: path for one in what for name, path in one.items()}
    return found


def llms_txt(folder: Path) -> Iterator[str]:
    """The list of pages for language models, as llmstxt.org has it."""
    yield f"# {PROJECT['name']}\n\n> {PROJECT['description']}.\n"
    sections = nav()
    sections["Rules"] = {
        (folder / path).read_text("utf-8").partition("\n# ")[2].partition("\n")[0]: path
        for path in sorted(f"rules/{file.name}" for file in (folder / "rules").iterdir())
    }
    for section, titles in sections.items():
        yield f"\n## {section}\n\n" if section else "\n"
        for title, path in titles.items():
            told = _first_sentence((folder / path).read_text("utf-8"))
            yield f"- [{title}]({SITE}{path}): {told}\n"


def _first_sentence(page: str) -> str:
    text = re.sub(r"^```.*?^```$", "", page, flags=re.M | re.S)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    line = re.search(r"^(?![#<>|*!\-])\S.*$", text, re.M)
    found = re.match(r".*?[.:](?=\s|$)|.*", line[0]) if line else None
    return found[0].rstrip(":") if found else ""


def make_html(folder: Path) -> int:
    """Have zensical build `folder`/build/site of `folder`/build/docs; the exit status."""
    if folder != ROOT:
        shutil.copyfile(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    shutil.rmtree(folder / "build" / "site", ignore_errors=True)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    return subprocess.run(command, cwd=folder, env={**os.environ, "NO_COLOR": "1"}).returncode


def build(folder: Path = ROOT) -> int:
    """Lay the pages out and build the site; the exit status."""
    docs, site = folder / "build" / "docs", folder / "build" / "site"
    try:
        lay_out(docs)
    except DeadLinkError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if status := make_html(folder):
        return status
    for page in docs.rglob("*.md"):  # as Markdown, where llms.txt says that it is
        shutil.copyfile(page, site / page.relative_to(docs))
    return 0


if __name__ == "__main__":
    sys.exit(build())
