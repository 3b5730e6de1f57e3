from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions
from investments.actions import DecisionInput
from investments.figures import LineKind
from investments.models import Amendment, Change, Decision, Line
from jobs.models import Job
from tests import builders

pytestmark = pytest.mark.django_db
FIRST = DecisionInput("1e begrotingswijziging", date(2020, 6, 30), "2020-07", "algemeen bestuur")


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def line(controller: Member) -> Line:
    return builders.line(builders.table(controller.organisation))


def amounts(decision: Decision) -> dict[str, Decimal]:
    return {row.line.label: row.amount for row in decision.amendments.order_by("line_id")}


def test_one_decision_changes_lines_of_several_tables(controller: Member, line: Line) -> None:
    bridges = builders.line(builders.table(controller.organisation, "Bruggen"), "Bruggen", actual="5")
    decision = actions.add_decision(controller, 2020, FIRST, {line.pk: Decimal("-1234.50"), bridges.pk: Decimal(2000)})
    assert (decision.number, decision.date, decision.title, decision.body, decision.year) == (
        "2020-07",
        date(2020, 6, 30),
        "1e begrotingswijziging",
        "algemeen bestuur",
        2020,
    )
    assert amounts(decision) == {"Aanschaf servers": Decimal("-1234.50"), "Bruggen": Decimal(2000)}
    assert set(Change.objects.values_list("label", "field", "was", "became")) == {
        ("Aanschaf servers", "wijziging", "", "-1.234,50 (1e begrotingswijziging, 30-06-2020)"),
        ("Bruggen", "wijziging", "", "2.000 (1e begrotingswijziging, 30-06-2020; de rekening was al ingevuld)"),
    }
    entry = LogEntry.objects.get()
    assert (entry.action, entry.data) == (
        "investments.add_decision",
        {
            "decision": decision.pk,
            "lines": [line.pk, bridges.pk],
            "amount": "765,50",
            "after_actual": [bridges.pk],
        },
    )
    assert set(Job.objects.values_list("subject_id", flat=True)) == {line.table_id, bridges.table_id}


def test_a_decision_is_changed_as_a_whole(controller: Member, line: Line) -> None:
    bridges, roads = builders.line(line.table, "Bruggen"), builders.line(line.table, "Wegen")
    decision = actions.add_decision(controller, 2020, FIRST, {line.pk: Decimal(5), bridges.pk: Decimal(6)})
    Change.objects.all().delete()
    entry = DecisionInput("1e wijziging", date(2020, 7, 1))
    saved = actions.save_decision(controller, decision.pk, 1, entry, {bridges.pk: Decimal(7), roads.pk: Decimal(8)})
    assert (saved.title, saved.number, saved.version) == ("1e wijziging", "", 2)
    assert amounts(saved) == {"Bruggen": Decimal(7), "Wegen": Decimal(8)}
    assert list(Change.objects.order_by("label").values_list("label", "was", "became")) == [
        ("Aanschaf servers", "5 (1e wijziging, 01-07-2020)", "ingetrokken"),
        ("Bruggen", "6 (1e wijziging, 01-07-2020)", "7 (1e wijziging, 01-07-2020)"),
        ("Wegen", "", "8 (1e wijziging, 01-07-2020)"),
    ]


def test_the_same_decision_again_is_no_change(controller: Member, line: Line) -> None:
    decision = actions.add_decision(controller, 2020, FIRST, {line.pk: Decimal(5)})
    assert actions.save_decision(controller, decision.pk, 1, FIRST, {line.pk: Decimal("5.00")}).version == 1
    assert LogEntry.objects.count() == 1


def test_who_saves_second_sees_both_decisions(controller: Member, line: Line) -> None:
    decision = actions.add_decision(controller, 2020, FIRST, {line.pk: Decimal(5)})
    actions.save_decision(controller, decision.pk, 1, FIRST, {line.pk: Decimal(6)})
    with pytest.raises(Conflict) as found:
        actions.save_decision(controller, decision.pk, 1, FIRST, {})
    assert found.value == Conflict(
        "1e begrotingswijziging",
        "Saskia Roelofsen",
        [("wijzigt", "Aanschaf servers (Investeringen ICT 2020): 6")],
        [("wijzigt", "geen regels")],
        current_version=2,
    )
    assert amounts(decision) == {"Aanschaf servers": Decimal(6)}


def test_a_withdrawn_decision_stays_in_the_history_of_its_lines(controller: Member, line: Line) -> None:
    decision = actions.add_decision(controller, 2020, FIRST, {line.pk: Decimal(5)})
    with pytest.raises(Conflict):
        actions.remove_decision(controller, decision.pk, 7)
    actions.remove_decision(controller, decision.pk, 1)
    assert not Decision.objects.exists()
    assert not line.amendments.exists()
    newest = Change.objects.all()[0]
    assert (newest.was, newest.became) == ("5 (1e begrotingswijziging, 30-06-2020)", "ingetrokken")
    assert list(LogEntry.objects.values_list("action", flat=True)) == [
        "investments.remove_decision",
        "investments.add_decision",
    ]


def test_a_decision_changes_one_more_line_and_one_less(controller: Member, line: Line) -> None:
    decision = builders.decision(controller.organisation)
    amendment = actions.add_amendment(controller, line.pk, decision.pk, Decimal("12.50"))
    assert (amendment.line, amendment.amount) == (line, Decimal("12.50"))
    with pytest.raises(Refused) as refusal:
        actions.add_amendment(controller, line.pk, decision.pk, Decimal(1))
    assert str(refusal.value) == "Dit besluit wijzigt deze regel al. Pas het bedrag aan bij het besluit."
    actions.remove_amendment(controller, amendment.pk)
    decision.refresh_from_db()
    assert (decision.version, decision.amendments.count()) == (3, 0)
    with pytest.raises(Http404):
        actions.remove_amendment(controller, amendment.pk)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (LineKind.TOTAL, "Een totaal heeft geen eigen begrotingswijzigingen."),
        (LineKind.HEADING, "Een kop heeft geen begroting."),
    ],
)
def test_only_lines_with_amounts_have_a_budget(controller: Member, line: Line, kind: str, message: str) -> None:
    Line.objects.filter(pk=line.pk).update(kind=kind)
    with pytest.raises(Refused) as refusal:
        actions.add_decision(controller, 2020, FIRST, {line.pk: Decimal(5)})
    assert str(refusal.value) == message


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_no_other_role_changes_the_budget(controller: Member, line: Line, role: Role) -> None:
    amendment = builders.amend(line, "1")
    member = builders.member("Willem", controller.organisation, role)
    with pytest.raises(PermissionDenied):
        actions.add_decision(member, 2020, FIRST, {})
    with pytest.raises(PermissionDenied):
        actions.save_decision(member, amendment.decision_id, 1, FIRST, {})
    with pytest.raises(PermissionDenied):
        actions.remove_decision(member, amendment.decision_id, 1)
    with pytest.raises(PermissionDenied):
        actions.add_amendment(member, line.pk, amendment.decision_id, Decimal(1))
    with pytest.raises(PermissionDenied):
        actions.remove_amendment(member, amendment.pk)
    assert list(line.amendments.all()) == [amendment]


def test_another_organisation_has_no_such_line_or_decision(controller: Member, line: Line) -> None:
    amendment = builders.amend(line, "1")
    stranger = builders.member("Sjoerd", builders.organisation("Waterrand", "waterrand"), Role.CONTROLLER)
    own = builders.decision(stranger.organisation)
    with pytest.raises(Http404):
        actions.add_decision(stranger, 2020, FIRST, {line.pk: Decimal(1)})
    with pytest.raises(Http404):
        actions.save_decision(stranger, own.pk, 1, FIRST, {line.pk: Decimal(1)})
    with pytest.raises(Http404):
        actions.add_amendment(stranger, line.pk, own.pk, Decimal(1))
    with pytest.raises(Http404):
        actions.save_decision(stranger, amendment.decision_id, 1, FIRST, {})
    with pytest.raises(Http404):
        actions.remove_decision(stranger, amendment.decision_id, 1)
    with pytest.raises(Http404):
        actions.remove_amendment(stranger, amendment.pk)
    assert Amendment.objects.get() == amendment
