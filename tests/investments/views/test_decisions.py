from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from investments.models import Decision, Line
from investments.views import decisions
from tests import builders
from tests.pages import errors, let_expire, said, text

pytestmark = pytest.mark.django_db
LIST = "/duoplus/tabellen/besluiten/"
TOLD = {"date": "2020-06-30", "number": "2020-07", "title": "Zomernota", "body": "algemeen bestuur"}


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def servers(org: Organisation) -> Line:
    return builders.line(builders.table(org), "Servers")


@pytest.fixture
def bridges(org: Organisation) -> Line:
    return builders.line(builders.table(org, "Bruggen"), "Brug over de Amstel")


@pytest.fixture
def controller(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


# --- reading ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_which_lines_a_decision_changes(
    client: Client, org: Organisation, servers: Line, bridges: Line, role: Role
) -> None:
    builders.amend(servers, "1000")
    builders.amend(bridges, "-250.50")
    client.force_login(builders.person("Robin", org, role))
    words = text(client.get(f"{LIST}{Decision.objects.get().pk}/"))
    assert "Datum 31 december 2020 Nummer onbekend Genomen door onbekend Samen 749,50 euro" in words
    assert (
        "Bruggen 2020 Regel Wijziging, in euro’s Brug over de Amstel -250,50 Samen -250,50 "
        "Investeringen ICT 2020 Regel Wijziging, in euro’s Servers 1.000 Samen 1.000" in words
    )
    assert ("Intrekken" in words) is (role == Role.CONTROLLER)


def test_a_decision_without_lines_says_so(controller: Client, org: Organisation) -> None:
    made = builders.decision(org)
    assert "Dit besluit wijzigt nog geen regels." in text(controller.get(f"{LIST}{made.pk}/"))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Najaarsnota", "Zomernota"]),
        ("sort=title", ["Najaarsnota", "Zomernota"]),
        ("sort=-title", ["Zomernota", "Najaarsnota"]),
        ("sort=date", ["Zomernota", "Najaarsnota"]),
        ("sort=total", ["Najaarsnota", "Zomernota"]),
        ("sort=-line_count", ["Zomernota", "Najaarsnota"]),
        ("text=zomer", ["Zomernota"]),
        ("year=2020", ["Zomernota"]),
    ],
)
def test_decisions_sort_and_filter(controller: Client, servers: Line, query: str, titles: list[str]) -> None:
    builders.amend(servers, "5", "Zomernota", "2020-06-30")
    builders.decision(servers.table.organisation, "Najaarsnota", "2021-11-01", 2021)
    rows = controller.get(f"{LIST}?{query}").context["table"].rows
    assert [row.record.title for row in rows] == titles


def test_the_list_asks_as_many_queries_for_one_decision_as_for_any(
    controller: Client, servers: Line, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    builders.amend(servers, "5")
    for _ in range(2):
        with django_assert_num_queries(7):
            controller.get(LIST)
        for number in range(10):
            builders.decision(servers.table.organisation, f"Besluit {number}")


# --- writing ----------------------------------------------------------------------------------------------------------
def test_one_decision_is_entered_over_lines_of_two_tables(controller: Client, servers: Line, bridges: Line) -> None:
    builders.total(servers.table, servers)
    words = text(controller.get(f"{LIST}nieuw/"))
    assert "Bruggen 2020 Regel Wijziging, in euro’s Brug over de Amstel Investeringen ICT 2020" in words
    assert "Saldo" not in words
    typed = {**TOLD, f"line_{servers.pk}": "1.000", f"line_{bridges.pk}": "-250,50"}
    answer = controller.post(f"{LIST}nieuw/", typed)
    made = Decision.objects.get()
    assert answer["Location"] == f"{LIST}{made.pk}/"
    assert said(controller, answer) == ["Het besluit “Zomernota” is vastgelegd."]
    assert (made.number, made.body, made.year) == ("2020-07", "algemeen bestuur", 2020)
    assert {row.line: row.amount for row in made.amendments.all()} == {
        servers: Decimal(1000),
        bridges: Decimal("-250.50"),
    }


def test_mistakes_stand_at_their_field_and_keep_what_was_typed(controller: Client, servers: Line) -> None:
    answer = controller.post(f"{LIST}nieuw/", {**TOLD, "date": "2020-02-31", f"line_{servers.pk}": "1,234"})
    assert (answer.status_code, list(errors(answer))) == (422, ["date", f"line_{servers.pk}"])
    assert answer.context["form"][f"line_{servers.pk}"].value() == "1,234"
    assert not Decision.objects.exists()


def test_a_decision_is_changed_and_an_emptied_line_is_left_alone(
    controller: Client, servers: Line, bridges: Line
) -> None:
    made = builders.amend(servers, "1000").decision
    path = f"{LIST}{made.pk}/wijzigen/"
    assert controller.get(path).context["form"][f"line_{servers.pk}"].value() == "1.000"
    typed = {**TOLD, f"line_{servers.pk}": "", f"line_{bridges.pk}": "5"}
    controller.post(path, {**typed, "version": "1"})
    assert {row.line: row.amount for row in made.amendments.all()} == {bridges: Decimal(5)}
    answer = controller.post(path, {**typed, "title": "Anders", "version": "1"})
    assert (answer.status_code, answer.context["form"]["version"].value()) == (409, "2")
    assert "Saskia Roelofsen was u net voor." in text(answer)


def test_a_decision_is_withdrawn_after_asking(controller: Client, servers: Line) -> None:
    made = builders.amend(servers, "1000").decision
    path = f"{LIST}{made.pk}/intrekken/"
    assert "Servers (Investeringen ICT 2020): 1.000" in text(controller.get(path))
    answer = controller.post(path, {"version": "1"})
    assert said(controller, answer) == ["Het besluit “Begrotingswijziging 2020” is ingetrokken."]
    assert not servers.amendments.exists()


def test_many_lines_come_table_by_table(
    controller: Client, servers: Line, bridges: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "MOST_LINES", 1)
    empty = controller.get(f"{LIST}nieuw/")
    assert (empty.context["form"].lines, [table.title for table, _ in empty.context["choices"]]) == (
        [],
        ["Bruggen", "Investeringen ICT"],
    )
    chosen = controller.get(f"{LIST}nieuw/?tabel={bridges.table_id}&tabel=x")
    assert chosen.context["form"].lines == [bridges]
    made = builders.amend(servers, "1000").decision
    edited = controller.get(f"{LIST}{made.pk}/wijzigen/?tabel={bridges.table_id}")
    assert edited.context["form"].lines == [bridges, servers]


def test_the_year_is_that_of_the_address_or_the_newest(controller: Client, servers: Line) -> None:
    later = builders.line(builders.table(servers.table.organisation, year=2021), "Later")
    assert controller.get(f"{LIST}nieuw/").context["form"].lines == [later]
    assert controller.get(f"{LIST}nieuw/?jaar=2020").context["form"].lines == [servers]
    assert controller.get(f"{LIST}nieuw/?jaar=1999").context["year"] == 2021


def test_a_decision_typed_before_the_session_expired_is_shown_again(
    client: Client, org: Organisation, servers: Line
) -> None:
    saskia = builders.person("Saskia", org, Role.CONTROLLER)
    let_expire(client, saskia)
    path = f"{LIST}nieuw/"
    client.post(path, {**TOLD, f"line_{servers.pk}": "5"}, headers={"Referer": f"http://testserver{path}"})
    client.force_login(saskia)
    form = client.get(path).context["form"]
    assert (form["title"].value(), form[f"line_{servers.pk}"].value()) == ("Zomernota", "5")
