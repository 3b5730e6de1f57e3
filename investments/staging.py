"""Postings on their way from a file into the ledger: held apart until all of them are known to be right.

What is held apart locks nobody out, so that the change itself is short, also on SQLite, where only one may write.
"""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal

from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from .amounts import to_cents
from .ledger_queries import IN_RANGE
from .ledger_rows import Entry, Totals
from .models import Balance, Ledger, LedgerRule, Posting

AT_ONCE = 20_000
STAGE, SUMS = "ledger_stage", "ledger_stage_sums"
COLUMNS = "period, date, account, cost_centre, task_field, description, document, amount"
TYPES = (
    "period smallint, date date, account {code}, cost_centre {code}, task_field text, description text, document text, "
    "amount bigint"
)


@contextmanager
def stage() -> Iterator[None]:
    """A table of this connection alone, in which `hold` puts postings; it goes at the end."""
    code = 'text COLLATE "C"' if connection.vendor == "postgresql" else "text"
    with connection.cursor() as cursor:
        _drop()
        cursor.execute(f"CREATE TEMPORARY TABLE {STAGE} ({TYPES.format(code=code)})")
    try:
        yield
    finally:
        # In a transaction that failed nothing can be asked any more, and there it goes anyway.
        with suppress(DatabaseError):
            _drop()


def _drop() -> None:
    with connection.cursor() as cursor:
        for name in (STAGE, SUMS):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")


def hold(entries: Sequence[Entry]) -> None:
    """Put these postings in the stage."""
    if connection.vendor == "postgresql":
        _copy(entries)
        return
    places = ", ".join(["%s"] * 8)
    with _apart(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {STAGE} VALUES ({places})", entries)


@contextmanager
def _apart() -> Iterator[None]:
    """A transaction that locks only the table of this connection: Django's would lock the whole of SQLite."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            yield
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")


def _copy(entries: Sequence[Entry]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(entries)
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {STAGE} FROM STDIN WITH (FORMAT csv, NULL '\\N')", text)


def unmapped(ledger: Ledger) -> tuple[int, int]:
    """Of what is held: how many postings no rule in force counts, and their sum in cents."""
    table = LedgerRule._meta.db_table  # noqa: SLF001  Django's public name for it
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {SUMS}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {SUMS} AS SELECT account, cost_centre, COUNT(*) AS count, SUM(amount) AS net "
            f"FROM {STAGE} GROUP BY account, cost_centre"
        )
        cursor.execute(f"CREATE INDEX {SUMS}_code ON {SUMS} (account, cost_centre)")
        # CROSS JOIN, because SQLite then takes the rules first and looks each up in the index.
        cursor.execute(
            f"SELECT COUNT(*), SUM(count), SUM(net) FROM (SELECT DISTINCT s.account, s.cost_centre, s.count, s.net "
            f"FROM {table} r CROSS JOIN {SUMS} s WHERE r.ledger_id = %s AND r.until IS NULL AND {IN_RANGE}) mapped",
            [ledger.pk],
        )
        _, rows, net = cursor.fetchone()
        cursor.execute(f"SELECT SUM(count), SUM(net) FROM {SUMS}")
        all_rows, all_net = cursor.fetchone()
    return int(all_rows or 0) - int(rows or 0), int(all_net or 0) - int(net or 0)


def replace(ledger: Ledger, periods: Collection[int]) -> Totals:
    """Put what is held in the place of the postings of these periods; what the ledger holds of them afterwards.

    The caller's transaction makes it all or nothing.
    """
    posting, balance = Posting._meta.db_table, Balance._meta.db_table  # noqa: SLF001  Django's public names for them
    Posting.objects.filter(ledger=ledger, period__in=periods).delete()
    Balance.objects.filter(ledger=ledger, period__in=periods).delete()
    held = ", ".join(["%s"] * len(periods))
    with transaction.atomic(), connection.cursor() as cursor:
        # In the order of the index, which then grows at its end: half the time of the order of the file.
        cursor.execute(
            f"INSERT INTO {posting} (ledger_id, {COLUMNS}) SELECT %s, {COLUMNS} FROM {STAGE} "
            "ORDER BY account, cost_centre",
            [ledger.pk],
        )
        cursor.execute(
            f"INSERT INTO {balance} (ledger_id, account, cost_centre, period, rows, debit, credit, net) "
            "SELECT ledger_id, account, cost_centre, period, COUNT(*), "
            "SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END), "
            "SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END), SUM(amount) "
            f"FROM {posting} WHERE ledger_id = %s AND period IN ({held}) "
            "GROUP BY ledger_id, account, cost_centre, period",
            [ledger.pk, *periods],
        )
        if connection.vendor == "postgresql":
            # The planner would go by what it knew before a million rows came.
            cursor.execute(f"ANALYZE {balance}")
    return stored_totals(ledger, periods)


def stored_totals(ledger: Ledger, periods: Collection[int]) -> Totals:
    """Control totals of what the ledger holds of these periods."""
    found = Balance.objects.filter(ledger=ledger, period__in=periods).aggregate(
        count=Sum("rows"), debit_sum=Sum("debit"), credit_sum=Sum("credit")
    )
    debit, credit = (to_cents(found[name] or Decimal(0)) for name in ("debit_sum", "credit_sum"))
    return Totals(found["count"] or 0, debit, credit)
