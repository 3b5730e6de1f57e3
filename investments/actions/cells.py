"""What is typed in columns of a table's own."""

from collections.abc import Mapping
from decimal import Decimal

from ..columns import Column, ColumnKind
from ..models import Cell, Line

Entry = Decimal | str | None
"""An amount in euros or words, by the kind of the column; None or no words is an empty cell."""

PREFIX = "cell_"
"""Cells are named like this among the fields of their line."""


def typed_cells(line: Line) -> dict[str, Entry]:
    """What was typed in the line's cells, by column; empty ones are None. One query where it has such columns."""
    columns = line.table.typed_columns
    held = {cell.column: cell for cell in line.cells.filter(is_stated=False)} if columns else {}
    return {column.key: _entry(column, held.get(column.key)) for column in columns}


def changed_cells(line: Line, entry: Mapping[str, Entry]) -> dict[str, Entry]:
    """The cells of `entry` that differ from what is stored; columns that the table does not have are left out."""
    stored = typed_cells(line)
    typed = {key: None if entry[key] == "" else entry[key] for key in stored if key in entry}
    return {key: value for key, value in typed.items() if value != stored[key]}


def store_cells(line: Line, changed: Mapping[str, Entry]) -> None:
    """Write these cells; an emptied one goes."""
    Cell.objects.filter(line=line, column__in=[key for key, value in changed.items() if value is None]).delete()
    Cell.objects.bulk_create(
        [_cell(line, key, value) for key, value in changed.items() if value is not None],
        update_conflicts=True,
        unique_fields=["line", "column"],
        update_fields=["amount", "text", "is_stated"],
    )


def _cell(line: Line, column: str, value: Decimal | str) -> Cell:
    if isinstance(value, str):
        return Cell(line=line, column=column, text=value)
    return Cell(line=line, column=column, amount=value)


def _entry(column: Column, cell: Cell | None) -> Entry:
    if cell is None:
        return None
    return cell.text if column.kind == ColumnKind.TEXT else cell.amount
