"""Reads of the ledger, always for one organisation. Amounts are Decimal euros, debit positive."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Coalesce, Length
from django.db.models.lookups import Exact
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Organisation

from .fields import AmountField
from .figures import LineKind
from .models import (
    Balance,
    Ledger,
    LedgerImport,
    LedgerImportState,
    LedgerPeriod,
    LedgerRule,
    LedgerVersion,
    Line,
    Posting,
    Table,
)

MOST_REMEMBERED = 50
"""Files of which the choice of columns is looked at for a new one."""

IN_RANGE = """
    s.account BETWEEN r.account_from AND r.account_to AND length(s.account) = length(r.account_from)
    AND (r.cost_centre_from = '' OR (
        s.cost_centre BETWEEN r.cost_centre_from AND r.cost_centre_to
        AND length(s.cost_centre) = length(r.cost_centre_from)))
"""
"""Whether rule `r` counts the accounts and cost centres of `s` (domain rule 10)."""


def get_ledger(organisation: Organisation, year: int) -> Ledger | None:
    """The ledger of the year, or None when nothing was asked of it yet."""
    return Ledger.objects.filter(organisation=organisation, year=year).first()


def years(organisation: Organisation) -> list[int]:
    """Years of the organisation's tables and ledgers, newest first."""
    found = set(Ledger.objects.filter(organisation=organisation).values_list("year", flat=True))
    return sorted(found | set(organisation.tables.values_list("year", flat=True)), reverse=True)


def get_year(organisation: Organisation, year: int) -> Ledger:
    """The ledger of a year in which the organisation has tables, not saved when nothing was asked of it; or 404."""
    found = get_ledger(organisation, year)
    if found is None and not organisation.tables.filter(year=year).exists():
        raise Http404
    return found or Ledger(organisation=organisation, year=year)


def get_import(organisation: Organisation, import_id: int) -> LedgerImport:
    """The import, or 404 for one that is not this organisation's."""
    rows = LedgerImport.objects.select_related("ledger__organisation", "by", "job")
    return get_object_or_404(rows, ledger__organisation=organisation, pk=import_id)


def get_rule(organisation: Organisation, rule_id: int) -> LedgerRule:
    """The rule, or 404 for one that is not this organisation's."""
    rows = LedgerRule.objects.select_related("ledger", "line__table")
    return get_object_or_404(rows, ledger__organisation=organisation, pk=rule_id)


def imports(ledger: Ledger) -> QuerySet[LedgerImport]:
    return LedgerImport.objects.filter(ledger=ledger.pk).select_related("by")


def earlier_columns(organisation: Organisation) -> Iterable[dict[str, str]]:
    """How people chose the columns of files that were stored, the latest first, each choice once."""
    rows = LedgerImport.objects.filter(ledger__organisation=organisation, state=LedgerImportState.STORED)
    found: list[dict[str, str]] = []
    for chosen in rows.exclude(chosen={}).values_list("chosen", flat=True)[:MOST_REMEMBERED]:
        if chosen not in found:
            found.append(chosen)
    return found


def versions(ledger: Ledger) -> QuerySet[LedgerVersion]:
    return LedgerVersion.objects.filter(ledger=ledger.pk).select_related("by")


def rules(ledger: Ledger) -> QuerySet[LedgerRule]:
    """The rules in force, with their line and its table."""
    return LedgerRule.objects.filter(ledger=ledger.pk, until=None).select_related("line__table")


def rules_of(line: Line) -> QuerySet[LedgerRule]:
    """The rules in force by which the line takes its actual from the ledger."""
    return LedgerRule.objects.filter(line=line, until=None).select_related("ledger")


def periods(ledger: Ledger) -> QuerySet[LedgerPeriod]:
    return LedgerPeriod.objects.filter(ledger=ledger).select_related("imported", "closed_by")


def fed_table_ids(ledger: Ledger) -> list[int]:
    """Tables with a line that takes its actual from this ledger."""
    return sorted(set(rules(ledger).values_list("line__table", flat=True)))


def of_lines() -> dict[str, Combinable]:
    """What a query of lines reads of each: whether it has a rule in force, and what its rules add up to.

    The sum is debit less credit; null without rules and before an import. Rules are few and balances are indexed by
    account: each rule is one look into that index.
    """
    in_force = LedgerRule.objects.filter(line=OuterRef("pk"), until=None).order_by()
    found = _within(Balance.objects.order_by()).values("ledger").annotate(sum=Sum("net")).values("sum")
    is_filled = Exists(Balance.objects.filter(ledger=OuterRef("ledger")))
    amount = AmountField()
    part = Case(When(is_filled, then=Coalesce(Subquery(found), 0, output_field=amount)), output_field=amount)
    summed = in_force.values("line").annotate(total=Sum(part)).values("total")
    return {"is_from_ledger": Exists(in_force), "ledger_total": Subquery(summed, output_field=amount)}


def _within(rows: QuerySet[Balance]) -> QuerySet[Balance]:
    """Balances in the ranges of the rule of the outer query."""
    alike = Q(
        cost_centre__range=(OuterRef("cost_centre_from"), OuterRef("cost_centre_to")),
        cost_centre_width=Length(OuterRef("cost_centre_from")),
    )
    return rows.alias(account_width=Length("account"), cost_centre_width=Length("cost_centre")).filter(
        Exact(OuterRef("cost_centre_from"), Value("")) | alike,
        ledger=OuterRef("ledger"),
        account__range=(OuterRef("account_from"), OuterRef("account_to")),
        account_width=Length(OuterRef("account_from")),
    )


def months(table: Table) -> dict[str, dict[int, int]]:
    """Cents posted by direction and period in the plain lines that the ledger feeds, debit positive. One query."""
    rule, balance, line = (model._meta.db_table for model in (LedgerRule, Balance, Line))  # noqa: SLF001  its public name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT l.direction, s.period, SUM(s.net) FROM {line} l JOIN {rule} r ON r.line_id = l.id "
            f"CROSS JOIN {balance} s WHERE l.table_id = %s AND l.kind = %s AND r.until IS NULL "
            f"AND s.ledger_id = r.ledger_id AND {IN_RANGE} GROUP BY l.direction, s.period",
            [table.pk, LineKind.LINE],
        )
        found: dict[str, dict[int, int]] = {}
        for direction, period, net in cursor.fetchall():
            found.setdefault(direction, {})[period] = int(net)
    return found


def unmapped(ledger: Ledger) -> QuerySet[Balance]:
    """Balances that no rule in force counts."""
    rule, balance = LedgerRule._meta.db_table, Balance._meta.db_table  # noqa: SLF001  Django's public names for them
    # Each rule looks its balances up in the index; the other way round each balance would be held against all rules.
    counted = RawSQL(
        f"SELECT s.id FROM {rule} r CROSS JOIN {balance} s "
        f"WHERE s.ledger_id = r.ledger_id AND r.ledger_id = %s AND r.until IS NULL AND {IN_RANGE}",
        [ledger.pk],
    )
    return Balance.objects.filter(ledger=ledger.pk).exclude(pk__in=counted)


def unmapped_accounts(ledger: Ledger) -> QuerySet[Any, Any]:
    """What no rule counts by account: `account`, `centres`, `first_centre`, `count` of postings, `sum`."""
    found: QuerySet[Any, Any] = (
        unmapped(ledger)
        .order_by("account")
        .values("account")
        .annotate(
            centres=Count("cost_centre", distinct=True),
            first_centre=Min("cost_centre"),
            count=Sum("rows"),
            sum=Sum("net"),
        )
    )
    return found


def unmapped_total(ledger: Ledger) -> dict[str, Any]:
    """`count` and `sum` of what no rule counts."""
    return (
        unmapped(ledger)
        .order_by()
        .aggregate(count=Coalesce(Sum("rows"), 0), sum=Coalesce(Sum("net"), 0, output_field=AmountField()))
    )


def postings_of(line: Line) -> QuerySet[Posting]:
    """The postings that the line's actual is made of."""
    chosen = Q(pk__in=[])
    rows = Posting.objects.alias(account_width=Length("account"), cost_centre_width=Length("cost_centre"))
    for rule in rules_of(line):
        found = Q(
            ledger=rule.ledger_id,
            account__range=(rule.account_from, rule.account_to),
            account_width=len(rule.account_from),
        )
        if not rule.cost_centres.is_all:
            found &= Q(
                cost_centre__range=(rule.cost_centre_from, rule.cost_centre_to),
                cost_centre_width=len(rule.cost_centre_from),
            )
        chosen |= found
    return rows.filter(chosen)


@dataclass(frozen=True)
class PeriodRow:
    """A period as the list shows it: what it holds, where that came from, and whether it is closed."""

    period: int
    count: int
    net: Decimal
    row: LedgerPeriod | None


def period_rows(ledger: Ledger) -> list[PeriodRow]:
    """The twelve months and whatever other period holds something or is closed. Two queries."""
    rows = {row.period: row for row in periods(ledger)} if ledger.pk else {}
    held = Balance.objects.filter(ledger=ledger.pk).order_by().values_list("period")
    sums = {period: (count, net) for period, count, net in held.annotate(Sum("rows"), Sum("net"))}
    return [
        PeriodRow(period, *sums.get(period, (0, Decimal(0))), rows.get(period))
        for period in sorted({*range(1, 13), *rows, *sums})
    ]


def mappable_lines(ledger: Ledger) -> QuerySet[Line]:
    """Lines of the year's tables into which postings can count."""
    kinds = (LineKind.LINE, LineKind.INFORMATION)
    rows = Line.objects.filter(table__organisation=ledger.organisation, table__year=ledger.year, kind__in=kinds)
    return rows.select_related("table").order_by("table__title", "table", "position")


def totals(rows: QuerySet[Posting]) -> dict[str, object]:
    """Sums of these postings: `count`, `debit`, `credit` and `net`."""
    return rows.order_by().aggregate(
        count=Count("pk"),
        debit=Coalesce(Sum("amount", filter=Q(amount__gt=0)), 0, output_field=AmountField()),
        credit=Coalesce(Sum(-F("amount"), filter=Q(amount__lt=0)), 0, output_field=AmountField()),
        net=Coalesce(Sum("amount"), 0, output_field=AmountField()),
    )
