"""The graph of related events, for networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsarchive.errors import MissingPackageError

if TYPE_CHECKING:
    import networkx as nx

    from newsarchive.archive import Archive


def related_graph(archive: Archive) -> nx.DiGraph[str]:
    """Events by path, and an edge for each related link; see `Archive.graph`.

    Raises:
        MissingPackageError: networkx is not installed.
    """
    try:
        import networkx as nx
    except ImportError:
        raise MissingPackageError("networkx", "graph") from None
    from newsarchive.tables.making import table_rows

    graph: nx.DiGraph[str] = nx.DiGraph()
    for page in table_rows(archive, "pages"):
        path, kind, date, title = page[:4]
        if kind == "event":
            graph.add_node(path, title=title or "", date=str(date or ""), exists=True)
    for row in table_rows(archive, "related"):
        path, _, title, target, exists, context, _ = row
        if not target:
            continue
        target = target.partition("#")[0]
        if target not in graph:
            graph.add_node(target, title=title, date="", exists=exists)
        graph.add_edge(path, target, title=title, context=", ".join(context))
    return graph
