"""A report as one tagged PDF (PDF/UA-1). The only module that knows WeasyPrint, which it imports when it renders."""
# ruff: noqa: PLC0415  only workers render: the web imports this module, and must not load WeasyPrint with it.

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.template.loader import render_to_string

from . import layout
from .content import ReportContent
from .faces import FACES, FAMILIES
from .glyphs import drawn
from .layout import Stamp
from .palette import palette
from .tagging import mend_tables, name_languages

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

__all__ = ["ForeignMaterial", "Stamp", "load", "render", "write"]

LOGO = "duoplus:logo"

LAYING_OUT, WRITING = 10, 85
PAGES_PER_REPORT = 5


class ForeignMaterial(Exception):
    """The pages asked for something the portal did not hand over; `str(error)` is its address."""


def load() -> None:
    """Import WeasyPrint, so that what is forked from this process need not."""
    import weasyprint  # noqa: F401


def render(
    content: ReportContent,
    stamp: Stamp,
    target: BinaryIO | Path,
    logo: bytes | None,
    report_progress: Callable[[int, str], None],
) -> int:
    """Write the PDF to `target` and return its number of pages; the same arguments give the same bytes.

    `report_progress` gets a percentage and a Dutch step; what it raises stops the work. Raises ForeignMaterial,
    investments.figures.CircularTotal and library.html.TooDeep.
    """
    report_progress(2, "Cijfers berekenen")
    content = drawn(content)
    body = layout.body(content)
    context = {
        "report": content,
        "stamp": stamp,
        "logo": LOGO if logo else "",
        "chapters": body.chapters,
        "note": body.note,
        "palette": palette(content.style.accent),
        "family": FAMILIES.get(content.style.font, FACES[0].family),
        "faces": FACES,
        "amount_widths": layout.AMOUNT_WIDTHS,
    }
    report_progress(6, "Teksten klaarzetten")
    html = render_to_string("publishing/pdf/report.html", context)
    css = render_to_string("publishing/pdf/report.css", context)
    return write(html, css, {LOGO: logo} if logo else {}, target, report_progress)


def write(
    html: str,
    css: str,
    material: Mapping[str, bytes],
    target: BinaryIO | Path,
    report_progress: Callable[[int, str], None],
) -> int:
    """Lay out pages, write them as PDF/UA-1 and return their number.

    Nothing is fetched but the house fonts and `material` (bytes by address): ForeignMaterial for anything else.
    """
    from weasyprint.urls import FatalURLFetchingError

    report_progress(LAYING_OUT, "Pagina’s opmaken")
    try:
        with _reporting_pages(report_progress):
            return _written(html, css, material, target, report_progress)
    except FatalURLFetchingError as error:
        # WeasyPrint makes this a BaseException, which would end the worker instead of the job.
        raise ForeignMaterial(str(error.__cause__)) from error


def _written(
    html: str,
    css: str,
    material: Mapping[str, bytes],
    target: BinaryIO | Path,
    report_progress: Callable[[int, str], None],
) -> int:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher(material)
    fonts = FontConfiguration()
    stylesheet = CSS(string=css, url_fetcher=fetcher, font_config=fonts)
    document = HTML(string=html, url_fetcher=fetcher).render(font_config=fonts, stylesheets=[stylesheet])
    report_progress(WRITING, f"{len(document.pages)} pagina’s naar pdf schrijven")
    identifier = hashlib.sha256((html + css).encode()).digest()[:16]
    document.write_pdf(target, finisher=_finish, pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return len(document.pages)


def _finish(document: Any, pdf: Any) -> None:
    _name_links(document)
    mend_tables(document, pdf)
    name_languages(document, pdf)


def _name_links(document: Any) -> None:
    """Let links be announced by their words; WeasyPrint gives their address."""
    from pydyf import String
    from weasyprint.formatting_structure.boxes import TextBox

    for page in document.pages:
        for _, _, _, box in page.links:
            words = " ".join(part.text.strip() for part in box.descendants() if isinstance(part, TextBox))
            if box.link_annotation and words:
                box.link_annotation["Contents"] = String(words)


def _fetcher(material: Mapping[str, bytes]) -> "URLFetcher":
    """A fetcher that knows the house fonts and `material` by their whole address, and opens nothing."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    fonts = {face.address: face for face in FACES}

    class HandedOver(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> "URLFetcherResponse":
            if url in material:
                return URLFetcherResponse(url, material[url])
            if url in fonts:
                return URLFetcherResponse(url, fonts[url].read())
            raise ForeignMaterial(url)

    return HandedOver(allowed_protocols=(), fail_on_errors=True)


@contextmanager
def _reporting_pages(report_progress: Callable[[int, str], None]) -> Iterator[None]:
    """Turn WeasyPrint's log of its steps, the only sign of life it gives, into progress."""
    logger = logging.getLogger("weasyprint.progress")
    handler = _Pages(report_progress)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


class _Pages(logging.Handler):
    """Reports every few pages. The number of pages is unknown, so the percentage creeps towards WRITING."""

    def __init__(self, report_progress: Callable[[int, str], None]) -> None:
        super().__init__()
        self._report_progress = report_progress
        self._furthest = 0

    def emit(self, record: logging.LogRecord) -> None:
        if "Creating layout - Page" not in record.msg or not isinstance(record.args, tuple):
            return
        page = int(str(record.args[0]))
        if page < self._furthest + PAGES_PER_REPORT:
            return
        self._furthest = page
        share = page / (page + 40)
        self._report_progress(LAYING_OUT + int((WRITING - LAYING_OUT) * share), f"Pagina {page} opmaken")
