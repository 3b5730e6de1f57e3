"""Whether a table adds up: every printed sum, and what its kind and last year ask of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import Conflict
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, permissions, queries
from ..forms import FollowForm
from ..judging import Verdict
from ..models import Table
from .answers import form_page


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
