from investments.calculation import calculate
from investments.columns import FIVE, Column
from investments.evaluation import evaluate
from investments.figures import LineFigures, LineKind
from investments.judging import Judgement, Verdict, judge_table, worst
from tests.investments.test_calculation import SAMPLE

THOUSAND = 100_000
"""Cents."""
REST = Column("rest", "restant", terms=(("credit", 1), ("spent", -1)))
COLUMNS = (Column("credit", "krediet"), Column("spent", "besteed"), REST)


def judged(
    *lines: LineFigures, columns: tuple[Column, ...] = COLUMNS, unit: int = 1000, resolution: int = 1
) -> list[Judgement]:
    return list(judge_table(lines, columns, evaluate(lines, columns, calculate(lines)), unit, resolution))


def verdicts(found: list[Judgement]) -> dict[tuple[int, str, bool], str]:
    return {(item.line, item.column, item.across): item.verdict.value for item in found}


def credit(key: int, credit: int, spent: int, **stated: int) -> LineFigures:
    cells = (("credit", credit * THOUSAND), ("spent", spent * THOUSAND))
    return LineFigures(
        key, f"Krediet {key}", cells=cells, stated=tuple((name, cents * THOUSAND) for name, cents in stated.items())
    )


def test_the_sample_adds_up_but_for_rounding() -> None:
    found = judged(*SAMPLE, columns=FIVE)
    total = {item.column: (item.verdict, item.difference) for item in found if item.line == 7 and not item.across}
    assert total == {
        "original": (Verdict.EXACT, 0),
        "amendments": (Verdict.EXACT, 0),
        "amended": (Verdict.EXACT, 0),
        "actual": (Verdict.ROUNDING, -1000),
        "result": (Verdict.ROUNDING, 1000),
    }
    assert worst(found) == Verdict.ROUNDING


def test_a_rounding_difference_shows_the_amounts_before_rounding() -> None:
    found = judged(*SAMPLE, columns=FIVE)
    actual = next(item for item in found if (item.line, item.column) == (7, "actual"))
    assert (actual.printed, actual.added) == (465_000, 466_000)
    assert actual.chain[0] == ("I&A - aanschaf computerapparatuur", 25_560_000)
    assert sum(cents for _, cents in actual.chain) == 46_490_000


def test_across_a_row_one_unit_is_rounding_and_two_are_not() -> None:
    found = judged(credit(1, 859, 767, rest=93), credit(2, 99, 33, rest=66), credit(3, 99, 33, rest=68))
    assert verdicts(found) == {(1, "rest", True): "rounding", (2, "rest", True): "exact", (3, "rest", True): "broken"}


def test_down_a_column_half_a_unit_for_each_figure_is_rounding() -> None:
    lines = [credit(key, 100, 0) for key in (1, 2, 3)]
    members = tuple((line.key, 1) for line in lines)

    def total(credit: int) -> str:
        stated = LineFigures(9, "Totaal", LineKind.TOTAL, members=members, stated=(("credit", credit * THOUSAND),))
        return verdicts(judged(*lines, stated))[9, "credit", False]

    assert [total(amount) for amount in (300, 302, 298, 303)] == ["exact", "rounding", "rounding", "broken"]


def test_a_source_that_rounded_more_than_it_prints_may_differ_by_what_it_rounded_to() -> None:
    line = LineFigures(
        1,
        "Afschrijving",
        original=9768 * THOUSAND,
        amendments=-18 * THOUSAND,
        actual=9088 * THOUSAND,
        stated=(("amended", 9751 * THOUSAND),),
    )
    assert verdicts(judged(line, columns=FIVE, unit=1, resolution=1000))[1, "amended", True] == "rounding"
    assert verdicts(judged(line, columns=FIVE, unit=1))[1, "amended", True] == "broken"


def test_what_is_not_printed_or_not_known_is_not_judged() -> None:
    line = LineFigures(1, "Krediet", cells=(("credit", 100),))
    assert judged(line, columns=(Column("credit", "krediet"),)) == []
    assert judged(LineFigures(1, "Leeg")) == []
    assert judged(line, columns=(FIVE[2],)) == []


def test_the_result_of_a_mixed_total_is_judged_down_and_not_across() -> None:
    expense = LineFigures(1, "Lasten", original=100 * THOUSAND, actual=120 * THOUSAND)
    income = LineFigures(2, "Baten", direction="income", original=50 * THOUSAND, actual=60 * THOUSAND)
    turnover = LineFigures(3, "Omzet", LineKind.TOTAL, members=((1, 1), (2, 1)))
    found = verdicts(judged(expense, income, turnover, columns=FIVE))
    assert found[3, "result", False] == "exact"
    assert (3, "result", True) not in found
