from decimal import Decimal

import pytest
from django.http import Http404

from accounts.models import Organisation
from investments import lawfulness
from investments.columns import TableKind
from investments.models import CreditClass, LawfulnessLimit, Line, Table
from investments.overspending import Ground, Lawfulness, Overspending
from investments.variance import Direction
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def table(org: Organisation) -> Table:
    made = builders.table(org, "Kredieten")
    Table.objects.filter(pk=made.pk).update(kind=TableKind.CREDITS)
    made.refresh_from_db()
    return made


def credit(table: Table, label: str, authorised: str, before: str, actual: str | None) -> Line:
    line = builders.line(table, label, authorised, actual, direction=Direction.EXPENSE)
    line.cells.create(column=lawfulness.SPENT_BEFORE, amount=Decimal(before))
    return line


def test_all_that_was_ever_spent_is_held_against_the_whole_credit(org: Organisation, table: Table) -> None:
    credit(table, "Net vol", "1000", "400", "600")
    over = credit(table, "Brug", "1000", "900", "100.01")
    before = credit(table, "Sluis", "1000", "1200", None)
    amended = credit(table, "Kade", "1000", "900", "600")
    builders.amend(amended, "500")
    found = lawfulness.of_year(org, 2020)
    assert [(item.line, item.figures) for item in found.overspent] == [
        (before, Overspending(before.pk, 1000_00, 1200_00)),
        (over, Overspending(over.pk, 1000_00, 1000_01)),
    ]
    assert found.unclassified == 2


def test_a_credit_of_one_year_is_overspent_by_its_actual(org: Organisation) -> None:
    table = builders.sample_table(org)
    builders.line(table, "Baten", "10", "50", direction=Direction.INCOME)
    builders.line(table, "Lasten", "10", "50", direction=Direction.EXPENSE)
    assert [(item.line.label, item.figures.excess) for item in lawfulness.of_year(org, 2020).overspent] == [
        ("I&A - aanschaf computerapparatuur", 2_360_000),
        ("I&A - aanschaf randapparatuur", 970_000),
    ]


def test_income_of_a_table_of_credits_is_no_credit(org: Organisation, table: Table) -> None:
    builders.line(table, "Subsidie", "10", "50", direction=Direction.INCOME)
    assert lawfulness.of_year(org, 2020).overspent == ()


def test_what_counts_depends_on_the_class(org: Organisation, table: Table) -> None:
    one, other = (credit(table, label, "0", "0", "100") for label in ("Een", "Ander"))
    CreditClass.objects.create(line=one, ground=Ground.COVERED, reason="Subsidie.")
    found = lawfulness.of_year(org, 2020)
    assert (found.judged, found.unclassified) == (Lawfulness(None, 100_00), 1)
    CreditClass.objects.create(line=other, ground=Ground.OUTSIDE, reason="Niet besloten.")
    assert lawfulness.of_year(org, 2020).unclassified == 0


def test_the_base_is_the_expense_of_the_statements_or_what_was_typed(org: Organisation) -> None:
    statement = builders.table(org, "Staat van baten en lasten")
    Table.objects.filter(pk=statement.pk).update(kind=TableKind.INCOME_EXPENSE)
    builders.line(statement, "Programma", actual="900", direction=Direction.EXPENSE)
    builders.line(statement, "Toevoeging reserve", actual="100", direction=Direction.EXPENSE)
    builders.line(statement, "Baten", actual="5000", direction=Direction.INCOME)
    assert lawfulness.expense(org, 2020) == Decimal(1000)
    stored = LawfulnessLimit.objects.create(organisation=org, year=2020, percentage=Decimal("2.50"))
    found = lawfulness.of_year(org, 2020)
    assert (found.base, found.is_typed, found.judged) == (Decimal(1000), False, Lawfulness(25_00, 0))
    LawfulnessLimit.objects.filter(pk=stored.pk).update(base=Decimal(4000))
    found = lawfulness.of_year(org, 2020)
    assert (found.base, found.is_typed, found.judged.limit) == (Decimal(4000), True, 100_00)


def test_without_a_statement_the_base_is_not_known(org: Organisation) -> None:
    builders.sample_table(org)
    LawfulnessLimit.objects.create(organisation=org, year=2020, percentage=Decimal(1))
    found = lawfulness.of_year(org, 2020)
    assert (found.base, found.judged.limit, found.judged.is_exceeded) == (None, None, False)


def test_years_and_organisations_stay_apart(org: Organisation, table: Table) -> None:
    line = credit(table, "Brug", "0", "0", "100")
    other = builders.organisation("Waterrand", "waterrand")
    assert lawfulness.of_year(other, 2020).overspent == lawfulness.of_year(org, 2021).overspent == ()
    with pytest.raises(Http404):
        lawfulness.get_credit(other, line.pk)
    with pytest.raises(Http404):
        lawfulness.get_credit(org, builders.total(table, line).pk)
