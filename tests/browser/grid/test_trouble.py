"""Nothing typed is lost or overwritten, whatever goes wrong meanwhile."""

import re
from decimal import Decimal

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import Organisation, User
from accounts.roles import Role
from investments.models import Line, Table
from tests import builders, workers
from tests.grids import SAVED, actual, address, below, expect_figures, leave, row, typed
from tests.screens import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# --- what goes wrong --------------------------------------------------------------------------------------------------
def test_a_wrong_amount_is_told_below_the_row_and_typing_goes_on(page: Page, lines: list[Line]) -> None:
    typed(page, lines[2]).fill("57,800")
    page.keyboard.press("ArrowDown")
    expect(below(page, lines[2])).to_contain_text("Rekening 2020: “57,800” kan twee dingen betekenen.")
    expect(typed(page, lines[2])).to_have_attribute("aria-describedby", f"regel-{lines[2].pk}-actual_error")
    expect(typed(page, lines[2])).to_have_value("57,800")
    expect(typed(page, lines[3])).to_be_focused()
    assert actual(lines[2]) == Decimal(57800)
    typed(page, lines[2]).fill("57.801")
    leave(page)
    expect(below(page, lines[2])).to_have_count(0)
    expect(typed(page, lines[2])).not_to_have_attribute("aria-invalid", "true")
    assert actual(lines[2]) == Decimal(57801)


def test_two_tabs_show_both_amounts_and_overwrite_only_on_purpose(
    page: Page, visit: Visitor, org: Organisation, table: Table, lines: list[Line]
) -> None:
    other = visit(builders.person("Joost Vermaat", org, Role.CONTROLLER), address(table))
    typed(other, lines[2]).fill("60000")
    leave(other)
    expect(other.get_by_text(SAVED)).to_be_visible()
    typed(page, lines[2]).fill("61000")
    leave(page)
    message = below(page, lines[2])
    expect(message).to_contain_text("Joost Vermaat was u net voor.")
    expect(message).to_contain_text("60.000")
    expect(typed(page, lines[2])).to_have_value("61000")
    typed(page, lines[2]).click()
    leave(page)
    expect(message).to_be_visible()
    assert actual(lines[2]) == Decimal(60000)
    message.get_by_role("button", name="Mijn bedragen opslaan").click()
    expect(message).to_have_count(0)
    assert actual(lines[2]) == Decimal(61000)


def test_the_amounts_of_the_colleague_can_be_kept(
    page: Page, visit: Visitor, org: Organisation, table: Table, lines: list[Line]
) -> None:
    other = visit(builders.person("Joost Vermaat", org, Role.CONTROLLER), address(table))
    typed(other, lines[2]).fill("60000")
    leave(other)
    expect(other.get_by_text(SAVED)).to_be_visible()
    typed(page, lines[2]).fill("61000")
    leave(page)
    below(page, lines[2]).get_by_role("link", name="De opgeslagen bedragen houden").click()
    expect(below(page, lines[2])).to_have_count(0)
    expect(typed(page, lines[2])).to_have_value("60.000")
    expect_figures(page, lines[2], result="120.000V", percentage="67%")
    assert actual(lines[2]) == Decimal(60000)


@pytest.mark.parametrize("forgotten", [settings.SESSION_COOKIE_NAME, None])
def test_an_expired_session_loses_nothing(
    page: Page, visit: Visitor, controller: User, lines: list[Line], forgotten: str | None
) -> None:
    """The session's cookie has gone, or all of them."""
    page.context.clear_cookies(name=forgotten)
    typed(page, lines[2]).fill("61000")
    leave(page)
    message = below(page, lines[2])
    expect(message).to_contain_text("Uw sessie is verlopen. Wat u typte staat er nog.")
    expect(message.get_by_role("link", name="Log in in een nieuw tabblad")).to_have_attribute("target", "_blank")
    expect(typed(page, lines[2])).to_have_value("61000")
    visit(controller, "/duoplus/")
    message.get_by_role("button", name="Opslaan").click()
    expect(message).to_have_count(0)
    assert actual(lines[2]) == Decimal(61000)


def test_without_connection_what_was_typed_waits(page: Page, lines: list[Line]) -> None:
    page.context.set_offline(True)
    typed(page, lines[2]).fill("61000")
    leave(page)
    message = below(page, lines[2])
    expect(message).to_contain_text("Er is geen verbinding met de server. Wat u typte staat er nog.")
    page.context.set_offline(False)
    message.get_by_role("button", name="Opnieuw proberen").click()
    expect(message).to_have_count(0)
    assert actual(lines[2]) == Decimal(61000)


# --- the calculation --------------------------------------------------------------------------------------------------
def test_results_come_in_by_themselves_and_leave_typing_alone(page: Page, lines: list[Line]) -> None:
    typed(page, lines[2]).fill("60000")
    leave(page)
    expect(row(page, lines[-1])).to_contain_text("wordt berekend")
    typed(page, lines[0]).click()
    page.keyboard.type("1.00")
    expect(page.get_by_text("de uitkomsten worden berekend")).to_be_visible()
    with workers.running_worker():
        expect(page.get_by_text("de uitkomsten worden berekend")).to_have_count(0, timeout=40_000)
    expect(typed(page, lines[0])).to_be_focused()
    expect_figures(page, lines[2], result="120.000V", percentage="67%")
    expect(page.locator("#afgedrukt tbody tr").nth(2)).to_contain_text(re.compile(r"180\s*60\s*klopt precies\s*120"))
    page.keyboard.press("Escape")
    expect_figures(page, lines[-1], actual="467.100", result="99.900V", percentage="18%")
