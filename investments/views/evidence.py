"""Postings that bear out an explanation: chosen from those of a line, shown to whom may see postings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.errors import Refused
from accounts.lists import turn_pages
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, evidence, explaining, ledger_queries, permissions, queries
from ..ledger_filters import PostingFilter
from ..ledger_forms import EvidenceForm
from ..ledger_tables import ChoosableTable
from ..models import Claim, Line
from .answers import form_page


@require_http_methods(["GET", "POST"])
def choose(request: MemberRequest, explanation_id: int, line_id: int) -> HttpResponse:
    """What was chosen for a line of an explanation, and its other postings to filter and tick."""
    explanation = explaining.get_explanation(request.member.organisation, explanation_id)
    line = queries.get_line(request.member.organisation, line_id)
    claim = evidence.get_claim(explanation, line.pk)
    require(permissions.may_choose_postings(request.member, line))
    form = EvidenceForm(
        request.POST if request.method == "POST" else None,
        postings=ledger_queries.postings_of(line),
        held=claim.evidence.all(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_postings(request.member, explanation.pk, line.pk, form.keys("chosen"), form.keys("dropped"))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "De boekingen bij de toelichting zijn opgeslagen.")
            return redirect(request.get_full_path())
    return _page(request, form, claim, line)


def _page(request: MemberRequest, form: EvidenceForm, claim: Claim, line: Line) -> HttpResponse:
    taken = evidence.postings_chosen(claim, line.table)
    rows = ledger_queries.postings_of(line).exclude(pk__in=taken)
    chosen = PostingFilter(request.GET, rows)
    listed = ChoosableTable(chosen.qs)
    turn_pages(request, listed, per_page=50)
    context = {
        "form": form,
        "table": line.table,
        "line": line,
        "bundle": evidence.of_table(line.table).get(claim.pk),
        "filter": chosen,
        "postings": listed,
        "totals": ledger_queries.totals(chosen.qs),
    }
    return form_page(request, "investments/evidence_choose.html", context)
