"""Where the table stands on a sheet: its heading rows, its labels and its lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..spreadsheets import Row, Value
from . import headings
from .notation import has_amount

MOST_HEADINGS = 3
"""Rows of headings, one above the other."""
MOST_ABOVE = 60
"""Rows above the first line of a table, among which that is looked for."""
MOST_COLUMNS, MOST_LINES = 24, 500
"""What fits in a table."""
MOST_TO_CHOOSE = 60
"""Columns of a file from which those of a table can be chosen."""
Area = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Layout:
    """The heading rows are `first` to `last`; rows count from 1 as in a spreadsheet, columns from 0.

    `headings` are the words above each column; `captions` all that stands above them.
    """

    first: int
    last: int
    label: int
    headings: tuple[str, ...]
    captions: tuple[str, ...]

    @property
    def year(self) -> int | None:
        """The fiscal year that its headings are about; None when they leave it open."""
        return headings.year_of(self.headings, self.captions)

    @property
    def unit(self) -> int | None:
        """The unit that is stated above the table or in its headings."""
        return next((unit for words in (*self.captions, *self.headings) if (unit := headings.unit_of(words))), None)


class NoTable(ValueError):
    """A sheet without a table; `str(error)` says so in Dutch."""


def find(rows: Sequence[Row], merged: Sequence[Area] = ()) -> Layout:
    """The first table of the sheet; raise NoTable."""
    start = next((index for index, row in enumerate(rows[:MOST_ABOVE]) if _is_line(row)), None)
    if start is None:
        raise NoTable("Op dit blad staat geen tabel: er is geen regel met een omschrijving en een bedrag.")
    first = start
    while first > 0 and start - first < MOST_HEADINGS and _is_heading(rows[first - 1]):
        first -= 1
    if first == start:
        raise NoTable(f"Boven rij {start + 1}, de eerste met bedragen, staan geen opschriften.")
    return at(rows, first + 1, start, merged)


def at(rows: Sequence[Row], first: int, last: int, merged: Sequence[Area] = ()) -> Layout:
    """The table whose headings stand in these rows; raise NoTable when there is nothing below them."""
    if not 1 <= first <= last < len(rows):
        raise NoTable("Onder deze opschriften staat niets.")
    if len(rows) - last > MOST_LINES:
        raise NoTable(
            f"Er passen ten hoogste {MOST_LINES} regels in een tabel; dit blad heeft er {len(rows) - last}. "
            "Verdeel ze over meer tabellen. Zijn het boekingen, lees ze dan in bij Grootboek."
        )
    wide = len({place for row in rows[last:] for place, cell in enumerate(row) if cell is not None})
    if wide > MOST_TO_CHOOSE:
        raise NoTable(f"Er passen ten hoogste {MOST_COLUMNS} kolommen in een tabel; dit blad heeft er {wide}.")
    width = max(len(row) for row in rows[first - 1 :])
    captions = tuple(words(cell) for row in rows[: first - 1] for cell in row if cell is not None)
    return Layout(first, last, _label_column(rows[last:]), _headings(rows, first, last, width, merged), captions)


def words(cell: Value) -> str:
    """A cell as people read it: dates Dutch, whole numbers without decimals."""
    if isinstance(cell, Decimal):
        return f"{cell:f}".removesuffix(".0")
    if isinstance(cell, date):
        return f"{cell.day}-{cell.month}-{cell.year}"
    return "" if cell is None else re.sub(r"\s+", " ", str(cell)).strip()


def column_name(index: int) -> str:
    """The letters that a spreadsheet gives a column: 0 is A."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_of(row: Row, column: int) -> Value:
    return row[column] if column < len(row) else None


def _is_line(row: Row) -> bool:
    """Whether a row has words and amounts, and so belongs to the table itself rather than to its head."""
    amounts = [cell for cell in row if has_amount(cell) and not _is_year(cell)]
    labelled = any(isinstance(cell, str) and not has_amount(cell) for cell in row)
    return (
        bool(amounts) and labelled and not any(isinstance(cell, str) and headings.unit_of(words(cell)) for cell in row)
    )


def _is_year(cell: Value) -> bool:
    return bool(re.fullmatch(r"(19|20)[0-9]{2}", words(cell)))


def _is_heading(row: Row) -> bool:
    """Words, years and dates, in more than one cell; a caption stands alone."""
    filled = [cell for cell in row if cell is not None]
    return len(filled) > 1 and all(not has_amount(cell) or _is_year(cell) for cell in filled)


def _label_column(rows: Sequence[Row], most: int = 30) -> int:
    """The first column in which most rows have words that differ from row to row."""
    width = min(max((len(row) for row in rows), default=0), most)

    def score(column: int) -> int:
        texts = [cell for row in rows if isinstance(cell := cell_of(row, column), str)]
        return len({text for text in texts if not has_amount(text) and re.search(r"[^\W\d_]{2}", text)})

    return max(range(width), key=lambda column: (score(column), -column), default=0)


def _headings(rows: Sequence[Row], first: int, last: int, width: int, merged: Sequence[Area]) -> tuple[str, ...]:
    """The words above each column, from top to bottom; what stands above several columns counts for each."""
    parts: list[list[str]] = [[] for _ in range(width)]
    for number in range(first - 1, last):
        row = [words(cell_of(rows[number], column)) for column in range(width)]
        spread = _spread(row, number, merged) if number < last - 1 else row
        for column, part in enumerate(spread):
            if part and part not in parts[column]:
                parts[column].append(part)
    return tuple(" ".join(part) for part in parts)


def _spread(row: list[str], number: int, merged: Sequence[Area]) -> list[str]:
    """A heading that stands once above several columns, above each of them."""
    spread = list(row)
    for (top, left), (bottom, right) in merged:
        if top <= number <= bottom:
            spread[left : right + 1] = [row[left]] * (right + 1 - left)
    if any(top <= number <= bottom for (top, _), (bottom, _) in merged):
        return spread[: len(row)]
    for column in range(1, len(spread)):
        # The column of labels has no heading of its own above it more often than not.
        spread[column] = spread[column] or spread[column - 1]
    return spread
