"""The director's review in a browser, what the writer hears of it, older versions; and nothing hostile runs."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from reports import actions
from reports.models import Section, SectionKind
from tests import builders
from tests.hostile import HOSTILE
from tests.reports import office as offices
from tests.reports.office import Office
from tests.screens import Visitor, rich_text, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office() -> Office:
    return offices.build()


def state(section: Section) -> str:
    return Section.objects.get(pk=section.pk).state


def test_the_director_sends_back_and_later_agrees(visit: Visitor, office: Office) -> None:
    office.write("<p>Wij deden veel.</p>")
    office.take("submit")
    page = visit(office.director.user, office.page("to-review"))
    page.get_by_role("link", name="Speerpunten").click()
    page.get_by_text("Terugsturen", exact=True).first.click()
    page.get_by_role("button", name="Terugsturen").click()
    expect(page.get_by_label("Reden")).to_be_focused()
    page.get_by_label("Reden").fill("Noem ook de kosten.")
    page.get_by_role("button", name="Terugsturen").click()
    expect(page.get_by_text("“Speerpunten” is teruggestuurd met uw reden.")).to_be_visible()
    assert state(office.section) == "draft"

    writer = visit(office.lead.user, office.page("own-sections"))
    expect(writer.get_by_role("cell", name="teruggestuurd")).to_be_visible()
    writer.get_by_role("link", name="Speerpunten").click()
    expect(writer.get_by_text("Noem ook de kosten.")).to_be_visible()
    writer.get_by_role("button", name="Ter beoordeling aanbieden").click()
    expect(writer.get_by_text("“Speerpunten” is ter beoordeling aangeboden.")).to_be_visible()

    again = visit(office.director.user, office.url("section"))
    again.get_by_role("button", name="Akkoord").click()
    expect(again.get_by_text("U hebt ingestemd met “Speerpunten”.")).to_be_visible()
    assert state(office.section) == "agreed"


def test_agreeing_to_what_changed_meanwhile_shows_the_new_text(visit: Visitor, office: Office) -> None:
    office.write("<p>Eerst.</p>")
    office.take("submit")
    page = visit(office.director.user, office.url("section"))
    office.take("withdraw")
    office.write("<p>Daarna.</p>")
    office.take("submit")
    page.get_by_role("button", name="Akkoord").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Joost Vermaat was u net voor")
    expect(page.get_by_text("Daarna.")).to_be_visible()
    assert state(office.section) == "in_review"


def test_versions_are_compared_and_brought_back(visit: Visitor, office: Office) -> None:
    office.write("<p>Wij deden veel.</p>")
    office.write("<p>Wij deden niets.</p>")
    page = visit(office.lead.user, office.url("section"))
    page.get_by_role("link", name="Alle versies").click()
    page.get_by_role("link", name="Versie 3 vergelijken").click()
    expect(page.locator(".changes del")).to_have_text("veel")
    expect(page.locator(".changes ins")).to_have_text("niets")
    assert violations(page) == []
    page.get_by_role("link", name="Alle versies").click()
    page.get_by_text("1 eerder opgeslagen").click()
    page.get_by_role("button", name="Versie 2 terugzetten").click()
    expect(rich_text(page)).to_have_text("Wij deden veel.")
    assert Section.objects.get(pk=office.section.pk).text == "<p>Wij deden veel.</p>"


def full(office: Office) -> Section:
    """A section of each kind, with footnotes, goals and figures, the last of them in review."""
    text = '<h3>Kop</h3><p>Tekst<span data-footnote="">noot</span> en <a href="https://duoplus.example">link</a>.</p>'
    goals = office.add("Doelen", SectionKind.GOALS)
    rows = [actions.GoalInput("Digitaal", text, ""), actions.GoalInput("Robot", "", "<p>Gebouwd</p>")]
    actions.save_section(office.lead, goals.pk, 1, actions.SectionInput(text, rows))
    done = office.add("Prestaties", SectionKind.ACHIEVEMENTS)
    entry = actions.SectionInput(text, (), [actions.AchievementInput(None, "Balie", text)])
    actions.save_section(office.lead, done.pk, 1, entry)
    figures = office.add("Investeringen", SectionKind.FIGURES, table=builders.sample_table(office.organisation))
    for section in (goals, figures):
        office.take("submit", section)
    return figures


@pytest.mark.once
def test_the_pages_are_accessible_and_fit_a_phone(visit: Visitor, office: Office) -> None:
    section = full(office)
    page = visit(office.director.user, office.url("section", section))
    addresses = [
        *(office.url("section", row) for row in Section.objects.all()),
        office.url("versions", section),
        office.page("report", slug=office.report.slug),
        office.page("report-list"),
        office.page("to-review"),
        office.page("chapter-read", chapter_id=office.chapter.pk),
    ]
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(address)
        assert violations(page) == [], address
        assert not scrolls_sideways(page), address


def settled(page: Page) -> None:
    """What the page's scripts put into it has been drawn, and what that asked for was asked."""
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


def test_nothing_hostile_runs_in_any_page(visit: Visitor, office: Office) -> None:
    """The fixtures see to it that the console stays empty and that nothing elsewhere is asked for."""
    everything = "".join(HOSTILE)
    section = office.add("Doelen", SectionKind.GOALS)
    goals = [actions.GoalInput(text.strip() or "leeg", text, text, None, text[:20]) for text in HOSTILE]
    actions.save_section(office.lead, section.pk, 1, actions.SectionInput(everything, goals))
    page = visit(office.lead.user, office.url("section", section))
    ran: list[str] = []

    def note(dialog: Dialog) -> None:
        ran.append(f"{dialog.type}: {dialog.message}")
        dialog.accept()

    page.on("dialog", note)
    page.goto(office.url("section", section))
    settled(page)
    for link in page.locator(".reading .prose a:not([href^='#'])").all():
        assert (link.get_attribute("href") or "").startswith(("https:", "http:", "mailto:"))
    page.goto(office.url("version", section, number=2))
    settled(page)
    page.goto(office.url("section-write", section))
    expect(page.locator(".ProseMirror")).to_have_count(1 + 2 * len(HOSTILE))
    settled(page)
    page.goto(office.url("section-write"))
    page.evaluate("text => { document.querySelector('textarea[data-rich-text]').value = text }", everything)
    office.write("<p>Een ander was eerder.</p>")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Uw tekst is nog niet opgeslagen")
    settled(page)
    assert ran == []
