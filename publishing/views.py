"""Pages of editions: list, compile with visible progress, download."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import kept
from accounts.errors import Refused
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest
from investments import explaining
from investments.coverage import share
from investments.findings import findings
from reports import queries as reports

from . import actions, permissions, queries
from .filters import EditionFilter
from .forms import CompileForm
from .models import Edition
from .tables import EditionTable


@require_GET
def edition_list(request: MemberRequest) -> HttpResponse:
    chosen = EditionFilter(request.GET, queries.editions(request.member.organisation), request=request)
    table = EditionTable(chosen.qs)
    return list_page(request, "publishing/edition_list.html", table, {"filter": chosen, "table": table})


@require_http_methods(["GET", "POST"])
def compile_report(request: MemberRequest, slug: str) -> HttpResponse:
    report = reports.get_report(request.member.organisation, slug)
    require(permissions.may_compile(request.member))
    form = CompileForm(request.POST or kept.take(request) or None, outline=reports.outline(report))
    if request.method == "POST" and form.is_valid():
        entry = form.cleaned_data
        try:
            made = actions.compile_report(request.member, slug, entry["chapters"], draft=entry["draft"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("publishing:edition", organisation=request.member.organisation.slug, edition_id=made.pk)
    status = 422 if request.method == "POST" else 200
    tables = reports.tables_of(report)
    context = {
        "report": report,
        "form": form,
        "share": share(item for items in explaining.coverage(tables).values() for item in items),
        "findings": findings(tables),
    }
    return render(request, "publishing/compile.html", context, status=status)


@require_GET
def edition(request: MemberRequest, edition_id: int) -> HttpResponse:
    found = queries.get_edition(request.member.organisation, edition_id)
    return render(request, "publishing/edition.html", _progress(request, found))


@require_GET
def edition_progress(request: MemberRequest, edition_id: int) -> HttpResponse:
    """The part of the page that follows the job; asks again until the job has ended."""
    found = queries.get_edition(request.member.organisation, edition_id)
    return render(request, "publishing/edition_progress.html", _progress(request, found))


def _progress(request: MemberRequest, edition: Edition) -> dict[str, Any]:
    """What the part that follows the job shows: of an edition that came to nothing also the one that stays."""
    ended = edition.is_failed or edition.is_cancelled
    return {
        "edition": edition,
        "progress": queries.progress(edition),
        "last_ready": queries.last_ready(edition) if ended else None,
        "may_compile": permissions.may_compile(request.member),
    }


@require_POST
def edition_cancel(request: MemberRequest, edition_id: int) -> HttpResponse:
    actions.cancel_edition(request.member, edition_id)
    return redirect("publishing:edition", organisation=request.member.organisation.slug, edition_id=edition_id)


@require_GET
def edition_file(request: MemberRequest, edition_id: int) -> FileResponse:
    """The PDF, under a name that says what it is."""
    found = queries.get_edition(request.member.organisation, edition_id)
    if not found.has_file:
        raise Http404
    kind = "concept" if found.draft else "definitief"
    name = f"{request.member.organisation.slug}-{found.report.slug}-editie-{found.number}-{kind}.pdf"
    return FileResponse(found.file.open(), as_attachment=True, filename=name, content_type="application/pdf")
