from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from investments.models import Change, Table
from tests import builders
from tests.pages import column, errors, let_expire, said, text

pytestmark = pytest.mark.django_db
LIST = "/duoplus/tabellen/"
NEW = {"title": "Investeringen ICT", "year": "2020", "kind": "investments", "unit": "1000"}


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def controller(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


# --- the list ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def three(org: Organisation) -> list[Table]:
    sample = builders.sample_table(org)
    older = builders.table(org, "Wagenpark", 2019)
    builders.line(older, "Fietsen")
    empty = builders.table(org, "Archief", 2020)
    builders.table(builders.organisation("Waterrand", "waterrand"), "Van een ander")
    return [sample, older, empty]


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("", ["Archief", "Investeringen ICT", "Wagenpark"]),
        ("title", ["Archief", "Investeringen ICT", "Wagenpark"]),
        ("-title", ["Wagenpark", "Investeringen ICT", "Archief"]),
        ("year,title", ["Wagenpark", "Archief", "Investeringen ICT"]),
        ("-line_count", ["Investeringen ICT", "Wagenpark", "Archief"]),
        ("-unfilled,title", ["Wagenpark", "Archief", "Investeringen ICT"]),
    ],
)
def test_the_list_sorts_by_what_it_shows(controller: Client, three: list[Table], sort: str, titles: list[str]) -> None:
    answer = controller.get(LIST, {"sort": sort.split(",")} if sort else {})
    found = [row.record.title for row in answer.context["table"].rows]
    assert found == titles


def test_a_filter_is_part_of_the_address(controller: Client, three: list[Table]) -> None:
    answer = controller.get(f"{LIST}?year=2020&text=arch")
    assert column(answer, "line_count") == [0]
    assert "Archief 2020 investeringen 0 nog geen regels" in text(answer)


def test_the_list_says_which_tables_wait_for_figures(controller: Client, three: list[Table]) -> None:
    words = text(controller.get(LIST))
    assert "Investeringen ICT 2020 investeringen 6 niet te controleren ingevuld" in words
    assert "Wagenpark 2019 investeringen 1 niet te controleren 1 van 1 nog niet ingevuld" in words
    assert "Van een ander" not in words


def test_an_empty_list_says_what_to_do(controller: Client) -> None:
    words = text(controller.get(LIST))
    assert "Er is geen tabel die hieraan voldoet. Een controller maakt een tabel met “Nieuwe tabel”." in words


def test_the_list_asks_as_many_queries_for_one_page_as_for_any(
    controller: Client, three: list[Table], org: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for year in (2018, 2017):
        with django_assert_num_queries(11):
            controller.get(LIST)
        for number in range(20):
            builders.table(org, f"Tabel {number}", year)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_controller_is_offered_a_new_table(client: Client, org: Organisation, role: Role) -> None:
    client.force_login(builders.person("Robin", org, role, teams=(builders.team(org),)))
    words = text(client.get(LIST))
    assert (words.count("Nieuwe tabel") > words.count("“Nieuwe tabel”")) is (role == Role.CONTROLLER)
    assert ("Regels van mijn team" in words) is (role == Role.TEAM_LEAD)


# --- making and changing ----------------------------------------------------------------------------------------------
def test_a_table_is_made(controller: Client) -> None:
    answer = controller.post(f"{LIST}nieuw/", NEW)
    table = Table.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{table.pk}/")
    assert (table.title, table.year, table.kind, table.unit) == ("Investeringen ICT", 2020, "investments", 1000)
    assert said(controller, answer) == ["De tabel “Investeringen ICT 2020” is gemaakt. Voeg nu regels toe."]


def test_a_taken_title_is_told_at_the_field_and_nothing_typed_is_lost(controller: Client, org: Organisation) -> None:
    builders.table(org)
    answer = controller.post(f"{LIST}nieuw/", NEW)
    assert (answer.status_code, errors(answer)) == (
        422,
        {"title": ["Er is al een tabel met deze titel in dit jaar."]},
    )
    assert answer.context["form"]["year"].value() == "2020"


def test_settings_are_changed(controller: Client, org: Organisation) -> None:
    table = builders.table(org)
    settings = f"{LIST}{table.pk}/instellingen/"
    assert 'value="Investeringen ICT"' in controller.get(settings).content.decode()
    answer = controller.post(settings, {"title": "ICT", "year": "2021", "unit": "1", "version": "1"})
    assert answer["Location"] == f"{LIST}{table.pk}/"
    table.refresh_from_db()
    assert (table.title, table.year, table.unit, table.version) == ("ICT", 2021, 1, 2)


def test_settings_refuse_a_taken_title(controller: Client, org: Organisation) -> None:
    builders.table(org, "ICT")
    table = builders.table(org)
    answer = controller.post(
        f"{LIST}{table.pk}/instellingen/", {"title": "ICT", "year": "2020", "unit": "1", "version": "1"}
    )
    assert (answer.status_code, list(errors(answer))) == (422, ["title"])
    assert "Investeringen ICT 2020" in text(answer)


def test_settings_that_changed_meanwhile_are_shown_beside_what_was_typed(controller: Client, org: Organisation) -> None:
    table = builders.table(org)
    settings = f"{LIST}{table.pk}/instellingen/"
    fields = {"year": "2020", "unit": "1000", "version": "1"}
    controller.post(settings, {**fields, "title": "Automatisering"})
    answer = controller.post(settings, {**fields, "title": "ICT"})
    assert answer.status_code == 409
    words = text(answer)
    assert "Saskia Roelofsen was u net voor." in words
    assert "Opgeslagen door Saskia Roelofsen titel Automatisering Van u niet opgeslagen titel ICT" in words
    form = answer.context["form"]
    assert (form["title"].value(), form["version"].value()) == ("ICT", "2")


def test_what_was_typed_before_the_session_expired_is_shown_again(client: Client, org: Organisation) -> None:
    path = f"{LIST}nieuw/"
    saskia = builders.person("Saskia", org, Role.CONTROLLER)
    let_expire(client, saskia)
    client.post(path, {**NEW, "title": "Half getypt"}, headers={"Referer": f"http://testserver{path}"})
    client.force_login(saskia)
    answer = client.get(path)
    assert (answer.status_code, answer.context["form"]["title"].value()) == (200, "Half getypt")
    assert [str(message) for message in answer.context["messages"]] == [
        "Uw sessie was verlopen. Uw invoer is bewaard, maar nog niet opgeslagen."
    ]


# --- history ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def changed(org: Organisation) -> Table:
    table = builders.table(org)
    saskia, joost = builders.person("Saskia Roelofsen", org), builders.person("Joost Vermaat", org)
    line = builders.line(table)
    Change.objects.create(table=table, line=line, label="Servers", field="rekening", was="90", became="95", by=saskia)
    Change.objects.create(table=table, label="", field="titel", was="ICT", became="Investeringen ICT", by=joost)
    return table


def test_history_tells_who_changed_what_from_what(controller: Client, changed: Table) -> None:
    answer = controller.get(f"{LIST}{changed.pk}/geschiedenis/")
    rows = [[row.get_cell(name) for name in ("by", "label", "field", "was", "became")] for row in rows_of(answer)]
    assert rows == [
        ["Joost Vermaat", "de tabel zelf", "titel", "ICT", "Investeringen ICT"],
        ["Saskia Roelofsen", "Servers", "rekening", "90", "95"],
    ]


def rows_of(answer: Any) -> list[Any]:
    return list(answer.context["changes"].rows)


@pytest.mark.parametrize(("query", "labels"), [("sort=by", ["", "Servers"]), ("text=90", ["Servers"])])
def test_history_sorts_and_filters(controller: Client, changed: Table, query: str, labels: list[str]) -> None:
    answer = controller.get(f"{LIST}{changed.pk}/geschiedenis/?{query}")
    assert [row.record.label for row in rows_of(answer)] == labels


def test_history_asks_as_many_queries_for_one_page_as_for_any(
    controller: Client, changed: Table, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by = Change.objects.all()[0].by
    for _ in range(2):
        with django_assert_num_queries(7):
            controller.get(f"{LIST}{changed.pk}/geschiedenis/")
        for number in range(20):
            Change.objects.create(table=changed, label="Servers", field="rekening", was=str(number), by=by)
