"""What the tables of an installation hold: counts, totals and hashes that come out equal on every database."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, FileField, GenericIPAddressField, Model, QuerySet

from investments.amounts import to_cents
from investments.fields import AmountField
from publishing.models import Edition

# Who is logged in from where, and what throttling counted: no backup holds it, so that none of it comes back.
PASSING = ("django_session", "usersessions_usersession", "cache")
# Django's own tables, which `migrate` fills by itself.
BOOKKEEPING = ("auth", "contenttypes")
# Rows in memory at once: the content of an edition may be a megabyte.
AT_ONCE = 100


@dataclass
class Table:
    """Rows, the sum of each amount in cents, and a hash of each column over the rows in order of their key."""

    rows: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)


def stored_models() -> list[type[Model]]:
    """Every model with a table that a backup keeps, those between two others included."""
    found = [(model, model._meta) for model in apps.get_models(include_auto_created=True)]  # noqa: SLF001  documented
    return [model for model, meta in found if meta.managed and not meta.proxy and meta.db_table not in PASSING]


def columns_of(model: type[Model]) -> dict[str, "Field[Any, Any]"]:
    """The columns that take a value, by name; what a database computes by itself is left out."""
    fields = model._meta.local_concrete_fields  # noqa: SLF001  documented
    return {str(field.column): field for field in fields if not getattr(field, "generated", False)}


# --- measuring --------------------------------------------------------------------------------------------------------
def measure(using: str) -> dict[str, Table]:
    """Every table of a database but for Django's own; memory stays flat, whatever their size."""
    kept = [(model, model._meta) for model in stored_models()]  # noqa: SLF001  documented
    return {meta.db_table: _measured(model, using) for model, meta in kept if meta.app_label not in BOOKKEEPING}


def _measured(model: type[Model], using: str) -> Table:
    columns = columns_of(model)
    digests = {name: hashlib.sha256() for name in columns}
    table = Table(totals={name: 0 for name, column in columns.items() if isinstance(column, AmountField)})
    stored: QuerySet[Model] = QuerySet(model, using=using)
    rows = stored.order_by("pk").values_list(*(column.attname for column in columns.values()))
    for row in rows.iterator(chunk_size=AT_ONCE):
        table.rows += 1
        for name, value in zip(columns, row, strict=True):
            digests[name].update(_written(_same(columns[name], value)))
            if name in table.totals and value is not None:
                table.totals[name] += to_cents(value)
    table.columns = {name: digest.hexdigest() for name, digest in digests.items()}
    return table


def _same(column: "Field[Any, Any]", value: object) -> object:
    """A value that databases give back in words of their own, in ours."""
    if isinstance(column, GenericIPAddressField) and value is not None:
        return ip_address(str(value)).packed
    return value


def _written(value: object) -> bytes:
    """A value on a line of its own, the same whichever database it came from."""
    return ENCODER.encode(value).encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)


ENCODER = json.JSONEncoder(default=_plain, sort_keys=True)


# --- comparing --------------------------------------------------------------------------------------------------------
def differences(then: Mapping[str, Table], now: Mapping[str, Table]) -> list[str]:
    """What is not as it was, in words, for the tables and columns that are still there."""
    shared = [(name, table, now[name]) for name, table in then.items() if name in now]
    return [line for name, was, is_now in shared for line in _differences(name, was, is_now)]


def _differences(name: str, was: Table, is_now: Table) -> Iterator[str]:
    if was.rows != is_now.rows:
        yield f"{name}: {was.rows} rows, now {is_now.rows}"
        return
    for column, total in was.totals.items():
        if total != is_now.totals.get(column, total):
            yield f"{name}.{column}: total {total} cents, now {is_now.totals[column]}"
    for column, digest in was.columns.items():
        if digest != is_now.columns.get(column, digest):
            yield f"{name}.{column}: other values"


def gone(then: Mapping[str, Table], now: Mapping[str, Table]) -> list[str]:
    """Tables and columns that are no longer there and cannot be compared."""
    tables = [name for name in then if name not in now]
    shared = [(name, table, now[name]) for name, table in then.items() if name in now]
    columns = [
        f"{name}.{column}" for name, was, is_now in shared for column in was.columns if column not in is_now.columns
    ]
    return tables + columns


# --- what else a backup asks ------------------------------------------------------------------------------------------
def named_files(using: str) -> set[str]:
    """The names in storage that rows hold: their own files, and the logos that editions were frozen with."""
    names: set[str] = set()
    for model in stored_models():
        for column in columns_of(model).values():
            if isinstance(column, FileField):
                rows: QuerySet[Model, str] = QuerySet(model, using=using).values_list(column.attname, flat=True)
                names.update(rows.iterator(chunk_size=AT_ONCE))
    names.update(Edition.objects.using(using).values_list("content__style__logo", flat=True))
    return {name for name in names if name}


def migrations_of(using: str) -> list[str]:
    """The migrations that were applied to a database, as "app.name" in order of the alphabet."""
    return sorted(".".join(key) for key in MigrationRecorder(connections[using]).applied_migrations())
