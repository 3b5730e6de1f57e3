from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from investments.models import CreditClass, LawfulnessLimit, Line
from tests import builders
from tests.pages import errors, said, text

pytestmark = pytest.mark.django_db
YEAR = "/duoplus/tabellen/rechtmatigheid/"


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def line(org: Organisation) -> Line:
    return builders.line(builders.table(org), "Brug", "100000", "125000.50")


@pytest.fixture
def controller(client: Client, org: Organisation, line: Line) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_what_was_overspent_and_what_counts(
    client: Client, org: Organisation, line: Line, role: Role
) -> None:
    client.force_login(builders.person("Robin", org, role))
    words = text(client.get(YEAR))
    assert "Brug Investeringen ICT 2020 100.000 125.000,50 25.000,50 te classificeren 25.000,50" in words
    assert "1 te classificeren; die tellen mee tot dat is gebeurd" in words
    assert "onbekend: er is geen tabel met baten en lasten Percentage nog niet vastgelegd Grens onbekend" in words
    assert "nog niet te beoordelen" in words


@pytest.mark.parametrize(("base", "words"), [("2500050", "binnen de grens"), ("2500000", "boven de grens")])
def test_a_year_is_judged_to_the_cent(controller: Client, org: Organisation, line: Line, base: str, words: str) -> None:
    LawfulnessLimit.objects.create(organisation=org, year=2020, percentage=Decimal(1), base=Decimal(base))
    said_of_it = text(controller.get(YEAR))
    assert words in said_of_it
    assert f"{base[0]}.{base[1:4]}.{base[4:]} (opgegeven) Percentage 1% Grens" in said_of_it


def test_the_controller_classifies(controller: Client, line: Line) -> None:
    path = f"/duoplus/tabellen/regels/{line.pk}/overschrijding/"
    assert "Krediet 100.000 Uitgegeven 125.000,50 Overschreden met 25.000,50" in text(controller.get(path))
    typed = {"ground": "covered", "reason": "Subsidie van de provincie.", "version": "0"}
    answer = controller.post(path, typed)
    assert answer["Location"] == f"{YEAR}?jaar=2020"
    assert said(controller, answer) == ["De overschrijding van “Brug” is geclassificeerd."]
    words = text(controller.get(YEAR))
    assert "25.000,50 gedekt door direct gerelateerde baten Subsidie van de provincie. 0" in words
    assert controller.post(path, {**typed, "ground": "late"}).status_code == 409
    assert errors(controller.post(path, {"version": "1"})) == {
        "ground": ["Dit veld is verplicht."],
        "reason": ["Dit veld is verplicht."],
    }
    assert CreditClass.objects.get().ground == "covered"


def test_a_credit_that_is_not_overspent_is_refused(controller: Client, line: Line) -> None:
    Line.objects.filter(pk=line.pk).update(actual=Decimal(5))
    path = f"/duoplus/tabellen/regels/{line.pk}/overschrijding/"
    answer = controller.post(path, {"ground": "late", "reason": "Laat.", "version": "0"})
    assert (answer.status_code, errors(answer)) == (422, {"__all__": ["Dit krediet is niet overschreden."]})
    assert "Er is in 2020 geen krediet overschreden." in text(controller.get(YEAR))


def test_the_controller_sets_the_limit(controller: Client, org: Organisation) -> None:
    path = f"{YEAR}grens/?jaar=2020"
    answer = controller.post(path, {"percentage": "2,5", "base": "4.000.000", "version": "0"})
    assert said(controller, answer) == ["De rechtmatigheidsgrens van 2020 is opgeslagen."]
    stored = LawfulnessLimit.objects.get()
    assert (stored.percentage, stored.base) == (Decimal("2.50"), Decimal(4000000))
    assert controller.get(path).context["form"]["base"].value() == "4.000.000"
    assert controller.post(path, {"percentage": "1", "version": "0"}).status_code == 409
    answer = controller.post(path, {"percentage": "", "base": "-1", "version": "1"})
    assert errors(answer) == {
        "percentage": ["Dit veld is verplicht."],
        "base": ["De totale lasten zijn nul of meer."],
    }


def test_the_page_asks_as_many_queries_for_one_credit_as_for_any(
    controller: Client, line: Line, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        with django_assert_num_queries(13):
            controller.get(YEAR)
        for number in range(5):
            builders.line(line.table, f"Krediet {number}", "10", "20")
