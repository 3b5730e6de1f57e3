"""How fast the grid is at 500 lines of 12 columns: `python -m pytest tests/bench/grid.py -s`.

It prints what it measured in headless Chromium and asserts only what people see: times say as much about the machine.
"""

import sys
from decimal import Decimal

import pytest
from playwright.sync_api import expect

import duoplus.wsgi  # noqa: F401  what the web process of production does before its first page
from accounts.roles import Role
from investments.columns import FIVE, Column
from investments.models import Cell, Line, Table
from tests import builders
from tests.investments.computing import compute
from tests.screens import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINES, OWN = 500, 5
FIRST_LOAD, TYPING = 1000, 50
"""Milliseconds that a controller may wait."""

PAINTED = """
async (input) => {
  const waits = []
  for (const letter of "1234567890".repeat(2)) {
    await new Promise((resume) => requestAnimationFrame(resume))
    const begun = performance.now()
    input.value += letter
    input.dispatchEvent(new InputEvent("input", { bubbles: true, data: letter }))
    await new Promise((resume) => requestAnimationFrame(() => setTimeout(resume)))
    waits.push(performance.now() - begun)
    if (input.value.length > 6) input.value = ""
  }
  return waits.sort((one, other) => one - other)
}
"""
"""From a letter to the moment after the frame in which it and all totals were painted."""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
ANSWERED = "performance.getEntriesByType('navigation')[0].responseEnd"
"""Milliseconds from asking for the page."""


@pytest.fixture
def table() -> Table:
    """Seven typed or computed columns of the budget, four of the table's own and their sum."""
    organisation = builders.organisation()
    made = builders.table(organisation, unit=1)
    own = tuple(Column(f"own_{number}", f"kwartaal {number}") for number in range(1, OWN))
    total = Column("year", "jaar", terms=tuple((column.key, 1) for column in own))
    made.columns = [
        column.as_data() for column in (*FIVE, *own, total, Column("percentage", "%"), Column("mark", "V/N"))
    ]
    made.save()
    team = builders.team(organisation)
    rows = Line.objects.bulk_create(
        Line(
            table=made,
            position=number,
            label=f"Regel {number:03}",
            owner_team=team,
            original=Decimal(number * 100),
            actual=Decimal(number * 99),
        )
        for number in range(1, LINES + 1)
    )
    Cell.objects.bulk_create(
        Cell(line=row, column=column.key, amount=Decimal(25 * row.position)) for row in rows for column in own
    )
    builders.total(made, *rows, label="Totaal")
    compute(made)
    return made


def test_grid_of_500_lines(visit: Visitor, table: Table) -> None:
    controller = builders.person("Saskia Roelofsen", table.organisation, Role.CONTROLLER)
    address = f"/duoplus/tabellen/{table.pk}/"
    page = visit(controller, "/duoplus/tabellen/")
    for _ in range(2):
        page.goto(address, timeout=60_000)
    painted, answered = float(page.evaluate(FIRST_PAINT)), float(page.evaluate(ANSWERED))
    line = table.lines.get(label="Regel 250")
    field = page.locator(f"#regel-{line.pk}-actual")
    field.focus()
    waits = field.evaluate(PAINTED)
    sys.stdout.write(
        f"\n{LINES} lines of {len(table.printed_columns)} columns: answered in {answered:.0f} ms and painted in "
        f"{painted:.0f} (at most {FIRST_LOAD}); from letter to paint {waits[len(waits) // 2]:.0f} ms in the middle, "
        f"{waits[-1]:.0f} at worst (at most {TYPING})\n"
    )
    field.fill("1.000.000")
    expect(page.locator(f"#regel-{line.pk}-result")).to_contain_text("-975.000")
    expect(page.locator(f"#regel-{table.lines.get(label='Totaal').pk}-actual")).to_have_text("13.375.000")
