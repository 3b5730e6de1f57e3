"""Pages of editions: list, compile with visible progress, download."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts import kept
from accounts.downloads import download
from accounts.errors import Refused
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest
from investments import explaining
from investments.coverage import share
from investments.findings import findings
from reports import permissions as writing
from reports import queries as reports

from . import actions, permissions, previews, queries, signs
from .covers import cover
from .facts import archive
from .filters import EditionFilter
from .findings import strange_signs
from .forms import ChapterForm, CheckForm, CompileForm
from .models import Edition
from .pictures import NoPicture
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
    initial = queries.remembered(request.user, report)
    form = CompileForm(request.POST or kept.take(request) or None, outline=reports.outline(report), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.compile_report(request.member, slug, **form.entry)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _follow(request, made)
    status = 422 if request.method == "POST" else 200
    tables = reports.tables_of(report)
    context = {
        "report": report,
        "form": form,
        "share": share(item for items in explaining.coverage(tables).values() for item in items),
        "findings": findings(tables),
        "signs": strange_signs(report),
    }
    return render(request, "publishing/compile.html", context, status=status)


def _follow(request: MemberRequest, made: Edition) -> HttpResponse:
    """To the page of the edition; whoever leaves that is told when it is ready. One that is ready now was before."""
    if made.is_building:
        signs.wait_for(request, made)
    else:
        messages.info(request, "Er is niets veranderd: dit is de editie die er al was. Er kwam geen nieuwe.")
    return redirect("publishing:edition", organisation=request.member.organisation.slug, edition_id=made.pk)


@require_GET
def edition(request: MemberRequest, edition_id: int) -> HttpResponse:
    found = queries.get_edition(request.member.organisation, edition_id)
    return render(request, "publishing/edition.html", _progress(request, found))


@require_GET
def edition_progress(request: MemberRequest, edition_id: int) -> HttpResponse:
    """The part of the page that follows the job; asks again until the job has ended, which changes more of the page."""
    found = queries.get_edition(request.member.organisation, edition_id)
    if found.is_building:
        return render(request, "publishing/edition_update.html", _progress(request, found))
    ended = render(request, "publishing/edition_progress.html", _progress(request, found))
    ended["HX-Retarget"] = "#voortgang"
    return ended


def _progress(request: MemberRequest, edition: Edition) -> dict[str, Any]:
    """What the part that follows the job shows: of an edition that came to nothing also the one that stays.

    Who sees here how it ended is not told once more elsewhere.
    """
    if not edition.is_building:
        signs.stop_waiting(request, edition)
    ended = edition.is_failed or edition.is_cancelled
    may_compile = permissions.may_compile(request.member)
    chapters = queries.chapters(edition) if edition.is_ready and may_compile else []
    return {
        "edition": edition,
        "progress": queries.progress(edition),
        "last_ready": queries.last_ready(edition) if ended else None,
        "replaced_by": queries.replacement(edition) if edition.is_ready else None,
        "may_compile": may_compile,
        "chapter_form": ChapterForm(chapters=chapters) if len(chapters) > 1 else None,
    }


@require_POST
def edition_cancel(request: MemberRequest, edition_id: int) -> HttpResponse:
    actions.cancel_edition(request.member, edition_id)
    return redirect("publishing:edition", organisation=request.member.organisation.slug, edition_id=edition_id)


@require_POST
def edition_chapter(request: MemberRequest, edition_id: int) -> HttpResponse:
    made = actions.take_chapter(request.member, edition_id, request.POST.get("number", ""))
    return _follow(request, made)


@require_GET
def edition_sign(request: MemberRequest) -> HttpResponse:
    """What ended since this person's page was shown, and whether it must ask again."""
    return render(request, "publishing/sign_update.html", {"sign": signs.look(request)})


@require_safe
def edition_file(request: MemberRequest, edition_id: int) -> HttpResponseBase:
    """The PDF, under a name that says what it is."""
    found = queries.get_edition(request.member.organisation, edition_id)
    if not found.has_file:
        raise Http404
    return download(request, found.file.open(), f"{found.file_stem}.pdf", "application/pdf", tag=found.sha256)


@require_GET
def edition_cover(request: MemberRequest, edition_id: int) -> HttpResponse:
    """A small picture of the first page."""
    found = queries.get_edition(request.member.organisation, edition_id)
    try:
        picture = cover(found)
    except NoPicture as error:
        raise Http404 from error
    return HttpResponse(picture, content_type="image/png")


@require_safe
def edition_facts(request: MemberRequest, edition_id: int) -> HttpResponseBase:
    """Every printed figure of an edition that has a PDF, as CSV and JSON in one archive."""
    found = queries.get_edition(request.member.organisation, edition_id)
    if not found.is_ready:
        raise Http404
    body = archive(found)
    tag = hashlib.sha256(body).hexdigest()
    return download(request, ContentFile(body), f"{found.file_stem}-feiten.zip", "application/zip", tag=tag)


@require_GET
def preview(request: MemberRequest, section_id: int) -> HttpResponse:
    """The section as pages of the PDF. It follows the text: its script asks again when that was saved."""
    section = reports.get_section(request.member.organisation, section_id)
    context = {
        "section": section,
        "report": section.chapter.report,
        "place": reports.place(section),
        "look": previews.look(request.member, section),
        "may_write": writing.may_write(request.member, section) and writing.is_open(section, section.chapter.report),
    }
    return render(request, "publishing/preview.html", context)


@require_GET
def preview_state(request: MemberRequest, section_id: int) -> HttpResponse:
    """What is new since the state that the page shows, which tells it (`stand`); nothing (204) when it is the same."""
    section = reports.get_section(request.member.organisation, section_id)
    look = previews.look(request.member, section)
    if look.state == request.GET.get("stand"):
        return HttpResponse(status=204)
    return render(request, "publishing/preview_update.html", {"section": section, "look": look})


@require_GET
def preview_page(request: MemberRequest, section_id: int, run: int, page: int) -> HttpResponse:
    """A picture of a page of the section's chapter, as it was last laid out."""
    section = reports.get_section(request.member.organisation, section_id)
    try:
        picture = previews.picture(section, run, page)
    except NoPicture as error:
        raise Http404 from error
    return HttpResponse(picture, content_type="image/png")


@require_http_methods(["GET", "POST"])
def check_document(request: MemberRequest) -> HttpResponse:
    """Which edition of this organisation a document is, told to whoever hands it in; nothing is stored."""
    posted = request.method == "POST"
    form = CheckForm(request.POST, request.FILES) if posted else CheckForm()
    found = queries.identify(request.member.organisation, form.sha256) if form.is_valid() else None
    status = 422 if posted and found is None else 200
    return render(request, "publishing/check.html", {"form": form, "found": found}, status=status)
