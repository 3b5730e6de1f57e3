"""Logging in with a second step, in a browser: turned on, required, lost, and with the cookies of production."""

import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from accounts.models import Organisation, Team, User
from accounts.roles import Role
from investments.models import Line
from tests import builders
from tests.screens import Visitor, scrolls_sideways, violations
from tests.second_factors import code, recovery_codes, turn_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON = "Tweestapsverificatie aanzetten"


@pytest.fixture(autouse=True)
def slow_hands(settings: Settings) -> None:
    """A code may grow old between the page and its answer."""
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def noor(duoplus: Organisation) -> User:
    return builders.person("Noor", duoplus, Role.ADMINISTRATOR)


def log_in(page: Page, user: User) -> None:
    page.get_by_label("E-mailadres").fill(user.email)
    page.get_by_label("Wachtwoord").fill(builders.PASSWORD)
    page.get_by_role("button", name="Inloggen").click()


def key(page: Page) -> str:
    return page.get_by_label("Of typ deze sleutel over in de app").input_value()


def looks_right(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert violations(page) == [], heading
    assert not scrolls_sideways(page), heading


def test_it_is_turned_on_and_asked_for_and_a_code_on_paper_opens_too(visit: Visitor, noor: User) -> None:
    page = visit(None, "/account/login/")
    log_in(page, noor)
    page.locator(".site-header__user > summary").click()
    page.get_by_role("link", name="Tweestapsverificatie").click()
    looks_right(page, "Tweestapsverificatie")
    page.get_by_role("link", name="Aanzetten").click()
    looks_right(page, ON)
    assert page.locator("img.qr").evaluate("picture => picture.complete && picture.naturalWidth > 0")
    secret = key(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Aanzetten").click()
    expect(page.get_by_text("Deze code klopt niet.")).to_be_visible()
    looks_right(page, ON)
    assert key(page) == secret
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Aanzetten").click()
    looks_right(page, "Herstelcodes")
    saved = downloaded(page)
    assert saved.splitlines() == ["Herstelcodes Duoplus van noor@duoplus.example", *recovery_codes(noor)]
    page.get_by_role("link", name="Verder").click()
    expect(page.get_by_text("aan sinds")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/account/login/")
    log_in(page, noor)
    looks_right(page, "Code invoeren")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_text("Deze code klopt niet.")).to_be_visible()
    looks_right(page, "Code invoeren")
    page.get_by_label("Code").fill(saved.splitlines()[-1])
    page.get_by_role("button", name="Inloggen").click()
    expect(page).to_have_url("/duoplus/")


def downloaded(page: Page) -> str:
    with page.expect_download() as download:
        page.get_by_role("link", name="Downloaden").click()
    assert download.value.suggested_filename == "duoplus-herstelcodes.txt"
    return Path(download.value.path()).read_text()


def test_an_organisation_requires_it_while_somebody_types(visit: Visitor, noor: User, duoplus: Organisation) -> None:
    page = visit(None, "/account/login/?next=/duoplus/teams/nieuw/")
    log_in(page, noor)
    page.get_by_label("Naam").fill("Juridische Zaken")
    Organisation.objects.update(two_factor_required=True)
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_text("Uw organisatie vraagt bij het inloggen ook een code")).to_be_visible()
    page.get_by_label("Code").fill(code(key(page)))
    page.get_by_role("button", name="Aanzetten").click()
    page.get_by_role("link", name="Verder").click()
    expect(page.get_by_label("Naam")).to_have_value("Juridische Zaken")
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_text("Team “Juridische Zaken” is toegevoegd.")).to_be_visible()
    assert Team.objects.get().name == "Juridische Zaken"


def test_a_lost_telephone(visit: Visitor, noor: User, duoplus: Organisation) -> None:
    anna = builders.person("Anna", duoplus, Role.DIRECTOR)
    turn_on(anna)
    page = visit(noor, f"/duoplus/mensen/{anna.pk}/")
    page.get_by_role("link", name="Telefoon kwijt").click()
    looks_right(page, "Tweestapsverificatie van Anna uitzetten?")
    page.get_by_role("button", name="Uitzetten").click()
    expect(page.get_by_text("Tweestapsverificatie van Anna staat uit.")).to_be_visible()
    assert not Authenticator.objects.exists()


@pytest.mark.once
def test_the_other_pages_are_accessible_and_fit_a_phone(visit: Visitor, noor: User) -> None:
    page = visit(None, "/account/login/")
    log_in(page, noor)
    expect(page).to_have_url("/duoplus/")
    for path, heading in (
        ("/account/sessions/", "Waar u bent ingelogd"),
        ("/account/confirm/", "Bevestig dat u het bent"),
        ("/duoplus/beveiliging/", "Beveiliging"),
    ):
        page.goto(path)
        looks_right(page, heading)
    secret = turn_on(noor)
    for path, heading in (
        ("/account/second-factor/off/", "Bevestig dat u het bent"),
        ("/account/confirm/code/", "Bevestig dat u het bent"),
    ):
        page.goto(path)
        looks_right(page, heading)
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Bevestigen").click()
    expect(page).to_have_url("/duoplus/")
    for path, heading in (
        ("/account/second-factor/off/", "Tweestapsverificatie uitzetten?"),
        ("/account/second-factor/codes/new/", "Nieuwe herstelcodes maken?"),
    ):
        page.goto(path)
        looks_right(page, heading)


def test_the_cookies_of_production_carry_the_whole_way(
    context: BrowserContext, visit: Visitor, duoplus: Organisation, settings: Settings
) -> None:
    """Named and marked as behind TLS; a browser takes the own machine for safe."""
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    table = builders.sample_table(duoplus)
    controller = builders.person("Coen", duoplus, Role.CONTROLLER)
    page = visit(None, f"/account/login/?next=/duoplus/tabellen/{table.pk}/")
    log_in(page, controller)
    expect(page).to_have_url(f"/duoplus/tabellen/{table.pk}/")
    page.wait_for_load_state()
    line = table.lines.all()[0]
    page.locator(f'tr[data-line="{line.pk}"] [name="actual"]').fill("61000")
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_text(re.compile(r"Opgeslagen om \d\d:\d\d"))).to_be_visible()
    assert Line.objects.get(pk=line.pk).actual == 61000
    cookies = context.cookies()
    assert {"__Host-sessionid", "__Host-csrftoken"} < {cookie["name"] for cookie in cookies}
    assert {(cookie["secure"], cookie["sameSite"]) for cookie in cookies} == {(True, "Lax")}
