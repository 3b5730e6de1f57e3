"""What a source printed where the portal computes: kept, printed as stated, and judged (domain rule 1)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import Http404

from accounts import log
from accounts.members import Member
from accounts.permissions import require

from .. import permissions, queries
from ..columns import Column
from ..models import Cell, Line
from .recording import STATED, claim, record_fields, shown


def statable_columns(line: Line) -> tuple[Column, ...]:
    """The printed columns in which the portal computes this line: all of a total, the sums of any other line."""
    if line.is_heading:
        return ()
    amounts = (column for column in line.table.printed_columns if column.is_amount)
    return tuple(column for column in amounts if line.is_total or column.is_computed)


def stated_figures(line: Line) -> dict[str, Decimal]:
    """What the source states for the line, in euros by column."""
    cells = Cell.objects.filter(line=line, is_stated=True)
    return {cell.column: cell.amount for cell in cells if cell.amount is not None}


@transaction.atomic
def state_figures(member: Member, line_id: int, seen_version: int, stated: Mapping[str, Decimal | None]) -> None:
    """Keep what a source printed in computed cells of the line, in euros by column; None withdraws it.

    Raises Conflict, and 404 for a column in which nothing is computed.
    """
    require(permissions.may_edit_figures(member))
    line = queries.get_line(member.organisation, line_id)
    if not stated.keys() <= {column.key for column in statable_columns(line)}:
        raise Http404
    held = stated_figures(line)
    changed = {key: amount for key, amount in stated.items() if amount != held.get(key)}
    if not changed:
        return
    named = {f"{STATED}{key}": amount for key, amount in changed.items()}
    claim(line, seen_version, named)
    record_fields(member, line, named)
    Cell.objects.filter(line=line, column__in=changed, is_stated=True).delete()
    Cell.objects.bulk_create(
        Cell(line=line, column=key, amount=amount, is_stated=True)
        for key, amount in changed.items()
        if amount is not None
    )
    amounts: dict[str, Any] = {name: shown(name, amount) for name, amount in named.items()}
    log.record(member, "investments.state_figures", line, table=line.table_id, line=line.pk, **amounts)
