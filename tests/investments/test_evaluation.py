from investments.calculation import calculate
from investments.columns import Column, TableKind, columns_for
from investments.evaluation import Evaluation, evaluate, orientation
from investments.figures import LineFigures, LineKind

RESERVES = columns_for(TableKind.RESERVES, [], 2020)


def evaluated(*lines: LineFigures, columns: tuple[Column, ...] = RESERVES) -> Evaluation:
    return evaluate(lines, columns, calculate(lines))


def reserve(key: int, **amounts: int) -> LineFigures:
    return LineFigures(key, f"Reserve {key}", cells=tuple(amounts.items()))


def test_a_computed_column_is_the_sum_of_its_terms() -> None:
    cells = evaluated(reserve(1, opening=500, additions=100, withdrawals=250, committed=157)).computed[1]
    assert (cells["closing"], cells["free"]) == (350, 193)


def test_a_movement_that_is_not_known_leaves_the_closing_unknown() -> None:
    cells = evaluated(reserve(1, opening=500, additions=100)).computed[1]
    assert (cells["closing"], cells["free"]) == (None, None)


def test_an_empty_cell_of_another_column_counts_as_nothing() -> None:
    cells = evaluated(reserve(1, opening=500, additions=0, withdrawals=0)).computed[1]
    assert (cells["committed"], cells["closing"], cells["free"]) == (None, 500, 500)


def test_a_total_adds_up_each_column_with_the_signs_of_its_members() -> None:
    total = LineFigures(3, "Totaal", LineKind.TOTAL, members=((1, 1), (2, -1)))
    cells = evaluated(
        reserve(1, opening=500, additions=100, withdrawals=0), reserve(2, opening=50, additions=1, withdrawals=7), total
    ).computed[3]
    assert (cells["opening"], cells["additions"], cells["withdrawals"], cells["closing"]) == (450, 99, -7, 556)


def test_a_total_of_something_unknown_is_unknown() -> None:
    total = LineFigures(3, "Totaal", LineKind.TOTAL, members=((1, 1), (2, 1)))
    cells = evaluated(reserve(1, opening=500, additions=100, withdrawals=0), reserve(2, opening=50), total).computed[3]
    assert (cells["opening"], cells["additions"], cells["closing"]) == (550, None, None)


def test_what_the_source_states_is_shown_where_it_states_it() -> None:
    line = LineFigures(1, "Reserve", cells=(("opening", 500),), stated=(("closing", 43_200_000),))
    cells = evaluated(line)
    assert (cells.shown(1, "closing"), cells.computed[1]["closing"], cells.shown(1, "opening")) == (
        43_200_000,
        None,
        500,
    )


def test_columns_may_be_sums_of_budget_columns_and_of_later_columns() -> None:
    columns = (
        Column("left", "over", terms=(("rest", 1), ("moved", -1))),
        Column("rest", "rest", terms=(("amended", 1), ("actual", -1))),
        Column("moved", "over naar 2021"),
    )
    line = LineFigures(1, "Krediet", original=1000, amendments=100, actual=300, cells=(("moved", 50),))
    assert evaluated(line, columns=columns).computed[1]["left"] == 750


def test_orientation_tells_whether_spending_less_is_favourable() -> None:
    expense, income = LineFigures(1, "Lasten"), LineFigures(2, "Baten", direction="income")
    balance = LineFigures(3, "Saldo", LineKind.TOTAL, members=((2, 1), (1, -1)))
    turnover = LineFigures(4, "Omzet", LineKind.TOTAL, members=((2, 1), (1, 1)))
    lines = {line.key: line for line in (expense, income, balance, turnover)}
    assert [orientation(line, lines) for line in lines.values()] == [1, -1, -1, 0]
