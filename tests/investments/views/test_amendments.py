from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Organisation
from accounts.roles import Role
from investments.models import Line
from tests import builders
from tests.pages import errors, said, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def line(org: Organisation) -> Line:
    made = builders.line(builders.table(org))
    builders.amend(made, "1000.50", "1e wijziging", "2020-06-30")
    builders.amend(made, "-200", "2e wijziging", "2020-12-15")
    return made


@pytest.fixture
def controller(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


def address(line: Line) -> str:
    return f"/duoplus/tabellen/regels/{line.pk}/wijzigingen/"


def test_the_decisions_stand_in_order_with_their_sum(controller: Client, line: Line) -> None:
    words = text(controller.get(address(line)))
    assert "30 juni 2020 1e wijziging 1.000,50 Intrekken 15 december 2020 2e wijziging -200 Intrekken" in words
    assert "Samen 800,50" in words


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_other_roles_read_them(client: Client, org: Organisation, line: Line, role: Role) -> None:
    builders.decision(org, "3e wijziging")
    client.force_login(builders.person("Robin", org, role))
    words = text(client.get(address(line)))
    assert ("1e wijziging" in words, "Intrekken" in words, "Vastleggen" in words) == (True, False, False)


def test_a_line_without_decisions_says_so(controller: Client, line: Line) -> None:
    line.amendments.all().delete()
    assert "De begroting van deze regel is niet gewijzigd." in text(controller.get(address(line)))


def test_a_total_takes_no_decisions(controller: Client, line: Line) -> None:
    total = builders.total(line.table, line)
    third = builders.decision(line.table.organisation, "3e wijziging")
    assert "Nieuw besluit" not in text(controller.get(address(total)))
    answer = controller.post(address(total), {"decision": str(third.pk), "amount": "5"})
    assert (answer.status_code, third.amendments.count()) == (409, 0)
    assert "Een totaal heeft geen eigen begrotingswijzigingen." in text(answer)


def test_a_decision_that_is_there_changes_one_more_line(controller: Client, line: Line) -> None:
    third = builders.decision(line.table.organisation, "3e wijziging", "2020-01-31")
    answer = controller.post(address(line), {"decision": str(third.pk), "amount": "€ 5.000"})
    assert answer["Location"] == address(line)
    assert said(controller, answer) == ["De wijziging is vastgelegd."]
    assert [amendment.amount for amendment in line.amendments.all()] == [
        Decimal(5000),
        Decimal("1000.50"),
        Decimal(-200),
    ]


def test_decisions_of_another_year_and_those_that_change_the_line_are_not_offered(
    controller: Client, line: Line
) -> None:
    third = builders.decision(line.table.organisation, "3e wijziging")
    builders.decision(line.table.organisation, "Van een ander jaar", year=2021)
    form = controller.get(address(line)).context["form"]
    assert list(form.fields["decision"].queryset) == [third]


def test_mistakes_keep_what_was_typed(controller: Client, line: Line) -> None:
    third = builders.decision(line.table.organisation, "3e wijziging")
    answer = controller.post(address(line), {"decision": str(third.pk), "amount": "1.5"})
    assert (answer.status_code, list(errors(answer))) == (422, ["amount"])
    assert answer.context["form"]["decision"].value() == str(third.pk)
    assert line.amendments.count() == 2


def test_an_amendment_is_withdrawn(controller: Client, line: Line) -> None:
    amendment = line.amendments.all()[0]
    answer = controller.post(f"/duoplus/tabellen/wijzigingen/{amendment.pk}/intrekken/")
    assert answer["Location"] == address(line)
    assert said(controller, answer) == ["De wijziging is ingetrokken. In de geschiedenis blijft staan wat zij was."]
    assert [str(row.decision) for row in line.amendments.all()] == ["2e wijziging"]
