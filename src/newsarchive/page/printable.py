"""Text that any terminal can show."""


def printable(text: str) -> str:
    """A text with control and direction characters escaped, so that no terminal acts on them."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
