from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from investments.calculation import calculate
from investments.charts import ACTUAL, BUDGET, LABELS, MOST_LINES, WIDTH, Bar, Chart, Text, budget_against_actual
from investments.columns import Column
from investments.figures import LineFigures
from tests.investments.columns import FIVE_2020

CENTS = st.integers(-(10**15), 10**15)


def line(key: int, label: str, amended: int, actual: int | None) -> LineFigures:
    """Amounts in euros."""
    return LineFigures(
        key, label, "line", "credit", amendments=amended * 100, actual=None if actual is None else actual * 100
    )


def charts(*lines: LineFigures, unit: int = 1000) -> tuple[Chart, ...]:
    return budget_against_actual("Investeringen ICT", unit, FIVE_2020, lines, calculate(lines))


def chart(*lines: LineFigures, unit: int = 1000) -> Chart:
    (only,) = charts(*lines, unit=unit)
    return only


def bars(drawing: Chart) -> list[Bar]:
    return [bar for group in drawing.groups for bar in group.bars]


def label(drawing: Chart, index: int = 0) -> list[str]:
    return [text.words for text in drawing.groups[index].label]


def test_bars_are_as_long_as_the_exact_amounts() -> None:
    budget, actual, half, quarter = bars(
        chart(line(1, "Servers", 200_000, 100_000), line(2, "Kabels", 100_000, 50_000))
    )
    assert budget.width == pytest.approx(2 * actual.width, abs=0.01)
    assert actual.width == pytest.approx(half.width, abs=0.01)
    assert half.width == pytest.approx(2 * quarter.width, abs=0.02)


def test_a_difference_that_rounding_hides_still_shows() -> None:
    budget, actual = bars(chart(line(1, "Servers", 10_400, 9_600)))
    assert (budget.value.words, actual.value.words) == ("10", "10")
    assert budget.width - actual.width > 30


def test_values_stand_beside_their_bar_in_the_unit_of_the_table() -> None:
    drawing = chart(line(1, "Computers", 232_000, 255_600))
    assert bars(drawing) == [
        Bar(BUDGET, 202, 31, 375.34, 10, Text(583.34, 40, "start", "232")),
        Bar(ACTUAL, 202, 43, 413.52, 10, Text(621.52, 52, "start", "256")),
    ]


def test_nothing_is_a_dash_without_a_bar() -> None:
    drawing = chart(line(1, "Servers", 1000, 1000), line(2, "Fiets", 0, None))
    assert [(bar.width, bar.value.words) for bar in drawing.groups[1].bars] == [(0, "-"), (0, "-")]


def test_all_zero_draws_nothing() -> None:
    assert charts(line(1, "Servers", 0, 0), line(2, "Fiets", 0, None)) == ()


def test_no_lines_draw_nothing() -> None:
    assert charts() == ()


def test_totals_are_not_drawn() -> None:
    total = LineFigures(2, "Saldo", "total", members=((1, 1),))
    assert [label(chart(line(1, "Servers", 1000, 900), total), 0)] == [["Servers"]]


def test_negative_amounts_go_left_of_the_baseline() -> None:
    drawing = chart(line(1, "Servers", -50_000, 100_000))
    below, above = bars(drawing)
    assert below.x + below.width == pytest.approx(drawing.baseline)
    assert above.x == drawing.baseline
    assert (below.value.anchor, below.value.words, below.value.x < below.x) == ("end", "-50", True)
    assert (above.value.anchor, above.value.words) == ("start", "100")


def test_only_negative_amounts_leave_room_for_their_values() -> None:
    drawing = chart(line(1, "Servers", -50_000, -100_000))
    assert all(bar.value.x > LABELS for bar in bars(drawing))
    assert drawing.baseline < WIDTH


def test_legend_uses_the_headings_of_the_table() -> None:
    columns = [Column("amended", "Bijgestelde begroting"), Column("actual", "Realisatie")]
    lines = [line(1, "Servers", 1000, 900)]
    (drawing,) = budget_against_actual("ICT", 1000, columns, lines, calculate(lines))
    assert [(key.series, key.words.words) for key in drawing.legend] == [
        (BUDGET, "Bijgestelde begroting"),
        (ACTUAL, "Realisatie"),
    ]
    assert drawing.title == "ICT: Bijgestelde begroting tegenover Realisatie"


def test_legend_has_names_when_the_table_shows_other_columns() -> None:
    lines = [line(1, "Servers", 1000, 900)]
    (drawing,) = budget_against_actual("ICT", 1000, [Column("result", "saldo")], lines, calculate(lines))
    assert [key.words.words for key in drawing.legend] == ["begroot na wijzigingen", "rekening"]


def test_description_tells_every_value() -> None:
    assert chart(line(1, "Servers", 180_000, 57_800), line(2, "Fiets", 0, None)).description == (
        "Staafdiagram met twee staven per regel (bedrag x € 1.000). "
        "Servers: begroot na wijzigingen 2020 180, rekening 2020 58; "
        "Fiets: begroot na wijzigingen 2020 -, rekening 2020 -."
    )


def test_long_label_takes_two_lines() -> None:
    drawing = chart(line(1, "I&A - aanschaf computerapparatuur en toebehoren", 1000, 900))
    assert label(drawing) == ["I&A - aanschaf computerapparatuur", "en toebehoren"]


def test_label_that_does_not_fit_ends_in_an_ellipsis() -> None:
    long = "Een omschrijving die zo lang is dat zij ook op twee regels van de tekening geen plaats vindt"
    lines = label(chart(line(1, long, 1000, 900)))
    assert (len(lines), lines[1][-1]) == (2, "…")
    assert long.startswith(f"{lines[0]} {lines[1][:-1]}")


def test_word_without_end_is_broken() -> None:
    lines = label(chart(line(1, "W" * 200, 1000, 900)))
    assert lines == ["W" * 18, "W" * 17 + "…"]


def test_long_table_takes_several_drawings_on_one_scale() -> None:
    lines = [line(number, f"Regel {number}", number * 1000, 0) for number in range(1, MOST_LINES + 6)]
    first, second = charts(*lines)
    assert (len(first.groups), len(second.groups)) == (MOST_LINES, 5)
    assert (first.title, second.title) == (
        "Investeringen ICT, deel 1 van 2: begroot na wijzigingen 2020 tegenover rekening 2020",
        "Investeringen ICT, deel 2 van 2: begroot na wijzigingen 2020 tegenover rekening 2020",
    )
    assert first.groups[9].bars[0].width * 2.5 == pytest.approx(second.groups[4].bars[0].width, abs=0.05)


@given(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=MOST_LINES), st.sampled_from([1, 1000, 1_000_000]))
def test_nothing_leaves_the_drawing_or_overlaps(amounts: list[tuple[int, int]], unit: int) -> None:
    lines = [
        LineFigures(key, f"Regel {key}", "line", "credit", original=budget, actual=actual)
        for key, (budget, actual) in enumerate(amounts)
    ]
    for drawing in charts(*lines, unit=unit):
        assert all(LABELS < bar.x <= bar.x + bar.width <= WIDTH for bar in bars(drawing))
        assert all(LABELS < bar.value.x < WIDTH for bar in bars(drawing))
        assert all(above.y + above.height < below.y for above, below in pairwise(bars(drawing)))
        assert bars(drawing)[-1].y + bars(drawing)[-1].height < drawing.height
