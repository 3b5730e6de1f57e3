from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions, explaining
from investments.actions import RuleInput
from investments.models import CauseList, Change, DeviationRule
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


# --- of one table -----------------------------------------------------------------------------------------------------
def test_a_table_has_a_rule_of_its_own_until_that_of_the_year_holds_again(controller: Member) -> None:
    table = builders.table(controller.organisation)
    year = actions.set_deviation_rule(controller, 2020, 0, RULE)
    own = RuleInput(Decimal("500.00"))
    actions.set_table_rule(controller, table.pk, 0, None)
    assert DeviationRule.objects.count() == 1
    actions.set_table_rule(controller, table.pk, 0, own)
    stored = DeviationRule.objects.get(table=table)
    assert (stored.amount, stored.year, stored.version, explaining.rule_of(table)) == (Decimal(500), None, 1, stored)
    actions.set_table_rule(controller, table.pk, 1, None)
    assert explaining.rule_of(table) == year
    actions.set_table_rule(controller, table.pk, 2, own)
    assert DeviationRule.objects.get(table=table).version == 3
    assert list(Change.objects.order_by("pk").values_list("field", "was", "became"))[:2] == [
        (
            "norm voor toelichten",
            "van het jaar",
            "van de tabel, bedrag 500, percentage leeg, samen één van beide, grens meer dan, per regel",
        ),
        (
            "norm voor toelichten",
            "van de tabel, bedrag 500, percentage leeg, samen één van beide, grens meer dan, per regel",
            "van het jaar",
        ),
    ]
    entry = LogEntry.objects.filter(data__table=table.pk).latest("pk")
    assert (entry.action, entry.data["applies"]) == ("investments.set_deviation_rule", True)


def test_who_sets_the_rule_of_a_table_second_sees_both(controller: Member) -> None:
    table = builders.table(controller.organisation)
    actions.set_table_rule(controller, table.pk, 0, RULE)
    actions.set_table_rule(controller, table.pk, 1, None)
    with pytest.raises(Conflict) as found:
        actions.set_table_rule(controller, table.pk, 1, RuleInput(Decimal(5)))
    assert found.value.theirs[0] == ("norm", "van het jaar")
    assert found.value.mine[:2] == [("norm", "van de tabel"), ("bedrag", "5")]


def test_only_a_controller_sets_the_rule_of_a_table(controller: Member) -> None:
    lead = builders.member("Ruben", controller.organisation, Role.TEAM_LEAD)
    with pytest.raises(PermissionDenied):
        actions.set_table_rule(lead, builders.table(controller.organisation).pk, 0, RULE)
