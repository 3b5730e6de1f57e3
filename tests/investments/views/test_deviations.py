from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from investments.models import CauseList, DeviationRule, Table
from tests import builders
from tests.investments.computing import compute
from tests.pages import errors, said, text

pytestmark = pytest.mark.django_db
YEAR = "/duoplus/tabellen/afwijkingen/"


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def table(org: Organisation) -> Table:
    made = builders.sample_table(org, builders.team(org, "I&A"))
    builders.explain(made.lines.get(label__contains="server"))
    compute(made)
    return made


@pytest.fixture
def director(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Hendrik van Aalsum", org, Role.DIRECTOR))
    return client


@pytest.fixture
def controller(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


def test_a_director_sees_the_gaps_of_a_table_and_their_size(director: Client, table: Table) -> None:
    answer = director.get(f"/duoplus/tabellen/{table.pk}/afwijkingen/")
    words = text(answer)
    assert "72% verklaard : 122.200 van 168.700 euro" in words
    assert "I&A - aanschaf randapparatuur -9.700 N -18% 0 -9.700 te verklaren I&A" in words
    assert "I&A - aanschaf serverapparatuur 122.200 V 68% 122.200 0 verklaard I&A" in words
    (chart,) = answer.context["charts"]
    assert [bar.value.words for bar in chart.bars] == ["122 V", "12 V", "1 V", "-10 N", "-24 N"]
    assert [bar.series for bar in chart.bars] == ["settled", "open", "open", "open", "open"]
    assert 'value="72"' in answer.content.decode()


def test_a_table_without_deviations_says_so(director: Client, org: Organisation) -> None:
    words = text(director.get(f"/duoplus/tabellen/{builders.table(org).pk}/afwijkingen/"))
    assert "Er is niets dat verklaard moet worden." in words
    assert "Er zijn geen afwijkingen, of ze zijn nog niet berekend." in words


def test_a_year_is_all_its_tables_together(director: Client, org: Organisation, table: Table) -> None:
    bridges = builders.table(org, "Bruggen")
    builders.line(bridges, "Brug over de Amstel", "100000", "400000")
    compute(bridges)
    later = builders.table(org, "Later", 2021)
    builders.line(later, "Laptops", "100", "90")
    compute(later)
    answer = director.get(f"{YEAR}?jaar=2020")
    words = text(answer)
    assert "26% verklaard : 122.200 van 468.700 euro" in words
    assert [line.label for line, _, _ in answer.context["covered"]] == [
        "Brug over de Amstel",
        "I&A - aanschaf computerapparatuur",
        "I&A - aanschaf netwerkapparatuur",
        "I&A - aanschaf randapparatuur",
        "I&A - aanschaf telefoons",
    ]
    assert [(made.title, share.percentage, still) for made, share, still, _ in answer.context["tables"]] == [
        ("Bruggen", 0, 1),
        ("Investeringen ICT", 72, 4),
    ]
    assert [bar.value.words for bar in answer.context["charts"][0].bars][-1] == "-300.000 N"
    assert director.get(YEAR).context["year"] == 2021


def test_the_page_of_a_year_asks_as_many_queries_for_one_table_as_for_any(
    director: Client, org: Organisation, table: Table, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2):
        with django_assert_num_queries(13):
            director.get(YEAR)
        made = builders.table(org, f"Tabel {number}")
        builders.line(made, "Servers", "100", "90")
        compute(made)


# --- what is asked ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Elke afwijking van nul moet verklaard worden."),
        ({"amount": Decimal(10000)}, "Te verklaren is per regel wat meer is dan € 10.000 ."),
        (
            {"amount": Decimal(10000), "percentage": Decimal("2.50"), "both": True, "inclusive": True},
            "Te verklaren is per regel wat uitkomt op € 10.000 én 2,5% of meer.",
        ),
        (
            {"amount": Decimal(10000), "percentage": Decimal(10), "per_total": True},
            "Te verklaren is per totaal wat meer is dan € 10.000 of 10%.",
        ),
    ],
)
def test_the_rule_is_told_in_words(director: Client, org: Organisation, values: dict[str, object], words: str) -> None:
    builders.table(org)
    DeviationRule.objects.create(organisation=org, year=2020, **values)
    assert words.replace(" .", ".") in text(director.get(YEAR)).replace(" .", ".")


def test_the_controller_sets_the_rule_of_a_year(controller: Client, org: Organisation, table: Table) -> None:
    path = f"{YEAR}norm/?jaar=2020"
    assert controller.get(path).context["form"]["version"].value() == 0
    typed = {"amount": "10.000", "percentage": "7,5", "both": "yes", "inclusive": "no", "per_total": "no"}
    answer = controller.post(path, {**typed, "version": "0"})
    assert answer["Location"] == f"{YEAR}?jaar=2020"
    assert said(controller, answer) == ["De norm voor 2020 is opgeslagen."]
    stored = DeviationRule.objects.get()
    assert (stored.amount, stored.percentage, stored.both, stored.inclusive) == (
        Decimal(10000),
        Decimal("7.50"),
        True,
        False,
    )
    form = controller.get(path).context["form"]
    assert [form[name].value() for name in ("both", "inclusive", "version")] == ["yes", "no", 1]
    answer = controller.post(path, {**typed, "amount": "5", "version": "0"})
    assert (answer.status_code, answer.context["form"]["version"].value()) == (409, "1")


def test_the_controller_gives_a_table_a_rule_of_its_own(controller: Client, org: Organisation, table: Table) -> None:
    DeviationRule.objects.create(organisation=org, year=2020, amount=Decimal(10000), version=1)
    path, deviations = (f"/duoplus/tabellen/{table.pk}/{part}/" for part in ("norm", "afwijkingen"))
    assert "Norm van 2020: Te verklaren is per regel wat meer is dan € 10.000" in text(controller.get(deviations))
    form = controller.get(path).context["form"]
    assert [form[name].value() for name in ("own", "amount", "version")] == ["no", "10.000", 0]
    typed = {"own": "yes", "percentage": "10", "both": "no", "inclusive": "no", "per_total": "no"}
    answer = controller.post(path, {**typed, "version": "0"})
    assert (answer["Location"], said(controller, answer)) == (deviations, ["De norm van de tabel is opgeslagen."])
    assert "Norm van deze tabel: Te verklaren is per regel wat meer is dan 10%" in text(controller.get(deviations))
    assert "eigen norm" in text(controller.get(f"{YEAR}?jaar=2020"))
    answer = controller.post(path, {**typed, "own": "no", "version": "0"})
    assert (answer.status_code, answer.context["form"]["version"].value()) == (409, "1")
    controller.post(path, {**typed, "own": "no", "version": "1"})
    assert "Norm van 2020" in text(controller.get(deviations))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"amount": "-5"}, {"amount": ["Een norm is nul of meer."]}),
        ({"percentage": "101"}, {"percentage": ["Zorg ervoor dat deze waarde hoogstens 100 is."]}),
    ],
)
def test_a_rule_that_cannot_be_is_told_at_the_field(
    controller: Client, table: Table, fields: dict[str, str], wrong: dict[str, list[str]]
) -> None:
    choices = {"both": "no", "inclusive": "no", "per_total": "no"}
    answer = controller.post(f"{YEAR}norm/", {**choices, **fields})
    assert (answer.status_code, errors(answer)) == (422, wrong)


def test_the_controller_names_the_causes(controller: Client, org: Organisation, table: Table) -> None:
    path = f"{YEAR}oorzaken/"
    assert controller.get(path).context["form"]["names"].value().splitlines()[:2] == ["prijs", "volume"]
    answer = controller.post(path, {"names": " weer \n\nprijs\nweer", "version": "0"})
    assert said(controller, answer) == ["De oorzaken zijn opgeslagen."]
    assert CauseList.objects.get().names == ["weer", "prijs"]
    assert controller.post(path, {"names": "prijs", "version": "0"}).status_code == 409
    answer = controller.post(path, {"names": "x" * 61, "version": "1"})
    assert errors(answer) == {"names": ["Een oorzaak heeft ten hoogste 60 tekens."]}
