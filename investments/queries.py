"""Reads of figures, always for one organisation. Amounts are Decimal euros on rows, cents in `figures`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Abs, Cast, Coalesce
from django.shortcuts import get_object_or_404

from accounts.members import Member
from accounts.models import Organisation
from accounts.roles import Role

from .amounts import to_cents
from .checks import OPENING, Check, balance, closings, continuation
from .columns import DEFAULTS, FOLLOW_ACTUAL, TableKind, with_needed
from .evaluation import Evaluation, evaluate
from .fields import AmountField
from .figures import NONE, Figures, LineFigures, LineKind, inputs_hash
from .judging import Judged, Verdict, worst
from .models import Amendment, Change, Line, Table, Variance
from .statements import Statement, build


def tables(organisation: Organisation) -> QuerySet[Table]:
    """The organisation's tables, each with `line_count` and `unfilled`: lines that wait for an actual."""
    plain = Q(lines__kind=LineKind.LINE)
    kinds = [kind for kind, columns in DEFAULTS.items() if any(column.key in FOLLOW_ACTUAL for column in columns)]
    has_actual = Q(columns=[], kind__in=kinds)
    for key in FOLLOW_ACTUAL:
        has_actual |= Q(columns_text__contains=f'"{key}"')
    return Table.objects.filter(organisation=organisation).annotate(
        columns_text=Cast("columns", TextField()),
        line_count=Count("lines", filter=plain),
        unfilled=Count("lines", filter=plain & Q(lines__actual__isnull=True) & has_actual),
    )


def unfilled_tables(organisation: Organisation) -> QuerySet[Table]:
    """Tables with at least one line whose actual was not entered."""
    return tables(organisation).filter(unfilled__gt=0)  # type: ignore[misc]  # annotated by tables()


def get_table(organisation: Organisation, table_id: int) -> Table:
    """The table, or 404 for one that is not this organisation's."""
    return get_object_or_404(Table, organisation=organisation, pk=table_id)


def tables_before(table: Table) -> QuerySet[Table]:
    """Tables of the same organisation of the year before: what this one may go on from."""
    return Table.objects.filter(organisation_id=table.organisation_id, year=table.year - 1).order_by("title")


def lines(*tables: Table) -> QuerySet[Line]:
    """The lines in order, each with `amendments_total`, its members, cells, team and variance. Three queries."""
    summed = (
        Amendment.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(total=Sum("amount"))
    ).values("total")
    return (
        Line.objects.filter(table__in=tables)
        .annotate(amendments_total=Coalesce(Subquery(summed), 0, output_field=AmountField()))
        .select_related("owner_team", "variance")
        .prefetch_related("members", "cells")
    )


def get_line(organisation: Organisation, line_id: int) -> Line:
    """The line with its table, or 404 for one that is not this organisation's."""
    rows = Line.objects.select_related("table", "owner_team")
    return get_object_or_404(rows, table__organisation=organisation, pk=line_id)


def get_amendment(organisation: Organisation, amendment_id: int) -> Amendment:
    """The amendment with its line, or 404 for one that is not this organisation's."""
    rows = Amendment.objects.select_related("line__table")
    return get_object_or_404(rows, line__table__organisation=organisation, pk=amendment_id)


def amendments(line: Line) -> QuerySet[Amendment]:
    """The decisions that changed the line's budget, oldest first."""
    return Amendment.objects.filter(line=line)


def own_lines(member: Member) -> QuerySet[Line]:
    """Plain lines owned by the teams that this person leads, newest year first."""
    return _plain_lines(member).filter(owner_team__in=member.team_ids)


def _plain_lines(member: Member) -> QuerySet[Line]:
    return (
        Line.objects.filter(table__organisation=member.organisation, kind=LineKind.LINE)
        .select_related("table", "owner_team", "variance")
        .order_by("-table__year", "table__title", "position")
    )


def changes(table: Table) -> QuerySet[Change]:
    """What was changed in the table, newest first."""
    return Change.objects.filter(table=table).select_related("by")


def figures_of(line: Line) -> LineFigures:
    """A row of `lines` as plain cents."""
    return LineFigures(
        key=line.pk,
        label=line.label,
        kind=line.kind,
        direction=line.direction,
        original=to_cents(line.original),
        amendments=to_cents(Decimal(line.amendments_total)),  # type: ignore[attr-defined]
        actual=None if line.actual is None else to_cents(line.actual),
        members=tuple((member.line_id, member.sign) for member in line.members.all()),
        cells=_amounts(line, is_stated=False),
        texts=tuple(sorted((cell.column, cell.text) for cell in line.cells.all() if cell.text)),
        stated=_amounts(line, is_stated=True),
    )


def _amounts(line: Line, *, is_stated: bool) -> tuple[tuple[str, int], ...]:
    """The cells of one sort, in an order that does not depend on when they were typed."""
    cells = [(cell.column, cell.amount) for cell in line.cells.all() if cell.is_stated == is_stated]
    return tuple(sorted((column, to_cents(amount)) for column, amount in cells if amount is not None))


def stored_figures(variance: Variance) -> Figures:
    """A stored variance as plain cents."""
    names = ("original", "amendments", "amended", "actual", "result")
    amounts = {name: to_cents(getattr(variance, name)) for name in names}
    return Figures(**amounts, percentage=variance.percentage)


@dataclass(frozen=True)
class TableFigures:
    """A table as screens show it: its lines, what was computed, which results lag behind the entries, and what was
    checked besides its sums.
    """

    lines: list[Line]
    entered: list[LineFigures]
    computed: dict[int, Figures]
    cells: Evaluation
    statement: Statement
    stale: frozenset[int]
    checks: tuple[Check, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the table as a whole: its printed sums and its checks; None when there is nothing to judge."""
        judged: list[Judged] = [*self.statement.judgements, *(check for check in self.checks if check.verdict)]
        return worst(judged) if judged else None

    @property
    def is_stale(self) -> bool:
        return bool(self.stale)


def table_figures(table: Table) -> TableFigures:
    """Lines with their stored variances; a line without one, or with one from other inputs, is stale."""
    return figures_of_tables([table])[table.pk]


def figures_of_tables(tables: Collection[Table]) -> dict[int, TableFigures]:
    """The figures of each table by its id. Three queries, and one more when any has a table of last year."""
    links = {table.previous_table_id for table in tables if table.previous_table_id} - {table.pk for table in tables}
    known = {table.pk: table for table in (*tables, *(Table.objects.filter(pk__in=links) if links else ()))}
    rows: dict[int, list[Line]] = {key: [] for key in known}
    for line in lines(*known.values()) if known else ():
        rows[line.table_id].append(line)
    made = {key: _table_figures(table, rows[key]) for key, table in known.items()}
    return {table.pk: _checked(table, made) for table in tables}


def judge(tables: Collection[Table]) -> None:
    """Give each of these rows its `verdict`. At most four queries."""
    found = figures_of_tables(tables)
    for table in tables:
        table.verdict = found[table.pk].verdict  # type: ignore[attr-defined]


def _checked(table: Table, made: Mapping[int, TableFigures]) -> TableFigures:
    """The figures with what their kind and the table of last year ask of them."""
    found, resolution = made[table.pk], table.print_style.resolution
    checks = (
        balance(found.entered, table.printed_columns, found.cells, resolution)
        if table.kind == TableKind.BALANCE_SHEET
        else ()
    )
    before = made.get(table.previous_table_id or 0)
    if before is not None and any(column.key == OPENING for column in table.printed_columns):
        last_year = closings(before.entered, before.cells)
        checks += continuation(found.entered, found.cells, last_year, resolution)
    return replace(found, checks=checks)


def _table_figures(table: Table, rows: list[Line]) -> TableFigures:
    entered = [figures_of(line) for line in rows]
    computed, stale = (
        _stored(rows, entered) if table.has_budget else (dict.fromkeys((line.pk for line in rows), NONE), ())
    )
    columns = table.printed_columns
    cells = evaluate(entered, with_needed(columns, table.year), computed)
    statement = build(table.title, table.print_style, columns, entered, computed, cells)
    return TableFigures(rows, entered, computed, cells, statement, frozenset(stale))


def _stored(rows: list[Line], entered: list[LineFigures]) -> tuple[dict[int, Figures], list[int]]:
    """Stored figures by line, and the lines whose figures lag behind what was entered."""
    by_key = {line.key: line for line in entered}
    stored = {line.pk: line.variance for line in rows if hasattr(line, "variance")}
    stale = [
        key for key, line in by_key.items() if key not in stored or stored[key].inputs_hash != inputs_hash(line, by_key)
    ]
    return {key: stored_figures(variance) for key, variance in stored.items()}, stale


def explainable_lines(member: Member) -> QuerySet[Line]:
    """Lines that this person may explain: those of the own teams, and for a controller all (domain rule 8)."""
    return _plain_lines(member) if member.has(Role.CONTROLLER) else own_lines(member)


def unexplained(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Those with a computed deviation that nobody explained."""
    return lines.filter(explanation="", variance__isnull=False).exclude(variance__result=0)


def to_explain(member: Member) -> QuerySet[Line]:
    """What waits for an explanation by this person, the largest deviation first."""
    return unexplained(explainable_lines(member)).order_by(Abs("variance__result").desc(), "pk")
