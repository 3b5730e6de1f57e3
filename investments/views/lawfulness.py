"""Lawfulness of a year: overspent credits with their class, against the limit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import Conflict, Refused
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, lawfulness, permissions, queries
from ..explanation_forms import CreditClassForm, LimitForm
from .answers import chosen_year, form_page, typed


@require_GET
def year(request: MemberRequest) -> HttpResponse:
    organisation, chosen = request.member.organisation, chosen_year(request)
    context = {
        "year": chosen,
        "years": queries.years(organisation),
        "found": lawfulness.of_year(organisation, chosen),
        "may_edit": permissions.may_edit_figures(request.member),
    }
    return render(request, "investments/lawfulness.html", context)


@require_http_methods(["GET", "POST"])
def classify(request: MemberRequest, line_id: int) -> HttpResponse:
    """The class of one overspent credit."""
    require(permissions.may_edit_figures(request.member))
    found = lawfulness.get_credit(request.member.organisation, line_id)
    held = getattr(found.line, "credit_class", None)
    names = ("ground", "reason", "version")
    initial = {name: getattr(held, name) for name in names} if held else {"version": 0}
    form = CreditClassForm(typed(request), initial=initial)
    conflict = None
    if request.method == "POST" and form.is_valid():
        ground, reason = form.cleaned_data["ground"], form.cleaned_data["reason"]
        try:
            actions.classify_credit(request.member, found.line.pk, form.seen_version, ground, reason)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, f"De overschrijding van “{found.line}” is geclassificeerd.")
            return _to_year(request, found.line.table.year)
    context = {"form": form, "found": found, "year": found.line.table.year}
    return form_page(request, "investments/credit_class.html", context, conflict)


@require_http_methods(["GET", "POST"])
def limit(request: MemberRequest) -> HttpResponse:
    """The limit of one year."""
    require(permissions.may_edit_figures(request.member))
    chosen = chosen_year(request)
    held = lawfulness.limit_of(request.member.organisation, chosen)
    names = ("percentage", "base", "version")
    initial = {name: getattr(held, name) for name in names} if held else {"version": 0}
    form = LimitForm(typed(request), initial=initial)
    conflict = None
    if request.method == "POST" and form.is_valid():
        percentage, base = form.cleaned_data["percentage"], form.cleaned_data["base"]
        try:
            actions.set_lawfulness_limit(request.member, chosen, form.seen_version, percentage, base)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, f"De rechtmatigheidsgrens van {chosen} is opgeslagen.")
            return _to_year(request, chosen)
    return form_page(request, "investments/lawfulness_limit.html", {"form": form, "year": chosen}, conflict)


def _to_year(request: MemberRequest, year: int) -> HttpResponse:
    address = reverse("investments:lawfulness", args=[request.member.organisation.slug])
    return redirect(f"{address}?jaar={year}")
