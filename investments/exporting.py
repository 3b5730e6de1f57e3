"""A table as a file: as the screen shows it, or in euros and cents. No text ever becomes a formula."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import xlsxwriter

from accounts.exports import neutral

from .amounts import from_cents
from .rounding import rounded
from .statements import Cell, Row, Statement
from .styles import PrintStyle

ZEROS = {"-": '"-"', "0": "0", "": '""'}
WIDEST = 60
"""Characters of the column of labels in Excel."""


def as_csv(statement: Statement, *, raw: bool = False) -> str:
    """Dutch: semicolons and decimal commas, with the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["", *(neutral(column.label) for column in statement.columns)])
    for row in statement.rows:
        writer.writerow([neutral(row.label), *_texts(row, raw=raw)])
    return "\ufeff" + text.getvalue()


def _texts(row: Row, *, raw: bool) -> Iterator[str]:
    for cell in row.cells:
        if not cell.is_amount:
            yield neutral(cell.text)
        elif raw:
            yield "" if cell.cents is None else f"{euros(cell):.2f}".replace(".", ",")
        else:
            yield cell.text


def as_data(statement: Statement, *, raw: bool = False) -> dict[str, Any]:
    """Plain values for JSON; raw amounts are euros with a decimal point, as text so that nobody reads floats."""
    return {
        "title": statement.title,
        "unit": "euros" if raw else statement.unit_note,
        "columns": [{"key": column.key, "label": column.label} for column in statement.columns],
        "rows": [
            {
                "label": row.label,
                "kind": str(row.kind),
                "cells": {cell.column: _raw(cell) if raw and cell.is_amount else cell.text for cell in row.cells},
            }
            for row in statement.rows
        ],
        "verdict": statement.verdict.value,
    }


def _raw(cell: Cell) -> str | None:
    return None if cell.cents is None else f"{euros(cell):.2f}"


def euros(cell: Cell) -> Decimal:
    """The exact amount with the sign that the table prints; beside a V or N, and where it rounds to zero, its own."""
    amount = from_cents(cell.cents or 0)
    if _mark(cell.text) or not any(sign.isdigit() and sign != "0" for sign in cell.text):
        return amount
    return -abs(amount) if cell.text.startswith("-") else abs(amount)


def _mark(text: str) -> str:
    return next((sign for sign in "VN" if sign in text), "")


def as_xlsx(statement: Statement, style: PrintStyle, *, raw: bool = False) -> bytes:
    """Numbers as numbers, in formats that show them as the table prints; the headings stay in sight."""
    made = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(made, {"in_memory": True, **plain})
    _Sheet(book, statement, style, raw=raw).write()
    book.close()
    return made.getvalue()


class _Sheet:
    """One table on its way to Excel."""

    def __init__(self, book: xlsxwriter.Workbook, statement: Statement, style: PrintStyle, *, raw: bool) -> None:
        self.book, self.statement, self.style, self.raw = book, statement, style, raw
        self.page = book.add_worksheet("Tabel")
        self.formats: dict[tuple[str, bool], Any] = {}

    def write(self) -> None:
        statement = self.statement
        self.page.write_string(0, 0, statement.title, self._format("@", is_bold=True))
        self.page.write_string(1, 0, "(bedragen in euro’s)" if self.raw else statement.unit_note)
        heading = self.book.add_format(
            {"bold": True, "text_wrap": True, "align": "right", "valign": "top", "bottom": 1}
        )
        for place, column in enumerate(statement.columns, start=1):
            self.page.write_string(2, place, column.label, heading)
        for number, row in enumerate(statement.rows, start=3):
            self.page.write_string(number, 0, row.label, self._format("@", is_bold=row.is_total))
            for place, cell in enumerate(row.cells, start=1):
                self._write_cell(number, place, cell, is_bold=row.is_total)
        widest = max((len(row.label) for row in statement.rows), default=0)
        self.page.set_column(0, 0, min(max(widest, 12), WIDEST))
        self.page.set_column(1, max(len(statement.columns), 1), 14)
        self.page.freeze_panes(3, 1)

    def _write_cell(self, number: int, place: int, cell: Cell, *, is_bold: bool) -> None:
        if not cell.is_amount or cell.cents is None:
            self.page.write_string(number, place, cell.text, self._format("@", is_bold=is_bold))
        elif self.raw:
            self.page.write_number(number, place, float(euros(cell)), self._format("#,##0.00", is_bold=is_bold))
        else:
            shown = rounded(cell.cents, self.style.unit)
            shown = -abs(shown) if cell.text.startswith("-") else abs(shown)
            self.page.write_number(number, place, shown, self._format(self._shown(cell.text), is_bold=is_bold))

    def _shown(self, text: str) -> str:
        """The format in which Excel shows a number as the table does."""
        zero, mark = ZEROS[self.style.zero], _mark(text)
        if not mark:
            return f"#,##0;-#,##0;{zero}"
        before = text.startswith(mark)
        return ";".join(f'"{mark} "{part}' if before else f'{part}" {mark}"' for part in ("#,##0", "-#,##0", zero))

    def _format(self, number: str, *, is_bold: bool) -> Any:
        if (number, is_bold) not in self.formats:
            kind = {"num_format": number, "bold": is_bold, "align": "left" if number == "@" else "right"}
            self.formats[number, is_bold] = self.book.add_format(kind)
        return self.formats[number, is_bold]
