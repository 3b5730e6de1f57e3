"""A list in pages: the address chooses the order and the page, the portal how many rows."""

from django.http import HttpRequest
from django_tables2 import RequestConfig, Table


def turn_pages(request: HttpRequest, table: Table, per_page: int = 25) -> None:
    """Sort the table and cut its page as the address asks; a number of rows in the address is not heard."""
    chosen = request.GET.copy()
    chosen.pop(table.prefixed_per_page_field, None)
    request.GET = chosen  # type: ignore[assignment]
    RequestConfig(request, paginate={"per_page": per_page}).configure(table)
