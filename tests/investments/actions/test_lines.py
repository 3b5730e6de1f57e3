from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions
from investments.actions import LineInput
from investments.figures import LineKind
from investments.models import Change, Line, Table
from jobs.models import Job, JobState
from tests import builders

pytestmark = pytest.mark.django_db
SERVERS = LineInput("Aanschaf servers", None, "credit", Decimal(100), None)


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def table(controller: Member) -> Table:
    return builders.table(controller.organisation)


def labels(table: Table) -> list[str]:
    return [line.label for line in table.lines.all()]


def changes(line: Line) -> list[tuple[str, str, str]]:
    return [(change.field, change.was, change.became) for change in Change.objects.filter(line=line).order_by("id")]


# --- adding -----------------------------------------------------------------------------------------------------------
def test_a_line_is_added_logged_and_computed(controller: Member, table: Table) -> None:
    team = builders.team(controller.organisation)
    line = actions.add_line(controller, table.pk, replace(SERVERS, owner_team_id=team.pk))
    line.refresh_from_db()
    assert (line.label, line.owner_team, line.direction, line.original, line.actual, line.position) == (
        "Aanschaf servers",
        team,
        "credit",
        Decimal(100),
        None,
        1,
    )
    assert changes(line) == [("regel", "", "toegevoegd")]
    entry = LogEntry.objects.get()
    assert (entry.action, entry.data) == (
        "investments.add_line",
        {"table": table.pk, "line": line.pk, "original": "100", "actual": "leeg"},
    )
    job = Job.objects.get()
    assert (job.kind, job.subject_id, job.state) == ("investments.compute_variances", table.pk, JobState.WAITING)


def test_a_plain_line_stands_above_the_totals_that_close_the_table(controller: Member, table: Table) -> None:
    first = builders.line(table, "Telefoons")
    builders.total(table, first, label="Subtotaal")
    builders.line(table, "Fietsen")
    builders.total(table, first, label="Apparatuur")
    builders.total(table, first, label="Saldo")
    actions.add_line(controller, table.pk, SERVERS)
    assert labels(table) == ["Telefoons", "Subtotaal", "Fietsen", "Aanschaf servers", "Apparatuur", "Saldo"]
    assert [line.position for line in table.lines.all()] == [1, 2, 3, 4, 5, 6]


def test_a_line_counts_only_in_the_totals_that_are_named(controller: Member, table: Table) -> None:
    first = builders.line(table, "Telefoons")
    balance, costs, other = (builders.total(table, first, label=label) for label in ("Saldo", "Lasten", "Anders"))
    line = actions.add_line(controller, table.pk, SERVERS, counts_in={balance.pk: -1, costs.pk: 1})
    assert {member.total_id: member.sign for member in line.counted_in.all()} == {balance.pk: -1, costs.pk: 1}
    versions = dict(Line.objects.filter(kind=LineKind.TOTAL).values_list("label", "version"))
    assert versions == {"Saldo": 2, "Lasten": 2, "Anders": 1}
    assert other.members.count() == 1


def test_a_total_of_another_table_is_404(controller: Member, table: Table) -> None:
    elsewhere = builders.total(builders.table(controller.organisation, "Elders"))
    with pytest.raises(Http404):
        actions.add_line(controller, table.pk, SERVERS, counts_in={elsewhere.pk: 1})
    assert labels(table) == []


def test_a_team_of_another_organisation_is_404(controller: Member, table: Table) -> None:
    stranger = builders.team(builders.organisation("Waterrand", "waterrand"))
    with pytest.raises(Http404):
        actions.add_line(controller, table.pk, replace(SERVERS, owner_team_id=stranger.pk))
    assert (labels(table), LogEntry.objects.count()) == ([], 0)


# --- saving -----------------------------------------------------------------------------------------------------------
def test_a_row_is_stored_with_what_was_and_became(controller: Member, table: Table) -> None:
    line = builders.line(table, original="100")
    team = builders.team(controller.organisation)
    entry = LineInput("Servers", team.pk, "expense", Decimal("150.50"), Decimal(0))
    saved = actions.save_line(controller, line.pk, 1, entry)
    assert (saved.label, saved.owner_team, saved.direction, saved.original, saved.actual, saved.version) == (
        "Servers",
        team,
        "expense",
        Decimal("150.50"),
        Decimal(0),
        2,
    )
    assert changes(line) == [
        ("omschrijving", "Aanschaf servers", "Servers"),
        ("team", "leeg", "Financiën"),
        ("richting", "krediet", "lasten"),
        ("begroot", "100", "150,50"),
        ("rekening", "leeg", "0"),
    ]
    entry_in_log = LogEntry.objects.get()
    assert (entry_in_log.action, entry_in_log.data) == (
        "investments.save_line",
        {"table": table.pk, "line": line.pk, "original": "150,50", "actual": "0"},
    )


def test_an_actual_can_be_taken_out_again(controller: Member, table: Table) -> None:
    line = builders.line(table, actual="90")
    saved = actions.save_line(controller, line.pk, 1, replace(LineInput.of(line), actual=None))
    assert saved.actual is None
    assert changes(line) == [("rekening", "90", "leeg")]


def test_a_save_without_changes_is_none(controller: Member, table: Table) -> None:
    line = builders.line(table, actual="90")
    for seen in (1, 5):
        saved = actions.save_line(controller, line.pk, seen, LineInput.of(line))
        assert saved.version == 1
    assert (Change.objects.count(), LogEntry.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_many_saves_make_one_waiting_calculation_per_table(controller: Member, table: Table) -> None:
    other = builders.table(controller.organisation, "Baten en lasten")
    for amount in range(1, 4):
        for line in (builders.line(table), builders.line(other)):
            actions.save_line(controller, line.pk, 1, replace(LineInput.of(line), actual=Decimal(amount)))
    assert sorted(Job.objects.values_list("subject_id", flat=True)) == sorted([table.pk, other.pk])


def test_another_name_asks_for_no_calculation(controller: Member, table: Table) -> None:
    line = builders.line(table)
    actions.save_line(controller, line.pk, 1, replace(LineInput.of(line), label="Servers"))
    assert Job.objects.count() == 0


def test_who_saves_second_loses_nothing_and_overwrites_nothing(controller: Member, table: Table) -> None:
    line = builders.line(table, original="100", actual="90")
    colleague = builders.member("Joost Vermaat", controller.organisation, Role.CONTROLLER)
    actions.save_line(colleague, line.pk, 1, replace(LineInput.of(line), actual=Decimal(80)))
    with pytest.raises(Conflict) as found:
        actions.save_line(controller, line.pk, 1, replace(LineInput.of(line), actual=Decimal(70)))
    assert found.value == Conflict(
        "Aanschaf servers", "Joost Vermaat", [("rekening", "80")], [("rekening", "70")], current_version=2
    )
    line.refresh_from_db()
    assert (line.actual, line.version) == (Decimal(80), 2)
    actions.save_line(controller, line.pk, 2, replace(LineInput.of(line), actual=Decimal(70)))
    line.refresh_from_db()
    assert line.actual == Decimal(70)


def test_a_total_keeps_no_amounts(controller: Member, table: Table) -> None:
    total = builders.total(table)
    saved = actions.save_line(controller, total.pk, 1, LineInput("Totaal", None, "credit", Decimal(5), Decimal(6)))
    assert (saved.label, saved.original, saved.actual) == ("Totaal", Decimal(0), None)


# --- removing ---------------------------------------------------------------------------------------------------------
def test_an_empty_line_is_removed_also_from_its_totals(controller: Member, table: Table) -> None:
    line, kept = builders.line(table), builders.line(table, "Telefoons")
    total = builders.total(table, line, kept)
    actions.remove_line(controller, line.pk, 1)
    assert labels(table) == ["Telefoons", "Saldo"]
    assert [member.line for member in total.members.all()] == [kept]
    total.refresh_from_db()
    assert total.version == 2
    change = Change.objects.get()
    assert (change.line, change.label, change.was, change.became) == (
        None,
        "Aanschaf servers",
        "Aanschaf servers",
        "verwijderd",
    )
    assert LogEntry.objects.get().action == "investments.remove_line"


@pytest.mark.parametrize("held", ["original", "actual", "amendment", "explanation"])
def test_a_line_that_holds_something_stays(controller: Member, table: Table, held: str) -> None:
    amounts = {held: "5"} if held != "explanation" else {}
    line = builders.line(table, **amounts)  # type: ignore[arg-type]
    if held == "explanation":
        builders.explain(line)
    with pytest.raises(Refused) as refusal:
        actions.remove_line(controller, line.pk, 1)
    assert str(refusal.value) == "Deze regel heeft bedragen, wijzigingen of een toelichting. Maak de regel eerst leeg."
    assert Line.objects.filter(pk=line.pk).exists()


def test_a_line_that_changed_since_is_not_removed(controller: Member, table: Table) -> None:
    line = builders.line(table)
    Line.objects.filter(pk=line.pk).update(version=4)
    with pytest.raises(Conflict) as found:
        actions.remove_line(controller, line.pk, 1)
    assert found.value.current_version == 4
    assert Line.objects.filter(pk=line.pk).exists()


# --- moving -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("steps", "order"), [(1, "acb"), (-1, "bac"), (5, "acb"), (-5, "bac"), (0, "abc")], ids=str)
def test_a_line_moves_within_the_table(controller: Member, table: Table, steps: int, order: str) -> None:
    lines = {label: builders.line(table, label) for label in "abc"}
    actions.move_line(controller, lines["b"].pk, steps)
    assert "".join(labels(table)) == order
    assert Job.objects.count() == 0


def test_moving_heals_positions_that_coincide(controller: Member, table: Table) -> None:
    lines = [builders.line(table, label) for label in "abc"]
    Line.objects.update(position=1)
    actions.move_line(controller, lines[2].pk, -1)
    assert [(line.label, line.position) for line in table.lines.all()] == [("a", 1), ("c", 2), ("b", 3)]


# --- who and where ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_no_other_role_changes_lines(controller: Member, table: Table, role: Role) -> None:
    team = builders.team(controller.organisation)
    line = builders.line(table, owner=team)
    member = builders.member("Willem", controller.organisation, role, teams=(team,))
    for change in (
        lambda: actions.add_line(member, table.pk, SERVERS),
        lambda: actions.save_line(member, line.pk, 1, SERVERS),
        lambda: actions.remove_line(member, line.pk, 1),
        lambda: actions.move_line(member, line.pk, 1),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert (labels(table), Change.objects.count(), Job.objects.count()) == (["Aanschaf servers"], 0, 0)


def test_another_organisation_has_no_such_line(controller: Member) -> None:
    line = builders.line(builders.table(builders.organisation("Waterrand", "waterrand")))
    for change in (
        lambda: actions.add_line(controller, line.table_id, SERVERS),
        lambda: actions.save_line(controller, line.pk, 1, SERVERS),
        lambda: actions.remove_line(controller, line.pk, 1),
        lambda: actions.move_line(controller, line.pk, 1),
    ):
        with pytest.raises(Http404):
            change()
