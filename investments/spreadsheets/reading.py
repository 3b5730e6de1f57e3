"""One way to read whatever people hand in: judged first, then read by calamine or as CSV."""

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from . import separated
from .biff import judged
from .limits import DAMAGED, EMPTY, LOCKED, MIB, NO_SPREADSHEET, TABLE, FileRefused, Limits, Row, Value, check_extent
from .zipped import safe_copy

ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXACT = 10**15
"""Below this a float that is whole is that number, digit for digit."""
OTHER_FILES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"\x7fELF", b"MZ")
MARKUP = (b"<?xml", b"<!doctype", b"<html")
Area = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of merged cells, from 0."""


@dataclass(frozen=True)
class Workbook:
    """A file that was judged; CSV is a workbook with one sheet without a name."""

    sheet_names: tuple[str, ...]
    limits: Limits
    file: BinaryIO
    book: CalamineWorkbook | None = None
    errors: dict[int, dict[tuple[int, int], str]] | None = None

    def rows(self, sheet: str | None = None) -> Iterator[Row]:
        """The rows of a sheet (the first, when none is named) from row 1 and column A, empty ones included."""
        if self.book is None:
            yield from separated.rows(self.file, self.limits)
            return
        index = self._index(sheet)
        found = self._sheet(index)
        errors = (self.errors or {}).get(index, {})
        # Calamine gives the empty rows above the first cell, but not the empty columns beside it.
        before: Row = [None] * (found.start or (0, 0))[1]
        for number, row in enumerate(found.iter_rows()):
            # Most cells are text, and a call for each would take longer than what it does.
            cells = before + [(cell.strip() or None) if type(cell) is str else _value(cell) for cell in row]
            yield [errors.get((number, column), cell) for column, cell in enumerate(cells)] if errors else cells

    def merged(self, sheet: str | None = None) -> list[Area]:
        """The cells that were merged, where the kind of file tells."""
        if self.book is None:
            return []
        return self._sheet(self._index(sheet)).merged_cell_ranges or []

    def _index(self, sheet: str | None) -> int:
        if sheet is not None and sheet not in self.sheet_names:
            raise FileRefused(f"Het bestand heeft geen blad “{sheet}”.")
        return self.sheet_names.index(sheet) if sheet is not None else 0

    def _sheet(self, index: int) -> CalamineSheet:
        if self.book is None:
            raise FileRefused(EMPTY)
        with _refusing():
            found = self.book.get_sheet_by_name(self.sheet_names[index])
        check_extent(found.total_height, found.total_width, self.limits, found.name)
        return found


def open_file(file: BinaryIO, limits: Limits = TABLE) -> Workbook:
    """The file as a workbook, judged by its content; raise FileRefused. The file stays the caller's to close."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if not size:
        raise FileRefused(EMPTY)
    if size > limits.size:
        raise FileRefused(f"Dit bestand is groter dan {limits.size // MIB} MB. Bewaar alleen het blad met de tabel.")
    start = file.read(16)
    file.seek(0)
    if start.startswith(ZIP):
        return _opened(safe_copy(file, limits), limits)
    if start.startswith(OLE):
        content = file.read()
        return _opened(io.BytesIO(content), limits, judged(content, limits))
    if start.startswith(OTHER_FILES) or start.lower().lstrip(b"\xef\xbb\xbf \r\n\t").startswith(MARKUP):
        raise FileRefused(NO_SPREADSHEET)
    return Workbook(("",), limits, file)


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever calamine stumbles over is a refusal; its own failures come as an exception beside all others."""
    try:
        yield
    except PasswordError as error:
        raise FileRefused(LOCKED) from error
    except (CalamineError, ValueError, OSError) as error:
        raise FileRefused(DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise FileRefused(DAMAGED) from error
        raise


def _opened(file: BinaryIO, limits: Limits, errors: dict[int, dict[tuple[int, int], str]] | None = None) -> Workbook:
    with _refusing():
        book = CalamineWorkbook.from_filelike(file)
    names = tuple(sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet)
    if not names:
        raise FileRefused(EMPTY)
    return Workbook(names, limits, file, book, errors)


def _value(cell: object) -> Value:
    """A cell that is no text in exact terms: numbers to the fifteen digits that Excel keeps."""
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < EXACT:
            return Decimal(int(cell))
        return Decimal(f"{cell:.15g}") if math.isfinite(cell) else "NaN"
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Decimal(cell)
    return cell  # type: ignore[return-value]  # dates, times and bools come as they are
