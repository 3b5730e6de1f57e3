"""What the pages with a form have in common."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import kept
from accounts.errors import Conflict
from accounts.requests import MemberRequest

from .. import queries


def typed(request: MemberRequest) -> QueryDict | None:
    """What was posted, or what had been typed in this form when the session expired."""
    return request.POST if request.method == "POST" else kept.take(request)


def chosen_year(request: MemberRequest) -> int:
    """The fiscal year in the address (`jaar`), else the newest that the organisation has tables of, else last year."""
    asked, years = request.GET.get("jaar", ""), queries.years(request.member.organisation)
    if asked.isdecimal() and int(asked) in years:
        return int(asked)
    return years[0] if years else timezone.localdate().year - 1


def form_page(
    request: MemberRequest, template: str, context: dict[str, Any], conflict: Conflict | None = None
) -> HttpResponse:
    """The page of a form: 200 to fill in, 422 with what was typed, 409 with what somebody else saved meanwhile."""
    status = 409 if conflict else 422 if request.method == "POST" else 200
    return render(request, template, {**context, "conflict": conflict}, status=status)


def to_table(request: MemberRequest, table_id: int, line_id: int | None = None) -> HttpResponse:
    """Back to the table, at the row of the line."""
    address = reverse("investments:table", args=[request.member.organisation.slug, table_id])
    return redirect(f"{address}#rij-{line_id}" if line_id else address)
