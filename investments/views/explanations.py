"""Explanations: to read beside their figures, to write by the controller and by the lead of the owner team."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import Conflict
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, permissions, queries
from ..filters import OwnLineFilter
from ..forms import ExplanationForm
from ..tables import OwnLineTable
from .answers import form_page, typed


@require_GET
def own_lines(request: MemberRequest) -> HttpResponse:
    chosen = OwnLineFilter(request.GET, queries.explainable_lines(request.member))
    listed = OwnLineTable(chosen.qs)
    return list_page(request, "investments/own_lines.html", listed, {"filter": chosen, "lines": listed})


@require_GET
def explanations(request: MemberRequest, table_id: int) -> HttpResponse:
    """The explanation of the table, and of each line what was written or is still missing."""
    found = queries.get_table(request.member.organisation, table_id)
    lines = [line for line in queries.lines(found) if not line.is_total or line.explanation]
    context = {
        "table": found,
        "view": "explanations",
        "may_edit": permissions.may_edit_figures(request.member),
        "lines": [(line, permissions.may_explain_line(request.member, line)) for line in lines],
    }
    return render(request, "investments/explanations.html", context)


@require_http_methods(["GET", "POST"])
def explain_table(request: MemberRequest, table_id: int) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    found = queries.get_table(request.member.organisation, table_id)
    form = ExplanationForm(typed(request), initial={"explanation": found.explanation, "version": found.version})
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.explain_table(request.member, found.pk, form.seen_version, form.cleaned_data["explanation"])
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            return _saved(request, found.pk)
    context = {"form": form, "table": found, "statement": queries.table_figures(found).statement}
    return form_page(request, "investments/explain_table.html", context, conflict)


@require_http_methods(["GET", "POST"])
def explain_line(request: MemberRequest, line_id: int) -> HttpResponse:
    line = queries.get_line(request.member.organisation, line_id)
    require(permissions.may_explain_line(request.member, line))
    initial = {"explanation": line.explanation, "version": line.explanation_version}
    form = ExplanationForm(typed(request), initial=initial)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.explain_line(request.member, line.pk, form.seen_version, form.cleaned_data["explanation"])
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            return _saved(request, line.table_id)
    context = {"form": form, "line": line, "table": line.table}
    return form_page(request, "investments/explain_line.html", context, conflict)


def _saved(request: MemberRequest, table_id: int) -> HttpResponse:
    messages.success(request, "De toelichting is opgeslagen.")
    return redirect("investments:explanations", organisation=request.member.organisation.slug, table_id=table_id)
