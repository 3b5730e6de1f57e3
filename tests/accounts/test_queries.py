import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from accounts import actions, log, queries
from accounts.models import Membership, Organisation
from accounts.roles import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def waterrand() -> Organisation:
    return builders.organisation("Waterrand", "waterrand")


def test_people_carry_the_roles_of_this_organisation_only(
    duoplus: Organisation, waterrand: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team = builders.team(duoplus)
    joost = builders.person("Joost", duoplus, Role.TEAM_LEAD, Role.CONTROLLER, teams=(team,))
    Membership.objects.create(user=joost, organisation=waterrand, role=Role.AUDITOR)
    builders.person("Anna", duoplus, Role.DIRECTOR)
    builders.person("Ida", waterrand, Role.DIRECTOR)
    with django_assert_num_queries(3):
        found = [
            (user.name, [(row.role, [team.name for team in row.teams.all()]) for row in actions.memberships_of(user)])
            for user in queries.people(duoplus)
        ]
    assert found == [
        ("Anna", [("director", [])]),
        ("Joost", [("controller", []), ("team_lead", ["Financiën"])]),
    ]


def test_a_person_of_another_organisation_is_not_found(duoplus: Organisation, waterrand: Organisation) -> None:
    ida = builders.person("Ida", waterrand, Role.DIRECTOR)
    assert queries.get_person(waterrand, ida.pk) == ida
    with pytest.raises(Http404):
        queries.get_person(duoplus, ida.pk)


def test_a_team_of_another_organisation_is_not_found(duoplus: Organisation, waterrand: Organisation) -> None:
    team = builders.team(waterrand)
    assert queries.get_team(waterrand, team.pk) == team
    with pytest.raises(Http404):
        queries.get_team(duoplus, team.pk)


def test_teams_come_with_their_leads(duoplus: Organisation, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    finance, staff = builders.team(duoplus), builders.team(duoplus, "Staf")
    builders.person("Joost", duoplus, Role.TEAM_LEAD, teams=(finance, staff))
    builders.person("Anna", duoplus, Role.TEAM_LEAD, teams=(finance,))
    with django_assert_num_queries(2):
        found = [(team.name, [row.user.name for row in team.leads.all()]) for team in queries.teams_with_leads(duoplus)]
    assert found == [("Financiën", ["Anna", "Joost"]), ("Staf", ["Joost"])]


def test_holders_are_found_by_role_and_by_team(duoplus: Organisation, waterrand: Organisation) -> None:
    finance = builders.team(duoplus)
    builders.person("Joost", duoplus, Role.TEAM_LEAD, teams=(finance,))
    builders.person("Anna", duoplus, Role.TEAM_LEAD)
    builders.person("Ida", waterrand, Role.TEAM_LEAD)
    assert {row.user.name for row in queries.holders(duoplus, role=Role.TEAM_LEAD)} == {"Joost", "Anna"}
    assert {row.user.name for row in queries.holders(duoplus, team=finance)} == {"Joost"}
    assert queries.holders(waterrand, team=finance).count() == 0


def test_the_log_is_of_one_organisation_newest_first(duoplus: Organisation, waterrand: Organisation) -> None:
    noor = builders.member("Noor", duoplus, Role.ADMINISTRATOR)
    log.record(noor, "accounts.add_team", "Staf", team=1)
    log.record(noor, "accounts.remove_team", "Staf", team=1)
    log.record(builders.member("Ida", waterrand, Role.ADMINISTRATOR), "accounts.add_team", "Dijken", team=2)
    assert [entry.action for entry in queries.log(duoplus)] == ["accounts.remove_team", "accounts.add_team"]
    assert [user.name for user in queries.people_in_log(duoplus)] == ["Noor"]


def test_organisations_of_a_person_come_by_name_and_once(duoplus: Organisation, waterrand: Organisation) -> None:
    saskia = builders.person("Saskia", waterrand, Role.CONTROLLER, Role.AUDITOR)
    Membership.objects.create(user=saskia, organisation=duoplus, role=Role.AUDITOR)
    assert queries.organisations_of(saskia) == [duoplus, waterrand]
    assert queries.belongs_elsewhere(saskia, duoplus) is True
    assert queries.belongs_elsewhere(builders.person("Anna", duoplus, Role.AUDITOR), duoplus) is False
