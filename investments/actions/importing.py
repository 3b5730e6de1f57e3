"""Tables from files: handed in, mapped, applied and undone."""

import hashlib
import io
from contextlib import suppress
from dataclasses import dataclass, replace

from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404

from accounts import log
from accounts.errors import Conflict, Refused, in_use
from accounts.members import Member
from accounts.models import Organisation
from accounts.permissions import require
from library.models import FIRST_YEAR, LAST_YEAR

from .. import permissions, queries
from ..columns import Column, TableKind
from ..importing import layout, mapping
from ..importing.draft import Draft, draft
from ..importing.guess import Guess, guess
from ..importing.mapping import FileMapping
from ..importing.outcome import Outcome, Standing, outcome
from ..models import Change, ImportState, Table, TableImport
from ..spreadsheets import TABLE, FileRefused, Row, Workbook, open_file
from .recording import compute, locked_table
from .snapshots import changed_since, mark, put_back, snapshot
from .storing import store

NAMED = 5
"""Of what stands in the way, so many are named."""
LONGEST_NAME = 200


@dataclass(frozen=True)
class Target:
    """Where the file goes: a table that is there, or a new one with this title and year."""

    table: Table | None
    title: str
    year: int

    @classmethod
    def of(cls, table: Table) -> "Target":
        return cls(table, table.title, table.year)


@dataclass(frozen=True)
class Preview:
    """A file as its mapping reads it, the table that it makes, and a mark of the table that it is laid over."""

    draft: Draft
    outcome: Outcome
    seen: str

    @property
    def can_be_applied(self) -> bool:
        return not (self.draft.refused or self.outcome.problems)


def first_guess(target: Target, content: bytes, unit: int | None = None, sheet: str | None = None) -> Guess:
    """The mapping of the first sheet with a table, or of this one; raise Refused when there is no table."""
    book = _opened(content)
    names = book.sheet_names if sheet is None else (sheet,)
    reason: layout.NoTable | None = None
    for name in names:
        try:
            rows = _rows(book, name)
            return guess(name, rows, layout.find(rows, book.merged(name)), target.year, unit, own_columns(target.table))
        except layout.NoTable as found:
            reason = reason or found
    raise Refused(str(reason))


def year_of(file: File) -> int | None:
    """The fiscal year that the first table of a file is about, None where its headings leave it open; raise Refused."""
    file.seek(0)
    book = _opened(file.read(TABLE.size + 1))
    for name in book.sheet_names:
        with suppress(layout.NoTable):
            year = layout.find(_rows(book, name), book.merged(name)).year
            return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None
    return None


def proposed(organisation: Organisation, target: Target, content: bytes, unit: int | None = None) -> Guess:
    """The first mapping of a file: as one of this source was mapped before, without doubts then, or a guess.

    `unit` in euros when somebody said so. Raises Refused.
    """
    guessed = first_guess(target, content, unit)
    earlier = queries.earlier_mapping(organisation, guessed.mapping.signature)
    if earlier is None:
        return guessed
    told = mapping.instructions(FileMapping.of(earlier))
    chosen = mapping.remembered(guessed.mapping, told)
    return Guess(replace(chosen, unit=unit or chosen.unit), ())


def guess_at(target: Target, content: bytes, sheet: str, first: int, last: int, unit: int) -> Guess:
    """The mapping of the table whose headings stand in these rows of this sheet; raise Refused."""
    book = _opened(content)
    rows = _rows(book, sheet)
    try:
        found = layout.at(rows, first, last, book.merged(sheet))
    except layout.NoTable as reason:
        raise Refused(str(reason)) from reason
    return guess(sheet, rows, found, target.year, unit, own_columns(target.table))


def sheets_of(row: TableImport) -> tuple[str, ...]:
    """The names of the sheets in the file of an import."""
    return _opened(content_of(row)).sheet_names


def content_of(row: TableImport) -> bytes:
    """The file as it was handed in; raise Refused when storage lost it."""
    try:
        with row.file.open("rb") as opened:
            return bytes(opened.read())
    except FileNotFoundError as error:
        raise Refused("Het bestand is er niet meer. Bied het opnieuw aan.") from error


def _opened(content: bytes) -> Workbook:
    try:
        return open_file(io.BytesIO(content))
    except FileRefused as refusal:
        raise Refused(str(refusal)) from refusal


def _rows(book: Workbook, sheet: str) -> list[Row]:
    if sheet not in book.sheet_names:
        raise Refused(f"Het bestand heeft geen blad “{sheet}”.")
    try:
        return list(book.rows(sheet))
    except FileRefused as refusal:
        raise Refused(str(refusal)) from refusal


def own_columns(table: Table | None) -> tuple[Column, ...]:
    return table.printed_columns if table else ()


@transaction.atomic
def hand_in(member: Member, target: Target, file: File, *, unit: int | None = None) -> tuple[TableImport, Guess]:
    """Keep a file with a first mapping, that of an earlier file of this source where there was one.

    `unit` in euros when somebody said so. Raises Refused for a file that cannot be read or holds no table.
    """
    require(permissions.may_edit_figures(member))
    file.seek(0)
    content = file.read(TABLE.size + 1)
    if target.table is not None:
        queries.get_table(member.organisation, target.table.pk)
    guessed = proposed(member.organisation, target, content, unit)
    row = TableImport(
        organisation=member.organisation,
        table=target.table,
        year=target.year,
        title=target.title,
        name=(file.name or "bestand")[-LONGEST_NAME:],
        sha256=hashlib.sha256(content).hexdigest(),
        mapping=guessed.mapping.as_data(),
        signature=guessed.mapping.signature,
        by=member.user,
    )
    row.file.save(f"{row.sha256[:32]}.bin", ContentFile(content), save=False)
    row.save()
    log.record(member, "investments.hand_in_file", row, table_import=row.pk, year=row.year)
    return row, guessed


@transaction.atomic
def map_file(member: Member, import_id: int, seen_version: int, chosen: FileMapping) -> TableImport:
    """Say what becomes of the columns and lines; raise Conflict when somebody did so since `seen_version`."""
    require(permissions.may_edit_figures(member))
    row = _locked(member, import_id)
    _require_draft(row)
    _require_version(row, seen_version)
    row.mapping, row.signature, row.version = chosen.as_data(), chosen.signature, row.version + 1
    row.save(update_fields=["mapping", "signature", "version"])
    log.record(member, "investments.map_file", row, table_import=row.pk)
    return row


def preview(row: TableImport) -> Preview:
    """What applying the import would do now; raise Refused when its file can no longer be read."""
    chosen = FileMapping.of(row.mapping)
    return preview_of(Target(row.table, row.title, row.year), content_of(row), chosen)


def preview_of(target: Target, content: bytes, chosen: FileMapping) -> Preview:
    """What this file would make of the table; raise Refused when it cannot be read."""
    rows, table = _rows(_opened(content), chosen.sheet), target.table
    read = draft(rows, chosen, own_columns(table))
    standing = Standing()
    if table is not None:
        lines = tuple(queries.figures_of(line) for line in queries.lines(table))
        standing = Standing(table.printed_columns, lines, table.print_style)
    result = outcome(read, chosen.style, target.title, target.year, standing)
    return Preview(read, result, mark(snapshot(table) if table else None))


@transaction.atomic
def apply_import(member: Member, import_id: int, seen_version: int, seen: str) -> Table:
    """Make the table what the preview showed; raise Refused when the file or the table stands in the way.

    `seen` is the mark of the table in that preview: nothing is applied to a table that became another meanwhile.
    """
    require(permissions.may_edit_figures(member))
    row = _locked(member, import_id)
    _require_draft(row)
    _require_version(row, seen_version)
    if row.table is not None:
        row.table = _held_whole(member, row.table.pk)
    shown = preview(row)
    if shown.seen != seen:
        raise Refused(
            "De tabel is gewijzigd nadat u het voorbeeld zag. Bekijk het voorbeeld opnieuw; er is niets ingevoerd."
        )
    if not shown.can_be_applied:
        raise Refused("Het bestand heeft cellen die niet kloppen. Er is niets ingevoerd.")
    before = snapshot(row.table) if row.table else None
    table = row.table or _new_table(member, row, shown.outcome)
    store(member, table, shown.outcome, source=row.name)
    table.refresh_from_db()
    row.table, row.state, row.version = table, ImportState.APPLIED, row.version + 1
    row.before, row.after = before, snapshot(table)
    row.save(update_fields=["table", "state", "version", "before", "after"])
    _record(member, table, f"ingevoerd uit {row.name}")
    log.record(member, "investments.apply_import", table, table=table.pk, table_import=row.pk)
    compute(member, table.pk)
    return table


@transaction.atomic
def undo_import(member: Member, import_id: int) -> None:
    """Take an import back whole; raise Refused, naming what was changed since, when that would be lost."""
    require(permissions.may_edit_figures(member))
    row = _locked(member, import_id)
    if row.state != ImportState.APPLIED or row.table is None or row.after is None:
        raise Refused("Deze invoer is niet toegepast, of al ongedaan gemaakt.")
    table = _held_whole(member, row.table.pk)
    changed = list(changed_since(row.after, snapshot(table)))
    if changed:
        more = f" en nog {len(changed) - NAMED}" if len(changed) > NAMED else ""
        raise Refused(f"Sinds de invoer is gewijzigd: {', '.join(changed[:NAMED])}{more}. Er is niets teruggezet.")
    log.record(member, "investments.undo_import", table, table=table.pk, table_import=row.pk)
    row.state, row.version = ImportState.UNDONE, row.version + 1
    if row.before is None:
        row.table = None
    row.save(update_fields=["table", "state", "version"])
    if row.before is None:
        _remove(table)
        return
    put_back(table, row.before)
    _record(member, table, f"invoer uit {row.name} ongedaan gemaakt")
    compute(member, table.pk)


def _held_whole(member: Member, table_id: int) -> Table:
    """The table with all its lines, locked until commit: nobody saves a line between what is compared and written."""
    table = locked_table(member, table_id)
    list(table.lines.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return table


def _remove(table: Table) -> None:
    try:
        table.delete()
    except ProtectedError as error:
        raise Refused(f"De tabel staat in {in_use(error)} en kan niet weg.") from error


def _new_table(member: Member, row: TableImport, result: Outcome) -> Table:
    unit = result.style.unit
    compared = any(column.key == "actual" for column in result.columns)
    try:
        with transaction.atomic():
            return Table.objects.create(
                organisation=member.organisation,
                title=row.title,
                year=row.year,
                kind=TableKind.INCOME_EXPENSE if compared else TableKind.FREE,
                unit=unit,
            )
    except IntegrityError as error:
        raise Refused("Er is al een tabel met deze titel in dit jaar.") from error


def _record(member: Member, table: Table, what: str) -> None:
    Change.objects.create(table=table, field="tabel", was="", became=what[:300], by=member.user)


def _locked(member: Member, import_id: int) -> TableImport:
    """The import of the own organisation, held until commit; 404 otherwise."""
    rows = TableImport.objects.select_for_update(no_key=True, of=("self",)).select_related("table")
    return get_object_or_404(rows, organisation=member.organisation, pk=import_id)


def _require_draft(row: TableImport) -> None:
    if not row.is_draft:
        raise Refused("Dit bestand is al ingevoerd.")


def _require_version(row: TableImport, seen: int) -> None:
    if row.version != seen:
        raise Conflict(row.name, "Een collega", [], [], row.version)
