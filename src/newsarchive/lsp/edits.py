"""Changes of texts as the protocol has them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from lsprotocol import types

from newsarchive.findings.edits import Edit
from newsarchive.lsp.findings import span_range
from newsarchive.lsp.places import Lines

DocumentEdits = tuple[str, int | None, list[types.TextEdit]]
"""URI, version (None where it is not open) and edits of a document."""
DocumentChange = types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile


def text_edits(lines: Lines, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """Edits of a text."""
    return [types.TextEdit(span_range(lines, e.start, e.end), e.replacement) for e in edits]


def edits_between(old: str, new: str) -> list[Edit]:
    """Edits that make one text of another, line by line; lines that stay are not touched."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [
        Edit(starts[i], starts[j], "".join(after[first:last]))
        for kind, i, j, first, last in codes
        if kind != "equal"
    ]


def workspace_edit(
    changes: Iterable[DocumentEdits],
    rename: tuple[str, str] | None = None,
    *,
    versioned: bool = True,
) -> types.WorkspaceEdit:
    """Edits of several documents, and perhaps the rename of a file (old and new URI) after them.

    An editor that takes no edits with versions, but renames files, takes the same list of edits
    without versions: so the protocol has it.
    """
    if not (versioned or rename):
        return types.WorkspaceEdit(changes={uri: edits for uri, _, edits in changes})
    documents: list[DocumentChange] = [
        types.TextDocumentEdit(
            types.OptionalVersionedTextDocumentIdentifier(uri, version if versioned else None),
            edits,
        )
        for uri, version, edits in changes
    ]
    if rename:
        documents.append(types.RenameFile(*rename))
    return types.WorkspaceEdit(document_changes=documents)
