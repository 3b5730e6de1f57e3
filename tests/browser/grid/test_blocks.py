"""Blocks of cells: pasted, copied, filled down, undone."""

from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from investments.models import Line
from tests.grids import actual, expect_figures, leave, row, typed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_a_column_from_a_spreadsheet_goes_down_the_rows(page: Page, lines: list[Line]) -> None:
    _paste(page, typed(page, lines[1]), "1.000\r\n(2.000)\r\n3.000,50\r\n")
    expect(typed(page, lines[2])).to_have_value("-2.000")
    leave(page)
    for line in lines[1:4]:
        expect(row(page, line)).to_contain_text("wordt berekend")
    expect(typed(page, lines[1])).to_have_value("1.000")
    expect(typed(page, lines[3])).to_have_value("3.000,50")
    assert [actual(line) for line in lines[1:4]] == [Decimal(1000), Decimal(-2000), Decimal("3000.50")]


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("1\t2", "U plakt 1 bij 2 cellen; zoveel passen er hier niet. Er is niets geplakt."),
        ("1\n2\n3", "U plakt 3 bij 1 cellen; zoveel passen er hier niet. Er is niets geplakt."),
        ("1.234\n1,234.50", "“1,234.50” en “1.234” zijn op twee manieren geschreven. Er is niets geplakt."),
        ("1,234\n5", "“1,234” is geen bedrag, of kan twee dingen betekenen. Er is niets geplakt."),
    ],
)
def test_what_has_no_certain_place_or_reading_is_not_pasted(
    page: Page, lines: list[Line], pasted: str, said: str
) -> None:
    _paste(page, typed(page, lines[4]), pasted)
    expect(page.get_by_text(said)).to_be_visible()
    expect(typed(page, lines[4])).to_have_value("18.900")
    expect(typed(page, lines[5])).to_have_value("0")


def test_a_block_in_english_numbers_goes_right_and_down(page: Page, lines: list[Line]) -> None:
    _paste(page, typed(page, lines[3], "original"), "1,234.50\t10.00\r\n2,000.00\t-20.25\r\n")
    leave(page)
    expect(row(page, lines[4])).to_contain_text("wordt berekend")
    expect(typed(page, lines[3], "original")).to_have_value("1.234,50")
    expect(typed(page, lines[4])).to_have_value("-20,25")
    assert [actual(line) for line in lines[3:5]] == [Decimal(10), Decimal("-20.25")]


def test_a_block_is_chosen_copied_and_filled_down(page: Page, lines: list[Line]) -> None:
    typed(page, lines[0]).click()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("3 bij 1 cellen gekozen")).to_be_visible()
    copied = typed(page, lines[2]).evaluate(
        """(input) => {
            const clipboardData = new DataTransfer()
            input.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true }))
            return clipboardData.getData("text")
        }"""
    )
    assert copied == "255.600\n67.900\n57.800"
    page.keyboard.press("Control+d")
    leave(page)
    expect(row(page, lines[2])).to_contain_text("wordt berekend")
    assert [actual(line) for line in lines[:3]] == [Decimal(255600)] * 3


def test_what_was_done_is_undone_and_done_again(page: Page, lines: list[Line]) -> None:
    typed(page, lines[1]).fill("1")
    page.keyboard.press("Enter")
    page.keyboard.type("2")
    page.keyboard.press("Control+z")
    expect(typed(page, lines[2])).to_have_value("57.800")
    page.keyboard.press("Control+z")
    expect(typed(page, lines[1])).to_have_value("67.900")
    expect_figures(page, lines[1], result="12.100V")
    page.keyboard.press("Control+y")
    expect(typed(page, lines[1])).to_have_value("1")
    leave(page)
    expect(row(page, lines[1])).to_contain_text("wordt berekend")
    assert [actual(line) for line in lines[1:3]] == [Decimal(1), Decimal(57800)]


def _paste(page: Page, place: Locator, text: str) -> None:
    place.click()
    place.evaluate(
        """(input, text) => {
            const clipboardData = new DataTransfer()
            clipboardData.setData("text", text)
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
        }""",
        text,
    )
