"""Reads of figures, always for one organisation. Amounts are Decimal euros on rows, cents in `figures`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.members import Member
from accounts.models import Organisation
from accounts.roles import Role

from . import ledger_queries
from .amounts import to_cents
from .carrying import carry
from .checks import OPENING, Check, balance, closings, continuation, quoted
from .columns import BUDGETED, TableKind, with_needed
from .evaluation import Evaluation, evaluate
from .fields import AmountField
from .figures import NONE, Figures, LineFigures, LineKind, inputs_hash
from .judging import Judged, Verdict, worst
from .models import (
    Amendment,
    Cell,
    Change,
    Claim,
    ImportState,
    LedgerRule,
    Line,
    Table,
    TableImport,
    TotalMember,
    Variance,
)
from .statements import Statement, build
from .summing import figures_of as figures_of_lines
from .variance import SIGNS, Direction, reported


def tables(organisation: Organisation) -> QuerySet[Table]:
    """The organisation's tables, each with `line_count` and `unfilled`.

    Those are lines without an actual or, in a table without a budget, lines in which nothing was entered.
    """
    plain = Q(lines__kind=LineKind.LINE)
    is_empty = ~Exists(Cell.objects.filter(line=OuterRef("lines")))
    waiting = Q(lines__actual__isnull=True) & (Q(kind__in=BUDGETED) | Q(is_empty)) & ~Q(lines__pk__in=_fed_lines())
    return Table.objects.filter(organisation=organisation).annotate(
        line_count=Count("lines", filter=plain),
        unfilled=Count("lines", filter=plain & waiting),
    )


def _fed_lines() -> QuerySet[LedgerRule, int]:
    """Lines that take their actual from the ledger."""
    return LedgerRule.objects.filter(until=None).values_list("line", flat=True)


def unfilled_tables(organisation: Organisation) -> QuerySet[Table]:
    """Tables with at least one line that is not filled in."""
    return tables(organisation).filter(unfilled__gt=0)  # type: ignore[misc]  # annotated by tables()


def get_table(organisation: Organisation, table_id: int) -> Table:
    """The table, or 404 for one that is not this organisation's."""
    return get_object_or_404(Table, organisation=organisation, pk=table_id)


def tables_before(table: Table) -> QuerySet[Table]:
    """Tables of the same organisation of the year before: what this one may go on from."""
    return Table.objects.filter(organisation_id=table.organisation_id, year=table.year - 1).order_by("title")


def lines(*tables: Table) -> QuerySet[Line]:
    """The lines in order, each with `amendments_total`, members, cells, claims, team and variance. Four queries.

    `is_from_ledger` says whether rules give the line its actual, and `ledger_total` their sum, debit positive.
    """
    return (
        _summed(Line.objects.filter(table__in=tables))
        .select_related("owner_team", "variance")
        .prefetch_related(
            _read("members", TotalMember.objects.order_by("pk")),
            _read("cells"),
            _read("claims", Claim.objects.select_related("explanation__document")),
        )
    )


def _read(name: str, rows: QuerySet[Any] | None = None) -> "Prefetch[Any]":
    """What a line holds, in a list: a queryset for each of 2,000 lines would take longer than all the rest."""
    return Prefetch(name, rows, to_attr=f"read_{name}")


def _summed(rows: QuerySet[Line]) -> QuerySet[Line]:
    """The lines with what decisions and the ledger add up to."""
    summed = Amendment.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(total=Sum("amount"))
    total = Coalesce(Subquery(summed.values("total")), 0, output_field=AmountField())
    return rows.annotate(amendments_total=total, **ledger_queries.of_lines())


def inputs(table: Table) -> list[LineFigures]:
    """What the figures of its lines follow from, without cells: 2,000 lines in a tenth of the time of `lines`.

    Two queries.
    """
    members: dict[int, list[tuple[int, int]]] = {}
    counted = TotalMember.objects.filter(total__table=table).order_by("pk")
    for total, line, sign in counted.values_list("total", "line", "sign"):
        members.setdefault(total, []).append((line, sign))
    names = ("pk", "label", "kind", "direction", "original", "amendments_total", "actual")
    return [
        LineFigures(
            key,
            label,
            kind,
            direction,
            to_cents(original),
            to_cents(amendments),
            None if (known := reported(actual, posted, direction, is_posted=is_fed)) is None else to_cents(known),
            tuple(members.get(key, ())),
        )
        for key, label, kind, direction, original, amendments, actual, is_fed, posted in _summed(
            Line.objects.filter(table=table)
        ).values_list(*names, "is_from_ledger", "ledger_total")
    ]


def get_line(organisation: Organisation, line_id: int) -> Line:
    """The line with its table and what the ledger gives it, or 404 for one that is not this organisation's."""
    rows = Line.objects.select_related("table", "owner_team").annotate(**ledger_queries.of_lines())
    return get_object_or_404(rows, table__organisation=organisation, pk=line_id)


def years(organisation: Organisation) -> list[int]:
    """The years of which the organisation has tables, newest first."""
    found = Table.objects.filter(organisation=organisation).order_by("-year").values_list("year", flat=True)
    return list(found.distinct())


def tables_of(organisation: Organisation, year: int) -> QuerySet[Table]:
    """The organisation's tables of a year, by title."""
    return Table.objects.filter(organisation=organisation, year=year).order_by("title", "pk")


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
    cells = line.read_cells
    return LineFigures(
        key=line.pk,
        label=line.label,
        kind=line.kind,
        direction=line.direction,
        original=to_cents(line.original),
        amendments=to_cents(Decimal(line.amendments_total)),  # type: ignore[attr-defined]
        actual=None if line.reported_actual is None else to_cents(line.reported_actual),
        members=tuple((member.line_id, member.sign) for member in line.read_members),
        cells=_carried(_amounts(cells, is_stated=False), line.carried),
        texts=tuple(sorted((cell.column, cell.text) for cell in cells if cell.text)),
        stated=_amounts(cells, is_stated=True),
    )


def _amounts(held: Iterable[Cell], *, is_stated: bool) -> tuple[tuple[str, int], ...]:
    """The cells of one sort, in an order that does not depend on when they were typed."""
    cells = [(cell.column, cell.amount) for cell in held if cell.is_stated == is_stated]
    return tuple(sorted((column, to_cents(amount)) for column, amount in cells if amount is not None))


def _carried(typed: tuple[tuple[str, int], ...], amounts: Mapping[str, int | None]) -> tuple[tuple[str, int], ...]:
    """Cells with what last year's table fills instead of what was typed there before."""
    if not amounts:
        return typed
    known = {key: cents for key, cents in amounts.items() if cents is not None}
    return tuple(sorted({**{key: cents for key, cents in typed if key not in amounts}, **known}.items()))


def filled(tables: Collection[Table], rows: Iterable[Line]) -> dict[int, list[Line]]:
    """Rows of `lines` by table, with what last year's tables fill in; five queries more for each year that does."""
    by_table: dict[int, list[Line]] = {table.pk: [] for table in tables}
    for line in rows:
        by_table[line.table_id].append(line)
    carry_into(tables, by_table)
    return by_table


def carry_into(tables: Collection[Table], rows: Mapping[int, Sequence[Line]]) -> dict[int, tuple[Check, ...]]:
    """Give the rows what last year's tables fill in; by table what found no place in it. Raises CircularTotal."""
    wanted = [table for table in tables if table.carries]
    before = Table.objects.in_bulk([table.previous_table_id for table in wanted]) if wanted else {}
    # A year that was changed afterwards could make two tables follow each other.
    following = [(table, row) for table in wanted if (row := before[table.previous_table_id or 0]).year < table.year]
    used = {row.pk: row for _, row in following}.values()
    earlier = filled(used, lines(*used)) if used else {}
    left: dict[int, tuple[Check, ...]] = {}
    for table, last_year in following:
        entered = [figures_of(line) for line in earlier[last_year.pk]]
        columns = with_needed(last_year.printed_columns, last_year.year)
        cells = evaluate(entered, columns, figures_of_lines(entered))
        found = carry([figures_of(line) for line in rows[table.pk]], table.carries, entered, cells)
        for line in rows[table.pk]:
            line.carried = found.amounts.get(line.pk, dict.fromkeys(table.carries))
        left[table.pk] = found.checks
    return left


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


def fresh_statement(table: Table) -> Statement:
    """The table as it prints, computed from what is entered now rather than from what a worker stored."""
    entered = [figures_of(line) for line in filled([table], lines(table))[table.pk]]
    return build(table.title, table.print_style, table.printed_columns, entered, figures_of_lines(entered))


def table_figures(table: Table) -> TableFigures:
    """Lines with their stored variances; a line without one, or with one from other inputs, is stale."""
    return figures_of_tables([table])[table.pk]


def figures_of_tables(tables: Collection[Table]) -> dict[int, TableFigures]:
    """The figures of each table by its id. Four queries, and one more when any has a table of last year."""
    links = {table.previous_table_id for table in tables if table.previous_table_id} - {table.pk for table in tables}
    known = {table.pk: table for table in (*tables, *(Table.objects.filter(pk__in=links) if links else ()))}
    rows: dict[int, list[Line]] = {key: [] for key in known}
    for line in lines(*known.values()) if known else ():
        rows[line.table_id].append(line)
    left = carry_into(list(known.values()), rows)
    made = {key: _table_figures(table, rows[key]) for key, table in known.items()}
    return {table.pk: _checked(table, made, left.get(table.pk, ())) for table in tables}


def judge(tables: Collection[Table]) -> None:
    """Give each of these rows its `verdict`. At most four queries."""
    found = figures_of_tables(tables)
    for table in tables:
        table.verdict = found[table.pk].verdict  # type: ignore[attr-defined]


def _checked(table: Table, made: Mapping[int, TableFigures], left: tuple[Check, ...]) -> TableFigures:
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
    return replace(found, checks=(*checks, *left, *quoted(table.quoted, found.cells, resolution)))


def _table_figures(table: Table, rows: list[Line]) -> TableFigures:
    entered = [figures_of(line) for line in rows]
    computed, stale = (
        _stored(rows, entered) if table.has_budget else (dict.fromkeys((line.pk for line in rows), NONE), ())
    )
    columns = table.printed_columns
    cells = evaluate(entered, with_needed(columns, table.year), computed)
    statement = build(table.title, table.print_style, columns, entered, computed, cells)
    return TableFigures(rows, entered, computed, cells, statement, frozenset(stale))


def months_of(
    table: Table, rows: Iterable[Line], figures: Iterable[LineFigures]
) -> list[tuple[str, int, dict[int, int]]]:
    """Of the lines that the ledger feeds, by direction: its name, their amended budget and their actual by period.

    In cents, as rule 3 has them. No query for a table without such lines.
    """
    budgets: dict[str, int] = {}
    for line, entered in zip(rows, figures, strict=True):
        if line.is_from_ledger and line.kind == LineKind.LINE:
            budgets[line.direction] = budgets.get(line.direction, 0) + entered.original + entered.amendments
    posted = ledger_queries.months(table) if budgets else {}
    return [
        (
            str(Direction(direction).label),
            budget,
            {period: net * SIGNS[Direction(direction)] for period, net in posted[direction].items()},
        )
        for direction, budget in budgets.items()
        if direction in posted
    ]


def _stored(rows: list[Line], entered: list[LineFigures]) -> tuple[dict[int, Figures], list[int]]:
    """Stored figures by line, and the lines whose figures lag behind what was entered."""
    by_key = {line.key: line for line in entered}
    stored = {line.pk: line.variance for line in rows if hasattr(line, "variance")}
    stale = [
        key for key, line in by_key.items() if key not in stored or stored[key].inputs_hash != inputs_hash(line, by_key)
    ]
    return {key: stored_figures(variance) for key, variance in stored.items()}, stale


def table_imports(organisation: Organisation) -> QuerySet[TableImport]:
    """Files that were handed in for tables, newest first."""
    return TableImport.objects.filter(organisation=organisation).select_related("table", "by").defer("before", "after")


def get_import(organisation: Organisation, import_id: int) -> TableImport:
    """The file that was handed in, or 404 for one that is not this organisation's."""
    return get_object_or_404(table_imports(organisation), pk=import_id)


def opened_import(row: TableImport) -> File:
    """The file as it was handed in, for reading; 404 where storage lost it."""
    try:
        return row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error


def earlier_mapping(organisation: Organisation, signature: str) -> dict[str, Any] | None:
    """How the latest file of this source was mapped when it was applied."""
    applied = TableImport.objects.filter(organisation=organisation, signature=signature, state=ImportState.APPLIED)
    return applied.values_list("mapping", flat=True).first()


def explainable_lines(member: Member) -> QuerySet[Line]:
    """Lines that this person may explain: those of the own teams, and for a controller all (domain rule 8)."""
    return _plain_lines(member) if member.has(Role.CONTROLLER) else own_lines(member)
