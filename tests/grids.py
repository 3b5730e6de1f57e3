"""What browser tests of the grid ask of it."""

import re
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

from investments.models import Line, Table

SAVED = re.compile(r"Opgeslagen om \d\d:\d\d")


def address(table: Table) -> str:
    return f"/duoplus/tabellen/{table.pk}/"


def typed(page: Page, line: Line, name: str = "actual") -> Locator:
    return page.locator(f"#regel-{line.pk}-{name}")


def row(page: Page, line: Line) -> Locator:
    return page.locator(f"#rij-{line.pk}")


def expect_figures(page: Page, line: Line, **texts: str) -> None:
    """What stands in the cells that follow from the amounts, by the name of the figure."""
    for name, text in texts.items():
        expect(page.locator(f"#regel-{line.pk}-{name}")).to_have_text(text)


def below(page: Page, line: Line) -> Locator:
    return page.locator(f"#bericht-{line.pk}")


def actual(line: Line) -> Decimal | None:
    return Line.objects.get(pk=line.pk).actual


def leave(page: Page) -> None:
    """The focus goes elsewhere on the page."""
    page.get_by_role("heading", level=1).click()
