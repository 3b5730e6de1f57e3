from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions
from investments.columns import TableKind
from investments.models import Change, Table
from jobs.models import Job
from tests import builders

pytestmark = pytest.mark.django_db
ENTRY: dict[str, Any] = {"title": "Investeringen ICT", "year": 2020, "kind": TableKind.INVESTMENTS, "unit": 1000}
SETTINGS: dict[str, Any] = {"title": "ICT", "year": 2021, "unit": 1}


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


def outsider(controller: Member, *roles: Role) -> Member:
    return builders.member("Willem", controller.organisation, *roles)


def test_a_table_is_made_and_logged(controller: Member) -> None:
    table = actions.create_table(controller, **ENTRY)
    stored = Table.objects.get()
    assert stored == table
    assert (stored.organisation, stored.title, stored.year, stored.unit) == (
        controller.organisation,
        "Investeringen ICT",
        2020,
        1000,
    )
    entry = LogEntry.objects.get()
    assert (entry.action, entry.subject, entry.data) == (
        "investments.create_table",
        "Investeringen ICT 2020",
        {"table": table.pk},
    )


def test_a_title_is_refused_the_second_time_in_a_year(controller: Member) -> None:
    actions.create_table(controller, **ENTRY)
    with pytest.raises(Refused) as refusal:
        actions.create_table(controller, **ENTRY)
    assert str(refusal.value) == "Er is al een tabel met deze titel in dit jaar."
    actions.create_table(controller, **{**ENTRY, "year": 2021})
    assert Table.objects.count() == 2


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONTROLLER])
def test_only_the_controller_makes_changes_and_recomputes(controller: Member, role: Role) -> None:
    table = builders.table(controller.organisation)
    member = outsider(controller, role)
    for change in (
        lambda: actions.create_table(member, **{**ENTRY, "title": "Nieuw"}),
        lambda: actions.update_table(member, table.pk, 1, **SETTINGS),
        lambda: actions.recompute(member, table.pk),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert (LogEntry.objects.count(), Job.objects.count(), Table.objects.count()) == (0, 0, 1)


def test_settings_change_with_what_was_and_became(controller: Member) -> None:
    table = builders.table(controller.organisation)
    actions.update_table(controller, table.pk, 1, **SETTINGS)
    table.refresh_from_db()
    assert (table.title, table.year, table.unit, table.version) == ("ICT", 2021, 1, 2)
    changes = {change.field: (change.was, change.became) for change in Change.objects.filter(table=table, line=None)}
    assert changes == {
        "titel": ("Investeringen ICT", "ICT"),
        "boekjaar": ("2020", "2021"),
        "afdrukken in": ("(bedrag x € 1.000)", "(bedrag x € 1)"),
    }


def test_saving_the_same_settings_changes_nothing(controller: Member) -> None:
    table = builders.table(controller.organisation)
    actions.update_table(controller, table.pk, 7, title=table.title, year=table.year, unit=table.unit)
    table.refresh_from_db()
    assert (table.version, Change.objects.count(), LogEntry.objects.count()) == (1, 0, 0)


def test_a_taken_title_leaves_the_table_as_it_was(controller: Member) -> None:
    builders.table(controller.organisation, "ICT", 2021)
    table = builders.table(controller.organisation)
    with pytest.raises(Refused):
        actions.update_table(controller, table.pk, 1, **SETTINGS)
    table.refresh_from_db()
    assert (table.title, table.version, Change.objects.count()) == ("Investeringen ICT", 1, 0)


def test_who_saves_second_gets_both_versions_to_see(controller: Member) -> None:
    table = builders.table(controller.organisation)
    colleague = builders.member("Joost Vermaat", controller.organisation, Role.CONTROLLER)
    actions.update_table(colleague, table.pk, 1, title="Automatisering", year=2020, unit=1000)
    with pytest.raises(Conflict) as found:
        actions.update_table(controller, table.pk, 1, title="ICT", year=2020, unit=1000)
    conflict = found.value
    assert conflict == Conflict(
        "Automatisering 2020", "Joost Vermaat", [("titel", "Automatisering")], [("titel", "ICT")], current_version=2
    )
    table.refresh_from_db()
    assert table.title == "Automatisering"


def test_another_organisation_has_no_such_table(controller: Member) -> None:
    table = builders.table(builders.organisation("Waterrand", "waterrand"))
    with pytest.raises(Http404):
        actions.update_table(controller, table.pk, 1, **SETTINGS)
    with pytest.raises(Http404):
        actions.recompute(controller, table.pk)


def test_a_calculation_can_be_asked_for_again(controller: Member) -> None:
    table = builders.table(controller.organisation)
    actions.recompute(controller, table.pk)
    job = Job.objects.get()
    assert (job.kind, job.subject_id, job.requested_by) == (actions.COMPUTE, table.pk, controller.user)
