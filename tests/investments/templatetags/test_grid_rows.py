import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from accounts.members import Member
from accounts.roles import Role
from investments import queries
from investments.forms import RowForm
from investments.grid import Grid, GridRow, Typed, lay_out
from investments.models import Cell, Line, Table
from investments.statements import Cell as PrintedCell
from investments.statements import Row
from investments.templatetags import grid_rows
from tests import builders
from tests.investments.computing import compute
from tests.investments.test_forms import typed

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def table(controller: Member) -> Table:
    made = builders.table(controller.organisation)
    line = builders.line(
        made, HOSTILE, original="100", actual="130", owner=builders.team(controller.organisation, "<b>")
    )
    builders.total(made, line)
    compute(made)
    return made


def laid_out(table: Table, member: Member, form: Typed | None = None) -> Grid:
    return lay_out(table, queries.table_figures(table), member, form)


def drawn(row: GridRow, grid: Grid) -> str:
    request = RequestFactory().get("/")
    return render_to_string("investments/grid_row.html", {"row": row, "grid": grid, "table": row.line.table}, request)


def test_nothing_that_people_typed_is_taken_for_html(table: Table, controller: Member) -> None:
    post = typed(original=HOSTILE, actual="1", version="1")
    line = queries.lines(table).get(label=HOSTILE)
    line.table = table
    grid = laid_out(table, controller, Typed(line, RowForm(post, line=line)))
    html = drawn(grid.rows[0], grid)
    assert ("<script" in html, "<b>" in html) == (False, False)
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in html
    row = Row(1, HOSTILE, "line", (PrintedCell("actual", HOSTILE),), "", "")
    assert "<script" not in grid_rows.statement_row(row)


def test_marks_are_those_of_all_pages(table: Table, controller: Member) -> None:
    """What Python draws for speed looks as the templates that other pages include."""
    grid = laid_out(table, controller)
    row = grid.rows[0]
    cell = next(cell for cell in row.cells if cell.key == "result")
    deviation = render_to_string("includes/deviation.html", {"value": cell.text, "favourable": row.favourable})
    assert deviation.strip() in grid_rows.row_figure(row, cell, oob=False)
    Line.objects.filter(pk=row.key).update(actual=7)
    stale = laid_out(table, controller).rows[0]
    status = render_to_string("includes/status.html", {"kind": "stale", "label": "verouderd"})
    assert status.strip() in grid_rows.row_state(stale, waiting=False, oob=False)


def test_what_a_calculation_changes_is_swapped_by_its_id(table: Table, controller: Member) -> None:
    row = laid_out(table, controller).rows[0]
    assert grid_rows.row_state(row, waiting=False, oob=True) == (
        f'<span id="regel-{row.key}-state" hx-swap-oob="true"></span>'
    )


def test_a_stated_figure_says_what_the_portal_makes_of_it(table: Table, controller: Member) -> None:
    total = table.lines.get(label="Saldo")
    Cell.objects.create(line=total, column="actual", amount=131, is_stated=True)
    foot = laid_out(table, controller).foot
    assert foot is not None
    cell = next(cell for cell in foot.cells if cell.key == "actual")
    assert grid_rows.row_figure(foot, cell, oob=False) == (
        f'<span class="grid__computed" id="regel-{total.pk}-actual" data-stated>131 <abbr class="grid__stated"'
        ' title="zoals de bron vermeldt; de portal komt op 130">bron</abbr></span>'
    )


def test_every_row_that_can_be_typed_in_has_one_form(table: Table, controller: Member) -> None:
    grid = laid_out(table, controller)
    forms = [len(re.findall("<form ", drawn(row, grid))) for row in grid.all_rows]
    assert forms == [1, 0]
