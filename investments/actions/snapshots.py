"""A table as plain data, so that what an import did can be taken back whole."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .. import queries
from ..amounts import from_cents, to_cents
from ..models import Amendment, Cell, Decision, Line, Table, TotalMember

Snapshot = dict[str, Any]
FIELDS = ("position", "label", "kind", "direction", "owner_team_id")
"""Of a line, besides its amounts."""


def snapshot(table: Table) -> Snapshot:
    """All that an import may change or must not lose, amounts in cents; by id, so that nothing depends on labels."""
    return {
        "table": {name: getattr(table, name) for name in ("title", "year", "unit", "columns", "style", "explanation")},
        "lines": {str(line.pk): _line(line) for line in queries.lines(table).prefetch_related("amendments")},
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in FIELDS},
        "original": to_cents(line.original),
        "actual": None if line.actual is None else to_cents(line.actual),
        "cells": sorted(
            [cell.column, None if cell.amount is None else to_cents(cell.amount), cell.text, cell.is_stated]
            for cell in line.read_cells
        ),
        "amendments": [[row.pk, row.decision_id, to_cents(row.amount)] for row in line.amendments.all()],
        "explanations": sorted(claim.explanation_id for claim in line.read_claims),
        "members": sorted([member.line_id, member.sign] for member in line.read_members),
    }


def mark(taken: Snapshot | None) -> str:
    """The same for the same table, whoever looks; empty for no table."""
    return "" if taken is None else hashlib.sha256(json.dumps(taken, sort_keys=True).encode()).hexdigest()


def changed_since(then: Snapshot, now: Snapshot) -> Iterator[str]:
    """What is no longer as it was, as people call it."""
    if then["table"] != now["table"]:
        yield "de instellingen van de tabel"
    for key, line in then["lines"].items():
        found = now["lines"].get(key)
        if found != line:
            yield f"“{line['label']}”" + (" (verwijderd)" if found is None else "")
    for key, line in now["lines"].items():
        if key not in then["lines"]:
            yield f"“{line['label']}” (toegevoegd)"


def put_back(table: Table, then: Snapshot) -> None:
    """Make the table what it was: lines that came go, lines that were changed become what they were."""
    lines = {line.pk: line for line in table.lines.all()}
    TotalMember.objects.filter(total__table=table).delete()
    table.lines.exclude(pk__in=[int(key) for key in then["lines"]]).delete()
    Cell.objects.filter(line__table=table).delete()
    kept = {row[0] for line in then["lines"].values() for row in line["amendments"]}
    came = Amendment.objects.filter(line__table=table).exclude(pk__in=kept)
    decisions = list(came.values_list("decision", flat=True))
    came.delete()
    Decision.objects.filter(pk__in=decisions, amendments=None).delete()
    restored = []
    for key, held in then["lines"].items():
        line = lines[int(key)]
        for name in FIELDS:
            setattr(line, name, held[name])
        line.original = from_cents(held["original"])
        line.actual = None if held["actual"] is None else from_cents(held["actual"])
        line.version += 1
        restored.append(line)
    Line.objects.bulk_update(restored, [*FIELDS, "original", "actual", "version"], batch_size=200)
    _put_back_parts(then)
    Table.objects.filter(pk=table.pk).update(**then["table"], version=table.version + 1)


def _put_back_parts(then: Snapshot) -> None:
    lines: Mapping[str, Any] = then["lines"]
    Cell.objects.bulk_create(
        Cell(
            line_id=int(key),
            column=column,
            amount=None if cents is None else from_cents(cents),
            text=text,
            is_stated=is_stated,
        )
        for key, line in lines.items()
        for column, cents, text, is_stated in line["cells"]
    )
    TotalMember.objects.bulk_create(
        TotalMember(total_id=int(key), line_id=member, sign=sign)
        for key, line in lines.items()
        for member, sign in line["members"]
    )


def year_end(year: int) -> date:
    """The day of amendments that a file gives without one."""
    return date(year, 12, 31)
