import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, Team
from accounts.roles import Role
from investments.models import Line, Table
from jobs.models import Job, JobState
from tests import builders
from tests.investments.computing import compute
from tests.pages import let_expire, said, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def team(org: Organisation) -> Team:
    return builders.team(org, "Informatisering en Automatisering")


@pytest.fixture
def table(org: Organisation, team: Team) -> Table:
    made = builders.sample_table(org, team)
    compute(made)
    return made


@pytest.fixture
def servers(table: Table) -> Line:
    return table.lines.get(label="I&A - aanschaf serverapparatuur")


@pytest.fixture
def controller(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


def address(table: Table) -> str:
    return f"/duoplus/tabellen/{table.pk}/"


def save(client: Client, line: Line, *, version: int = 1, htmx: bool = False, **typed: str) -> Any:
    fields = {"original": "0", "actual": "57800", "version": str(version), "line": str(line.pk)} | typed
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(f"/duoplus/tabellen/regels/{line.pk}/opslaan/", fields, headers=headers)


def input_of(page: str, line: Line, name: str) -> str:
    """What stands in an input of the grid."""
    found = re.search(rf'id="regel-{line.pk}-{name}".*?value="([^"]*)"', page, re.DOTALL)
    assert found is not None
    return found[1]


# --- reading ----------------------------------------------------------------------------------------------------------
def test_the_grid_shows_euros_and_says_so_with_the_printed_unit_apart(controller: Client, table: Table) -> None:
    words = text(controller.get(address(table)))
    assert "Typ bedragen in euro’s. Afgedrukt x € 1.000." in words
    assert "Omschrijving bedragen in euro’s" in words
    assert "Saldo 0 567.000 567.000 464.900 102.100 V 18%" in words


def test_below_the_grid_the_table_stands_as_printed_with_its_chart(controller: Client, table: Table) -> None:
    answer = controller.get(address(table))
    words = text(answer)
    assert "Investeringen ICT (bedrag x € 1.000)" in words
    exact = "klopt precies"
    assert f"I&A - aanschaf computerapparatuur - 232 {exact} 232 256 {exact} -24" in words
    assert f"Voorfinanciering fiets - - {exact} - - {exact} -" in words
    rounding = "afronding"
    assert f"Saldo {exact} - {exact} 567 {exact} 567 {rounding} 465 {rounding} 102" in words
    assert "totalen komen uit de exacte bedragen: afrondingsverschil" in words
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="budget-chart" role="img"' in answer.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_other_roles_read_without_inputs_or_buttons(
    client: Client, org: Organisation, team: Team, table: Table, role: Role
) -> None:
    client.force_login(builders.person("Robin", org, role, teams=(team,)))
    answer = client.get(address(table))
    page = answer.content.decode()
    assert ("grid__input" in page, "data-grid" in page, "/js/grid.js" in page) == (False, False, False)
    assert "Bedragen in euro’s. Afgedrukt x € 1.000." in text(answer)
    assert ("toelichten" in text(answer)) is (role == Role.TEAM_LEAD)


def test_a_table_without_lines_says_what_to_do(controller: Client, org: Organisation) -> None:
    table = builders.table(org)
    assert "Begin met “Regel”, en voeg daarna een totaal toe dat de regels optelt." in text(
        controller.get(address(table))
    )


def test_the_page_asks_as_many_queries_for_five_lines_as_for_fifty(
    controller: Client, table: Table, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        with django_assert_num_queries(8):
            controller.get(address(table))
        for number in range(20):
            builders.line(table, f"Regel {number}", amendment="5")
        compute(table)


# --- typing without script --------------------------------------------------------------------------------------------
def test_a_row_is_saved_and_the_browser_returns_to_it(controller: Client, table: Table, servers: Line) -> None:
    answer = save(controller, servers, actual="€ 58.000,50")
    assert (answer.status_code, answer["Location"]) == (302, f"{address(table)}#rij-{servers.pk}")
    servers.refresh_from_db()
    assert (servers.actual, servers.version) == (Decimal("58000.50"), 2)
    assert said(controller, answer) == ["De regel “I&A - aanschaf serverapparatuur” is opgeslagen."]


def test_name_team_and_direction_are_not_touched_by_the_grid(controller: Client, servers: Line, team: Team) -> None:
    save(controller, servers, original="5")
    servers.refresh_from_db()
    assert (servers.label, servers.owner_team, servers.direction) == (
        "I&A - aanschaf serverapparatuur",
        team,
        "credit",
    )


def test_a_wrong_amount_keeps_the_grid_and_all_that_was_typed(controller: Client, servers: Line) -> None:
    answer = save(controller, servers, original="12.000,50", actual="57,800")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert input_of(page, servers, "original") == "12.000,50"
    assert input_of(page, servers, "actual") == "57,800"
    assert f'aria-invalid="true" aria-describedby="regel-{servers.pk}-actual_error"' in page
    assert f'<p class="field__error" id="regel-{servers.pk}-actual_error">' in page
    assert page.count("autofocus") == 1
    words = text(answer)
    assert "Rekening 2020: “57,800” kan twee dingen betekenen." in words
    assert "niet opgeslagen" in words
    assert "I&A - aanschaf computerapparatuur" in words
    servers.refresh_from_db()
    assert servers.actual == Decimal(57800)


def test_a_conflict_shows_both_amounts_and_saving_again_is_a_choice(
    controller: Client, org: Organisation, servers: Line
) -> None:
    colleague = Client()
    colleague.force_login(builders.person("Joost Vermaat", org, Role.CONTROLLER))
    save(colleague, servers, actual="60000")
    answer = save(controller, servers, actual="61000")
    page = answer.content.decode()
    assert answer.status_code == 409
    words = text(answer)
    assert "Joost Vermaat was u net voor. Uw bedragen staan er nog, maar zijn niet opgeslagen." in words
    assert "rekening, opgeslagen 60.000 rekening, van u 61.000" in words
    assert input_of(page, servers, "actual") == "61000"
    assert 'name="version" value="2"' in page
    servers.refresh_from_db()
    assert servers.actual == Decimal(60000)
    save(controller, servers, version=2, actual="61000")
    servers.refresh_from_db()
    assert servers.actual == Decimal(61000)


def test_a_post_without_version_overwrites_nothing(controller: Client, servers: Line) -> None:
    assert save(controller, servers, version=0, actual="1").status_code == 409
    servers.refresh_from_db()
    assert servers.actual == Decimal(57800)


def test_a_total_takes_no_amounts(controller: Client, table: Table) -> None:
    total = table.lines.last()
    assert total is not None
    save(controller, total, original="5", actual="6")
    total.refresh_from_db()
    assert (total.original, total.actual) == (Decimal(0), None)


# --- typing with script -----------------------------------------------------------------------------------------------
def test_the_script_gets_the_row_and_nothing_else(controller: Client, servers: Line) -> None:
    answer = save(controller, servers, htmx=True, actual="60000")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert ("<html" in page, page.count("<tr")) == (False, 1)
    assert f'id="rij-{servers.pk}"' in page
    assert 'data-stored="60.000"' in page
    assert "wordt berekend" in page


@pytest.mark.parametrize(("typed", "status"), [({"actual": "1.5"}, 422), ({"actual": "1", "version": "0"}, 409)])
def test_the_script_gets_the_row_with_what_is_wrong(
    controller: Client, servers: Line, typed: dict[str, str], status: int
) -> None:
    fields = {"original": "0", "version": "1", "line": str(servers.pk)} | typed
    path = f"/duoplus/tabellen/regels/{servers.pk}/opslaan/"
    answer = controller.post(path, fields, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == status
    assert ("<html" in page, page.count("<tr")) == (False, 2)
    assert f'id="bericht-{servers.pk}"' in page


def test_an_expired_session_keeps_the_row_and_shows_it_after_logging_in(
    client: Client, org: Organisation, table: Table, servers: Line
) -> None:
    fields = {"original": "0", "actual": "61000", "version": "1", "line": str(servers.pk)}
    referer = f"http://testserver{address(table)}"
    path = f"/duoplus/tabellen/regels/{servers.pk}/opslaan/"
    saskia = builders.person("Saskia", org, Role.CONTROLLER)
    let_expire(client, saskia)
    answer = client.post(path, fields, headers={"Referer": referer})
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={address(table)}")
    client.force_login(saskia)
    page = client.get(address(table))
    assert input_of(page.content.decode(), servers, "actual") == "61000"
    assert "Uw bedragen staan er nog, maar zijn niet opgeslagen." in text(page)
    again = client.get(address(table))
    assert input_of(again.content.decode(), servers, "actual") == "57.800"


def test_a_kept_row_that_was_stored_since_is_let_go(
    client: Client, org: Organisation, table: Table, servers: Line
) -> None:
    fields = {"original": "0", "actual": "57.800", "version": "1", "line": str(servers.pk)}
    referer = f"http://testserver{address(table)}"
    saskia = builders.person("Saskia", org, Role.CONTROLLER)
    let_expire(client, saskia)
    client.post(f"/duoplus/tabellen/regels/{servers.pk}/opslaan/", fields, headers={"Referer": referer})
    client.force_login(saskia)
    assert f'id="bericht-{servers.pk}"' not in client.get(address(table)).content.decode()


@pytest.mark.parametrize("kept", [{}, {"line": "x"}, {"line": "999999"}])
def test_kept_fields_of_something_else_do_no_harm(
    client: Client, org: Organisation, table: Table, kept: dict[str, str]
) -> None:
    saskia = builders.person("Saskia", org, Role.CONTROLLER)
    let_expire(client, saskia)
    client.post(address(table), kept, headers={"Referer": f"http://testserver{address(table)}"})
    client.force_login(saskia)
    assert client.get(address(table)).status_code == 200


# --- the calculation --------------------------------------------------------------------------------------------------
def test_a_stale_page_says_so_and_asks_again_until_it_is_fresh(controller: Client, table: Table, servers: Line) -> None:
    every = 'hx-trigger="every 1500ms, duoplus:saved from:body"'
    results = f"{address(table)}uitkomsten/"
    save(controller, servers, actual="60000")
    page = controller.get(address(table)).content.decode()
    assert (every in page, page.count("wordt berekend")) == (True, 2)
    waiting = controller.get(results).content.decode()
    assert every in waiting
    assert (f'id="regel-{servers.pk}-result"' in waiting, f'id="regel-{servers.pk}-state"' in waiting) == (False, True)
    compute(table)
    fresh = controller.get(results).content.decode()
    assert ("every" in fresh, "wordt berekend" in fresh) == (False, False)
    assert 'hx-trigger="duoplus:saved from:body"' in fresh
    assert f'id="regel-{servers.pk}-result"\nhx-swap-oob="true"' in fresh
    assert "120.000" in fresh
    assert "<input" not in fresh.replace('<input type="hidden"', "")


def test_a_calculation_that_failed_says_why_and_can_be_asked_for_again(
    controller: Client, table: Table, servers: Line
) -> None:
    save(controller, servers, actual="60000")
    Job.objects.filter(state=JobState.WAITING).update(
        state=JobState.FAILED, reason="De taak is gestopt.", unique_key=None
    )
    words = text(controller.get(address(table)))
    assert "de uitkomsten zijn verouderd De taak is gestopt. Opnieuw berekenen" in words
    answer = controller.post(f"{address(table)}berekenen/")
    assert answer["Location"] == address(table)
    assert "de uitkomsten worden berekend" in text(controller.get(address(table)))
