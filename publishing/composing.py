"""The last step of an edition: cover and contents, now that pages have numbers, and all merged into one PDF."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import archival, cache, fragments, pdf, stamping
from .content import ReportContent
from .fragments import LOGO, Cut
from .layout import Stamp
from .merging import merge
from .palette import palette
from .rendered import Rendered
from .stamping import Foot

ENTRIES_ON_A_PAGE = 34
"""A guess, for contents that were never laid out before."""
COVER_PAGES = 1
MOST_TRIES = 3
FRONT, MERGING = 92, 95
"""Percent."""

Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Book:
    """All that an edition is made of; `chapters` are the fragments of `cut`, laid out, and `logo` an image or none."""

    content: ReportContent
    cut: Cut
    chapters: Sequence[Rendered]
    stamp: Stamp
    logo: bytes | None


def prepare(book: Book) -> None:
    """Load what every edition of this look needs, so that what is forked from this process need not."""
    pdf.prepare(book.cut.css)
    for weight in (stamping.REGULAR, stamping.BOLD):
        stamping.cut(weight)


def compose(book: Book, target: Path, report_progress: Report) -> int:
    """Write the edition to `target` and return its number of pages; the same book gives the same bytes.

    Raises OSError and pdf.ForeignMaterial.
    """
    report_progress(FRONT, "Omslag en inhoud opmaken")
    cover, contents = _cover(book), _contents(book)
    report_progress(MERGING, "Hoofdstukken samenvoegen")
    merger = merge([cover, contents, *book.chapters])
    foot = Foot(merger.pdf, book.stamp, palette(book.content.style.accent), draft=book.content.draft)
    merger.finish(foot, unstamped=COVER_PAGES)
    archival.declare(merger.pdf, book.content, book.stamp, pdf.producer(), pdf.colour_profile())
    merger.save(target)
    return merger.pages


def _cover(book: Book) -> Rendered:
    html, css = fragments.cover(book.content, book.stamp), book.cut.css
    material = {LOGO: book.logo} if book.logo else {}
    return pdf.render(html, css, fragments.key(html, css, pdf.engine()), material, _quiet)


def _contents(book: Book) -> Rendered:
    """The contents. How many pages they take themselves decides the numbers in them: that is remembered."""
    remembered = fragments.key(fragments.contents(book.content, book.cut, {}), book.cut.css, pdf.engine())
    before = cache.fetch(remembered)
    length = before.pages if before else -(-len(book.cut.entries) // ENTRIES_ON_A_PAGE) or 1
    for _ in range(MOST_TRIES):
        made = _numbered(book, _numbers(book.chapters, COVER_PAGES + length))
        if made.pages == length:
            break
        length = made.pages
    if before is None or before.pages != length:
        cache.keep(remembered, Rendered(b"", length, (), ()))
    return made


def _numbered(book: Book, numbers: Mapping[str, int]) -> Rendered:
    html, css = fragments.contents(book.content, book.cut, numbers), book.cut.css
    key = fragments.key(html, css, pdf.engine())
    made = cache.fetch(key)
    if made is None:
        made = pdf.render(html, css, key, {}, _quiet)
        cache.keep(key, made)
    return made


def _numbers(chapters: Sequence[Rendered], before: int) -> dict[str, int]:
    """The page of each place, counted from 1, when so many pages come before the chapters."""
    found = {}
    for chapter in chapters:
        found.update({place.name: before + place.page + 1 for place in chapter.places})
        before += chapter.pages
    return found


def _quiet(progress: int, step: str) -> None:
    """What takes a moment is not followed."""
