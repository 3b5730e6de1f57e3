"""One size on one database: what each step took in seconds, and the peak of memory in MiB, as a line of JSON."""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duoplus.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402  the settings come first
from python_calamine import CalamineWorkbook  # noqa: E402

import investments.calculation  # noqa: E402, F401  with pandas: a worker loads it once, before its first table
from accounts.models import Organisation  # noqa: E402
from investments import tasks  # noqa: E402
from investments.actions import COMPUTE, bring_in  # noqa: E402
from investments.actions.ledger_imports import POSTINGS  # noqa: E402
from investments.ledger_columns import find_layout  # noqa: E402
from investments.ledger_rows import Entry, PostingReader  # noqa: E402
from investments.models import Ledger, LedgerImport, LedgerRule, Line, Posting, Table, Variance  # noqa: E402
from investments.spreadsheets import open_file  # noqa: E402
from investments.staging import COLUMNS  # noqa: E402
from jobs import actions as jobs  # noqa: E402
from jobs.running import run  # noqa: E402
from tests.bench import files  # noqa: E402

AT_ONCE = 20_000
TABLE = Posting._meta.db_table
took: dict[str, float] = {}


@contextmanager
def timed(name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    took[name] = took.get(name, 0.0) + time.perf_counter() - started


def house(slug: str) -> Ledger:
    organisation = Organisation.objects.create(name=slug, short_name=slug, slug=slug)
    return Ledger.objects.create(organisation=organisation, year=2020)


def lines(ledger: Ledger) -> Table:
    """A table of which every line counts two accounts."""
    table = Table.objects.create(organisation=ledger.organisation, year=2020, title="Programma's")
    made = Line.objects.bulk_create(
        Line(table=table, position=number, label=f"Regel {number}", original=Decimal(100_000))
        for number in range(files.LINES)
    )
    LedgerRule.objects.bulk_create(
        LedgerRule(
            ledger=ledger,
            line=line,
            account_from=files.account(2 * number),
            account_to=files.account(2 * number + 1),
            since=1,
        )
        for number, line in enumerate(made)
    )
    return table


def bare(ledger: Ledger, path: Path) -> None:
    """The same rows into the same table with its indexes, ready as the database takes them; gone afterwards."""
    with path.open("rb") as file:
        book = open_file(file, POSTINGS)
        layout = find_layout([next(book.rows())])
        entries = PostingReader(2020, layout).read(islice(book.rows(), 1, None))
        (copy if connection.vendor == "postgresql" else insert)(ledger, entries)
    with connection.cursor() as cursor:
        cursor.execute(f"{'TRUNCATE' if connection.vendor == 'postgresql' else 'DELETE FROM'} {TABLE}")


def copy(ledger: Ledger, entries: Iterator[Entry]) -> None:
    place = Path(os.environ["DUOPLUS_VAR"]) / "bare.tsv"
    with place.open("w", encoding="utf-8") as file:
        file.writelines(f"{ledger.pk}\t" + "\t".join(map(str, entry)) + "\n" for entry in entries)
    with place.open("rb") as file, connection.cursor() as cursor, timed("bare"):
        cursor.copy_expert(f"COPY {TABLE} (ledger_id, {COLUMNS}) FROM STDIN", file)
    place.unlink()


def insert(ledger: Ledger, entries: Iterator[Entry]) -> None:
    words = f"INSERT INTO {TABLE} (ledger_id, {COLUMNS}) VALUES ({', '.join(['%s'] * 9)})"
    with transaction.atomic(), connection.cursor() as cursor:
        while held := [(ledger.pk, *entry) for entry in islice(entries, AT_ONCE)]:
            with timed("bare"):
                cursor.executemany(words, held)
        started = time.perf_counter()
    took["bare"] += time.perf_counter() - started


def bring(name: str, ledger: Ledger, path: Path) -> None:
    with path.open("rb") as file, timed(name):
        outcome = bring_in(LedgerImport(ledger=ledger, name=path.name), file, store=True)
    if outcome.problems:
        sys.exit(f"{path.name}: {outcome.problems[0]}")


def compute(table: Table) -> None:
    key = f"variances of table {table.pk}"
    job = jobs.request(COMPUTE, table.organisation, table.pk, by=None, unique_key=key)
    held = jobs.claim(job.pk, joins_until_end=False)
    if held is not None:
        run(tasks.compute_variances, held)


def one_more(ledger: Ledger, folder: Path) -> None:
    """A posting in a period of its own."""
    path = folder / "one.csv"
    row = (files.account(0), "6000", "", "2020", "13", "31-12-2020", "Eindafrekening", "1", "1,00", "")
    path.write_text(";".join(files.HEADINGS) + "\n" + ";".join(row) + "\n")
    bring("one import", ledger, path)


def a_sheet(path: Path) -> None:
    """Merely read by the library below, and brought in."""
    with timed("sheet read"):
        for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows():
            pass
    bring("sheet", house("blad"), path)


def a_ledger(postings: Path) -> None:
    """Bare, brought in, summed bare, computed, and computed again after one more posting."""
    ledger = house("groot")
    table = lines(ledger)
    bare(ledger, postings)
    bring("import", ledger, postings)
    with connection.cursor() as cursor, timed("group by"):
        cursor.execute(f"SELECT account, SUM(amount) FROM {TABLE} WHERE ledger_id = %s GROUP BY account", [ledger.pk])
        cursor.fetchall()
    with timed("variances"):
        compute(table)
    before = set(Variance.objects.values_list("line", "computed_at"))
    one_more(ledger, postings.parent)
    with timed("one posting"):
        compute(table)
    again = len(set(Variance.objects.values_list("line", "computed_at")) - before)
    if len(before) != files.LINES or again != 1:
        sys.exit(f"{len(before)} lines were stored, and {again} again after one posting")


def main(path: Path) -> None:
    jobs.broker.silent_until = float("inf")
    (a_sheet if path.suffix == ".xlsx" else a_ledger)(path)
    took["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(took))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
