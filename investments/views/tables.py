"""Tables: the list, a new one, settings, history."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import Conflict, Refused
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, permissions, queries
from ..actions import TableExtras
from ..filters import ChangeFilter, TableFilter
from ..forms import TableForm
from ..shaping import StyleForm, column_rows
from ..tables import ChangeTable, TableTable
from .answers import form_page, to_table, typed


@require_GET
def table_list(request: MemberRequest) -> HttpResponse:
    chosen = TableFilter(request.GET, queries.tables(request.member.organisation))
    listed = TableTable(chosen.qs)
    context = {
        "filter": chosen,
        "table": listed,
        "may_edit": permissions.may_edit_figures(request.member),
        "may_see_imports": permissions.may_see_imports(request.member),
    }
    return list_page(request, "investments/table_list.html", listed, context, prepare=queries.judge)


@require_http_methods(["GET", "POST"])
def new_table(request: MemberRequest) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    form = TableForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_table(request.member, **form.entry)
        except Refused as refusal:
            form.add_error("title", str(refusal))
        else:
            messages.success(request, f"De tabel “{made}” is gemaakt. Voeg nu regels toe.")
            return to_table(request, made.pk)
    return form_page(request, "investments/table_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def edit_table(request: MemberRequest, table_id: int) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    found = queries.get_table(request.member.organisation, table_id)
    form = TableForm(typed(request), table=found)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_table(request.member, found.pk, form.seen_version, **form.entry)
        except Refused as refusal:
            form.add_error("title", str(refusal))
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, "De instellingen van de tabel zijn opgeslagen.")
            return to_table(request, found.pk)
    return form_page(request, "investments/table_form.html", {"form": form, "table": found}, conflict)


@require_http_methods(["GET", "POST"])
def shape_table(request: MemberRequest, table_id: int) -> HttpResponse:
    """Columns and print style."""
    require(permissions.may_edit_figures(request.member))
    found = queries.get_table(request.member.organisation, table_id)
    data = typed(request)
    form, rows = StyleForm(data, found), column_rows(data, found)
    conflict, refused = None, ""
    if request.method == "POST" and all([form.is_valid(), rows.is_valid()]):
        try:
            extras = TableExtras(rows.carried(found), form.cleaned_data["prints_months"])
            actions.shape_table(request.member, found.pk, form.seen_version, rows.columns(), form.style(found), extras)
        except Refused as refusal:
            refused = str(refusal)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, "De kolommen en de opmaak van de tabel zijn opgeslagen.")
            return to_table(request, found.pk)
    context = {"form": form, "rows": rows, "table": found, "refusal": refused}
    return form_page(request, "investments/table_shape.html", context, conflict)


@require_POST
def recompute(request: MemberRequest, table_id: int) -> HttpResponse:
    """Once more, after a calculation that failed."""
    actions.recompute(request.member, table_id)
    return to_table(request, table_id)


@require_GET
def history(request: MemberRequest, table_id: int) -> HttpResponse:
    found = queries.get_table(request.member.organisation, table_id)
    chosen = ChangeFilter(request.GET, queries.changes(found))
    listed = ChangeTable(chosen.qs)
    context = {"table": found, "view": "history", "filter": chosen, "changes": listed}
    return list_page(request, "investments/history.html", listed, context)
