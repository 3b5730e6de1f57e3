"""A list in pages, or all of it as a file: the address chooses the order, the page or the file, the portal the rest."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import slugify
from django_tables2 import RequestConfig, Table
from django_tables2.columns import BoundColumn, DateTimeColumn
from django_tables2.rows import BoundRow

from .errors import Refused
from .requests import MemberRequest
from .sheets import CSV, TYPES, Value, csv_file, xlsx_file

EXPORT = "export"
MOST_EXPORTED = 5_000
"""Rows of a list that are written while its reader waits."""


def list_page(
    request: MemberRequest,
    template: str,
    table: Table,
    context: dict[str, Any],
    *,
    per_page: int = 25,
    prepare: Callable[[Collection[Any]], None] | None = None,
) -> HttpResponse:
    """The page of a list, or with `export` in the address (csv, xlsx) all of what is filtered, in its order.

    `prepare` gets the records that are about to be shown. Raises Refused for a list that is too long to export.
    """
    kind = request.GET.get(EXPORT, "")
    if kind in TYPES:
        # Columns with a template ask of their page what they show.
        table.context = RequestContext(request, context)
        return _file(request, kind, table, prepare)
    turn_pages(request, table, per_page)
    if prepare:
        prepare([row.record for row in table.paginated_rows])
    table.exports = True
    return render(request, template, context)


def turn_pages(request: HttpRequest, table: Table, per_page: int = 25) -> None:
    """Sort the table and cut its page as the address asks; a number of rows in the address is not heard."""
    chosen = request.GET.copy()
    chosen.pop(table.prefixed_per_page_field, None)
    request.GET = chosen  # type: ignore[assignment]
    RequestConfig(request, paginate={"per_page": per_page}).configure(table)


def _file(
    request: MemberRequest, kind: str, table: Table, prepare: Callable[[Collection[Any]], None] | None
) -> HttpResponse:
    RequestConfig(request, paginate=False).configure(table)
    if len(table.rows) > MOST_EXPORTED:
        raise Refused(
            f"Deze lijst is te lang om te downloaden. Kies met het filter ten hoogste {MOST_EXPORTED} regels."
        )
    if prepare:
        prepare([row.record for row in table.rows])
    columns = [column for column in table.columns if not column.column.exclude_from_export]
    headers = [str(column.header) for column in columns]
    rows = [[_value(row, column) for column in columns] for row in table.rows]
    name = str(table.attrs.get("label", "Lijst"))
    body = csv_file(headers, rows) if kind == CSV else xlsx_file(name, headers, rows)
    today = timezone.localdate()
    file_name = f"{request.member.organisation.slug}-{slugify(name)}-{today:%Y-%m-%d}.{kind}"
    return HttpResponse(
        body,
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def _value(row: BoundRow, column: BoundColumn) -> Value:
    """What a cell holds: numbers and moments as such, anything else as the words that the page shows."""
    if isinstance(column.column, DateTimeColumn):
        moment = column.accessor.resolve(row.record)
        return moment if isinstance(moment, datetime) else None
    value = row.get_cell_value(column.name)
    if value is None or (isinstance(value, Value) and not isinstance(value, str | bool)):
        return value
    return " ".join(strip_tags(str(value)).split())
