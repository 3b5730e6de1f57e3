"""No statement changes or removes what stands in the log, and no migration forgets to see to that."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts import append_only, log, sealing
from accounts.models import LogEntry, LogSeal, Organisation
from tests import builders

pytestmark = pytest.mark.django_db
EXPECTED = [
    f"{table}_no_{statement}"
    for table in ("accounts_logentry", "accounts_logseal")
    for statement in ("delete", "truncate", "update")
    if statement != "truncate" or connection.vendor == "postgresql"
]


@pytest.fixture
def duoplus() -> Organisation:
    """One entry and its seal, and everything that keeps them."""
    organisation = builders.organisation()
    log.record_operation(organisation, "accounts.add_organisation", "Duo+")
    sealing.seal_waiting()
    append_only.install(connection)
    # PostgreSQL truncates no table that it still has to check.
    connection.check_constraints()
    return organisation


def test_the_migrations_put_all_of_it_in_place(django_db_setup: list[str]) -> None:
    assert django_db_setup == EXPECTED


def run(statement: str) -> Callable[[], object]:
    return lambda: connection.cursor().execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        lambda: LogEntry.objects.update(subject="Iets anders"),
        lambda: LogEntry.objects.get().save(),
        lambda: LogSeal.objects.update(hash="0" * 64),
        lambda: LogSeal.objects.get().delete(),
        lambda: LogSeal.objects.all().delete(),
        run("UPDATE accounts_logentry SET at = at"),
        run("DELETE FROM accounts_logseal"),
        run("DELETE FROM accounts_logentry"),
        *(
            [run("TRUNCATE accounts_logseal"), run("TRUNCATE accounts_logentry CASCADE")]
            if connection.vendor == "postgresql"
            else []
        ),
    ],
)
def test_nothing_is_changed_or_removed(duoplus: Organisation, change: Callable[[], object]) -> None:
    before = (*LogEntry.objects.values_list(), *LogSeal.objects.values_list())
    with pytest.raises(IntegrityError, match=append_only.SAID), transaction.atomic():
        change()
    assert (*LogEntry.objects.values_list(), *LogSeal.objects.values_list()) == before


def test_rows_are_added_all_the_same(duoplus: Organisation) -> None:
    log.record_operation(duoplus, "accounts.add_organisation", "Nog eens")
    assert sealing.seal_waiting() == 1


def test_a_migration_puts_back_what_an_earlier_one_took(duoplus: Organisation) -> None:
    append_only.lift(connection, append_only.REFUSED[connection.vendor])
    assert append_only.installed(connection) == []
    call_command("migrate", verbosity=0)
    assert append_only.installed(connection) == EXPECTED


def test_a_flush_puts_nothing_back() -> None:
    before = append_only.installed(connection)
    append_only.after_migrate(using="default")
    assert append_only.installed(connection) == before != EXPECTED
