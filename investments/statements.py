"""A table as it is printed: one function for the screen, the PDF and every export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import variance
from .figures import Column, Figures, LineFigures
from .rounding import printed, unit_note


@dataclass(frozen=True)
class Cell:
    """One printed amount beside its exact value in cents."""

    column: str
    text: str
    cents: int


@dataclass(frozen=True)
class Row:
    """One printed line. `percentage` is ready to print ("10%", "n.v.t."), `mark` is V, N or empty."""

    key: int
    label: str
    is_total: bool
    cells: tuple[Cell, ...]
    percentage: str
    mark: str


@dataclass(frozen=True)
class Statement:
    """A whole table, ready to lay out."""

    title: str
    unit_note: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def build(
    title: str,
    unit: int,
    columns: tuple[Column, ...],
    lines: Sequence[LineFigures],
    figures: Mapping[int, Figures],
) -> Statement:
    """Lay out computed figures (cents) in units of `unit` euros; lines without figures are left out."""
    rows = tuple(_row(line, figures[line.key], unit, columns) for line in lines if line.key in figures)
    return Statement(title, unit_note(unit), columns, rows)


def _row(line: LineFigures, figures: Figures, unit: int, columns: tuple[Column, ...]) -> Row:
    amounts = {column.key: getattr(figures, column.key) for column in columns}
    cells = tuple(Cell(key, printed(cents, unit), cents) for key, cents in amounts.items())
    return Row(line.key, line.label, line.is_total, cells, share(figures.percentage), variance.mark(figures.result))


def share(percentage: int | None) -> str:
    """Whole percents as printed; None, where the amended budget is 0, is "n.v.t." (domain rule 3)."""
    return "n.v.t." if percentage is None else f"{percentage}%"
