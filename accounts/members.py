"""A person acting in one organisation: what every query and permission asks."""

from dataclasses import dataclass

from .models import Membership, Organisation, User
from .roles import Role


@dataclass(frozen=True)
class Member:
    """A signed-in person inside one organisation, with the roles held there and the teams led.

    `organisations` are all that the person belongs to, by name.
    """

    user: User
    organisation: Organisation
    roles: frozenset[str]
    team_ids: frozenset[int]
    address: str | None = None
    organisations: tuple[Organisation, ...] = ()

    def has(self, *roles: Role) -> bool:
        """Whether at least one of the roles is held."""
        return any(role in self.roles for role in roles)

    @property
    def is_controller(self) -> bool:
        return self.has(Role.CONTROLLER)

    @property
    def is_team_lead(self) -> bool:
        return self.has(Role.TEAM_LEAD)

    @property
    def is_director(self) -> bool:
        return self.has(Role.DIRECTOR)

    @property
    def is_administrator(self) -> bool:
        return self.has(Role.ADMINISTRATOR)

    @property
    def is_auditor(self) -> bool:
        return self.has(Role.AUDITOR)

    @property
    def role_names(self) -> list[str]:
        """The Dutch names of the roles, in the order of `Role`."""
        return [role.label for role in Role if role in self.roles]

    def leads(self, team_id: int | None) -> bool:
        """Whether this person leads the team; a section or line without a team is led by nobody."""
        return team_id is not None and team_id in self.team_ids


def member_of(user: User, organisation_slug: str, address: str | None = None) -> Member | None:
    """The person as member of the organisation, or None for a stranger. One query, two for who leads teams."""
    memberships = list(Membership.objects.filter(user=user).select_related("organisation"))
    own = [row for row in memberships if row.organisation.slug == organisation_slug]
    if not own:
        return None
    leading = [row.pk for row in own if row.role == Role.TEAM_LEAD]
    led = Membership.teams.through.objects.filter(membership__in=leading).values_list("team_id", flat=True)
    return Member(
        user=user,
        organisation=own[0].organisation,
        roles=frozenset(row.role for row in own),
        team_ids=frozenset(led if leading else ()),
        address=address,
        organisations=tuple(sorted({row.organisation for row in memberships}, key=lambda found: found.name)),
    )
