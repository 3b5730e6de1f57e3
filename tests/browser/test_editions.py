"""Editions in the browser: the list on a phone, a document that is dropped, and the sign that one is done."""

import base64
import hashlib

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from jobs.models import Job, JobState
from publishing.models import Edition
from tests import builders
from tests.screens import Visitor, scrolls_sideways, violations
from tests.uploads import PAGE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DROP = """(data) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0))
  const carried = new DataTransfer()
  carried.items.add(new File([bytes], "jaarstukken.pdf", { type: "application/pdf" }))
  for (const type of ["dragover", "drop"]) {
    const event = new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true })
    document.querySelector("main").dispatchEvent(event)
  }
}"""


@pytest.fixture
def director() -> User:
    made = builders.organisation()
    team = builders.team(made)
    builders.section(builders.chapter(builders.report(made)), team, text="<p>Er is veel gedaan.</p>")
    return builders.person("Dirk", made, Role.DIRECTOR)


def press(page: Page) -> Edition:
    page.goto("/duoplus/rapporten/jaarstukken-2020/samenstellen/")
    page.get_by_label("Waarom").fill("Voor het bestuur van 3 juni")
    page.get_by_role("button", name="PDF maken").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    return Edition.objects.get()


def finish(edition: Edition) -> None:
    edition.sha256, edition.size, edition.pages = hashlib.sha256(PAGE).hexdigest(), len(PAGE), 1
    edition.file.save("editie.pdf", ContentFile(PAGE))
    Job.objects.update(state=JobState.DONE)


def test_who_waits_is_told_wherever_that_is(visit: Visitor, director: User) -> None:
    page = visit(director, "/duoplus/")
    made = press(page)
    page.goto("/duoplus/tabellen/")
    sign = page.locator("#editie-sein")
    expect(sign).to_be_empty()
    finish(made)
    expect(sign).to_contain_text("Editie 1 van Jaarstukken 2020 is klaar – downloaden")
    expect(page.locator('[hx-get="/duoplus/edities/sein/"]')).to_have_count(0)
    assert violations(page) == []
    assert not scrolls_sideways(page)
    with page.expect_download() as download:
        sign.get_by_role("link", name="downloaden").click()
    assert download.value.suggested_filename == "duoplus-jaarstukken-2020-editie-1-concept.pdf"
    sign.get_by_role("button", name="Melding sluiten").click()
    expect(sign).to_have_text("")
    page.goto("/duoplus/")
    expect(page.locator("#editie-sein")).to_have_count(0)


def test_it_is_told_after_the_tab_was_closed(visit: Visitor, director: User) -> None:
    page = visit(director, "/duoplus/")
    made = press(page)
    page.close()
    finish(made)
    again = visit(None, "/duoplus/tabellen/")
    expect(again.get_by_role("status").filter(has_text="is klaar")).to_be_visible()
    again.reload()
    expect(again.get_by_role("status").filter(has_text="is klaar")).to_have_count(0)


def test_the_list_and_a_document_that_is_dropped(visit: Visitor, director: User) -> None:
    page = visit(director, "/duoplus/")
    finish(press(page))
    page.goto("/duoplus/edities/")
    cover = page.locator(".editions__cover img")
    expect(cover).to_have_js_property("naturalWidth", 320)
    assert violations(page) == []
    assert not scrolls_sideways(page)
    row = page.get_by_role("row").filter(has_text="editie 1")
    expect(row).to_contain_text("Voor het bestuur van 3 juni")
    box = row.bounding_box()
    assert box is not None
    assert box["width"] <= 390
    page.goto("/duoplus/edities/controleren/")
    page.evaluate(DROP, base64.b64encode(PAGE).decode())
    expect(page.get_by_role("heading", level=2)).to_have_text("Dit is Jaarstukken 2020, editie 1")
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.evaluate(DROP, base64.b64encode(PAGE + b"%%EOF\n").decode())
    expect(page.get_by_role("heading", level=2)).to_have_text("Dit is geen editie van Duo+")
