"""NA9xx: can the files be read at all? Reported by the run itself."""

from newsarchive.findings.diagnostics import Severity
from newsarchive.rules._rule import Rule

BROKEN = Rule(
    "NA905",
    "broken-plugin",
    Severity.ERROR,
    "a rule of another package cannot be loaded, or fails on a page",
    "The run goes on without the rule, or without its findings on that page, and so may have "
    "missed what the rule is there to find. Tell the package's authors, update it, or leave it "
    "out with '--no-plugins'.",
)

RULES = (
    Rule(
        "NA901",
        "unreadable-file",
        Severity.ERROR,
        "a page or folder cannot be read",
        "Permissions, a dangling symbolic link, a page that is no regular file, or one that "
        "vanished while the archive was read. The rest is still checked.",
        whole_page=True,
    ),
    Rule(
        "NA902",
        "unusable-name",
        Severity.ERROR,
        "a page's file name is not UTF-8",
        "No link can name such a page. Rename the file.",
        whole_page=True,
    ),
    Rule(
        "NA903",
        "symbolic-link",
        Severity.WARNING,
        "a symbolic link leads to a folder, or out of the archive",
        "Neither is followed: folders may form loops, and a checked page must be the archive's "
        "own.",
        whole_page=True,
    ),
    Rule(
        "NA904",
        "interrupted-change",
        Severity.ERROR,
        "a move or removal of a page was interrupted",
        "Some pages are as they were before, others as they are to be. 'newsarchive recover' "
        "finishes the change; so does the next 'mv' or 'rm'. Until then no page is repaired.",
        whole_page=True,
    ),
    BROKEN,
)
