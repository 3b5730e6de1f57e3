from decimal import Decimal

import pytest

from accounts.roles import Role
from investments import actions, queries
from investments.figures import LineKind
from investments.models import Line, Table, TotalMember, Variance
from jobs.models import JobState
from tests import builders
from tests.investments.computing import compute

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    return builders.sample_table(builders.organisation())


def results(table: Table) -> list[str]:
    return [str(row.result) for row in Variance.objects.filter(line__table=table).order_by("line__position")]


def test_the_results_of_all_lines_are_stored(table: Table) -> None:
    job = compute(table)
    assert (job.state, job.reason) == (JobState.DONE, "")
    assert results(table) == ["-23600.00", "12100.00", "122200.00", "-9700.00", "1100.00", "0.00", "102100.00"]
    assert [row.percentage for row in Variance.objects.order_by("line__position")] == [-10, 15, 68, -18, 6, None, 18]


def test_stale_becomes_fresh(table: Table) -> None:
    controller = builders.member("Saskia", table.organisation, Role.CONTROLLER)
    compute(table)
    line = table.lines.all()[0]
    entry = actions.LineInput(line.label, None, line.direction, Decimal(0), Decimal(255_700))
    actions.save_line(controller, line.pk, line.version, entry)
    assert queries.table_figures(table).is_stale
    compute(table)
    assert not queries.table_figures(table).is_stale
    assert results(table)[0] == "-23700.00"


def test_a_second_calculation_replaces_the_first(table: Table) -> None:
    compute(table)
    before = {row.line_id: row.pk for row in Variance.objects.all()}
    Line.objects.filter(table=table, kind=LineKind.LINE).update(actual=Decimal(0))
    compute(table)
    assert {row.line_id: row.pk for row in Variance.objects.all()} == before
    assert results(table)[-1] == "567000.00"


def test_only_the_asked_table_is_computed(table: Table) -> None:
    other = builders.table(table.organisation, "Baten en lasten")
    builders.line(other)
    compute(table)
    assert results(other) == []


def test_a_circle_fails_with_a_reason_that_says_what_to_do(table: Table) -> None:
    total = table.lines.get(kind=LineKind.TOTAL)
    second = builders.total(table, total, label="Totaal")
    TotalMember.objects.create(total=total, line=second)
    job = compute(table)
    assert (job.state, job.reason) == (
        JobState.FAILED,
        "Het totaal “Saldo” telt zichzelf mee. Kies opnieuw wat dit totaal optelt.",
    )


def test_a_table_that_is_gone_is_no_failure(table: Table) -> None:
    organisation, key = table.organisation, table.pk
    table.delete()
    assert compute(Table(pk=key, organisation=organisation)).state == JobState.DONE
