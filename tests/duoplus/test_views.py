import pytest
from django.test import Client

from accounts.models import Organisation
from accounts.roles import Role
from reports.workflow import SectionState
from tests import builders
from tests.investments.computing import compute

pytestmark = pytest.mark.django_db


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


def test_who_belongs_to_one_organisation_starts_there(duoplus: Organisation, client: Client) -> None:
    client.force_login(builders.person("Anna", duoplus, Role.AUDITOR))
    assert client.get("/")["Location"] == "/duoplus/"


def test_who_belongs_to_two_organisations_chooses(duoplus: Organisation, client: Client) -> None:
    anna = builders.person("Anna", duoplus, Role.AUDITOR)
    other = builders.organisation("Waterrand", "waterrand")
    other.memberships.create(user=anna, role=Role.CONTROLLER)
    client.force_login(anna)
    choices = client.get("/").context["choices"]
    assert [organisation.slug for organisation in choices] == ["duoplus", "waterrand"]


def test_who_belongs_nowhere_is_told_whom_to_ask(duoplus: Organisation, client: Client) -> None:
    client.force_login(builders.person("Otto", duoplus))
    assert "U hoort nog bij geen organisatie" in client.get("/").content.decode()


def test_a_lead_sees_drafts_of_own_teams_with_those_sent_back_first(duoplus: Organisation, client: Client) -> None:
    own, foreign = builders.team(duoplus, "Financiën"), builders.team(duoplus, "P&O")
    chapter = builders.chapter(builders.report(duoplus))
    builders.section(chapter, own, "Treasury")
    back = builders.section(chapter, own, "Interne controle")
    back.reason = "Noem het bedrag."
    back.save()
    done = builders.section(chapter, own, "Verzekeringen")
    done.state = SectionState.IN_REVIEW
    done.save()
    builders.section(chapter, foreign, "Transitie")
    client.force_login(builders.person("Lies", duoplus, Role.TEAM_LEAD, teams=(own,)))
    home = client.get("/duoplus/")
    assert [section.title for section in home.context["to_write"]] == ["Interne controle", "Treasury"]
    assert "Teruggestuurd: Noem het bedrag." in home.content.decode()


def test_a_director_sees_what_was_submitted(duoplus: Organisation, client: Client) -> None:
    chapter = builders.chapter(builders.report(duoplus))
    waiting = builders.section(chapter, builders.team(duoplus), "Treasury")
    waiting.state = SectionState.IN_REVIEW
    waiting.save()
    client.force_login(builders.person("Dirk", duoplus, Role.DIRECTOR))
    assert [section.title for section in client.get("/duoplus/").context["to_review"]] == ["Treasury"]


def test_a_controller_sees_tables_that_are_not_filled(duoplus: Organisation, client: Client) -> None:
    full, empty = builders.table(duoplus, "Krediet"), builders.table(duoplus, "Investeringen ICT")
    builders.line(full, actual="10")
    builders.line(empty)
    client.force_login(builders.person("Coen", duoplus, Role.CONTROLLER))
    assert [table.title for table in client.get("/duoplus/").context["unfilled"]] == ["Investeringen ICT"]


def test_an_auditor_has_nothing_to_do_and_is_told_so(duoplus: Organisation, client: Client) -> None:
    client.force_login(builders.person("Anna", duoplus, Role.AUDITOR))
    assert "Er wacht niets op u." in client.get("/duoplus/").content.decode()


def test_deviations_without_explanation_wait_for_the_lead_and_for_the_controller(
    duoplus: Organisation, client: Client
) -> None:
    own, foreign = builders.team(duoplus, "I&A"), builders.team(duoplus, "P&O")
    table = builders.sample_table(duoplus, own)
    builders.line(table, "Werkplekken", original="100", actual="90", owner=foreign)
    table.lines.filter(label="I&A - aanschaf computerapparatuur").update(explanation="<p>Meer laptops.</p>")
    compute(table)
    leads = {
        builders.person("Ruben", duoplus, Role.TEAM_LEAD, teams=(own,)): [
            "I&A - aanschaf serverapparatuur",
            "I&A - aanschaf netwerkapparatuur",
            "I&A - aanschaf randapparatuur",
            "I&A - aanschaf telefoons",
        ],
        builders.person("Fatima", duoplus, Role.TEAM_LEAD, teams=(foreign,)): ["Werkplekken"],
        builders.person("Dirk", duoplus, Role.DIRECTOR): [],
    }
    controller = builders.person("Coen", duoplus, Role.CONTROLLER)
    expected = leads | {controller: [*next(iter(leads.values())), "Werkplekken"]}
    for person, labels in expected.items():
        client.force_login(person)
        assert [line.label for line in client.get("/duoplus/").context["to_explain"]] == labels
