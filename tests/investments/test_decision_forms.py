from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Organisation
from investments.actions import DecisionInput
from investments.decision_forms import AmendmentForm, DecisionForm
from investments.models import Decision, Table
from tests import builders
from tests.investments.test_forms import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def table(org: Organisation) -> Table:
    return builders.table(org)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "Dit veld is verplicht."),
        (
            "1.5",
            "“1.5” kan twee dingen betekenen. Schrijf duizendtallen met een punt en centen met een komma: 1.234,56.",
        ),
        ("veel", "“veel” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."),
        ("1" * 41, "Dit is te lang voor een bedrag."),
    ],
)
def test_a_wrong_amount_is_told_in_dutch(written: str, message: str) -> None:
    made = builders.decision(builders.organisation())
    form = AmendmentForm(typed(decision=str(made.pk), amount=written), decisions=Decision.objects.all())
    assert form.errors == {"amount": [message]}


def test_a_decision_is_read_as_the_action_takes_it(table: Table) -> None:
    servers, bridges, roads = (builders.line(table, label) for label in ("Servers", "Bruggen", "Wegen"))
    told = {"date": "2020-06-30", "title": "1e wijziging", "number": "7", "body": "bestuur"}
    amounts = {f"line_{servers.pk}": "(1.234,50)", f"line_{bridges.pk}": "", f"line_{roads.pk}": "0"}
    form = DecisionForm(typed(**told, **amounts), lines=[servers, bridges, roads])
    assert form.is_valid()
    assert form.entry == DecisionInput("1e wijziging", date(2020, 6, 30), "7", "bestuur")
    assert form.amounts == {servers.pk: Decimal("-1234.50")}


def test_an_amendment_of_nothing_is_none() -> None:
    made = builders.decision(builders.organisation())
    form = AmendmentForm(typed(decision=str(made.pk), amount="0"), decisions=Decision.objects.all())
    assert form.errors == {"amount": ["Een wijziging van nul verandert niets aan de begroting."]}
