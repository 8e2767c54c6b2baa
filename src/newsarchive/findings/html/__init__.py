"""A health report: one HTML file with pictures that opens from disk and from a mail.

It has no script and asks for nothing: charts are SVG, what is long is folded (`<details>`), and a
content security policy forbids all but its own styles.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from newsarchive.errors import MissingPackageError
from newsarchive.findings.html.figures import Counted, Figures
from newsarchive.page.printable import printable

_LONGEST = 300  # characters of a name or a message: what is longer has no room in a table


def html_of(report: Counted, figures: Figures) -> str:
    """A report as HTML; raises MissingPackageError if Jinja2 is not installed."""
    require_jinja()
    import jinja2

    from newsarchive.findings.html.contents import contents

    loader = jinja2.PackageLoader(__name__, ".")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=loader,
    )  # fmt: skip
    styles = loader.get_source(environment, "report.css")[0].strip()
    environment.filters["shown"] = shown
    environment.filters["number"] = "{:,}".format
    template = environment.get_template("report.html.jinja")
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode("ascii")
    return template.render(styles=styles, digest=digest, **contents(report, figures)) + "\n"


def require_jinja() -> None:
    """Make sure of the package that fills the template.

    Raises:
        MissingPackageError: it is not installed.
    """
    try:
        import jinja2  # noqa: F401
    except ImportError:
        raise MissingPackageError("Jinja2", "report") from None


def is_cut(report: Counted) -> bool:
    """Whether a report has findings that its HTML does not list."""
    from newsarchive.findings.html.bounds import MISSING, of_a_rule

    counts = report.by_code()
    most = max(counts.values(), default=0)
    return most > of_a_rule(len(counts)) or len({d.target for d in report.counted}) > MISSING


def shown(text: Any) -> str:
    """A text from an archive, as it may be shown: nothing in it hides or turns what follows."""
    found = printable(str(text))
    return found if len(found) <= _LONGEST else found[: _LONGEST - 1] + "…"
