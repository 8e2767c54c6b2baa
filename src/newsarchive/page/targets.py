"""What a renderer makes of a link's target: whether it is one, and which path a browser asks for.

The archive takes targets byte for byte. Renderers do not: CommonMark 0.31.2 decodes backslash
escapes (section 2.4) and character references (2.5), and ends a target at a blank (6.3); a browser
cuts off what stands behind ``?`` and ``#``, and a server decodes percent signs.
"""

import re
from urllib.parse import unquote

from newsarchive.page.paths import path_fault
from newsarchive.page.patterns import pattern

PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
"""What a backslash escapes."""

# What a backslash in a target escapes; at the target's end, that is the link's own ")".
_ESCAPABLE = PUNCTUATION | {""}
_MAX_PARENTHESES = 32
_ENCODED = pattern(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|&(?:#(?:[xX](?P<hexadecimal>[0-9a-fA-F]{1,6})|(?P<decimal>[0-9]{1,7}))"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));"
)
# Written raw these lead to the page, too, but mean something elsewhere in markdown or HTML.
_MARKUP = frozenset("&<>[]()`\"'")


def target_fault(target: str) -> str:
    """Why a target is not whole to a CommonMark renderer; empty where it is."""
    if target.startswith("<"):
        return "its target starts with '<'"
    depth, pos = 0, 0
    while pos < len(target):
        char = target[pos]
        if char == "\\" and target[pos + 1 : pos + 2] in _ESCAPABLE:
            pos += 1
        elif char <= " " or char == "\x7f":
            return "a space or control character is in its target"
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        if depth < 0 or depth > _MAX_PARENTHESES:
            break
        pos += 1
    if depth:
        return "the parentheses of its target do not balance"
    return "a backslash at the end of its target swallows the ')'" if pos > len(target) else ""


def path_read(target: str) -> str:
    """The path that a browser asks for where a renderer shows a link to a (whole) target."""
    if "\\" in target or "&" in target:
        target = _ENCODED.sub(_decoded, target)
    return unquote(target.partition("#")[0].partition("?")[0])


def names_exactly(path: str) -> bool:
    """Whether a link whose target is an archive path, as it is, leads to just that path.

    Both readings agree then: the archive's, byte for byte, and a renderer's. Nothing else may be
    written as the target of a link.
    """
    return not path_fault(path) and not target_fault(path) and path_read(path) == path


def leads_already(target: str, path: str) -> bool:
    """Whether a link leads to a page in a renderer, though its target is not the page's path.

    True only where writing the path in its place could harm the link: it is more than letters.
    """
    return not _MARKUP.isdisjoint(path) and not target_fault(target) and path_read(target) == path


def _decoded(found: re.Match[str]) -> str:
    if found["escaped"]:
        return found["escaped"]
    if found["name"]:
        from html.entities import html5  # 2,231 names, which hardly any target uses

        return html5.get(f"{found['name']};", found[0])
    number = int(found["hexadecimal"], 16) if found["hexadecimal"] else int(found["decimal"])
    valid = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if valid else "\ufffd"
