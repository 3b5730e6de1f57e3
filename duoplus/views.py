"""The first pages: which organisation, and what waits there for the person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts import queries as people
from accounts.models import User
from accounts.requests import MemberRequest
from investments import queries as figures
from publishing import queries as publishing
from reports import queries as reports

MOST = 8


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
        "to_write": reports.to_write(member) if member.is_team_lead else [],
        "to_explain": figures.to_explain(member),
        "to_review": reports.sections_to_review(member) if member.is_director else [],
        "unfilled": figures.unfilled_tables(organisation) if member.is_controller else [],
        "open_reports": reports.reports(organisation)[:MOST],
        "editions": publishing.editions(organisation)[:MOST],
    }
    return render(request, "duoplus/home.html", context)
