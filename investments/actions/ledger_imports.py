"""Postings from a file: asked for, checked, stored whole or not at all, withdrawn."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from io import SEEK_END
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

import jobs.actions
from accounts import log
from accounts.errors import Refused
from accounts.members import Member, member_of
from accounts.models import Organisation, User
from accounts.permissions import require

from .. import ledger_queries, permissions, staging
from ..amounts import euros, from_cents, grouped
from ..ledger_columns import MOST_ABOVE, Layout, LayoutError, find_layout, written
from ..ledger_rows import PostingReader, Totals
from ..models import Ledger, LedgerImport, LedgerImportState, LedgerPeriod, Table
from ..spreadsheets import LEDGER, FileRefused, Row, open_file
from .mapping import locked_ledger
from .recording import compute_for

IMPORT = "investments.import_ledger"
POSTINGS = replace(LEDGER, size=2**30, rows=10_000_000)
"""A CSV is read as it comes, so it may be larger than what a spreadsheet can hold."""

Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Outcome:
    """What a file holds, what is wrong with it, and what was stored of it; amounts in cents.

    `top` are its first rows; `is_unclear`: which column holds what cannot be said from them.
    """

    headings: Mapping[str, str] = field(default_factory=dict)
    periods: tuple[int, ...] = ()
    problems: tuple[str, ...] = ()
    file: Totals = field(default_factory=Totals)
    stored: Totals | None = None
    unmapped_rows: int = 0
    unmapped_net: int = 0
    top: tuple[Row, ...] = ()
    is_unclear: bool = False

    @property
    def next_state(self) -> LedgerImportState:
        """Of a file that was checked: it can be stored, somebody says what its columns are, or it is no good."""
        if self.is_unclear:
            return LedgerImportState.CHOOSING
        return LedgerImportState.REFUSED if self.problems else LedgerImportState.READY


class TotalsDiffer(Exception):
    """What was stored is not what the file holds; raised to take it back."""

    def __init__(self, stored: Totals) -> None:
        super().__init__()
        self.stored = stored


# --- what people ask for ----------------------------------------------------------------------------------------------
@transaction.atomic
def request_import(member: Member, year: int, file: File) -> LedgerImport:
    """Keep the file and ask for it to be checked; nothing is stored in the ledger yet."""
    require(permissions.may_edit_figures(member))
    ledger, _ = Ledger.objects.get_or_create(organisation=member.organisation, year=year)
    imported = LedgerImport(ledger=ledger, name=Path(file.name or "").name[:200], by=member.user)
    imported.file.save(hashlib.sha256(imported.name.encode()).hexdigest()[:16], file, save=False)
    imported.save()
    _ring(member, imported)
    log.record(member, "investments.request_import", imported, ledger=ledger.pk, imported=imported.pk)
    return imported


@transaction.atomic
def confirm_import(member: Member, import_id: int) -> None:
    """Store what was checked; raise Refused when it is not waiting for that."""
    imported = _waiting(member, import_id, LedgerImportState.READY)
    imported.state = LedgerImportState.STORING
    _ring(member, imported)
    log.record(member, "investments.confirm_import", imported, imported=imported.pk)


@transaction.atomic
def choose_columns(member: Member, import_id: int, chosen: Mapping[str, str]) -> None:
    """Say by its heading which column holds a field, empty for none, and have the file checked again; raise Refused."""
    imported = _waiting(member, import_id, LedgerImportState.CHOOSING, LedgerImportState.READY)
    if not imported.may_choose:
        raise Refused("De eerste rijen van dit bestand zijn niet bewaard. Trek het in en lever het opnieuw aan.")
    try:
        find_layout(imported.top, chosen)
    except LayoutError as error:
        raise Refused(str(error)) from error
    imported.chosen, imported.state = dict(chosen), LedgerImportState.CHECKING
    _ring(member, imported)
    log.record(member, "investments.choose_columns", imported, imported=imported.pk)


@transaction.atomic
def withdraw_import(member: Member, import_id: int) -> None:
    """Forget a file that was not stored."""
    imported = _waiting(member, import_id, LedgerImportState.CHOOSING, LedgerImportState.READY)
    log.record(member, "investments.withdraw_import", imported, imported=imported.pk)
    forget_file(imported)
    imported.delete()


def _waiting(member: Member, import_id: int, *states: LedgerImportState) -> LedgerImport:
    require(permissions.may_edit_figures(member))
    ledger_queries.get_import(member.organisation, import_id)
    imported = LedgerImport.objects.select_for_update(no_key=True).get(pk=import_id)
    if imported.state not in states:
        raise Refused(f"Dit bestand {_TOLD[LedgerImportState(imported.state)]}.")
    return imported


_TOLD = {
    LedgerImportState.CHOOSING: "wacht op een keuze van kolommen",
    LedgerImportState.READY: "is al gecontroleerd",
    LedgerImportState.CHECKING: "wordt nog gecontroleerd",
    LedgerImportState.STORING: "wordt al verwerkt",
    LedgerImportState.STORED: "is al verwerkt",
    LedgerImportState.REFUSED: "is geweigerd; kies een verbeterd bestand",
}


def _ring(member: Member, imported: LedgerImport) -> None:
    imported.job = jobs.actions.request(IMPORT, member.organisation, imported.pk, by=member.user)
    imported.save(update_fields=["state", "job", "chosen"])


# --- what a worker or a command does ----------------------------------------------------------------------------------
def bring_in(
    imported: LedgerImport, file: BinaryIO, *, store: bool, report: Report = lambda progress, step: None
) -> Outcome:
    """Read the file and, with `store`, put its postings in the place of those of its periods: all or nothing.

    `imported` may be new; it is saved with what was stored, and left alone otherwise. What `report` raises ends it.
    """
    with staging.stage():
        outcome = _examined(imported.ledger, file, imported.chosen or imported.columns, report)
        if not store or outcome.problems:
            return outcome
        report(85, "Boekingen verwerken")
        try:
            return _store(imported, outcome, report)
        except TotalsDiffer as error:
            return replace(outcome, stored=error.stored, problems=(_differing(outcome.file, error.stored),))


def _examined(ledger: Ledger, file: BinaryIO, chosen: Mapping[str, str], report: Report) -> Outcome:
    """Hold the postings of the file apart, and say what is wrong with it."""
    top: list[Row] = []
    try:
        size = max(file.seek(0, SEEK_END), 1)
        rows = open_file(file, POSTINGS).rows()
        top = list(islice(rows, MOST_ABOVE))
        layout = _layout(ledger, top, chosen)
        reader = PostingReader(ledger.year, layout)
        # A sheet is parsed when its first row is asked for: asking again would parse it again.
        for _ in _held(reader, chain(top[layout.row :], rows)):
            place = size if file.closed else file.tell()
            report(min(80, 80 * place // size), f"{grouped(reader.totals.rows)} boekingen gelezen")
    except LayoutError as error:
        return Outcome(problems=(str(error),), top=tuple(top), is_unclear=bool(top))
    except FileRefused as error:
        return Outcome(problems=(str(error),))
    problems = [*reader.problems, *closed(ledger, reader.periods)]
    if not reader.totals.rows and not problems:
        problems = ["In dit bestand staan geen boekingen."]
    return Outcome(
        layout.headings,
        tuple(sorted(reader.periods)),
        tuple(problems),
        reader.totals,
        None,
        *staging.unmapped(ledger),
        top=tuple(top),
    )


def _layout(ledger: Ledger, top: list[Row], chosen: Mapping[str, str]) -> Layout:
    """The columns as chosen or as their headings say, else as somebody chose for a file with such headings before.

    Raises LayoutError with what is not clear.
    """
    try:
        return find_layout(top, chosen)
    except LayoutError:
        for earlier in () if chosen else ledger_queries.earlier_columns(ledger.organisation):
            with suppress(LayoutError):
                layout = find_layout(top, earlier)
                if layout.headings == {field: heading for field, heading in earlier.items() if heading}:
                    return layout
        raise


def _held(reader: PostingReader, rows: Iterable[Row]) -> Iterator[None]:
    """Put what the rows hold in the stage, and come up for air after each part."""
    entries = reader.read(rows)
    while part := list(islice(entries, staging.AT_ONCE)):
        staging.hold(part)
        yield


def closed(ledger: Ledger, periods: set[int]) -> list[str]:
    """Why these periods take no postings."""
    if not ledger.pk:
        return []
    return [
        f"Periode {row.period} van {ledger.year} is afgesloten. Open de periode eerst, of laat haar uit het bestand."
        for row in ledger_queries.periods(ledger).filter(period__in=periods, closed_at__isnull=False)
    ]


@transaction.atomic
def _store(imported: LedgerImport, outcome: Outcome, report: Report) -> Outcome:
    """The change itself. Raises TotalsDiffer, which takes it back; whoever was first to close a period wins."""
    ledger = imported.ledger = locked_ledger(imported.ledger.organisation, imported.ledger.year)
    report(90, "Boekingen verwerken")
    if problems := closed(ledger, set(outcome.periods)):
        return replace(outcome, problems=tuple(problems))
    stored = staging.replace(ledger, outcome.periods)
    if stored != outcome.file:
        raise TotalsDiffer(stored)
    outcome = replace(outcome, stored=stored)
    note(imported, outcome, LedgerImportState.STORED)
    LedgerPeriod.objects.bulk_create(
        [LedgerPeriod(ledger=ledger, period=period, imported=imported) for period in outcome.periods],
        update_conflicts=True,
        unique_fields=["ledger", "period"],
        update_fields=["imported"],
    )
    _log(imported)
    for table in Table.objects.filter(pk__in=ledger_queries.fed_table_ids(ledger)):
        compute_for(ledger.organisation, imported.by, table)
    return outcome


def note(imported: LedgerImport, outcome: Outcome, state: LedgerImportState) -> None:
    """Write in the import what came of it."""
    imported.state = state
    imported.columns, imported.periods = dict(outcome.headings), list(outcome.periods)
    imported.problems = list(outcome.problems)
    waits = state in (LedgerImportState.CHOOSING, LedgerImportState.READY)
    imported.top = written(outcome.top) if waits else []
    imported.rows = outcome.file.rows
    imported.debit, imported.credit = from_cents(outcome.file.debit), from_cents(outcome.file.credit)
    if outcome.stored:
        imported.stored_rows = outcome.stored.rows
        imported.stored_debit = from_cents(outcome.stored.debit)
        imported.stored_credit = from_cents(outcome.stored.credit)
    imported.unmapped_rows, imported.unmapped_net = outcome.unmapped_rows, from_cents(outcome.unmapped_net)
    imported.save()


def forget_file(imported: LedgerImport) -> None:
    """Remove the file from storage when the caller's transaction stands: postings name people, and it did its work."""
    if imported.file.name:
        transaction.on_commit(partial(default_storage.delete, imported.file.name))
        imported.file = ""


def _log(imported: LedgerImport) -> None:
    """In the log, by who asked for it; by the operator when that was a command or a person who left."""
    told = {
        "ledger": imported.ledger_id,
        "imported": imported.pk,
        "rows": imported.rows,
        "debit": str(imported.debit),
        "credit": str(imported.credit),
        "periods": imported.periods,
    }
    member = _member(imported.by, imported.ledger.organisation)
    if member:
        log.record(member, "investments.store_import", imported, **told)
    else:
        log.record_operation(imported.ledger.organisation, "investments.store_import", imported, **told)


def _member(user: User | None, organisation: Organisation) -> Member | None:
    return member_of(user, organisation.slug) if user else None


def _differing(file: Totals, stored: Totals) -> str:
    def told(totals: Totals) -> str:
        return f"{totals.rows} boekingen, debet {euros(totals.debit)}, credit {euros(totals.credit)}"

    return f"De controletotalen verschillen: het bestand heeft {told(file)}; opgeslagen werd {told(stored)}."
