"""Where the amounts of a table came from, as far as what is stored can tell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import TextChoices

from .amounts import to_cents
from .models import ImportState, Line, Table, TableImport

Amounts = dict[str, int | None]


class Source(TextChoices):
    LEDGER = "ledger", "grootboek"
    IMPORT = "import", "bestand"
    TYPED = "typed", "ingevoerd"
    STATED = "stated", "volgens de bron"
    COMPUTED = "computed", "berekend"


def sources(table: Table, lines: Sequence[Line]) -> tuple[tuple[int, str, str], ...]:
    """Line, column and source of each amount that the ledger or an applied file gave; all others were typed.

    `lines` are those of `queries.lines`. One query.
    """
    applied = TableImport.objects.filter(table=table, state=ImportState.APPLIED).order_by("-at", "-pk")
    snapshots = [(row.before, row.after) for row in applied.only("before", "after") if row.after is not None]
    found = []
    for line in lines:
        if line.is_from_ledger:
            found.append((line.pk, "actual", str(Source.LEDGER)))
        for column, cents in _entered(line).items():
            if _is_imported(str(line.pk), column, cents, snapshots):
                found.append((line.pk, column, str(Source.IMPORT)))
    return tuple(found)


def _entered(line: Line) -> Amounts:
    """The amounts of a line that people or files gave, in cents; a budget of nothing is no entry."""
    amounts: Amounts = {"original": to_cents(line.original)} if line.original else {}
    if line.actual is not None and not line.is_from_ledger:
        amounts["actual"] = to_cents(line.actual)
    cells = [(cell.column, cell.amount) for cell in line.cells.all() if not cell.is_stated]
    return amounts | {column: to_cents(amount) for column, amount in cells if amount is not None}


def _is_imported(
    line: str, column: str, cents: int | None, snapshots: Iterable[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]
) -> bool:
    """Whether the newest of these imports (before, after) that changed the amount made it what it is."""
    for before, after in snapshots:
        made = _held(after, line, column)
        if made != cents:
            return False
        if before is None or _held(before, line, column) != made:
            return True
    return False


def _held(taken: Mapping[str, Any], line: str, column: str) -> int | None:
    """What a snapshot of a table holds of a cell."""
    held = taken["lines"].get(line)
    if held is None:
        return None
    if column in ("original", "actual"):
        amount: int | None = held[column]
        return amount
    return next((cents for key, cents, _, is_stated in held["cells"] if key == column and not is_stated), None)
