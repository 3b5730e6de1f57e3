"""The database by its own dump, at one moment, while the portal writes on; and a copy of SQLite's to read from."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.utils import load_backend
from psycopg2.extensions import make_dsn

from .bootstrap import apt_command
from .contents import PASSING
from .manifest import DATABASES, BackupError
from .processes import Children, ending

COPY = "copy"
# Seconds that SQLite waits for whoever holds the database.
PATIENCE = 20.0


@contextmanager
def snapshot(folder: Path) -> Iterator[tuple[Path, str]]:
    """Dump the database into the folder: the dump, and the alias under which exactly its rows can be read meanwhile."""
    dump = folder / DATABASES[connection.vendor]
    if connection.vendor == "sqlite":
        copy_sqlite(Path(connection.settings_dict["NAME"]), dump)
        with reading(dump) as using:
            yield dump, using
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (number,) = cursor.fetchone()
        without = [f"--exclude-table-data={table}" for table in PASSING]
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={number}", f"--file={dump}"]
        run_postgres("pg_dump", *words, *without)
        yield dump, DEFAULT_DB_ALIAS


def copy_sqlite(database: Path, copy: Path) -> None:
    """Copy a database that others may be writing to; what passes is wiped from the copy, which needs no other file."""
    with closing(sqlite3.connect(database, timeout=PATIENCE)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        target.execute("PRAGMA secure_delete=ON")
        for table in PASSING:
            target.execute(f"DELETE FROM {table}")  # noqa: S608  our own names
        target.commit()


@contextmanager
def reading(database: Path) -> Iterator[str]:
    """The alias under which a file of SQLite can be read."""
    known = {**connection.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": database, "OPTIONS": {}}
    connections[COPY] = load_backend(known["ENGINE"]).DatabaseWrapper(known, COPY)
    try:
        yield COPY
    finally:
        connections[COPY].close()
        del connections[COPY]


def run_postgres(program: str, *words: str) -> None:
    """Run pg_dump or pg_restore on the portal's database; BackupError with its own words when it fails.

    The password goes by the environment, where other users of the machine cannot read it.
    """
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is missing; type: sudo {apt_command(['postgresql-client'])}")
    parameters = {**connection.get_connection_params(), "cursor_factory": None}
    password = parameters.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    # As a child that dies with us: half a restore must not go on by itself.
    with Children(settings.BASE_DIR) as children:
        status, lines = children.ask([found, "--dbname", make_dsn(**parameters), *words], environment)
    if status:
        reason = next((line for line in lines if "error:" in line), lines[-1] if lines else ending(status))
        raise BackupError(f"{program} failed: {reason.removeprefix(f'{program}: ').removeprefix('error: ')}")
