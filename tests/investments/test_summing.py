from hypothesis import given
from hypothesis import strategies as st

from investments.calculation import calculate
from investments.figures import LineFigures, LineKind
from investments.summing import figures_of
from tests.investments.test_calculation import SAMPLE

CENTS = st.integers(-(10**12), 10**12)


@st.composite
def tables(draw: st.DrawFn) -> list[LineFigures]:
    """Lines of both directions, a total of some of them, and a total of that total and a line."""
    count = draw(st.integers(1, 6))
    lines = [
        LineFigures(
            key,
            f"Regel {key}",
            direction=draw(st.sampled_from(["expense", "income"])),
            original=draw(CENTS),
            amendments=draw(CENTS),
            actual=draw(st.none() | CENTS),
        )
        for key in range(1, count + 1)
    ]
    signs = st.sampled_from([1, -1])
    members = tuple((line.key, draw(signs)) for line in lines[: draw(st.integers(0, count))])
    total = LineFigures(90, "Totaal", LineKind.TOTAL, members=members)
    grand = LineFigures(91, "Saldo", LineKind.TOTAL, members=((90, draw(signs)), (1, draw(signs))))
    return [*lines, total, grand]


def test_the_sample_comes_out_as_the_worker_computes_it() -> None:
    assert figures_of(SAMPLE) == calculate(SAMPLE)


@given(tables())
def test_any_table_comes_out_as_the_worker_computes_it(lines: list[LineFigures]) -> None:
    assert figures_of(lines) == calculate(lines)


def test_nothing_is_nothing() -> None:
    assert figures_of([]) == {}
