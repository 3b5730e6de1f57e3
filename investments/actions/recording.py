"""What every change of figures shares: the version that was seen, what was and became, and the calculation after it."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404

import jobs.actions
from accounts import log
from accounts.errors import Conflict
from accounts.members import Member
from accounts.models import Organisation, User
from library import html

from .. import queries
from ..amounts import euros, to_cents
from ..models import Change, Line, Table
from ..rounding import unit_note
from ..variance import Direction
from .cells import PREFIX, typed_cells

STATED = "stated_"
"""What a source states is named like this among the fields of its line."""

COMPUTE = "investments.compute_variances"
Shown = list[tuple[str, str]]
LONGEST = 300
"""Characters of a text that a Change keeps."""


class Versioned(Protocol):
    """A row that two people can edit."""

    version: int


def claim(row: Table | Line, seen: int, mine: Mapping[str, Any], counter: str = "version") -> None:
    """Count the row's version on; raise Conflict when it is not the version that was `seen`.

    `mine` holds the values that the caller is about to store, by the name of their field.
    """
    rows: QuerySet[Any] = (Line if isinstance(row, Line) else Table).objects.filter(pk=row.pk)
    if rows.filter(**{counter: seen}).update(**{counter: F(counter) + 1}):
        return
    current = get_object_or_404(rows)
    theirs = {name: _held(current, name) for name in mine}
    differing = [name for name in mine if shown(name, mine[name]) != shown(name, theirs[name])] or list(mine)
    raise Conflict(
        subject=str(current),
        saved_by=_last_editor(row, [_label(row, name) for name in mine]),
        theirs=[(_label(row, name), shown(name, theirs[name])) for name in differing],
        mine=[(_label(row, name), shown(name, mine[name])) for name in differing],
        current_version=getattr(current, counter),
    )


def check_version(member: Member, row: Versioned, seen: int, theirs: Shown, mine: Shown, **ids: int) -> None:
    """Raise Conflict when the row, which the caller holds, has another version than was `seen`.

    `ids` names the row as the log does, to say who saved last.
    """
    if row.version == seen:
        return
    pairs = list(zip(theirs, mine, strict=True))
    differing = [pair for pair in pairs if pair[0] != pair[1]] or pairs
    raise Conflict(
        subject=str(row),
        saved_by=log.last_by(member.organisation, **ids),
        theirs=[left for left, _ in differing],
        mine=[right for _, right in differing],
        current_version=row.version,
    )


def record_fields(member: Member, row: Table | Line, became: Mapping[str, Any]) -> None:
    """Record what these fields of the row were and become."""
    for name, value in became.items():
        record(member, row, _label(row, name), shown(name, _held(row, name)), shown(name, value))


def record(member: Member, row: Table | Line, field: str, was: str, became: str) -> None:
    """Add a Change: `field` as people call it, the rest as people read it."""
    line = row if isinstance(row, Line) else None
    Change.objects.create(
        table=row.table if isinstance(row, Line) else row,
        line=line,
        label=str(row) if line else "",
        field=field,
        was=was[:LONGEST],
        became=became[:LONGEST],
        by=member.user,
    )


def shown(name: str, value: object) -> str:
    """The value of a field as people read it; amounts in euros, HTML as plain text."""
    if value is None:
        return "leeg"
    if name in _TOLD:
        return _TOLD[name](value)
    return euros(to_cents(value)) if isinstance(value, Decimal) else str(value)


def _told_columns(value: Any) -> str:
    return ", ".join(str(item["label"]) for item in value) or "die van de soort"


def _told_style(value: Any) -> str:
    return ", ".join(f"{name} {choice}" for name, choice in value.items()) or "zoals gewoonlijk"


_TOLD: dict[str, Callable[[Any], str]] = {
    "direction": lambda value: str(Direction(value).label),
    "explanation": html.text,
    "unit": unit_note,
    "columns": _told_columns,
    "style": _told_style,
    "prints_months": lambda value: "ja" if value else "nee",
    "quotes": lambda value: "; ".join(item["text"] for item in value) or "geen",
    "carried": lambda value: ", ".join(value) or "geen",
}


def locked_table(member: Member, table_id: int) -> Table:
    """The table, locked until commit, so that two people do not give out one position or undo each other's lines.

    Its key stays free: who changes a line holds that line first and refers to the table afterwards.
    """
    queries.get_table(member.organisation, table_id)
    return Table.objects.select_for_update(no_key=True).get(pk=table_id)


def compute(member: Member, table_id: int) -> None:
    """Ask for the results of the table after a change by this person."""
    compute_for(member.organisation, member.user, Table.objects.get(pk=table_id))


def compute_for(organisation: Organisation, user: User | None, table: Table) -> None:
    """One waiting job per table: it reads the state when it starts; none where there is no budget to compare with."""
    if not table.has_budget:
        return
    jobs.actions.request(COMPUTE, organisation, table.pk, by=user, unique_key=f"variances of table {table.pk}")


def _held(row: Table | Line, name: str) -> object:
    """What stands in a field of the row, or in one of its cells."""
    if isinstance(row, Line) and name.startswith(PREFIX):
        return typed_cells(row)[name.removeprefix(PREFIX)]
    if isinstance(row, Line) and name.startswith(STATED):
        stated = row.cells.filter(column=name.removeprefix(STATED), is_stated=True)
        return stated.values_list("amount", flat=True).first()
    return getattr(row, name)


def _label(row: Table | Line, name: str) -> str:
    if isinstance(row, Line) and name.startswith(PREFIX):
        return next(item.label for item in row.table.typed_columns if f"{PREFIX}{item.key}" == name)
    if isinstance(row, Line) and name.startswith(STATED):
        key = name.removeprefix(STATED)
        return f"{next(item.label for item in row.table.printed_columns if item.key == key)} volgens de bron"
    field = row._meta.get_field(name)  # noqa: SLF001  Django's public name for it
    return str(getattr(field, "verbose_name", name))


def _last_editor(row: Table | Line, fields: Collection[str]) -> str:
    """Who last changed one of these fields of the row, or anything of it when none are named."""
    changes = Change.objects.filter(line=row) if isinstance(row, Line) else Change.objects.filter(table=row, line=None)
    if fields:
        changes = changes.filter(field__in=fields)
    last = changes.select_related("by").first()
    return str(last.by) if last else "een collega"
