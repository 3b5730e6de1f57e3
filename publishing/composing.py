"""The last step of an edition: a cover before its fragments, and all merged into one PDF."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from . import archival, fragments, pdf, stamping
from .content import ReportContent
from .fragments import LOGO, Cut
from .layout import Stamp
from .merging import Merger
from .palette import palette
from .rendered import Rendered
from .stamping import Stamps

COVER, COVER_PAGES = -1, 1
"""The place of the cover, and its pages."""
FRONT, MERGING = 92, 95
"""Percent."""

Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Book:
    """All that an edition is made of.

    `pages` are the fragments of `cut`, laid out, each with its place among them, in any order: each is read when it
    comes. `logo` is an image or none.
    """

    content: ReportContent
    cut: Cut
    pages: Iterable[tuple[int, Rendered]]
    stamp: Stamp
    logo: bytes | None


def load() -> None:
    """Load what every edition needs, so that what is forked from this process need not."""
    pdf.load()
    for weight in (stamping.REGULAR, stamping.BOLD):
        stamping.cut(weight)


def compose(book: Book, merger: Merger, target: Path, report_progress: Report) -> int:
    """Write the edition to `target` by way of a new `merger`, and return its pages; the same book gives the same bytes.

    Who calls lets go of the merger, or ends with it: that takes a tenth of the time of a rebuild. Raises OSError and
    pdf.ForeignMaterial.
    """
    report_progress(FRONT, "Omslag opmaken")
    cover = _cover(book)
    report_progress(MERGING, "Hoofdstukken samenvoegen")
    merger.read(COVER, cover)
    for place, fragment in book.pages:
        merger.read(place, fragment)
    stamps = Stamps(merger.pdf, book.stamp, palette(book.content.style.accent), draft=book.content.draft)
    tops = {entry.anchor for entry in book.cut.entries if entry.depth == 1}
    merger.finish(stamps, unstamped=COVER_PAGES, bold=tops)
    archival.declare(merger.pdf, book.content, book.stamp, pdf.producer(), pdf.colour_profile())
    merger.save(target)
    return merger.pages


def _cover(book: Book) -> Rendered:
    html, css = fragments.cover(book.content, book.stamp), book.cut.css
    material = {LOGO: book.logo} if book.logo else {}
    return pdf.render(html, css, fragments.key(html, css, pdf.engine()), material, lambda progress, step: None)
