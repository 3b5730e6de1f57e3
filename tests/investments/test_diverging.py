from xml.etree import ElementTree as ET

import pytest
from django.template.loader import get_template

from investments.charts import LABELS, MOST_LINES, WIDTH, text_width
from investments.diverging import DeviationBar, DivergingChart, deviations

ROWS = [
    DeviationBar("Computers", -2360000, is_open=True),
    DeviationBar("Servers", 12220000),
    DeviationBar("Fiets", 0),
    DeviationBar("Telefoons", 110000),
]


def chart(*rows: DeviationBar, unit: int = 1000) -> DivergingChart:
    (made,) = deviations("ICT", unit, rows)
    return made


def test_the_largest_voordeel_stands_on_top_and_zero_is_left_out() -> None:
    made = chart(*ROWS)
    assert [(bar.label[0].words, bar.value.words, bar.series) for bar in made.bars] == [
        ("Servers", "122 V", "settled"),
        ("Telefoons", "1 V", "settled"),
        ("Computers", "-24 N", "open"),
    ]


def test_bars_go_right_and_left_from_one_zero_on_one_scale() -> None:
    servers, phones, computers = chart(*ROWS).bars
    made = chart(*ROWS)
    assert servers.x == phones.x == made.baseline
    assert computers.x + computers.width == pytest.approx(made.baseline)
    assert servers.width / computers.width == pytest.approx(12220000 / 2360000, abs=0.01)


def test_nothing_falls_outside_the_drawing_or_over_the_labels() -> None:
    for bar in chart(*ROWS).bars:
        ends = text_width(bar.value.words)
        left = bar.value.x - ends if bar.value.anchor == "end" else bar.x
        right = bar.value.x + ends if bar.value.anchor == "start" else bar.x + bar.width
        assert LABELS < left < right <= WIDTH


@pytest.mark.parametrize("result", [500, -500])
def test_all_on_one_side_use_the_whole_width(result: int) -> None:
    made = chart(DeviationBar("Een", result, is_open=True), DeviationBar("Ander", result * 2))
    assert max(bar.width for bar in made.bars) > 350


@pytest.mark.parametrize("result", [500, -500, 0])
def test_the_sides_of_zero_have_names_that_fit(result: int) -> None:
    made = chart(DeviationBar("Een", result or 1), DeviationBar("Ander", result or -1))
    left, right = made.sides
    assert (left.words, left.anchor, right.words, right.anchor) == ("nadeel", "end", "voordeel", "start")
    assert 0 < left.x - text_width(left.words) < left.x < made.baseline < right.x
    assert right.x + text_width(right.words) <= WIDTH


def test_all_of_it_is_told_in_words() -> None:
    made = chart(*ROWS)
    assert made.title == "ICT: afwijkingen van de begroting"
    assert made.description == (
        "Staafdiagram met voordelen rechts en nadelen links van nul (bedrag x € 1.000). "
        "Servers: 122 V; Telefoons: 1 V; Computers: -24 N, nog te verklaren."
    )
    assert [key.words.words for key in made.legend] == ["verklaard of niet te verklaren", "nog te verklaren"]


def test_without_anything_open_there_is_no_legend_and_without_deviation_no_drawing() -> None:
    assert chart(DeviationBar("Servers", 5)).legend == ()
    assert deviations("ICT", 1, [DeviationBar("Fiets", 0)]) == ()
    assert deviations("ICT", 1, []) == ()


def test_many_rows_take_several_drawings() -> None:
    made = deviations("ICT", 1, [DeviationBar(f"Regel {number}", number) for number in range(1, MOST_LINES + 2)])
    assert [(part.title, len(part.bars)) for part in made] == [
        ("ICT, deel 1 van 2: afwijkingen van de begroting", 20),
        ("ICT, deel 2 van 2: afwijkingen van de begroting", 1),
    ]
    assert made[0].baseline == made[1].baseline


def test_the_drawing_is_whole_svg_with_title_and_description() -> None:
    drawn = get_template("investments/diverging_chart.svg", using="fragments").render({"chart": chart(*ROWS)})
    root = ET.fromstring(drawn.strip())  # noqa: S314  our own drawing
    names = [child.tag.split("}")[1] for child in root]
    assert names[:2] == ["title", "desc"]
    assert names.count("rect") == 5
    assert [child.text for child in root if child.get("class") == "diverging-chart__side"] == ["nadeel", "voordeel"]
    assert "style" not in drawn
