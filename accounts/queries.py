"""Reads about people and organisations, always for one organisation or one person."""

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from .models import LogEntry, Membership, Organisation, Team, User


def organisations_of(user: User) -> list[Organisation]:
    """The organisations a person belongs to, by name."""
    return list(Organisation.objects.filter(memberships__user=user).distinct().order_by("name"))


def teams(organisation: Organisation) -> QuerySet[Team]:
    return Team.objects.filter(organisation=organisation)


def teams_with_leads(organisation: Organisation) -> QuerySet[Team]:
    """The teams, each with `leads` (memberships with their person). Two queries."""
    leads = Membership.objects.select_related("user").order_by("user__name")
    return teams(organisation).prefetch_related(Prefetch("leads", queryset=leads))


def get_team(organisation: Organisation, team_id: int) -> Team:
    """The team, or 404 for one that is not this organisation's."""
    return get_object_or_404(Team, organisation=organisation, pk=team_id)


def people(organisation: Organisation) -> QuerySet[User]:
    """The members, each with `own_memberships` (roles and teams in this organisation). Three queries."""
    own = Membership.objects.filter(organisation=organisation).prefetch_related("teams").order_by("role")
    return (
        User.objects.filter(pk__in=Membership.objects.filter(organisation=organisation).values("user"))
        .prefetch_related(Prefetch("memberships", queryset=own, to_attr="own_memberships"))
        .order_by("name", "email")
    )


def get_person(organisation: Organisation, user_id: int) -> User:
    """The member with `own_memberships`, or 404 for someone who is not in this organisation."""
    return get_object_or_404(people(organisation), pk=user_id)


def holders(organisation: Organisation, *, role: str | None = None, team: Team | None = None) -> QuerySet[Membership]:
    """Memberships with the role, or that lead the team."""
    rows = Membership.objects.filter(organisation=organisation)
    if role is not None:
        rows = rows.filter(role=role)
    return rows if team is None else rows.filter(teams=team)


def belongs_elsewhere(user: User, organisation: Organisation) -> bool:
    """Whether the person is also a member of another organisation, which then shares the name."""
    return user.memberships.exclude(organisation=organisation).exists()


def log(organisation: Organisation) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(organisation=organisation).select_related("user")


def people_in_log(organisation: Organisation) -> QuerySet[User]:
    """Everyone who ever did something here, also who has left."""
    entries = LogEntry.objects.filter(organisation=organisation)
    return User.objects.filter(pk__in=entries.values("user")).order_by("name")
