"""What the figures were measured on."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import newsarchive as na
from benchmarks.contenders import Tools

_LIBRARIES = ("mistune", "markdown-it-py", "mistletoe", "pydantic")


def describe(tools: Tools) -> str:
    """One line: processor, memory, system, Python, versions, and how busy the machine was."""
    parts = [
        f"{_processor()}, {len(os.sched_getaffinity(0))} cores" if _is_linux() else _processor(),
        *_memory(),
        f"{platform.system()} {platform.machine()}",
        f"{platform.python_implementation()} {platform.python_version()}",
        f"newsarchive {na.__version__}",
        *(_first_line(path, "--version") for path in tools.peers.values()),
        *_libraries(),
        f"load {os.getloadavg()[0]:.1f} at the start",
    ]
    return ", ".join(parts)


def _is_linux() -> bool:
    return platform.system() == "Linux"


def _processor() -> str:
    if _is_linux():
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> list[str]:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return []
    return [f"{size / (1 << 30):.0f} GiB"]


def _first_line(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True).stdout.partition("\n")[0]


def _libraries() -> list[str]:
    found = []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found
