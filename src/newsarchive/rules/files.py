"""NA9xx: can the files be read, and do their names travel? Reported by the run itself."""

from newsarchive.findings.diagnostics import Severity
from newsarchive.rules._rule import Rule
from newsarchive.rules.names import misnamed, unportable
from newsarchive.store.listing import TroubleKind

BROKEN = Rule(
    "NA905",
    "broken-plugin",
    Severity.ERROR,
    "a rule of another package cannot be loaded, or fails on a page",
    "The run goes on without the rule, or without its findings on that page, and so may have "
    "missed what the rule is there to find.",
    advice="Tell the package's authors, update it, or leave it out with --no-plugins.",
)

FOREIGN = Rule(
    "NA908",
    "unknown-edition",
    Severity.ERROR,
    "most events have a section that no known edition has",
    "The archive is written in other words, in German, say: 'Quellen' where the English edition "
    "has 'Sources'. The finding replaces every NA106 about headings that most events have, in a "
    "check of a whole archive. What the sections of these pages hold is not checked.",
    bad="### Quellen:",
    good="### Sources:",
    advice="Describe the edition under 'edition' in the configuration; then its pages are read.",
    whole_page=True,
)

RULES = (
    Rule(
        "NA901",
        "unreadable-file",
        Severity.ERROR,
        "a page or folder cannot be read",
        "Permissions, a dangling symbolic link, a page that is no regular file, or one that "
        "vanished while the archive was read. The rest is still checked.",
        advice="Correct the file's permissions or its link, or delete it.",
        trouble=TroubleKind.UNREADABLE,
        whole_page=True,
    ),
    Rule(
        "NA902",
        "unusable-name",
        Severity.ERROR,
        "a page's file name is not UTF-8",
        "No link can name such a page, so nothing leads there.",
        bad="news/2013/02/20/caf\\xe9.md",
        good="news/2013/02/20/cafe.md",
        advice="Rename the file.",
        trouble=TroubleKind.UNUSABLE_NAME,
        whole_page=True,
    ),
    Rule(
        "NA903",
        "symbolic-link",
        Severity.WARNING,
        "a symbolic link leads to a folder, or out of the archive",
        "Neither is followed: folders may form loops, and a checked page must be the archive's "
        "own.",
        bad="news/2013 -> ../elsewhere/2013",
        advice="Replace the link by a copy, or take it out of the archive.",
        trouble=TroubleKind.NOT_FOLLOWED,
        whole_page=True,
    ),
    Rule(
        "NA904",
        "interrupted-change",
        Severity.ERROR,
        "a move or removal of a page was interrupted",
        "Some pages are as they were before, others as they are to be. Until the change is "
        "finished no page is repaired.",
        advice="Run 'newsarchive recover'. The next 'mv' or 'rm' finishes the change, too.",
        trouble=TroubleKind.UNFINISHED,
        whole_page=True,
    ),
    BROKEN,
    Rule(
        "NA906",
        "unportable-name",
        Severity.WARNING,
        "a name cannot be held by other systems, or be told from another",
        'Windows allows none of <>:"|?* nor a backslash, no control characters, no dot or space at '
        "a name's end, and no name of a device such as 'con.md'. Windows and macOS take names that "
        "differ in letter case alone for one, macOS also two spellings of one accented letter: of "
        "two such pages a checkout has one. Off unless selected: not every archive travels.",
        bad="news/2013/02/20/what-now?.md",
        good="news/2013/02/20/what-now.md",
        advice="Rename the page with 'newsarchive mv', so that links follow.",
        names=unportable,
        default=False,
        whole_page=True,
    ),
    Rule(
        "NA907",
        "misnamed-page",
        Severity.WARNING,
        "a file of news is no page because of its name's ending",
        "Pages end in '.md', in small letters. A file in '.MD' or '.markdown' is not read, not "
        "checked and not linked to.",
        bad="news/2013/02/20/slug.MD",
        good="news/2013/02/20/slug.md",
        advice="Rename the file so that it ends in '.md', or move it out of /news/.",
        names=misnamed,
        whole_page=True,
    ),
    FOREIGN,
)
