import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions
from investments.models import Change, Line, Table
from jobs.models import Job
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def table(controller: Member) -> Table:
    return builders.table(controller.organisation)


def members(total: Line) -> dict[str, int]:
    return {member.line.label: member.sign for member in total.members.all()}


def test_a_total_is_added_below_the_lines(controller: Member, table: Table) -> None:
    income, costs = builders.line(table, "Baten"), builders.line(table, "Lasten")
    total = actions.add_total(controller, table.pk, "Saldo", {income.pk: 1, costs.pk: -1})
    assert (total.is_total, members(total)) == (True, {"Baten": 1, "Lasten": -1})
    assert list(table.lines.all()) == [income, costs, total]
    recorded = [(change.field, change.was, change.became) for change in Change.objects.order_by("id")]
    assert recorded == [("regel", "", "toegevoegd"), ("telt op", "", "+ Baten, - Lasten")]
    assert Job.objects.count() == 1


def test_members_and_name_change_together(controller: Member, table: Table) -> None:
    first, second = builders.line(table, "Servers"), builders.line(table, "Telefoons")
    total = builders.total(table, first)
    saved = actions.set_members(controller, total.pk, 1, {second.pk: -1}, label="Totaal")
    assert (saved.label, saved.version, members(saved)) == ("Totaal", 2, {"Telefoons": -1})
    recorded = [(change.field, change.was, change.became) for change in Change.objects.order_by("id")]
    assert recorded == [("omschrijving", "Saldo", "Totaal"), ("telt op", "+ Servers", "- Telefoons")]
    assert LogEntry.objects.get().action == "investments.set_members"


def test_the_same_members_again_change_nothing(controller: Member, table: Table) -> None:
    line = builders.line(table)
    total = builders.total(table, line)
    saved = actions.set_members(controller, total.pk, 9, {line.pk: 1}, label="Saldo")
    assert (saved.version, Change.objects.count(), Job.objects.count()) == (1, 0, 0)


def test_another_name_alone_asks_for_no_calculation(controller: Member, table: Table) -> None:
    total = builders.total(table, builders.line(table))
    line = total.members.get().line
    actions.set_members(controller, total.pk, 1, {line.pk: 1}, label="Totaal")
    assert Job.objects.count() == 0


def test_a_total_counts_no_circle(controller: Member, table: Table) -> None:
    line = builders.line(table)
    inner = builders.total(table, line, label="Lasten")
    outer = builders.total(table, inner, label="Saldo")
    for counted in ({inner.pk: 1}, {outer.pk: 1}, {line.pk: 1, outer.pk: -1}):
        with pytest.raises(Refused) as refusal:
            actions.set_members(controller, inner.pk, 1, counted)
        assert str(refusal.value) == "Een totaal kan niet zichzelf meetellen, ook niet via een ander totaal."
    assert members(inner) == {"Aanschaf servers": 1}


def test_a_line_of_another_table_is_404(controller: Member, table: Table) -> None:
    elsewhere = builders.line(builders.table(controller.organisation, "Elders"))
    total = builders.total(table)
    with pytest.raises(Http404):
        actions.set_members(controller, total.pk, 1, {elsewhere.pk: 1})


def test_a_plain_line_has_no_members(controller: Member, table: Table) -> None:
    line, other = builders.line(table), builders.line(table)
    with pytest.raises(Http404):
        actions.set_members(controller, line.pk, 1, {other.pk: 1})


def test_who_saves_second_sees_both_sums(controller: Member, table: Table) -> None:
    first, second = builders.line(table, "Servers"), builders.line(table, "Telefoons")
    total = builders.total(table, first)
    actions.set_members(controller, total.pk, 1, {first.pk: 1, second.pk: 1}, label="Totaal")
    with pytest.raises(Conflict) as found:
        actions.set_members(controller, total.pk, 1, {second.pk: 1}, label="Som")
    assert found.value == Conflict(
        "Totaal",
        "Saskia Roelofsen",
        [("omschrijving", "Totaal"), ("telt op", "+ Servers, + Telefoons")],
        [("omschrijving", "Som"), ("telt op", "+ Telefoons")],
        current_version=2,
    )
    assert members(total) == {"Servers": 1, "Telefoons": 1}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_no_other_role_decides_what_counts(controller: Member, table: Table, role: Role) -> None:
    total = builders.total(table)
    member = builders.member("Willem", controller.organisation, role)
    with pytest.raises(PermissionDenied):
        actions.add_total(member, table.pk, "Saldo", {})
    with pytest.raises(PermissionDenied):
        actions.set_members(member, total.pk, 1, {})


def test_a_total_counts_no_heading(controller: Member, table: Table) -> None:
    total = builders.total(table)
    heading = Line.objects.create(table=table, position=9, label="Hardware", kind="heading")
    with pytest.raises(Refused, match="Een kop of een regel ter informatie telt in geen totaal mee"):
        actions.set_members(controller, total.pk, 1, {heading.pk: 1})
    entry = actions.LineInput("Waarvan corona", None, "expense")
    with pytest.raises(Refused, match="Een kop of een regel ter informatie telt in geen totaal mee"):
        actions.add_line(controller, table.pk, entry, kind="information", counts_in={total.pk: 1})
