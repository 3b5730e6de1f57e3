import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import LogEntry, Organisation, Team
from accounts.roles import Role
from tests import builders
from tests.pages import errors, said, text

pytestmark = pytest.mark.django_db
LIST = "/duoplus/teams/"


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def noor(duoplus: Organisation, client: Client) -> Client:
    client.force_login(builders.person("Noor", duoplus, Role.ADMINISTRATOR))
    return client


def test_the_list_shows_own_teams_and_their_leads(noor: Client, duoplus: Organisation) -> None:
    staff, finance = builders.team(duoplus, "Staf"), builders.team(duoplus)
    builders.team(builders.organisation("Waterrand", "waterrand"), "Dijken")
    builders.person("Maarten", duoplus, Role.TEAM_LEAD, teams=(staff, finance))
    builders.person("Anna", duoplus, Role.TEAM_LEAD, teams=(finance,))
    page = noor.get(LIST)
    assert [(row.record.name, row.get_cell("leads")) for row in page.context["table"].rows] == [
        ("Financiën", "Anna, Maarten"),
        ("Staf", "Maarten"),
    ]


def test_the_list_sorts_both_ways(noor: Client, duoplus: Organisation) -> None:
    for name in ("Staf", "Financiën", "ICT"):
        builders.team(duoplus, name)
    for sort, names in (("name", ["Financiën", "ICT", "Staf"]), ("-name", ["Staf", "ICT", "Financiën"])):
        page = noor.get(LIST, {"sort": sort})
        assert [row.record.name for row in page.context["table"].rows] == names


def test_the_list_stays_within_its_budget(
    noor: Client, duoplus: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        team = builders.team(duoplus, f"Team {number}")
        builders.person(f"Lead{number}", duoplus, Role.TEAM_LEAD, teams=(team,))
    with django_assert_num_queries(7):
        noor.get(LIST)


def test_an_empty_list_says_what_to_do(noor: Client) -> None:
    assert "Er zijn nog geen teams. Een onderdeel van een rapport hoort bij een team: begin hier." in text(
        noor.get(LIST)
    )


def test_adding(noor: Client, duoplus: Organisation) -> None:
    answer = noor.post(f"{LIST}nieuw/", {"name": " Staf "})
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert said(noor, answer) == ["Team “Staf” is toegevoegd."]
    assert [team.name for team in duoplus.teams.all()] == ["Staf"]


def test_a_name_that_exists_is_said_at_the_field_and_kept(noor: Client, duoplus: Organisation) -> None:
    builders.team(duoplus, "Staf")
    answer = noor.post(f"{LIST}nieuw/", {"name": "STAF"})
    assert (answer.status_code, errors(answer)) == (422, {"name": ["Dit team bestaat al."]})
    assert 'value="STAF"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_nothing_typed(noor: Client) -> None:
    answer = noor.post(f"{LIST}nieuw/", {"name": ""})
    assert (answer.status_code, errors(answer)) == (422, {"name": ["Dit veld is verplicht."]})


def test_renaming(noor: Client, duoplus: Organisation) -> None:
    team = builders.team(duoplus, "P&O")
    form = noor.get(f"{LIST}{team.pk}/").context["form"]
    answer = noor.post(f"{LIST}{team.pk}/", {"name": "Personeel", "seen": form["seen"].value()})
    assert said(noor, answer) == ["Het team heet nu “Personeel”."]
    team.refresh_from_db()
    assert team.name == "Personeel"


def test_renaming_what_someone_else_renamed_shows_both(noor: Client, duoplus: Organisation) -> None:
    team = builders.team(duoplus, "P&O")
    seen = noor.get(f"{LIST}{team.pk}/").context["form"]["seen"].value()
    Team.objects.filter(pk=team.pk).update(name="Personeel")
    answer = noor.post(f"{LIST}{team.pk}/", {"name": "Mensen", "seen": seen})
    assert answer.status_code == 409
    assert (answer.context["conflict"].theirs, answer.context["conflict"].mine) == (
        [("naam", "Personeel")],
        [("naam", "Mensen")],
    )


def test_removing_asks_first(noor: Client, duoplus: Organisation) -> None:
    team = builders.team(duoplus, "Staf")
    page = noor.get(f"{LIST}{team.pk}/verwijderen/")
    assert "Team “Staf” verwijderen?" in text(page)
    answer = noor.post(f"{LIST}{team.pk}/verwijderen/")
    assert (answer["Location"], said(noor, answer)) == (LIST, ["Team “Staf” is verwijderd."])
    assert Team.objects.count() == 0


def test_removing_a_team_that_owns_something_is_refused_on_the_same_page(noor: Client, duoplus: Organisation) -> None:
    team = builders.team(duoplus, "Staf")
    builders.section(builders.chapter(builders.report(duoplus)), team, "Leeswijzer")
    answer = noor.post(f"{LIST}{team.pk}/verwijderen/")
    assert answer.status_code == 409
    assert "Dit team heeft nog “Leeswijzer”. Geef dat eerst aan een ander team." in text(answer)
    assert Team.objects.count() == 1


def test_the_auditor_reads_and_has_no_buttons(client: Client, duoplus: Organisation) -> None:
    team = builders.team(duoplus, "Staf")
    client.force_login(builders.person("Willem", duoplus, Role.AUDITOR))
    page = client.get(LIST)
    assert (page.status_code, "nieuw/" in page.content.decode(), f"teams/{team.pk}/" in page.content.decode()) == (
        200,
        False,
        False,
    )


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.TEAM_LEAD, Role.DIRECTOR, Role.AUDITOR])
def test_other_roles_change_nothing(client: Client, duoplus: Organisation, role: Role) -> None:
    team = builders.team(duoplus)
    client.force_login(builders.person("Anton", duoplus, role))
    for address in (f"{LIST}nieuw/", f"{LIST}{team.pk}/", f"{LIST}{team.pk}/verwijderen/"):
        assert client.get(address).status_code == 403
        assert client.post(address, {"name": "Van mij"}).status_code == 403
    assert ([row.name for row in Team.objects.all()], LogEntry.objects.filter(result="done").count()) == (
        ["Financiën"],
        0,
    )


def test_a_foreign_team_is_not_found(noor: Client) -> None:
    foreign = builders.team(builders.organisation("Waterrand", "waterrand"))
    for address in (f"{LIST}{foreign.pk}/", f"{LIST}{foreign.pk}/verwijderen/"):
        assert noor.get(address).status_code == 404
        assert noor.post(address, {"name": "Van ons"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.name == "Financiën"
