"""Deviations to look at: how large, how far explained, what is open; of one table and of a year."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest

from .. import explaining, permissions, queries
from ..coverage import Coverage, share
from ..diverging import DeviationBar, deviations
from ..models import Line
from .answers import chosen_year

MOST = 20
"""Deviations of a year in its chart: the largest."""


@require_GET
def table(request: MemberRequest, table_id: int) -> HttpResponse:
    found = queries.get_table(request.member.organisation, table_id)
    covered = explaining.coverage([found])[found.pk]
    lines = {line.pk: line for line in queries.lines(found)}
    still = {item.key for item in covered if item.is_open}
    bars = [
        DeviationBar(line.label, explaining.result(line), line.pk in still)
        for line in lines.values()
        if not line.is_total or line.pk in still
    ]
    context = {
        "table": found,
        "view": "deviations",
        "rule": explaining.rule_of(found),
        "may_edit": permissions.may_edit_figures(request.member),
        "share": share(covered),
        "covered": _shown(request, covered, lines),
        "charts": deviations(found.title, found.unit, bars),
    }
    return render(request, "investments/table_deviations.html", context)


@require_GET
def year(request: MemberRequest) -> HttpResponse:
    """Every table of one fiscal year, and what is open in all of them together."""
    organisation, chosen = request.member.organisation, chosen_year(request)
    tables = list(queries.tables_of(organisation, chosen))
    by_table = explaining.coverage(tables)
    every = sorted((item for items in by_table.values() for item in items), key=lambda item: -abs(item.deviation))
    lines = {line.pk: line for line in explaining.lines([item.key for item in every])}
    bars = [DeviationBar(lines[item.key].label, item.deviation, item.is_open) for item in every[:MOST]]
    still = [item for item in every if item.is_open]
    own = explaining.with_own_rule(tables)
    context = {
        "year": chosen,
        "years": queries.years(organisation),
        "rule": explaining.rule(organisation, chosen),
        "may_edit": permissions.may_edit_figures(request.member),
        "share": share(every),
        "covered": _shown(request, sorted(still, key=lambda item: -abs(item.remainder)), lines),
        "tables": [
            (table, share(by_table[table.pk]), sum(item.is_open for item in by_table[table.pk]), table.pk in own)
            for table in tables
            if by_table[table.pk]
        ],
        "charts": deviations(f"De grootste afwijkingen van {chosen}", 1, bars),
    }
    return render(request, "investments/deviations.html", context)


def _shown(
    request: MemberRequest, covered: list[Coverage], lines: dict[int, Line]
) -> list[tuple[Line, Coverage, bool]]:
    """Each with its line and whether this person may explain it."""
    return [(lines[item.key], item, permissions.may_explain_line(request.member, lines[item.key])) for item in covered]
