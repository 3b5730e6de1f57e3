from investments.calculation import calculate
from investments.carrying import Carried, carry
from investments.checks import Check
from investments.columns import FIVE, Column, columns_for
from investments.evaluation import evaluate
from investments.figures import LineFigures, LineKind
from investments.judging import Verdict

BEFORE = Column("before", "rekening 2019")


def line(key: int, label: str, actual: int, kind: str = LineKind.LINE, direction: str = "expense") -> LineFigures:
    return LineFigures(key, label, kind, direction, actual=actual)


def carried(lines: list[LineFigures], last_year: list[LineFigures]) -> Carried:
    columns = columns_for("", [column.as_data() for column in FIVE], 2019)
    cells = evaluate(last_year, columns, calculate(last_year))
    return carry(lines, {"before": (BEFORE, "actual")}, last_year, cells)


def test_lines_of_two_years_belong_together_by_label_kind_and_direction() -> None:
    last_year = [
        line(1, "Bestuur", 100),
        line(2, "Bestuur", 70, direction="income"),
        line(3, "Beheer", 9, LineKind.INFORMATION),
    ]
    lines = [line(11, " bestuur ", 0, direction="income"), line(12, "Bestuur", 0), line(13, "Nieuw", 5)]
    found = carried([*lines, line(14, "Beheer", 0, LineKind.INFORMATION)], last_year)
    assert found == Carried({11: {"before": 70}, 12: {"before": 100}, 13: {"before": None}, 14: {"before": 9}})


def test_lines_that_are_alike_go_in_their_order_and_totals_take_nothing_over() -> None:
    last_year = [line(1, "Overig", 1), line(2, "Overig", 2), LineFigures(3, "Saldo", LineKind.TOTAL, members=((1, 1),))]
    lines = [line(11, "Overig", 0), line(12, "Overig", 0), LineFigures(13, "Saldo", LineKind.TOTAL)]
    assert carried(lines, last_year).amounts == {11: {"before": 1}, 12: {"before": 2}}


def test_what_finds_no_place_is_told() -> None:
    found = carried([line(11, "Nieuw", 0)], [line(1, "Oud", 250), line(2, "Leeg", 0)])
    (check,) = found.checks
    assert check == Check("Oud, rekening 2019", ("in deze tabel", 0), ("in die van vorig jaar", 250))
    assert check.verdict == Verdict.BROKEN
