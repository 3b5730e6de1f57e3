"""The director's ten minutes: press one button, see progress, download the PDF; also on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import Organisation, User
from accounts.roles import Role
from publishing.models import Edition
from reports.models import SectionKind
from tests import builders, workers
from tests.screens import Visitor, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def duoplus() -> Organisation:
    made = builders.organisation()
    team = builders.team(made)
    chapter = builders.chapter(builders.report(made))
    builders.section(chapter, team, text="<p>Er is veel gedaan.</p>")
    table = builders.sample_table(made, team)
    builders.section(chapter, team, "Investeringen ICT", SectionKind.FIGURES, table)
    return made


@pytest.fixture
def director(duoplus: Organisation) -> User:
    return builders.person("Dirk", duoplus, Role.DIRECTOR)


def press(page: Page) -> None:
    page.get_by_role("link", name="PDF maken").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jaarstukken 2020 samenstellen")
    page.get_by_role("button", name="PDF maken").click()


def test_the_director_compiles_and_downloads(visit: Visitor, director: User, tmp_path: Path) -> None:
    with workers.running_worker():
        page = visit(director, "/duoplus/")
        press(page)
        button = page.get_by_role("link", name="PDF downloaden")
        expect(button).to_be_visible(timeout=40_000)
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "duoplus-jaarstukken-2020-editie-1-concept.pdf"
    download.value.save_as(tmp_path / "editie.pdf")
    stored = Path(Edition.objects.get().file.path)
    assert (tmp_path / "editie.pdf").read_bytes() == stored.read_bytes()


def test_progress_survives_closing_the_tab(visit: Visitor, director: User) -> None:
    page = visit(director, "/duoplus/rapporten/jaarstukken-2020/samenstellen/")
    page.get_by_role("button", name="PDF maken").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    address = page.url
    page.close()
    with workers.running_worker():
        again = visit(director, address)
        expect(again.get_by_role("link", name="PDF downloaden")).to_be_visible(timeout=40_000)


@pytest.mark.once
def test_the_pages_are_accessible_and_fit_a_phone(visit: Visitor, director: User) -> None:
    page = visit(director, "/duoplus/")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    press(page)
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    for address in ("/duoplus/edities/", "/duoplus/rapporten/jaarstukken-2020/samenstellen/", "/duoplus/"):
        page.goto(address)
        assert violations(page) == [], address
        assert not scrolls_sideways(page), address
