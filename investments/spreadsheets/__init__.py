"""Spreadsheets and CSV that people hand in, read without trusting them.

`open_file(file, limits)` judges the content, never the name, and gives a `Workbook` with `sheet_names` and
`rows(sheet)`. A cell is text, a Decimal, a date, a bool or None. Whatever cannot be read raises FileRefused, in Dutch.
"""

from .limits import LEDGER, TABLE, FileRefused, Limits, Row, Value
from .reading import Workbook, open_file

__all__ = ["LEDGER", "TABLE", "FileRefused", "Limits", "Row", "Value", "Workbook", "open_file"]
