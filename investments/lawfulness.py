"""Reads of overspent credits and of the limit of a year, always for one organisation."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import Organisation

from . import queries
from .amounts import from_cents, to_cents
from .columns import TableKind
from .figures import LineKind
from .models import LawfulnessLimit, Line, Table
from .overspending import Lawfulness, Overspending, judge, limit
from .variance import Direction

SPENT_BEFORE = "spent_before"
"""The column of a table of credits with what was spent in earlier years."""


@dataclass(frozen=True)
class Overspent:
    """A credit that was overspent, with its figures."""

    line: Line
    figures: Overspending


@dataclass(frozen=True)
class YearLawfulness:
    """All of one year: `base` is in euros, None when it is not known; `is_typed` when a person stated it."""

    stored: LawfulnessLimit | None
    base: Decimal | None
    is_typed: bool
    overspent: tuple[Overspent, ...]
    judged: Lawfulness

    @property
    def unclassified(self) -> int:
        return sum(not item.figures.ground for item in self.overspent)


def limit_of(organisation: Organisation, year: int) -> LawfulnessLimit | None:
    """The limit that was set for a year."""
    return LawfulnessLimit.objects.filter(organisation=organisation, year=year).first()


def of_year(organisation: Organisation, year: int) -> YearLawfulness:
    """What was overspent, the largest first, against the limit of the year. Ten queries at most."""
    stored = limit_of(organisation, year)
    typed = stored.base if stored else None
    base = typed if typed is not None else expense(organisation, year)
    found = overspent(_read(list(queries.tables_of(organisation, year))))
    most = limit(None if base is None else to_cents(base), int(stored.percentage * 100) if stored is not None else None)
    return YearLawfulness(stored, base, typed is not None, found, judge([item.figures for item in found], most))


def expense(organisation: Organisation, year: int) -> Decimal | None:
    """Euros of expense, additions to reserves included, in the statements of the year; None while nothing is known."""
    statements = queries.tables_of(organisation, year).filter(kind=TableKind.INCOME_EXPENSE)
    rows = queries.lines(*statements).filter(kind=LineKind.LINE, direction=Direction.EXPENSE)
    actuals = [queries.figures_of(line).actual for line in rows]
    known = [actual for actual in actuals if actual is not None]
    return from_cents(sum(known)) if known else None


def overspent(rows: Iterable[Line]) -> tuple[Overspent, ...]:
    """Those of the rows that were overspent, the largest excess first."""
    found = [Overspent(line, spending(line)) for line in rows]
    return tuple(
        sorted((item for item in found if item.figures.excess), key=lambda item: (-item.figures.excess, item.line.pk))
    )


def spending(line: Line) -> Overspending:
    """A row of `queries.lines` as a credit: what was authorised, and all that was ever spent on it."""
    figures = queries.figures_of(line)
    before = dict(figures.cells).get(SPENT_BEFORE, 0)
    held = getattr(line, "credit_class", None)
    spent = before + (figures.actual or 0)
    return Overspending(line.pk, figures.original + figures.amendments, spent, held.ground if held else "")


def get_credit(organisation: Organisation, line_id: int) -> Overspent:
    """A credit of the organisation, overspent or not; 404 for a line of elsewhere or one that is no credit."""
    table = queries.get_line(organisation, line_id).table
    found = next((line for line in _read([table]) if line.pk == line_id), None)
    if found is None:
        raise Http404
    return Overspent(found, spending(found))


def _read(tables: Collection[Table]) -> list[Line]:
    """Credits: lines of that direction, and the expense of a table of credits."""
    rows = list(_credits_in(tables))
    queries.filled(tables, rows)
    return rows


def _credits_in(tables: Iterable[Table]) -> QuerySet[Line]:
    is_credit = Q(direction=Direction.CREDIT) | Q(table__kind=TableKind.CREDITS, direction=Direction.EXPENSE)
    rows = queries.lines(*tables).filter(is_credit, kind=LineKind.LINE)
    return rows.select_related("table", "owner_team", "variance", "credit_class")
