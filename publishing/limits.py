"""Pages laid out within limits of time and memory, each fragment in a process of its own; who breaks one is named."""

import errno
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings

from jobs.isolation import Crashed, Report, Running, TookTooLong, started
from jobs.running import CannotBeDone

from . import cache, composing, pdf
from .composing import Book
from .fragments import Fragment
from .merging import Merger

logger = logging.getLogger(__name__)

EXCESSES = (TookTooLong, MemoryError, Crashed)
SHORTER = "Verdeel het over meer hoofdstukken of kort het in."
LESS = "Kies minder hoofdstukken."


def render(fragment: Fragment, css: str, report_progress: Report) -> int:
    """Lay out a fragment, keep it and return its number of pages.

    Raises OSError, and CannotBeDone with a reason that names it.
    """
    work = partial(_render, fragment, css)
    pdf.prepare(css)
    with _within(settings.COMPILE_CHAPTER_SECONDS, work, fragment.name, SHORTER) as running:
        return running.number(report_progress)


def compose(book: Book, target: Path, make_missing: Callable[[], None], report_progress: Report) -> int:
    """Write the edition to `target` and return its number of pages.

    It begins while `make_missing` makes what `book` still waits for. Raises OSError, what `make_missing` raises, and
    CannotBeDone with a reason.
    """
    work = partial(composing.compose, book, Merger(), target)
    pdf.prepare(book.cut.css)
    with _within(settings.COMPILE_SECONDS, work, "Het rapport als geheel", LESS) as running:
        make_missing()
        return running.number(report_progress)


def _render(fragment: Fragment, css: str, report_progress: Report) -> int:
    made = pdf.render(fragment.html, css, fragment.key, {}, report_progress)
    cache.keep(fragment.key, made)
    return made.pages


@contextmanager
def _within(seconds: int, work: Callable[[Report], int], name: str, advice: str) -> Iterator[Running]:
    try:
        with started(partial(_told, work), seconds=seconds) as running:
            yield running
    except EXCESSES as excess:
        raise CannotBeDone(f"{name} {_what(excess, seconds)}. {advice}") from excess


def _told(work: Callable[[Report], int], report_progress: Report) -> int:
    """The work, with what libraries raise told as one of few ends."""
    try:
        return work(report_progress)
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
