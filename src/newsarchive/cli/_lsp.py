"""``newsarchive lsp``."""

import click


@click.command(short_help="Serve an editor (language server).")
@click.option("--stdio", is_flag=True, help="Talk on standard input and output: the only way.")
def lsp(stdio: bool) -> int:
    """Serve an editor: findings while typing, quick fixes, links, completion, rename.

    Editors start this command themselves and talk to it in the language server protocol; see the
    documentation, "Use it in an editor". Needs the extra newsarchive[lsp].

    Exit status: 0 after an orderly end, 1 if the editor went away, 2 if the extra is missing.
    """
    try:
        from newsarchive.lsp.features import HANDLERS
        from newsarchive.lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.UsageError(
            f"the language server needs {error.name}: pip install 'newsarchive[lsp]'"
        ) from None
    return serve(HANDLERS)
