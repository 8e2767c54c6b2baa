"""An archive that is asked beside what runs keep of it."""

from __future__ import annotations

import datetime
import os

from newsarchive.archive import AnyArchive, with_survey
from newsarchive.graph.answers import Answers
from newsarchive.graph.survey import Survey
from newsarchive.runs.engine import survey_of_all
from newsarchive.runs.options import RunOptions


def with_cache(
    archive: AnyArchive, cache: str | os.PathLike[str], *, jobs: int | None = 1
) -> AnyArchive:
    """The same archive, which learns from what runs keep where links into its pages stand.

    Asking it for `Archive.links_in`, and so moving or removing a page, then takes as long as a
    check with that cache: no page is read that did not change. Where nothing is kept yet, every
    page is read, and nothing is kept.

    Args:
        archive: the archive.
        cache: the folder that was given to `check`.
        jobs: how many processes read pages that changed; None means one for each core.
    """
    options = RunOptions.of(today=datetime.date.today(), jobs=jobs, cache=cache)

    def survey(view: Answers) -> Survey | None:
        return survey_of_all(view, options)

    return with_survey(archive, survey)
