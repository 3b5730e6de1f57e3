"""The controller's day in a browser: figures go in as in a spreadsheet, and nothing typed is lost or overwritten."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import Organisation, User
from accounts.roles import Role
from investments.figures import LineKind
from investments.models import Line, Table
from tests import builders, workers
from tests.investments.computing import compute
from tests.investments.vectors import vectors
from tests.screens import Visitor, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = re.compile(r"Opgeslagen om \d\d:\d\d")


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def controller(org: Organisation) -> User:
    return builders.person("Saskia Roelofsen", org, Role.CONTROLLER)


@pytest.fixture
def table(org: Organisation) -> Table:
    made = builders.sample_table(org, builders.team(org, "Informatisering en Automatisering"))
    compute(made)
    return made


@pytest.fixture
def lines(table: Table) -> list[Line]:
    """Computers, network, servers, peripherals, phones, bicycles, and the balance."""
    return list(table.lines.all())


@pytest.fixture
def page(visit: Visitor, controller: User, table: Table) -> Page:
    return visit(controller, address(table))


def address(table: Table) -> str:
    return f"/duoplus/tabellen/{table.pk}/"


def typed(page: Page, line: Line, name: str = "actual") -> Locator:
    return page.locator(f"#regel-{line.pk}-{name}")


def row(page: Page, line: Line) -> Locator:
    return page.locator(f"#rij-{line.pk}")


def expect_figures(page: Page, line: Line, **texts: str) -> None:
    """What stands in the cells that follow from the amounts, by the name of the figure."""
    for name, text in texts.items():
        expect(page.locator(f"#regel-{line.pk}-{name}")).to_have_text(text)


def below(page: Page, line: Line) -> Locator:
    return page.locator(f"#bericht-{line.pk}")


def actual(line: Line) -> Decimal | None:
    return Line.objects.get(pk=line.pk).actual


def leave(page: Page) -> None:
    """The focus goes elsewhere on the page."""
    page.get_by_role("heading", level=1).click()


# --- figures that follow ----------------------------------------------------------------------------------------------
def test_results_and_totals_move_while_typing(page: Page, lines: list[Line]) -> None:
    servers, balance = lines[2], lines[-1]
    typed(page, servers).fill("190.000,50")
    expect_figures(page, servers, amended="180.000", result="-10.000,50N", percentage="-6%")
    expect_figures(page, balance, actual="597.100,50", result="-30.100,50N", percentage="-5%")
    typed(page, servers, "original").fill("(€ 5.000)")
    expect_figures(page, servers, amended="175.000", result="-15.000,50N", percentage="-9%")
    expect_figures(page, balance, original="-5.000", amendments="567.000", amended="562.000", result="-35.100,50N")
    assert actual(servers) == Decimal(57800)


def test_what_cannot_be_read_yet_leaves_the_outcome_open(page: Page, lines: list[Line]) -> None:
    typed(page, lines[2]).fill("57,800")
    expect_figures(page, lines[2], amended="…", result="…", percentage="…")
    expect_figures(page, lines[-1], original="…", amended="…", actual="…", result="…")
    typed(page, lines[2]).fill("57,80")
    expect_figures(page, lines[2], amended="180.000", result="179.942,20V", percentage="100%")


def test_the_script_reads_writes_and_computes_as_the_portal_does(page: Page) -> None:
    """The vectors that hold investments/amounts.py and variance.py hold its script too."""
    cases = {**vectors("amounts"), **vectors("variance")}
    found = page.evaluate(
        """async (cases) => {
            const { euros, parse } = await import("duoplus/amounts")
            const { lineFigures, mark, share, totalFigures } = await import("duoplus/variance")
            const line = ({ original, amendments, actual, direction }) => lineFigures({
                original: BigInt(original), amendments: BigInt(amendments), actual: BigInt(actual),
                sign: direction === "income" ? -1n : 1n,
            })
            const plain = (figures) => Object.fromEntries(
                Object.entries(figures).map(([name, value]) => [name, value === null ? "null" : String(value)]))
            return {
                read: cases.read.map(({ written }) => String(parse(written))),
                refused: cases.refused.map(({ written }) => parse(written)),
                shown: cases.shown.map(({ cents }) => euros(BigInt(cents))),
                lines: cases.lines.map((one) => ({
                    ...plain(line(one)), share: share(line(one).percentage), mark: mark(line(one).result) })),
                totals: cases.totals.map(({ members }) =>
                    plain(totalFigures(members.map((one) => [line(one), BigInt(one.sign)])))),
            }
        }""",
        _as_text(cases),
    )
    names = ("original", "amendments", "amended", "actual", "result", "percentage")
    assert found["read"] == [str(case["cents"]) for case in cases["read"]]
    assert found["refused"] == [None] * len(cases["refused"])
    assert found["shown"] == [case["text"] for case in cases["shown"]]
    assert found["lines"] == [_expected(case, *names, "share", "mark") for case in cases["lines"]]
    assert found["totals"] == [_expected(case, *names) for case in cases["totals"]]


def _as_text(value: Any) -> Any:
    """Whole numbers as text: a number of JavaScript does not hold every cent of the largest amounts."""
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    return str(value) if isinstance(value, int) else value


def _expected(case: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: "null" if case[name] is None else str(case[name]) for name in names}


# --- storing ----------------------------------------------------------------------------------------------------------
def test_a_row_is_stored_when_it_is_left_and_still_there_after_reloading(page: Page, lines: list[Line]) -> None:
    typed(page, lines[2]).fill("60000,5")
    leave(page)
    expect(page.get_by_role("status").get_by_text(SAVED)).to_be_visible()
    expect(typed(page, lines[2])).to_have_value("60.000,50")
    assert actual(lines[2]) == Decimal("60000.50")
    page.reload()
    expect(typed(page, lines[2])).to_have_value("60.000,50")


def test_enter_and_arrows_go_up_and_down_a_column_as_in_a_spreadsheet(page: Page, lines: list[Line]) -> None:
    first, second, third = lines[:3]
    typed(page, first).click()
    typed(page, first).fill("1")
    page.keyboard.press("Enter")
    expect(typed(page, second)).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("ArrowDown")
    expect(typed(page, third)).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Shift+Enter")
    expect(typed(page, second)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(typed(page, first)).to_be_focused()
    for line in (first, second, third):
        expect(row(page, line)).to_contain_text("wordt berekend")
    assert [actual(line) for line in (first, second, third)] == [Decimal(1), Decimal(2), Decimal(3)]


def test_enter_in_the_last_row_stores_it(page: Page, lines: list[Line]) -> None:
    typed(page, lines[5]).fill("12")
    typed(page, lines[5]).press("Enter")
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert actual(lines[5]) == Decimal(12)


def test_escape_brings_back_what_was_stored(page: Page, lines: list[Line]) -> None:
    typed(page, lines[2]).fill("1")
    typed(page, lines[2]).press("Escape")
    expect(typed(page, lines[2])).to_have_value("57.800")
    expect_figures(page, lines[2], result="122.200V", percentage="68%")


def test_an_emptied_actual_is_not_entered_and_a_dash_is_zero(page: Page, lines: list[Line]) -> None:
    typed(page, lines[0]).fill("")
    typed(page, lines[0]).press("Enter")
    page.keyboard.type("-")
    leave(page)
    expect(row(page, lines[0])).to_contain_text("wordt berekend")
    expect(typed(page, lines[1])).to_have_value("0")
    assert (actual(lines[0]), actual(lines[1])) == (None, Decimal(0))


def test_more_typed_during_a_save_is_kept_and_stored_after_it(page: Page, lines: list[Line]) -> None:
    held: list[Route] = []
    page.route("**/opslaan/", lambda route: held.append(route))  # noqa: PLW0108  Playwright marks the function
    typed(page, lines[2]).fill("1")
    with page.expect_request("**/opslaan/"):
        leave(page)
    typed(page, lines[2]).click()
    typed(page, lines[2]).fill("12")
    held[0].continue_()
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.unroute("**/opslaan/")
    expect(typed(page, lines[2])).to_have_value("12")
    with page.expect_response("**/opslaan/"):
        leave(page)
    assert actual(lines[2]) == Decimal(12)


def test_leaving_by_a_link_waits_for_the_save(page: Page, lines: list[Line]) -> None:
    typed(page, lines[2]).fill("60000")
    row(page, lines[0]).get_by_role("link", name="232.000").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I&A - aanschaf computerapparatuur")
    assert actual(lines[2]) == Decimal(60000)


def test_moving_a_line_waits_for_the_save(page: Page, table: Table, lines: list[Line]) -> None:
    typed(page, lines[2]).fill("60000")
    page.get_by_role("button", name=f"Meer: {lines[1]}").click()
    page.get_by_role("button", name="Omlaag").click()
    expect(page).to_have_url(re.compile(f"#rij-{lines[1].pk}$"))
    assert list(table.lines.all())[:3] == [lines[0], lines[2], lines[1]]
    assert actual(lines[2]) == Decimal(60000)


def test_a_column_from_a_spreadsheet_goes_down_the_rows(page: Page, lines: list[Line]) -> None:
    _paste(page, typed(page, lines[1]), "1.000\r\n(2.000)\r\n3.000,50\r\n")
    expect(typed(page, lines[2])).to_have_value("-2.000")
    leave(page)
    for line in lines[1:4]:
        expect(row(page, line)).to_contain_text("wordt berekend")
    expect(typed(page, lines[1])).to_have_value("1.000")
    expect(typed(page, lines[3])).to_have_value("3.000,50")
    assert [actual(line) for line in lines[1:4]] == [Decimal(1000), Decimal(-2000), Decimal("3000.50")]


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("1\t2", "U plakt 1 bij 2 cellen; zoveel passen er hier niet. Er is niets geplakt."),
        ("1\n2\n3", "U plakt 3 bij 1 cellen; zoveel passen er hier niet. Er is niets geplakt."),
        ("1.234\n1,234.50", "“1,234.50” en “1.234” zijn op twee manieren geschreven. Er is niets geplakt."),
        ("1,234\n5", "“1,234” is geen bedrag, of kan twee dingen betekenen. Er is niets geplakt."),
    ],
)
def test_what_has_no_certain_place_or_reading_is_not_pasted(
    page: Page, lines: list[Line], pasted: str, said: str
) -> None:
    _paste(page, typed(page, lines[4]), pasted)
    expect(page.get_by_text(said)).to_be_visible()
    expect(typed(page, lines[4])).to_have_value("18.900")
    expect(typed(page, lines[5])).to_have_value("0")


def test_a_block_in_english_numbers_goes_right_and_down(page: Page, lines: list[Line]) -> None:
    _paste(page, typed(page, lines[3], "original"), "1,234.50\t10.00\r\n2,000.00\t-20.25\r\n")
    leave(page)
    expect(row(page, lines[4])).to_contain_text("wordt berekend")
    expect(typed(page, lines[3], "original")).to_have_value("1.234,50")
    expect(typed(page, lines[4])).to_have_value("-20,25")
    assert [actual(line) for line in lines[3:5]] == [Decimal(10), Decimal("-20.25")]


def test_a_block_is_chosen_copied_and_filled_down(page: Page, lines: list[Line]) -> None:
    typed(page, lines[0]).click()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("3 bij 1 cellen gekozen")).to_be_visible()
    copied = typed(page, lines[2]).evaluate(
        """(input) => {
            const clipboardData = new DataTransfer()
            input.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true }))
            return clipboardData.getData("text")
        }"""
    )
    assert copied == "255.600\n67.900\n57.800"
    page.keyboard.press("Control+d")
    leave(page)
    expect(row(page, lines[2])).to_contain_text("wordt berekend")
    assert [actual(line) for line in lines[:3]] == [Decimal(255600)] * 3


def test_what_was_done_is_undone_and_done_again(page: Page, lines: list[Line]) -> None:
    typed(page, lines[1]).fill("1")
    page.keyboard.press("Enter")
    page.keyboard.type("2")
    page.keyboard.press("Control+z")
    expect(typed(page, lines[2])).to_have_value("57.800")
    page.keyboard.press("Control+z")
    expect(typed(page, lines[1])).to_have_value("67.900")
    expect_figures(page, lines[1], result="12.100V")
    page.keyboard.press("Control+y")
    expect(typed(page, lines[1])).to_have_value("1")
    leave(page)
    expect(row(page, lines[1])).to_contain_text("wordt berekend")
    assert [actual(line) for line in lines[1:3]] == [Decimal(1), Decimal(57800)]


def _paste(page: Page, place: Locator, text: str) -> None:
    place.click()
    place.evaluate(
        """(input, text) => {
            const clipboardData = new DataTransfer()
            clipboardData.setData("text", text)
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
        }""",
        text,
    )


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
    with workers.running_worker():
        expect(page.get_by_text("de uitkomsten worden berekend")).to_have_count(0, timeout=40_000)
    expect(typed(page, lines[0])).to_be_focused()
    expect_figures(page, lines[2], result="120.000V", percentage="67%")
    expect(page.locator("#afgedrukt tbody tr").nth(2)).to_contain_text(re.compile(r"180\s*60\s*klopt precies\s*120"))
    page.keyboard.press("Escape")
    expect_figures(page, lines[-1], actual="467.100", result="99.900V", percentage="18%")


# --- everything else --------------------------------------------------------------------------------------------------
def test_the_pages_are_accessible_and_fit_a_phone(page: Page, table: Table, lines: list[Line]) -> None:
    paths = ["", "toelichting/", "toelichting/schrijven/", "geschiedenis/", "instellingen/", "regel/", "totaal/"]
    addresses = [f"{address(table)}{path}" for path in paths]
    addresses += [f"/duoplus/tabellen/regels/{lines[0].pk}/{path}" for path in ("", "wijzigingen/", "toelichting/")]
    addresses += [f"/duoplus/tabellen/regels/{lines[0].pk}/verwijderen/", f"/duoplus/tabellen/regels/{lines[-1].pk}/"]
    addresses += ["/duoplus/tabellen/", "/duoplus/tabellen/nieuw/", "/duoplus/tabellen/regels/"]
    for path in addresses:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path


def test_a_refused_row_is_accessible(page: Page, lines: list[Line]) -> None:
    typed(page, lines[2]).fill("57,800")
    leave(page)
    expect(below(page, lines[2])).to_be_visible()
    page.get_by_role("button", name=f"Meer: {lines[0]}").click()
    assert violations(page) == []


def test_a_reader_sees_figures_without_a_single_input(visit: Visitor, org: Organisation, table: Table) -> None:
    page = visit(builders.person("Willem Tadema", org, Role.AUDITOR), address(table))
    expect(
        page.get_by_role("region", name="Investeringen ICT, bedragen in euro’s").get_by_role("textbox")
    ).to_have_count(0)
    expect(page.get_by_role("row", name=re.compile("^Saldo 0 567.000"))).to_be_visible()
    assert violations(page) == []
    assert table.lines.filter(kind=LineKind.TOTAL).count() == 1
