"""Which postings count in which line, and which periods take no more postings."""

from dataclasses import dataclass

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.models import Organisation
from accounts.permissions import require

from .. import ledger_queries, permissions, queries
from ..codes import ALL, CodeRange
from ..ledger_rows import LAST_PERIOD
from ..models import Ledger, LedgerPeriod, LedgerRule, LedgerVersion, Line
from .recording import compute, record


@dataclass(frozen=True)
class RuleInput:
    """Which accounts and cost centres count in which line."""

    line_id: int
    accounts: CodeRange
    cost_centres: CodeRange = ALL


@transaction.atomic
def add_rule(member: Member, year: int, entry: RuleInput) -> LedgerRule:
    """From now on the line takes its actual from these postings; raise Refused when the table counts them already."""
    require(permissions.may_edit_figures(member))
    line = queries.get_line(member.organisation, entry.line_id)
    if line.table.year != year:
        raise Http404
    if not line.has_amounts:
        raise Refused("Alleen een gewone regel haalt zijn rekening uit het grootboek, geen totaal of kop.")
    ledger = locked_ledger(member.organisation, year)
    _check_overlap(ledger, line, entry)
    rule = LedgerRule(
        ledger=ledger,
        line=line,
        account_from=entry.accounts.first,
        account_to=entry.accounts.last,
        cost_centre_from=entry.cost_centres.first,
        cost_centre_to=entry.cost_centres.last,
        since=ledger.version + 1,
    )
    rule.save()
    _count_on(member, ledger, f"{rule} telt voortaan in “{line}” van {line.table}")
    record(member, line, "koppeling", "", str(rule))
    log.record(member, "investments.add_rule", rule, ledger=ledger.pk, rule=rule.pk, line=line.pk)
    compute(member, line.table_id)
    return rule


@transaction.atomic
def end_rule(member: Member, rule_id: int) -> None:
    """The postings no longer count in the line; a line without rules shows what was typed again."""
    require(permissions.may_edit_figures(member))
    found = ledger_queries.get_rule(member.organisation, rule_id)
    ledger = locked_ledger(member.organisation, found.ledger.year)
    rule = ledger_queries.get_rule(member.organisation, rule_id)
    if rule.until is not None:
        return
    LedgerRule.objects.filter(pk=rule.pk).update(until=ledger.version + 1)
    _count_on(member, ledger, f"{rule} telt niet meer in “{rule.line}” van {rule.line.table}")
    record(member, rule.line, "koppeling", str(rule), "beëindigd")
    log.record(member, "investments.end_rule", rule, ledger=ledger.pk, rule=rule.pk, line=rule.line_id)
    compute(member, rule.line.table_id)


@transaction.atomic
def close_period(member: Member, year: int, period: int) -> None:
    """From now on no file may change the postings of this period."""
    require(permissions.may_edit_figures(member))
    if period > LAST_PERIOD:
        raise Refused(f"Perioden lopen van 0 tot en met {LAST_PERIOD}.")
    ledger = locked_ledger(member.organisation, year)
    row, _ = LedgerPeriod.objects.get_or_create(ledger=ledger, period=period)
    if row.is_closed:
        return
    LedgerPeriod.objects.filter(pk=row.pk).update(closed_at=timezone.now(), closed_by=member.user)
    log.record(member, "investments.close_period", f"{ledger}, {row}", ledger=ledger.pk, period=period)


@transaction.atomic
def open_period(member: Member, year: int, period: int) -> None:
    """A closed period takes postings again; who opened it stands in the log."""
    require(permissions.may_edit_figures(member))
    ledger = locked_ledger(member.organisation, year)
    row = LedgerPeriod.objects.filter(ledger=ledger, period=period, closed_at__isnull=False).first()
    if row is None:
        return
    LedgerPeriod.objects.filter(pk=row.pk).update(closed_at=None, closed_by=None)
    log.record(member, "investments.open_period", f"{ledger}, {row}", ledger=ledger.pk, period=period)


def locked_ledger(organisation: Organisation, year: int) -> Ledger:
    """The ledger of the year, made when it is asked for first, held until commit."""
    Ledger.objects.get_or_create(organisation=organisation, year=year)
    return Ledger.objects.select_for_update(no_key=True).get(organisation=organisation, year=year)


def _check_overlap(ledger: Ledger, line: Line, entry: RuleInput) -> None:
    """A posting counts once in a table; other tables may count it too."""
    for rule in ledger_queries.rules(ledger).filter(line__table=line.table_id):
        if rule.accounts.meets(entry.accounts) and rule.cost_centres.meets(entry.cost_centres):
            raise Refused(f"De tabel telt {rule} al in de regel “{rule.line}”. Een boeking telt één keer in een tabel.")


def _count_on(member: Member, ledger: Ledger, told: str) -> None:
    """A new version of the rules."""
    ledger.version += 1
    Ledger.objects.filter(pk=ledger.pk).update(version=ledger.version)
    LedgerVersion.objects.create(
        ledger=ledger, number=ledger.version, by=member.user, told=told[:1].upper() + told[1:500]
    )
