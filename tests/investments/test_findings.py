from decimal import Decimal

import pytest

from accounts.models import Organisation
from investments.findings import Finding, findings
from investments.models import CreditClass, LawfulnessLimit
from investments.overspending import Ground
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
