"""The bridge to C gives the same memory, and parses no name of a type for each length; a chart's words are whole."""

import pypdfium2
import pytest
from pypdfium2 import raw
from weasyprint.pdf import fonts
from weasyprint.text.ffi import ffi

from investments.charts import LETTER, text_width
from publishing import pdf
from publishing.fragments import stylesheet
from publishing.quicker import _AnyLength, hurry
from tests.publishing.printing import quiet

SIZE = 20
MARGIN = 50 / 25.4 * 72
"""Points left of the text of a page."""


def test_values_of_any_length_have_one_type() -> None:
    bridge = _AnyLength(ffi)
    assert list(bridge.new("unsigned int[3]", [4, 5, 6])) == [4, 5, 6]
    assert list(bridge.new("unsigned int[2]", (7, 8))) == [7, 8]
    assert not {"unsigned int[2]", "unsigned int[3]"} & set(ffi._parsed_types)


def test_memory_without_values_is_as_long_as_it_says() -> None:
    assert len(_AnyLength(ffi).new("char[4]")) == 4


def test_fonts_are_embedded_by_way_of_it_and_it_is_put_there_once() -> None:
    pdf.render('<html lang="nl"><title>x</title><p>Een zin.', "", "key", {}, quiet)
    hurry()
    assert isinstance(fonts.ffi, _AnyLength)
    assert fonts.ffi._ffi is ffi


def texts(words: str, anchor: str = "start") -> list[tuple[str, float, float]]:
    """What a chart's text at 75 points from the left is shown as, in pieces, each with where it begins and ends."""
    text = f'<text x="100" y="20" text-anchor="{anchor}">{words}</text>'
    drawing = f'<svg style="display: block" font-family="Source Sans" font-size="{SIZE}">{text}</svg>'
    page = f'<!DOCTYPE html><html lang="nl"><title>x</title><body>{drawing}</body></html>'
    made = pdf.render(page, stylesheet("#154273", "source-sans"), "key", {}, quiet)
    with pypdfium2.PdfDocument(made.data) as file:
        sheet = file[0]
        pieces = list(sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], textpage=sheet.get_textpage(), max_depth=1))
        edges = [piece.get_bounds() for piece in pieces]
        return [
            (piece.extract(), left - MARGIN, right - MARGIN)
            for piece, (left, _, right, _) in zip(pieces, edges, strict=True)
        ]


def width(words: str) -> float:
    ((shown, left, right),) = texts(words)
    assert shown == words
    return right - left


def test_a_text_of_a_chart_is_shown_in_one_go_with_letters_that_know_their_neighbours() -> None:
    steps = width("AA") - width("A"), width("VV") - width("V")
    assert width("AVAVAVA") < 3 * sum(steps) + width("A") - 1


def test_a_text_of_a_chart_begins_ends_or_has_its_middle_at_its_place() -> None:
    places = {}
    for anchor in ("start", "middle", "end"):
        ((_, left, right),) = texts("Lasten", anchor)
        places[anchor] = {"start": left, "middle": (left + right) / 2, "end": right}[anchor]
    assert places == {name: pytest.approx(75, abs=2) for name in places}


def test_a_text_without_words_shows_nothing() -> None:
    assert texts("") == []


def test_a_chart_that_cannot_be_drawn_fails_its_page() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        texts("Lasten", anchor="nowhere")


def test_chart_labels_in_capitals_are_no_wider_than_charts_take_them_for() -> None:
    label = "DOORONTWIKKELING ONDERHOUD GROEN, AFVAL EN MOBILITEIT MWÆŒ & ZORG…"
    assert width(label) <= text_width(label) / LETTER * SIZE * 0.75
