"""The grid of a table on the screen: its lines in order, each with its form, figures in euros and messages."""

from dataclasses import dataclass

from accounts.errors import Conflict
from accounts.members import Member

from . import permissions, statements, variance
from .amounts import euros
from .figures import Figures, LineFigures, flattened
from .forms import RowForm
from .models import Line, Table
from .queries import TableFigures

NOT_YET = "…"


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
    is_stale: bool
    form: RowForm | None
    conflict: Conflict | None
    may_explain: bool
    counted: str

    @property
    def key(self) -> int:
        return self.entered.key

    @property
    def sign(self) -> int:
        return variance.SIGNS[variance.Direction(self.entered.direction)]

    @property
    def is_refused(self) -> bool:
        """Whether something typed in this row is not stored."""
        return self.conflict is not None or bool(self.form and self.form.is_bound)

    @property
    def original(self) -> str:
        return self._total_or_entered("original")

    @property
    def amendments(self) -> str:
        return self._total_or_entered("amendments")

    @property
    def amended(self) -> str:
        if self.entered.is_total:
            return self._computed("amended")
        return euros(variance.amended(self.entered.original, self.entered.amendments))

    @property
    def actual(self) -> str:
        return self._total_or_entered("actual")

    @property
    def result(self) -> str:
        return self._computed("result")

    @property
    def favourable(self) -> bool | None:
        return self.figures.result > 0 if self.figures and self.figures.result else None

    @property
    def percentage(self) -> str:
        return statements.share(self.figures.percentage) if self.figures else NOT_YET

    def _total_or_entered(self, name: str) -> str:
        if self.entered.is_total:
            return self._computed(name)
        cents: int | None = getattr(self.entered, name)
        return "" if cents is None else euros(cents)

    def _computed(self, name: str) -> str:
        return euros(getattr(self.figures, name)) if self.figures else NOT_YET


@dataclass(frozen=True)
class Grid:
    """All rows; a total that closes the table stands in the foot, where it stays in sight."""

    rows: tuple[GridRow, ...]
    foot: GridRow | None
    may_edit: bool

    @property
    def all_rows(self) -> tuple[GridRow, ...]:
        return (*self.rows, self.foot) if self.foot else self.rows


def lay_out(table: Table, shown: TableFigures, member: Member, typed: Typed | None = None) -> Grid:
    """Rows for this member, one of them with what could not be stored. Raises CircularTotal."""
    may_edit = permissions.may_edit_figures(member)
    by_key = {entered.key: entered for entered in shown.entered}
    rows = []
    for line, entered in zip(shown.lines, shown.entered, strict=True):
        line.table = table
        mine = typed if typed and typed.line.pk == line.pk else None
        form = mine.form if mine else RowForm(line=line) if may_edit and not line.is_total else None
        rows.append(
            GridRow(
                line=line,
                entered=entered,
                figures=shown.computed.get(line.pk),
                is_stale=line.pk in shown.stale,
                form=form,
                conflict=mine.conflict if mine else None,
                may_explain=permissions.may_explain_line(member, line),
                counted=" ".join(f"{key}:{sign}" for key, sign in flattened(entered, by_key)),
            )
        )
    foot = rows.pop() if rows and rows[-1].line.is_total else None
    return Grid(tuple(rows), foot, may_edit)
