"""The administrator's work in a browser: let somebody in, arrange a report, choose a house style."""

import re
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect

from accounts.models import Membership, Organisation, User
from accounts.roles import Role
from library.models import HouseStyle, SourceDocument, Theme
from reports import queries
from tests import builders
from tests.screens import Visitor, scrolls_sideways, violations
from tests.uploads import PDF, image

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOSEN = "mijn eigen lange wachtwoord"


@pytest.fixture
def duoplus() -> Organisation:
    made = builders.organisation()
    builders.team(made, "Financiën")
    return made


@pytest.fixture
def noor(duoplus: Organisation) -> User:
    return builders.person("Noor", duoplus, Role.ADMINISTRATOR)


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://\S+/reset/key/\S+", str(mail.body))
    assert found is not None
    return found.group()


def test_someone_is_let_in_and_logs_in_through_the_mailed_link(
    visit: Visitor, noor: User, mailoutbox: list[EmailMessage]
) -> None:
    page = visit(noor, "/duoplus/mensen/")
    page.get_by_role("link", name="Persoon toevoegen").click()
    page.get_by_label("Naam").fill("Joost Vermaat")
    page.get_by_label("E-mailadres").fill("joost@duoplus.example")
    page.get_by_label("teamleider").check()
    page.get_by_role("button", name="Toevoegen en uitnodigen").click()
    expect(page.get_by_text("Kies ten minste één team voor deze teamleider.")).to_be_visible()
    expect(page.get_by_label("Naam")).to_have_value("Joost Vermaat")
    assert violations(page) == []
    page.get_by_label("Financiën").check()
    page.get_by_role("button", name="Toevoegen en uitnodigen").click()
    expect(page.get_by_text("Joost Vermaat is toegevoegd. De uitnodiging is per mail verstuurd.")).to_be_visible()
    expect(page.get_by_role("row", name="Joost Vermaat")).to_contain_text("uitgenodigd")
    log_out(page)
    choose_password(page, link_in(mailoutbox[0]))
    log_in(page, "joost@duoplus.example", CHOSEN)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/duoplus/")
    assert page.goto("/duoplus/mensen/").status == 403  # type: ignore[union-attr]


def log_out(page: Page) -> None:
    page.locator(".site-header__user > summary").click()
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    assert violations(page) == []


def choose_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Nieuw wachtwoord", exact=True).fill(CHOSEN)
    page.get_by_label("Nieuw wachtwoord, nog een keer").fill("iets heel anders")
    page.get_by_role("button", name="Wachtwoord opslaan").click()
    expect(page.get_by_text("De twee wachtwoorden zijn niet gelijk.")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Nieuw wachtwoord", exact=True).fill(CHOSEN)
    page.get_by_label("Nieuw wachtwoord, nog een keer").fill(CHOSEN)
    page.get_by_role("button", name="Wachtwoord opslaan").click()
    expect(page.get_by_role("heading", name="Wachtwoord gewijzigd")).to_be_visible()
    page.get_by_role("link", name="Inloggen").click()


def log_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord").fill(password)
    page.get_by_role("button", name="Inloggen").click()


def test_a_session_that_ended_keeps_the_form(visit: Visitor, noor: User, duoplus: Organisation) -> None:
    page = visit(noor, "/duoplus/teams/nieuw/")
    page.get_by_label("Naam").fill("Juridische Zaken")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Toevoegen").click()
    log_in(page, noor.email, builders.PASSWORD)
    expect(page.get_by_text("Uw sessie was verlopen. Uw invoer is bewaard, maar nog niet opgeslagen.")).to_be_visible()
    expect(page.get_by_label("Naam")).to_have_value("Juridische Zaken")
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_text("Team “Juridische Zaken” is toegevoegd.")).to_be_visible()


def test_a_report_is_made_and_arranged(visit: Visitor, noor: User, duoplus: Organisation) -> None:
    page = visit(noor, "/duoplus/rapporten/nieuw/")
    page.get_by_label("Titel").fill("Jaarstukken 2021")
    page.get_by_role("button", name="Rapport maken").click()
    for title in ("Inleiding", "Programma's"):
        page.get_by_role("link", name="Hoofdstuk toevoegen").click()
        page.get_by_label("Titel").fill(title)
        page.get_by_role("button", name="Toevoegen").click()
    page.get_by_text("Toevoegen in 2 Programma's").click()
    page.get_by_role("link", name="Hoofdstuk onder 2").click()
    page.get_by_label("Titel").fill("Bedrijfsvoering")
    page.get_by_role("button", name="Toevoegen").click()
    page.get_by_text("Toevoegen in 2.1 Bedrijfsvoering").click()
    page.get_by_role("link", name="Onderdeel in 2.1").click()
    page.get_by_label("Titel").fill("Speerpunten")
    page.get_by_label("doelen:").check()
    page.get_by_label("Team", exact=True).select_option("Financiën")
    page.get_by_role("button", name="Toevoegen").click()
    page.get_by_role("button", name="2 Programma's omhoog").click()
    expect(page.get_by_role("button", name="1 Programma's omlaag")).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    report = queries.get_report(duoplus, "jaarstukken-2021")
    assert [f"{row.number} {row.chapter}" for row in queries.outline(report)] == [
        "1 Programma's",
        "1.1 Bedrijfsvoering",
        "2 Inleiding",
    ]
    assert [section.title for section in queries.outline(report)[1].sections] == ["Speerpunten"]


def test_a_house_style_is_tried_before_it_is_saved(
    visit: Visitor, noor: User, duoplus: Organisation, tmp_path: Path
) -> None:
    (tmp_path / "logo.png").write_bytes(image().read())
    page = visit(noor, "/duoplus/huisstijl/")
    drawing = page.locator("svg.preview")
    page.get_by_role("textbox", name="Accentkleur").fill("#ffcc00")
    expect(drawing).to_contain_text("#ffcc00")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Deze kleur heeft op wit een contrast van 1,5;")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("textbox", name="Accentkleur").fill("#8a1538")
    page.get_by_label("Source Sans").check()
    page.get_by_label("Logo").set_input_files(tmp_path / "logo.png")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("De huisstijl is opgeslagen.")).to_be_visible()
    expect(drawing).to_contain_text("accentkleur #8a1538 en het logo")
    style = HouseStyle.objects.get()
    assert (style.accent, style.font, bool(style.logo)) == ("#8a1538", "source-sans", True)
    assert violations(page) == []


def test_a_source_is_added_and_downloaded(visit: Visitor, noor: User, tmp_path: Path) -> None:
    (tmp_path / "besluit.pdf").write_bytes(PDF)
    page = visit(noor, "/duoplus/bronnen/nieuw/")
    page.get_by_label("Titel").fill("Begroting")
    page.get_by_label("Jaar").fill("2020")
    page.get_by_label("Bestand").set_input_files(tmp_path / "besluit.pdf")
    page.get_by_role("button", name="Toevoegen").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="pdf downloaden van Begroting 2020").click()
    assert download.value.suggested_filename == "begroting-2020.pdf"
    assert SourceDocument.objects.get().title == "Begroting"


@pytest.mark.once
def test_the_pages_are_accessible_and_fit_a_phone(visit: Visitor, noor: User, duoplus: Organisation) -> None:
    team = duoplus.teams.get()
    joost = builders.person("Joost", duoplus, Role.TEAM_LEAD, teams=(team,))
    document = SourceDocument.objects.create(organisation=duoplus, title="Begroting", year=2020)
    theme = Theme.objects.create(
        organisation=duoplus, name="Kwaliteit", heading="Kansen voor de kwaliteit van het werk"
    )
    chapter = builders.chapter(builders.report(duoplus))
    section = builders.section(chapter, team)
    page = visit(noor, "/duoplus/teams/")
    for path in (
        "teams/",
        "teams/nieuw/",
        f"teams/{team.pk}/",
        f"teams/{team.pk}/verwijderen/",
        "mensen/?role=team_lead",
        "mensen/nieuw/",
        f"mensen/{joost.pk}/",
        "logboek/",
        "bronnen/",
        f"bronnen/{document.pk}/",
        "themas/",
        f"themas/{theme.pk}/",
        "huisstijl/",
        "rapporten/nieuw/",
        "rapporten/jaarstukken-2020/indeling/",
        f"rapporten/hoofdstukken/{chapter.pk}/",
        f"rapporten/hoofdstukken/{chapter.pk}/onderdeel/",
        f"rapporten/onderdelen/{section.pk}/indeling/",
    ):
        page.goto(f"/duoplus/{path}")
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path
    assert Membership.objects.count() == 2


@pytest.mark.once
@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "inactive/", "password/reset/", "password/reset/done/", "password/reset/key/1-oud-sleutel/"],
)
def test_the_entrance_is_accessible_and_fits_a_phone(visit: Visitor, path: str) -> None:
    page = visit(None, f"/account/{path}")
    assert violations(page) == []
    assert not scrolls_sideways(page)
