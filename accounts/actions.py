"""The only place that changes organisations, teams and people."""

from collections.abc import Collection, Iterator
from functools import partial

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import Http404

from . import exports, invitations, log, notices, permissions, queries, sealing, secrecy, seen, sessions
from .errors import Refused, in_use
from .members import Member
from .models import RESERVED_SLUGS, Membership, Organisation, Team, User
from .permissions import require
from .roles import Role

TEAM_EXISTS = "Dit team bestaat al."


@transaction.atomic
def add_organisation(*, name: str, short_name: str, slug: str, email: str, person: str) -> tuple[Organisation, User]:
    """The operator's action: an organisation with its first administrator; raise Refused when the slug is taken."""
    if slug in RESERVED_SLUGS:
        raise Refused(f"Het adres “{slug}” gebruikt Duoplus zelf. Kies een ander.")
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(name=name, short_name=short_name, slug=slug)
    except IntegrityError as error:
        raise Refused(f"Er is al een organisatie met het adres “{slug}”.") from error
    user = _person(email, person)
    Membership.objects.create(user=user, organisation=organisation, role=Role.ADMINISTRATOR)
    log.record_operation(organisation, "accounts.add_organisation", organisation.name, person=user.pk)
    return organisation, user


@transaction.atomic
def add_team(member: Member, name: str) -> Team:
    """A new team; raise Refused when the name is taken."""
    require(permissions.may_administer(member))
    try:
        with transaction.atomic():
            team = Team.objects.create(organisation=member.organisation, name=name)
    except IntegrityError as error:
        raise Refused(TEAM_EXISTS) from error
    log.record(member, "accounts.add_team", team, team=team.pk)
    return team


@transaction.atomic
def rename_team(member: Member, team_id: int, name: str, *, seen_mark: str) -> None:
    """Another name; raise Refused when it is taken, Conflict when someone else renamed it first."""
    require(permissions.may_administer(member))
    team = queries.get_team(member.organisation, team_id)
    team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    seen.check(member, team, seen_mark, shown_team(team), [("naam", name)], team=team.pk)
    try:
        with transaction.atomic():
            Team.objects.filter(pk=team.pk).update(name=name)
    except IntegrityError as error:
        raise Refused(TEAM_EXISTS) from error
    log.record(member, "accounts.rename_team", name, team=team.pk, was=team.name)


@transaction.atomic
def remove_team(member: Member, team_id: int) -> None:
    """Remove a team that owns nothing; raise Refused otherwise, naming what it owns."""
    require(permissions.may_administer(member))
    team = queries.get_team(member.organisation, team_id)
    log.record(member, "accounts.remove_team", team, team=team.pk)
    try:
        team.delete()
    except ProtectedError as error:
        raise Refused(f"Dit team heeft nog {in_use(error)}. Geef dat eerst aan een ander team.") from error


@transaction.atomic
def add_person(member: Member, *, email: str, name: str, roles: Collection[str], team_ids: Collection[int]) -> User:
    """Give a person a place in the organisation; one who is new gets an account without a password yet.

    Raises Refused when the person belongs to the organisation already. The invitation is `invite`.
    """
    require(permissions.may_administer(member))
    user = _person(email, name)
    if user.memberships.filter(organisation=member.organisation).exists():
        raise Refused("Deze persoon hoort al bij uw organisatie.")
    _set_roles(member, user, roles, team_ids)
    log.record(member, "accounts.add_person", user, person=user.pk, roles=sorted(roles))
    return user


@transaction.atomic
def update_person(
    member: Member, user_id: int, *, name: str, roles: Collection[str], team_ids: Collection[int], seen_mark: str
) -> None:
    """Replace a person's roles, teams and name; the name of someone who belongs elsewhere too stays as it is.

    Raises Refused when nobody would be left to administer the organisation, Conflict when someone else was first.
    """
    require(permissions.may_administer(member))
    Organisation.objects.select_for_update(no_key=True).get(pk=member.organisation.pk)
    user = queries.get_person(member.organisation, user_id)
    if queries.belongs_elsewhere(user, member.organisation):
        name = user.name
    before = shown_person(user)
    seen.check(member, user, seen_mark, before, _shown(member, name, roles, team_ids), person=user.pk)
    was = sorted(row.role for row in memberships_of(user))
    User.objects.filter(pk=user.pk).update(name=name)
    _set_roles(member, user, roles, team_ids)
    _keep_an_administrator(member)
    log.record(member, "accounts.update_person", name, person=user.pk, roles=sorted(roles), was_roles=was)


@transaction.atomic
def remove_person(member: Member, user_id: int) -> None:
    """Take all roles away: the account stays, for what the person wrote and for other organisations.

    Raises Refused when nobody would be left to administer the organisation.
    """
    require(permissions.may_administer(member))
    Organisation.objects.select_for_update(no_key=True).get(pk=member.organisation.pk)
    user = queries.get_person(member.organisation, user_id)
    was = sorted(row.role for row in memberships_of(user))
    _set_roles(member, user, (), ())
    _keep_an_administrator(member)
    log.record(member, "accounts.remove_person", user, person=user.pk, was_roles=was)


def invite(member: Member, user_id: int, *, site: str) -> None:
    """Mail the person how to get in; `site` is "https://host". Raises Refused when the mail cannot be sent."""
    require(permissions.may_administer(member))
    user = queries.get_person(member.organisation, user_id)
    invitations.send(user, member, site)
    log.record(member, "accounts.invite", user, person=user.pk)


@transaction.atomic
def set_second_factor_required(member: Member, *, required: bool) -> None:
    """Whether everybody in the organisation must have one; who has none is asked at the next page."""
    require(permissions.may_administer(member))
    Organisation.objects.filter(pk=member.organisation.pk).update(two_factor_required=required)
    words = "tweestapsverificatie verplicht" if required else "tweestapsverificatie niet verplicht"
    log.record(member, "accounts.set_second_factor_required", words)


@transaction.atomic
def reset_second_factor(member: Member, user_id: int) -> None:
    """Turn it off for somebody who lost it, and log that person out; a mail tells so.

    Raises Refused for oneself, for somebody whom another organisation knows too, and where there is none.
    """
    require(permissions.may_administer(member))
    user = queries.get_person(member.organisation, user_id)
    if user == member.user:
        raise Refused("Dit is uw eigen tweestapsverificatie: die beheert u onder uw naam rechtsboven.")
    _refuse_when_elsewhere(user, member)
    _drop_second_factor(user, member.user)
    log.record(member, "accounts.reset_second_factor", user, person=user.pk)


@transaction.atomic
def log_out_everywhere(member: Member, user_id: int) -> None:
    """End all sessions of a member; raise Refused for somebody whom another organisation knows too."""
    require(permissions.may_administer(member))
    user = queries.get_person(member.organisation, user_id)
    _refuse_when_elsewhere(user, member)
    sessions.end_all(user)
    log.record(member, "accounts.log_out_everywhere", user, person=user.pk)


@transaction.atomic
def reset_second_factor_as_operator(user: User) -> None:
    """The same by the operator, whatever organisations the person belongs to; raise Refused where there is none."""
    _drop_second_factor(user, "Wie Duoplus beheert")
    for organisation in queries.organisations_of(user):
        log.record_operation(organisation, "accounts.reset_second_factor", user, person=user.pk)


@transaction.atomic
def renew_secrets() -> int:
    """Encrypt all second factors with the present key; how many. Raises InvalidToken when a key is missing."""
    factors = list(Authenticator.objects.select_for_update())
    for factor in factors:
        factor.data |= {name: secrecy.renewed(factor.data[name]) for name in ("secret", "seed") if name in factor.data}
        factor.save(update_fields=["data"])
    return len(factors)


def export_log(member: Member, year: int) -> Iterator[str]:
    """A year of the log as lines of CSV; that it was taken stands in the log, and so in the file of this year."""
    require(permissions.may_read_log(member))
    log.record(member, "accounts.export_log", f"Logboek {year}", year=year)
    sealing.seal_waiting()
    return exports.lines(member.organisation, year)


def export_log_as_operator(organisation: Organisation, year: int) -> Iterator[str]:
    """The same by the operator."""
    log.record_operation(organisation, "accounts.export_log", f"Logboek {year}", year=year)
    sealing.seal_waiting()
    return exports.lines(organisation, year)


def shown_team(team: Team) -> seen.Shown:
    """What the form of a team shows."""
    return [("naam", team.name)]


def shown_person(user: User) -> seen.Shown:
    """What the form of a person of `queries.people` shows."""
    roles = [row.role for row in memberships_of(user)]
    teams = [team.name for row in memberships_of(user) for team in row.teams.all()]
    return _in_words(user.name, roles, teams)


def memberships_of(user: User) -> list[Membership]:
    """The rows that `queries.people` put on the person."""
    rows: list[Membership] = user.own_memberships  # type: ignore[attr-defined]
    return rows


def _shown(member: Member, name: str, roles: Collection[str], team_ids: Collection[int]) -> seen.Shown:
    teams = queries.teams(member.organisation).filter(pk__in=team_ids).values_list("name", flat=True)
    return _in_words(name, roles, teams)


def _in_words(name: str, roles: Collection[str], teams: Collection[str]) -> seen.Shown:
    in_order = ", ".join(role.label for role in Role if role in roles)
    return [("naam", name), ("rollen", in_order), ("teams", ", ".join(sorted(teams)))]


def _person(email: str, name: str) -> User:
    """The person with this address, or a new one; a name is taken over for someone who belongs nowhere."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name)
    except IntegrityError:
        found = User.objects.get(email__iexact=email.strip())
        if not found.memberships.exists():
            found.name = name
            found.save(update_fields=["name"])
        return found


def _refuse_when_elsewhere(user: User, member: Member) -> None:
    if queries.belongs_elsewhere(user, member.organisation):
        raise Refused(f"{user} hoort ook bij een andere organisatie. Vraag wie Duoplus beheert om dit te doen.")


def _drop_second_factor(user: User, by: object) -> None:
    dropped, _ = Authenticator.objects.filter(user=user).delete()
    if not dropped:
        raise Refused(f"{user} heeft geen tweestapsverificatie aan.")
    sessions.end_all(user)
    transaction.on_commit(partial(notices.second_factor_reset, user, by), robust=True)


def _set_roles(member: Member, user: User, roles: Collection[str], team_ids: Collection[int]) -> None:
    held = Membership.objects.filter(user=user, organisation=member.organisation)
    held.exclude(role__in=roles).delete()
    teams = list(queries.teams(member.organisation).filter(pk__in=team_ids))
    if len(teams) != len(set(team_ids)):
        raise Http404
    for role in roles:
        row, _ = Membership.objects.get_or_create(user=user, organisation=member.organisation, role=role)
        row.teams.set(teams if role == Role.TEAM_LEAD else ())


def _keep_an_administrator(member: Member) -> None:
    if not queries.holders(member.organisation, role=Role.ADMINISTRATOR).exists():
        raise Refused("Er moet ten minste één functioneel beheerder overblijven.")
