"""A section as pages of the PDF: opened from where one writes, and following the text from then on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import workers
from tests.reports import office as offices
from tests.reports.office import Office
from tests.screens import Visitor, rich_text, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MADE = 40_000
"""Milliseconds: a worker has to start first."""


@pytest.fixture
def office() -> Office:
    made = offices.build()
    made.write("<p>Het jaar in één zin.</p>")
    return made


def shape(page: Page) -> str | None:
    """What the address of the first picture says of the pages it is one of."""
    return page.locator(".sheets__sheet").first.get_attribute("src")


def test_it_follows_the_text_from_another_tab(visit: Visitor, office: Office) -> None:
    with workers.running_worker():
        writing = visit(office.lead.user, office.url("section-write"))
        with writing.context.expect_page() as opened:
            writing.get_by_role("link", name="Voorbeeld").click()
        preview = opened.value
        expect(preview.get_by_role("heading", level=1)).to_have_text(office.section.title)
        expect(preview.get_by_text("1 bladzijde, zoals de tekst nu is opgeslagen.")).to_be_visible(timeout=MADE)
        before = shape(preview)
        assert (
            preview.locator(".sheets__sheet").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1240
        )
        writing.bring_to_front()
        rich_text(writing).click()
        writing.keyboard.press("Control+End")
        for _ in range(60):
            writing.keyboard.insert_text("Er kwam nog een alinea bij.")
            writing.keyboard.press("Enter")
        writing.get_by_role("link", name="Voorbeeld").focus()
        expect(writing.locator(".save-state")).to_have_text(re.compile("Opgeslagen om"))
        expect(preview.get_by_text(re.compile(r"[23] bladzijden, zoals"))).to_be_visible(timeout=MADE)
        assert shape(preview) != before
    assert violations(preview) == []
    assert not scrolls_sideways(preview)


def test_without_a_worker_it_says_what_it_waits_for(visit: Visitor, office: Office) -> None:
    page = visit(office.director.user, office.url("section"))
    page.get_by_role("link", name="Voorbeeld").click()
    expect(page.get_by_role("status").get_by_text("De bladzijden worden opgemaakt")).to_be_visible()
    assert violations(page) == []
