"""The facts of an edition: every figure that its tables print, exact and as printed, from what was frozen.

The same edition gives the same bytes.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from accounts.sheets import csv_file
from investments.columns import SHARE, Column
from investments.exporting import euros
from investments.figures import LineFigures, LineKind
from investments.sources import Source
from investments.statements import Cell, build
from investments.summing import figures_of

from .content import ChapterContent, SectionContent, TableContent, from_data
from .models import Edition

FORMAT = 1
EURO, PERCENT = "EUR", "%"
HEADERS = (
    "pad",
    "hoofdstuk",
    "titel van het hoofdstuk",
    "onderdeel",
    "tabel",
    "jaar",
    "rij",
    "regel",
    "soort regel",
    "kolom",
    "waarde",
    "eenheid",
    "afgedrukt",
    "afgedrukt in",
    "bron",
)


@dataclass(frozen=True)
class Fact:
    """One printed figure.

    `row` counts the printed lines of the table from 1. `value` is exact, in euros or whole percents, with the sign that
    is printed; None where an amount is not known. `printed_in` is the unit of the table in euros, None for percents.
    """

    chapter: str
    chapter_title: str
    section: str
    table: str
    year: int
    row: int
    line: str
    line_kind: str
    column: str
    heading: str
    value: Decimal | int | None
    unit: str
    printed: str
    printed_in: int | None
    source: str

    @property
    def path(self) -> str:
        """Where the figure stands, from the chapter to the column; a label that returns is told apart by its row."""
        parts = (f"{self.chapter} {self.chapter_title}", self.section, self.table)
        return " / ".join([*parts, f"{self.row} {self.line}", self.heading])

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON; an amount is text, so that nobody reads a float."""
        value = f"{self.value:.2f}" if isinstance(self.value, Decimal) else self.value
        return {"path": self.path, **asdict(self), "value": value}

    def as_row(self) -> tuple[str | int | Decimal | None, ...]:
        """The cells below HEADERS."""
        where = (self.path, self.chapter, self.chapter_title, self.section, self.table, self.year)
        what = (self.row, self.line, LineKind(self.line_kind).label, self.heading, self.value, self.unit)
        return (*where, *what, self.printed, self.printed_in, Source(self.source).label)


def facts(chapters: Sequence[ChapterContent]) -> list[Fact]:
    """All figures in the order in which they are printed. Raises investments.figures.CircularTotal."""
    return [
        fact
        for chapter in chapters
        for section in chapter.sections
        if section.table is not None
        for fact in _of_table(chapter, section, section.table)
    ]


def _of_table(chapter: ChapterContent, section: SectionContent, table: TableContent) -> Iterator[Fact]:
    lines = {line.key: line for line in table.lines}
    given = {(line, column): source for line, column, source in table.sources}
    statement = build(table.title, table.style, table.columns, table.lines, figures_of(table.lines))
    for number, row in enumerate(statement.rows, start=1):
        for column, cell in zip(statement.columns, row.cells, strict=True):
            if not cell.text or not (cell.is_amount or column.key == SHARE):
                continue
            yield Fact(
                chapter=chapter.number,
                chapter_title=chapter.title,
                section=section.title,
                table=table.title,
                year=table.year,
                row=number,
                line=row.label,
                line_kind=str(row.kind),
                column=column.key,
                heading=column.label,
                value=_value(cell),
                unit=EURO if cell.is_amount else PERCENT,
                printed=cell.text,
                printed_in=table.style.unit if cell.is_amount else None,
                source=_source(lines[row.key], column, given),
            )


def _value(cell: Cell) -> Decimal | int | None:
    if cell.is_amount:
        return None if cell.cents is None else euros(cell)
    return int(cell.text.removesuffix("%")) if cell.text.endswith("%") else None


def _source(line: LineFigures, column: Column, given: Mapping[tuple[int, str], str]) -> str:
    if column.key in dict(line.stated):
        return str(Source.STATED)
    if line.is_total or column.is_computed or column.key == SHARE:
        return str(Source.COMPUTED)
    return given.get((line.key, column.key), str(Source.TYPED))


def archive(edition: Edition) -> bytes:
    """Both files in one archive. Raises what `facts` raises."""
    found = facts(from_data(edition.content).chapters)
    target = io.BytesIO()
    with ZipFile(target, "w") as made:
        for name, body in (
            ("feiten.csv", csv_file(HEADERS, [fact.as_row() for fact in found])),
            ("feiten.json", _as_json(edition, found)),
        ):
            # With a date of its own, which says nothing: that of today would make other bytes tomorrow.
            entry = ZipInfo(name)
            entry.external_attr = 0o644 << 16
            made.writestr(entry, body, ZIP_DEFLATED)
    return target.getvalue()


def _as_json(edition: Edition, found: Sequence[Fact]) -> bytes:
    about = {
        "format": FORMAT,
        "organisation": edition.content["organisation"],
        "report": edition.content["title"],
        "year": edition.content["year"],
        "edition": edition.number,
        "draft": edition.draft,
        "chapters": edition.chapters,
        "made_at": edition.created_at.isoformat(timespec="seconds"),
        "content_hash": edition.content_hash,
        "pdf": {"sha256": edition.sha256, "size": edition.size, "pages": edition.pages},
        "facts": [fact.as_data() for fact in found],
    }
    return (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()
