"""How an edition comes about: which fragments it needs, which of them are kept already, and who makes the others."""

import time
from collections.abc import Iterator, Sequence
from typing import NoReturn

from django.db import transaction

import jobs.actions
from jobs.actions import Claim
from jobs.isolation import Gate, Report
from jobs.models import Job, JobState
from jobs.running import CannotBeDone, Parked

from . import cache, fragments, limits, pdf, previews
from .content import ReportContent, from_data
from .fragments import Cut, Fragment, Unprintable
from .glyphs import drawn
from .models import Edition, Part, Preview
from .rendered import Rendered

RENDER = "publishing.render_part"
LAID_OUT = 90
"""Percent of the whole."""
Kept = list[Rendered | None]
"""For each fragment its pages, or none where it must be laid out."""


def read(edition_id: int) -> ReportContent:
    """What the edition froze, in characters that can be printed."""
    return drawn(from_data(Edition.objects.values_list("content", flat=True).get(pk=edition_id)))


def cut(edition: Edition, content: ReportContent) -> Cut:
    """The fragments of it. Raises CannotBeDone that names the chapter."""
    try:
        with pdf.without_garbage():
            return fragments.cut(content, pdf.engine())
    except Unprintable as error:
        edition.parts.all().delete()
        Part.objects.create(
            edition=edition, position=0, number=error.number, title=error.title, reason=str(error)[:500]
        )
        raise CannotBeDone(str(error)) from error


def find(part: Part) -> tuple[Fragment, str] | None:
    """The fragment of a part and its styles; None when another version of the portal asked for it, or they are gone."""
    html, css = cache.data(part.key + cache.MATERIAL) or ("", "")
    if fragments.key(html, css, pdf.engine()) != part.key:
        return None
    return Fragment(part.number, part.title, html, part.key), css


def gather(edition: Edition, found: Cut, held: Claim) -> tuple[Kept, list[Part]]:
    """The fragments of an edition as they are kept, and those that are missing.

    If more than one chapter is missing all are left to any number of workers: raises Parked, and is called again when
    the last has ended. Raises CannotBeDone with the reason of the first that failed, OSError, and LeaseLost.
    """
    kept = [cache.fetch(fragment.key) for fragment in found.fragments]
    parts = _parts(edition, found.fragments, kept)
    left = any(part.job_id for part in parts)
    for part in parts if left else ():
        # Those who were to make it have ended, or have read it.
        cache.drop_data(part.key + cache.MATERIAL)
    for part in parts:
        if part.job is not None and part.job.state == JobState.FAILED:
            _fail(part, _reason(found.fragments[part.position], part.job))
    missing = [part for part, rendered in zip(parts, kept, strict=True) if rendered is None]
    if sum(part.is_chapter for part in missing) > 1 and not left:
        _leave_to_workers(missing, found, held)
    return kept, missing


def complete(missing: Sequence[Part], found: Cut, held: Claim) -> None:
    """Make what is missing: one chapter, or what somebody took out of the cache.

    Raises CannotBeDone with a reason, OSError, and LeaseLost.
    """
    for place, part in enumerate(missing):
        report_progress = _share(held.report, place, len(missing))
        make(part, found.fragments[part.position], found.css, report_progress)


def arriving(found: Cut, kept: Kept, completed: Gate) -> Iterator[tuple[int, Rendered]]:
    """First what is kept, then what is missing, when that is completed; each with its place. Raises OSError."""
    yield from ((place, rendered) for place, rendered in enumerate(kept) if rendered is not None)
    completed.wait()
    for place, fragment in enumerate(found.fragments):
        if kept[place] is None:
            rendered = cache.fetch(fragment.key)
            if rendered is None:
                raise FileNotFoundError(fragment.key)
            yield place, rendered


def _share(report_progress: Report, place: int, count: int) -> Report:
    """The report of one of so many that are made one after another, so that together they never go back."""
    return lambda progress, step: report_progress(LAID_OUT * (100 * place + progress) // (100 * count), step)


def make(part: Part, fragment: Fragment, css: str, report_progress: Report) -> None:
    """Lay out one fragment, keep it and say how long that took. Raises OSError, and CannotBeDone with a reason."""
    started = time.monotonic()
    try:
        pages = limits.render(fragment, css, report_progress)
    except CannotBeDone as error:
        _fail(part, str(error))
    Part.objects.filter(pk=part.pk).update(pages=pages, seconds=round(time.monotonic() - started, 3))


def lay_out(preview: Preview, report_progress: Report) -> tuple[str, list[str]]:
    """Lay out what is not kept of a chapter as it stands now; the shape of that, and the keys of its fragments.

    Raises OSError, and CannotBeDone with a reason.
    """
    content = previews.content(preview.chapter)
    try:
        found = fragments.cut(content, pdf.engine())
    except Unprintable as error:
        raise CannotBeDone(str(error)) from error
    chapters = [fragment for fragment in found.fragments if fragment.number]
    for fragment in chapters:
        if cache.fetch(fragment.key) is None:
            limits.render(fragment, found.css, report_progress)
    return previews.shape_of(content), [fragment.key for fragment in chapters]


def _fail(part: Part, reason: str) -> NoReturn:
    Part.objects.filter(pk=part.pk).update(reason=reason[:500])
    raise CannotBeDone(reason)


def _parts(edition: Edition, found: Sequence[Fragment], kept: Sequence[Rendered | None]) -> list[Part]:
    """The rows of its fragments; made anew when another version of the portal began on it."""
    rows = list(edition.parts.select_related("job"))
    if [row.key for row in rows] == [fragment.key for fragment in found]:
        return rows
    with transaction.atomic():
        edition.parts.all().delete()
        return Part.objects.bulk_create(
            Part(
                edition=edition,
                position=position,
                number=fragment.number,
                title=fragment.title,
                key=fragment.key,
                from_cache=rendered is not None,
                pages=rendered.pages if rendered else None,
            )
            for position, (fragment, rendered) in enumerate(zip(found, kept, strict=True))
        )


def _leave_to_workers(missing: Sequence[Part], found: Cut, held: Claim) -> None:
    """Ask for each in a job of its own, the longest first, so that none is left alone with it at the end."""
    for part in missing:
        cache.keep_data(part.key + cache.MATERIAL, [found.fragments[part.position].html, found.css])
    by_length = sorted(missing, key=lambda part: -len(found.fragments[part.position].html))
    with transaction.atomic():
        children = jobs.actions.park(held, RENDER, [part.pk for part in by_length])
        for part in missing:
            part.job = children[part.pk]
        Part.objects.bulk_update(missing, ["job"])
    raise Parked


def _reason(fragment: Fragment, job: Job) -> str:
    """Why it could not be made; that attempts were in vain is told of any job, and does not name it."""
    named = f"{fragment.name}: {job.reason}"
    return named if job.reason == jobs.actions.gave_up(job) else job.reason
