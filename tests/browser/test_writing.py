"""The team lead's work in a browser: write, save by itself, meet a colleague, lose no word."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from library.models import Theme
from reports.models import Achievement, Goal, Section, SectionKind, SectionVersion
from tests.reports import office as offices
from tests.reports.office import Office
from tests.screens import Visitor, rich_text, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
SAVED = re.compile(r"Opgeslagen om \d\d:\d\d")


@pytest.fixture
def office() -> Office:
    return offices.build()


def status(page: Page) -> Locator:
    return page.locator(".save-state")


def stored(section: Section) -> str:
    return Section.objects.get(pk=section.pk).text


def test_the_lead_writes_saves_and_submits(visit: Visitor, office: Office) -> None:
    page = visit(office.lead.user, office.url("section"))
    page.get_by_role("link", name="Schrijven").click()
    rich_text(page).click()
    page.keyboard.type("Wij hebben ")
    page.get_by_role("button", name="Vet").click()
    page.keyboard.type("veel")
    page.get_by_role("button", name="Vet").click()
    page.keyboard.type(" gedaan.")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.get_by_role("status").get_by_text(SAVED).first).to_be_visible()
    assert stored(office.section) == "<p>Wij hebben <strong>veel</strong> gedaan.</p>"
    page.get_by_role("button", name="Opslaan en aanbieden").click()
    expect(page.get_by_text("is opgeslagen en ter beoordeling aangeboden")).to_be_visible()
    assert Section.objects.get(pk=office.section.pk).state == "in_review"
    assert SectionVersion.objects.count() == 1


def press(page: Page, tool: str) -> None:
    page.get_by_role("button", name=tool, exact=True).click()


def test_blocks_and_marks_come_out_as_the_allowlist_keeps_them(visit: Visitor, office: Office) -> None:
    page = visit(office.lead.user, office.url("section-write"))
    rich_text(page).click()
    for tool, words in (("Kop", "Transitie"), ("Tussenkop", "In het kort")):
        press(page, tool)
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    for tool, words in (("Lijst", "een"), ("Genummerde lijst", "ten eerste")):
        press(page, tool)
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    for tool, words in (("Cursief", "schuin"), ("Superscript", "2"), ("Vet", "dik")):
        press(page, tool)
        page.keyboard.type(words)
        press(page, tool)
    press(page, "Opslaan")
    expect(page.locator(".messages").get_by_text(SAVED)).to_be_visible()
    assert stored(office.section).split("\n") == [
        "<h3>Transitie</h3>",
        "<h4>In het kort</h4>",
        "<ul><li><p>een</p></li></ul>",
        "<ol><li><p>ten eerste</p></li></ol>",
        "<p><em>schuin</em><sup>2</sup><strong>dik</strong></p>",
    ]


def test_notes_links_and_tables_are_asked_for(visit: Visitor, office: Office) -> None:
    page = visit(office.lead.user, office.url("section-write"))
    rich_text(page).click()
    page.keyboard.type("Bron")
    press(page, "Voetnoot")
    page.get_by_label("Tekst van de noot").fill("Volgens het jaarplan.")
    press(page, "Invoegen")
    page.keyboard.type(" ")
    press(page, "Link")
    page.get_by_label("Adres").fill("javascript:alert(1)")
    press(page, "Invoegen")
    expect(page.get_by_text("Dit is geen webadres of e-mailadres.")).to_be_visible()
    page.get_by_label("Adres").fill("www.duoplus.example")
    press(page, "Invoegen")
    page.keyboard.press("Enter")
    press(page, "Tabel")
    page.get_by_label("Rijen").fill("2")
    page.get_by_label("Kolommen").fill("1")
    assert violations(page) == []
    press(page, "Invoegen")
    page.keyboard.type("Jaar")
    page.keyboard.press("Tab")
    page.keyboard.type("2020")
    press(page, "Opslaan")
    expect(page.locator(".messages").get_by_text(SAVED)).to_be_visible()
    note = '<p>Bron<span data-footnote="">Volgens het jaarplan.</span> '
    link = '<a href="https://www.duoplus.example">www.duoplus.example</a></p>'
    head = '<table><thead><tr><th scope="col"><p>Jaar</p></th></tr></thead>'
    assert stored(office.section).split("\n") == [
        note + link,
        f"{head}<tbody><tr><td><p>2020</p></td></tr></tbody></table>",
    ]


def test_words_of_another_language_are_marked(visit: Visitor, office: Office) -> None:
    office.write('<p>Een <bdi lang="en">benchmark</bdi></p>')
    page = visit(office.lead.user, office.url("section-write"))
    marked = rich_text(page).locator("bdi")
    marked.click()
    press(page, "Taal")
    choice = page.get_by_label("Taal van deze woorden")
    expect(choice).to_have_value("en")
    assert violations(page) == []
    press(page, "Taal weghalen")
    expect(marked).to_have_count(0)
    rich_text(page).click()
    page.keyboard.press("Control+a")
    press(page, "Taal")
    choice.select_option("Duits")
    press(page, "Instellen")
    press(page, "Opslaan")
    expect(page.locator(".messages").get_by_text(SAVED)).to_be_visible()
    assert stored(office.section) == '<p><bdi lang="de">Een benchmark</bdi></p>'


def test_a_note_can_be_changed_and_taken_away(visit: Visitor, office: Office) -> None:
    office.write('<p>Bron<span data-footnote="">oud</span></p>')
    page = visit(office.lead.user, office.url("section-write"))
    rich_text(page).locator("[data-footnote]").click()
    press(page, "Voetnoot")
    expect(page.get_by_label("Tekst van de noot")).to_have_value("oud")
    page.get_by_label("Tekst van de noot").fill("nieuw")
    press(page, "Wijzigen")
    expect(rich_text(page).locator("[data-footnote]")).to_have_text("nieuw")
    rich_text(page).locator("[data-footnote]").click()
    press(page, "Voetnoot")
    press(page, "Noot weghalen")
    expect(rich_text(page)).to_have_text("Bron")


def test_it_saves_by_itself_when_one_goes_elsewhere(visit: Visitor, office: Office) -> None:
    page = visit(office.lead.user, office.url("section-write"))
    rich_text(page).click()
    page.keyboard.type("Vanzelf bewaard.")
    page.get_by_role("link", name="Lezen", exact=True).focus()
    expect(status(page)).to_have_text(SAVED)
    assert stored(office.section) == "<p>Vanzelf bewaard.</p>"
    rich_text(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" En nog eens.")
    page.keyboard.press("Control+s")
    expect(page.locator(".messages").get_by_text(SAVED)).to_be_visible()
    assert stored(office.section) == "<p>Vanzelf bewaard. En nog eens.</p>"
    assert [row.number for row in SectionVersion.objects.all()] == [3, 2]


def test_two_tabs_neither_loses_a_word(visit: Visitor, office: Office) -> None:
    first = visit(office.lead.user, office.url("section-write"))
    second = visit(office.lead.user, office.url("section-write"))
    rich_text(first).click()
    first.keyboard.type("Van de een.")
    first.get_by_role("button", name="Opslaan", exact=True).click()
    expect(first.locator(".messages").get_by_text(SAVED)).to_be_visible()
    rich_text(second).click()
    second.keyboard.type("Van de ander.")
    second.get_by_role("link", name="Lezen", exact=True).focus()
    expect(status(second)).to_contain_text("Joost Vermaat heeft dit onderdeel intussen opgeslagen")
    second.get_by_role("button", name="Opslaan", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text("Uw tekst is nog niet opgeslagen")
    expect(second.locator(".conflict__side").first).to_contain_text("Van de een.")
    expect(second.locator(".conflict__side").last).to_contain_text("Van de ander.")
    expect(rich_text(second)).to_have_text("Van de ander.")
    assert violations(second) == []
    assert stored(office.section) == "<p>Van de een.</p>"
    second.get_by_role("button", name="Opslaan", exact=True).click()
    expect(second.locator(".messages").get_by_text(SAVED)).to_be_visible()
    assert stored(office.section) == "<p>Van de ander.</p>"


def test_what_is_submitted_in_one_tab_loses_no_word_of_the_other(visit: Visitor, office: Office) -> None:
    page = visit(office.lead.user, office.url("section-write"))
    rich_text(page).click()
    page.keyboard.type("Nog een zin.")
    office.take("submit")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Dit onderdeel staat op “ter beoordeling”")
    expect(rich_text(page)).to_have_text("Nog een zin.")
    assert violations(page) == []
    office.take("withdraw")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.locator(".messages").get_by_text(SAVED)).to_be_visible()
    assert stored(office.section) == "<p>Nog een zin.</p>"


def test_the_save_bar_says_first_what_is_so(visit: Visitor, office: Office) -> None:
    page = visit(office.lead.user, office.url("section-write"))
    added = "getComputedStyle(document.querySelector('.save-state'), '::after').content"
    assert page.evaluate(added) == "none"
    rich_text(page).click()
    page.keyboard.type("Een zin.")
    assert (status(page).inner_text(), page.evaluate(added)) == ("", '"Gewijzigd"')
    page.get_by_role("link", name="Lezen", exact=True).focus()
    expect(status(page)).to_have_text(SAVED)
    assert page.evaluate(added) == "none"
    rich_text(page).click()
    page.keyboard.type("Nog een.")
    assert page.evaluate(added) == '"· gewijzigd"'


def test_an_expired_session_loses_nothing(visit: Visitor, office: Office) -> None:
    page = visit(office.lead.user, office.url("section-write"))
    rich_text(page).click()
    page.keyboard.type("Geschreven na de lunch.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("link", name="Lezen", exact=True).focus()
    expect(status(page)).to_contain_text("Uw sessie is verlopen. Uw tekst staat er nog")
    expect(rich_text(page)).to_have_text("Geschreven na de lunch.")
    visit(office.lead.user, office.url("section"))
    rich_text(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" En daarna.")
    page.get_by_role("link", name="Lezen", exact=True).focus()
    expect(status(page)).to_have_text(SAVED)
    assert stored(office.section) == "<p>Geschreven na de lunch. En daarna.</p>"


def test_goals_are_added_moved_and_removed(visit: Visitor, office: Office) -> None:
    section = office.add("Doelen", SectionKind.GOALS)
    for position, objective in enumerate(["Eerste doel", "Tweede doel"], start=1):
        Goal.objects.create(section=section, position=position, objective=objective)
    page = visit(office.lead.user, office.url("section-write", section))
    expect(page.get_by_role("group", name=re.compile("^Doel"))).to_have_count(2)
    page.get_by_role("button", name="Doel toevoegen").click()
    page.keyboard.type("Derde doel")
    row = page.get_by_role("group", name="Doel 3")
    rich_text(row, "Wat hebben we bereikt?").click()
    page.keyboard.type("Klaar.")
    row.get_by_role("button", name="omhoog").click()
    page.get_by_role("group", name="Doel 1").get_by_label("Verwijderen", exact=True).check()
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.locator(".messages").get_by_text(SAVED)).to_be_visible()
    assert list(Goal.objects.values_list("position", "objective", "result")) == [
        (1, "Derde doel", "<p>Klaar.</p>"),
        (2, "Tweede doel", ""),
    ]


def test_achievements_stand_under_a_theme(visit: Visitor, office: Office) -> None:
    Theme.objects.create(organisation=office.organisation, name="Kwaliteit", heading="Kansen voor kwaliteit")
    section = office.add("Prestaties", SectionKind.ACHIEVEMENTS)
    page = visit(office.lead.user, office.url("section-write", section))
    page.get_by_label("Thema").select_option("Kwaliteit")
    page.get_by_label("Titel").fill("Servicedesk")
    rich_text(page, "Wat hebben we bereikt?").click()
    page.keyboard.type("Sneller antwoord.")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.locator(".messages").get_by_text(SAVED)).to_be_visible()
    kept = Achievement.objects.get()
    assert (str(kept.theme), kept.title, kept.text) == ("Kwaliteit", "Servicedesk", "<p>Sneller antwoord.</p>")


PASTE = """html => {
    const clipboardData = new DataTransfer()
    clipboardData.setData("text/html", html)
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))
}"""
ITEM = "<p class=MsoListParagraph style='mso-list:l0 level1'><span style='mso-list:Ignore'>· </span>{}</p>"
FROM_WORD = (
    "<html><head><style>p.MsoNormal {margin: 0}</style></head><body><img src='http://127.0.0.1:9/x.png'>"
    "<h1 style='mso-style-name:x'>Kop</h1><p class=MsoNormal style='margin:0'><b>Vet</b><o:p></o:p></p>"
    + ITEM.format("een")
    + ITEM.format("twee")
    + "</body></html>"
)


def test_word_is_pasted_without_rubbish(visit: Visitor, office: Office) -> None:
    page = visit(office.lead.user, office.url("section-write"))
    rich_text(page).click()
    page.evaluate(PASTE, FROM_WORD)
    press(page, "Opslaan")
    expect(page.locator(".messages").get_by_text(SAVED)).to_be_visible()
    assert stored(office.section).split("\n") == [
        "<h3>Kop</h3>",
        "<p><strong>Vet</strong></p>",
        "<ul><li><p>een</p></li><li><p>twee</p></li></ul>",
    ]


def test_the_toolbar_is_reached_by_keyboard(visit: Visitor, office: Office) -> None:
    page = visit(office.lead.user, office.url("section-write"))
    rich_text(page).focus()
    page.keyboard.press("Alt+F10")
    focused = page.locator(":focus")
    expect(focused).to_have_accessible_name("Kop")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_accessible_name("Vet")
    page.keyboard.press("Enter")
    page.keyboard.type("dik")
    page.keyboard.press("Alt+F10")
    expect(focused).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(rich_text(page)).to_be_focused()
    expect(rich_text(page).locator("strong")).to_have_text("dik")


@pytest.mark.parametrize("kind", [SectionKind.NARRATIVE, SectionKind.GOALS, SectionKind.ACHIEVEMENTS])
def test_the_editor_is_accessible_and_fits_a_phone(visit: Visitor, office: Office, kind: SectionKind) -> None:
    section = office.add("Onderdeel", kind)
    page = visit(office.lead.user, office.url("section-write", section))
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_without_javascript_it_is_a_plain_form(browser: Browser, live_server: LiveServer, office: Office) -> None:
    section = office.add("Doelen", SectionKind.GOALS)
    user: User = office.lead.user
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    client = offices.signed_in(office.lead)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(office.url("section-write", section))
    page.get_by_label("Tekst").fill("Eerste alinea\n\nTweede & laatste")
    page.get_by_label("Wat wilden wij bereiken?").fill("Een doel")
    page.get_by_label("Wat hebben we bereikt?").fill("Gehaald")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    page.wait_for_url("**/schrijven/")
    kept = Section.objects.get(pk=section.pk)
    assert kept.text == "<p>Eerste alinea</p>\n<p>Tweede &amp; laatste</p>"
    assert list(Goal.objects.values_list("objective", "result")) == [("Een doel", "<p>Gehaald</p>")]
    assert kept.saved_by == user
    context.close()
