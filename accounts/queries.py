"""Reads about people and organisations, always for one organisation or one person."""

from allauth.mfa.models import Authenticator
from django.db.models import Case, Exists, F, Min, OuterRef, Prefetch, QuerySet, When
from django.shortcuts import get_object_or_404
from django.utils import timezone

from .models import LogEntry, LogSeal, Membership, Organisation, Team, User


def organisations_of(user: User) -> list[Organisation]:
    """The organisations a person belongs to, by name."""
    return list(Organisation.objects.filter(memberships__user=user).distinct().order_by("name"))


def user_with_address(email: str) -> User | None:
    """The person with this e-mail address, written in capitals or not."""
    return User.objects.filter(email__iexact=email.strip()).first()


def has_second_factor(user: User) -> bool:
    found: bool = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return found


def count_second_factors(organisation: Organisation) -> int:
    """How many members have one."""
    members = Membership.objects.filter(organisation=organisation).values("user")
    found: int = Authenticator.objects.filter(user__in=members, type=Authenticator.Type.TOTP).count()
    return found


def must_have_second_factor(user: User) -> bool:
    """Whether one of the person's organisations asks for it."""
    return Organisation.objects.filter(memberships__user=user, two_factor_required=True).exists()


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
    """The members, each with `own_memberships` (roles and teams in this organisation). Three queries.

    Also `second_factor`, whether it is on; `elsewhere`, whether another organisation knows the person too; and
    `seen_here`, the last login of those for whom it can only have been a login here.
    """
    own = Membership.objects.filter(organisation=organisation).prefetch_related("teams").order_by("role")
    others = Membership.objects.filter(user=OuterRef("pk")).exclude(organisation=organisation)
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return (
        User.objects.filter(pk__in=Membership.objects.filter(organisation=organisation).values("user"))
        .annotate(second_factor=Exists(factors), elsewhere=Exists(others))
        .annotate(seen_here=Case(When(elsewhere=False, then=F("last_login"))))
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
    """Entries with who did it and their seal, if they have one yet."""
    return LogEntry.objects.filter(organisation=organisation).select_related("user", "seal")


def log_years(organisation: Organisation) -> list[int]:
    """The years in which something was done, and those between; newest first."""
    first = LogEntry.objects.filter(organisation=organisation).aggregate(first=Min("at"))["first"] or timezone.now()
    return list(range(timezone.localdate().year, timezone.localtime(first).year - 1, -1))


def last_seal(organisation: Organisation) -> LogSeal | None:
    """The seal that closes the chain so far, with its entry."""
    return LogSeal.objects.filter(chain=organisation.pk).select_related("entry").order_by("-position").first()


def count_waiting(organisation: Organisation, seal: LogSeal | None) -> int:
    """How many entries since the last one that was sealed wait for a seal."""
    return LogEntry.objects.filter(organisation=organisation, seal=None, pk__gt=seal.pk if seal else 0).count()


def people_in_log(organisation: Organisation) -> QuerySet[User]:
    """Everyone who ever did something here, also who has left."""
    entries = LogEntry.objects.filter(organisation=organisation)
    return User.objects.filter(pk__in=entries.values("user")).order_by("name")
