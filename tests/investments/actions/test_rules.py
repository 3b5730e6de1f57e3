from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions
from investments.actions import RuleInput
from investments.models import CauseList, DeviationRule
from tests import builders

pytestmark = pytest.mark.django_db
RULE = RuleInput(Decimal("10000.00"), Decimal("2.50"), both=True, inclusive=True)


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


def test_the_rule_of_a_year_is_stored_with_version_and_log(controller: Member) -> None:
    actions.set_deviation_rule(controller, 2020, 0, RULE)
    stored = DeviationRule.objects.get()
    assert (stored.year, stored.amount, stored.percentage, stored.both, stored.inclusive, stored.per_total) == (
        2020,
        Decimal(10000),
        Decimal("2.50"),
        True,
        True,
        False,
    )
    entry = LogEntry.objects.get()
    assert (entry.action, entry.data) == (
        "investments.set_deviation_rule",
        {
            "rule": stored.pk,
            "year": 2020,
            "amount": "10.000",
            "percentage": "2.50",
            "both": True,
            "inclusive": True,
            "per_total": False,
        },
    )
    assert actions.set_deviation_rule(controller, 2020, 1, RuleInput()).version == 2
    assert actions.set_deviation_rule(controller, 2020, 1, RuleInput()).version == 2
    assert actions.set_deviation_rule(controller, 2021, 0, RULE).version == 1


def test_who_sets_the_rule_second_sees_both(controller: Member) -> None:
    actions.set_deviation_rule(controller, 2020, 0, RULE)
    with pytest.raises(Conflict) as found:
        actions.set_deviation_rule(controller, 2020, 0, RuleInput(Decimal(5000), per_total=True))
    assert found.value == Conflict(
        "Norm voor toelichten 2020",
        "Saskia Roelofsen",
        [
            ("bedrag", "10.000"),
            ("percentage", "2,50"),
            ("samen", "beide"),
            ("grens", "vanaf"),
            ("per", "regel"),
        ],
        [
            ("bedrag", "5.000"),
            ("percentage", "leeg"),
            ("samen", "één van beide"),
            ("grens", "meer dan"),
            ("per", "totaal"),
        ],
        current_version=1,
    )


def test_an_organisation_has_causes_of_its_own(controller: Member) -> None:
    actions.set_causes(controller, 0, ["weer", "prijs"])
    assert CauseList.objects.get().names == ["weer", "prijs"]
    assert LogEntry.objects.get().action == "investments.set_causes"
    with pytest.raises(Conflict) as found:
        actions.set_causes(controller, 0, ["prijs"])
    assert (found.value.theirs, found.value.mine) == ([("oorzaken", "weer, prijs")], [("oorzaken", "prijs")])
    with pytest.raises(Refused) as refusal:
        actions.set_causes(controller, 1, [])
    assert str(refusal.value) == "Noem ten minste één oorzaak."


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_no_other_role_sets_rules(controller: Member, role: Role) -> None:
    member = builders.member("Willem", controller.organisation, role)
    with pytest.raises(PermissionDenied):
        actions.set_deviation_rule(member, 2020, 0, RULE)
    with pytest.raises(PermissionDenied):
        actions.set_causes(member, 0, ["weer"])
