"""Rows as a file for a spreadsheet: numbers and dates as such, and text that never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from .exports import neutral

Value = str | int | Decimal | date | datetime | None
"""What stands in a cell; a Decimal is an amount in euros."""

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_TEXT, LONGEST_NAME = 32_767, 31
"""Characters that Excel takes in a cell, and in the name of a sheet."""
NARROWEST, WIDEST = 9, 60
"""Characters that a column shows."""
AMOUNT, DAY, MOMENT = "#,##0.00", "d-m-yyyy", "d-m-yyyy h:mm"


def csv_file(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """As Dutch spreadsheets read it: semicolons, decimal commas, and the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";")
    lines.writerow([neutral(header) for header in headers])
    lines.writerows([_written(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _written(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, datetime):
        return f"{_local(value):%d-%m-%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    return neutral(value) if isinstance(value, str) else "" if value is None else str(value)


def xlsx_file(name: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet whose head stays in sight and can be filtered by."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_sheet_name(name))
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        formats = {kind: book.add_format({"num_format": kind}) for kind in (AMOUNT, DAY, MOMENT)}
        widths = [NARROWEST] * len(headers)
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, last, column, value, formats)
                widths[column] = max(widths[column], len(_written(value)) + 2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width, WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(headers) - 1)
    return target.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: Value, formats: dict[str, object]) -> None:
    if isinstance(value, Decimal):
        sheet.write_number(row, column, value, formats[AMOUNT])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, _local(value), formats[MOMENT])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats[DAY])
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value:
        sheet.write_string(row, column, value[:LONGEST_TEXT])


def _local(moment: datetime) -> datetime:
    """The time on the wall: spreadsheets know no zones."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _sheet_name(name: str) -> str:
    return "".join(sign for sign in name if sign not in "[]:*?/\\'")[:LONGEST_NAME] or "Lijst"
