"""A line with rules takes its actual from the ledger, at once and to the cent."""

from decimal import Decimal

import pytest

from investments import queries
from investments.models import Balance, Line, Posting, Table, Variance
from investments.variance import Direction
from tests import builders
from tests.investments import ledger as books
from tests.investments.computing import compute

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    return builders.table(builders.organisation())


def actual(line: Line) -> int | None:
    found = queries.lines(line.table).get(pk=line.pk)
    return queries.figures_of(found).actual


def test_a_line_without_rules_shows_what_was_typed(table: Table) -> None:
    assert actual(builders.line(table, actual="90")) == 90_00


def test_a_line_with_rules_waits_for_an_import(table: Table) -> None:
    line = builders.line(table, actual="90")
    books.rule(line, "4310")
    assert actual(line) is None


def test_postings_in_the_ranges_are_added_up(table: Table) -> None:
    line, other = builders.line(table, actual="90"), builders.line(table, "Telefoons")
    books.rule(line, "4310-4319", "600-699")
    books.rule(line, "4400")
    books.rule(other, "4500")
    file = books.csv(
        books.row("4310", "600", "100,10"),
        books.row("4319", "699", "-0,05"),
        books.row("4319", "700", "1000,00"),
        books.row("4400", "", "5,00", period="12", day="31-12-2020"),
        books.row("4320", "600", "7,00"),
    )
    assert books.import_file(books.ledger(table.organisation), file).problems == ()
    assert (actual(line), actual(other)) == (105_05, 0)


@pytest.mark.parametrize(
    ("direction", "expected"), [(Direction.EXPENSE, -250_00), (Direction.INCOME, 250_00), (Direction.LIABILITY, 250_00)]
)
def test_income_counts_the_other_way(table: Table, direction: Direction, expected: int) -> None:
    line = builders.line(table, direction=direction)
    books.rule(line, "8000")
    books.import_file(books.ledger(table.organisation), books.csv(books.row("8000", amount="-250,00")))
    assert actual(line) == expected


def test_a_code_is_text_and_a_range_has_one_length(table: Table) -> None:
    line = builders.line(table)
    books.rule(line, "0100-0199")
    file = books.csv(
        books.row("0100", amount="1,00"), books.row("100", amount="10,00"), books.row("01000", amount="100,00")
    )
    books.import_file(books.ledger(table.organisation), file)
    assert actual(line) == 1_00
    assert sorted(Posting.objects.values_list("account", flat=True)) == ["0100", "01000", "100"]


def test_codes_of_letters_are_compared_by_their_characters(table: Table) -> None:
    line = builders.line(table)
    books.rule(line, "K10-K99")
    file = books.csv(
        books.row("K50", amount="1,00"), books.row("k50", amount="10,00"), books.row("L50", amount="100,00")
    )
    books.import_file(books.ledger(table.organisation), file)
    assert actual(line) == 1_00


def test_another_year_and_another_organisation_are_other_ledgers(table: Table) -> None:
    line = builders.line(table)
    books.rule(line, "4310")
    other = builders.organisation("Waterrand", "waterrand")
    books.import_file(books.ledger(other), books.csv(books.row()))
    books.import_file(books.ledger(table.organisation, 2021), books.csv(books.row(day="15-01-2021")))
    assert actual(line) is None


def test_an_import_marks_results_stale_at_once_and_only_its_lines_are_stored_again(table: Table) -> None:
    fed, typed = builders.line(table, original="500"), builders.line(table, "Telefoons", actual="20")
    builders.total(table, fed, typed)
    books.rule(fed, "4310")
    compute(table)
    before = dict(Variance.objects.values_list("line", "computed_at"))
    books.import_file(books.ledger(table.organisation), books.csv(books.row(amount="100,00")))
    shown = queries.table_figures(table)
    assert [line.label for line in shown.lines if line.pk in shown.stale] == ["Aanschaf servers", "Saldo"]
    compute(table)
    assert not queries.table_figures(table).is_stale
    assert Variance.objects.get(line=fed).actual == Decimal(100)
    after = dict(Variance.objects.values_list("line", "computed_at"))
    assert [key for key in after if after[key] == before[key]] == [typed.pk]


def test_balances_are_the_sums_of_their_postings(table: Table) -> None:
    file = books.csv(
        books.row(amount="1,10"), books.row(amount="-3,00"), books.row(amount="2,00", period="2", day="01-02-2020")
    )
    books.import_file(books.ledger(table.organisation), file)
    rows = Balance.objects.order_by("period").values_list(
        "account", "cost_centre", "period", "rows", "debit", "credit", "net"
    )
    assert list(rows) == [
        ("4310", "600", 1, 2, Decimal("1.10"), Decimal("3.00"), Decimal("-1.90")),
        ("4310", "600", 2, 1, Decimal("2.00"), Decimal("0.00"), Decimal("2.00")),
    ]


def test_a_table_whose_lines_are_fed_is_not_unfilled(table: Table) -> None:
    books.rule(builders.line(table), "4310")
    assert [found.unfilled for found in queries.tables(table.organisation)] == [0]  # type: ignore[attr-defined]


def test_four_queries_however_many_rules(table: Table, django_assert_num_queries: object) -> None:
    for number in range(5):
        books.rule(builders.line(table, f"Regel {number}"), f"43{number}0")
    books.import_file(books.ledger(table.organisation), books.csv(books.row("4310")))
    with django_assert_num_queries(4):  # type: ignore[operator]
        queries.table_figures(table)
