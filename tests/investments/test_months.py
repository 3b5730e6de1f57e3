import pytest

from investments import queries
from investments.months import cumulative, months
from investments.variance import Direction
from tests import builders
from tests.investments import ledger as books


@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ({1: 5, 3: 2}, [5, 5, 7]),
        ({0: 1, 1: 5}, [6]),
        ({12: 1, 13: 2, 15: 3}, [0] * 11 + [6]),
    ],
)
def test_what_was_posted_up_to_each_month(posted: dict[int, int], expected: list[int]) -> None:
    assert cumulative(posted) == expected


def test_the_drawing_follows_the_cents() -> None:
    (chart,) = months("Investeringen", 1000, [("krediet", 1_200_000_00, {1: 100_000_00, 2: 1_100_000_00})])
    assert chart.budget == "12.0,216.0 544.0,34.0"
    assert chart.actual == "12.0,216.0 56.33,200.83 100.67,34.0"
    assert [(text.x, text.words) for text in chart.ends] == [(550.0, "1.200"), (106.67, "1.200")]


def test_it_is_told_in_words() -> None:
    (chart,) = months("Investeringen", 1, [("lasten", 120_00, {1: 30_00, 2: -10_00})])
    assert chart.title == "Investeringen, lasten: maanden van de rekening tegenover de begroting"
    assert chart.description == (
        "Lijndiagram (bedrag x € 1). De begroting na wijzigingen van 120, gelijk over twaalf maanden verdeeld, en wat "
        "tot en met elke maand is geboekt: jan 30; feb 20."
    )


def test_two_values_on_one_place_stand_apart() -> None:
    (chart,) = months("Investeringen", 1, [("lasten", 120_00, {12: 119_00})])
    above, below = chart.ends
    assert (above.words, below.words, round(below.y - above.y, 2)) == ("120", "119", 13.0)


def test_where_nothing_happens_nothing_is_drawn() -> None:
    assert months("Investeringen", 1, [("lasten", 0, {}), ("baten", 0, {1: 0})]) == ()


@pytest.mark.django_db
def test_expense_and_income_are_drawn_apart() -> None:
    table = builders.table(builders.organisation())
    fed = builders.line(table, original="100", amendment="20", direction=Direction.EXPENSE)
    income = builders.line(table, "Bijdragen", original="50", direction=Direction.INCOME)
    builders.line(table, "Getypt", original="999", actual="1", direction=Direction.EXPENSE)
    shown = queries.table_figures(table)
    assert queries.months_of(table, shown.lines, shown.entered) == []
    books.rule(fed, "4310-4319")
    books.rule(income, "8000")
    rows = [books.row("4310"), books.row("4311", amount="5,00", period="2"), books.row("8000", amount="-40,00")]
    books.import_file(books.ledger(table.organisation), books.csv(*rows))
    shown = queries.table_figures(table)
    assert queries.months_of(table, shown.lines, shown.entered) == [
        ("lasten", 120_00, {1: 100_00, 2: 5_00}),
        ("baten", 50_00, {1: 40_00}),
    ]
