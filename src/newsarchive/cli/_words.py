"""Where a command line's words are kept, for the commands that outputs propose."""

WORDS = "newsarchive.words"
"""The key in click's `Context.meta`."""
