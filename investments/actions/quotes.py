"""What texts say of a table, kept to be held against it."""

from django.db import transaction
from django.http import Http404

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require

from .. import permissions
from ..checks import Quote
from ..models import Table
from .recording import claim, locked_table, record_fields

MOST = 50
"""Quotes of one table."""


@transaction.atomic
def add_quote(member: Member, table_id: int, seen_version: int, entry: Quote) -> None:
    """Keep what a text says; raise Conflict, Refused without a line, 404 for a line of elsewhere."""
    require(permissions.may_edit_figures(member))
    table = locked_table(member, table_id)
    if not entry.lines:
        raise Refused("Kies ten minste één regel waarover de tekst gaat.")
    wanted = {key for key, _ in entry.lines}
    if table.lines.filter(pk__in=wanted).count() != len(wanted):
        raise Http404
    if len(table.quotes) >= MOST:
        raise Refused(f"Een tabel heeft ten hoogste {MOST} uitspraken.")
    _keep_quotes(member, table, seen_version, (*table.quoted, entry))


@transaction.atomic
def remove_quote(member: Member, table_id: int, seen_version: int, place: int) -> None:
    """Forget a quote by its place, from 0; raise Conflict, 404 when there is none."""
    require(permissions.may_edit_figures(member))
    table = locked_table(member, table_id)
    if not 0 <= place < len(table.quotes):
        raise Http404
    _keep_quotes(member, table, seen_version, (*table.quoted[:place], *table.quoted[place + 1 :]))


def _keep_quotes(member: Member, table: Table, seen_version: int, quotes: tuple[Quote, ...]) -> None:
    values = {"quotes": [item.as_data() for item in quotes]}
    claim(table, seen_version, values)
    record_fields(member, table, values)
    Table.objects.filter(pk=table.pk).update(**values)
    log.record(member, "investments.state_quotes", table, table=table.pk, quotes=len(quotes))
