"""A grid of more lines than a browser lays out at once is the same table to whoever reads it or types in it."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organisation
from investments.grid import LAID_OUT, MOST_MEASURED
from investments.models import Line, Table
from tests import builders
from tests.grids import expect_figures, typed
from tests.investments.computing import compute
from tests.screens import scrolls_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
COUNT = MOST_MEASURED + LAID_OUT
EDGES = """
(rows) => [rows[0], rows[1], rows.at(-3), rows.at(-1)].map(
  (row) => [...row.cells].map((cell) => Math.round(cell.getBoundingClientRect().left)).join(" "))
"""
"""Where each cell begins in the head, the first line, one far below and the total."""


@pytest.fixture
def table(org: Organisation) -> Table:
    made = builders.table(org)
    rows = Line.objects.bulk_create(
        Line(table=made, position=number, label=f"Regel {number:03}", original=Decimal(number), actual=Decimal(1))
        for number in range(1, COUNT + 1)
    )
    builders.total(made, *rows, label="Totaal")
    compute(made)
    return made


def test_a_long_grid_is_one_table_with_straight_columns(page: Page) -> None:
    grid = page.get_by_role("table", name="", exact=True).first
    expect(grid.get_by_role("row")).to_have_count(COUNT + 2)
    expect(grid.get_by_role("rowheader", name="Regel 120")).to_have_count(1)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert len(set(page.locator(".grid tr").evaluate_all(EDGES))) == 1
    assert not scrolls_sideways(page)


def test_figures_of_a_long_grid_follow_and_what_is_printed_unfolds(page: Page, lines: list[Line]) -> None:
    last, total = lines[COUNT - 1], lines[-1]
    typed(page, last).fill("100,50")
    expect_figures(page, last, result="19,50V")
    expect_figures(page, total, actual="219,50")
    printed = page.locator("#afgedrukt")
    expect(printed).to_be_hidden()
    page.get_by_text("Zoals afgedrukt", exact=True).first.click()
    expect(printed.get_by_role("rowheader", name="Regel 120")).to_be_visible()
