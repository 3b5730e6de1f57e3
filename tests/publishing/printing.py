"""Reports as content, and what their PDFs say: words, tags, bookmarks and links."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2
from pypdfium2 import raw

from investments.figures import LineFigures
from investments.styles import PrintStyle
from publishing import fragments, pdf
from publishing.composing import Book, compose
from publishing.content import (
    ChapterContent,
    GoalContent,
    LineExplanation,
    ReportContent,
    SectionContent,
    StyleContent,
    TableContent,
)
from publishing.glyphs import drawn
from publishing.layout import Stamp
from publishing.merging import Merger
from tests.investments.columns import FIVE_2020

STAMP = Stamp(edition=3, made_at=datetime(2021, 5, 14, 7, 41, tzinfo=UTC))
GOAL = GoalContent("Digitaal werken", "<p>Processen inrichten.</p>", "", "Begroting 2020 blz. 16", "")


def report(*chapters: ChapterContent, draft: bool = True, title: str = "Jaarstukken 2020") -> ReportContent:
    """A report of Duo+ in its house style, without a logo."""
    return ReportContent(
        organisation="Gemeenschappelijke regeling Duo+",
        short_name="Duo+",
        title=title,
        kind="jaarstukken",
        year=2020,
        draft=draft,
        style=StyleContent(accent="#1f5266", font="source-serif", logo=""),
        chapters=chapters,
    )


def chapter(number: str, title: str, *sections: SectionContent) -> ChapterContent:
    return ChapterContent(number, title, number.count(".") + 1, sections)


def narrative(title: str, text: str = "") -> SectionContent:
    return SectionContent("narrative", title, "Staf", text)


def goals(title: str, *rows: GoalContent) -> SectionContent:
    return SectionContent("goals", title, "Staf", "", goals=rows)


def figures(table: TableContent) -> SectionContent:
    return SectionContent("figures", table.title, "I&A", "", table=table)


def line(key: int, label: str, amended: int, actual: int | None) -> LineFigures:
    """A credit without an original budget; amounts in euros."""
    return LineFigures(
        key, label, "line", "credit", amendments=amended * 100, actual=None if actual is None else actual * 100
    )


def total(key: int, label: str, *members: int) -> LineFigures:
    return LineFigures(key, label, "total", "credit", members=tuple((member, 1) for member in members))


def table(*lines: LineFigures, title: str = "Investeringen ICT", unit: int = 1000) -> TableContent:
    return TableContent(
        title,
        2020,
        PrintStyle(unit),
        FIVE_2020,
        lines,
        explanation="",
        line_explanations=(),
    )


ICT = TableContent(
    title="Investeringen ICT",
    year=2020,
    style=PrintStyle(),
    columns=FIVE_2020,
    lines=(
        line(1, "I&A - aanschaf computerapparatuur", 232_000, 255_600),
        line(2, "I&A - aanschaf netwerkapparatuur", 80_000, 67_900),
        line(3, "I&A - aanschaf serverapparatuur", 180_000, 57_800),
        line(4, "I&A - aanschaf randapparatuur", 55_000, 64_700),
        line(5, "I&A - aanschaf telefoons", 20_000, 18_900),
        line(6, "Voorfinanciering fiets", 0, None),
        total(7, "Saldo", 1, 2, 3, 4, 5, 6),
    ),
    explanation="<p>Per saldo is minder geïnvesteerd.</p>",
    line_explanations=(LineExplanation("I&A - aanschaf serverapparatuur", "<p>Servers staan in de cloud.</p>"),),
)
"""The sample's table: it must print as published (domain rules 2 and 6)."""


@dataclass(frozen=True)
class Tag:
    """A tag of the PDF: its type, what it says in place of a picture, the words in it, and its kids."""

    kind: str
    alternative: str
    words: str
    kids: tuple["Tag", ...] = field(repr=False)

    def all(self, *kinds: str) -> Iterator["Tag"]:
        """This tag and all below it of the given kinds, in reading order."""
        if self.kind in kinds:
            yield self
        for kid in self.kids:
            yield from kid.all(*kinds)


@dataclass(frozen=True)
class Link:
    """A link: how it is announced, and where it leads (an address, or the number of a page)."""

    announced: str
    target: str | int


@dataclass(frozen=True)
class Printed:
    """A PDF as a reader meets it."""

    data: bytes
    pages: int

    @property
    def document(self) -> pypdfium2.PdfDocument:
        return pypdfium2.PdfDocument(self.data)

    @property
    def language(self) -> str:
        opened = self.document
        return _told(partial(raw.FPDFCatalog_GetLanguage, opened.raw))

    @property
    def is_tagged(self) -> bool:
        opened = self.document
        return bool(raw.FPDFCatalog_IsTagged(opened.raw))

    def words(self, page: int) -> str:
        """The words of a page, counted from 1, lines joined."""
        return " ".join((*self.lines(page), self.foot(page)))

    def lines(self, page: int) -> list[str]:
        """The lines of a page without its foot."""
        return self._lines(page)[1:] if self.foot(page) else self._lines(page)

    def foot(self, page: int) -> str:
        """What is stamped on a page, which comes first in its content; the cover has none."""
        return self._lines(page)[0] if page > 1 else ""

    def _lines(self, page: int) -> list[str]:
        text = self.document[page - 1].get_textpage().get_text_range()
        return [line.strip() for line in text.splitlines() if line.strip()]

    @property
    def fonts(self) -> set[str]:
        """The names of all fonts in which something is printed."""
        found = set()
        for page in self.document:
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                font = raw.FPDFTextObj_GetFont(item.raw)
                buffer = ctypes.create_string_buffer(200)
                raw.FPDFFont_GetBaseFontName(font, buffer, 200)
                found.add(buffer.value.decode().rpartition("+")[2])
        return found

    def height(self, page: int, words: str) -> float:
        """How far above the foot of the page the words stand, as a share of its height."""
        sheet = self.document[page - 1]
        text = sheet.get_textpage()
        found = text.search(words).get_next()
        assert found is not None
        bottom: float = text.get_charbox(found[0])[1]
        return bottom / float(sheet.get_height())

    def tags(self, page: int) -> list[Tag]:
        """The tags of a page."""
        sheet = self.document[page - 1]
        spoken = marked_words(sheet)
        tree = raw.FPDF_StructTree_GetForPage(sheet.raw)
        roots = [raw.FPDF_StructTree_GetChildAtIndex(tree, i) for i in range(raw.FPDF_StructTree_CountChildren(tree))]
        return [_tag(root, spoken) for root in roots]

    def all_tags(self, *kinds: str) -> list[Tag]:
        """The tags of these kinds on all pages."""
        return [tag for page in range(1, self.pages + 1) for root in self.tags(page) for tag in root.all(*kinds)]

    def links(self, page: int) -> list[Link]:
        """The links of a page."""
        opened = self.document
        sheet = opened[page - 1]
        found = []
        for index in range(raw.FPDFPage_GetAnnotCount(sheet.raw)):
            annotation = raw.FPDFPage_GetAnnot(sheet.raw, index)
            announced = _told(partial(raw.FPDFAnnot_GetStringValue, annotation, b"Contents"))
            link = raw.FPDFAnnot_GetLink(annotation)
            place = raw.FPDFLink_GetDest(opened.raw, link)
            if place:
                found.append(Link(announced, raw.FPDFDest_GetDestPageIndex(opened.raw, place) + 1))
            else:
                action = raw.FPDFLink_GetAction(link)
                buffer = ctypes.create_string_buffer(1000)
                raw.FPDFAction_GetURIPath(opened.raw, action, buffer, 1000)
                found.append(Link(announced, buffer.value.decode()))
        return found

    def all_links(self) -> list[Link]:
        return [link for page in range(1, self.pages + 1) for link in self.links(page)]


def quiet(progress: int, step: str) -> None:
    """Nobody listens."""


def printed(content: ReportContent, logo: bytes | None = None, stamp: Stamp = STAMP) -> Printed:
    """The report as PDF."""
    if logo:
        content = replace(content, style=replace(content.style, logo="logos/logo.png"))
    content = drawn(content)
    found = fragments.cut(content, pdf.engine())
    laid = [pdf.render(one.html, found.css, one.key, {}, quiet) for one in found.fragments]
    with TemporaryDirectory() as folder:
        target = Path(folder) / "edition.pdf"
        pages = compose(Book(content, found, enumerate(laid), stamp, logo), Merger(), target, quiet)
        return Printed(target.read_bytes(), pages)


def marked_words(sheet: pypdfium2.PdfPage) -> dict[int, str]:
    """Words by the number of the marked content they stand in."""
    text = sheet.get_textpage()
    words: dict[int, str] = {}
    for item in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1):
        number = raw.FPDFPageObj_GetMarkedContentID(item.raw)
        if number < 0:
            # The foot, which is no content.
            continue
        words[number] = words.get(number, "") + _told(partial(raw.FPDFTextObj_GetText, item.raw, text.raw))
    return words


def _tag(element: Any, spoken: dict[int, str]) -> Tag:
    kids, words = [], ""
    for index in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            kids.append(_tag(child, spoken))
            words += f" {kids[-1].words}"
        else:
            number = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
            words += spoken.get(number, "")
    return Tag(
        kind=_told(partial(raw.FPDF_StructElement_GetType, element)),
        alternative=_told(partial(raw.FPDF_StructElement_GetAltText, element)),
        words=" ".join(words.split()),
        kids=tuple(kids),
    )


def _told(ask: Callable[..., int]) -> str:
    """What pdfium tells as UTF-16: first how long it is, then the text itself."""
    length = ask(None, 0)
    buffer = ctypes.create_string_buffer(length)
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
