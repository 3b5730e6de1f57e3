import pytest

from accounts.roles import Role
from investments import permissions
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_only_the_controller_edits_figures(role: Role) -> None:
    organisation = builders.organisation()
    member = builders.member("Robin", organisation, role, teams=(builders.team(organisation),))
    assert permissions.may_edit_figures(member) is (role == Role.CONTROLLER)


@pytest.mark.parametrize("role", list(Role))
def test_a_line_is_explained_by_the_controller_and_its_own_lead(role: Role) -> None:
    organisation = builders.organisation()
    own, other = builders.team(organisation), builders.team(organisation, "Staf")
    member = builders.member("Robin", organisation, role, teams=(own,))
    table = builders.table(organisation)
    lines = [builders.line(table, owner=owner) for owner in (own, other, None)]
    explains = [permissions.may_explain_line(member, line) for line in lines]
    assert explains == {Role.CONTROLLER: [True, True, True], Role.TEAM_LEAD: [True, False, False]}.get(
        role, [False, False, False]
    )
