from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import log, sealing
from accounts.members import Member
from accounts.models import Result
from accounts.roles import Role
from tests import builders
from tests.pages import text

pytestmark = pytest.mark.django_db
PAGE = "/duoplus/logboek/"
COLUMNS = ("at", "user", "action", "subject", "result", "data", "position")


def add(member: Member, day: int, action: str, subject: str, **data: Any) -> None:
    with time_machine.travel(datetime(2021, 3, day, 9, tzinfo=UTC), tick=False):
        log.record(member, action, subject, **data)


@pytest.fixture
def noor() -> Member:
    return builders.member("Noor", builders.organisation(), Role.ADMINISTRATOR)


@pytest.fixture
def entries(noor: Member) -> Member:
    """Three entries of Duo+ by two people, one of another organisation."""
    saskia = builders.member("Saskia", noor.organisation, Role.CONTROLLER)
    add(noor, 1, "accounts.add_team", "Financiën", team=1)
    add(noor, 2, "accounts.rename_team", "Staf", team=1, was="Financiën")
    add(saskia, 3, "reports.save_section", "Leeswijzer", section=1)
    add(builders.member("Ida", builders.organisation("Waterrand", "waterrand"), Role.ADMINISTRATOR), 4, "x.y", "Dijken")
    return saskia


def subjects(client: Client, **query: str | int) -> list[str]:
    return [row.record.subject for row in client.get(PAGE, query).context["table"].rows]


def test_it_tells_in_dutch_who_did_what(client: Client, noor: Member, entries: Member) -> None:
    client.force_login(noor.user)
    rows = client.get(PAGE).context["table"].rows
    assert [tuple(str(row.get_cell(name)).strip() for name in COLUMNS) for row in rows] == [
        ("03-03-2021 10:00", "Saskia", "onderdeel geschreven", "Leeswijzer", "gelukt", "", "wacht"),
        ("02-03-2021 10:00", "Noor", "team hernoemd", "Staf", "gelukt", "heette “Financiën”", "wacht"),
        ("01-03-2021 10:00", "Noor", "team toegevoegd", "Financiën", "gelukt", "", "wacht"),
    ]


@pytest.mark.parametrize("result", list(Result))
def test_it_tells_how_it_ended(client: Client, noor: Member, entries: Member, result: Result) -> None:
    add(noor, 5, "accounts.ask_change", "/duoplus/teams/1/", result=result, status=409)
    client.force_login(noor.user)
    row = client.get(PAGE).context["table"].rows[0]
    assert result.label in row.get_cell("result")
    assert row.get_cell("data") == "kon op dat moment niet"


def test_it_says_how_far_the_chain_is_sealed(client: Client, noor: Member, entries: Member) -> None:
    client.force_login(noor.user)
    assert "Verzegeld" not in text(client.get(PAGE))
    assert "3 nieuwe regels wachten op een zegel." in text(client.get(PAGE))
    sealing.seal_waiting()
    add(noor, 6, "accounts.add_team", "Staf")
    page = client.get(PAGE)
    assert "Verzegeld tot en met nummer 3, van 3 maart 2021, 10:00 uur. Eén nieuwe regel wacht" in text(page)
    assert f"duoplus:3:{sealing.head(noor.organisation.pk).hash}" in text(page)
    assert [row.get_cell("position") for row in page.context["table"].rows] == ["wacht", 3, 2, 1]


def test_it_offers_the_years_in_which_something_was_done(client: Client, noor: Member, entries: Member) -> None:
    client.force_login(noor.user)
    with time_machine.travel("2023-01-01T00:00:00+01:00", tick=False):
        form = client.get(PAGE).context["years"]
    assert [year for year, _ in form.fields["year"].choices] == [2023, 2022, 2021]


def test_it_filters_by_person_deed_result_and_period(client: Client, noor: Member, entries: Member) -> None:
    client.force_login(noor.user)
    assert subjects(client, user=noor.user.pk) == ["Staf", "Financiën"]
    assert subjects(client, action="reports.save_section") == ["Leeswijzer"]
    assert subjects(client, result="refused") == []
    assert subjects(client, result="done", action="accounts.add_team") == ["Financiën"]
    assert subjects(client, since="2021-03-02") == ["Leeswijzer", "Staf"]
    assert subjects(client, until="2021-03-02") == ["Staf", "Financiën"]
    assert subjects(client, since="0001-01-01", until="9999-12-31") == ["Leeswijzer", "Staf", "Financiën"]
    assert subjects(client, since="9999-12-31") == subjects(client, until="0001-01-01") == []
    assert subjects(client, since="2021-03-02", until="2021-03-02", user=noor.user.pk) == ["Staf"]


def test_a_day_begins_at_midnight_here(client: Client, noor: Member) -> None:
    for moment, subject in (("2021-03-01T22:59:59.999999Z", "Voor"), ("2021-03-01T23:00:00Z", "Na")):
        with time_machine.travel(moment, tick=False):
            log.record(noor, "accounts.add_team", subject)
    client.force_login(noor.user)
    assert subjects(client, since="2021-03-02") == ["Na"]
    assert subjects(client, until="2021-03-01") == ["Voor"]


def test_it_sorts_both_ways(client: Client, noor: Member, entries: Member) -> None:
    client.force_login(noor.user)
    assert subjects(client, sort="at") == ["Financiën", "Staf", "Leeswijzer"]
    assert subjects(client, sort="-at") == ["Leeswijzer", "Staf", "Financiën"]
    assert subjects(client, sort="user") == ["Staf", "Financiën", "Leeswijzer"]
    assert subjects(client, sort="subject") == ["Financiën", "Leeswijzer", "Staf"]
    assert subjects(client, sort="result") == ["Leeswijzer", "Staf", "Financiën"]
    assert subjects(client, sort="action") == ["Financiën", "Staf", "Leeswijzer"]


def test_people_of_other_organisations_are_no_choice(client: Client, noor: Member, entries: Member) -> None:
    client.force_login(noor.user)
    choices = client.get(PAGE).context["filter"].form["user"].field.queryset
    assert [user.name for user in choices] == ["Noor", "Saskia"]


def test_what_the_operator_did_has_no_person(client: Client, noor: Member) -> None:
    log.record_operation(noor.organisation, "accounts.add_organisation", "Duo+")
    client.force_login(noor.user)
    row = client.get(PAGE).context["table"].rows[0]
    assert (row.get_cell("user"), row.get_cell("action")) == ("exploitant", "organisatie aangemaakt")


def test_it_stays_within_its_budget_and_pages(
    client: Client, noor: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        member = builders.member(f"Mens{number}", noor.organisation, Role.CONTROLLER)
        log.record(member, "accounts.add_team", f"Team {number}")
    client.force_login(noor.user)
    with django_assert_num_queries(10):
        first = client.get(PAGE)
    assert len(first.context["table"].page.object_list) == 50
    assert len(client.get(PAGE, {"page": 2}).context["table"].page.object_list) == 10
    assert "1 tot en met 50 van 60" in text(first)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ADMINISTRATOR, 200),
        (Role.AUDITOR, 200),
        (Role.CONTROLLER, 403),
        (Role.TEAM_LEAD, 403),
        (Role.DIRECTOR, 403),
    ],
)
def test_who_may_read_it(client: Client, noor: Member, role: Role, status: int) -> None:
    client.force_login(builders.person("Anton", noor.organisation, role))
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE).status_code in {403, 405}
