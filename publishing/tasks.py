"""Celery: the PDF of one edition, one of its fragments, and what is kept of those."""

import errno
import logging
from functools import partial

from celery import shared_task
from celery.signals import worker_init
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from jobs.actions import Claim, LeaseLost
from jobs.isolation import Gate
from jobs.models import JobState
from jobs.running import CannotBeDone, job_task

from . import building, cache, composing, limits, pdf, previews
from .actions import COMPILE
from .composing import Book
from .content import ReportContent
from .layout import Stamp
from .models import Edition, Part, Preview
from .storing import StoredFile, discard, discard_leftovers, store

logger = logging.getLogger(__name__)

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@worker_init.connect
def load_renderer(**_: object) -> None:
    """Before the pool forks, so that every process of it starts with the renderer and its fonts in memory."""
    composing.load()


# The limits of time are kept inside, for each fragment and for the whole. What is made twice over is kept: an attempt
# that takes longer than this leaves less to the next.
@job_task(COMPILE, time_limit=2 * settings.COMPILE_SECONDS + 2 * settings.COMPILE_CHAPTER_SECONDS, joins_until_end=True)
def compile_edition(held: Claim) -> None:
    """Lay out the frozen content; the file is published in the transaction that proves the job still held.

    Raises CannotBeDone when trying again at once would not help, and Parked while others make its fragments.
    """
    edition = Edition.objects.defer("content").get(pk=held.subject_id)
    if edition.is_ready:
        return
    folder = f"editions/{edition.report_id}"
    _discard_abandoned(edition, folder)
    stored = _written(edition, f"{folder}/{edition.pk}-{held.token}.pdf", held)
    try:
        with transaction.atomic():
            held.renew()
            Edition.objects.filter(pk=edition.pk).update(
                file=stored.name, sha256=stored.sha256, size=stored.size, pages=stored.pages, engine=pdf.engine()
            )
    except LeaseLost:
        discard(stored.name)
        raise


@job_task(building.RENDER, time_limit=2 * settings.COMPILE_CHAPTER_SECONDS, joins_until_end=True)
def render_part(held: Claim) -> None:
    """Lay out one fragment of an edition, unless somebody else did; raises CannotBeDone that names the chapter."""
    part = Part.objects.get(pk=held.subject_id)
    kept = cache.fetch(part.key)
    if kept is not None:
        Part.objects.filter(pk=part.pk).update(pages=kept.pages, from_cache=True)
        return
    found = building.find(part)
    if found is None:
        # Whoever puts the whole together sees that its fragments are not these any more.
        return
    fragment, css = found
    try:
        building.make(part, fragment, css, held.report)
    except OSError as error:
        logger.exception("part %s could not be written", part.pk)
        raise CannotBeDone(_why_not_stored(error)) from error


@job_task(previews.RENDER, time_limit=2 * settings.COMPILE_CHAPTER_SECONDS)
def render_preview(held: Claim) -> None:
    """Lay out the pages of a chapter as it stands now; raises CannotBeDone with a reason."""
    preview = Preview.objects.select_related("chapter__report__organisation").get(pk=held.subject_id)
    try:
        shape, keys = building.lay_out(preview, held.report)
    except OSError as error:
        logger.exception("preview %s could not be written", preview.pk)
        raise CannotBeDone(_why_not_stored(error)) from error
    with transaction.atomic():
        held.renew()
        Preview.objects.filter(pk=preview.pk).update(shape=shape, keys=keys)


@shared_task(name="publishing.clear_fragments", expires=3600)
def clear_fragments() -> None:
    """Remove fragments that no edition was made of for long."""
    cache.clear(settings.FRAGMENT_DAYS)


def _discard_abandoned(edition: Edition, folder: str) -> None:
    """Remove what killed attempts left behind, at this edition and at those of the report that were given up."""
    ended = (JobState.FAILED, JobState.CANCELLED)
    given_up = Edition.objects.filter(report=edition.report_id, file="", job__state__in=ended)
    for edition_id in (edition.pk, *given_up.values_list("pk", flat=True)):
        discard_leftovers(folder, f"{edition_id}-")


def _written(edition: Edition, name: str, held: Claim) -> StoredFile:
    """The PDF of the edition in storage; raise CannotBeDone with a reason that its readers understand."""
    content = building.read(edition.pk)
    if not edition.parts.exists():
        held.report(2, "Hoofdstukken klaarzetten")
    found = building.cut(edition, content)
    try:
        kept, missing = building.gather(edition, found, held)
        stamp, logo = _stamp(edition), _logo(content)
        with Gate() as completed:
            book = Book(content, found, building.arriving(found, kept, completed), stamp, logo)

            def make_missing() -> None:
                building.complete(missing, found, held)
                completed.open()

            return store(name, partial(limits.compose, book, make_missing=make_missing, report_progress=held.report))
    except OSError as error:
        logger.exception("edition %s could not be written", edition.pk)
        raise CannotBeDone(_why_not_stored(error)) from error


def _why_not_stored(error: OSError) -> str:
    if error.errno in NO_ROOM:
        return "De schijf is vol. Vraag de beheerder om ruimte te maken, en maak de PDF daarna opnieuw."
    return "De PDF kon niet worden opgeslagen; de beheerder kan zien waarom."


def _stamp(edition: Edition) -> Stamp:
    sources = Edition.objects.filter(taken=edition.pk).values_list("number", flat=True)
    return Stamp(edition.number, edition.created_at, tuple(edition.chapters), sources.first())


def _logo(content: ReportContent) -> bytes | None:
    """The logo of the house style; raise CannotBeDone when its file is gone."""
    if not content.style.logo:
        return None
    try:
        with default_storage.open(content.style.logo) as file:
            data: bytes = file.read()
    except FileNotFoundError as error:
        raise CannotBeDone("Het logo van de huisstijl is niet gevonden. Kies het opnieuw.") from error
    return data
