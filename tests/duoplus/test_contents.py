from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import DEFAULT_DB_ALIAS

from duoplus.contents import Table, _written, differences, gone, measure, migrations_of, stored_models
from investments.models import Line
from tests import builders

WINTER = timezone(timedelta(hours=1))


@pytest.mark.django_db
def test_tables_are_counted_added_and_hashed() -> None:
    table = builders.table(builders.organisation())
    builders.line(table, original="100.25", actual="-0.50")
    builders.line(table, original="1", actual=None)
    measured = measure(DEFAULT_DB_ALIAS)["investments_line"]
    assert (measured.rows, measured.totals) == (2, {"original": 10125, "actual": -50})
    assert measured.columns.keys() == {field.column for field in Line._meta.concrete_fields}
    assert measure(DEFAULT_DB_ALIAS)["investments_line"] == measured


@pytest.mark.django_db
def test_every_change_shows() -> None:
    table = builders.table(builders.organisation())
    line, other = builders.line(table, original="100"), builders.line(table, original="50")
    before = measure(DEFAULT_DB_ALIAS)
    Line.objects.filter(pk=line.pk).update(label="Iets anders")
    assert differences(before, measure(DEFAULT_DB_ALIAS)) == ["investments_line.label: other values"]
    Line.objects.filter(pk=line.pk).update(label="Aanschaf servers", original=Decimal("100.01"))
    assert differences(before, measure(DEFAULT_DB_ALIAS)) == [
        "investments_line.original: total 15000 cents, now 15001",
        "investments_line.original: other values",
    ]
    # The same sum over other lines.
    Line.objects.filter(pk=line.pk).update(original=50)
    Line.objects.filter(pk=other.pk).update(original=100)
    assert differences(before, measure(DEFAULT_DB_ALIAS)) == ["investments_line.original: other values"]
    line.delete()
    assert differences(before, measure(DEFAULT_DB_ALIAS)) == ["investments_line: 2 rows, now 1"]


def test_what_is_no_longer_there_is_named_and_not_compared() -> None:
    then = {"a": Table(1, {"sum": 3}, {"sum": "x", "name": "y"}), "b": Table()}
    now = {"a": Table(1, {}, {"name": "y", "more": "z"}), "c": Table()}
    assert differences(then, now) == []
    assert gone(then, now) == ["b", "a.sum"]


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 13, tzinfo=WINTER)),
        (b"bytes", memoryview(b"bytes")),
        ({"a": 1, "b": [None]}, {"b": [None], "a": 1}),
        (UUID(int=1), UUID(int=1)),
    ],
)
def test_value_is_written_the_same_from_every_database(one: object, same: object) -> None:
    assert _written(one) == _written(same)


def test_values_never_run_together() -> None:
    values: list[object] = [None, "", "None", 0, "0", "\n", "a\nb", Decimal("1.0"), date(2026, 1, 1), True, [], {}]
    written = [_written(value) for value in values]
    assert len(set(written)) == len(values)
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in written)


@pytest.mark.django_db
def test_every_table_is_measured_but_those_of_django_itself() -> None:
    tables = {model._meta.db_table for model in stored_models()}
    assert tables - measure(DEFAULT_DB_ALIAS).keys() == {
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "django_content_type",
    }
    assert {"accounts_membership_teams", "accounts_logentry", "publishing_edition"} < tables
    assert "django_session" not in tables


@pytest.mark.django_db
def test_migrations_are_named_by_app() -> None:
    names = migrations_of(DEFAULT_DB_ALIAS)
    assert "publishing.0001_initial" in names
    assert names == sorted(names)
