from typing import Any

import pytest

from investments.calculation import calculate
from investments.figures import CircularTotal, Figures, LineFigures, LineKind
from tests.investments.vectors import vectors

SAMPLE = [
    LineFigures(1, "I&A - aanschaf computerapparatuur", direction="credit", amendments=23200000, actual=25560000),
    LineFigures(2, "I&A - aanschaf netwerkapparatuur", direction="credit", amendments=8000000, actual=6790000),
    LineFigures(3, "I&A - aanschaf serverapparatuur", direction="credit", amendments=18000000, actual=5780000),
    LineFigures(4, "I&A - aanschaf randapparatuur", direction="credit", amendments=5500000, actual=6470000),
    LineFigures(5, "I&A - aanschaf telefoons", direction="credit", amendments=2000000, actual=1890000),
    LineFigures(6, "Voorfinanciering fiets", direction="credit"),
    LineFigures(7, "Saldo", LineKind.TOTAL, members=tuple((key, 1) for key in range(1, 7))),
]


def test_the_sample_to_the_cent() -> None:
    assert calculate(SAMPLE) == {
        1: Figures(0, 23200000, 23200000, 25560000, -2360000, -10),
        2: Figures(0, 8000000, 8000000, 6790000, 1210000, 15),
        3: Figures(0, 18000000, 18000000, 5780000, 12220000, 68),
        4: Figures(0, 5500000, 5500000, 6470000, -970000, -18),
        5: Figures(0, 2000000, 2000000, 1890000, 110000, 6),
        6: Figures(0, 0, 0, 0, 0, None),
        7: Figures(0, 56700000, 56700000, 46490000, 10210000, 18),
    }


def test_some_lines_are_computed_without_the_others() -> None:
    assert calculate(SAMPLE, {2, 7}) == {key: calculate(SAMPLE)[key] for key in (2, 7)}
    assert calculate(SAMPLE, ()) == {}


def cents(case: dict[str, Any]) -> dict[str, Any]:
    return {name: case[name] for name in ("direction", "original", "amendments", "actual")}


@pytest.mark.parametrize("case", vectors("variance")["lines"], ids=lambda case: case["about"])
def test_a_line(case: dict[str, Any]) -> None:
    names = ("original", "amendments", "amended", "actual", "result", "percentage")
    assert calculate([LineFigures(1, "Regel", **cents(case))]) == {1: Figures(**{name: case[name] for name in names})}


@pytest.mark.parametrize("case", vectors("variance")["totals"], ids=lambda case: case["about"])
def test_a_total(case: dict[str, Any]) -> None:
    lines = [LineFigures(key, "Lid", **cents(member)) for key, member in enumerate(case["members"], start=1)]
    members = tuple((key, member["sign"]) for key, member in enumerate(case["members"], start=1))
    names = ("original", "amendments", "amended", "actual", "result", "percentage")
    expected = Figures(**{name: case[name] for name in names})
    assert calculate([*lines, LineFigures(99, "Totaal", LineKind.TOTAL, members=members)])[99] == expected


def test_totals_of_totals_and_their_order_make_no_difference() -> None:
    lines = [
        LineFigures(9, "Saldo", LineKind.TOTAL, members=((7, 1), (8, -1))),
        LineFigures(7, "Baten", LineKind.TOTAL, members=((1, 1), (2, 1))),
        LineFigures(1, "Bijdragen", direction="income", original=1000, actual=1100),
        LineFigures(2, "Rente", direction="income", original=500, actual=450),
        LineFigures(8, "Lasten", LineKind.TOTAL, members=((3, 1),)),
        LineFigures(3, "Salarissen", direction="expense", original=1200, actual=1150),
    ]
    figures = calculate(lines)
    assert figures[7] == Figures(1500, 0, 1500, 1550, 50, 3)
    assert figures[8] == Figures(1200, 0, 1200, 1150, 50, 4)
    assert figures[9] == Figures(300, 0, 300, 400, 100, 33)
    assert calculate(lines[::-1]) == figures


def test_an_actual_that_was_not_entered_counts_as_zero() -> None:
    assert calculate([LineFigures(1, "Servers", original=100, actual=None)])[1] == Figures(100, 0, 100, 0, 100, 100)


def test_a_table_without_lines_has_no_figures() -> None:
    assert calculate([]) == {}


def test_a_table_of_totals_alone_is_zero() -> None:
    nothing = Figures(0, 0, 0, 0, 0, None)
    lines = [LineFigures(1, "Saldo", LineKind.TOTAL), LineFigures(2, "Totaal", LineKind.TOTAL, members=((1, 1),))]
    assert calculate(lines) == {1: nothing, 2: nothing}


def test_a_circle_is_refused() -> None:
    lines = [
        LineFigures(1, "Saldo", LineKind.TOTAL, members=((2, 1),)),
        LineFigures(2, "B", LineKind.TOTAL, members=((1, 1),)),
    ]
    with pytest.raises(CircularTotal, match="Saldo"):
        calculate(lines)
