from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions
from investments.models import Amendment, Change, Line
from jobs.models import Job
from tests import builders

pytestmark = pytest.mark.django_db
FIRST: dict[str, Any] = {"day": date(2020, 6, 30), "decision": "1e begrotingswijziging", "amount": Decimal("-1234.50")}


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def line(controller: Member) -> Line:
    return builders.line(builders.table(controller.organisation))


def test_a_decision_is_recorded_and_computed(controller: Member, line: Line) -> None:
    amendment = actions.add_amendment(controller, line.pk, **FIRST)
    stored = Amendment.objects.get()
    assert (stored, stored.line, stored.date, stored.amount) == (
        amendment,
        line,
        date(2020, 6, 30),
        Decimal("-1234.50"),
    )
    change = Change.objects.get()
    assert (change.label, change.field, change.was, change.became) == (
        "Aanschaf servers",
        "wijziging",
        "",
        "-1.234,50 (1e begrotingswijziging, 30-06-2020)",
    )
    entry = LogEntry.objects.get()
    assert (entry.action, entry.data) == ("investments.add_amendment", {"line": line.pk, "amount": "-1.234,50"})
    assert Job.objects.get().subject_id == line.table_id


def test_a_withdrawn_decision_stays_in_the_history(controller: Member, line: Line) -> None:
    amendment = actions.add_amendment(controller, line.pk, **FIRST)
    actions.remove_amendment(controller, amendment.pk)
    assert not line.amendments.exists()
    newest = Change.objects.all()[0]
    assert (newest.was, newest.became) == ("-1.234,50 (1e begrotingswijziging, 30-06-2020)", "ingetrokken")
    assert list(LogEntry.objects.values_list("action", flat=True)) == [
        "investments.remove_amendment",
        "investments.add_amendment",
    ]
    assert Job.objects.count() == 1
    with pytest.raises(Http404):
        actions.remove_amendment(controller, amendment.pk)


def test_a_total_is_changed_through_its_lines(controller: Member, line: Line) -> None:
    total = builders.total(line.table, line)
    with pytest.raises(Refused) as refusal:
        actions.add_amendment(controller, total.pk, **FIRST)
    assert str(refusal.value) == "Een totaal heeft geen eigen begrotingswijzigingen."


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_no_other_role_changes_the_budget(controller: Member, line: Line, role: Role) -> None:
    amendment = line.amendments.create(date=date(2020, 1, 1), decision="Eerste", amount=Decimal(1))
    member = builders.member("Willem", controller.organisation, role)
    with pytest.raises(PermissionDenied):
        actions.add_amendment(member, line.pk, **FIRST)
    with pytest.raises(PermissionDenied):
        actions.remove_amendment(member, amendment.pk)
    assert list(line.amendments.all()) == [amendment]


def test_another_organisation_has_no_such_line_or_decision(line: Line) -> None:
    amendment = line.amendments.create(date=date(2020, 1, 1), decision="Eerste", amount=Decimal(1))
    stranger = builders.member("Sjoerd", builders.organisation("Waterrand", "waterrand"), Role.CONTROLLER)
    with pytest.raises(Http404):
        actions.add_amendment(stranger, line.pk, **FIRST)
    with pytest.raises(Http404):
        actions.remove_amendment(stranger, amendment.pk)
