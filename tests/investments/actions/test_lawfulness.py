from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions
from investments.models import Change, CreditClass, LawfulnessLimit, Line
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def line(controller: Member) -> Line:
    return builders.line(builders.table(controller.organisation), "Brug", "100", "125.50")


def test_classifying_is_kept_with_reason_history_and_log(controller: Member, line: Line) -> None:
    actions.classify_credit(controller, line.pk, 0, "late", "Pas in december gezien.")
    actions.classify_credit(controller, line.pk, 1, "outside", "Niet besloten.")
    stored = CreditClass.objects.get()
    assert (stored.line, stored.ground, stored.reason, stored.version) == (line, "outside", "Niet besloten.", 2)
    assert list(Change.objects.order_by("id").values_list("field", "was", "became")) == [
        ("overschrijding", "te classificeren", "binnen beleid maar te laat besloten"),
        ("overschrijding", "binnen beleid maar te laat besloten", "buiten beleid"),
    ]
    entry = LogEntry.objects.all()[0]
    assert (entry.action, entry.data) == (
        "investments.classify_credit",
        {"line": line.pk, "ground": "outside", "excess": "25,50"},
    )
    assert actions.classify_credit(controller, line.pk, 0, "outside", "Niet besloten.").version == 2


def test_who_classifies_second_sees_both(controller: Member, line: Line) -> None:
    actions.classify_credit(controller, line.pk, 0, "late", "Te laat.")
    with pytest.raises(Conflict) as found:
        actions.classify_credit(controller, line.pk, 0, "covered", "Subsidie.")
    assert found.value == Conflict(
        "Overschrijding van Brug",
        "Saskia Roelofsen",
        [("klasse", "binnen beleid maar te laat besloten"), ("reden", "Te laat.")],
        [("klasse", "gedekt door direct gerelateerde baten"), ("reden", "Subsidie.")],
        current_version=1,
    )


def test_only_what_is_overspent_is_classified(controller: Member, line: Line) -> None:
    Line.objects.filter(pk=line.pk).update(actual=Decimal(100))
    with pytest.raises(Refused) as refusal:
        actions.classify_credit(controller, line.pk, 0, "late", "Te laat.")
    assert str(refusal.value) == "Dit krediet is niet overschreden."


def test_the_limit_of_a_year_has_version_and_log(controller: Member) -> None:
    actions.set_lawfulness_limit(controller, 2020, 0, Decimal("1.00"), None)
    stored = actions.set_lawfulness_limit(controller, 2020, 1, Decimal("2.50"), Decimal(4000))
    assert (stored.percentage, stored.base, stored.version) == (Decimal("2.50"), Decimal(4000), 2)
    entry = LogEntry.objects.all()[0]
    assert (entry.action, entry.data) == (
        "investments.set_lawfulness_limit",
        {"limit": stored.pk, "year": 2020, "percentage": "2.50", "base": "4.000"},
    )
    assert actions.set_lawfulness_limit(controller, 2020, 0, Decimal("2.5"), Decimal(4000)).version == 2
    with pytest.raises(Conflict) as found:
        actions.set_lawfulness_limit(controller, 2020, 1, Decimal(3), None)
    assert found.value.theirs == [("percentage", "2,50"), ("totale lasten", "4.000")]
    assert found.value.mine == [("percentage", "3"), ("totale lasten", "leeg")]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_no_other_role_judges(controller: Member, line: Line, role: Role) -> None:
    member = builders.member("Willem", controller.organisation, role)
    with pytest.raises(PermissionDenied):
        actions.classify_credit(member, line.pk, 0, "late", "Te laat.")
    with pytest.raises(PermissionDenied):
        actions.set_lawfulness_limit(member, 2020, 0, Decimal(1), None)


def test_another_organisation_has_no_such_credit(line: Line) -> None:
    stranger = builders.member("Sjoerd", builders.organisation("Waterrand", "waterrand"), Role.CONTROLLER)
    with pytest.raises(Http404):
        actions.classify_credit(stranger, line.pk, 0, "late", "Te laat.")
    assert not LawfulnessLimit.objects.exists()
