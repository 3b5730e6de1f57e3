from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions, queries
from investments.actions import LineInput, TableExtras
from investments.columns import FIVE, Column, ColumnKind, TableKind
from investments.figures import LineKind
from investments.models import Cell, Change, Line, Table
from investments.styles import Marks, PrintStyle
from jobs.models import Job
from tests import builders

pytestmark = pytest.mark.django_db
OPENING = Column("opening", "saldo 1-1")
CLOSING = Column("closing", "saldo 31-12", terms=(("opening", 1),))
REMARK = Column("remark", "opmerking", ColumnKind.TEXT)
COLUMNS = (OPENING, CLOSING, REMARK)
RESERVE = LineInput("Algemene reserve", None, "expense")


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def table(controller: Member) -> Table:
    made = builders.table(controller.organisation, "Reserves")
    actions.shape_table(controller, made.pk, 1, COLUMNS, PrintStyle())
    made.refresh_from_db()
    return made


def cells(line: Line) -> dict[str, object]:
    return {
        cell.column: cell.amount if cell.amount is not None else cell.text for cell in Cell.objects.filter(line=line)
    }


# --- columns ----------------------------------------------------------------------------------------------------------
def test_columns_and_style_are_kept_logged_and_counted_as_a_version(table: Table) -> None:
    assert (table.printed_columns, table.version) == (COLUMNS, 2)
    assert list(Change.objects.values_list("field", "was", "became")) == [
        ("kolommen", "die van de soort", "saldo 1-1, saldo 31-12, opmerking")
    ]
    assert LogEntry.objects.filter(action="investments.shape_table").count() == 1


def test_style_is_kept_without_what_is_as_usual(controller: Member, table: Table) -> None:
    style = PrintStyle(unit=1, marks=Marks.AFTER, reversed_result=True)
    actions.shape_table(controller, table.pk, 2, COLUMNS, style)
    table.refresh_from_db()
    assert table.style == {"marks": "after", "reversed_result": True}
    assert table.print_style == replace(style, unit=1000)


def test_columns_of_the_kind_are_no_choice(controller: Member) -> None:
    made = builders.table(controller.organisation)
    actions.shape_table(controller, made.pk, 1, made.printed_columns, PrintStyle())
    made.refresh_from_db()
    assert (made.columns, made.version) == ([], 1)


def test_a_column_in_which_something_stands_cannot_go(controller: Member, table: Table) -> None:
    actions.add_line(controller, table.pk, replace(RESERVE, cells={"opening": Decimal(5)}))
    with pytest.raises(Refused) as refused:
        actions.shape_table(controller, table.pk, 2, (Column("other", "anders"),), PrintStyle())
    assert str(refused.value) == "In de kolom “saldo 1-1” staan gegevens. Maak de kolom eerst leeg."
    with pytest.raises(Refused):
        actions.shape_table(controller, table.pk, 2, (replace(OPENING, kind=ColumnKind.TEXT),), PrintStyle())


def test_who_shaped_first_is_seen(controller: Member, table: Table) -> None:
    with pytest.raises(Conflict) as conflict:
        actions.shape_table(controller, table.pk, 1, FIVE, PrintStyle())
    assert conflict.value.theirs == [("kolommen", "saldo 1-1, saldo 31-12, opmerking")]


def test_columns_that_cannot_stand_together_are_refused(controller: Member, table: Table) -> None:
    with pytest.raises(Refused) as refused:
        actions.shape_table(controller, table.pk, 2, (OPENING, OPENING), PrintStyle())
    assert str(refused.value) == "De kolom “saldo 1-1” staat er twee keer in."


# --- cells ------------------------------------------------------------------------------------------------------------
def test_cells_are_stored_changed_and_emptied_with_what_they_were(controller: Member, table: Table) -> None:
    line = actions.add_line(controller, table.pk, replace(RESERVE, cells={"opening": Decimal(5), "remark": "oud"}))
    assert cells(line) == {"opening": Decimal(5), "remark": "oud"}
    entry = replace(RESERVE, cells={"opening": Decimal("7.25"), "remark": ""})
    saved = actions.save_line(controller, line.pk, 1, entry)
    assert (cells(line), saved.version) == ({"opening": Decimal("7.25")}, 2)
    changes = Change.objects.filter(line=line).exclude(field="regel").order_by("id")
    assert list(changes.values_list("field", "was", "became")) == [
        ("saldo 1-1", "5", "7,25"),
        ("opmerking", "oud", "leeg"),
    ]
    data = LogEntry.objects.filter(action="investments.save_line").latest("id").data
    assert data == {"table": table.pk, "line": line.pk, "cell_opening": "7,25", "cell_remark": "leeg"}


def test_what_is_as_it_was_is_no_save(controller: Member, table: Table) -> None:
    line = actions.add_line(controller, table.pk, replace(RESERVE, cells={"opening": Decimal(5)}))
    assert actions.save_line(controller, line.pk, 0, replace(RESERVE, cells={"opening": Decimal(5)})).version == 1
    assert actions.save_line(controller, line.pk, 0, RESERVE).version == 1


def test_who_saved_a_cell_first_is_seen(controller: Member, table: Table) -> None:
    line = actions.add_line(controller, table.pk, RESERVE)
    actions.save_line(controller, line.pk, 1, replace(RESERVE, cells={"opening": Decimal(5)}))
    with pytest.raises(Conflict) as conflict:
        actions.save_line(controller, line.pk, 1, replace(RESERVE, cells={"opening": Decimal(6)}))
    assert (conflict.value.theirs, conflict.value.mine) == ([("saldo 1-1", "5")], [("saldo 1-1", "6")])
    assert cells(line) == {"opening": Decimal(5)}


def test_a_line_with_filled_cells_is_not_removed(controller: Member, table: Table) -> None:
    line = actions.add_line(controller, table.pk, replace(RESERVE, cells={"opening": Decimal(5)}))
    with pytest.raises(Refused):
        actions.remove_line(controller, line.pk, 1)


def test_without_budget_there_is_nothing_to_compute(controller: Member, table: Table) -> None:
    line = actions.add_line(controller, table.pk, replace(RESERVE, cells={"opening": Decimal(5000)}))
    assert not Job.objects.exists()
    shown = queries.table_figures(table)
    assert (shown.is_stale, [cell.text for cell in shown.statement.rows[0].cells]) == (False, ["5", "5", ""])
    assert line.kind == LineKind.LINE


def test_each_kind_of_table_can_hold_a_line(controller: Member) -> None:
    for kind in TableKind:
        made = actions.create_table(controller, title=kind.label, year=2020, kind=kind, unit=1)
        actions.add_line(controller, made.pk, RESERVE)
        assert len(queries.table_figures(made).lines) == 1


# --- columns of an earlier year ---------------------------------------------------------------------------------------
def test_a_column_is_filled_by_last_year_and_what_was_typed_in_it_stays(controller: Member, table: Table) -> None:
    last_year = builders.table(controller.organisation, "Reserves", 2019)
    actions.shape_table(controller, last_year.pk, 1, COLUMNS, PrintStyle())
    actions.follow_table(controller, table.pk, 2, last_year.pk)
    actions.add_line(controller, table.pk, replace(RESERVE, cells={"opening": Decimal(7)}))
    actions.shape_table(controller, table.pk, 3, COLUMNS, PrintStyle(), TableExtras({"opening": "closing"}))
    table.refresh_from_db()
    assert {key: source for key, (_, source) in table.carries.items()} == {"opening": "closing"}
    assert cells(table.lines.get()) == {"opening": Decimal(7)}
    assert Change.objects.latest("pk").became == "opening"
    with pytest.raises(Refused, match="De kolom “saldo 1-1” van Reserves 2020 komt uit een kolom die u weglaat"):
        actions.shape_table(controller, last_year.pk, 2, (OPENING, REMARK), PrintStyle())
