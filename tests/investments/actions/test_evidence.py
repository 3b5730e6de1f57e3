from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.errors import Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions
from investments.actions import ExplanationInput
from investments.models import Change, Claim, Evidence, Line, Posting
from tests import builders
from tests.investments import ledger as books

pytestmark = pytest.mark.django_db


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def line(controller: Member) -> Line:
    made = builders.line(builders.table(controller.organisation), original="500")
    books.rule(made, "4310")
    rows = [books.row(), books.row(amount="60,50", words="Schermen"), books.row("4400", amount="9,00")]
    books.import_file(books.ledger(controller.organisation), books.csv(*rows))
    return made


@pytest.fixture
def claim(line: Line) -> Claim:
    return builders.explain(line).claims.get()


def choose(member: Member, claim: Claim, *chosen: int, dropped: tuple[int, ...] = ()) -> None:
    actions.choose_postings(member, claim.explanation_id, claim.line_id, chosen, dropped)


def test_postings_are_copied_once_and_taken_back(controller: Member, line: Line, claim: Claim) -> None:
    laptops, screens, _ = Posting.objects.order_by("pk")
    choose(controller, claim, laptops.pk, screens.pk)
    choose(controller, claim, laptops.pk)
    held = list(claim.evidence.all())
    assert {(row.description, row.document, row.date, row.amount) for row in held} == {
        (posting.description, "M1", posting.date, posting.amount) for posting in (laptops, screens)
    }
    choose(controller, claim, dropped=(held[0].pk,))
    assert claim.evidence.get() == held[1]
    told = list(Change.objects.filter(line=line, field="bewijs").order_by("pk").values_list("was", "became"))
    assert told[0] == ("geen boekingen", "2 boekingen, samen 160,50")
    assert told[1][1] == f"1 boeking, samen {'60,50' if held[1].amount < 100 else '100'}"
    entry = LogEntry.objects.filter(action="investments.choose_postings").earliest("pk")
    assert (entry.data["postings"], "Laptops" in str(entry.data)) == (2, False)


def test_only_postings_of_the_line_are_chosen(controller: Member, claim: Claim) -> None:
    foreign = Posting.objects.get(account="4400")
    with pytest.raises(Refused, match="staat niet meer bij deze regel"):
        choose(controller, claim, foreign.pk)
    assert not Evidence.objects.exists()


def test_a_line_has_only_so_many(controller: Member, line: Line, claim: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("investments.actions.evidence.MOST", 1)
    with pytest.raises(Refused, match="Kies ten hoogste 1 boekingen"):
        choose(controller, claim, *Posting.objects.filter(account="4310").values_list("pk", flat=True))


def test_who_may_not_explain_the_line_chooses_nothing(controller: Member, claim: Claim) -> None:
    team = builders.team(controller.organisation)
    for name, role, teams in (("Ruben", Role.TEAM_LEAD, (team,)), ("Hendrik", Role.DIRECTOR, ())):
        with pytest.raises(PermissionDenied):
            choose(builders.member(name, controller.organisation, role, teams=teams), claim)


def test_what_is_chosen_stays_with_the_text_and_goes_with_its_claim(
    controller: Member, line: Line, claim: Claim
) -> None:
    choose(controller, claim, Posting.objects.earliest("pk").pk)
    other = builders.line(line.table, "Schermen")
    entry = ExplanationInput("<p>Anders.</p>", {line.pk: Decimal(5), other.pk: None})
    actions.save_explanation(controller, claim.explanation_id, 1, entry)
    assert Evidence.objects.get().claim == claim
    actions.save_explanation(controller, claim.explanation_id, 2, ExplanationInput("<p>Anders.</p>", {other.pk: None}))
    assert not Evidence.objects.exists()
