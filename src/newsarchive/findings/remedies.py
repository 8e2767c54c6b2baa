"""What can be done about a finding: one word for each way, and the options that take it."""

from __future__ import annotations

from enum import Enum

from newsarchive.findings.diagnostics import Applicability, Diagnostic


class Remedy(Enum):
    """What can be done about a finding; its value is how people read it.

    Attributes:
        flags: the options of ``newsarchive check`` that it takes; empty where no option does it.
    """

    SAFE = "safe"
    LIKELY = "likely"
    CHOICE = "your choice"
    REMOVAL = "by removal"
    HAND = "by hand"

    @property
    def flags(self) -> str:
        """The options that write it; empty for what people have to do."""
        return _FLAGS.get(self, "")

    @property
    def asked(self) -> str:
        """The options that ask for it, where ``--fix`` goes without saying."""
        return self.flags.removeprefix("--fix ")


_FLAGS = {
    Remedy.SAFE: "--fix",
    Remedy.LIKELY: "--fix --unsafe-fixes",
    Remedy.REMOVAL: "--fix --unsafe-fixes --remove-dead",
}


def remedy_of(d: Diagnostic) -> Remedy:
    """What can be done about a finding."""
    if d.fix is None:
        return Remedy.CHOICE if d.suggestions else Remedy.HAND
    if d.fix.removes:
        return Remedy.REMOVAL
    return Remedy.SAFE if d.fix.applicability is Applicability.SAFE else Remedy.LIKELY
