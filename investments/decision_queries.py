"""Reads of decisions and of what they change in budgets, always for one organisation."""

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from accounts.models import Organisation

from .fields import AmountField
from .figures import LineKind
from .models import Amendment, Decision, Line


def get_amendment(organisation: Organisation, amendment_id: int) -> Amendment:
    """The amendment with its line and decision, or 404 for one that is not this organisation's."""
    rows = Amendment.objects.select_related("decision", "line__table")
    return get_object_or_404(rows, line__table__organisation=organisation, pk=amendment_id)


def amendments(line: Line) -> QuerySet[Amendment]:
    """What decisions changed in the line's budget, oldest first."""
    return Amendment.objects.filter(line=line).select_related("decision")


def other_decisions(line: Line) -> QuerySet[Decision]:
    """Decisions on the budget of the line's year that do not change the line."""
    rows = Decision.objects.filter(organisation=line.table.organisation_id, year=line.table.year)
    return rows.exclude(amendments__line=line)


def decisions(organisation: Organisation) -> QuerySet[Decision]:
    """The organisation's decisions, each with `line_count`, `table_count` and `total` (euros)."""
    return Decision.objects.filter(organisation=organisation).annotate(
        line_count=Count("amendments"),
        table_count=Count("amendments__line__table", distinct=True),
        total=Coalesce(Sum("amendments__amount"), 0, output_field=AmountField()),
    )


def get_decision(organisation: Organisation, decision_id: int) -> Decision:
    """The decision, or 404 for one that is not this organisation's."""
    return get_object_or_404(Decision, organisation=organisation, pk=decision_id)


def decided(decision: Decision) -> QuerySet[Amendment]:
    """What the decision changes, in the order of the tables."""
    rows = Amendment.objects.filter(decision=decision).select_related("line__table")
    return rows.order_by("line__table__title", "line__table_id", "line__position", "line_id")


def amendable_lines(organisation: Organisation, year: int) -> QuerySet[Line]:
    """The lines of a year whose budget a decision can change, in the order of the tables."""
    return (
        Line.objects.filter(
            table__organisation=organisation, table__year=year, kind__in=(LineKind.LINE, LineKind.INFORMATION)
        )
        .select_related("table")
        .order_by("table__title", "table_id", "position", "id")
    )
