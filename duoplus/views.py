"""The first pages: which organisation, and what waits there for the person."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts import queries as people
from accounts.models import User
from accounts.requests import MemberRequest
from investments import explaining
from investments import queries as figures
from publishing import queries as publishing
from reports import queries as reports

MOST = 8
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Waiting(Generic[Row]):
    """The first of what waits, and how many more there are."""

    rows: list[Row]
    more: int = 0


def first(rows: "QuerySet[Row]") -> Waiting[Row]:
    """At most MOST of the rows. One query, and a second one when there are more."""
    found = list(rows[: MOST + 1])
    return Waiting(found[:MOST], rows.count() - MOST if len(found) > MOST else 0)


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """To the organisation's home, or a choice between organisations; someone without any is told so."""
    assert isinstance(request.user, User)  # noqa: S101  LoginRequiredMiddleware
    organisations = people.organisations_of(request.user)
    if len(organisations) == 1:
        return redirect("home", organisation=organisations[0].slug)
    return render(request, "duoplus/choose_organisation.html", {"choices": organisations})


@require_GET
def home(request: MemberRequest) -> HttpResponse:
    """ "Mijn taken": what waits for this person, by role, and what the organisation has."""
    member = request.member
    organisation = member.organisation
    context = {
        "to_write": first(reports.to_write(member)) if member.is_team_lead else Waiting([]),
        "to_explain": first(explaining.to_explain(member)),
        "to_review": first(reports.sections_to_review(member)) if member.is_director else Waiting([]),
        "unfilled": first(figures.unfilled_tables(organisation)) if member.is_controller else Waiting([]),
        "open_reports": reports.with_agreements(reports.reports(organisation)[:MOST]),
        "editions": publishing.editions(organisation)[:MOST],
    }
    return render(request, "duoplus/home.html", context)
