"""Every example of the CommonMark specification can be read, and is kept whole.

The specification's text has a licence of its own and is no part of the project: name its
``spec.txt`` in ``NEWSARCHIVE_COMMONMARK_SPEC``. One snippet for each of its constructs is in
``test_mistune_contract.py``.
"""

import os
import re
from pathlib import Path

import pytest

import newsarchive as na
from newsarchive.page.parser._blocks import blocks
from tests.builders import PATHS, TODAY

pytestmark = pytest.mark.corpus

FENCE = "`" * 32
EXAMPLE = re.compile(rf"^{FENCE} example[^\n]*\n(.*?)^\.\n.*?^{FENCE}$", re.M | re.S)
HEAD = "### [2016-03-2](/news/2016/03/2/index.md)\n\n# T \n\n"


def examples() -> list[str]:
    spec = os.environ.get("NEWSARCHIVE_COMMONMARK_SPEC", "")
    if not Path(spec).is_file():
        pytest.skip("no specification (set NEWSARCHIVE_COMMONMARK_SPEC)")
    return [m[1].replace("→", "\t") for m in EXAMPLE.finditer(Path(spec).read_text("utf-8"))]


def test_every_example_is_read() -> None:
    found = examples()
    assert len(found) > 600
    for example in found:
        for text in (example, HEAD + example, f"{HEAD}\n\n\n### Related:\n\n{example}"):
            assert "".join(m[0] for m in blocks(text)) == text
            for path in PATHS:
                inspected = na.inspect(text, path, today=TODAY)
                assert inspected.page is not None or inspected.diagnostics
                if inspected.page is not None and inspected.reading.complete:
                    again = na.inspect(na.render(inspected.page), path, today=TODAY)
                    assert again.page == inspected.page
