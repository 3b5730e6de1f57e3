"""The table as a grid: to read, to type in, and as it will be printed."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts import kept
from accounts.errors import Conflict
from accounts.permissions import require
from accounts.requests import MemberRequest
from jobs import queries as jobs

from .. import actions, permissions, queries
from ..charts import MOST_ON_SCREEN, Chart, budget_against_actual
from ..forms import RowForm
from ..grid import Typed, lay_out
from ..models import Line, Table
from ..months import MonthChart, months
from .answers import to_table


@require_GET
def table(request: MemberRequest, table_id: int) -> HttpResponse:
    found = queries.get_table(request.member.organisation, table_id)
    return _page(request, found, _kept_row(request, found))


@require_GET
def computed(request: MemberRequest, table_id: int) -> HttpResponse:
    """What a calculation changes on the page of the table; asks again until the results are fresh."""
    found = queries.get_table(request.member.organisation, table_id)
    return render(request, "investments/computed.html", _figures(request, found))


@require_POST
def save_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """Store one row: answered with the row for the grid's script, with the page or a redirect for a browser alone."""
    require(permissions.may_edit_figures(request.member))
    line = queries.get_line(request.member.organisation, line_id)
    form = RowForm(request.POST, line=line)
    conflict = None
    if form.is_valid():
        try:
            actions.save_line(request.member, line.pk, form.seen_version, form.entry(line))
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            return _saved(request, line)
    return _page(request, line.table, Typed(line, form, conflict), status=409 if conflict else 422)


def _saved(request: MemberRequest, line: Line) -> HttpResponse:
    if request.htmx:
        return _row(request, line.table, line)
    messages.success(request, f"De regel “{line}” is opgeslagen.")
    return to_table(request, line.table_id, line.pk)


def _page(request: MemberRequest, table: Table, typed: Typed | None = None, status: int = 200) -> HttpResponse:
    if typed and request.htmx:
        return _row(request, table, typed.line, typed, status)
    return render(request, "investments/table.html", _figures(request, table, typed), status=status)


def _row(
    request: MemberRequest, table: Table, line: Line, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    context = _figures(request, table, typed)
    row = next(row for row in context["grid"].all_rows if row.key == line.pk)
    return render(request, "investments/grid_row.html", {**context, "row": row}, status=status)


def _figures(request: MemberRequest, table: Table, typed: Typed | None = None) -> dict[str, Any]:
    shown = queries.table_figures(table)
    job = jobs.latest(table.organisation, actions.COMPUTE, table.pk) if shown.is_stale else None
    return {
        "table": table,
        "view": "figures",
        "shown": shown,
        "grid": lay_out(table, shown, request.member, typed),
        # Drawn where the page asks for them, which a single row does not.
        "charts": partial(_charts, table, shown),
        "months": partial(_months, table, shown),
        "job": job,
        "waiting": job is not None and job.is_active,
    }


def _months(table: Table, shown: queries.TableFigures) -> tuple[MonthChart, ...]:
    return months(table.title, table.unit, queries.months_of(table, shown.lines, shown.entered))


def _charts(table: Table, shown: queries.TableFigures) -> tuple[Chart, ...]:
    if len(shown.lines) > MOST_ON_SCREEN:
        return ()
    return budget_against_actual(table.title, table.unit, table.printed_columns, shown.entered, shown.computed)


def _kept_row(request: MemberRequest, table: Table) -> Typed | None:
    """The row that was typed in when the session expired, unless it has been stored since."""
    fields = kept.take(request)
    key = str(fields.get("line", "")) if fields else ""
    if fields is None or not key.isdecimal() or not permissions.may_edit_figures(request.member):
        return None
    line = queries.lines(table).filter(pk=key).first()
    if line is None or not line.has_amounts:
        return None
    line.table = table
    form = RowForm(fields, line=line)
    return None if form.is_as_stored() else Typed(line, form)
