"""Reports and sections to read: the list, a report at a glance, a chapter, a section."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.lists import list_page
from accounts.requests import MemberRequest

from .. import permissions, queries
from ..explained import covered
from ..filters import ReportFilter
from ..reading import read
from ..tables import ReportTable
from ..tree import branches
from ..workflow import ReportState, progress
from .section_page import show

PER_PAGE = 25


@require_GET
def report_list(request: MemberRequest) -> HttpResponse:
    chosen = ReportFilter(request.GET, queries.reports(request.member.organisation))
    table = ReportTable(queries.with_agreements(chosen.qs))
    context = {"filter": chosen, "table": table, "may_arrange": permissions.may_arrange(request.member)}
    return list_page(request, "reports/report_list.html", table, context, per_page=PER_PAGE)


@require_GET
def report(request: MemberRequest, slug: str) -> HttpResponse:
    """The report at a glance: its tree with how each section stands."""
    found = queries.get_report(request.member.organisation, slug)
    chapters = queries.tree(found)
    sees = permissions.sees_coverage(request.member)
    placed = [(f"{item.number} {item.chapter}", row.section) for item in chapters for row in item.sections]
    context = {
        "report": found,
        "coverage": covered(queries.tables_of(found), placed) if sees else None,
        "branches": branches(chapters),
        "progress": progress(row.standing for chapter in chapters for row in chapter.sections),
        "is_open": found.state == ReportState.OPEN,
        "may_arrange": permissions.may_arrange(request.member),
    }
    return render(request, "reports/report.html", context)


@require_GET
def chapter(request: MemberRequest, chapter_id: int) -> HttpResponse:
    """A chapter with all below it, as one text."""
    found = queries.get_chapter(request.member.organisation, chapter_id)
    outline = queries.outline(found.report)
    chapters = queries.below(found.pk, outline)
    figures = queries.fill([section for item in chapters for section in item.sections])
    placed = [(f"{item.number} {item.chapter}", section) for item in chapters for section in item.sections]
    tables = {section.table.pk: section.table for _, section in placed if section.table is not None}.values()
    context = {
        "report": found.report,
        "coverage": covered(tables, placed) if permissions.sees_coverage(request.member) else None,
        "above": queries.path_to(found.pk, outline)[:-1],
        "chapters": [
            (item, [read(section, figures.get(section.table_id or 0)) for section in item.sections])
            for item in chapters
        ],
    }
    return render(request, "reports/chapter.html", context)


@require_GET
def section(request: MemberRequest, section_id: int) -> HttpResponse:
    return show(request, queries.get_section(request.member.organisation, section_id))
