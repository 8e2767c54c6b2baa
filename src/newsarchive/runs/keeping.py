"""An archive that is asked beside what runs keep of it."""

from __future__ import annotations

import datetime
import os
from functools import partial

from newsarchive.archive import AnyArchive, with_kept
from newsarchive.graph.answers import Answers
from newsarchive.graph.inbound import KeptReferrers
from newsarchive.graph.survey import Survey
from newsarchive.runs.engine import _Run
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
    return with_kept(archive, (partial(_survey, options), partial(_referrers, options)))


def _survey(options: RunOptions, view: Answers) -> Survey | None:
    """What is to know of all pages of a view; None where nothing is kept of them."""
    run = _Run(view, options)
    if not (run.cache and run.cache.exists()):
        return None
    known = run.survey(options.today)
    return known if isinstance(known, Survey) else view.surveyor and view.surveyor()


def _referrers(options: RunOptions, view: Answers) -> KeptReferrers | None:
    """What tells which pages link to one; None where nothing is kept of them."""
    run = _Run(view, options)
    cache = run.cache
    if not (cache and cache.exists()):
        return None
    if view.is_scanned and any(listing.stats for listing in view.scan.folders[:1]):
        run.scan = view.scan
    known, scan = run.survey(options.today), run.listed()
    if isinstance(known, Survey):
        view.survey = known
    elif (joined := cache.joined(scan.state)) and joined.pages() == len(scan.pages):
        always = (*known.in_doubt, *known.rows)
        return KeptReferrers(joined, scan, always, cache.seed, view)
    survey = view.take_survey()
    return KeptReferrers.of_survey(survey, scan, view) if survey else None
