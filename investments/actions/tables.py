"""Tables: made, named, computed again."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require

from .. import permissions, queries
from ..columns import DEFAULTS, Column, ColumnError, check, columns_for, with_needed
from ..models import Cell, Table
from ..styles import PrintStyle
from .recording import claim, compute, locked_table, record_fields


@dataclass(frozen=True)
class TableExtras:
    """What a table shows besides its own figures.

    `carried` says which columns last year's table fills, each with the key of its column there; what was typed in them
    stays, and shows again when they are typed again. `prints_months`: the PDF has the course of the year too.
    """

    carried: Mapping[str, str] = field(default_factory=dict)
    prints_months: bool = False


NOTHING_MORE = TableExtras()


@transaction.atomic
def create_table(member: Member, *, title: str, year: int, kind: str, unit: int) -> Table:
    """A new, empty table; raise Refused when the year has a table with this title.

    It goes on from the table of the same kind and title of the year before, if there is one.
    """
    require(permissions.may_edit_figures(member))
    table = Table(organisation=member.organisation, title=title, year=year, kind=kind, unit=unit)
    table.previous_table = queries.tables_before(table).filter(kind=kind, title=title).first()
    with _one_title_a_year():
        table.save()
    log.record(member, "investments.create_table", table, table=table.pk)
    return table


@transaction.atomic
def update_table(member: Member, table_id: int, seen_version: int, *, title: str, year: int, unit: int) -> None:
    """Change title, year or printed unit (euros); raise Conflict, or Refused when the year has this title."""
    require(permissions.may_edit_figures(member))
    table = queries.get_table(member.organisation, table_id)
    values = {"title": title, "year": year, "unit": unit}
    changed = {name: value for name, value in values.items() if getattr(table, name) != value}
    if not changed:
        return
    claim(table, seen_version, values)
    record_fields(member, table, changed)
    with _one_title_a_year():
        Table.objects.filter(pk=table.pk).update(**changed)
    log.record(member, "investments.update_table", title, table=table.pk, year=year, unit=unit)


@transaction.atomic
def shape_table(
    member: Member,
    table_id: int,
    seen_version: int,
    columns: Sequence[Column],
    style: PrintStyle,
    extras: TableExtras = NOTHING_MORE,
) -> None:
    """Change columns and print style (its unit is left alone); raise Conflict, or Refused with what is wrong.

    The columns of the table's kind, or none at all, are kept as a choice for that kind. A column in which something
    stands cannot go.
    """
    require(permissions.may_edit_figures(member))
    table = locked_table(member, table_id)
    if tuple(columns) == columns_for(table.kind, [], table.year):
        columns = ()
    unit = PrintStyle().unit
    values: dict[str, Any] = {
        "columns": [item.as_data() for item in columns],
        "style": replace(style, unit=unit).as_data(),
        "carried": dict(extras.carried),
        "prints_months": extras.prints_months,
    }
    changed = {name: value for name, value in values.items() if getattr(table, name) != value}
    if not changed:
        return
    _check_columns(table, columns or DEFAULTS[table.kind])
    claim(table, seen_version, values)
    record_fields(member, table, changed)
    Table.objects.filter(pk=table.pk).update(**changed)
    log.record(member, "investments.shape_table", table, table=table.pk, changed=sorted(changed))


@transaction.atomic
def follow_table(member: Member, table_id: int, seen_version: int, previous_id: int | None) -> None:
    """Say from which table of the year before this one goes on, or from none; raise Conflict.

    404 for a table of another organisation or year.
    """
    require(permissions.may_edit_figures(member))
    table = queries.get_table(member.organisation, table_id)
    previous = get_object_or_404(queries.tables_before(table), pk=previous_id) if previous_id else None
    if previous == table.previous_table:
        return
    values = {"previous_table": previous}
    claim(table, seen_version, values)
    record_fields(member, table, values)
    Table.objects.filter(pk=table.pk).update(**values)
    log.record(member, "investments.follow_table", table, table=table.pk, previous=previous_id)


def _check_columns(table: Table, columns: Sequence[Column]) -> None:
    try:
        check(columns)
    except ColumnError as error:
        raise Refused(str(error)) from error
    kept = {item.key: item.kind for item in columns if item.is_typed}
    _check_carried(table, {item.key for item in with_needed(columns, table.year) if item.is_amount})
    gone = [item for item in table.own_columns if kept.get(item.key) != item.kind]
    filled = set(Cell.objects.filter(line__table=table, is_stated=False).values_list("column", flat=True).distinct())
    for item in gone:
        if item.key in filled:
            raise Refused(f"In de kolom “{item.label}” staan gegevens. Maak de kolom eerst leeg.")


def _check_carried(table: Table, kept: Collection[str]) -> None:
    """Raise Refused when a table of the next year is filled from a column that goes."""
    for later in table.next_tables.all():
        for column, source in later.carries.values():
            if source not in kept:
                raise Refused(f"De kolom “{column.label}” van {later} komt uit een kolom die u weglaat.")


@transaction.atomic
def recompute(member: Member, table_id: int) -> None:
    """Ask for the results of a table once more, for when an earlier calculation failed."""
    require(permissions.may_edit_figures(member))
    table = queries.get_table(member.organisation, table_id)
    log.record(member, "investments.recompute", table, table=table.pk)
    compute(member, table.pk)


@contextmanager
def _one_title_a_year() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused("Er is al een tabel met deze titel in dit jaar.") from error
