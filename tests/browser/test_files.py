"""A controller takes a published table from a file into the portal, sees it judged, and takes it back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Organisation, User
from accounts.roles import Role
from investments.models import Table
from tests import builders
from tests.investments.published import published
from tests.screens import Visitor, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def controller() -> User:
    org: Organisation = builders.organisation()
    return builders.person("Saskia Roelofsen", org, Role.CONTROLLER)


def look(page: Page) -> None:
    """Nobody is kept out of this page, wide or narrow."""
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert not scrolls_sideways(page)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_file_becomes_a_table_and_is_taken_back(visit: Visitor, controller: User, tmp_path: Path) -> None:
    source = published()["maassluis_2017_investeringen_overhead"]
    file = tmp_path / "investeringen.xlsx"
    file.write_bytes(source.xlsx())
    page = visit(controller, "/duoplus/tabellen/")
    page.get_by_role("link", name="Uit bestanden").click()
    page.get_by_role("link", name="Bestand aanbieden").click()
    look(page)
    page.get_by_label("Bestand", exact=True).set_input_files(file)
    page.get_by_label("Titel van de nieuwe tabel").fill("Investeringen")
    page.get_by_label("Boekjaar van de nieuwe tabel").fill("2017")
    page.get_by_role("button", name="Kolommen koppelen").click()
    expect(page.get_by_label("B: Begroot", exact=True)).to_have_value("amended")
    expect(page.get_by_label("G: Saldo ultimo 2017, telt op")).to_have_value("D; E; -F")
    expect(page.get_by_label("rij 7: Totaal, telt op")).to_have_value("4 t/m 6")
    look(page)
    page.get_by_role("button", name="Bekijken").click()
    expect(page.get_by_role("heading", name="De tabel zoals zij wordt")).to_be_visible()
    expect(page.get_by_role("row", name="Totaal 1.452 970 482 20 -20 522")).to_be_visible()
    expect(page.get_by_role("row", name="Stadhuis Restant 93.000 92.000 1.000 afrondingsverschil")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Invoeren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Investeringen")
    page.goto("/duoplus/tabellen/bestanden/")
    look(page)
    page.get_by_role("link", name="investeringen.xlsx").click()
    page.get_by_role("link", name="Ongedaan maken").click()
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_text("De invoer uit “investeringen.xlsx” is ongedaan gemaakt.")).to_be_visible()
    assert Table.objects.count() == 0
