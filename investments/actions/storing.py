"""The outcome of an import as rows, in as many statements for nine hundred lines as for nine."""

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import F

from accounts.members import Member

from ..amounts import from_cents, to_cents
from ..figures import LineFigures, LineKind
from ..importing.outcome import Outcome
from ..models import Amendment, Cell, Change, Decision, Line, Table, TotalMember
from ..styles import PrintStyle
from .recording import LONGEST
from .snapshots import year_end

DECISION = "Begrotingswijzigingen volgens {}"


def store(member: Member, table: Table, result: Outcome, source: str) -> None:
    """Make the table, locked by the caller, what `result` is; `source` names the file."""
    _shape(table, result)
    held = {line.pk: line for line in table.lines.all()}
    ids = _lines(table, result, held)
    _amendments(table, result, ids, source)
    _cells(result, ids)
    _members(result, ids, set(held))
    Change.objects.bulk_create(
        Change(
            table=table,
            line_id=ids[difference.key],
            label=difference.label[:200],
            field=difference.field[:200],
            was=difference.was[:LONGEST],
            became=difference.becomes[:LONGEST],
            by=member.user,
        )
        for difference in result.differences
    )


def _shape(table: Table, result: Outcome) -> None:
    """Columns and look, where the import changes them."""
    style = replace(result.style, unit=PrintStyle().unit).as_data()
    columns = [column.as_data() for column in result.columns]
    if tuple(result.columns) != table.printed_columns or style != table.style:
        kept = table.columns if tuple(result.columns) == table.printed_columns else columns
        Table.objects.filter(pk=table.pk).update(columns=kept, style=style, version=F("version") + 1)


def _lines(table: Table, result: Outcome, held: Mapping[int, Line]) -> dict[int, int]:
    """The id of each line by its key."""
    changed, made = [], []
    for position, figures in enumerate(result.lines, start=1):
        line = held.get(figures.key) or Line(table=table, label=figures.label, kind=figures.kind)
        entered = (line.position, line.original, line.actual)
        line.position, line.original = position, from_cents(figures.original)
        line.actual = None if figures.actual is None else from_cents(figures.actual)
        line.direction = figures.direction
        if figures.key not in held:
            made.append((figures.key, line))
        elif entered != (line.position, line.original, line.actual) or figures.key in _touched(result):
            line.version += 1
            changed.append(line)
    Line.objects.bulk_update(changed, ["position", "original", "actual", "version"], batch_size=200)
    Line.objects.bulk_create([line for _, line in made])
    return {**{key: key for key in held}, **{key: line.pk for key, line in made}}


def _touched(result: Outcome) -> set[int]:
    return {difference.key for difference in result.differences}


def _amendments(table: Table, result: Outcome, ids: Mapping[int, int], source: str) -> None:
    """A decision with one more amendment on each line whose amendments come to something else."""
    decided: dict[int, int] = {}
    for row in Amendment.objects.filter(line__table=table):
        decided[row.line_id] = decided.get(row.line_id, 0) + to_cents(row.amount)
    wanted = {
        ids[line.key]: line.amendments for line in result.lines if line.kind in (LineKind.LINE, LineKind.INFORMATION)
    }
    missing = {pk: cents - decided.get(pk, 0) for pk, cents in wanted.items() if cents != decided.get(pk, 0)}
    if not missing:
        return
    decision = Decision.objects.create(
        organisation_id=table.organisation_id,
        year=table.year,
        date=year_end(table.year),
        title=DECISION.format(source)[:200],
    )
    Amendment.objects.bulk_create(
        Amendment(decision=decision, line_id=pk, amount=from_cents(cents)) for pk, cents in missing.items()
    )


def _cells(result: Outcome, ids: Mapping[int, int]) -> None:
    """What stands in the cells of all lines: those of lines that the import leaves alone are written as they were."""
    Cell.objects.filter(line_id__in=list(ids.values())).delete()
    Cell.objects.bulk_create([cell for line in result.lines for cell in _cells_of(line, ids[line.key])], batch_size=500)


def _cells_of(line: LineFigures, pk: int) -> list[Cell]:
    typed = [Cell(line_id=pk, column=key, amount=from_cents(cents)) for key, cents in line.cells]
    words = [Cell(line_id=pk, column=key, text=text) for key, text in line.texts]
    stated = [Cell(line_id=pk, column=key, amount=from_cents(cents), is_stated=True) for key, cents in line.stated]
    return [*typed, *words, *stated]


def _members(result: Outcome, ids: Mapping[int, int], held: set[int]) -> None:
    """What totals count that they did not count before."""
    counted = set(TotalMember.objects.filter(total_id__in=held).values_list("total_id", "line_id"))
    TotalMember.objects.bulk_create(
        TotalMember(total_id=ids[line.key], line_id=ids[key], sign=sign)
        for line in result.lines
        for key, sign in line.members
        if (ids[line.key], ids[key]) not in counted
    )
