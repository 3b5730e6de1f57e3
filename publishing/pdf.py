"""Pages laid out by WeasyPrint, the only module that knows it and imports it when it renders."""
# ruff: noqa: PLC0415  only workers render: the web imports this module, and must not load WeasyPrint with it.

import atexit
import gc
import hashlib
import io
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import quicker, rendered, tagging
from .faces import FACES
from .fragments import INSIDE, SLOT, stylesheet
from .palette import FALLBACK
from .rendered import Bookmark, Place, Rendered

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

LAYING_OUT, WRITING = 10, 85
"""Percent."""
PAGES_PER_REPORT = 5
PRINTED = 4
"""The flag of an annotation that is printed with its page, which PDF/A asks for."""
WARMING_UP = """<!DOCTYPE html><html lang="nl"><body><section class="chapter">
<h1 class="chapter-heading">1 Woorden</h1><h2 class="section-heading">Tekst</h2>
<div class="prose"><p>Een noot<span class="footnote">Noot</span>, <strong>vet</strong> en <em>schuin</em>.</p>
<ul><li><dd>punt</dd></li></ul></div>
<table class="figures"><thead><tr><th scope="col">Hoofd</th></tr></thead>
<tbody><tr class="total"><th scope="row">Regel</th></tr></tbody></table>{faces}</section></body></html>"""
WORD = '<p style="font: {face.style} {face.weight} 10pt {face.family}">Woord</p>'
# What is made of a page's HTML depends on these, too.
SHAPED_BY = (__file__, quicker.__file__, rendered.__file__, tagging.__file__)


class ForeignMaterial(Exception):
    """The pages asked for something the portal did not hand over; `str(error)` is its address."""


def load() -> None:
    """Import WeasyPrint, read where Dutch words are parted and lay out a few, for what is forked from this process."""
    import pyphen
    import weasyprint  # noqa: F401

    pyphen.Pyphen(lang=pyphen.language_fallback("nl"))
    _is_warm()


@lru_cache(maxsize=1)
def engine() -> str:
    """What makes pages of HTML: other versions may make other pages of the same."""
    import pikepdf
    import pydyf
    import weasyprint
    from weasyprint.text.ffi import pango

    own = hashlib.sha256(b"".join(Path(name).read_bytes() for name in SHAPED_BY)).hexdigest()[:12]
    libraries = f"WeasyPrint {weasyprint.__version__}, pydyf {pydyf.__version__}, pikepdf {pikepdf.__version__}"
    return f"{libraries}, Pango {pango.pango_version()}, Duoplus {own}"


def producer() -> str:
    """What a PDF says it was made by."""
    import weasyprint

    return f"WeasyPrint {weasyprint.__version__}"


@lru_cache(maxsize=1)
def colour_profile() -> bytes:
    """The ICC profile of sRGB, in which all colours are."""
    import weasyprint.pdf

    return Path(weasyprint.pdf.__file__).with_name("sRGB2014.icc").read_bytes()


def prepare(css: str) -> None:
    """Load fonts and styles, so that what is forked from this process finds them ready."""
    if _is_warm():
        _styles(css)


@lru_cache(maxsize=1)
def _is_warm() -> bool:
    """Whether this process could lay out words in every font, so that what is forked from it need not open their files.

    A fork has none of the threads of this process. Should a library have started one for that (some versions of Pango
    look for fonts in a thread), a fork would wait for it in vain, and has to begin by itself.
    """
    before = _threads()
    words = WARMING_UP.format(faces="".join(WORD.format(face=face) for face in FACES))
    _rendered(words, stylesheet(FALLBACK, ""), "", {}, lambda progress, step: None)
    if _threads() == before:
        return True
    _styles.cache_clear()
    _fonts.cache_clear()
    return False


def _threads() -> int:
    """How many this process has, those of libraries too; where nobody tells, each answer is another."""
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return time.monotonic_ns()


def render(
    html: str,
    css: str,
    key: str,
    material: Mapping[str, bytes],
    report_progress: Callable[[int, str], None],
) -> Rendered:
    """Lay out pages as a tagged PDF; the same arguments give the same bytes, with `key` in the names that are global.

    Nothing is fetched but the house fonts and `material` (bytes by address): ForeignMaterial for anything else.
    `report_progress` gets a percentage and a Dutch step; what it raises stops the work.
    """
    from weasyprint.urls import FatalURLFetchingError

    report_progress(LAYING_OUT, "Pagina’s opmaken")
    try:
        with _reporting_pages(report_progress), without_garbage():
            return _rendered(html, css, key, material, report_progress)
    except FatalURLFetchingError as error:
        # WeasyPrint makes this a BaseException, which would end the worker instead of the job.
        raise ForeignMaterial(str(error.__cause__)) from error


def _rendered(
    html: str,
    css: str,
    key: str,
    material: Mapping[str, bytes],
    report_progress: Callable[[int, str], None],
) -> Rendered:
    from weasyprint import HTML

    page = HTML(string=html, url_fetcher=_fetcher(material))
    document = page.render(font_config=_fonts(), stylesheets=[_styles(css)])
    report_progress(WRITING, f"{len(document.pages)} pagina’s naar pdf schrijven")
    written = io.BytesIO()

    def finish(_: Any, pdf: Any) -> None:
        _settle_links(document)
        tagging.mend(document, pdf)
        _make_headers_unique(pdf, key)

    document.write_pdf(written, finisher=finish, pdf_tags=True, pdf_version="1.7", pdf_identifier=key.encode()[:16])
    places, slots = _places(document)
    return Rendered(_compact(written), len(document.pages), places, _bookmarks(document), slots)


def _compact(written: io.BytesIO) -> bytes:
    """The same PDF as qpdf writes it, which a merge opens five times as fast."""
    from pikepdf import ObjectStreamMode, Pdf

    target = io.BytesIO()
    with Pdf.open(written) as pdf:
        pdf.save(target, object_stream_mode=ObjectStreamMode.generate, recompress_flate=False, deterministic_id=True)
    return target.getvalue()


@lru_cache(maxsize=1)
def _fonts() -> "FontConfiguration":
    """The house fonts that styles have named so far, as files, which go with the process that made them."""
    from weasyprint.text.fonts import FontConfiguration

    maker = os.getpid()

    class Fonts(FontConfiguration):
        def __del__(self) -> None:
            # Whatever is forked from the maker has these fonts too, and reads the same files.
            if os.getpid() == maker:
                super().__del__()

    quicker.hurry()
    # At the end of a process it is too late for the fonts' files: what removes them may be gone first.
    atexit.register(_fonts.cache_clear)
    return Fonts()


@lru_cache(maxsize=4)
def _styles(css: str) -> "CSS":
    from weasyprint import CSS
    from weasyprint.urls import FatalURLFetchingError

    try:
        return CSS(string=css, url_fetcher=_fetcher({}), font_config=_fonts())
    except FatalURLFetchingError as error:
        raise ForeignMaterial(str(error.__cause__)) from error


@contextmanager
def without_garbage() -> Iterator[None]:
    """Looking for garbage takes a fifth of the time of a layout; whoever goes on afterwards looks for it once then."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def _settle_links(document: Any) -> None:
    """Let links be announced by all their words (WeasyPrint gives their address), be printed, and find their place.

    A link to a place may leave the fragment, which WeasyPrint would drop: it comes as an address of our own.
    """
    from pydyf import String

    for page in document.pages:
        for _, target, _, box in page.links:
            if not box.link_annotation:
                continue
            words = " ".join("".join(box.element.itertext()).split())
            box.link_annotation["F"] = PRINTED
            box.link_annotation["Contents"] = String(words or target)
            if target.startswith(INSIDE):
                del box.link_annotation["A"]
                box.link_annotation["Dest"] = String(target.removeprefix(INSIDE))


def _make_headers_unique(pdf: Any, key: str) -> None:
    """Cells name the heads they belong to by numbers that are known in this file only; it will be merged."""
    from pydyf import Array, Dictionary, String

    def own(name: Any) -> Any:
        return String(f"{key[:12]}-{name.string}")

    for element in pdf.objects:
        if not isinstance(element, Dictionary) or element.get("S") not in {"/TH", "/TD"}:
            continue
        if "ID" in element:
            element["ID"] = own(element["ID"])
        if element.get("A", {}).get("Headers"):
            element["A"]["Headers"] = Array(own(name) for name in element["A"]["Headers"])


def _places(document: Any) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Where links lead, and where the pages of such places are to be written."""
    places, slots = [], []
    for number, page in enumerate(document.pages):
        for name, (left, top, right, foot) in page.anchors.items():
            if name.startswith(SLOT):
                slots.append(Place(name.removeprefix(SLOT), number, *_point(page, right, foot)))
            else:
                places.append(Place(name, number, *_point(page, left, top)))
    return tuple(places), tuple(slots)


def _bookmarks(document: Any) -> tuple[Bookmark, ...]:
    return tuple(
        Bookmark(label, level, number, *_point(page, x, y))
        for number, page in enumerate(document.pages)
        for level, label, (x, y), _ in page.bookmarks
    )


def _point(page: Any, x: float, y: float) -> tuple[float, float]:
    """From pixels below the head of the page to points above its foot."""
    return round(x * 0.75, 3), round((page.height - y) * 0.75, 3)


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
