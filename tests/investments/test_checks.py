from investments.calculation import calculate
from investments.checks import Check, Quote, balance, closings, continuation, quote, quoted
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


# --- what a text says -------------------------------------------------------------------------------------------------
REST = columns_for(TableKind.FREE, [{"key": "rest", "label": "restant"}], 2017)
VENLO = {"2018": 14_639, "2019": 30_628, "2020": 17_742, "2021": 15_087, "2022": 45_000, "2025": 9_235}
"""What is left of the credits of Venlo by the year in which they are ready, in thousands."""


def said(text: str, millions: float, *lines: tuple[int, int], resolution: int = 100_000) -> Quote:
    return Quote(text, "rest", int(millions * 10) * 10_000_000, resolution, lines)


def judged(*quotes: Quote) -> list[tuple[int | None, Verdict | None]]:
    lines = [
        LineFigures(key, label, cells=(("rest", amount * 100_000),))
        for key, (label, amount) in enumerate(VENLO.items(), start=1)
    ]
    return [(check.difference, check.verdict) for check in quoted(quotes, evaluate(lines, REST, calculate(lines)))]


def test_what_a_text_rounds_is_no_error_and_what_it_says_otherwise_is() -> None:
    later = tuple((key, 1) for key in range(2, 7))
    assert judged(
        said("€ 117,7 miljoen gereed in 2019 en verder", 117.7, *later),
        said("€ 117,6 miljoen", 117.6, *later),
        said("€ 16,0 miljoen meer in 2019 dan in 2018", 16.0, (2, 1), (1, -1)),
        said("precies", 45.0, (5, 1), resolution=1),
        said("van een regel die er niet meer is", 45.0, (5, 1), (99, 1)),
    ) == [
        (800_000, Verdict.ROUNDING),
        (-9_200_000, Verdict.BROKEN),
        (1_100_000, Verdict.ROUNDING),
        (0, Verdict.EXACT),
        (0, Verdict.EXACT),
    ]


def test_a_quote_comes_back_as_it_was() -> None:
    made = said("€ 45 miljoen", 45.0, (5, 1))
    assert quote(made.as_data()) == made
    assert quoted([made], Evaluation({5: {"rest": None}}, {5: {}}, {5: frozenset({"rest"})}))[0].verdict is None
