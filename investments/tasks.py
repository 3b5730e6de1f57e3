"""Celery: the variances of one table, the postings of one file."""

from collections.abc import Mapping
from typing import BinaryIO, cast

from django.db import connection, transaction
from django.utils import timezone

from jobs.actions import Claim
from jobs.running import CannotBeDone, job_task

from . import queries
from .actions import COMPUTE, IMPORT, bring_in
from .actions.ledger_imports import forget_file, note
from .figures import CircularTotal, Figures, LineFigures, inputs_hash
from .models import LedgerImport, LedgerImportState, Table, Variance

STORED = ("original", "amendments", "amended", "actual", "result", "percentage")
AT_ONCE = 1000
"""Lines in one statement: each takes nine parameters, of which SQLite has room for 32,766."""


@job_task(COMPUTE, time_limit=120)
def compute_variances(held: Claim) -> None:
    """Compute the figures of the table from its state now, and store those of every line whose inputs changed.

    The table is locked meanwhile: of two runs the later one reads and writes last.
    """
    # Pandas is loaded when it is first needed, and before anybody waits for the lock of the table.
    from .calculation import calculate  # noqa: PLC0415

    with transaction.atomic():
        table = Table.objects.select_for_update(no_key=True).filter(pk=held.subject_id).first()
        if table is None:
            return
        entered = queries.inputs(table)
        changed = _changed(table, entered)
        _store(calculate(entered, changed), changed)


@job_task(IMPORT, time_limit=1200, joins_until_end=True)
def import_ledger(held: Claim) -> None:
    """Check the file of an import, or store its postings when that was asked for; what is wrong stands in its row."""
    imported = LedgerImport.objects.select_related("ledger__organisation", "by").filter(pk=held.subject_id).first()
    if imported is None or not imported.is_busy:
        return
    store = imported.state == LedgerImportState.STORING
    with imported.file.open("rb") as file:
        outcome = bring_in(imported, cast("BinaryIO", file), store=store, report=held.report)
    with transaction.atomic():
        held.renew()
        if outcome.problems or not store:
            note(imported, outcome, outcome.next_state)
        if imported.state not in (LedgerImportState.CHOOSING, LedgerImportState.READY):
            forget_file(imported)
            imported.save(update_fields=["file"])


def _changed(table: Table, entered: list[LineFigures]) -> dict[int, str]:
    """The hash of the inputs by line, of lines whose stored figures follow from other inputs or are not there."""
    by_key = {line.key: line for line in entered}
    stored = dict(Variance.objects.filter(line__table=table).values_list("line", "inputs_hash"))
    try:
        hashes = {line.key: inputs_hash(line, by_key) for line in entered}
    except CircularTotal as circle:
        raise CannotBeDone(f"Het totaal “{circle}” telt zichzelf mee. Kies opnieuw wat dit totaal optelt.") from circle
    return {key: value for key, value in hashes.items() if stored.get(key) != value}


def _store(computed: Mapping[int, Figures], hashes: Mapping[int, str]) -> None:
    """Put these figures in the place of what stood there, as cents: rows of a model would take five times as long."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = [(key, *(getattr(figures, name) for name in STORED), hashes[key], now) for key, figures in computed.items()]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            cursor.execute(_upsert(len(part)), [value for row in part for value in row])


def _upsert(count: int) -> str:
    columns = ("line_id", *STORED, "inputs_hash", "computed_at")
    row = f"({', '.join(['%s'] * len(columns))})"
    became = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns[1:])
    table = Variance._meta.db_table  # noqa: SLF001  Django's public name for it
    # Only names of the model are written into it; what was computed goes beside it.
    words = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608
    return f"{words} ON CONFLICT (line_id) DO UPDATE SET {became}"
