"""The ``newsarchive`` command. Commands import the library when they run, not before."""

from newsarchive.cli._main import main

__all__ = ["main"]
