import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions, ledger_queries, queries
from investments.actions import LineInput, RuleInput
from investments.codes import CodeRange
from investments.models import Change, Ledger, LedgerPeriod, LedgerRule, LedgerVersion, Line, Table
from jobs.models import Job
from tests import builders
from tests.investments import ledger as books

pytestmark = pytest.mark.django_db

SERVERS = CodeRange("4310", "4319")


@pytest.fixture
def table() -> Table:
    return builders.table(builders.organisation())


@pytest.fixture
def line(table: Table) -> Line:
    return builders.line(table, actual="90")


@pytest.fixture
def controller(table: Table) -> Member:
    return builders.member("Saskia", table.organisation, Role.CONTROLLER)


def test_each_change_of_the_rules_is_a_version(line: Line, controller: Member) -> None:
    rule = actions.add_rule(controller, 2020, RuleInput(line.pk, SERVERS, CodeRange("600", "600")))
    actions.end_rule(controller, rule.pk)
    actions.end_rule(controller, rule.pk)
    rule.refresh_from_db()
    assert (rule.since, rule.until, Ledger.objects.get().version) == (1, 2, 2)
    assert [(row.number, row.by, row.told) for row in LedgerVersion.objects.all()] == [
        (
            2,
            controller.user,
            "Rekening 4310 t/m 4319, kostenplaats 600 telt niet meer in “Aanschaf servers” van Investeringen ICT 2020",
        ),
        (
            1,
            controller.user,
            "Rekening 4310 t/m 4319, kostenplaats 600 telt voortaan in “Aanschaf servers” van Investeringen ICT 2020",
        ),
    ]
    assert [(row.field, row.was, row.became) for row in Change.objects.filter(line=line)] == [
        ("koppeling", "rekening 4310 t/m 4319, kostenplaats 600", "beëindigd"),
        ("koppeling", "", "rekening 4310 t/m 4319, kostenplaats 600"),
    ]
    assert Job.objects.get().subject_id == line.table_id
    assert set(LogEntry.objects.values_list("action", flat=True)) >= {"investments.add_rule", "investments.end_rule"}


def test_a_line_whose_rules_ended_shows_what_was_typed(line: Line, controller: Member) -> None:
    books.import_file(books.ledger(line.table.organisation), books.csv(books.row(amount="25,00")))
    rule = actions.add_rule(controller, 2020, RuleInput(line.pk, SERVERS))
    assert queries.table_figures(line.table).entered[0].actual == 25_00
    entry = LineInput(line.label, None, line.direction, line.original, None)
    actions.save_line(controller, line.pk, line.version, entry)
    actions.end_rule(controller, rule.pk)
    assert queries.table_figures(line.table).entered[0].actual == 90_00


def test_a_posting_counts_once_in_a_table(line: Line, table: Table, controller: Member) -> None:
    actions.add_rule(controller, 2020, RuleInput(line.pk, SERVERS, CodeRange("600", "699")))
    other = builders.line(table, "Telefoons")
    actions.add_rule(controller, 2020, RuleInput(other.pk, SERVERS, CodeRange("700", "799")))
    with pytest.raises(Refused) as refusal:
        actions.add_rule(controller, 2020, RuleInput(other.pk, CodeRange("4315", "4315")))
    assert str(refusal.value) == (
        "De tabel telt rekening 4310 t/m 4319, kostenplaats 600 t/m 699 al in de regel “Aanschaf servers”. Een boeking "
        "telt één keer in een tabel."
    )
    elsewhere = builders.line(builders.table(table.organisation, "Programma's"))
    actions.add_rule(controller, 2020, RuleInput(elsewhere.pk, SERVERS))
    assert LedgerRule.objects.count() == 3


def test_a_total_takes_nothing_from_the_ledger(line: Line, table: Table, controller: Member) -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_rule(controller, 2020, RuleInput(builders.total(table, line).pk, SERVERS))
    assert str(refusal.value) == "Alleen een gewone regel haalt zijn rekening uit het grootboek, geen totaal of kop."


def test_a_line_with_rules_is_not_removed(table: Table, controller: Member) -> None:
    line = builders.line(table)
    actions.add_rule(controller, 2020, RuleInput(line.pk, SERVERS))
    with pytest.raises(Refused) as refusal:
        actions.remove_line(controller, line.pk, line.version)
    assert str(refusal.value) == "Deze regel haalt zijn rekening uit het grootboek. Beëindig eerst de koppeling."


def test_a_line_of_another_year_is_not_found(line: Line, controller: Member) -> None:
    with pytest.raises(Http404):
        actions.add_rule(controller, 2021, RuleInput(line.pk, SERVERS))


def test_who_may_not(line: Line, controller: Member) -> None:
    rule = actions.add_rule(controller, 2020, RuleInput(line.pk, SERVERS))
    lead = builders.member("Anna", line.table.organisation, Role.TEAM_LEAD)
    stranger = builders.member("Sjoerd", builders.organisation("Waterrand", "waterrand"), Role.CONTROLLER)
    for refused in (
        lambda: actions.add_rule(lead, 2020, RuleInput(line.pk, CodeRange("1", "1"))),
        lambda: actions.end_rule(lead, rule.pk),
        lambda: actions.close_period(lead, 2020, 1),
        lambda: actions.open_period(lead, 2020, 1),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    for missing in (
        lambda: actions.add_rule(stranger, 2020, RuleInput(line.pk, SERVERS)),
        lambda: actions.end_rule(stranger, rule.pk),
    ):
        with pytest.raises(Http404):
            missing()


def test_a_period_is_closed_and_opened(table: Table, controller: Member) -> None:
    actions.close_period(controller, 2020, 3)
    actions.close_period(controller, 2020, 3)
    row = LedgerPeriod.objects.get()
    assert (row.period, row.is_closed, row.closed_by) == (3, True, controller.user)
    actions.open_period(controller, 2020, 3)
    actions.open_period(controller, 2020, 3)
    row.refresh_from_db()
    assert (row.is_closed, row.closed_by) == (False, None)
    done = LogEntry.objects.filter(action__endswith="_period").order_by("pk")
    assert [(entry.action, entry.subject) for entry in done] == [
        ("investments.close_period", "Grootboek 2020, periode 3"),
        ("investments.open_period", "Grootboek 2020, periode 3"),
    ]
    with pytest.raises(Refused) as refusal:
        actions.close_period(controller, 2020, 16)
    assert str(refusal.value) == "Perioden lopen van 0 tot en met 15."


def test_what_no_rule_counts_by_account(line: Line, controller: Member) -> None:
    actions.add_rule(controller, 2020, RuleInput(line.pk, SERVERS, CodeRange("600", "600")))
    ledger = books.ledger(line.table.organisation)
    books.import_file(
        ledger,
        books.csv(
            books.row("4310", "600"),
            books.row("4310", "700", "1,00"),
            books.row("4310", "800", "2,00"),
            books.row("1600", "", "-3,00", period="2", day="01-02-2020"),
        ),
    )
    assert [tuple(row.values()) for row in ledger_queries.unmapped_accounts(ledger)] == [
        ("1600", 1, "", 1, books.euros("-3.00")),
        ("4310", 2, "700", 2, books.euros("3.00")),
    ]
