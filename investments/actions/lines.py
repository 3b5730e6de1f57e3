"""Lines of a table: added, saved one by one, moved, removed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts import log
from accounts import queries as people
from accounts.errors import Refused
from accounts.members import Member
from accounts.models import Team
from accounts.permissions import require

from .. import permissions, queries
from ..figures import LineKind
from ..models import Line, Table, TotalMember
from .cells import PREFIX, Entry, changed_cells, store_cells
from .recording import claim, compute, locked_table, record, record_fields, shown

AMOUNTS = ("original", "actual")


@dataclass(frozen=True)
class LineInput:
    """All that a person enters for one line; amounts in euros, `actual` None when not entered.

    `cells` are what stands in the table's own columns, by their key; those that it does not name stay as they are.
    """

    label: str
    owner_team_id: int | None
    direction: str
    original: Decimal = Decimal(0)
    actual: Decimal | None = None
    cells: Mapping[str, Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, line: Line) -> "LineInput":
        """The line as it is stored, but for its cells."""
        return cls(line.label, line.owner_team_id, line.direction, line.original, line.actual)


@transaction.atomic
def add_line(
    member: Member,
    table_id: int,
    entry: LineInput,
    *,
    kind: str = LineKind.LINE,
    counts_in: Mapping[int, int] | None = None,
) -> Line:
    """A new line at the end; a plain line goes above the totals that close the table.

    `counts_in` says in which totals of the table the line counts, each +1 or -1.
    """
    require(permissions.may_edit_figures(member))
    table = locked_table(member, table_id)
    values = _values(entry, kind, _own_team(member, entry.owner_team_id))
    order = list(table.lines.all())
    line = Line.objects.create(table=table, position=len(order) + 1, kind=kind, **values)
    store_cells(line, changed_cells(line, entry.cells))
    _place(order, line)
    _count_in(table, line, counts_in or {})
    record(member, line, "regel", "", "toegevoegd")
    _record_amounts(member, "investments.add_line", line, values)
    compute(member, table.pk)
    return line


@transaction.atomic
def save_line(member: Member, line_id: int, seen_version: int, entry: LineInput) -> Line:
    """Store one row of the grid; raise Conflict when somebody saved the row since `seen_version`.

    A save that changes nothing is no save: it counts no version and conflicts with nobody.
    """
    require(permissions.may_edit_figures(member))
    line = queries.get_line(member.organisation, line_id)
    values = _values(entry, line.kind, _own_team(member, entry.owner_team_id))
    if line.is_from_ledger:
        # What was typed before stays, and shows again when the rules of the line end.
        values["actual"] = line.actual
    changed = {name: value for name, value in values.items() if getattr(line, name) != value}
    cells = changed_cells(line, entry.cells) if line.has_amounts else {}
    if not (changed or cells):
        return line
    named = {f"{PREFIX}{key}": value for key, value in cells.items()}
    claim(line, seen_version, values | named)
    record_fields(member, line, changed | named)
    if changed:
        Line.objects.filter(pk=line.pk).update(**changed)
    store_cells(line, cells)
    _record_amounts(member, "investments.save_line", line, changed | named)
    if changed.keys() & {*AMOUNTS, "direction"}:
        compute(member, line.table_id)
    return queries.get_line(member.organisation, line_id)


@transaction.atomic
def remove_line(member: Member, line_id: int, seen_version: int) -> None:
    """Remove a line that holds no amounts, amendments or explanation; raise Refused otherwise, or Conflict."""
    require(permissions.may_edit_figures(member))
    table = locked_table(member, queries.get_line(member.organisation, line_id).table_id)
    line = get_object_or_404(table.lines.select_for_update(), pk=line_id)
    if line.ledger_rules.filter(until=None).exists():
        raise Refused("Deze regel haalt zijn rekening uit het grootboek. Beëindig eerst de koppeling.")
    holds_amounts = line.original or line.actual or line.amendments.exists() or line.cells.exists()
    if holds_amounts or line.explanation:
        raise Refused("Deze regel heeft bedragen, wijzigingen of een toelichting. Maak de regel eerst leeg.")
    claim(line, seen_version, {"label": line.label, "original": line.original, "actual": line.actual})
    record(member, line, "regel", line.label, "verwijderd")
    log.record(member, "investments.remove_line", line, table=table.pk, line=line.pk)
    Line.objects.filter(members__line=line).update(version=F("version") + 1)
    TotalMember.objects.filter(line=line).delete()
    line.delete()
    compute(member, table.pk)


@transaction.atomic
def move_line(member: Member, line_id: int, steps: int) -> None:
    """Move a line `steps` places down (negative: up) among the table's lines."""
    require(permissions.may_edit_figures(member))
    line = queries.get_line(member.organisation, line_id)
    order = list(locked_table(member, line.table_id).lines.all())
    old = next(index for index, row in enumerate(order) if row.pk == line.pk)
    new = min(max(old + steps, 0), len(order) - 1)
    order.insert(new, order.pop(old))
    _renumber(order)
    log.record(member, "investments.move_line", line, line=line.pk, steps=new - old)


def _own_team(member: Member, team_id: int | None) -> Team | None:
    """The team, or 404 for one of another organisation."""
    if team_id is None:
        return None
    team = people.teams(member.organisation).filter(pk=team_id).first()
    if team is None:
        raise Http404
    return team


def _values(entry: LineInput, kind: str, team: Team | None) -> dict[str, Any]:
    """Fields to store; totals and headings have no amounts of their own (domain rule 5)."""
    named = {"label": entry.label, "owner_team": team, "direction": entry.direction}
    if kind not in (LineKind.LINE, LineKind.INFORMATION):
        return named
    return named | {"original": entry.original, "actual": entry.actual}


def _place(order: list[Line], line: Line) -> None:
    """Put the new line at the end of the lines in order, or above the totals that close them."""
    place = len(order)
    while not line.is_total and place > 0 and order[place - 1].is_total:
        place -= 1
    _renumber([*order[:place], line, *order[place:]])


def _renumber(order: list[Line]) -> None:
    for position, row in enumerate(order, start=1):
        if row.position != position:
            Line.objects.filter(pk=row.pk).update(position=position)


def _count_in(table: Table, line: Line, totals: Mapping[int, int]) -> None:
    """Let totals count the line, and count their version on: who edits their members must see this one."""
    if not totals:
        return
    found = table.lines.filter(kind=LineKind.TOTAL, pk__in=totals)
    if found.update(version=F("version") + 1) != len(totals):
        raise Http404
    TotalMember.objects.bulk_create(TotalMember(total_id=key, line=line, sign=sign) for key, sign in totals.items())


def _record_amounts(member: Member, action: str, line: Line, changed: Mapping[str, Any]) -> None:
    amounts: dict[str, Any] = {name: shown(name, value) for name, value in changed.items() if _is_amount(name, value)}
    log.record(member, action, line, table=line.table_id, line=line.pk, **amounts)


def _is_amount(name: str, value: Any) -> bool:
    """Budget, actual, or a cell that holds an amount or was emptied: words stay out of the log."""
    return name in AMOUNTS or (name.startswith(PREFIX) and not isinstance(value, str))
