import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, Team
from accounts.roles import Role
from investments.models import Line, Table
from tests import builders
from tests.investments.computing import compute
from tests.pages import errors, let_expire, said, text

pytestmark = pytest.mark.django_db
OWN = "/duoplus/tabellen/regels/"


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def team(org: Organisation) -> Team:
    return builders.team(org, "Informatisering en Automatisering")


@pytest.fixture
def table(org: Organisation, team: Team) -> Table:
    made = builders.sample_table(org, team)
    Line.objects.filter(label__contains="server").update(explanation="<p>De <em>cloud</em>.</p>")
    compute(made)
    return made


@pytest.fixture
def lead(client: Client, org: Organisation, team: Team) -> Client:
    client.force_login(builders.person("Ruben Sitompul", org, Role.TEAM_LEAD, teams=(team,)))
    return client


def explain(line: Line) -> str:
    return f"{OWN}{line.pk}/toelichting/"


# --- own lines --------------------------------------------------------------------------------------------------------
def test_a_lead_sees_line_table_deviation_and_whether_it_is_explained(lead: Client, table: Table) -> None:
    words = text(lead.get(OWN))
    assert (
        "I&A - aanschaf serverapparatuur Investeringen ICT 2020 Informatisering en Automatisering 122.200 V toegelicht"
        in words
    )
    assert (
        "I&A - aanschaf randapparatuur Investeringen ICT 2020 Informatisering en Automatisering -9.700 N "
        "nog niet toegelicht" in words
    )
    assert "Saldo" not in words


def test_a_result_that_is_not_there_yet_is_told(lead: Client, org: Organisation, team: Team) -> None:
    builders.line(builders.table(org), owner=team)
    assert "wordt berekend" in text(lead.get(OWN))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sort=result", "I&A - aanschaf computerapparatuur"),
        ("sort=-result", "I&A - aanschaf serverapparatuur"),
        ("sort=-label", "Voorfinanciering fiets"),
        ("explained=yes", "I&A - aanschaf serverapparatuur"),
        ("text=telefoon", "I&A - aanschaf telefoons"),
    ],
)
def test_own_lines_sort_and_filter(lead: Client, table: Table, query: str, first: str) -> None:
    rows = list(lead.get(f"{OWN}?{query}").context["lines"].rows)
    assert rows[0].record.label == first


def test_someone_without_a_team_is_told_that_there_is_nothing(client: Client, org: Organisation, table: Table) -> None:
    client.force_login(builders.person("Willem", org, Role.AUDITOR))
    assert "Er zijn geen regels die hieraan voldoen." in text(client.get(OWN))


def test_a_controller_sees_all_lines_and_which_deviations_wait(client: Client, org: Organisation, table: Table) -> None:
    builders.line(table, "Van niemand", original="100", actual="90")
    compute(table)
    client.force_login(builders.person("Saskia", org, Role.CONTROLLER))
    assert len(client.get(OWN).context["lines"].rows) == 7
    waiting = client.get(f"{OWN}?explained=missing")
    assert "Alle regels" in text(waiting)
    assert [row.record.label for row in waiting.context["lines"].rows] == [
        "I&A - aanschaf computerapparatuur",
        "I&A - aanschaf netwerkapparatuur",
        "I&A - aanschaf randapparatuur",
        "I&A - aanschaf telefoons",
        "Van niemand",
    ]


def test_own_lines_ask_as_many_queries_for_one_page_as_for_any(
    lead: Client, table: Table, team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        with django_assert_num_queries(7):
            lead.get(OWN)
        for number in range(10):
            builders.line(table, f"Regel {number}", owner=team)


# --- reading ----------------------------------------------------------------------------------------------------------
def test_explanations_are_read_beside_their_deviation(client: Client, org: Organisation, table: Table) -> None:
    Table.objects.filter(pk=table.pk).update(explanation="<p>Minder uitgegeven.</p>")
    client.force_login(builders.person("Willem", org, Role.AUDITOR))
    answer = client.get(f"/duoplus/tabellen/{table.pk}/toelichting/")
    words = text(answer)
    assert "De hele tabel Minder uitgegeven." in words
    assert "122.200 V De cloud ." in words
    assert "-9.700 N Nog niet toegelicht." in words
    assert "0 Er is geen afwijking om toe te lichten." in words
    assert ("Tekst wijzigen" in words, "Toelichten" in words) == (False, False)
    assert "<p>De <em>cloud</em>.</p>" in answer.content.decode()


def test_a_lead_is_offered_the_own_lines_and_not_the_table(lead: Client, org: Organisation, table: Table) -> None:
    builders.line(table, "Van een ander", owner=builders.team(org, "Staf"))
    answer = lead.get(f"/duoplus/tabellen/{table.pk}/toelichting/")
    assert "Toelichting schrijven" not in text(answer)
    assert [may for _, may in answer.context["lines"]] == [True] * 6 + [False]


# --- writing ----------------------------------------------------------------------------------------------------------
def test_a_lead_writes_with_the_figures_beside_the_text(lead: Client, table: Table) -> None:
    line = table.lines.all()[3]
    words = text(lead.get(explain(line)))
    assert "Begroot na wijzigingen 55.000 Rekening 64.700 Resultaat -9.700 N Afwijking -18%" in words, words
    answer = lead.post(explain(line), {"explanation": "<p>Meer schermen.</p>", "version": "1"})
    assert answer["Location"] == f"/duoplus/tabellen/{table.pk}/toelichting/"
    assert said(lead, answer) == ["De toelichting is opgeslagen."]
    line.refresh_from_db()
    assert (line.explanation, line.explanation_version) == ("<p>Meer schermen.</p>", 2)


def test_two_texts_at_once_are_both_shown_and_none_is_lost(lead: Client, table: Table) -> None:
    line = table.lines.all()[3]
    lead.post(explain(line), {"explanation": "<p>Eerste tekst.</p>", "version": "1"})
    answer = lead.post(explain(line), {"explanation": "<p>Tweede tekst.</p>", "version": "1"})
    assert answer.status_code == 409
    words = text(answer)
    assert "Ruben Sitompul was u net voor." in words
    assert "toelichting Eerste tekst. Van u niet opgeslagen toelichting Tweede tekst." in words
    form = answer.context["form"]
    assert (form["explanation"].value(), form["version"].value()) == ("<p>Tweede tekst.</p>", "2")
    lead.post(explain(line), {"explanation": "<p>Tweede tekst.</p>", "version": "2"})
    line.refresh_from_db()
    assert line.explanation == "<p>Tweede tekst.</p>"


def test_text_too_deep_to_print_is_told_at_the_field(lead: Client, table: Table) -> None:
    deep = "<ul><li>" * 15 + "diep" + "</li></ul>" * 15
    answer = lead.post(explain(table.lines.all()[3]), {"explanation": deep, "version": "1"})
    assert (answer.status_code, list(errors(answer))) == (422, ["explanation"])
    assert answer.context["form"]["explanation"].value() == deep


def test_a_lead_writes_on_no_foreign_line(lead: Client, org: Organisation, table: Table) -> None:
    foreign = builders.line(table, owner=builders.team(org, "Staf"))
    assert lead.get(explain(foreign)).status_code == 403
    assert lead.post(explain(foreign), {"explanation": "<p>Ik.</p>", "version": "1"}).status_code == 403


def test_the_controller_writes_the_explanation_of_the_table(client: Client, org: Organisation, table: Table) -> None:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    path = f"/duoplus/tabellen/{table.pk}/toelichting/schrijven/"
    words = text(client.get(path))
    assert "Resultaten (bedrag x € 1.000)" in words
    assert "Saldo 102 V" in words
    client.post(path, {"explanation": "<p>Minder uitgegeven.</p>", "version": "1"})
    table.refresh_from_db()
    assert (table.explanation, table.version) == ("<p>Minder uitgegeven.</p>", 2)
    answer = client.post(path, {"explanation": "<p>Anders.</p>", "version": "1"})
    assert (answer.status_code, answer.context["form"]["version"].value()) == (409, "2")


def test_text_typed_before_the_session_expired_is_shown_again(
    client: Client, org: Organisation, team: Team, table: Table
) -> None:
    path = explain(table.lines.all()[3])
    kept = {"explanation": "<p>Half geschreven.</p>", "version": "1"}
    ruben = builders.person("Ruben", org, Role.TEAM_LEAD, teams=(team,))
    let_expire(client, ruben)
    client.post(path, kept, headers={"Referer": f"http://testserver{path}"})
    client.force_login(ruben)
    assert client.get(path).context["form"]["explanation"].value() == "<p>Half geschreven.</p>"
