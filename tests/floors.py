"""The floors of the library: which part stands on which. `docs/generate.py` prints the table."""

FLOORS: tuple[tuple[int, dict[str, str]], ...] = (
    (10, {"__main__": "`python -m newsarchive`"}),
    (9, {"cli": "the command", "__init__": "the public names"}),
    (
        8,
        {
            "tables": "an archive as tables, and what researchers ask of it",
            "lsp": "the language server",
        },
    ),
    (7, {"runs": "runs over whole archives: engine, workers, cache, changes, baseline"}),
    (6, {"archive": "the public face of an archive: a store and its graph"}),
    (5, {"editing": "fixes of one page, repairs of many, moves"}),
    (
        4,
        {
            "graph": "what pages say of each other: names, titles, links, suggestions",
            "settings": "what a configuration says",
            "writers": "output formats",
        },
    ),
    (3, {"rules": "one file a family; a rule is data and one function"}),
    (
        2,
        {
            "store": "named bytes: folders, git states, unsaved texts; writing them",
            "findings": "diagnostics, edits, reports: plain values",
            "strategies": "pages drawn for tests; nothing imports them",
        },
    ),
    (
        1,
        {
            "page": "one page: text, parts, model, and the way back",
            "errors": "what is raised on purpose",
            "_version": "the version",
            "_site": "where the documentation is",
            "reading": "`Reading`, under the name that authors of rules import",
        },
    ),
)
"""From top to bottom: the floor's number, and its parts with what each is for."""


def table() -> str:
    """The floors as a table of markdown."""
    rows = ["| floor | part | job |\n|--:|---|---|\n"]
    for number, parts in FLOORS:
        for name, job in parts.items():
            shown = "the root package" if name == "__init__" else f"`{name}`"
            rows.append(f"| {number} | {shown} | {job} |\n")
    return "".join(rows)
