"""A PDF within limits of time and memory; when they do not suffice, which chapter it is that takes too much."""

import errno
import logging
import os
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.conf import settings

from investments.figures import CircularTotal
from jobs.isolation import Crashed, Report, TookTooLong, isolated
from jobs.running import CannotBeDone
from library.html import TooDeep

from . import pdf
from .content import ReportContent

logger = logging.getLogger(__name__)

TRYING = 90
"""Percent, while chapters are laid out one by one."""
EXCESSES = (TookTooLong, MemoryError, Crashed)


def render(content: ReportContent, stamp: pdf.Stamp, target: Path, logo: bytes | None, report_progress: Report) -> int:
    """Write the PDF to `target` and return its number of pages; the layout is made in a process of its own.

    Raises OSError, and CannotBeDone with a reason that its readers understand.
    """
    seconds = settings.COMPILE_SECONDS
    work = partial(_lay_out, content, stamp, target, logo)
    try:
        return isolated(work, seconds=seconds, report_progress=report_progress)
    except EXCESSES as error:
        excess = error
    blame_a_chapter(content, stamp, logo, report_progress)
    raise CannotBeDone(f"Het rapport als geheel {_what(excess, seconds)}. Kies minder hoofdstukken.") from excess


def blame_a_chapter(content: ReportContent, stamp: pdf.Stamp, logo: bytes | None, report_progress: Report) -> None:
    """Lay out each chapter by itself, and raise CannotBeDone for the first that breaks a limit.

    Stops looking after the time that the whole report may take.
    """
    until = time.monotonic() + settings.COMPILE_SECONDS
    seconds = settings.COMPILE_CHAPTER_SECONDS
    for chapter in content.chapters:
        if not chapter.sections or time.monotonic() > until:
            continue
        report_progress(TRYING, f"Opmaken lukte niet; hoofdstuk {chapter.number} apart proberen")
        alone = replace(content, chapters=(chapter,))
        work = partial(_lay_out, alone, stamp, Path(os.devnull), logo)
        try:
            isolated(work, seconds=seconds, report_progress=lambda *_: None)
        except EXCESSES as excess:
            named = f"Hoofdstuk {chapter.number} “{chapter.title}”"
            advice = "Verdeel het over meer hoofdstukken of kort het in."
            raise CannotBeDone(f"{named} {_what(excess, seconds)}. {advice}") from excess


def _lay_out(
    content: ReportContent, stamp: pdf.Stamp, target: Path, logo: bytes | None, report_progress: Report
) -> int:
    try:
        return pdf.render(content, stamp, target, logo, report_progress)
    except TooDeep as error:
        raise CannotBeDone(str(error)) from error
    except CircularTotal as error:
        raise CannotBeDone(f"Het totaal “{error}” telt zichzelf mee. Pas aan welke regels het telt.") from error
    except pdf.ForeignMaterial as error:
        raise CannotBeDone("Een tekst verwijst naar een bestand van buiten de portal. Haal dat weg.") from error
    except MemoryError:
        raise
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise MemoryError from error
        raise
    except Exception as error:
        # Without memory, libraries raise just anything.
        logger.exception("layout failed")
        raise Crashed(type(error).__name__) from error


def _what(excess: BaseException, seconds: int) -> str:
    """What a chapter or a report does that it may not."""
    if isinstance(excess, TookTooLong):
        return f"kost meer dan {duration(seconds)} om op te maken"
    return "kan niet worden opgemaakt; meestal vraagt het te veel geheugen"


def duration(seconds: int) -> str:
    """In whole minutes where it can be."""
    if seconds % 60:
        return "1 seconde" if seconds == 1 else f"{seconds} seconden"
    return "1 minuut" if seconds == 60 else f"{seconds // 60} minuten"
