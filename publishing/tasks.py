"""Celery: the PDF of one edition."""

import logging
from functools import partial

from celery.signals import worker_init
from django.core.files.storage import default_storage
from django.db import transaction

from investments.figures import CircularTotal
from jobs.actions import Claim, LeaseLost
from jobs.running import CannotBeDone, job_task
from library.html import TooDeep

from . import pdf
from .actions import COMPILE
from .content import from_data
from .models import Edition
from .storing import StoredFile, discard, discard_leftovers, store

logger = logging.getLogger(__name__)


@worker_init.connect
def load_renderer(**_: object) -> None:
    """Import WeasyPrint before the pool forks, so that every process of it starts with the renderer in memory."""
    pdf.load()


@job_task(COMPILE, time_limit=600, joins_until_end=True)
def compile_edition(held: Claim) -> None:
    """Lay out the frozen content; the file is published in the transaction that proves the job still held.

    Raises CannotBeDone when trying again at once would not help.
    """
    edition = Edition.objects.get(pk=held.subject_id)
    if edition.is_ready:
        return
    folder = f"editions/{edition.report_id}"
    discard_leftovers(folder, f"{edition.pk}-")
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


def _written(edition: Edition, name: str, held: Claim) -> StoredFile:
    """The PDF of the edition in storage; raise CannotBeDone with a reason that its readers understand."""
    content = from_data(edition.content)
    stamp = pdf.Stamp(edition.number, edition.created_at)
    try:
        logo = _logo(content.style.logo)
        return store(name, partial(pdf.render, content, stamp, logo=logo, report_progress=held.report))
    except OSError as error:
        logger.exception("edition %s could not be written", edition.pk)
        raise CannotBeDone("De PDF kon niet worden opgeslagen; de beheerder kan zien waarom.") from error
    except MemoryError as error:
        raise CannotBeDone("Het rapport is te groot om in één keer te maken. Kies minder hoofdstukken.") from error
    except TooDeep as error:
        raise CannotBeDone(str(error)) from error
    except CircularTotal as error:
        raise CannotBeDone(f"Het totaal “{error}” telt zichzelf mee. Pas aan welke regels het telt.") from error
    except pdf.ForeignMaterial as error:
        raise CannotBeDone("Een tekst verwijst naar een bestand van buiten de portal. Haal dat weg.") from error


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
