from decimal import Decimal

import pytest

from accounts.models import Organisation
from investments.columns import TableKind
from investments.findings import Finding, findings
from investments.models import Cell, CreditClass, LawfulnessLimit, Table
from investments.overspending import Ground
from investments.variance import Direction
from tests import builders
from tests.investments.computing import compute

pytestmark = pytest.mark.django_db
LAWFULNESS = "/duoplus/tabellen/rechtmatigheid/?jaar=2020"


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


def test_what_is_open_is_told_with_the_page_that_mends_it(org: Organisation) -> None:
    table = builders.sample_table(org)
    compute(table)
    builders.explain(*table.lines.exclude(label__contains="rand"))
    assert findings([table]) == [
        Finding(
            "Investeringen ICT 2020",
            "1 afwijking is nog niet verklaard.",
            f"/duoplus/tabellen/{table.pk}/afwijkingen/",
        ),
        Finding("Rechtmatigheid 2020", "2 overschreden kredieten zijn nog niet geclassificeerd.", LAWFULNESS),
    ]


def test_above_the_limit_is_told(org: Organisation) -> None:
    table = builders.table(org)
    line = builders.line(table, "Brug", "100", "200")
    CreditClass.objects.create(line=line, ground=Ground.OUTSIDE, reason="Niet besloten.")
    LawfulnessLimit.objects.create(organisation=org, year=2020, percentage=Decimal(1), base=Decimal(9999))
    assert findings([table]) == [Finding("Rechtmatigheid 2020", "er telt meer mee dan de grens toelaat.", LAWFULNESS)]
    LawfulnessLimit.objects.update(base=Decimal(10000))
    assert findings([table]) == []


def test_nothing_is_found_where_nothing_is() -> None:
    assert findings([]) == []


def test_rounding_is_no_finding_and_a_total_that_is_stated_wrongly_is(org: Organisation) -> None:
    table = builders.sample_table(org)
    compute(table)
    before = len(findings([table]))
    Cell.objects.create(line=table.lines.get(label="Saldo"), column="amended", amount=Decimal(600_000), is_stated=True)
    found = findings([table])
    assert found[0] == Finding(
        "Investeringen ICT 2020", "3 optellingen kloppen niet.", f"/duoplus/tabellen/{table.pk}/controle/"
    )
    assert len(found) == before + 1


def test_a_balance_sheet_with_two_unequal_sides_is_told(org: Organisation) -> None:
    sheet = Table.objects.create(organisation=org, title="Balans", year=2020, kind=TableKind.BALANCE_SHEET)
    for label, side, amount in (("Kas", Direction.ASSET, 5), ("Schuld", Direction.LIABILITY, 4)):
        line = builders.line(sheet, label, direction=side)
        Cell.objects.create(line=line, column="closing", amount=Decimal(amount))
    assert [item.text for item in findings([sheet])] == ["1 aansluiting klopt niet."]
