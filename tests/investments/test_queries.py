from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from investments import decision_queries, queries
from investments.columns import Column, TableKind, columns_for
from investments.figures import Figures, LineFigures, LineKind
from investments.models import Cell, Line, Table, Variance
from investments.styles import Zero
from investments.variance import Direction
from tests import builders
from tests.investments import ledger as books
from tests.investments.computing import compute

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def other() -> Organisation:
    return builders.organisation("Waterrand", "waterrand")


@pytest.fixture
def table(org: Organisation) -> Table:
    return builders.sample_table(org, builders.team(org))


def test_tables_tell_how_many_lines_wait_for_an_actual(org: Organisation, table: Table) -> None:
    builders.line(table)
    empty = builders.table(org, "Baten en lasten")
    counts = {row.title: (row.line_count, row.unfilled) for row in queries.tables(org)}  # type: ignore[attr-defined]
    assert counts == {table.title: (7, 1), empty.title: (0, 0)}
    assert list(queries.unfilled_tables(org)) == [table]


def test_a_table_without_a_budget_waits_for_lines_in_which_nothing_stands(org: Organisation) -> None:
    balance = builders.table(org, "Balans")
    balance.kind = TableKind.BALANCE_SHEET
    balance.save()
    cash = builders.line(balance, "Liquide middelen")
    builders.line(balance, "Vorderingen")
    Cell.objects.create(line=cash, column="closing", amount=Decimal("171877.35"))
    loans = builders.table(org, "Kredieten")
    loans.kind = TableKind.CREDITS
    loans.save()
    Cell.objects.create(line=builders.line(loans, "Gemaal"), column="spent_before", amount=Decimal(100))
    counts = {row.title: (row.line_count, row.unfilled) for row in queries.tables(org)}  # type: ignore[attr-defined]
    assert counts == {"Balans": (2, 1), "Kredieten": (1, 1)}


def test_another_organisation_sees_none_of_it(other: Organisation, table: Table) -> None:
    line = table.lines.all()[0]
    amendment = line.amendments.get()
    assert list(queries.tables(other)) == []
    for read in (
        lambda: queries.get_table(other, table.pk),
        lambda: queries.get_line(other, line.pk),
        lambda: decision_queries.get_amendment(other, amendment.pk),
    ):
        with pytest.raises(Http404):
            read()


def test_the_own_organisation_finds_its_rows(org: Organisation, table: Table) -> None:
    line = table.lines.all()[0]
    amendment = line.amendments.get()
    assert queries.get_table(org, table.pk) == table
    assert queries.get_line(org, line.pk) == line
    assert decision_queries.get_amendment(org, amendment.pk) == amendment
    assert list(decision_queries.amendments(line)) == [amendment]


def test_lines_come_in_four_queries_however_many(
    table: Table, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    compute(table)
    for _ in range(2):
        with django_assert_num_queries(4):
            for line in queries.lines(table):
                queries.figures_of(line)
                assert (str(line.owner_team), line.variance.line_id) in {("Financiën", line.pk), ("None", line.pk)}
        for number in range(5):
            builders.line(table, f"Regel {number}", amendment="5")
        compute(table)


def test_figures_of_a_line_are_whole_cents(table: Table) -> None:
    amended = builders.line(table, "Bekabeling", original="10.50", actual="3.25", amendment="-2.25")
    builders.amend(amended, "1.00", "Tweede wijziging", "2020-06-30")
    found = queries.lines(table).get(pk=amended.pk)
    assert queries.figures_of(found) == LineFigures(
        amended.pk, "Bekabeling", "line", "credit", original=1050, amendments=-125, actual=325
    )
    total = queries.lines(table).get(kind=LineKind.TOTAL)
    assert [sign for _, sign in queries.figures_of(total).members] == [1] * 6


def test_what_figures_follow_from_is_read_apart_and_is_the_same(
    table: Table, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    amended = builders.line(table, "Bekabeling", original="10.50", actual="3.25", amendment="-2.25")
    Cell.objects.create(line=amended, column="spent_before", amount=Decimal(7))
    income = builders.line(table, "Bijdragen", direction=Direction.INCOME, actual="9")
    books.rule(income, "8000")
    books.rule(builders.line(table, "Rente"), "8100")
    books.import_file(books.ledger(table.organisation), books.csv(books.row("8000", amount="-250,00")))
    with django_assert_num_queries(2):
        read = queries.inputs(table)
    assert read == [replace(queries.figures_of(line), cells=(), texts=(), stated=()) for line in queries.lines(table)]
    assert {line.label: line.actual for line in read[-3:]} == {"Bekabeling": 325, "Bijdragen": 250_00, "Rente": 0}


def test_before_the_first_calculation_every_line_is_stale(table: Table) -> None:
    shown = queries.table_figures(table)
    assert shown.stale == frozenset(line.pk for line in table.lines.all())
    assert (shown.is_stale, shown.computed, shown.statement.rows) == (True, {}, ())


def test_after_the_calculation_nothing_is_stale(
    table: Table, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    compute(table)
    with django_assert_num_queries(4):
        shown = queries.table_figures(table)
    assert (shown.is_stale, len(shown.statement.rows)) == (False, 7)
    total = shown.lines[-1]
    assert shown.computed[total.pk] == Figures(0, 56700000, 56700000, 46490000, 10210000, 18)


def test_a_change_makes_the_line_and_its_totals_stale(table: Table) -> None:
    compute(table)
    servers = table.lines.get(label__contains="server", kind=LineKind.LINE)
    Line.objects.filter(pk=servers.pk).update(actual=Decimal(60000))
    total = table.lines.get(kind=LineKind.TOTAL)
    assert queries.table_figures(table).stale == {servers.pk, total.pk}


def test_an_amendment_makes_the_line_stale(table: Table) -> None:
    compute(table)
    servers = table.lines.all()[2]
    builders.amend(servers, "1", "Nog een")
    assert servers.pk in queries.table_figures(table).stale


def test_a_lead_sees_the_lines_of_the_own_teams(org: Organisation, other: Organisation) -> None:
    own, staff = builders.team(org), builders.team(org, "Staf")
    old, new = builders.table(org, year=2019), builders.table(org, year=2020)
    older, first, second = builders.line(old, owner=own), builders.line(new, owner=own), builders.line(new, owner=own)
    builders.line(new, owner=staff)
    builders.line(new)
    builders.total(new, first)
    builders.line(builders.table(other), owner=builders.team(other))
    lead = builders.member("Ruben", org, Role.TEAM_LEAD, teams=(own,))
    assert list(queries.own_lines(lead)) == [first, second, older]
    assert list(queries.own_lines(builders.member("Saskia", org, Role.CONTROLLER))) == []


def test_stored_figures_are_whole_cents(table: Table) -> None:
    compute(table)
    stored = Variance.objects.get(line=table.lines.all()[0])
    assert queries.stored_figures(stored) == Figures(0, 23200000, 23200000, 25560000, -2360000, -10)


# --- columns of an earlier year ---------------------------------------------------------------------------------------
def following(org: Organisation, previous: Table, label: str, source: str, year: int) -> Table:
    columns = (Column("before", label), *columns_for(TableKind.INVESTMENTS, [], year))
    return Table.objects.create(
        organisation=org,
        title="Investeringen",
        year=year,
        unit=1,
        columns=[column.as_data() for column in columns],
        previous_table=previous,
        carried={"before": source},
    )


@pytest.fixture
def years() -> list[Table]:
    """2019, 2020 with the actual of 2019, and 2021 with what 2020 says of 2019."""
    org = builders.organisation()
    first = builders.table(org, "Investeringen", 2019, unit=1)
    second = following(org, first, "rekening 2019", "actual", 2020)
    third = following(org, second, "rekening 2019", "before", 2021)
    for number, table in enumerate((first, second, third), start=1):
        line = builders.line(table, "Servers", "100", str(90 + number))
        line.cells.create(column="before", amount=Decimal(7))
        builders.total(table, line)
        compute(table)
    return [first, second, third]


def printed(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in queries.table_figures(table).statement.rows]


def test_a_column_of_an_earlier_year_comes_from_the_table_of_that_year(years: list[Table]) -> None:
    _, second, third = years
    assert printed(second) == [["91", "100", Zero.DASH, "100", "92", "8"]] * 2
    assert printed(third)[0][0] == "91"
    assert queries.fresh_statement(third) == queries.table_figures(third).statement
    Line.objects.filter(table__year=2019, kind="line").update(actual=Decimal(55))
    assert (printed(second)[0][0], printed(third)[1][0]) == ("55", "55")


def test_what_was_typed_shows_again_when_nothing_is_taken_over(years: list[Table]) -> None:
    second = years[1]
    assert [column.key for column in second.own_columns] == ["before"]
    assert len(second.typed_columns) == 0
    Table.objects.filter(pk=second.pk).update(carried={})
    again = Table.objects.get(pk=second.pk)
    assert (printed(again)[0][0], [column.key for column in again.typed_columns]) == ("7", ["before"])


def test_what_last_year_had_and_finds_no_place_is_a_check_that_fails(years: list[Table]) -> None:
    first, second, _ = years
    builders.line(first, "Schermen", "10", "4")
    (check,) = queries.table_figures(second).checks
    assert (check.subject, check.difference) == ("Schermen, rekening 2019", -400)


def test_tables_that_follow_each_other_in_a_circle_take_nothing_over(years: list[Table]) -> None:
    second, third = years[1:]
    Table.objects.filter(pk=second.pk).update(previous_table=third)
    assert printed(Table.objects.get(pk=second.pk))[0][0] == "7"


def test_each_year_that_fills_costs_five_queries(
    years: list[Table], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for table, number in zip(years, (4, 10, 15), strict=True):
        with django_assert_num_queries(number):
            queries.figures_of_tables([table])
