from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError, RestrictedError

from investments.columns import Column
from investments.figures import LineKind
from investments.models import Change, Line, Table, TotalMember
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    return builders.table(builders.organisation())


def test_a_title_is_given_once_a_year_in_an_organisation(table: Table) -> None:
    builders.table(table.organisation, year=2021)
    builders.table(builders.organisation("Waterrand", "waterrand"))
    with pytest.raises(IntegrityError):
        builders.table(table.organisation)


def test_a_table_prints_in_a_known_unit(table: Table) -> None:
    with pytest.raises(IntegrityError):
        Table.objects.filter(pk=table.pk).update(unit=500)


@pytest.mark.parametrize("year", [1989, 2101])
def test_a_year_far_away_is_a_slip(table: Table, year: int) -> None:
    table.year = year
    with pytest.raises(ValidationError) as refusal:
        table.full_clean()
    assert list(refusal.value.message_dict) == ["year"]


@pytest.mark.parametrize(
    "values", [{"kind": "subtotal"}, {"direction": "sideways"}, {"kind": LineKind.TOTAL, "original": Decimal(1)}]
)
def test_a_line_is_one_of_the_known_kinds_and_a_total_has_no_amounts(table: Table, values: dict[str, Any]) -> None:
    line = builders.line(table)
    with pytest.raises(IntegrityError):
        Line.objects.filter(pk=line.pk).update(**values)


@pytest.mark.parametrize("sign", [0, 2, -2])
def test_a_member_counts_once_up_or_down(table: Table, sign: int) -> None:
    total = builders.total(table, builders.line(table))
    with pytest.raises(IntegrityError):
        total.members.update(sign=sign)


def test_a_line_counts_once_in_a_total(table: Table) -> None:
    line = builders.line(table)
    total = builders.total(table, line)
    with pytest.raises(IntegrityError):
        TotalMember.objects.create(total=total, line=line)


def test_a_total_does_not_count_itself(table: Table) -> None:
    total = builders.total(table)
    with pytest.raises(IntegrityError):
        TotalMember.objects.create(total=total, line=total)


def test_a_line_that_a_total_counts_stays(table: Table) -> None:
    line = builders.line(table)
    builders.total(table, line)
    with pytest.raises(RestrictedError):
        line.delete()
    table.delete()
    assert not Line.objects.exists()


def test_a_team_with_lines_stays(table: Table) -> None:
    team = builders.team(table.organisation)
    builders.line(table, owner=team)
    with pytest.raises(ProtectedError):
        team.delete()


def test_a_change_outlives_its_line(table: Table) -> None:
    line = builders.line(table, "Aanschaf servers")
    by = builders.person("Saskia", table.organisation)
    change = Change.objects.create(
        table=table, line=line, label=line.label, field="begroot", was="0", became="100", by=by
    )
    line.delete()
    change.refresh_from_db()
    assert (change.line, change.label, str(change)) == (None, "Aanschaf servers", "Aanschaf servers begroot: 0 → 100")


def test_lines_stand_in_their_order(table: Table) -> None:
    first, second, third = (builders.line(table, label) for label in ("a", "b", "c"))
    Line.objects.filter(pk=third.pk).update(position=0)
    assert list(table.lines.all()) == [third, first, second]


def test_rows_name_themselves(table: Table) -> None:
    line = builders.line(table, "Aanschaf servers", amendment="5")
    total = builders.total(table, line)
    amendment = line.amendments.get()
    assert [str(table), str(line), str(total), str(amendment.decision), str(amendment)] == [
        "Investeringen ICT 2020",
        "Aanschaf servers",
        "Saldo",
        "Begrotingswijziging 2020",
        "Begrotingswijziging 2020: 5.00",
    ]
    assert (line.is_total, total.is_total) == (False, True)
    assert str(total.members.get()) == f"+1 {line.pk} in {total.pk}"


def test_a_table_knows_its_printed_columns(table: Table) -> None:
    assert [column.key for column in table.printed_columns] == ["original", "amendments", "amended", "actual", "result"]
    table.columns = [{"key": "actual", "label": "realisatie {year}"}]
    assert table.printed_columns == (Column("actual", "realisatie 2020"),)
