"""The log is only added to, in the database as well: triggers refuse every other statement on its tables."""

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("accounts_logentry", "accounts_logseal")
SAID = "The log is append-only."
# SQLite knows no TRUNCATE: what empties a table there is a DELETE.
REFUSED = {"postgresql": ("UPDATE", "DELETE", "TRUNCATE"), "sqlite": ("UPDATE", "DELETE")}
FUNCTION = f"""
CREATE OR REPLACE FUNCTION accounts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
CREATE = {
    "postgresql": "CREATE OR REPLACE TRIGGER {name} BEFORE {statement} ON {table} FOR EACH STATEMENT "
    "EXECUTE FUNCTION accounts_append_only()",
    "sqlite": f"CREATE TRIGGER IF NOT EXISTS {{name}} BEFORE {{statement}} ON {{table}} "
    f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
}
DROP = {"postgresql": "DROP TRIGGER IF EXISTS {name} ON {table}", "sqlite": "DROP TRIGGER IF EXISTS {name}"}
LISTED = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'accounts_log%' AND tgenabled <> 'D' ORDER BY 1",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'accounts_log%' ORDER BY name",
}


def after_migrate(using: str, plan: Any = None, **_: Any) -> None:
    """For post_migrate: SQLite drops a table's triggers when a migration rebuilds it.

    A flush sends the same signal, without a plan: it changes no table.
    """
    if plan is not None:
        install(connections[using])


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place that is not; an UPDATE, DELETE or TRUNCATE then raises IntegrityError.

    Migrated back far enough, the database has not all tables.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for table in sorted({*TABLES} & {*connection.introspection.table_names(cursor)}):
            for statement in REFUSED[connection.vendor]:
                cursor.execute(_sql(CREATE[connection.vendor], table, statement))


def lift(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    """Take away what refuses these statements; for the tests, which empty their tables and tamper with rows."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for statement in statements:
                cursor.execute(_sql(DROP[connection.vendor], table, statement))


def installed(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that work, sorted."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED[connection.vendor])
        return [name for (name,) in cursor.fetchall()]


def _sql(template: str, table: str, statement: str) -> str:
    return template.format(name=f"{table}_no_{statement.lower()}", table=table, statement=statement)
