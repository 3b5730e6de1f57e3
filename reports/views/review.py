"""Where sections stand: what waits for a director, and the steps of the workflow."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import Conflict, Refused
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, permissions, queries
from ..filters import SectionFilter
from ..forms.review import form_for
from ..tables import SectionTable
from ..workflow import TRANSITIONS
from .section_page import address, show

PER_PAGE = 25
DONE = {
    "submit": "“{}” is ter beoordeling aangeboden.",
    "withdraw": "“{}” is teruggenomen; u kunt er weer in schrijven.",
    "send_back": "“{}” is teruggestuurd met uw reden.",
    "agree": "U hebt ingestemd met “{}”.",
}


@require_GET
def to_review(request: MemberRequest) -> HttpResponse:
    require(permissions.is_reviewer(request.member))
    chosen = SectionFilter(request.GET, queries.sections_to_review(request.member))
    table = SectionTable(queries.listed(chosen.qs), exclude=("standing",))
    context = {"filter": chosen, "table": table}
    return list_page(request, "reports/to_review.html", table, context, per_page=PER_PAGE)


@require_POST
def take_step(request: MemberRequest, section_id: int, step: str) -> HttpResponse:
    """Take a step of the workflow; a missing reason is asked for again, with all that was typed."""
    section = queries.get_section(request.member.organisation, section_id)
    transition = TRANSITIONS.get(step)
    if transition is None:
        raise Http404
    require(permissions.may_take(request.member, section, transition))
    form = form_for(transition)(request.POST, auto_id=f"id_{step}_%s")
    if not form.is_valid():
        return show(request, section, wrong={step: form}, status=422)
    seen = form.cleaned_data
    page = address(request, "section", section)
    typed = [("uw reden", seen["reason"])] if seen.get("reason") else []
    try:
        actions.take(request.member, section.pk, seen["version"], step, seen.get("reason", ""), seen["fingerprint"])
    except Conflict as conflict:
        conflict.mine = typed
        return render(request, "409.html", {"conflict": conflict, "back": page}, status=409)
    except Refused as refusal:
        return render(request, "409.html", {"refusal": str(refusal), "typed": typed, "back": page}, status=409)
    messages.success(request, DONE[step].format(section))
    return redirect(page)
