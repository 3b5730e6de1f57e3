"""Whether a table adds up: every printed sum, and what its kind and last year ask of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import Conflict, Refused
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, permissions, queries
from ..forms import FollowForm, PlaceForm, QuoteForm
from ..judging import Verdict
from ..models import Table
from .answers import form_page, typed


@require_GET
def proof(request: MemberRequest, table_id: int) -> HttpResponse:
    found = queries.get_table(request.member.organisation, table_id)
    return _page(request, found, FollowForm(table=found, choices=queries.tables_before(found)))


@require_POST
def follow_table(request: MemberRequest, table_id: int) -> HttpResponse:
    """Choose the table of the year before."""
    require(permissions.may_edit_figures(request.member))
    found = queries.get_table(request.member.organisation, table_id)
    form = FollowForm(request.POST, table=found, choices=queries.tables_before(found))
    if not form.is_valid():
        return _page(request, found, form)
    try:
        actions.follow_table(request.member, found.pk, form.seen_version, form.previous_id)
    except Conflict as conflict:
        form.go_on_from(conflict)
        return _page(request, found, form, conflict)
    messages.success(request, "De tabel van vorig jaar is vastgelegd.")
    return redirect("investments:table-proof", organisation=found.organisation.slug, table_id=found.pk)


@require_http_methods(["GET", "POST"])
def new_quote(request: MemberRequest, table_id: int) -> HttpResponse:
    """What a text says of the table."""
    require(permissions.may_edit_figures(request.member))
    found = queries.get_table(request.member.organisation, table_id)
    form = QuoteForm(typed(request), table=found, lines=queries.lines(found))
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_quote(request.member, found.pk, form.seen_version, form.entry)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, "De uitspraak is vastgelegd.")
            return redirect("investments:table-proof", organisation=found.organisation.slug, table_id=found.pk)
    return form_page(request, "investments/quote_form.html", {"form": form, "table": found}, conflict)


@require_POST
def remove_quote(request: MemberRequest, table_id: int) -> HttpResponse:
    """Forget a quote; the post names its place and the version of the table that was seen."""
    require(permissions.may_edit_figures(request.member))
    found = queries.get_table(request.member.organisation, table_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return redirect("investments:table-proof", organisation=found.organisation.slug, table_id=found.pk)
    try:
        actions.remove_quote(request.member, found.pk, form.seen_version, form.cleaned_data["place"])
    except Conflict as conflict:
        return _page(request, found, FollowForm(table=found, choices=queries.tables_before(found)), conflict)
    messages.success(request, "De uitspraak is weggehaald.")
    return redirect("investments:table-proof", organisation=found.organisation.slug, table_id=found.pk)


def _page(request: MemberRequest, table: Table, form: FollowForm, conflict: Conflict | None = None) -> HttpResponse:
    shown = queries.table_figures(table)
    sums = {verdict: [item for item in shown.statement.judgements if item.verdict == verdict] for verdict in Verdict}
    context = {
        "table": table,
        "view": "proof",
        "shown": shown,
        "form": form if permissions.may_edit_figures(request.member) else None,
        "broken": sums[Verdict.BROKEN],
        "rounding": sums[Verdict.ROUNDING],
        "exact": sums[Verdict.EXACT],
    }
    return form_page(request, "investments/proof.html", context, conflict)
