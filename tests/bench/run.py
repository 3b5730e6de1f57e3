"""`make bench`: how fast postings come in and are summed and editions made, as ratios within one run, and their memory.

For each size and on both databases the same rows go in bare (COPY on PostgreSQL, executemany on SQLite) and through the
portal, in a process of their own. BENCH_SIZES (postings, "500000 1000000 2000000") and BENCH_ROWS (of the spreadsheet,
200000) make it smaller, BENCH_ONLY (postings, editions) chooses. Ends with status 1 when an aim is missed; beside other
work the times say little.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

from duoplus.bootstrap import ROOT
from duoplus.processes import Children
from duoplus.servers import leave_empty, postgres_url, redis_url
from duoplus.stages import OF_THE_PERSON, embedded, production
from tests.bench import editions, files
from tests.load.run import create_database, drop_database

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "500000 1000000 2000000").split()]
SHEET_ROWS = int(os.environ.get("BENCH_ROWS", "200000"))
MOST_MIB = 1024
# The longest that twice the postings may take.
DOUBLE = 2.2
AIMS = {"import": ("bare", 3.0), "variances": ("group by", 3.0), "sheet": ("sheet read", 5.0)}
NAMES = ("bare", "import", "group by", "variances", "one posting")


def main() -> int:
    only = os.environ.get("BENCH_ONLY")
    missed = of_postings() if only in {None, "postings"} else []
    missed += editions.measured() if only in {None, "editions"} else []
    print("Missed: " + "; ".join(missed) if missed else "All aims met.")
    return int(bool(missed))


def of_postings() -> list[str]:
    """The aims that were missed."""
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="duoplus-bench-") as name, Children(ROOT) as children:
        folder = Path(name)
        written = {size: files.csv_file(folder / f"{size}.csv", size) for size in SIZES}
        sheet = files.xlsx_file(folder / "sheet.xlsx", SHEET_ROWS)
        missed += told("SQLite", written, sheet, partial(on_sqlite, folder))
        database, broker = postgres_url(children, folder), redis_url(children, folder)
        missed += told("PostgreSQL", written, sheet, partial(on_postgres, folder, database, broker))
        leave_empty(broker)
    return missed


def on_sqlite(folder: Path, path: Path) -> dict[str, float]:
    """Measured in a file of its own."""
    return measured(embedded(folder / f"var-{path.stem}"), path)


def on_postgres(folder: Path, database: str, broker: str, path: Path) -> dict[str, float]:
    """Measured in a database that is made for it and goes afterwards."""
    create_database(database)
    try:
        return measured(production(database, broker, folder / "production"), path)
    finally:
        drop_database(database)


def measured(environment: dict[str, str], path: Path) -> dict[str, float]:
    """Seconds by step, and the peak of memory, of a process of its own on an empty database."""
    own = {name: value for name, value in os.environ.items() if name not in OF_THE_PERSON} | environment
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=own, check=True)
    words = [sys.executable, "-m", "tests.bench.measure", str(path)]
    done = subprocess.run(words, cwd=ROOT, env=own, check=True, stdout=subprocess.PIPE, text=True)
    took: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return took


def told(
    database: str, written: dict[int, Path], sheet: Path, measure: Callable[[Path], dict[str, float]]
) -> list[str]:
    """Print what each size and the sheet took, with its ratios; the aims that were missed."""
    print(f"--- {database}: seconds\n{'postings':>10}" + "".join(f"{name:>13}" for name in NAMES) + f"{'peak MiB':>10}")
    missed, imports = [], {}
    for size, path in written.items():
        took = measure(path)
        imports[size] = took["import"]
        print(f"{size:>10}" + "".join(f"{took[name]:>13.2f}" for name in NAMES) + f"{took['peak']:>10.0f}")
        missed += [f"{database}, {size}: {what}" for what in judged(took)]
    for small, large in pairwise(sorted(imports)):
        ratio = imports[large] / imports[small]
        print(f"    {large} postings take {ratio:.2f}× as long to import as {small}", flush=True)
        if large == 2 * small and ratio > DOUBLE:
            missed.append(f"{database}: {large} postings took {ratio:.2f}× as long as {small}")
    took = measure(sheet)
    print(f"    {SHEET_ROWS} rows of xlsx: read in {took['sheet read']:.2f}, brought in in {took['sheet']:.2f}")
    return missed + [f"{database}, sheet: {what}" for what in judged(took)]


def judged(took: dict[str, float]) -> list[str]:
    """The aims that were missed, after printing the ratios of what was measured."""
    aims = {name: aim for name, aim in AIMS.items() if name in took}
    ratios = {name: took[name] / took[bare] for name, (bare, _) in aims.items()}
    print("    " + ", ".join(f"{name} {ratios[name]:.2f}× {bare}" for name, (bare, _) in aims.items()), flush=True)
    missed = [
        f"{name} {ratios[name]:.2f}× {bare}, aim {most}" for name, (bare, most) in aims.items() if ratios[name] > most
    ]
    return missed + ([f"peak {took['peak']:.0f} MiB"] if took["peak"] > MOST_MIB else [])


if __name__ == "__main__":
    sys.exit(main())
