from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Organisation
from accounts.roles import Role
from investments.columns import TableKind
from investments.models import Cell, Change, Table
from tests import builders
from tests.investments.computing import compute
from tests.pages import said, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def controller(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


def reserves(org: Organisation, year: int, opening: str, **movements: str) -> Table:
    """Last year's or this year's reserves: one line."""
    table = Table.objects.create(organisation=org, title="Reserves", year=year, kind=TableKind.RESERVES, unit=1)
    line = builders.line(table, "Algemene reserve")
    amounts = {"opening": opening, **movements}
    Cell.objects.bulk_create(Cell(line=line, column=key, amount=Decimal(value)) for key, value in amounts.items())
    return table


def address(table: Table) -> str:
    return f"/duoplus/tabellen/{table.pk}/controle/"


def test_a_rounding_difference_is_told_with_the_amounts_before_rounding(controller: Client, org: Organisation) -> None:
    table = builders.sample_table(org)
    compute(table)
    words = text(controller.get(address(table)))
    assert "17 kloppen precies, 2 met een afrondingsverschil, 0 tellen niet op." in words
    assert "afrondingsverschil Saldo , Rekening 2020 verschil -1" in words
    assert "I&A - aanschaf computerapparatuur 255.600 256" in words
    assert "Som van de onderdelen 464.900 466 Afgedrukt in de tabel 465 Verschil -1" in words


def test_a_sum_that_a_source_states_wrongly_stands_first(controller: Client, org: Organisation) -> None:
    table = builders.sample_table(org)
    total = table.lines.get(label="Saldo")
    Cell.objects.create(line=total, column="amended", amount=Decimal(600_000), is_stated=True)
    compute(table)
    answer = controller.get(address(table))
    assert [(item.label, item.column, item.across) for item in answer.context["broken"]] == [
        ("Saldo", "amended", True),
        ("Saldo", "amended", False),
        ("Saldo", "result", True),
    ]
    assert "telt niet op" in text(controller.get("/duoplus/tabellen/"))


def test_the_opening_is_last_years_closing(controller: Client, org: Organisation) -> None:
    last = reserves(org, 2019, "400", additions="50", withdrawals="0")
    this = reserves(org, 2020, "440", additions="0", withdrawals="0")
    answer = controller.post(f"/duoplus/tabellen/{this.pk}/vorig-jaar/", {"previous": str(last.pk), "version": "1"})
    assert said(controller, answer) == ["De tabel van vorig jaar is vastgelegd."]
    words = text(controller.get(address(this)))
    assert "Algemene reserve telt niet op begin van dit jaar 440 ; eind van vorig jaar 450 ; verschil -10" in words
    change = Change.objects.get()
    assert (change.field, change.was, change.became) == ("tabel van vorig jaar", "leeg", "Reserves 2019")


def test_a_movement_that_is_not_known_is_not_judged(controller: Client, org: Organisation) -> None:
    last = reserves(org, 2019, "400")
    this = reserves(org, 2020, "440", additions="0", withdrawals="0")
    Table.objects.filter(pk=this.pk).update(previous_table=last)
    assert "Algemene reserve niet te controleren begin van dit jaar 440" in text(controller.get(address(this)))


def test_who_was_second_sees_what_was_chosen(controller: Client, org: Organisation) -> None:
    last, this = reserves(org, 2019, "400"), reserves(org, 2020, "440")
    fields = {"previous": str(last.pk), "version": "7"}
    answer = controller.post(f"/duoplus/tabellen/{this.pk}/vorig-jaar/", fields)
    assert answer.status_code == 409
    assert "Reserves 2019" in text(answer)


def test_only_a_table_of_the_year_before_can_be_chosen(controller: Client, org: Organisation) -> None:
    older, this = reserves(org, 2018, "400"), reserves(org, 2020, "440")
    answer = controller.post(f"/duoplus/tabellen/{this.pk}/vorig-jaar/", {"previous": str(older.pk), "version": "1"})
    assert answer.status_code == 422
    assert Table.objects.filter(previous_table=older).count() == 0


def test_a_new_table_goes_on_from_the_one_of_the_same_name(controller: Client, org: Organisation) -> None:
    last = reserves(org, 2019, "400")
    controller.post("/duoplus/tabellen/nieuw/", {"title": "Reserves", "year": "2020", "kind": "reserves", "unit": "1"})
    assert Table.objects.get(year=2020).previous_table == last


def test_other_roles_read_without_a_choice(client: Client, org: Organisation) -> None:
    client.force_login(builders.person("Willem Tadema", org, Role.AUDITOR))
    answer = client.get(address(reserves(org, 2020, "440")))
    assert answer.context["form"] is None


# --- what a text says -------------------------------------------------------------------------------------------------
def test_what_the_text_says_is_held_against_the_table(controller: Client, org: Organisation) -> None:
    table = builders.sample_table(org)
    compute(table)
    servers, computers = (table.lines.get(label__contains=word) for word in ("server", "computer"))
    path = f"/duoplus/tabellen/{table.pk}/uitspraken"
    typed = {"version": "1", "text": "€ 0,3 miljoen", "amount": "300.000", "resolution": "100000", "column": "actual"}
    typed |= {f"line_{line.pk}": "0" for line in table.lines.all()}
    nothing = controller.post(f"{path}/nieuw/", typed)
    assert (nothing.status_code, "Kies ten minste één regel waarover de tekst gaat." in text(nothing)) == (422, True)
    chosen = {f"line_{servers.pk}": "1", f"line_{computers.pk}": "1"}
    answer = controller.post(f"{path}/nieuw/", {**typed, **chosen})
    assert (answer["Location"], said(controller, answer)) == (address(table), ["De uitspraak is vastgelegd."])
    words = text(controller.get(address(table)))
    assert "“€ 0,3 miljoen” afrondingsverschil in de tekst 300.000 ; in de tabel 313.400 ; verschil -13.400" in words
    wrong = controller.post(f"{path}/nieuw/", {**typed, **chosen, "version": "2", "amount": "500.000", "text": "half"})
    assert wrong.status_code == 302
    assert "“half” telt niet op" in text(controller.get(address(table)))
    assert controller.post(f"{path}/weghalen/", {"version": "2", "place": "1"}).status_code == 409
    answer = controller.post(f"{path}/weghalen/", {"version": "3", "place": "1"})
    assert said(controller, answer) == ["De uitspraak is weggehaald."]
    assert [quote.text for quote in Table.objects.get(pk=table.pk).quoted] == ["€ 0,3 miljoen"]
    assert controller.post(f"{path}/weghalen/", {"version": "4", "place": "x"}).status_code == 302
