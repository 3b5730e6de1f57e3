"""The controller explains deviations in a browser: one text for two lines, and the coverage moves."""

import pytest
from playwright.sync_api import expect

from accounts.models import Organisation, User
from accounts.roles import Role
from investments.models import Claim, Explanation, Table
from tests import builders
from tests.investments import ledger as books
from tests.investments.computing import compute
from tests.screens import Visitor, rich_text, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def controller(org: Organisation) -> User:
    return builders.person("Saskia Roelofsen", org, Role.CONTROLLER)


@pytest.fixture
def table(org: Organisation) -> Table:
    made = builders.sample_table(org, builders.team(org, "Informatisering en Automatisering"))
    builders.explain(made.lines.get(label__contains="server"))
    compute(made)
    return made


def test_one_text_explains_two_lines_and_the_coverage_moves(visit: Visitor, controller: User, table: Table) -> None:
    page = visit(controller, f"/duoplus/tabellen/{table.pk}/afwijkingen/")
    expect(page.get_by_text("72% verklaard")).to_be_visible()
    page.get_by_role("link", name="I&A - aanschaf randapparatuur").click()
    rich_text(page, "Toelichting").click()
    page.keyboard.type("Door thuiswerken zijn meer schermen gekocht.")
    expect(page.get_by_role("checkbox", name="I&A - aanschaf randapparatuur")).to_be_checked()
    page.get_by_label("Bedrag bij I&A - aanschaf computerapparatuur, in euro’s").fill("-20.000")
    page.get_by_label("Oorzaak").select_option("volume")
    page.get_by_label("Aard").select_option("incidenteel")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.get_by_text("De toelichting is opgeslagen.")).to_be_visible()
    expect(page.get_by_text("90% verklaard")).to_be_visible()
    expect(page.get_by_text("nog -3.600 te verklaren")).to_be_visible()
    made = Explanation.objects.get(cause="volume")
    assert made.text == "<p>Door thuiswerken zijn meer schermen gekocht.</p>"
    assert {claim.line.label: str(claim.amount) for claim in made.claims.all()} == {
        "I&A - aanschaf computerapparatuur": "-20000.00",
        "I&A - aanschaf randapparatuur": "None",
    }


@pytest.mark.once
def test_pages_are_accessible_and_fit_a_phone(visit: Visitor, controller: User, table: Table) -> None:
    decision, line = builders.decision(table.organisation), table.lines.get(label__contains="rand")
    claim = Claim.objects.get()
    books.rule(claim.line, "4310")
    books.import_file(books.ledger(table.organisation), books.csv(books.row()))
    books.evidence(claim)
    page = visit(controller, "/duoplus/")
    for path in (
        f"{table.pk}/afwijkingen/",
        f"{table.pk}/toelichting/",
        f"{table.pk}/toelichting/nieuw/",
        f"{table.pk}/norm/",
        f"{table.pk}/uitspraken/nieuw/",
        f"toelichtingen/{claim.explanation_id}/regels/{claim.line_id}/boekingen/",
        "afwijkingen/",
        "afwijkingen/norm/",
        "besluiten/",
        "besluiten/nieuw/",
        f"besluiten/{decision.pk}/",
        "rechtmatigheid/",
        f"regels/{line.pk}/overschrijding/",
    ):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"/duoplus/tabellen/{path}")
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path
