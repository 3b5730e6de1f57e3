from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Organisation
from accounts.roles import Role
from investments.models import Line, Table
from tests import builders
from tests.investments.computing import compute
from tests.pages import errors, said, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def table(org: Organisation) -> Table:
    return builders.table(org)


@pytest.fixture
def controller(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


def at(table: Table, path: str = "") -> str:
    return f"/duoplus/tabellen/{table.pk}/{path}"


def of(line: Line, path: str = "") -> str:
    return f"/duoplus/tabellen/regels/{line.pk}/{path}"


# --- adding -----------------------------------------------------------------------------------------------------------
def test_a_line_is_added_and_counted_as_chosen(controller: Client, table: Table) -> None:
    total = builders.total(table)
    fields = {"label": "Servers", "direction": "credit", "original": "1.000", "actual": "", f"total_{total.pk}": "-1"}
    answer = controller.post(at(table, "regel/"), fields)
    line = table.lines.get(label="Servers")
    assert answer["Location"] == f"{at(table)}#rij-{line.pk}"
    assert (line.original, line.actual, line.position) == (Decimal(1000), None, 1)
    assert [(member.line, member.sign) for member in total.members.all()] == [(line, -1)]


def test_one_line_after_the_other(controller: Client, table: Table) -> None:
    fields = {"label": "Servers", "direction": "credit", "another": "yes"}
    answer = controller.post(at(table, "regel/"), fields)
    assert answer["Location"] == at(table, "regel/")
    assert said(controller, answer) == ["De regel “Servers” is toegevoegd."]


@pytest.mark.parametrize(("kind", "direction"), [("investments", "credit"), ("income_expense", "expense")])
def test_a_new_line_starts_in_the_direction_of_its_table(
    controller: Client, table: Table, kind: str, direction: str
) -> None:
    Table.objects.filter(pk=table.pk).update(kind=kind)
    assert controller.get(at(table, "regel/")).context["form"]["direction"].value() == direction


def test_a_new_line_with_mistakes_keeps_what_was_typed(controller: Client, table: Table) -> None:
    answer = controller.post(at(table, "regel/"), {"label": "", "direction": "credit", "original": "1.5"})
    assert (answer.status_code, list(errors(answer))) == (422, ["label", "original"])
    assert answer.context["form"]["original"].value() == "1.5"
    assert not table.lines.exists()


def test_a_total_is_added(controller: Client, table: Table) -> None:
    income, costs = builders.line(table, "Baten"), builders.line(table, "Lasten")
    fields = {"label": "Saldo", f"line_{income.pk}": "1", f"line_{costs.pk}": "-1"}
    answer = controller.post(at(table, "totaal/"), fields)
    total = table.lines.get(label="Saldo")
    assert answer["Location"] == f"{at(table)}#rij-{total.pk}"
    assert {member.line: member.sign for member in total.members.all()} == {income: 1, costs: -1}


# --- changing ---------------------------------------------------------------------------------------------------------
def test_a_line_is_described(controller: Client, org: Organisation, table: Table) -> None:
    line, team = builders.line(table, original="100"), builders.team(org)
    fields = {"label": "Servers", "owner_team": str(team.pk), "direction": "income", "original": "5", "version": "1"}
    answer = controller.post(of(line), fields)
    assert answer["Location"] == f"{at(table)}#rij-{line.pk}"
    line.refresh_from_db()
    assert (line.label, line.owner_team, line.direction, line.original) == ("Servers", team, "income", Decimal(5))


def test_a_line_changed_meanwhile_is_shown_beside_what_was_typed(controller: Client, table: Table) -> None:
    line = builders.line(table, original="100")
    fields = {"label": "Servers", "direction": "credit", "original": "100", "version": "1"}
    controller.post(of(line), fields)
    answer = controller.post(of(line), {**fields, "label": "Serverpark"})
    assert answer.status_code == 409
    assert "omschrijving Servers Van u niet opgeslagen omschrijving Serverpark" in text(answer)
    assert answer.context["form"]["version"].value() == "2"


def test_a_total_gets_other_members(controller: Client, table: Table) -> None:
    line = builders.line(table)
    total = builders.total(table)
    answer = controller.get(of(total))
    assert "Een totaal heeft zelf geen bedragen. Kies van elke regel hoe die meetelt." in text(answer)
    answer = controller.post(of(total), {"label": "Som", f"line_{line.pk}": "-1", "version": "1"})
    assert answer["Location"] == f"{at(table)}#rij-{total.pk}"
    total.refresh_from_db()
    assert (total.label, [member.sign for member in total.members.all()]) == ("Som", [-1])


def test_a_total_that_would_count_itself_is_refused_on_its_own_page(controller: Client, table: Table) -> None:
    inner = builders.total(table, label="Lasten")
    outer = builders.total(table, inner)
    answer = controller.post(of(inner), {"label": "Lasten", f"line_{outer.pk}": "1", "version": "1"})
    assert answer.status_code == 422
    assert errors(answer) == {"__all__": ["Een totaal kan niet zichzelf meetellen, ook niet via een ander totaal."]}


def test_a_total_changed_meanwhile_is_shown_beside_what_was_chosen(controller: Client, table: Table) -> None:
    line = builders.line(table)
    total = builders.total(table, line)
    controller.post(of(total), {"label": "Som", f"line_{line.pk}": "1", "version": "1"})
    answer = controller.post(of(total), {"label": "Totaal", f"line_{line.pk}": "0", "version": "1"})
    assert answer.status_code == 409
    assert "telt op + Aanschaf servers" in text(answer)


# --- removing and moving ----------------------------------------------------------------------------------------------
def test_removing_asks_first(controller: Client, table: Table) -> None:
    line = builders.line(table)
    answer = controller.get(of(line, "verwijderen/"))
    assert "“Aanschaf servers” verwijderen? Dat kan alleen met een regel zonder bedragen" in text(answer)
    answer = controller.post(of(line, "verwijderen/"), {"version": "1"})
    assert answer["Location"] == at(table)
    assert said(controller, answer) == ["De regel “Aanschaf servers” is verwijderd."]
    assert not table.lines.exists()


def test_a_line_with_amounts_stays_and_the_page_says_why(controller: Client, table: Table) -> None:
    line = builders.line(table, original="5")
    answer = controller.post(of(line, "verwijderen/"), {"version": "1"})
    assert answer.status_code == 409
    assert "Deze regel heeft bedragen, wijzigingen of een toelichting. Maak de regel eerst leeg." in text(answer)
    assert table.lines.get() == line


def test_a_line_changed_meanwhile_is_asked_about_again(controller: Client, table: Table) -> None:
    line = builders.line(table)
    Line.objects.filter(pk=line.pk).update(version=3)
    answer = controller.post(of(line, "verwijderen/"), {"version": "1"})
    assert (answer.status_code, answer.context["form"]["version"].value()) == (409, "3")
    assert table.lines.get() == line


@pytest.mark.parametrize(("direction", "order"), [("up", "bac"), ("down", "acb"), ("", "acb")])
def test_a_line_moves_one_place(controller: Client, table: Table, direction: str, order: str) -> None:
    lines = {label: builders.line(table, label) for label in "abc"}
    answer = controller.post(of(lines["b"], "verplaatsen/"), {"direction": direction})
    assert answer["Location"] == f"{at(table)}#rij-{lines['b'].pk}"
    assert "".join(line.label for line in table.lines.all()) == order


# --- headings, information and sources --------------------------------------------------------------------------------
def test_a_heading_is_added_above_its_lines(controller: Client, table: Table) -> None:
    answer = controller.post(at(table, "regel/"), {"label": "Hardware", "kind": "heading", "direction": "credit"})
    heading = table.lines.get()
    assert answer["Location"] == f"{at(table)}#rij-{heading.pk}"
    assert (heading.kind, heading.label) == ("heading", "Hardware")
    controller.post(of(heading), {"label": "Apparatuur", "version": "1"})
    heading.refresh_from_db()
    assert heading.label == "Apparatuur"


def test_a_total_does_not_offer_headings(controller: Client, table: Table) -> None:
    line = builders.line(table)
    Line.objects.create(table=table, position=2, label="Hardware", kind="heading")
    Line.objects.create(table=table, position=3, label="Waarvan corona", kind="information")
    assert controller.get(at(table, "totaal/")).context["form"].lines == [line]


def test_what_the_source_states_is_typed_beside_what_is_computed(controller: Client, org: Organisation) -> None:
    table = builders.sample_table(org)
    compute(table)
    total = table.lines.get(label="Saldo")
    page = text(controller.get(of(total, "volgens-bron/")))
    assert "Rekening 2020 (mag leeg) De portal komt op 464.900." in page
    answer = controller.post(of(total, "volgens-bron/"), {"stated_actual": "466.000", "version": "1"})
    assert said(controller, answer) == ["De bedragen volgens de bron bij “Saldo” zijn vastgelegd."]
    assert "466.000 bron" in text(controller.get(at(table)))
    answer = controller.post(of(total, "volgens-bron/"), {"stated_actual": "465.000", "version": "1"})
    assert answer.status_code == 409
    assert answer.context["form"]["stated_actual"].value() == "465.000"


def test_an_unreadable_stated_amount_is_refused_at_its_field(controller: Client, org: Organisation) -> None:
    total = builders.sample_table(org).lines.get(label="Saldo")
    answer = controller.post(of(total, "volgens-bron/"), {"stated_actual": "1.5", "version": "1"})
    assert (answer.status_code, list(errors(answer))) == (422, ["stated_actual"])
