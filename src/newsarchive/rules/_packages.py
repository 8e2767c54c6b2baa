"""Which installed packages announce something to this library, and what state their code is in.

Most installations have no such package, and a run must not pay for asking. To look for
the group's name in the files that announce entry points takes a fraction of what importing
`importlib.metadata` does. That is imported only where a file has the name.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from importlib.util import find_spec

_ENDINGS = (".dist-info", ".egg-info")


def announcing(group: str, path: Iterable[str]) -> list[str]:
    """The metadata folders of the installed packages that have entry points of a group.

    Where two folders of the path hold the same package, the first counts. Packages in zip files are
    not seen.
    """
    header = f"[{group}]".encode()
    found: list[str] = []
    seen: set[str] = set()
    for folder in path:
        try:
            with os.scandir(folder or ".") as entries:
                names = sorted(e.name for e in entries if e.name.endswith(_ENDINGS))
        except OSError:  # the path may name what does not exist
            continue
        for name in names:
            package = name.partition("-")[0].lower()
            if package in seen:
                continue
            seen.add(package)
            metadata = os.path.join(folder, name)
            try:
                with open(os.path.join(metadata, "entry_points.txt"), "rb") as file:
                    data = file.read()
            except OSError:
                continue
            if header in data:
                found.append(metadata)
    return found


def code_state(module: str) -> list[str]:
    """The files of the package that a module is in, each with its size and time.

    Nothing is imported. Of a package in a zip file, its place: that has the version in its name.
    Empty where there is no such package.
    """
    top = module.partition(".")[0]
    spec = find_spec(top) if top else None
    if spec is None:
        return []
    folders = spec.submodule_search_locations or ()
    files = _files(folders) if folders else iter([spec.origin or ""])
    return sorted(filter(None, map(_state, files))) or [*folders]


def _files(folders: Iterable[str]) -> Iterator[str]:
    pending = list(folders)
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if not entry.is_dir():
                        yield entry.path
                    elif entry.name != "__pycache__":
                        pending.append(entry.path)
        except OSError:
            continue


def _state(file: str) -> str:
    try:
        status = os.stat(file)
    except OSError:
        return ""
    return f"{file} {status.st_size} {status.st_mtime_ns}"
