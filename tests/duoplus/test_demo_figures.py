from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.conf import settings as project
from pytest_django import DjangoDbBlocker

from accounts.models import Organisation
from duoplus.demo import load
from investments import explaining, lawfulness
from investments import queries as figures
from investments.amounts import from_cents
from investments.columns import TableKind
from investments.ledger_queries import unmapped_accounts
from investments.models import Decision, Ledger, Posting, Table
from investments.overspending import Lawfulness
from investments.tasks import compute_variances
from jobs import actions as jobs
from jobs.models import Job
from jobs.running import run
from tests.sharing import shared_rows

DEMO = project.BASE_DIR / "demo"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo, loaded and computed once for all that is asked of it."""
    with shared_rows(django_db_blocker):
        load(DEMO)
        compute_all()
        yield


def compute_all() -> None:
    """Do the jobs that the loading asked for, as a worker would."""
    for job in Job.objects.filter(kind="investments.compute_variances"):
        held = jobs.claim(job.pk, joins_until_end=False)
        assert held is not None
        run(compute_variances, held)


def test_table_prints_as_published() -> None:
    table = Table.objects.get(organisation__slug="duoplus", kind=TableKind.INVESTMENTS)
    statement = figures.table_figures(table).statement
    assert statement.unit_note == "(bedrag x € 1.000)"
    assert [column.label for column in statement.columns] == [
        "begroot 2020",
        "wijziging 2020",
        "begroot na wijzigingen 2020",
        "rekening 2020",
        "resultaat 2020",
    ]
    assert [[row.label, *(cell.text for cell in row.cells)] for row in statement.rows] == [
        ["I&A - aanschaf computerapparatuur", "-", "232", "232", "256", "-24"],
        ["I&A - aanschaf netwerkapparatuur", "-", "80", "80", "68", "12"],
        ["I&A - aanschaf serverapparatuur", "-", "180", "180", "58", "122"],
        ["I&A - aanschaf randapparatuur", "-", "55", "55", "65", "-10"],
        ["I&A - aanschaf telefoons", "-", "20", "20", "19", "1"],
        ["Voorfinanciering fiets", "-", "-", "-", "-", "-"],
        ["Saldo", "-", "567", "567", "465", "102"],
    ]


def test_table_of_the_other_organisation_prints_in_euros() -> None:
    table = Table.objects.get(organisation__slug="waterrand", kind=TableKind.INVESTMENTS)
    statement = figures.table_figures(table).statement
    assert [[row.label, *(cell.text for cell in row.cells)] for row in statement.rows] == [
        ["Vervanging werkboot", "85.000", "5.000", "90.000", "81.413", "8.588"],
        ["Meetpalen waterstand", "24.000", "-", "24.000", "23.860", "140"],
        ["Aanlegsteigers", "-", "24.000", "24.000", "27.311", "-3.311"],
        ["Totaal", "109.000", "29.000", "138.000", "132.583", "5.417"],
    ]


def printed(table: Table) -> list[list[str]]:
    return [[row.label, *(cell.text for cell in row.cells)] for row in figures.table_figures(table).statement.rows]


def test_what_the_source_does_not_tell_of_a_reserve_is_unknown() -> None:
    table = Table.objects.get(organisation__slug="duoplus", kind=TableKind.RESERVES)
    unknown = "onbekend"
    assert printed(table) == [["Reserve Slimmer Verbinden", unknown, unknown, unknown, "432", unknown, "275"]]
    assert figures.table_figures(table).verdict is None


def test_tables_of_the_other_organisation_agree_with_each_other() -> None:
    tables = list(Table.objects.filter(organisation__slug="waterrand", year=2020))
    assert {table.title: str(figures.table_figures(table).verdict) for table in tables} == {
        "Balans": "rounding",
        "Investeringen oevers en vaarwater": "rounding",
        "Materiële vaste activa": "rounding",
        "Meerjarige kredieten": "rounding",
        "Overzicht van baten en lasten": "rounding",
        "Reserves": "rounding",
        "Voorzieningen": "exact",
    }
    last = {table.title: printed(table)[-1][1:] for table in tables}
    assert last["Materiële vaste activa"] == ["2.173", "133", "12", "5", "83", "2.206"]
    assert last["Reserves"] == ["921", "94", "111", "904", "95", "809"]
    assert last["Overzicht van baten en lasten"][-1] == "27"
    assert last["Balans"] == ["2.549", "2.568"]
    checks = [check for table in tables for check in figures.table_figures(table).checks]
    assert [(check.subject, check.verdict) for check in checks] == [
        ("Balans, 31-12-2020", "exact"),
        ("Balans, 31-12-2019", "exact"),
        ("Gronden en terreinen", "exact"),
        ("Waterbouwkundige werken", "exact"),
        ("Vervoermiddelen", "exact"),
        ("Overige", "exact"),
        ("Algemene reserve", "exact"),
        ("Reserve groot onderhoud oevers", "exact"),
        ("Reserve vervanging vaartuigen", "exact"),
    ]


def test_deviations_that_the_source_leaves_unexplained_are_open() -> None:
    """Of the peripherals (-10, 18%) the published text says nothing; of the computers and servers it does."""
    open_at: dict[str, dict[str, int | None]] = {"duoplus": {}, "waterrand": {}}
    for table in Table.objects.all():
        covered = explaining.coverage([table])[table.pk]
        lines = {line.pk: line for line in table.lines.select_related("variance")}
        open_at[table.organisation.slug].update(
            {lines[item.key].label: lines[item.key].variance.percentage for item in covered if item.is_open}
        )
    assert open_at == {
        "duoplus": {
            "I&A - aanschaf netwerkapparatuur": 15,
            "I&A - aanschaf randapparatuur": -18,
            "I&A - aanschaf telefoons": 6,
        },
        "waterrand": {"Aanlegsteigers": -14},
    }


def test_overspent_credits_of_the_demo_are_held_against_its_limit() -> None:
    found = lawfulness.of_year(Organisation.objects.get(slug="waterrand"), 2020)
    assert [(item.line.label, item.figures.excess) for item in found.overspent] == [("Aanlegsteigers", 331_075)]
    assert found.judged == Lawfulness(4_200_000, 331_075)


def test_one_decision_changes_all_lines_that_name_it() -> None:
    assert {decision.title: decision.amendments.count() for decision in Decision.objects.all()} == {
        "Begrotingswijzigingen 2020, stand per ultimo": 5,
        "Eerste begrotingswijziging 2020 (fictief)": 4,
        "Tweede begrotingswijziging 2020 (fictief)": 1,
    }


# --- the ledger behind the investments --------------------------------------------------------------------------------
def test_the_ledger_adds_up_to_the_table_to_the_cent() -> None:
    table = Table.objects.get(organisation__slug="duoplus", title="Investeringen ICT")
    shown = figures.table_figures(table)
    typed = [line.actual for line in shown.lines if not line.is_total]
    assert [line.is_from_ledger for line in shown.lines] == [True] * 5 + [False, False]
    assert [from_cents(entered.actual or 0) for entered in shown.entered if not entered.is_total] == typed
    assert typed[:5] == [255_600, 67_900, 57_800, 64_700, 18_900]


def test_its_postings_say_that_they_are_made_up() -> None:
    words = set(Posting.objects.values_list("description", flat=True))
    assert {word.split()[0] for word in words} == {"voorbeeldboekingen"}
    ledger = Ledger.objects.get()
    assert [tuple(row.values()) for row in unmapped_accounts(ledger)] == [("1600", 1, "", 54, Decimal(-464_900))]
