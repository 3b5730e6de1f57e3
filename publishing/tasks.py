"""Celery: the PDF of one edition."""

import errno
import logging
from functools import partial

from celery.signals import worker_init
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from jobs.actions import Claim, LeaseLost
from jobs.models import JobState
from jobs.running import CannotBeDone, job_task

from . import limits, pdf
from .actions import COMPILE
from .content import from_data
from .models import Edition
from .storing import StoredFile, discard, discard_leftovers, store

logger = logging.getLogger(__name__)

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@worker_init.connect
def load_renderer(**_: object) -> None:
    """Import WeasyPrint before the pool forks, so that every process of it starts with the renderer in memory."""
    pdf.load()


# The limits of time are kept inside: for the whole, and as long again to find the chapter that takes too much.
@job_task(COMPILE, time_limit=2 * settings.COMPILE_SECONDS + 2 * settings.COMPILE_CHAPTER_SECONDS, joins_until_end=True)
def compile_edition(held: Claim) -> None:
    """Lay out the frozen content; the file is published in the transaction that proves the job still held.

    Raises CannotBeDone when trying again at once would not help.
    """
    edition = Edition.objects.get(pk=held.subject_id)
    if edition.is_ready:
        return
    folder = f"editions/{edition.report_id}"
    _discard_abandoned(edition, folder)
    stored = _written(edition, f"{folder}/{edition.pk}-{held.token}.pdf", held)
    try:
        with transaction.atomic():
            held.renew()
            Edition.objects.filter(pk=edition.pk).update(
                file=stored.name, sha256=stored.sha256, size=stored.size, pages=stored.pages
            )
    except LeaseLost:
        discard(stored.name)
        raise


def _discard_abandoned(edition: Edition, folder: str) -> None:
    """Remove what killed attempts left behind, at this edition and at those of the report that were given up."""
    given_up = Edition.objects.filter(report=edition.report_id, file="", job__state=JobState.FAILED)
    for edition_id in (edition.pk, *given_up.values_list("pk", flat=True)):
        discard_leftovers(folder, f"{edition_id}-")


def _written(edition: Edition, name: str, held: Claim) -> StoredFile:
    """The PDF of the edition in storage; raise CannotBeDone with a reason that its readers understand."""
    content = from_data(edition.content)
    stamp = pdf.Stamp(edition.number, edition.created_at)
    try:
        logo = _logo(content.style.logo)
        return store(name, partial(limits.render, content, stamp, logo=logo, report_progress=held.report))
    except OSError as error:
        logger.exception("edition %s could not be written", edition.pk)
        raise CannotBeDone(_why_not_stored(error)) from error


def _why_not_stored(error: OSError) -> str:
    if error.errno in NO_ROOM:
        return "De schijf is vol. Vraag de beheerder om ruimte te maken, en maak de PDF daarna opnieuw."
    return "De PDF kon niet worden opgeslagen; de beheerder kan zien waarom."


def _logo(name: str) -> bytes | None:
    """The logo of the house style; raise CannotBeDone when its file is gone."""
    if not name:
        return None
    try:
        with default_storage.open(name) as file:
            data: bytes = file.read()
    except FileNotFoundError as error:
        raise CannotBeDone("Het logo van de huisstijl is niet gevonden. Kies het opnieuw.") from error
    return data
