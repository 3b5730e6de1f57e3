from investments.calculation import calculate
from investments.checks import Check, balance, closings, continuation
from investments.columns import TableKind, columns_for
from investments.evaluation import Evaluation, evaluate
from investments.figures import LineFigures, LineKind
from investments.judging import Verdict, worst

SHEET = columns_for(TableKind.BALANCE_SHEET, [], 2020)
RESERVES = columns_for(TableKind.RESERVES, [], 2020)


def item(key: int, label: str, direction: str, closing: int, opening: int) -> LineFigures:
    return LineFigures(key, label, direction=direction, cells=(("closing", closing), ("opening", opening)))


def reserve(key: int, label: str, **amounts: int) -> LineFigures:
    return LineFigures(key, label, cells=tuple(amounts.items()))


def evaluated(*lines: LineFigures) -> Evaluation:
    return evaluate(lines, RESERVES, calculate(lines))


def balanced(*lines: LineFigures, resolution: int = 1) -> list[tuple[str, int | None, Verdict | None]]:
    cells = evaluate(lines, SHEET, calculate(lines))
    return [(check.subject, check.difference, check.verdict) for check in balance(lines, SHEET, cells, resolution)]


def test_assets_equal_liabilities_at_both_dates() -> None:
    found = balanced(
        item(1, "Materiële vaste activa", "asset", 800_00, 750_00),
        item(2, "Liquide middelen", "asset", 200_00, 150_00),
        LineFigures(3, "Totaal activa", LineKind.TOTAL, "asset", members=((1, 1), (2, 1))),
        item(4, "Eigen vermogen", "liability", 1_000_00, 899_99),
    )
    assert found == [
        ("Balans, 31-12-2020", 0, Verdict.EXACT),
        ("Balans, 31-12-2019", 1, Verdict.BROKEN),
    ]


def test_a_balance_of_rounded_figures_may_be_off_by_half_of_what_each_was_rounded_to() -> None:
    asset, liability = item(1, "Activa", "asset", 801_000_00, 0), item(2, "Passiva", "liability", 800_000_00, 0)
    assert balanced(asset, liability, resolution=1000)[0][1:] == (1000_00, Verdict.ROUNDING)
    assert balanced(asset, liability)[0][1:] == (1000_00, Verdict.BROKEN)


def test_a_table_with_one_side_is_no_balance() -> None:
    assert balanced(item(1, "Activa", "asset", 1, 1)) == []


def test_every_line_opens_with_what_it_closed_with() -> None:
    before = [
        reserve(1, "Algemene reserve", opening=50, additions=10, withdrawals=0),
        reserve(2, "Egalisatie", opening=9),
    ]
    last_year = closings(before, evaluated(*before))
    assert last_year == {"algemene reserve": 60, "egalisatie": None}
    lines = [reserve(3, "Algemene  Reserve", opening=60), reserve(4, "Egalisatie", opening=9)]
    found = continuation(lines, evaluated(*lines), last_year)
    assert [(check.subject, check.verdict) for check in found] == [
        ("Algemene  Reserve", Verdict.EXACT),
        ("Egalisatie", None),
    ]
    assert found[1].told == [
        ("begin van dit jaar", "0,09"),
        ("eind van vorig jaar", "onbekend"),
        ("verschil", "onbekend"),
    ]


def test_a_new_line_opens_with_nothing_and_a_line_that_is_gone_closed_with_nothing() -> None:
    lines = [reserve(1, "Nieuw"), reserve(2, "Nieuw met begin", opening=5)]
    found = continuation(lines, evaluated(*lines), {"opgeheven": 0, "verdwenen": 7})
    assert [(check.subject, check.difference, check.verdict) for check in found] == [
        ("Nieuw met begin", 5, Verdict.BROKEN),
        ("verdwenen", -7, Verdict.BROKEN),
    ]


def test_what_is_not_known_breaks_nothing() -> None:
    assert worst([Check("Reserve", ("begin", None), ("eind", 5))]) == Verdict.EXACT
