"""The language server: what ``check``, ``links`` and ``mv`` know, in an editor.

`live` knows an archive while it changes, `session` the pages that are open; the features are
functions of these two. Only `server` knows pygls. Needs the extra ``newsarchive[lsp]``.
"""
