import pytest
from django.http import QueryDict

from accounts.members import Member
from accounts.models import Organisation, Team
from accounts.roles import Role
from investments import queries
from investments.forms import RowForm
from investments.grid import Grid, GridRow, Typed, lay_out
from investments.models import Line, Table
from tests import builders
from tests.investments.computing import compute

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def team(org: Organisation) -> Team:
    return builders.team(org)


@pytest.fixture
def controller(org: Organisation) -> Member:
    return builders.member("Saskia", org, Role.CONTROLLER)


@pytest.fixture
def table(org: Organisation, team: Team) -> Table:
    return builders.sample_table(org, team)


def grid(table: Table, member: Member, typed: Typed | None = None) -> Grid:
    return lay_out(table, queries.table_figures(table), member, typed)


def cells(row: GridRow) -> list[object]:
    texts = [cell.text for cell in row.cells]
    return [*texts[:5], row.favourable, *texts[5:]]


def test_amounts_stand_in_euros_whatever_the_printed_unit(table: Table, controller: Member) -> None:
    compute(table)
    shown = grid(table, controller)
    assert [cells(row) for row in shown.all_rows] == [
        ["0", "232.000", "232.000", "255.600", "-23.600", False, "-10%"],
        ["0", "80.000", "80.000", "67.900", "12.100", True, "15%"],
        ["0", "180.000", "180.000", "57.800", "122.200", True, "68%"],
        ["0", "55.000", "55.000", "64.700", "-9.700", False, "-18%"],
        ["0", "20.000", "20.000", "18.900", "1.100", True, "6%"],
        ["0", "0", "0", "0", "0", None, "n.v.t."],
        ["0", "567.000", "567.000", "464.900", "102.100", True, "18%"],
    ]
    assert [row.is_stale for row in shown.all_rows] == [False] * 7


def test_before_the_calculation_only_what_was_entered_is_known(org: Organisation, controller: Member) -> None:
    table = builders.table(org)
    builders.total(table, builders.line(table, original="100", amendment="-20"))
    first, total = grid(table, controller).all_rows
    assert cells(first) == ["100", "-20", "80", "", "…", None, "…"]
    assert cells(total) == ["…", "…", "…", "…", "…", None, "…"]
    assert (first.is_stale, total.is_stale) == (True, True)


def test_a_total_that_closes_the_table_stands_in_the_foot(org: Organisation, controller: Member) -> None:
    table = builders.table(org)
    line = builders.line(table)
    inner = builders.total(table, line, label="Subtotaal")
    assert grid(table, controller).foot is not None
    last = builders.line(table, "Buiten het totaal")
    shown = grid(table, controller)
    assert ([row.line for row in shown.rows], shown.foot) == ([line, inner, last], None)


def test_a_total_names_the_lines_that_move_it(table: Table, controller: Member) -> None:
    lines = list(table.lines.all())
    foot = grid(table, controller).foot
    assert foot is not None
    assert foot.counted == " ".join(f"{line.pk}:1" for line in lines[:-1])


@pytest.mark.parametrize(("direction", "sign"), [("credit", 1), ("expense", 1), ("income", -1)])
def test_a_row_knows_which_way_is_favourable(org: Organisation, controller: Member, direction: str, sign: int) -> None:
    table = builders.table(org)
    line = builders.line(table)
    Line.objects.filter(pk=line.pk).update(direction=direction)
    assert grid(table, controller).rows[0].sign == sign


@pytest.mark.parametrize("role", list(Role))
def test_only_the_controller_gets_inputs(table: Table, org: Organisation, team: Team, role: Role) -> None:
    member = builders.member("Robin", org, role, teams=(team,))
    shown = grid(table, member)
    typing = role == Role.CONTROLLER
    assert shown.may_edit is typing
    assert [row.version for row in shown.all_rows] == [1 if typing else None] * 6 + [None]
    explains = role in {Role.CONTROLLER, Role.TEAM_LEAD}
    assert [row.may_explain for row in shown.rows] == [explains] * 6


def test_one_row_holds_what_could_not_be_stored(table: Table, controller: Member) -> None:
    line = queries.get_line(table.organisation, table.lines.all()[2].pk)
    form = RowForm(QueryDict("original=0&actual=57,800&version=1"), line=line)
    shown = grid(table, controller, Typed(line, form))
    assert [row.is_refused for row in shown.rows] == [False, False, True, False, False, False]
    refused = shown.rows[2]
    assert refused.form is form
    actual = next(cell for cell in refused.cells if cell.key == "actual")
    assert (actual.text, actual.stored, actual.is_wrong, actual.is_first_wrong) == ("57,800", "57.800", True, True)
