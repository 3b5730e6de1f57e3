from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict
from accounts.members import Member
from accounts.models import LogEntry, Organisation
from accounts.roles import Role
from investments import actions, queries
from investments.figures import LineKind
from investments.models import Change, Line, Table
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def controller(org: Organisation) -> Member:
    return builders.member("Saskia Roelofsen", org, Role.CONTROLLER)


@pytest.fixture
def table(org: Organisation) -> Table:
    return builders.sample_table(org)


@pytest.fixture
def total(table: Table) -> Line:
    return table.lines.get(kind=LineKind.TOTAL)


def test_a_stated_total_is_kept_beside_the_computed_one(controller: Member, table: Table, total: Line) -> None:
    actions.state_figures(controller, total.pk, 1, {"actual": Decimal(466_000), "result": None})
    total.refresh_from_db()
    assert (actions.stated_figures(total), total.version) == ({"actual": Decimal(466_000)}, 2)
    entered = queries.table_figures(table).entered[-1]
    assert entered.stated == (("actual", 46_600_000),)
    change = Change.objects.get()
    assert (change.field, change.was, change.became) == ("rekening 2020 volgens de bron", "leeg", "466.000")
    assert LogEntry.objects.latest("pk").data == {"table": table.pk, "line": total.pk, "stated_actual": "466.000"}


def test_what_was_stated_can_be_withdrawn(controller: Member, total: Line) -> None:
    actions.state_figures(controller, total.pk, 1, {"actual": Decimal(466_000)})
    actions.state_figures(controller, total.pk, 2, {"actual": None})
    assert actions.stated_figures(total) == {}
    assert [(row.was, row.became) for row in Change.objects.all()] == [("466.000", "leeg"), ("leeg", "466.000")]


def test_stating_what_is_stated_changes_nothing(controller: Member, total: Line) -> None:
    actions.state_figures(controller, total.pk, 9, {"actual": None})
    total.refresh_from_db()
    assert (total.version, Change.objects.count()) == (1, 0)


def test_a_plain_line_states_only_what_is_computed(controller: Member, table: Table) -> None:
    line = table.lines.get(label="Voorfinanciering fiets")
    assert [column.key for column in actions.statable_columns(line)] == ["amendments", "amended", "result"]
    with pytest.raises(Http404):
        actions.state_figures(controller, line.pk, 1, {"actual": Decimal(1)})


def test_a_heading_states_nothing(table: Table) -> None:
    heading = Line.objects.create(table=table, position=9, label="Hardware", kind=LineKind.HEADING)
    assert actions.statable_columns(heading) == ()


def test_who_was_second_hears_what_is_stated(controller: Member, total: Line, org: Organisation) -> None:
    actions.state_figures(controller, total.pk, 1, {"actual": Decimal(466_000)})
    colleague = builders.member("Bram Loosjes", org, Role.CONTROLLER)
    with pytest.raises(Conflict) as conflict:
        actions.state_figures(colleague, total.pk, 1, {"actual": Decimal(465_000)})
    found = conflict.value
    field = "rekening 2020 volgens de bron"
    assert (found.saved_by, found.theirs, found.mine) == (
        "Saskia Roelofsen",
        [(field, "466.000")],
        [(field, "465.000")],
    )


def test_only_a_controller_states(org: Organisation, total: Line) -> None:
    with pytest.raises(PermissionDenied):
        actions.state_figures(builders.member("Robin", org, Role.DIRECTOR), total.pk, 1, {"actual": Decimal(1)})
