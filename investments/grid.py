"""The grid of a table on the screen: its lines in order, each with its form, figures in euros and messages."""

import json
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property

from accounts.errors import Conflict
from accounts.members import Member

from . import permissions, statements, variance
from .amounts import euros
from .columns import BUDGET, MARK, SHARE, Column, with_needed
from .evaluation import Evaluation
from .figures import Figures, LineFigures, flattened
from .forms import RowForm, field_name
from .models import Line, Table
from .queries import TableFigures

NOT_YET = "…"
MOST_MEASURED = 100
"""Lines of a grid whose columns are as wide as what stands in them."""
LAID_OUT = 20
"""Rows in each part of a larger one, which is laid out when it comes near the screen."""


@dataclass(frozen=True)
class GridColumn:
    """A column of the grid; `name` is that of its field, where people type in it; `is_carried`: last year fills it."""

    column: Column
    name: str | None
    is_carried: bool = False

    @property
    def key(self) -> str:
        return self.column.key

    @property
    def heading(self) -> str:
        return self.column.heading


@dataclass(frozen=True)
class GridCell:
    """One cell. With a `name` people type in it: `stored` is what stands in the database, `text` what was typed.

    `computed` is what the portal makes of a figure that the source states.
    """

    column: GridColumn
    text: str
    name: str = ""
    stored: str = ""
    computed: str = ""
    is_wrong: bool = False
    is_first_wrong: bool = False

    @property
    def key(self) -> str:
        return self.column.key

    @property
    def is_text(self) -> bool:
        return self.column.column.is_text


@dataclass(frozen=True)
class Typed:
    """What a person typed in the row of one line, and whose save came first when that is why it is not stored."""

    line: Line
    form: RowForm
    conflict: Conflict | None = None


@dataclass(frozen=True)
class GridRow:
    """One line. `counted` holds "key:sign" of every plain line in a total, for the totals that move while typing."""

    line: Line
    entered: LineFigures
    figures: Figures | None
    cells: tuple[GridCell, ...]
    is_stale: bool
    form: RowForm | None
    conflict: Conflict | None
    may_explain: bool
    may_read_postings: bool
    counted: str

    @property
    def key(self) -> int:
        return self.entered.key

    @property
    def sign(self) -> int:
        return variance.SIGNS[variance.Direction(self.entered.direction)]

    @property
    def version(self) -> int | None:
        """The version that the next save goes on from; None in a row in which nobody types."""
        if not any(cell.name for cell in self.cells):
            return None
        return self.form.next_version if self.form else self.line.version

    @property
    def carried(self) -> str:
        """For the script: cents by column that last year's table fills; empty without any."""
        amounts = {key: None if cents is None else str(cents) for key, cents in self.line.carried.items()}
        return json.dumps(amounts) if amounts else ""

    @property
    def is_refused(self) -> bool:
        """Whether something typed in this row is not stored."""
        return self.form is not None

    @property
    def favourable(self) -> bool | None:
        return self.figures.result > 0 if self.figures and self.figures.result else None

    @property
    def following(self) -> list[GridCell]:
        """Cells that the calculation changes: all of a total, and of a line what compares it with its budget."""
        if self.line.is_total:
            return list(self.cells)
        return [cell for cell in self.cells if cell.key in ("result", SHARE, MARK)]


@dataclass
class Grid:
    """All rows; a total that closes the table stands in the foot, where it stays in sight."""

    slug: str
    table_id: int
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    foot: GridRow | None
    may_edit: bool

    @property
    def all_rows(self) -> tuple[GridRow, ...]:
        return (*self.rows, self.foot) if self.foot else self.rows

    @cached_property
    def lines_address(self) -> str:
        """Where the pages of lines begin: looking each of them up would take longer than the rest of the grid."""
        return reverse("investments:own-lines", args=[self.slug])

    @cached_property
    def explanations_address(self) -> str:
        return reverse("investments:explanations", args=[self.slug, self.table_id])

    @property
    def is_large(self) -> bool:
        """Whether measuring all cells for the width of columns would make typing slow."""
        return len(self.rows) > MOST_MEASURED

    @property
    def at_once(self) -> int:
        """Rows that a browser lays out together."""
        return LAID_OUT if self.is_large else len(self.rows) or 1

    @property
    def width(self) -> int:
        """Columns of the table on the page: label, state and, for who may edit, what can be done."""
        return len(self.columns) + 2 + self.may_edit

    @property
    def rules(self) -> str:
        """For the script: the key of each column, its field and of what it is the sum."""
        return json.dumps(
            [
                {
                    "key": item.key,
                    "name": item.name,
                    "terms": item.column.terms,
                    "unknown": item.column.unknown,
                    "carried": item.is_carried,
                }
                for item in self.columns
                if item.column.is_amount
            ]
        )


def grid_columns(table: Table) -> tuple[GridColumn, ...]:
    """The printed columns, those they follow from, and the deviation as a percentage."""
    columns = list(with_needed(table.printed_columns, table.year))
    keys = [column.key for column in columns]
    if "result" in keys and SHARE not in keys:
        columns.insert(keys.index("result") + 1, Column(SHARE, "%"))
    return tuple(GridColumn(column, field_name(column, table), column.key in table.carries) for column in columns)


def lay_out(table: Table, shown: TableFigures, member: Member, typed: Typed | None = None) -> Grid:
    """Rows for this member, one of them with what could not be stored. Raises CircularTotal."""
    may_edit = permissions.may_edit_figures(member)
    columns = grid_columns(table)
    by_key = {entered.key: entered for entered in shown.entered}
    rows = []
    for line, entered in zip(shown.lines, shown.entered, strict=True):
        line.table = table
        mine = typed if typed and typed.line.pk == line.pk else None
        typing = may_edit and line.has_amounts
        rows.append(
            GridRow(
                line=line,
                entered=entered,
                figures=shown.computed.get(line.pk),
                cells=tuple(
                    _input(column, entered, mine.form if mine else None)
                    if typing and column.name and not (column.key == "actual" and line.is_from_ledger)
                    else _cell(column, line, entered, shown)
                    for column in columns
                ),
                is_stale=line.pk in shown.stale,
                form=mine.form if mine else None,
                conflict=mine.conflict if mine else None,
                may_explain=permissions.may_explain_line(member, line),
                may_read_postings=permissions.may_read_postings(member, line),
                counted=" ".join(f"{key}:{sign}" for key, sign in flattened(entered, by_key)) if line.is_total else "",
            )
        )
    foot = rows.pop() if rows and rows[-1].line.is_total else None
    return Grid(member.organisation.slug, table.pk, columns, tuple(rows), foot, may_edit)


def _input(column: GridColumn, entered: LineFigures, form: RowForm | None) -> GridCell:
    stored = _entered(column.column, entered)
    if form is None or column.name is None:
        return GridCell(column, stored, column.name or "", stored)
    wrong = form.first_wrong == column.name
    return GridCell(
        column, form.typed(column.name), column.name, stored, is_wrong=column.name in form.errors, is_first_wrong=wrong
    )


def _cell(column: GridColumn, line: Line, entered: LineFigures, shown: TableFigures) -> GridCell:
    stated = dict(entered.stated).get(column.key)
    text = _text(column, line, entered, shown)
    return GridCell(column, text) if stated is None else GridCell(column, euros(stated), computed=text)


def _text(column: GridColumn, line: Line, entered: LineFigures, shown: TableFigures) -> str:
    """What the portal makes of a cell, in euros or words."""
    figures = shown.computed.get(line.pk)
    if line.is_heading or column.column.is_text or (not line.is_total and column.name):
        return _entered(column.column, entered)
    if not line.is_total and column.key == "amendments":
        return euros(entered.amendments)
    if not line.is_total and column.key == "amended":
        return euros(variance.amended(entered.original, entered.amendments))
    return NOT_YET if figures is None else _computed(column.key, figures, line.pk, shown.cells)


def _computed(key: str, figures: Figures, line: int, cells: Evaluation) -> str:
    if key in (SHARE, MARK):
        return statements.share(figures.percentage) if key == SHARE else variance.mark(figures.result)
    if key in cells.unknown[line]:
        return statements.UNKNOWN
    cents = cells.computed[line][key]
    return "" if cents is None else euros(cents)


def _entered(column: Column, entered: LineFigures) -> str:
    """What was typed in a cell, as the portal writes it; empty where nothing was."""
    if column.is_text:
        return dict(entered.texts).get(column.key, "")
    cents: int | None = getattr(entered, column.key) if column.key in BUDGET else dict(entered.cells).get(column.key)
    return "" if cents is None else euros(cents)
