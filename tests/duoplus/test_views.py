import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from investments.models import Line
from reports.models import SectionKind
from reports.workflow import SectionState
from tests import builders
from tests.investments.computing import compute
from tests.pages import text
from tests.reports import office as offices

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
    assert [section.title for section in home.context["to_write"].rows] == ["Interne controle", "Treasury"]
    assert "Teruggestuurd: Noem het bedrag." in home.content.decode()


def test_a_director_sees_what_was_submitted(duoplus: Organisation, client: Client) -> None:
    chapter = builders.chapter(builders.report(duoplus))
    waiting = builders.section(chapter, builders.team(duoplus), "Treasury")
    waiting.state = SectionState.IN_REVIEW
    waiting.save()
    client.force_login(builders.person("Dirk", duoplus, Role.DIRECTOR))
    assert [section.title for section in client.get("/duoplus/").context["to_review"].rows] == ["Treasury"]


def test_a_controller_sees_tables_that_are_not_filled(duoplus: Organisation, client: Client) -> None:
    full, empty = builders.table(duoplus, "Krediet"), builders.table(duoplus, "Investeringen ICT")
    builders.line(full, actual="10")
    builders.line(empty)
    client.force_login(builders.person("Coen", duoplus, Role.CONTROLLER))
    assert [table.title for table in client.get("/duoplus/").context["unfilled"].rows] == ["Investeringen ICT"]


def test_an_auditor_has_nothing_to_do_and_is_told_so(duoplus: Organisation, client: Client) -> None:
    client.force_login(builders.person("Anna", duoplus, Role.AUDITOR))
    assert "Er wacht niets op u." in client.get("/duoplus/").content.decode()


def test_deviations_without_explanation_wait_for_the_lead_and_for_the_controller(
    duoplus: Organisation, client: Client
) -> None:
    own, foreign = builders.team(duoplus, "I&A"), builders.team(duoplus, "P&O")
    table = builders.sample_table(duoplus, own)
    builders.line(table, "Werkplekken", original="100", actual="90", owner=foreign)
    builders.explain(table.lines.get(label="I&A - aanschaf computerapparatuur"))
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
        assert [line.label for line in client.get("/duoplus/").context["to_explain"].rows] == labels


def test_a_long_list_is_cut_off_and_says_where_the_rest_is(
    duoplus: Organisation, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    team = builders.team(duoplus)
    table = builders.table(duoplus)
    for number in range(1, 12):
        builders.line(table, f"Regel {number}", original="100", actual=str(100 - number), owner=team)
    compute(table)
    chapter = builders.chapter(builders.report(duoplus))
    for number in range(9):
        builders.section(chapter, team, f"Onderdeel {number}")
    client.force_login(builders.person("Lies", duoplus, Role.TEAM_LEAD, teams=(team,)))
    with django_assert_max_num_queries(17):
        home = client.get("/duoplus/")
    waiting = home.context["to_explain"]
    assert ([line.label for line in waiting.rows], waiting.more) == ([f"Regel {n}" for n in range(11, 3, -1)], 3)
    assert "Nog 3 afwijkingen" in text(home)
    assert len(client.get("/duoplus/tabellen/regels/?explained=missing").context["lines"].rows) == 11
    assert "Nog 1 onderdeel" in text(home)
    assert len(client.get("/duoplus/mijn-onderdelen/?state=draft").context["table"].rows) == 9


def test_what_was_agreed_to_counts_while_it_stands(duoplus: Organisation, client: Client) -> None:
    office = offices.build("Waterrand", "waterrand")
    table = builders.table(office.organisation)
    line = builders.line(table, original="100", actual="90")
    for section in (office.section, office.add("Cijfers", SectionKind.FIGURES, table=table)):
        office.take("submit", section)
        office.take("agree", section)
    client.force_login(office.director.user)

    def told() -> list[bool]:
        """Of two sections: whether both count, on the home page, in the list and on the report's own page."""
        home, listed = client.get("/waterrand/"), client.get("/waterrand/rapporten/")
        own = client.get("/waterrand/rapporten/jaarstukken-2020/")
        counts = [home.context["open_reports"][0].agreed_count, listed.context["table"].data[0].agreed_count]
        return [count == 2 for count in (*counts, own.context["progress"].agreed)]

    assert told() == [True, True, True]
    Line.objects.filter(pk=line.pk).update(actual=91)
    assert told() == [False, False, False]
