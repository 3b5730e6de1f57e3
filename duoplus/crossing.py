"""From SQLite to PostgreSQL: every row as it is, with its key, into tables that `migrate` has made."""

from itertools import islice

from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction
from django.db.models import Model, QuerySet, sql

from .contents import AT_ONCE, columns_of, stored_models
from .manifest import BackupError


@transaction.atomic
def copy_rows(source: str) -> None:
    """Fill the portal's tables with the rows of another database; BackupError names the table that takes them not.

    Triggers of our own are off meanwhile, as when a dump is loaded: they guard changes, and these are none.
    """
    models = stored_models()
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [connection.ops.quote_name(table) for table in known]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        # What `migrate` has put in has other keys than the same rows in the source.
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
        for model in models:
            _copy(model, source)
        # References are checked at the end of a transaction, and tables cannot change while that waits.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _copy(model: type[Model], source: str) -> None:
    stored: QuerySet[Model] = QuerySet(model, using=source)
    rows = stored.order_by("pk").iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        # Not `bulk_create`, which gives fields a say in what is stored.
        query = sql.InsertQuery(model)
        query.insert_values(list(columns_of(model).values()), some, raw=True)
        try:
            query.get_compiler(using=DEFAULT_DB_ALIAS).execute_sql()
        except (DatabaseError, ValueError) as error:
            table = model._meta.db_table  # noqa: SLF001  documented
            raise BackupError(f"PostgreSQL refuses a row of {table}: {str(error).splitlines()[0]}") from error
