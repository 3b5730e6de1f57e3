"""Tables from files: handed in, mapped, looked at, applied, undone; and tables as files."""

import io
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.confirmation import Removal, confirm
from accounts.downloads import download
from accounts.errors import Conflict, Refused
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, exporting, permissions, queries
from ..actions import Target
from ..file_forms import ApplyForm, FileForm, MappingForm
from ..filters import ImportFilter
from ..judging import Verdict
from ..models import TableImport
from ..statements import Statement
from ..tables import ImportTable
from .answers import form_page, to_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def import_list(request: MemberRequest) -> HttpResponse:
    require(permissions.may_see_imports(request.member))
    chosen = ImportFilter(request.GET, queries.table_imports(request.member.organisation))
    listed = ImportTable(chosen.qs)
    context = {"filter": chosen, "table": listed, "may_edit": permissions.may_edit_figures(request.member)}
    return list_page(request, "investments/import_list.html", listed, context)


@require_http_methods(["GET", "POST"])
def new_import(request: MemberRequest) -> HttpResponse:
    """A file for a table that is there (`?tabel=`) or for a new one."""
    require(permissions.may_edit_figures(request.member))
    organisation = request.member.organisation
    asked = request.GET.get("tabel", "")
    table = queries.get_table(organisation, int(asked)) if asked.isdecimal() else None
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FileForm(data, files, organisation=organisation, table=table)
    if request.method == "POST" and form.is_valid():
        try:
            unit = form.cleaned_data["unit"] or None
            row, guessed = actions.hand_in(request.member, _target(form), form.upload, unit=unit)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            for doubt in guessed.doubts:
                messages.warning(request, doubt)
            return redirect("investments:import-map", organisation.slug, row.pk)
    return form_page(request, "investments/import_new.html", {"form": form})


def _target(form: FileForm) -> Target:
    table = form.cleaned_data["table"]
    return Target.of(table) if table else Target(None, form.cleaned_data["title"], form.cleaned_data["year"])


@require_http_methods(["GET", "POST"])
def map_import(request: MemberRequest, import_id: int) -> HttpResponse:
    """Which columns and lines of the file become what."""
    require(permissions.may_edit_figures(request.member))
    row = queries.get_import(request.member.organisation, import_id)
    context: dict[str, Any] = {"row": row, "conflict": None}
    try:
        form = MappingForm(request.POST if request.method == "POST" else None, row, actions.sheets_of(row))
    except Refused as refusal:
        return render(request, "investments/import_map.html", {**context, "refusal": str(refusal)}, status=409)
    if request.method == "POST" and form.is_valid():
        try:
            return _mapped(request, row, form)
        except Refused as refusal:
            context["refusal"] = str(refusal)
        except Conflict as error:
            context["conflict"] = error
            form.go_on_from(error)
    return form_page(request, "investments/import_map.html", {**context, "form": form}, context["conflict"])


def _mapped(request: MemberRequest, row: TableImport, form: MappingForm) -> HttpResponse:
    """Store the mapping, or a new first one for a table that stands elsewhere in the file."""
    chosen, typed = form.chosen, form.cleaned_data
    if form.is_elsewhere:
        target, content = Target(row.table, row.title, row.year), actions.content_of(row)
        guessed = actions.guess_at(target, content, typed["sheet"], typed["first"], typed["last"], typed["unit"])
        chosen = guessed.mapping
        for doubt in guessed.doubts:
            messages.warning(request, doubt)
    actions.map_file(request.member, row.pk, form.seen_version, chosen)
    page = "investments:import-map" if form.is_elsewhere else "investments:import"
    return redirect(page, request.member.organisation.slug, row.pk)


@require_GET
def table_import(request: MemberRequest, import_id: int) -> HttpResponse:
    """The table as it will be, with every cell that is refused; of what was applied, only what it was."""
    require(permissions.may_see_imports(request.member))
    return _import_page(request, queries.get_import(request.member.organisation, import_id))


def _import_page(request: MemberRequest, row: TableImport, refusal: str = "") -> HttpResponse:
    shown = None
    status = 409 if refusal else 200
    if row.is_draft:
        try:
            shown = actions.preview(row)
        except Refused as refused:
            refusal = refusal or str(refused)
    form = ApplyForm(initial={"version": row.version, "seen": shown.seen if shown else ""})
    context = {
        "row": row,
        "shown": shown,
        "form": form,
        "refusal": refusal,
        **(_sums(shown.outcome.statement) if shown and shown.outcome.statement else {}),
        "may_edit": permissions.may_edit_figures(request.member),
    }
    return render(request, "investments/import.html", context, status=status)


def _sums(statement: Statement) -> dict[str, Any]:
    """How many sums of the table are exact, rounded or broken, and which are not exact."""
    lines = {row.key: row.label for row in statement.rows}
    columns = {column.key: column.label for column in statement.columns}
    found = statement.judgements
    return {
        "sums": [(verdict.label, sum(item.verdict == verdict for item in found)) for verdict in Verdict],
        "inexact": [
            (lines.get(item.line, ""), columns[item.column], item) for item in found if item.verdict != Verdict.EXACT
        ],
    }


@require_POST
def apply_import(request: MemberRequest, import_id: int) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    row = queries.get_import(request.member.organisation, import_id)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _import_page(request, row, "Bekijk het voorbeeld opnieuw; er is niets ingevoerd.")
    try:
        made = actions.apply_import(request.member, row.pk, form.cleaned_data["version"], form.cleaned_data["seen"])
    except Refused as refusal:
        return _import_page(request, queries.get_import(request.member.organisation, import_id), str(refusal))
    except Conflict:
        changed = "Een collega heeft de koppeling gewijzigd. Bekijk het voorbeeld opnieuw; er is niets ingevoerd."
        return _import_page(request, queries.get_import(request.member.organisation, import_id), changed)
    messages.success(request, f"“{row.name}” is ingevoerd. Bij “Uit bestanden” kunt u dat ongedaan maken.")
    return to_table(request, made.pk)


@require_http_methods(["GET", "POST"])
def undo_import(request: MemberRequest, import_id: int) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    row = queries.get_import(request.member.organisation, import_id)
    removal = Removal(
        question=f"Invoer uit “{row.name}” ongedaan maken?",
        consequence="De tabel wordt weer wat zij voor deze invoer was. Een tabel die deze invoer maakte, verdwijnt.",
        button="Ongedaan maken",
        done=f"De invoer uit “{row.name}” is ongedaan gemaakt.",
        back=reverse("investments:import", args=[request.member.organisation.slug, row.pk]),
        after=reverse("investments:import-list", args=[request.member.organisation.slug]),
        stays="" if row.is_applied else "Deze invoer is niet toegepast, of al ongedaan gemaakt.",
    )
    return confirm(request, removal, partial(actions.undo_import, request.member, row.pk))


@require_safe
def import_file(request: MemberRequest, import_id: int) -> HttpResponseBase:
    """The file as it was handed in; a download, never shown inside the portal's own pages."""
    require(permissions.may_see_imports(request.member))
    row = queries.get_import(request.member.organisation, import_id)
    return download(request, queries.opened_import(row), row.name, "application/octet-stream", tag=row.sha256)


@require_GET
def table_xlsx(request: MemberRequest, table_id: int) -> FileResponse:
    """The table as it prints, for Excel."""
    table = queries.get_table(request.member.organisation, table_id)
    content = exporting.as_xlsx(queries.fresh_statement(table), table.print_style)
    return _download(content, XLSX, f"{slugify(str(table)) or 'tabel'}.xlsx")


@require_GET
def table_csv(request: MemberRequest, table_id: int) -> FileResponse:
    """The table as it prints, as Dutch CSV."""
    table = queries.get_table(request.member.organisation, table_id)
    content = exporting.as_csv(queries.fresh_statement(table)).encode()
    return _download(content, "text/csv; charset=utf-8", f"{slugify(str(table)) or 'tabel'}.csv")


def _download(content: bytes, kind: str, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=kind)
