"""Pages about people, teams and the log."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import actions, kept, permissions, queries
from .confirmation import Removal, confirm
from .errors import Refused
from .filters import LogFilter, PersonFilter
from .forms import PersonForm, RolesForm, SecurityForm, TeamForm, YearForm
from .lists import list_page
from .middleware import turned_away
from .permissions import require
from .requests import MemberRequest
from .tables import LogTable, PersonTable, TeamTable

form_page = require_http_methods(["GET", "POST"])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or sent from another site.

    What a page of ours sent is kept, as after an expired session: the browser vouches for the page with Origin.
    """
    match = request.resolver_match
    ours = request.META.get("HTTP_ORIGIN") == f"{request.scheme}://{request.get_host()}"
    if ours and match is not None and "organisation" in match.kwargs:
        if not request.user.is_authenticated:
            return turned_away(request, settings.LOGIN_URL, author=kept.only_person(request))
        kept.keep(request, kept.only_person(request))
        return redirect(kept.form_address(request))
    return render(request, "403_csrf.html", {"address": kept.form_address(request) if ours else "/"}, status=403)


@require_GET
def team_list(request: MemberRequest) -> HttpResponse:
    require(permissions.may_read_people(request.member))
    table = TeamTable(queries.teams_with_leads(request.member.organisation))
    context = {"table": table, "may_edit": permissions.may_administer(request.member)}
    return list_page(request, "accounts/team_list.html", table, context, per_page=50)


@form_page
def team_new(request: MemberRequest) -> HttpResponse:
    require(permissions.may_administer(request.member))
    form = TeamForm(request.POST or kept.take(request))
    if request.method == "POST" and form.is_valid():
        try:
            team = actions.add_team(request.member, form.cleaned_data["name"])
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"Team “{team}” is toegevoegd.")
            return redirect("accounts:team-list", organisation=request.member.organisation.slug)
    return _page(request, "accounts/team_form.html", {"form": form})


@form_page
def team_edit(request: MemberRequest, team_id: int) -> HttpResponse:
    require(permissions.may_administer(request.member))
    team = queries.get_team(request.member.organisation, team_id)
    form = TeamForm.of(request.POST or kept.take(request), team)
    if request.method == "POST" and form.is_valid():
        entry = form.cleaned_data
        try:
            actions.rename_team(request.member, team_id, entry["name"], seen_mark=entry["seen"])
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"Het team heet nu “{entry['name']}”.")
            return redirect("accounts:team-list", organisation=request.member.organisation.slug)
    return _page(request, "accounts/team_form.html", {"form": form, "team": team})


@form_page
def team_remove(request: MemberRequest, team_id: int) -> HttpResponse:
    require(permissions.may_administer(request.member))
    team = queries.get_team(request.member.organisation, team_id)
    removal = Removal(
        question=f"Team “{team}” verwijderen?",
        consequence="Het team verdwijnt ook bij de mensen die het leiden. Hun account blijft.",
        button="Team verwijderen",
        done=f"Team “{team}” is verwijderd.",
        back=reverse("accounts:team-edit", args=[request.member.organisation.slug, team_id]),
        after=reverse("accounts:team-list", args=[request.member.organisation.slug]),
    )
    return confirm(request, removal, partial(actions.remove_team, request.member, team_id))


@require_GET
def person_list(request: MemberRequest) -> HttpResponse:
    require(permissions.may_read_people(request.member))
    chosen = PersonFilter(request.GET, queries.people(request.member.organisation), request=request)
    table = PersonTable(chosen.qs)
    context = {"filter": chosen, "table": table, "may_edit": permissions.may_administer(request.member)}
    return list_page(request, "accounts/person_list.html", table, context)


@form_page
def person_new(request: MemberRequest) -> HttpResponse:
    require(permissions.may_administer(request.member))
    form = PersonForm(request.POST or kept.take(request), organisation=request.member.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.add_person(request.member, **form.entry)
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            typed = form.cleaned_data["name"]
            known = "" if user.name == typed else f" onder de naam {user}, waaronder dit adres al bekend was"
            _invite(request, user.pk, f"{typed} is toegevoegd{known}")
            return redirect("accounts:person-list", organisation=request.member.organisation.slug)
    return _page(request, "accounts/person_form.html", {"form": form})


@form_page
def person_edit(request: MemberRequest, user_id: int) -> HttpResponse:
    require(permissions.may_administer(request.member))
    person = queries.get_person(request.member.organisation, user_id)
    form = RolesForm.of(request.POST or kept.take(request), person, request.member.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_person(request.member, user_id, **form.entry, seen_mark=form.cleaned_data["seen"])
        except Refused as refused:
            form.add_error("roles", str(refused))
        else:
            messages.success(request, f"De gegevens van {form.cleaned_data['name']} zijn opgeslagen.")
            return redirect(_after_change(request, user_id))
    return _page(request, "accounts/person_form.html", {"form": form, "person": person})


@form_page
def person_remove(request: MemberRequest, user_id: int) -> HttpResponse:
    require(permissions.may_administer(request.member))
    person = queries.get_person(request.member.organisation, user_id)
    removal = Removal(
        question=f"{person} uit {request.member.organisation} verwijderen?",
        consequence=f"{person} kan dan niet meer bij deze organisatie. Wat is geschreven en vastgelegd, blijft staan.",
        button="Verwijderen",
        done=f"{person} hoort niet meer bij {request.member.organisation}.",
        back=reverse("accounts:person-edit", args=[request.member.organisation.slug, user_id]),
        after=_after_change(request, user_id),
    )
    return confirm(request, removal, partial(actions.remove_person, request.member, user_id))


@require_POST
def person_invite(request: MemberRequest, user_id: int) -> HttpResponse:
    """Send the invitation again."""
    require(permissions.may_administer(request.member))
    person = queries.get_person(request.member.organisation, user_id)
    _invite(request, user_id, str(person))
    return redirect("accounts:person-edit", organisation=request.member.organisation.slug, user_id=user_id)


@form_page
def person_second_factor(request: MemberRequest, user_id: int) -> HttpResponse:
    """Help somebody who lost telephone and recovery codes."""
    require(permissions.may_administer(request.member))
    person = queries.get_person(request.member.organisation, user_id)
    page = reverse("accounts:person-edit", args=[request.member.organisation.slug, user_id])
    removal = Removal(
        question=f"Tweestapsverificatie van {person} uitzetten?",
        consequence="Doe dit alleen als u zeker weet dat de vraag van deze persoon zelf komt. De persoon wordt overal"
        " uitgelogd, komt dan met alleen het wachtwoord binnen, en krijgt hierover een mail.",
        button="Uitzetten",
        done=f"Tweestapsverificatie van {person} staat uit.",
        back=page,
        after=page,
    )
    return confirm(request, removal, partial(actions.reset_second_factor, request.member, user_id))


@require_POST
def person_log_out(request: MemberRequest, user_id: int) -> HttpResponse:
    """For a computer that was left behind, or somebody who has gone."""
    actions.log_out_everywhere(request.member, user_id)
    messages.success(request, "Deze persoon is overal uitgelogd.")
    return redirect("accounts:person-edit", organisation=request.member.organisation.slug, user_id=user_id)


@form_page
def security(request: MemberRequest) -> HttpResponse:
    """What the organisation asks of its people, and how many meet it already."""
    require(permissions.may_administer(request.member))
    organisation = request.member.organisation
    # A box that is not ticked is not sent: nothing at all may be what was chosen.
    typed = request.POST if request.method == "POST" else kept.take(request)
    form = SecurityForm(typed, initial={"required": organisation.two_factor_required})
    if request.method == "POST" and form.is_valid():
        actions.set_second_factor_required(request.member, required=form.cleaned_data["required"])
        messages.success(request, "De beveiliging is opgeslagen.")
        return redirect("accounts:person-list", organisation=organisation.slug)
    people, protected = queries.people(organisation).count(), queries.count_second_factors(organisation)
    context = {"form": form, "people": people, "protected": protected}
    return _page(request, "accounts/security.html", context)


@require_GET
def log(request: MemberRequest) -> HttpResponse:
    require(permissions.may_read_log(request.member))
    organisation = request.member.organisation
    chosen = LogFilter(request.GET, queries.log(organisation), request=request)
    table = LogTable(chosen.qs)
    seal = queries.last_seal(organisation)
    sealed = {"seal": seal, "waiting": queries.count_waiting(organisation, seal)}
    years = YearForm(organisation=organisation)
    context = {"filter": chosen, "table": table, "years": years, **sealed}
    return list_page(request, "accounts/log.html", table, context, per_page=50)


@require_POST
def log_export(request: MemberRequest) -> HttpResponseBase:
    """A year of the log as a file; 404 for a year that is not offered."""
    require(permissions.may_read_log(request.member))
    organisation = request.member.organisation
    form = YearForm(request.POST, organisation=organisation)
    if not form.is_valid():
        raise Http404
    year = form.cleaned_data["year"]
    answer = StreamingHttpResponse(actions.export_log(request.member, year), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="logboek-{organisation.slug}-{year}.csv"'
    return answer


def _page(request: MemberRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A form as first shown, or (422) with what must be put right."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _invite(request: MemberRequest, user_id: int, what: str) -> None:
    """Send the invitation and say how that went; a mail that fails undoes nothing."""
    site = request.build_absolute_uri("/").rstrip("/")
    try:
        actions.invite(request.member, user_id, site=site)
    except Refused as refused:
        messages.warning(request, f"{what}. {refused}")
    else:
        messages.success(request, f"{what}. De uitnodiging is per mail verstuurd.")


def _after_change(request: MemberRequest, user_id: int) -> str:
    """The list; for one's own roles the start, since one may have given up the list."""
    if user_id == request.user.pk:
        return reverse("start")
    return reverse("accounts:person-list", args=[request.member.organisation.slug])
