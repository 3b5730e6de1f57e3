"""Writing a section: one form that saves as a whole, by hand or by itself."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import kept
from accounts.errors import Conflict, Refused
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, permissions, queries
from ..comparison import compare
from ..filters import SectionFilter
from ..forms.writing import SectionWriting, with_version
from ..models import Section
from ..sittings import saved_words, sittings
from ..tables import SectionTable
from .section_page import RECENT, address

PER_PAGE = 25


@require_GET
def own_sections(request: MemberRequest) -> HttpResponse:
    require(permissions.is_writer(request.member))
    chosen = SectionFilter(request.GET, queries.own_sections(request.member))
    table = SectionTable(queries.listed(chosen.qs))
    context = {"filter": chosen, "table": table}
    return list_page(request, "reports/own_sections.html", table, context, per_page=PER_PAGE)


@require_http_methods(["GET", "POST"])
def section_write(request: MemberRequest, section_id: int) -> HttpResponse:
    """The editor. Who saved an older text than the one that stands sees both, and keeps the own."""
    section = queries.get_section(request.member.organisation, section_id)
    require(permissions.may_write(request.member, section))
    if request.method == "POST":
        return _save(request, section)
    if not permissions.is_open(section, section.chapter.report):
        messages.info(request, "In dit onderdeel kunt u nu niet schrijven.")
        return redirect(address(request, "section", section))
    return _page(request, section, SectionWriting(section, kept.take(request)))


@require_POST
def section_autosave(request: MemberRequest, section_id: int) -> JsonResponse:
    """The same form saved by the page itself: answers in JSON with the version to go on from, or why not (409, 422)."""
    section = queries.get_section(request.member.organisation, section_id)
    require(permissions.may_write(request.member, section))
    writing = SectionWriting(section, request.POST)
    if not writing.is_valid():
        return JsonResponse({"errors": writing.errors()}, status=422)
    try:
        saved = actions.save_section(request.member, section.pk, writing.seen_version(), writing.entry())
    except Conflict as conflict:
        return JsonResponse({"saved_by": conflict.saved_by}, status=409)
    except Refused as refusal:
        return JsonResponse({"refusal": str(refusal)}, status=409)
    return JsonResponse({"version": saved.version, "told": saved_words(saved.saved_at)})


def _save(request: MemberRequest, section: Section) -> HttpResponse:
    writing = SectionWriting(section, request.POST)
    if not writing.is_valid():
        return _page(request, section, writing, status=422)
    submits = request.POST.get("then") == "submit"
    save = actions.submit_section if submits else actions.save_section
    try:
        saved = save(request.member, section.pk, writing.seen_version(), writing.entry())
    except Conflict as conflict:
        again = SectionWriting(section, with_version(request.POST, conflict.current_version))
        return _page(request, section, again, status=409, conflict=conflict)
    except Refused as refusal:
        now = queries.get_section(request.member.organisation, section.pk)
        return _page(request, now, writing, status=409, refusal=str(refusal))
    if submits:
        messages.success(request, f"“{section}” is opgeslagen en ter beoordeling aangeboden.")
        return redirect(address(request, "section", section))
    messages.success(request, f"{saved_words(saved.saved_at).capitalize()}.")
    return redirect(address(request, "section-write", section))


def _page(
    request: MemberRequest,
    section: Section,
    writing: SectionWriting,
    status: int = 200,
    conflict: Conflict | None = None,
    refusal: str = "",
) -> HttpResponse:
    context = {
        "section": section,
        "report": section.chapter.report,
        "place": queries.place(section),
        "standing": queries.standing_of(section, is_lapsed=False),
        "writing": writing,
        "conflict": conflict,
        "refusal": refusal,
        "differences": compare(conflict.theirs, conflict.mine) if conflict else [],
        "sittings": sittings(queries.versions(section))[:RECENT],
        "last_year": queries.last_year(section),
        "saved_words": saved_words(section.saved_at) if section.saved_at else "",
        "is_kept": writing.text.is_bound and request.method == "GET",
    }
    return render(request, "reports/section_write.html", context, status=status)
