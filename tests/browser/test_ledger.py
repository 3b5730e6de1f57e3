"""A controller's morning after the journals came: hand in a file, see its totals, map what is left, see the figure."""

from typing import cast

import pytest
from playwright.sync_api import FilePayload, ViewportSize, expect

from accounts.models import User
from accounts.roles import Role
from investments.models import Line
from tests import builders, workers
from tests.investments import ledger as books
from tests.screens import Visitor, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: ViewportSize = {"width": 390, "height": 844}
HOME = "/duoplus/grootboek/2020/"


@pytest.fixture
def line() -> Line:
    return builders.line(builders.table(builders.organisation()), original="500")


@pytest.fixture
def controller(line: Line) -> User:
    return builders.person("Saskia", line.table.organisation, Role.CONTROLLER)


def test_from_a_file_to_a_figure(visit: Visitor, controller: User, line: Line) -> None:
    page = visit(controller, HOME)
    page.get_by_role("link", name="Boekingen inlezen").click()
    content = books.csv(books.row(amount="250,00"), books.row("1600", "", "-250,00")).getvalue()
    file = cast("FilePayload", {"name": "januari.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_label("Bestand").set_input_files(file)
    with workers.running_worker():
        page.get_by_role("button", name="Controleren").click()
        page.get_by_role("button", name="Verwerken").click(timeout=40_000)
        expect(page.get_by_text("verwerkt", exact=True)).to_be_visible(timeout=40_000)
    page.get_by_role("link", name="bekijken").click()
    page.get_by_role("link", name="Koppelen: rekening 4310").click()
    page.get_by_label("Telt in de regel").select_option("Aanschaf servers")
    page.get_by_role("button", name="Koppelen").click()
    page.goto(f"/duoplus/tabellen/{line.table_id}/")
    page.get_by_role("link", name="250, boekingen van Aanschaf servers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aanschaf servers")
    expect(page.get_by_role("cell", name="Laptops")).to_be_visible()


@pytest.mark.once
def test_the_pages_are_accessible_and_fit_a_phone(visit: Visitor, controller: User, line: Line) -> None:
    books.rule(line, "4310")
    books.import_file(books.ledger(line.table.organisation), books.csv(books.row(), books.row("1600", "", "-5,00")))
    page = visit(controller, HOME)
    page.set_viewport_size(PHONE)
    for address in (
        HOME,
        f"{HOME}inlezen/",
        f"{HOME}niet-gekoppeld/",
        f"{HOME}koppelingen/",
        f"{HOME}koppelingen/nieuw/",
        f"{HOME}perioden/",
        f"/duoplus/tabellen/regels/{line.pk}/boekingen/",
        f"/duoplus/tabellen/{line.table_id}/",
    ):
        page.goto(address)
        assert violations(page) == [], address
        assert not scrolls_sideways(page), address
