"""Decisions that change the budget of lines, one line at a time or many at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require

from .. import decision_queries, permissions, queries
from ..models import Amendment, Decision, Line
from .recording import Shown, check_version, compute, locked_table, record, shown

Amounts = Mapping[int, Decimal]
"""What changes in the budget of each line, in euros, by the id of the line."""


@dataclass(frozen=True)
class DecisionInput:
    """What a person enters of a decision; number and body may be unknown."""

    title: str
    date: date
    number: str = ""
    body: str = ""


@transaction.atomic
def add_decision(member: Member, year: int, entry: DecisionInput, amounts: Amounts) -> Decision:
    """A decision on the budget of a year with all lines that it changes; 404 for a line of elsewhere."""
    require(permissions.may_edit_figures(member))
    decision = Decision.objects.create(organisation=member.organisation, year=year, **_fields(entry))
    log.record(member, "investments.add_decision", decision, **_amend(member, decision, amounts))
    return decision


@transaction.atomic
def save_decision(
    member: Member, decision_id: int, seen_version: int, entry: DecisionInput, amounts: Amounts
) -> Decision:
    """Store the decision and what it changes; lines that `amounts` does not name are no longer changed by it.

    Raises Conflict.
    """
    require(permissions.may_edit_figures(member))
    decision = _held(member, decision_id)
    theirs, mine = shown_decision(decision), _shown(entry, amounts, _lines(member, amounts))
    if theirs == mine:
        return decision
    check_version(member, decision, seen_version, theirs, mine, decision=decision.pk)
    Decision.objects.filter(pk=decision.pk).update(**_fields(entry), version=decision.version + 1)
    decision.refresh_from_db()
    log.record(member, "investments.save_decision", decision, **_amend(member, decision, amounts))
    return decision


@transaction.atomic
def remove_decision(member: Member, decision_id: int, seen_version: int) -> None:
    """Withdraw a decision that was entered by mistake, on all its lines; raise Conflict."""
    require(permissions.may_edit_figures(member))
    decision = _held(member, decision_id, goes=True)
    theirs = shown_decision(decision)
    check_version(member, decision, seen_version, theirs, theirs, decision=decision.pk)
    log.record(member, "investments.remove_decision", decision, **_amend(member, decision, {}))
    decision.delete()


@transaction.atomic
def add_amendment(member: Member, line_id: int, decision_id: int, amount: Decimal) -> Amendment:
    """Let a decision change the budget of one more line by `amount` euros; raise Refused where it cannot."""
    require(permissions.may_edit_figures(member))
    queries.get_line(member.organisation, line_id)
    decision = _held(member, decision_id)
    amounts = {row.line_id: row.amount for row in decision.amendments.all()}
    if line_id in amounts:
        raise Refused("Dit besluit wijzigt deze regel al. Pas het bedrag aan bij het besluit.")
    Decision.objects.filter(pk=decision.pk).update(version=decision.version + 1)
    log.record(member, "investments.add_amendment", decision, **_amend(member, decision, {**amounts, line_id: amount}))
    return Amendment.objects.get(decision=decision, line=line_id)


@transaction.atomic
def remove_amendment(member: Member, amendment_id: int) -> None:
    """Withdraw what a decision changes in one line; what it was stays in the line's changes."""
    require(permissions.may_edit_figures(member))
    decision = _held(member, decision_queries.get_amendment(member.organisation, amendment_id).decision_id)
    amendment = get_object_or_404(decision.amendments, pk=amendment_id)
    amounts = {row.line_id: row.amount for row in decision.amendments.all() if row.pk != amendment.pk}
    Decision.objects.filter(pk=decision.pk).update(version=decision.version + 1)
    log.record(member, "investments.remove_amendment", decision, **_amend(member, decision, amounts))


def shown_decision(decision: Decision) -> Shown:
    """The decision as people read it."""
    rows = list(decision_queries.decided(decision))
    entry = DecisionInput(decision.title, decision.date, decision.number, decision.body)
    return _shown(entry, {row.line_id: row.amount for row in rows}, {row.line_id: row.line for row in rows})


def _shown(entry: DecisionInput, amounts: Amounts, lines: Mapping[int, Line]) -> Shown:
    order = sorted(amounts, key=lambda key: (lines[key].table.title, lines[key].position, key))
    told = [f"{lines[key]} ({lines[key].table}): {shown('amount', amounts[key])}" for key in order]
    return [
        ("nummer", entry.number),
        ("datum", f"{entry.date:%d-%m-%Y}"),
        ("besluit", entry.title),
        ("genomen door", entry.body),
        ("wijzigt", "; ".join(told) or "geen regels"),
    ]


def _fields(entry: DecisionInput) -> dict[str, date | str]:
    return {"title": entry.title, "date": entry.date, "number": entry.number, "body": entry.body}


def _held(member: Member, decision_id: int, *, goes: bool = False) -> Decision:
    """The decision, locked until commit: before its tables, always."""
    decision_queries.get_decision(member.organisation, decision_id)
    return get_object_or_404(Decision.objects.select_for_update(no_key=not goes), pk=decision_id)


def _lines(member: Member, keys: Collection[int]) -> dict[int, Line]:
    rows = Line.objects.filter(table__organisation=member.organisation, pk__in=keys).select_related("table")
    found = {line.pk: line for line in rows}
    if found.keys() != set(keys):
        raise Http404
    return found


def _amend(member: Member, decision: Decision, amounts: Amounts) -> dict[str, Any]:
    """Make the decision change exactly these lines, each change recorded at its line; what the log says of it."""
    before = {row.line_id: row for row in decision.amendments.all()}
    held = {key: row.amount for key, row in before.items()}
    touched = {key: amounts.get(key) for key in {*held, *amounts} if held.get(key) != amounts.get(key)}
    tables = sorted({line.table_id for line in _lines(member, touched).values()})
    for table_id in tables:
        locked_table(member, table_id)
    # Read once more: now that their tables are held, lines neither go nor change their kind.
    lines = _lines(member, touched)
    for key, amount in sorted(touched.items()):
        _amend_line(member, decision, lines[key], before.get(key), amount)
    for table_id in tables:
        compute(member, table_id)
    return {
        "decision": decision.pk,
        "lines": sorted(touched),
        "amount": shown("amount", sum(amounts.values(), Decimal(0))),
        "after_actual": sorted(key for key, line in lines.items() if line.actual is not None),
    }


def _amend_line(
    member: Member, decision: Decision, line: Line, before: Amendment | None, amount: Decimal | None
) -> None:
    if line.is_total:
        raise Refused("Een totaal heeft geen eigen begrotingswijzigingen.")
    if not line.has_amounts:
        raise Refused("Een kop heeft geen begroting.")
    late = "; de rekening was al ingevuld" if line.actual is not None else ""
    was = _described(decision, before.amount) if before else ""
    became = _described(decision, amount, late) if amount is not None else "ingetrokken"
    record(member, line, "wijziging", was, became)
    if amount is None:
        Amendment.objects.filter(decision=decision, line=line).delete()
    else:
        Amendment.objects.update_or_create(decision=decision, line=line, defaults={"amount": amount})


def _described(decision: Decision, amount: Decimal, late: str = "") -> str:
    return f"{shown('amount', amount)} ({decision.title}, {decision.date:%d-%m-%Y}{late})"
