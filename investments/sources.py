"""Where the amounts of a table came from, as far as what is stored can tell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import TextChoices

from .amounts import to_cents
from .models import ImportState, Line, TableImport

Amounts = dict[str, int | None]
Snapshots = tuple[Mapping[str, Any] | None, Mapping[str, Any]]
"""A table before and after a file was applied to it."""
Told = tuple[tuple[int, str, str], ...]


class Source(TextChoices):
    LEDGER = "ledger", "grootboek"
    IMPORT = "import", "bestand"
    TYPED = "typed", "ingevoerd"
    STATED = "stated", "volgens de bron"
    COMPUTED = "computed", "berekend"


def sources(tables: Mapping[int, Sequence[Line]]) -> dict[int, Told]:
    """By table: line, column and source of each amount that the ledger or an applied file gave; all others were typed.

    `tables` holds the rows of `queries.lines` by the id of their table. One query.
    """
    applied = TableImport.objects.filter(table__in=tables, state=ImportState.APPLIED)
    snapshots: dict[int, list[Snapshots]] = {table: [] for table in tables}
    for table, before, after in applied.order_by("-at", "-pk").values_list("table", "before", "after"):
        if after is not None:
            snapshots[table].append((before, after))
    return {table: _told(lines, snapshots[table]) for table, lines in tables.items()}


def _told(lines: Iterable[Line], snapshots: Sequence[Snapshots]) -> Told:
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
    cells = [(cell.column, cell.amount) for cell in line.read_cells if not cell.is_stated]
    return amounts | {column: to_cents(amount) for column, amount in cells if amount is not None}


def _is_imported(line: str, column: str, cents: int | None, snapshots: Iterable[Snapshots]) -> bool:
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
