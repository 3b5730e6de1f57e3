"""Decisions: the list, one with all that it changes, entered over several lines at once, withdrawn."""

from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import Conflict
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, decision_queries, permissions, queries
from ..decision_forms import DecisionForm
from ..filters import DecisionFilter
from ..forms import VersionedForm
from ..models import Decision, Line
from ..tables import DecisionTable
from .answers import chosen_year, form_page, typed

MOST_LINES = 300
"""Lines of a form that shows them all; beyond that its user chooses tables."""


@require_GET
def decision_list(request: MemberRequest) -> HttpResponse:
    chosen = DecisionFilter(request.GET, decision_queries.decisions(request.member.organisation))
    listed = DecisionTable(chosen.qs)
    context = {"filter": chosen, "table": listed, "may_edit": permissions.may_edit_figures(request.member)}
    return list_page(request, "investments/decision_list.html", listed, context)


@require_GET
def decision(request: MemberRequest, decision_id: int) -> HttpResponse:
    """The lines that it changes, with the sum of each table."""
    found = decision_queries.get_decision(request.member.organisation, decision_id)
    by_table = [
        (table, rows := list(group), sum((row.amount for row in rows), Decimal(0)))
        for table, group in groupby(decision_queries.decided(found), key=lambda row: row.line.table)
    ]
    context = {
        "decision": found,
        "tables": by_table,
        "sum": sum((total for _, _, total in by_table), Decimal(0)),
        "may_edit": permissions.may_edit_figures(request.member),
    }
    return render(request, "investments/decision.html", context)


@require_http_methods(["GET", "POST"])
def new_decision(request: MemberRequest) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    organisation = request.member.organisation
    year = chosen_year(request)
    form = DecisionForm(typed(request), lines=_offered(request, year))
    if request.method == "POST" and form.is_valid():
        made = actions.add_decision(request.member, year, form.entry, form.amounts)
        messages.success(request, f"Het besluit “{made}” is vastgelegd.")
        return _to_decision(request, made.pk)
    context = {"form": form, "year": year, "years": queries.years(organisation), **_choice(request, year)}
    return form_page(request, "investments/decision_form.html", context)


@require_http_methods(["GET", "POST"])
def edit_decision(request: MemberRequest, decision_id: int) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    found = decision_queries.get_decision(request.member.organisation, decision_id)
    amounts = {row.line_id: row.amount for row in decision_queries.decided(found)}
    lines = _offered(request, found.year, found)
    form = DecisionForm(typed(request), lines=lines, decision=found, amounts=amounts)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_decision(request.member, found.pk, form.seen_version, form.entry, form.amounts)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, "Het besluit is opgeslagen.")
            return _to_decision(request, found.pk)
    context = {"form": form, "decision": found, "year": found.year, **_choice(request, found.year)}
    return form_page(request, "investments/decision_form.html", context, conflict)


@require_http_methods(["GET", "POST"])
def remove_decision(request: MemberRequest, decision_id: int) -> HttpResponse:
    """Ask first, then withdraw."""
    require(permissions.may_edit_figures(request.member))
    found = decision_queries.get_decision(request.member.organisation, decision_id)
    form = VersionedForm(typed(request), initial={"version": found.version})
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove_decision(request.member, found.pk, form.seen_version)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, f"Het besluit “{found}” is ingetrokken.")
            return redirect("investments:decision-list", organisation=found.organisation.slug)
    context = {"form": form, "decision": found, "rows": decision_queries.decided(found)}
    return form_page(request, "investments/decision_remove.html", context, conflict)


def _offered(request: MemberRequest, year: int, decision: Decision | None = None) -> list[Line]:
    """The lines that the form shows: those of the chosen tables, all of a small year, and those it changes already."""
    lines = list(decision_queries.amendable_lines(request.member.organisation, year))
    tables = _chosen_tables(request.GET)
    shown = [line for line in lines if line.table_id in tables] if tables or len(lines) > MOST_LINES else lines
    if decision is None:
        return shown
    touched = [row.line for row in decision_queries.decided(decision)]
    rows = {line.pk: line for line in [*touched, *shown]}
    return sorted(rows.values(), key=lambda line: (line.table.title, line.table_id, line.position, line.pk))


def _choice(request: MemberRequest, year: int) -> dict[str, Any]:
    """The tables to choose from, once not all lines fit on the page."""
    lines = decision_queries.amendable_lines(request.member.organisation, year)
    chosen = _chosen_tables(request.GET)
    if not chosen and lines.count() <= MOST_LINES:
        return {}
    return {"choices": [(table, table.pk in chosen) for table in queries.tables_of(request.member.organisation, year)]}


def _chosen_tables(asked: QueryDict) -> set[int]:
    return {int(key) for key in asked.getlist("tabel") if key.isdecimal()}


def _to_decision(request: MemberRequest, decision_id: int) -> HttpResponse:
    return redirect("investments:decision", organisation=request.member.organisation.slug, decision_id=decision_id)
