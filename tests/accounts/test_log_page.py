from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import log
from accounts.members import Member
from accounts.roles import Role
from tests import builders
from tests.pages import text

pytestmark = pytest.mark.django_db
PAGE = "/duoplus/logboek/"


def add(member: Member, day: int, action: str, subject: str, **data: object) -> None:
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
    assert [tuple(str(row.get_cell(name)) for name in ("at", "user", "action", "subject", "data")) for row in rows] == [
        ("03-03-2021 10:00", "Saskia", "onderdeel geschreven", "Leeswijzer", ""),
        ("02-03-2021 10:00", "Noor", "team hernoemd", "Staf", "heette “Financiën”"),
        ("01-03-2021 10:00", "Noor", "team toegevoegd", "Financiën", ""),
    ]


def test_it_filters_by_person_deed_and_period(client: Client, noor: Member, entries: Member) -> None:
    client.force_login(noor.user)
    assert subjects(client, user=noor.user.pk) == ["Staf", "Financiën"]
    assert subjects(client, action="reports.save_section") == ["Leeswijzer"]
    assert subjects(client, since="2021-03-02") == ["Leeswijzer", "Staf"]
    assert subjects(client, until="2021-03-02") == ["Staf", "Financiën"]
    assert subjects(client, since="2021-03-02", until="2021-03-02", user=noor.user.pk) == ["Staf"]


def test_it_sorts_both_ways(client: Client, noor: Member, entries: Member) -> None:
    client.force_login(noor.user)
    assert subjects(client, sort="at") == ["Financiën", "Staf", "Leeswijzer"]
    assert subjects(client, sort="-at") == ["Leeswijzer", "Staf", "Financiën"]
    assert subjects(client, sort="user") == ["Staf", "Financiën", "Leeswijzer"]
    assert subjects(client, sort="subject") == ["Financiën", "Leeswijzer", "Staf"]
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
    with django_assert_num_queries(9):
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
