import pytest
from django.test import Client

from accounts.models import Organisation
from accounts.roles import Role
from investments.columns import Column, ColumnKind
from investments.models import Table
from tests import builders
from tests.pages import said, text

pytestmark = pytest.mark.django_db
STYLE = {
    "zero": "0",
    "expense_sign": "1",
    "income_sign": "-1",
    "marks": "after",
    "zero_mark": "V",
    "resolution": "1000",
}


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def table(org: Organisation) -> Table:
    return builders.table(org, "Reserves")


@pytest.fixture
def controller(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


def address(table: Table) -> str:
    return f"/duoplus/tabellen/{table.pk}/kolommen/"


def typed(*rows: dict[str, str]) -> dict[str, str]:
    fields = {**STYLE, "version": "1", "columns-TOTAL_FORMS": str(len(rows)), "columns-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        fields |= {f"columns-{index}-{name}": value for name, value in {"ORDER": str(index + 1), **row}.items()}
    return fields


def test_the_page_shows_the_columns_that_the_table_has(controller: Client, table: Table) -> None:
    page = controller.get(address(table)).content.decode()
    for label in ("begroot 2020", "wijziging 2020", "begroot na wijzigingen 2020", "rekening 2020", "resultaat 2020"):
        assert f'value="{label}"' in page


def test_columns_are_entered_by_their_headings_and_in_the_chosen_order(controller: Client, table: Table) -> None:
    answer = controller.post(
        address(table),
        typed(
            {
                "label": "Eindstand",
                "sort": "sum",
                "plus": "beginstand; Toevoeging",
                "minus": "onttrekking",
                "ORDER": "4",
            },
            {"label": "Beginstand", "sort": "amount", "ORDER": "1"},
            {"label": "Toevoeging", "sort": "unknown", "ORDER": "2"},
            {"label": "Onttrekking", "sort": "amount", "ORDER": "3"},
            {"label": "Opmerking", "sort": "text", "ORDER": "5"},
            {"label": "", "sort": "amount"},
        ),
    )
    assert answer.status_code == 302
    table.refresh_from_db()
    assert table.printed_columns == (
        Column("beginstand", "Beginstand"),
        Column("toevoeging", "Toevoeging", unknown=True),
        Column("onttrekking", "Onttrekking"),
        Column("eindstand", "Eindstand", terms=(("beginstand", 1), ("toevoeging", 1), ("onttrekking", -1))),
        Column("opmerking", "Opmerking", ColumnKind.TEXT),
    )
    assert table.style == {"zero": "0", "income_sign": -1, "marks": "after", "zero_mark": "V", "resolution": 1000}
    assert said(controller, answer) == ["De kolommen en de opmaak van de tabel zijn opgeslagen."]


def test_a_column_keeps_its_key_when_its_heading_changes(controller: Client, table: Table) -> None:
    controller.post(address(table), typed({"label": "Stand", "sort": "amount"}))
    fields = typed({"key": "stand", "label": "Stand per 31-12", "sort": "amount"}) | {"version": "2"}
    controller.post(address(table), fields)
    table.refresh_from_db()
    assert table.printed_columns == (Column("stand", "Stand per 31-12"),)


def test_a_sum_of_a_column_that_is_not_there_is_told_at_its_field(controller: Client, table: Table) -> None:
    answer = controller.post(address(table), typed({"label": "Eindstand", "sort": "sum"} | {"plus": "Beginstand"}))
    assert answer.status_code == 422
    assert "Er is geen kolom “Beginstand”." in text(answer)
    table.refresh_from_db()
    assert table.columns == []


def test_two_columns_of_one_sort_are_refused_and_what_was_typed_stays(controller: Client, table: Table) -> None:
    rows = ({"label": "Rekening", "sort": "actual"}, {"label": "Realisatie", "sort": "actual"})
    answer = controller.post(address(table), typed(*rows))
    assert answer.status_code == 422
    assert "De kolom “Realisatie” staat er twee keer in." in text(answer)
    assert 'value="Realisatie"' in answer.content.decode()


def test_a_post_without_its_rows_changes_nothing_and_says_so(controller: Client, table: Table) -> None:
    answer = controller.post(address(table), {**STYLE, "version": "1"})
    assert answer.status_code == 422
    assert "De kolommen zijn niet meegestuurd. Laad de pagina opnieuw." in text(answer)
    table.refresh_from_db()
    assert (table.columns, table.style) == ([], {})


# --- columns of an earlier year ---------------------------------------------------------------------------------------
def test_a_column_is_filled_from_the_table_of_last_year(controller: Client, org: Organisation, table: Table) -> None:
    assert "de tabel van vorig jaar om een kolom van een eerder jaar daaruit te vullen" in text(
        controller.get(address(table))
    )
    Table.objects.filter(pk=table.pk).update(previous_table=builders.table(org, "Reserves", 2019))
    assert "uit Reserves 2019: rekening 2019" in text(controller.get(address(table)))
    rows = [{"label": "rekening 2019", "sort": "amount", "carried": "actual"}, {"label": "Rekening", "sort": "actual"}]
    controller.post(address(table), typed(*rows))
    table.refresh_from_db()
    assert (table.carried, list(table.carries)) == ({"rekening_2019": "actual"}, ["rekening_2019"])
    builders.line(table)
    page = controller.get(f"/duoplus/tabellen/{table.pk}/")
    assert "“Rekening 2019” komt uit Reserves 2019 en wordt hier niet getypt." in text(page)
    assert "cell_rekening_2019" not in page.content.decode()
    controller.post(address(table), {**typed(*rows), "version": "2", "prints_months": "on"})
    assert Table.objects.get(pk=table.pk).prints_months
    rows[0]["sort"] = "text"
    answer = controller.post(address(table), {**typed(*rows), "version": "3"})
    assert "Alleen een kolom met bedragen kan uit de tabel van vorig jaar komen." in text(answer)
