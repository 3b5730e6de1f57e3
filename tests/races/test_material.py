"""Sources, themes and people's roles changed while others write: each ends, and nothing refers to what is gone."""

from collections.abc import Callable
from functools import partial

import pytest
from django.http import Http404

from accounts import actions as people
from accounts import queries, seen
from accounts.members import Member
from accounts.roles import Role
from library import actions as library
from library.models import SourceDocument, Theme
from reports import actions
from reports.actions import AchievementInput, GoalInput, SectionInput
from reports.models import Section, SectionKind
from tests import builders
from tests.races.racing import succeeded, together
from tests.reports import office as offices
from tests.reports.office import Office

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 25


@pytest.fixture
def office() -> Office:
    return offices.build()


@pytest.fixture
def noor(office: Office) -> Member:
    return builders.member("Noor", office.organisation, Role.ADMINISTRATOR)


def theme(office: Office, name: str) -> Theme:
    return Theme.objects.create(organisation=office.organisation, name=name, heading=name)


def renamed(noor: Member, row: Theme) -> Callable[[], None]:
    mark = seen.mark(library.shown_theme(row))
    return partial(library.update_theme, noor, row.pk, name=row.name, heading="Nieuw", seen_mark=mark)


def found(call: Callable[[], object]) -> bool:
    """Whether what the call is about was still there."""
    try:
        call()
    except Http404:
        return False
    return True


def test_a_theme_goes_only_while_nothing_stands_under_it(office: Office, noor: Member) -> None:
    for number in range(ROUNDS):
        row = theme(office, f"Thema {number}")
        section = office.add(f"Prestaties {number}", SectionKind.ACHIEVEMENTS)
        entry = SectionInput(achievements=[AchievementInput(row.pk, "Balie")])
        save = partial(actions.save_section, office.lead, section.pk, 1, entry)
        saved, removed = together(partial(found, save), partial(library.remove_theme, noor, row.pk))
        assert saved is not succeeded(removed)
        assert Theme.objects.filter(pk=row.pk).exists() is saved
        assert Section.objects.get(pk=section.pk).version == (2 if saved else 1)


def test_a_source_goes_only_while_no_goal_refers_to_it(office: Office, noor: Member) -> None:
    for number in range(ROUNDS):
        row = SourceDocument.objects.create(organisation=office.organisation, title=f"Nota {number}", year=2020)
        section = office.add(f"Doelen {number}", SectionKind.GOALS)
        entry = SectionInput(goals=[GoalInput("Digitaal", document_id=row.pk)])
        save = partial(actions.save_section, office.lead, section.pk, 1, entry)
        saved, removed = together(partial(found, save), partial(library.remove_document, noor, row.pk))
        assert saved is not succeeded(removed)
        assert SourceDocument.objects.filter(pk=row.pk).exists() is saved
        assert Section.objects.get(pk=section.pk).version == (2 if saved else 1)


def test_a_theme_is_removed_once_and_who_renames_it_is_told(office: Office, noor: Member) -> None:
    for number in range(ROUNDS):
        row = theme(office, f"Thema {number}")
        rename, remove = renamed(noor, row), partial(library.remove_theme, noor, row.pk)
        ends = together(*(partial(found, call) for call in (rename, remove, remove)))
        assert sorted(map(bool, ends[1:])) == [False, True]
        assert not Theme.objects.filter(pk=row.pk).exists()


def test_moving_themes_waits_for_renaming_them_and_never_the_other_way_about(office: Office, noor: Member) -> None:
    first, second = theme(office, "Een"), theme(office, "Ander")
    for _ in range(ROUNDS):
        first.refresh_from_db()
        Theme.objects.filter(pk=second.pk).update(heading="Oud")
        second.refresh_from_db()
        ends = together(partial(library.move_theme, noor, first.pk, 1), renamed(noor, second), renamed(noor, first))
        assert all(map(succeeded, ends))
        assert sorted(Theme.objects.values_list("position", flat=True)) == [1, 2]


def test_roles_change_while_the_person_writes(office: Office, noor: Member) -> None:
    """The log of what is written names the organisation, which giving roles holds."""
    for number in range(1, ROUNDS + 1):
        person = queries.get_person(office.organisation, office.lead.user.pk)
        roles = [Role.TEAM_LEAD, Role.AUDITOR] if number % 2 else [Role.TEAM_LEAD]
        update = partial(
            people.update_person,
            noor,
            person.pk,
            name=person.name,
            roles=roles,
            team_ids=[office.team.pk],
            seen_mark=seen.mark(people.shown_person(person)),
        )
        save = partial(actions.save_section, office.lead, office.section.pk, number, SectionInput(f"<p>{number}</p>"))
        assert all(map(succeeded, together(save, update)))
