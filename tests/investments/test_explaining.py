from decimal import Decimal

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from investments import explaining, queries
from investments.columns import TableKind
from investments.coverage import Coverage, Tolerance, share
from investments.models import CauseList, DeviationRule, Line, Table
from tests import builders
from tests.investments.computing import compute

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def table(org: Organisation) -> Table:
    return builders.sample_table(org)


def line(table: Table, words: str) -> Line:
    return table.lines.get(label__contains=words)


def open_labels(table: Table) -> list[str]:
    labels = {row.pk: row.label for row in table.lines.all()}
    return [labels[item.key] for item in explaining.coverage([table])[table.pk] if item.is_open]


def test_the_gap_of_the_published_table(table: Table) -> None:
    """Computers and servers are explained there; of what is a tenth or more, networks and peripherals are not."""
    DeviationRule.objects.create(
        organisation=table.organisation, year=2020, percentage=Decimal(10), inclusive=True, version=1
    )
    builders.explain(line(table, "computer"))
    builders.explain(line(table, "server"))
    compute(table)
    covered = explaining.coverage([table])[table.pk]
    assert open_labels(table) == ["I&A - aanschaf netwerkapparatuur", "I&A - aanschaf randapparatuur"]
    assert share(covered).percentage == 86
    peripherals = line(table, "rand")
    assert Coverage(peripherals.pk, -970000, -970000, is_open=True) in covered
    assert peripherals.variance.percentage == -18


def test_nothing_is_asked_before_the_first_calculation(table: Table) -> None:
    assert explaining.coverage([table]) == {table.pk: []}
    assert explaining.result(line(table, "server")) == 0


def test_explanations_cover_lines_for_their_amounts(table: Table) -> None:
    compute(table)
    builders.explain(line(table, "computer"), line(table, "rand"), amount="-5000")
    found = {item.key: item.remainder for item in explaining.coverage([table])[table.pk]}
    assert (found[line(table, "computer").pk], found[line(table, "rand").pk]) == (-1860000, -470000)


def test_a_rule_is_that_of_its_year_and_organisation(table: Table) -> None:
    other = builders.sample_table(builders.organisation("Waterrand", "waterrand"))
    later = builders.table(table.organisation, year=2021)
    builders.line(later, "Laptops", "100", "90")
    for made in (table, other, later):
        compute(made)
    DeviationRule.objects.create(organisation=table.organisation, year=2020, amount=Decimal(100000), version=1)
    assert [len(open_labels(made)) for made in (table, other, later)] == [1, 5, 1]


def test_a_table_with_a_rule_of_its_own_is_judged_by_that(table: Table) -> None:
    other = builders.table(table.organisation, "Bruggen")
    builders.line(other, "Brug", "100", "90")
    for made in (table, other):
        compute(made)
    DeviationRule.objects.create(organisation=table.organisation, year=2020, amount=Decimal(100000), version=1)
    own = DeviationRule.objects.create(organisation=table.organisation, table=table, amount=Decimal(10000), version=1)
    assert [len(open_labels(made)) for made in (table, other)] == [3, 0]
    assert explaining.with_own_rule([table, other]) == {table.pk}
    DeviationRule.objects.filter(pk=own.pk).update(per_total=True)
    controller = builders.member("Saskia", table.organisation, Role.CONTROLLER)
    assert "Saldo" in [line.label for line in explaining.explainable(controller, table, queries.lines(table))]
    DeviationRule.objects.filter(pk=own.pk).update(applies=False)
    assert [len(open_labels(made)) for made in (table, other)] == [1, 0]


def test_per_total_it_is_the_balance_that_waits(table: Table) -> None:
    compute(table)
    DeviationRule.objects.create(organisation=table.organisation, year=2020, per_total=True, version=1)
    assert open_labels(table) == ["Saldo"]
    builders.explain(*table.lines.filter(kind="line"))
    assert open_labels(table) == []


def test_totals_of_totals_are_not_judged_once_more(table: Table) -> None:
    balance = table.lines.get(label="Saldo")
    builders.total(table, balance, label="Generaal")
    compute(table)
    DeviationRule.objects.create(organisation=table.organisation, year=2020, per_total=True, version=1)
    assert open_labels(table) == ["Saldo"]


def test_coverage_asks_four_queries_however_many_tables(
    table: Table, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    DeviationRule.objects.create(organisation=table.organisation, year=2020, per_total=True, version=1)
    tables = [table]
    for number in range(3):
        compute(tables[-1])
        with django_assert_num_queries(4):
            explaining.coverage(tables)
        tables.append(builders.table(table.organisation, f"Tabel {number}"))
        builders.explain(builders.line(tables[-1], "Servers", "100", "90"))


def test_a_stored_rule_as_plain_values(org: Organisation) -> None:
    made = DeviationRule(
        organisation=org, year=2020, amount=Decimal("12.50"), percentage=Decimal("2.25"), both=True, inclusive=True
    )
    assert explaining.tolerance(made) == Tolerance(1250, 225, both=True, inclusive=True)
    assert explaining.tolerance(explaining.rule(org, 2020)) == Tolerance()


def test_causes_are_the_usual_ones_until_the_organisation_has_its_own(org: Organisation) -> None:
    assert explaining.cause_list(org).names == list(explaining.USUAL_CAUSES)
    CauseList.objects.create(organisation=org, names=["weer"])
    assert explaining.cause_list(org).names == ["weer"]


# --- what waits -------------------------------------------------------------------------------------------------------
def test_the_largest_unexplained_deviation_comes_first(org: Organisation) -> None:
    team = builders.team(org)
    table = builders.table(org)
    small = builders.line(table, "klein", "100", "90", owner=team)
    large = builders.line(table, "groot", "100", "300", owner=team)
    builders.line(table, "zonder afwijking", "100", "100", owner=team)
    builders.explain(builders.line(table, "toegelicht", "100", "1000", owner=team))
    foreign = builders.line(table, "van niemand", "100", "95")
    compute(table)
    builders.line(table, "nog niet berekend", "100", "5", owner=team)
    lead = builders.member("Ruben", org, Role.TEAM_LEAD, teams=(team,))
    assert list(explaining.to_explain(lead)) == [large, small]
    assert list(explaining.to_explain(builders.member("Saskia", org, Role.CONTROLLER))) == [large, small, foreign]
    assert list(explaining.to_explain(builders.member("Dirk", org, Role.DIRECTOR))) == []


def test_a_partly_explained_deviation_waits_on(org: Organisation) -> None:
    table = builders.table(org)
    laptops = builders.line(table, "Laptops", "100", "300")
    compute(table)
    saskia = builders.member("Saskia", org, Role.CONTROLLER)
    builders.explain(laptops, amount="-150")
    assert list(explaining.to_explain(saskia)) == [laptops]
    builders.explain(laptops, amount="-50")
    assert list(explaining.to_explain(saskia)) == []


# --- as printed -------------------------------------------------------------------------------------------------------
def test_each_explanation_is_told_once_at_its_first_line(table: Table) -> None:
    computers, servers, phones = (line(table, words) for words in ("computer", "server", "telefoon"))
    both = builders.explain(phones, computers)
    cloud = builders.explain(servers, text="<p>De cloud.</p>")
    builders.explain(servers, text="")
    assert [(told.label, told.explanation) for told in explaining.told(queries.lines(table))] == [
        ("I&A - aanschaf computerapparatuur en I&A - aanschaf telefoons", both),
        ("I&A - aanschaf serverapparatuur", cloud),
    ]


def test_the_explanation_of_a_line_is_the_only_one(table: Table) -> None:
    servers = line(table, "server")
    assert explaining.own_explanation(servers) is None
    made = builders.explain(servers)
    assert explaining.own_explanation(servers) == made
    builders.explain(servers)
    assert explaining.own_explanation(servers) is None


def test_an_explanation_of_elsewhere_is_not_there(table: Table) -> None:
    made = builders.explain(line(table, "server"))
    assert explaining.get_explanation(table.organisation, made.pk) == made
    with pytest.raises(Http404):
        explaining.get_explanation(builders.organisation("Waterrand", "waterrand"), made.pk)


def test_what_is_left_of_a_credit_over_several_years_is_no_deviation(org: Organisation) -> None:
    table = builders.table(org, "Kredieten")
    table.kind = TableKind.CREDITS
    table.save()
    builders.line(table, "Gemaal", "500000", "120000")
    compute(table)
    assert explaining.coverage([table]) == {table.pk: []}
