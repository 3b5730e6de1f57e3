"""Amendments of one line: the list with its sum, one more, one withdrawn."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, decision_queries, permissions, queries
from ..decision_forms import AmendmentForm
from .answers import form_page, typed


@require_http_methods(["GET", "POST"])
def amendments(request: MemberRequest, line_id: int) -> HttpResponse:
    """Every member reads the decisions; the controller lets one more change the line."""
    line = queries.get_line(request.member.organisation, line_id)
    may_edit = permissions.may_edit_figures(request.member)
    if request.method == "POST":
        require(may_edit)
    listed = list(decision_queries.amendments(line))
    others = decision_queries.other_decisions(line)
    form = AmendmentForm(typed(request), decisions=others)
    if request.method == "POST" and form.is_valid():
        decision, amount = form.cleaned_data["decision"], form.cleaned_data["amount"]
        actions.add_amendment(request.member, line.pk, decision.pk, amount)
        messages.success(request, "De wijziging is vastgelegd.")
        return _to_list(request, line.pk)
    context = {
        "form": form if may_edit and line.has_amounts and others else None,
        "may_edit": may_edit,
        "line": line,
        "table": line.table,
        "amendments": listed,
        "sum": sum((amendment.amount for amendment in listed), Decimal(0)),
    }
    return form_page(request, "investments/amendments.html", context)


@require_POST
def remove_amendment(request: MemberRequest, amendment_id: int) -> HttpResponse:
    line_id = decision_queries.get_amendment(request.member.organisation, amendment_id).line_id
    actions.remove_amendment(request.member, amendment_id)
    messages.success(request, "De wijziging is ingetrokken. In de geschiedenis blijft staan wat zij was.")
    return _to_list(request, line_id)


def _to_list(request: MemberRequest, line_id: int) -> HttpResponse:
    return redirect("investments:line-amendments", organisation=request.member.organisation.slug, line_id=line_id)
