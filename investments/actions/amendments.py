"""Decisions that change the budget of a line."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require

from .. import permissions, queries
from ..models import Amendment
from .recording import compute, locked_table, record, shown


@transaction.atomic
def add_amendment(member: Member, line_id: int, *, day: date, decision: str, amount: Decimal) -> Amendment:
    """A decision that changes the budget of a line by `amount` euros; raise Refused on a total."""
    require(permissions.may_edit_figures(member))
    locked_table(member, queries.get_line(member.organisation, line_id).table_id)
    line = queries.get_line(member.organisation, line_id)
    if line.is_total:
        raise Refused("Een totaal heeft geen eigen begrotingswijzigingen.")
    amendment = Amendment.objects.create(line=line, date=day, decision=decision, amount=amount)
    record(member, line, "wijziging", "", _described(amendment))
    log.record(member, "investments.add_amendment", line, line=line.pk, amount=shown("amount", amount))
    compute(member, line.table_id)
    return amendment


@transaction.atomic
def remove_amendment(member: Member, amendment_id: int) -> None:
    """Withdraw an amendment that was entered by mistake; what it was stays in the line's changes."""
    require(permissions.may_edit_figures(member))
    locked_table(member, queries.get_amendment(member.organisation, amendment_id).line.table_id)
    amendment = queries.get_amendment(member.organisation, amendment_id)
    line = amendment.line
    record(member, line, "wijziging", _described(amendment), "ingetrokken")
    log.record(member, "investments.remove_amendment", line, line=line.pk, amount=shown("amount", amendment.amount))
    amendment.delete()
    compute(member, line.table_id)


def _described(amendment: Amendment) -> str:
    return f"{shown('amount', amendment.amount)} ({amendment.decision}, {amendment.date:%d-%m-%Y})"
