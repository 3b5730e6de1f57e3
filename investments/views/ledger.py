"""The ledger of a year: its files of postings, one file with its control totals, its periods."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import Refused
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, ledger_queries, permissions
from ..ledger_columns import heading_row
from ..ledger_filters import ImportFilter
from ..ledger_forms import ColumnsForm, PeriodForm, PostingsForm
from ..ledger_tables import ImportTable
from ..models import Ledger, LedgerImportState
from .answers import form_page


@require_GET
def start(request: MemberRequest) -> HttpResponse:
    """The newest year that there is a ledger or a table of."""
    require(permissions.may_read_ledger(request.member))
    years = ledger_queries.years(request.member.organisation)
    if not years:
        return render(request, "investments/ledger_empty.html")
    return _imports(request, ledger_queries.get_year(request.member.organisation, years[0]))


@require_GET
def imports(request: MemberRequest, year: int) -> HttpResponse:
    require(permissions.may_read_ledger(request.member))
    return _imports(request, ledger_queries.get_year(request.member.organisation, year))


def _imports(request: MemberRequest, ledger: Ledger) -> HttpResponse:
    chosen = ImportFilter(request.GET, ledger_queries.imports(ledger))
    listed = ImportTable(chosen.qs)
    context = page(request, ledger, "imports", filter=chosen, imports=listed)
    return list_page(request, "investments/ledger.html", listed, context)


def page(request: MemberRequest, ledger: Ledger, view: str, **context: object) -> dict[str, object]:
    """What each page of a year shows: its tabs and the other years."""
    return {
        "ledger": ledger,
        "view": view,
        "years": ledger_queries.years(request.member.organisation),
        "may_edit": permissions.may_edit_figures(request.member),
        **context,
    }


@require_http_methods(["GET", "POST"])
def read_file(request: MemberRequest, year: int) -> HttpResponse:
    """Hand in a file; a job checks it."""
    require(permissions.may_edit_figures(request.member))
    ledger = ledger_queries.get_year(request.member.organisation, year)
    form = PostingsForm(request.POST, request.FILES) if request.method == "POST" else PostingsForm()
    if request.method == "POST" and form.is_valid():
        made = actions.request_import(request.member, year, form.cleaned_data["file"])
        return _to_import(request, made.pk)
    return form_page(request, "investments/ledger_upload.html", page(request, ledger, "imports", form=form))


@require_GET
def one_import(request: MemberRequest, file_id: int) -> HttpResponse:
    require(permissions.may_read_ledger(request.member))
    found = ledger_queries.get_import(request.member.organisation, file_id)
    context = page(request, found.ledger, "imports", imported=found, waits=found.state == LedgerImportState.READY)
    return render(request, "investments/ledger_import.html", context)


@require_GET
def import_progress(request: MemberRequest, file_id: int) -> HttpResponse:
    """The part of the page that follows the job; asks again until the job has ended."""
    require(permissions.may_read_ledger(request.member))
    found = ledger_queries.get_import(request.member.organisation, file_id)
    context = page(request, found.ledger, "imports", imported=found, waits=found.state == LedgerImportState.READY)
    return render(request, "investments/ledger_totals.html", context)


@require_http_methods(["GET", "POST"])
def choose_columns(request: MemberRequest, file_id: int) -> HttpResponse:
    """Which column holds what, beside the first rows; the address may say which of those has the headings (`rij`)."""
    require(permissions.may_edit_figures(request.member))
    found = ledger_queries.get_import(request.member.organisation, file_id)
    asked = request.GET.get("rij", "")
    row = int(asked) - 1 if asked.isdecimal() and 0 < int(asked) <= len(found.top) else heading_row(found.top)
    headings = found.top[row] if found.top else []
    form = ColumnsForm(request.POST if request.method == "POST" else None, headings, found.chosen)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_columns(request.member, file_id, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _to_import(request, file_id)
    context = page(request, found.ledger, "imports", imported=found, form=form, headings=headings, row=row + 1)
    return form_page(request, "investments/ledger_columns.html", context)


@require_POST
def confirm_import(request: MemberRequest, file_id: int) -> HttpResponse:
    actions.confirm_import(request.member, file_id)
    return _to_import(request, file_id)


@require_POST
def withdraw_import(request: MemberRequest, file_id: int) -> HttpResponse:
    year = ledger_queries.get_import(request.member.organisation, file_id).ledger.year
    actions.withdraw_import(request.member, file_id)
    messages.success(request, "Het bestand is ingetrokken. Aan de boekingen is niets veranderd.")
    return redirect("investments:ledger", organisation=request.member.organisation.slug, year=year)


@require_http_methods(["GET", "POST"])
def periods(request: MemberRequest, year: int) -> HttpResponse:
    """Which periods hold what; the controller closes and opens them."""
    require(permissions.may_read_ledger(request.member))
    ledger = ledger_queries.get_year(request.member.organisation, year)
    if request.method == "POST":
        _close_or_open(request, year, PeriodForm(request.POST))
        return redirect("investments:ledger-periods", organisation=request.member.organisation.slug, year=year)
    context = page(request, ledger, "periods", periods=ledger_queries.period_rows(ledger))
    return render(request, "investments/ledger_periods.html", context)


def _close_or_open(request: MemberRequest, year: int, form: PeriodForm) -> None:
    require(permissions.may_edit_figures(request.member))
    if not form.is_valid():
        raise Refused("Deze periode bestaat niet.")
    period, opens = form.cleaned_data["period"], form.cleaned_data["opens"]
    (actions.open_period if opens else actions.close_period)(request.member, year, period)
    messages.success(request, f"Periode {period} is {'opengesteld' if opens else 'afgesloten'}.")


def _to_import(request: MemberRequest, file_id: int) -> HttpResponse:
    return redirect("investments:ledger-import", organisation=request.member.organisation.slug, file_id=file_id)
