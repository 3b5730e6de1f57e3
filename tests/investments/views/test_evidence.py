import pytest
from django.test import Client

from accounts.models import Organisation, Team
from accounts.roles import Role
from investments.models import Claim, Line, Posting
from tests import builders
from tests.investments import ledger as books
from tests.investments.computing import compute
from tests.pages import said, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def team(org: Organisation) -> Team:
    return builders.team(org)


@pytest.fixture
def line(org: Organisation, team: Team) -> Line:
    made = builders.line(builders.table(org), original="500", owner=team)
    books.rule(made, "4310")
    rows = [books.row(), books.row(amount="60,50", words="Schermen", period="2"), books.row(amount="7,00", period="3")]
    books.import_file(books.ledger(org), books.csv(*rows))
    compute(made.table)
    return made


@pytest.fixture
def claim(line: Line) -> Claim:
    return builders.explain(line).claims.get()


@pytest.fixture
def lead(client: Client, org: Organisation, team: Team) -> Client:
    client.force_login(builders.person("Ruben Sitompul", org, Role.TEAM_LEAD, teams=(team,)))
    return client


def path(claim: Claim) -> str:
    return f"/duoplus/tabellen/toelichtingen/{claim.explanation_id}/regels/{claim.line_id}/boekingen/"


def test_a_lead_goes_from_the_drill_down_to_what_bears_the_explanation_out(lead: Client, claim: Claim) -> None:
    drill = lead.get(f"/duoplus/tabellen/regels/{claim.line_id}/boekingen/?period=2")
    assert f'href="{path(claim)}?period=2"' in drill.content.decode()
    answer = lead.get(f"{path(claim)}?period=2")
    assert [row.record.description for row in answer.context["postings"].rows] == ["Schermen"]
    screens = Posting.objects.get(description="Schermen")
    answer = lead.post(f"{path(claim)}?period=2", {"chosen": str(screens.pk)})
    assert answer["Location"] == f"{path(claim)}?period=2"
    assert said(lead, answer) == ["De boekingen bij de toelichting zijn opgeslagen."]
    answer = lead.get(path(claim))
    assert "15-01-2020 Schermen M1 60,50 Samen 60,50" in text(answer)
    assert [row.record.description for row in answer.context["postings"].rows] == ["Laptops", "Laptops"]
    lead.post(path(claim), {"dropped": str(claim.evidence.get().pk)})
    assert not claim.evidence.exists()


def test_without_an_explanation_the_drill_down_offers_to_write_one(lead: Client, line: Line) -> None:
    shown = lead.get(f"/duoplus/tabellen/regels/{line.pk}/boekingen/").content.decode()
    assert f'href="/duoplus/tabellen/regels/{line.pk}/toelichting/"' in shown


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Vink eerst boekingen aan."),
        ({"chosen": "0"}, "Een gekozen boeking staat niet meer bij deze regel. Kies opnieuw."),
    ],
)
def test_what_cannot_be_chosen_is_told(lead: Client, claim: Claim, typed: dict[str, str], message: str) -> None:
    answer = lead.post(path(claim), typed)
    assert (answer.status_code, message in text(answer)) == (422, True)


def test_an_explanation_shows_postings_to_who_may_see_them_and_their_sum_to_all(
    client: Client, org: Organisation, claim: Claim
) -> None:
    books.evidence(claim)
    books.evidence(claim, "12.50", "Toetsenborden")
    address = f"/duoplus/tabellen/{claim.line.table_id}/toelichting/"
    client.force_login(builders.person("Willem", org, Role.AUDITOR))
    words = text(client.get(address))
    assert (
        "15-01-2020 Laptops M1 100 15-01-2020 Toetsenborden staat zo niet meer in het grootboek M1 12,50 Samen 112,50"
        in words
    )
    assert "Boekingen kiezen" not in words
    client.force_login(builders.person("Anna", org, Role.ADMINISTRATOR))
    words = text(client.get(address))
    assert "Boekingen bij Aanschaf servers 2, samen 112,50 (1 staan zo niet meer in het grootboek)" in words
    assert "Laptops" not in words
    client.force_login(builders.person("Saskia", org, Role.CONTROLLER))
    assert f'href="{path(claim)}"' in client.get(address).content.decode()
