import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.errors import Conflict, Refused
from accounts.models import LogEntry
from library import html
from library.models import SourceDocument, Theme
from reports import actions
from reports.actions import AchievementInput, GoalInput, SectionInput
from reports.models import Achievement, Goal, Report, Section, SectionKind, SectionVersion
from reports.workflow import ReportState, SectionState
from tests import builders
from tests.hostile import TOWER
from tests.reports import office as offices
from tests.reports.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return offices.build()


@pytest.fixture
def budget(office: Office) -> SourceDocument:
    return SourceDocument.objects.create(organisation=office.organisation, title="Begroting", year=2020)


@pytest.fixture
def theme(office: Office) -> Theme:
    return Theme.objects.create(organisation=office.organisation, name="Kosten", heading="Kansen voor kosten")


def save(office: Office, seen: int, entry: SectionInput) -> Section:
    return actions.save_section(office.lead, office.section.pk, seen, entry)


def test_a_save_keeps_all_and_a_version(office: Office, budget: SourceDocument, theme: Theme) -> None:
    before = timezone.now()
    entry = SectionInput(
        text="<p>tekst</p>",
        goals=[GoalInput(" Doel ", "plan", "<b>klaar</b>", budget.pk, " 16 "), GoalInput("Tweede")],
        achievements=[AchievementInput(theme.pk, " Balie ", "open")],
    )
    saved = save(office, 1, entry)
    assert (saved.version, saved.text, saved.saved_by) == (2, "<p>tekst</p>", office.lead.user)
    assert saved.saved_at is not None
    assert saved.saved_at >= before
    assert list(Goal.objects.values_list("position", "objective", "planned_action", "result", "document", "page")) == [
        (1, "Doel", "<p>plan</p>", "<p><strong>klaar</strong></p>", budget.pk, "16"),
        (2, "Tweede", "", "", None, ""),
    ]
    assert list(Achievement.objects.values_list("position", "theme", "title", "text")) == [
        (1, theme.pk, "Balie", "<p>open</p>")
    ]
    version = SectionVersion.objects.get()
    assert (version.number, version.saved_by, version.saved_at) == (2, office.lead.user, saved.saved_at)
    assert version.content == {
        "text": "<p>tekst</p>",
        "goals": [
            {
                "objective": "Doel",
                "planned_action": "<p>plan</p>",
                "result": "<p><strong>klaar</strong></p>",
                "document": budget.pk,
                "page": "16",
            },
            {"objective": "Tweede", "planned_action": "", "result": "", "document": None, "page": ""},
        ],
        "achievements": [{"theme": theme.pk, "title": "Balie", "text": "<p>open</p>"}],
    }


def test_achievements_of_one_theme_are_kept_together(office: Office, theme: Theme) -> None:
    other = Theme.objects.create(organisation=office.organisation, name="Kwaliteit", heading="Kwaliteit")
    typed = [(theme, "a"), (None, "b"), (other, "c"), (theme, "d"), (None, "e")]
    save(office, 1, SectionInput("", (), [AchievementInput(row.pk if row else None, title) for row, title in typed]))
    assert [item.title for item in Achievement.objects.all()] == ["a", "d", "b", "e", "c"]


def test_the_log_tells_who_saved_what_without_the_words(office: Office) -> None:
    save(office, 1, SectionInput("<p>geheim</p>"))
    entry = LogEntry.objects.get()
    assert (entry.action, entry.subject, entry.user) == ("reports.save_section", "Speerpunten", office.lead.user)
    assert entry.data == {"section": office.section.pk, "version": 2}


def test_a_save_that_changes_nothing_makes_no_version(office: Office) -> None:
    save(office, 1, SectionInput("<p>tekst</p>"))
    saved = save(office, 2, SectionInput("tekst"))
    assert saved.version == 2
    assert SectionVersion.objects.count() == 1
    assert LogEntry.objects.count() == 1


def test_the_same_text_is_no_conflict(office: Office) -> None:
    save(office, 1, SectionInput("<p>tekst</p>"))
    assert save(office, 1, SectionInput("<p>tekst</p>")).version == 2


def test_who_saw_an_older_version_gets_both_texts(office: Office, budget: SourceDocument) -> None:
    save(office, 1, SectionInput("<p>eerst</p>", [GoalInput("Doel", document_id=budget.pk)]))
    with pytest.raises(Conflict) as conflict:
        save(office, 1, SectionInput("<p>daarna</p>"))
    assert conflict.value == Conflict(
        subject="Speerpunten",
        saved_by="Joost Vermaat",
        theirs=[("tekst", "eerst"), ("doel 1", "Doel"), ("doel 1: bron", "Begroting 2020")],
        mine=[("tekst", "daarna")],
        current_version=2,
    )
    section = Section.objects.get(pk=office.section.pk)
    assert (section.text, section.version) == ("<p>eerst</p>", 2)
    assert SectionVersion.objects.count() == 1


@pytest.mark.parametrize("state", [SectionState.IN_REVIEW, SectionState.AGREED])
def test_only_a_draft_can_be_written_in(office: Office, state: SectionState) -> None:
    Section.objects.update(state=state)
    with pytest.raises(Refused) as refused:
        save(office, 1, SectionInput("<p>x</p>"))
    assert str(refused.value) == (
        f"Dit onderdeel staat op “{state.label}” en kan nu niet worden gewijzigd. "
        "Neem het terug of vraag de directeur om het terug te sturen."
    )
    assert Section.objects.get(pk=office.section.pk).text == ""


def test_nothing_changes_in_an_adopted_report(office: Office) -> None:
    Report.objects.update(state=ReportState.ADOPTED)
    with pytest.raises(Refused) as refused:
        save(office, 1, SectionInput("<p>x</p>"))
    assert str(refused.value) == "Dit rapport is vastgesteld; er verandert niets meer."


def test_others_may_not_write(office: Office) -> None:
    for person in (office.director, office.controller):
        with pytest.raises(PermissionDenied):
            actions.save_section(person, office.section.pk, 1, SectionInput("<p>x</p>"))


def test_another_organisation_is_not_found(office: Office) -> None:
    other = offices.build("Waterrand", "waterrand")
    with pytest.raises(Http404):
        actions.save_section(other.lead, office.section.pk, 1, SectionInput("<p>x</p>"))


def test_documents_and_themes_of_another_organisation_are_not_found(office: Office) -> None:
    other = builders.organisation("Waterrand", "waterrand")
    document = SourceDocument.objects.create(organisation=other, title="Begroting", year=2020)
    theme = Theme.objects.create(organisation=other, name="Kosten", heading="Kosten")
    for entry in (
        SectionInput(goals=[GoalInput("Doel", document_id=document.pk)]),
        SectionInput(achievements=[AchievementInput(theme.pk, "Titel")]),
    ):
        with pytest.raises(Http404):
            save(office, 1, entry)
    assert Section.objects.get(pk=office.section.pk).version == 1


def test_too_deep_text_changes_nothing(office: Office) -> None:
    with pytest.raises(html.TooDeep):
        save(office, 1, SectionInput("<p>ja</p>", [GoalInput("Doel", result=TOWER)]))
    assert Section.objects.get(pk=office.section.pk).version == 1
    assert SectionVersion.objects.count() == 0


def test_an_older_version_comes_back_as_a_new_one(office: Office, budget: SourceDocument, theme: Theme) -> None:
    first = SectionInput(
        "<p>eerst</p>", [GoalInput("Doel", "", "<p>r</p>", budget.pk, "3")], [AchievementInput(theme.pk, "T")]
    )
    save(office, 1, first)
    save(office, 2, SectionInput("<p>daarna</p>"))
    restored = actions.restore_version(office.lead, office.section.pk, 3, 2)
    assert (restored.version, restored.text) == (4, "<p>eerst</p>")
    numbers = dict(SectionVersion.objects.values_list("number", "content"))
    assert sorted(numbers) == [2, 3, 4]
    assert numbers[4] == numbers[2]


def test_what_was_removed_since_does_not_come_back(office: Office, budget: SourceDocument, theme: Theme) -> None:
    save(office, 1, SectionInput("", [GoalInput("Doel", document_id=budget.pk)], [AchievementInput(theme.pk, "T")]))
    save(office, 2, SectionInput("<p>leeg</p>"))
    budget.delete()
    theme.delete()
    actions.restore_version(office.lead, office.section.pk, 3, 2)
    assert Goal.objects.get().document is None
    assert Achievement.objects.get().theme is None


def test_restoring_asks_what_saving_asks(office: Office) -> None:
    office.write("<p>een</p>")
    office.write("<p>twee</p>")
    with pytest.raises(Http404):
        actions.restore_version(office.lead, office.section.pk, 3, 9)
    with pytest.raises(PermissionDenied):
        actions.restore_version(office.director, office.section.pk, 3, 2)
    with pytest.raises(Conflict):
        actions.restore_version(office.lead, office.section.pk, 2, 2)
    office.take("submit")
    with pytest.raises(Refused):
        actions.restore_version(office.lead, office.section.pk, 3, 2)


def test_figures_sections_hold_text_too(office: Office) -> None:
    section = office.add("Cijfers", SectionKind.FIGURES, table=builders.table(office.organisation))
    assert office.write("<p>Inleiding</p>", section).text == "<p>Inleiding</p>"
