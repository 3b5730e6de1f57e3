from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from investments.columns import TableKind
from investments.findings import broken_tables
from investments.models import Cell, Table
from investments.variance import Direction
from tests import builders
from tests.investments.computing import compute

pytestmark = pytest.mark.django_db


def test_rounding_is_no_finding() -> None:
    table = builders.sample_table(builders.organisation())
    compute(table)
    assert broken_tables([table]) == []


def test_a_total_that_is_stated_wrongly_is(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    table = builders.sample_table(builders.organisation())
    total = table.lines.get(label="Saldo")
    Cell.objects.create(line=total, column="amended", amount=Decimal(600_000), is_stated=True)
    compute(table)
    with django_assert_num_queries(3):
        found = broken_tables([table])
    assert [(item.table, item.words) for item in found] == [(table, "3 optellingen kloppen niet")]


def test_a_balance_sheet_with_two_unequal_sides_is() -> None:
    organisation = builders.organisation()
    sheet = Table.objects.create(organisation=organisation, title="Balans", year=2020, kind=TableKind.BALANCE_SHEET)
    for label, side, amount in (("Kas", Direction.ASSET, 5), ("Schuld", Direction.LIABILITY, 4)):
        line = builders.line(sheet, label, direction=side)
        Cell.objects.create(line=line, column="closing", amount=Decimal(amount))
    assert [item.words for item in broken_tables([sheet])] == ["1 aansluiting klopt niet"]
