"""Screens with which the administrator sets up a report and its tree."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import kept
from accounts import queries as people
from accounts.confirmation import Removal, confirm
from accounts.errors import Refused
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, permissions, queries
from ..forms.arranging import ChapterForm, ReportForm, SectionForm, SectionPlaceForm
from ..models import Chapter, ReportKind
from ..tree import DEEPEST, branches
from ..workflow import ReportState

form_page = require_http_methods(["GET", "POST"])
STEPS = {"up": -1, "down": 1}


@form_page
def report_new(request: MemberRequest) -> HttpResponse:
    require(permissions.may_arrange(request.member))
    initial = {"kind": ReportKind.ANNUAL, "year": timezone.localdate().year - 1}
    form = ReportForm(request.POST or kept.take(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            report = actions.create_report(request.member, **form.cleaned_data)
        except Refused as refused:
            form.add_error("slug", str(refused))
        else:
            messages.success(request, f"“{report}” staat klaar. Voeg hoofdstukken en onderdelen toe.")
            return redirect("reports:arrange", organisation=request.member.organisation.slug, slug=report.slug)
    return _page(request, "reports/arranging/report_form.html", {"form": form})


@require_GET
def arrange(request: MemberRequest, slug: str) -> HttpResponse:
    """The tree with a button for every change."""
    require(permissions.may_arrange(request.member))
    report = queries.get_report(request.member.organisation, slug)
    context = {
        "report": report,
        "branches": branches(queries.outline(report)),
        "is_open": report.state == ReportState.OPEN,
        "deepest": DEEPEST,
    }
    return render(request, "reports/arranging/arrange.html", context)


@form_page
def chapter_new(request: MemberRequest, slug: str) -> HttpResponse:
    require(permissions.may_arrange(request.member))
    report = queries.get_report(request.member.organisation, slug)
    parents = [row for row in queries.outline(report) if row.level < DEEPEST]
    initial = {"parent": request.GET.get("onder")}
    form = ChapterForm(request.POST or kept.take(request), parents=parents, initial=initial)
    if request.method == "POST" and form.is_valid():
        entry = form.cleaned_data
        try:
            made = actions.add_chapter(request.member, slug, entry["parent"], title=entry["title"], kind=entry["kind"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _back_to_tree(request, slug, f"hoofdstuk-{made.pk}")
    return _page(request, "reports/arranging/chapter_form.html", {"form": form, "report": report})


@form_page
def chapter_edit(request: MemberRequest, chapter_id: int) -> HttpResponse:
    require(permissions.may_arrange(request.member))
    chapter = queries.get_chapter(request.member.organisation, chapter_id)
    form = ChapterForm.of(request.POST or kept.take(request), chapter, queries.outline(chapter.report))
    if request.method == "POST" and form.is_valid():
        entry = form.cleaned_data
        new = {"title": entry["title"], "kind": entry["kind"], "parent_id": entry["parent"]}
        try:
            actions.update_chapter(request.member, chapter_id, **new, seen_mark=entry["seen"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _back_to_tree(request, chapter.report.slug, f"hoofdstuk-{chapter_id}")
    context = {"form": form, "report": chapter.report, "chapter": chapter}
    return _page(request, "reports/arranging/chapter_form.html", context)


@require_POST
def chapter_move(request: MemberRequest, chapter_id: int) -> HttpResponse:
    """One place up or down among its siblings, by the button that was pressed."""
    chapter = actions.step_chapter(request.member, chapter_id, STEPS.get(request.POST.get("to", ""), 0))
    return _back_to_tree(request, chapter.report.slug, f"hoofdstuk-{chapter_id}")


@form_page
def chapter_remove(request: MemberRequest, chapter_id: int) -> HttpResponse:
    require(permissions.may_arrange(request.member))
    chapter = queries.get_chapter(request.member.organisation, chapter_id)
    removal = Removal(
        question=f"Hoofdstuk “{chapter}” verwijderen?",
        consequence="Het hoofdstuk verdwijnt uit het rapport; de nummers erna schuiven op.",
        button="Hoofdstuk verwijderen",
        done=f"Hoofdstuk “{chapter}” is verwijderd.",
        back=reverse("reports:chapter-edit", args=[request.member.organisation.slug, chapter_id]),
        after=_tree_address(request, chapter),
        stays=actions.why_chapter_stays(chapter),
    )
    return confirm(request, removal, partial(actions.remove_chapter, request.member, chapter_id))


@form_page
def section_new(request: MemberRequest, chapter_id: int) -> HttpResponse:
    require(permissions.may_arrange(request.member))
    chapter = queries.get_chapter(request.member.organisation, chapter_id)
    form = SectionForm(request.POST or kept.take(request), organisation=request.member.organisation)
    if request.method == "POST" and form.is_valid():
        entry = form.cleaned_data
        new = {"title": entry["title"], "kind": entry["kind"], "owner_team_id": entry["team"].pk}
        try:
            table_id = entry["table"].pk if entry["table"] else None
            made = actions.add_section(request.member, chapter_id, **new, table_id=table_id)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _back_to_tree(request, chapter.report.slug, f"onderdeel-{made.pk}")
    has_teams = people.teams(request.member.organisation).exists()
    context = {"form": form, "report": chapter.report, "chapter": chapter, "has_teams": has_teams}
    return _page(request, "reports/arranging/section_form.html", context)


@form_page
def section_arrange(request: MemberRequest, section_id: int) -> HttpResponse:
    require(permissions.may_arrange(request.member))
    section = queries.get_section(request.member.organisation, section_id)
    report = section.chapter.report
    form = SectionPlaceForm(request.POST or kept.take(request), section=section, outline=queries.outline(report))
    if request.method == "POST" and form.is_valid():
        entry = form.cleaned_data
        new = {"title": entry["title"], "owner_team_id": entry["team"].pk, "chapter_id": entry["chapter"]}
        try:
            actions.update_section(request.member, section_id, **new, seen_mark=entry["seen"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _back_to_tree(request, report.slug, f"onderdeel-{section_id}")
    context = {"form": form, "report": report, "section": section}
    return _page(request, "reports/arranging/section_form.html", context)


@require_POST
def section_move(request: MemberRequest, section_id: int) -> HttpResponse:
    """One place up or down in its chapter, by the button that was pressed."""
    section = actions.step_section(request.member, section_id, STEPS.get(request.POST.get("to", ""), 0))
    return _back_to_tree(request, section.chapter.report.slug, f"onderdeel-{section_id}")


@form_page
def section_remove(request: MemberRequest, section_id: int) -> HttpResponse:
    require(permissions.may_arrange(request.member))
    section = queries.get_section(request.member.organisation, section_id)
    removal = Removal(
        question=f"Onderdeel “{section}” verwijderen?",
        consequence="Er is nog niets in geschreven.",
        button="Onderdeel verwijderen",
        done=f"Onderdeel “{section}” is verwijderd.",
        back=reverse("reports:section-arrange", args=[request.member.organisation.slug, section_id]),
        after=_tree_address(request, section.chapter),
        stays=actions.why_section_stays(section),
    )
    return confirm(request, removal, partial(actions.remove_section, request.member, section_id))


def _page(request: MemberRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A form as first shown, or (422) with what must be put right."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _tree_address(request: MemberRequest, chapter: Chapter) -> str:
    return reverse("reports:arrange", args=[request.member.organisation.slug, chapter.report.slug])


def _back_to_tree(request: MemberRequest, slug: str, row: str) -> HttpResponse:
    """The tree at the row that changed, which the stylesheet marks as :target."""
    address = reverse("reports:arrange", args=[request.member.organisation.slug, slug])
    return redirect(f"{address}#{row}")
