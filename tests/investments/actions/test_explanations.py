from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict
from accounts.members import Member
from accounts.models import LogEntry, Team
from accounts.roles import Role
from investments import actions
from investments.actions import LineInput
from investments.models import Change, Line
from library.html import TooDeep
from tests import builders

pytestmark = pytest.mark.django_db
TEXT = "<p>Er zijn <strong>meer</strong> laptops gekocht.</p>"


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def team(controller: Member) -> Team:
    return builders.team(controller.organisation)


@pytest.fixture
def lead(controller: Member, team: Team) -> Member:
    return builders.member("Ruben Sitompul", controller.organisation, Role.TEAM_LEAD, teams=(team,))


@pytest.fixture
def line(controller: Member, team: Team) -> Line:
    return builders.line(builders.table(controller.organisation), owner=team)


def test_the_lead_explains_the_own_line(lead: Member, line: Line) -> None:
    actions.explain_line(lead, line.pk, 1, TEXT)
    line.refresh_from_db()
    assert (line.explanation, line.explanation_version, line.version) == (TEXT, 2, 1)
    change = Change.objects.get()
    assert (change.field, change.was, change.became, change.by) == (
        "toelichting",
        "",
        "Er zijn meer laptops gekocht.",
        lead.user,
    )
    entry = LogEntry.objects.get()
    assert (entry.action, entry.data) == ("investments.explain_line", {"line": line.pk})


def test_figures_typed_meanwhile_are_in_nobodys_way(controller: Member, lead: Member, line: Line) -> None:
    actions.save_line(controller, line.pk, 1, replace(LineInput.of(line), actual=Decimal(90)))
    actions.explain_line(lead, line.pk, 1, TEXT)
    actions.save_line(controller, line.pk, 2, replace(LineInput.of(line), actual=Decimal(95)))
    line.refresh_from_db()
    assert (line.explanation, line.actual) == (TEXT, Decimal(95))


def test_who_writes_second_sees_both_texts(controller: Member, lead: Member, line: Line) -> None:
    actions.explain_line(lead, line.pk, 1, TEXT)
    with pytest.raises(Conflict) as found:
        actions.explain_line(controller, line.pk, 1, "<p>Corona.</p>")
    assert found.value == Conflict(
        "Aanschaf servers",
        "Ruben Sitompul",
        [("toelichting", "Er zijn meer laptops gekocht.")],
        [("toelichting", "Corona.")],
        current_version=2,
    )
    line.refresh_from_db()
    assert line.explanation == TEXT


def test_the_same_text_again_is_no_change(lead: Member, line: Line) -> None:
    actions.explain_line(lead, line.pk, 1, TEXT)
    actions.explain_line(lead, line.pk, 1, TEXT)
    line.refresh_from_db()
    assert (line.explanation_version, Change.objects.count()) == (2, 1)


def test_hostile_text_is_cleaned_on_the_way_in(controller: Member, line: Line) -> None:
    hostile = '<p onclick="x()">Tekst<script>alert(1)</script><a href="javascript:x()">link</a></p>'
    actions.explain_line(controller, line.pk, 1, hostile)
    actions.explain_table(controller, line.table_id, 1, hostile)
    line.refresh_from_db()
    line.table.refresh_from_db()
    assert [line.explanation, line.table.explanation] == ["<p>Tekstlink</p>"] * 2


def test_text_too_deep_to_print_is_refused(controller: Member, line: Line) -> None:
    deep = "<ul><li>" * 15 + "diep" + "</li></ul>" * 15
    with pytest.raises(TooDeep):
        actions.explain_line(controller, line.pk, 1, deep)
    line.refresh_from_db()
    assert line.explanation == ""


def test_the_controller_explains_the_table(controller: Member, line: Line) -> None:
    actions.explain_table(controller, line.table_id, 1, TEXT)
    line.table.refresh_from_db()
    assert (line.table.explanation, line.table.version) == (TEXT, 2)
    change = Change.objects.get()
    assert (change.line, change.label, change.field, change.became) == (
        None,
        "",
        "toelichting",
        "Er zijn meer laptops gekocht.",
    )
    with pytest.raises(Conflict) as found:
        actions.explain_table(controller, line.table_id, 1, "<p>Anders.</p>")
    assert (found.value.saved_by, found.value.current_version) == ("Saskia Roelofsen", 2)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.CONTROLLER, Role.TEAM_LEAD}])
def test_readers_explain_nothing(controller: Member, line: Line, role: Role) -> None:
    reader = builders.member("Willem", controller.organisation, role)
    with pytest.raises(PermissionDenied):
        actions.explain_line(reader, line.pk, 1, TEXT)
    with pytest.raises(PermissionDenied):
        actions.explain_table(reader, line.table_id, 1, TEXT)


def test_a_lead_explains_no_foreign_line_and_no_table(controller: Member, lead: Member, line: Line) -> None:
    staff = builders.line(line.table, owner=builders.team(controller.organisation, "Staf"))
    nobody = builders.line(line.table)
    for foreign in (staff, nobody):
        with pytest.raises(PermissionDenied):
            actions.explain_line(lead, foreign.pk, 1, TEXT)
    with pytest.raises(PermissionDenied):
        actions.explain_table(lead, line.table_id, 1, TEXT)


def test_another_organisation_has_no_such_line(line: Line) -> None:
    stranger = builders.member("Sjoerd", builders.organisation("Waterrand", "waterrand"), Role.CONTROLLER)
    with pytest.raises(Http404):
        actions.explain_line(stranger, line.pk, 1, TEXT)
    with pytest.raises(Http404):
        actions.explain_table(stranger, line.table_id, 1, TEXT)
