"""The controller's day in a browser: figures go in as in a spreadsheet, and what follows from them moves along."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import Organisation, User
from accounts.roles import Role
from investments.columns import TableKind
from investments.figures import LineKind
from investments.models import Line, Table
from tests import builders
from tests.grids import SAVED, actual, address, below, expect_figures, leave, row, typed
from tests.investments.vectors import vectors
from tests.screens import Visitor, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


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


def test_what_last_year_fills_in_stays_while_sums_follow(
    visit: Visitor, controller: User, table: Table, lines: list[Line]
) -> None:
    last_year = builders.table(table.organisation, "Investeringen ICT", 2019)
    builders.line(last_year, lines[2].label, actual="50000.25")
    columns = [
        *({"key": key, "label": key} for key in ("before", "original", "actual")),
        {"key": "more", "label": "meer", "terms": [["actual", 1], ["before", -1]]},
    ]
    Table.objects.filter(pk=table.pk).update(columns=columns, previous_table=last_year, carried={"before": "actual"})
    page = visit(controller, address(table))
    typed(page, lines[2]).fill("60.000")
    expect_figures(page, lines[2], before="50.000,25", more="9.999,75")
    expect_figures(page, lines[-1], before="50.000,25", actual="467.100", more="417.099,75")


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


def test_what_is_not_known_stays_unknown_until_it_is_typed(visit: Visitor, controller: User, org: Organisation) -> None:
    table = Table.objects.create(organisation=org, title="Reserves", year=2020, kind=TableKind.RESERVES)
    line = builders.line(table, "Algemene reserve")
    page = visit(controller, address(table))
    expect_figures(page, line, closing="onbekend", free="onbekend")
    for name, amount in (("cell_opening", "500"), ("cell_additions", "100"), ("cell_committed", "50")):
        typed(page, line, name).fill(amount)
    expect_figures(page, line, closing="onbekend", free="onbekend")
    typed(page, line, "cell_withdrawals").fill("-")
    expect_figures(page, line, closing="600", free="550")
    typed(page, line, "cell_additions").fill("")
    expect_figures(page, line, closing="onbekend", free="onbekend")


def test_an_empty_line_of_what_is_known_stays_empty(visit: Visitor, controller: User, org: Organisation) -> None:
    table = Table.objects.create(organisation=org, title="Vaste activa", year=2020, kind=TableKind.FIXED_ASSETS)
    line = builders.line(table, "Gronden")
    page = visit(controller, address(table))
    expect_figures(page, line, closing="")
    typed(page, line, "cell_opening").fill("7")
    expect_figures(page, line, closing="7")
    typed(page, line, "cell_opening").fill("")
    expect_figures(page, line, closing="")
