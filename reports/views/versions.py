"""What a section was: its versions, two of them beside each other, and bringing one back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import Conflict
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, permissions, queries
from ..comparison import compare
from ..forms.review import RestoreForm
from ..forms.versions import OtherForm
from ..models import Section
from ..sittings import sittings
from .section_page import address


@require_GET
def versions(request: MemberRequest, section_id: int) -> HttpResponse:
    section = queries.get_section(request.member.organisation, section_id)
    context = _context(request, section) | {"sittings": sittings(queries.versions(section))}
    return render(request, "reports/versions.html", context)


@require_GET
def version(request: MemberRequest, section_id: int, number: int) -> HttpResponse:
    """What a version changed, beside the one before it or beside the one asked for with `met`."""
    section = queries.get_section(request.member.organisation, section_id)
    shown = queries.get_version(section, number)
    others = queries.versions(section).exclude(pk=shown.pk)
    form = OtherForm(request.GET or None, versions=others)
    before = form.chosen() or others.filter(number__lt=number).first()
    told = [queries.told(request.member.organisation, row.content if row else {}) for row in (before, shown)]
    context = {"version": shown, "before": before, "form": form, "differences": compare(*told)}
    return render(request, "reports/version.html", _context(request, section) | context)


@require_POST
def restore(request: MemberRequest, section_id: int, number: int) -> HttpResponse:
    section = queries.get_section(request.member.organisation, section_id)
    require(permissions.may_write(request.member, section))
    form = RestoreForm(request.POST)
    if not form.is_valid():
        return redirect(address(request, "versions", section))
    try:
        actions.restore_version(request.member, section.pk, form.cleaned_data["version"], number)
    except Conflict as conflict:
        back = address(request, "versions", section)
        return render(request, "409.html", {"conflict": conflict, "back": back}, status=409)
    messages.success(request, f"Versie {number} is teruggezet. De tekst van daarvoor blijft als versie bewaard.")
    return redirect(address(request, "section-write", section))


def _context(request: MemberRequest, section: Section) -> dict[str, object]:
    report = section.chapter.report
    may_restore = permissions.may_write(request.member, section) and permissions.is_open(section, report)
    return {"section": section, "report": report, "place": queries.place(section), "may_restore": may_restore}
