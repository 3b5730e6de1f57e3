"""What an organisation asks of its explanations: from when, and which causes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.errors import Conflict
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, explaining, permissions, queries
from ..explanation_forms import CausesForm, RuleForm, TableRuleForm
from .answers import chosen_year, form_page, typed


@require_http_methods(["GET", "POST"])
def deviation_rule(request: MemberRequest) -> HttpResponse:
    """The rule of one year."""
    require(permissions.may_edit_figures(request.member))
    year = chosen_year(request)
    form = RuleForm(typed(request), explaining.rule(request.member.organisation, year))
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_deviation_rule(request.member, year, form.seen_version, form.entry)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, f"De norm voor {year} is opgeslagen.")
            return _to_deviations(request, year)
    return form_page(request, "investments/deviation_rule.html", {"form": form, "year": year}, conflict)


@require_http_methods(["GET", "POST"])
def table_rule(request: MemberRequest, table_id: int) -> HttpResponse:
    """The rule of one table, or that of its year."""
    require(permissions.may_edit_figures(request.member))
    table = queries.get_table(request.member.organisation, table_id)
    form = TableRuleForm(typed(request), explaining.own_rule(table))
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_table_rule(request.member, table.pk, form.seen_version, form.own_entry)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, "De norm van de tabel is opgeslagen.")
            slug = request.member.organisation.slug
            return redirect("investments:table-deviations", organisation=slug, table_id=table.pk)
    context = {"form": form, "table": table, "rule": explaining.rule(table.organisation, table.year)}
    return form_page(request, "investments/table_rule.html", context, conflict)


@require_http_methods(["GET", "POST"])
def causes(request: MemberRequest) -> HttpResponse:
    """The causes to choose from."""
    require(permissions.may_edit_figures(request.member))
    held = explaining.cause_list(request.member.organisation)
    form = CausesForm(typed(request), initial={"names": "\n".join(held.names), "version": held.version})
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_causes(request.member, form.seen_version, form.cleaned_data["names"])
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, "De oorzaken zijn opgeslagen.")
            return _to_deviations(request, chosen_year(request))
    return form_page(request, "investments/causes.html", {"form": form}, conflict)


def _to_deviations(request: MemberRequest, year: int) -> HttpResponse:
    address = reverse("investments:deviations", args=[request.member.organisation.slug])
    return redirect(f"{address}?jaar={year}")
