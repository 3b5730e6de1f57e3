"""Hostile text through every field in which people write for a report: stored harmless, shown harmless."""

import pytest

from accounts.models import User
from investments import actions as figures
from investments.actions import ExplanationInput
from library import html
from library.models import SourceDocument, Theme
from reports import actions
from reports.models import Achievement, Goal, Section, SectionKind
from tests import builders
from tests.hostile import HOSTILE, TOWER, assert_harmless
from tests.reports import office as offices
from tests.reports.office import Office, signed_in

pytestmark = pytest.mark.django_db
PAGES = ["section", "section-write", "versions"]


@pytest.fixture
def office() -> Office:
    return offices.build()


BATCH = 12
BATCHES = [HOSTILE[start : start + BATCH] for start in range(0, len(HOSTILE), BATCH)]


def rows(prefix: str, *filled: dict[str, str]) -> dict[str, str]:
    """Rows as a browser posts them."""
    posted = {f"{prefix}-TOTAL_FORMS": str(len(filled)), f"{prefix}-INITIAL_FORMS": "0"}
    for index, row in enumerate(filled):
        posted |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return posted


def goal_rows(texts: list[str]) -> dict[str, str]:
    return rows(
        "goals",
        *({"objective": text, "planned_action": text, "result": text, "page": text.strip()[:20]} for text in texts),
    )


@pytest.mark.parametrize("texts", BATCHES)
def test_through_every_field_of_a_section(office: Office, texts: list[str]) -> None:
    client = signed_in(office.lead)
    goals, done = office.add("Doelen", SectionKind.GOALS), office.add("Prestaties", SectionKind.ACHIEVEMENTS)
    achievements = rows("achievements", *({"title": text, "text": text} for text in texts))
    for section, posted in ((goals, goal_rows(texts)), (done, achievements)):
        answer = client.post(office.url("section-write", section), {"version": "1", "text": texts[0], **posted})
        assert answer.status_code == 302
        for name in PAGES:
            assert_harmless(client.get(office.url(name, section)).content.decode())
        assert_harmless(client.get(office.url("version", section, number=2)).content.decode())
    for text in texts:
        section = office.add("Tekst")
        client.post(office.url("section-write", section), {"version": "1", "text": text})
        assert Section.objects.get(pk=section.pk).text == html.clean(text)
    assert_harmless(client.get(office.page("chapter-read", chapter_id=office.chapter.pk)).content.decode())
    assert list(Goal.objects.values_list("objective", "planned_action", "result")) == [
        (text.strip(), html.clean(text), html.clean(text)) for text in texts
    ]
    assert list(Achievement.objects.values_list("title", "text")) == [
        (text.strip(), html.clean(text)) for text in texts
    ]


@pytest.mark.parametrize("texts", BATCHES)
def test_through_what_is_not_saved(office: Office, texts: list[str]) -> None:
    """Shown again in the form: beside a conflict, and below an error."""
    client = signed_in(office.lead)
    section = office.add("Doelen", SectionKind.GOALS)
    office.write("<p>Van een ander</p>", section)
    posted = {"version": "1", "text": "".join(texts), **goal_rows(texts)}
    conflict = client.post(office.url("section-write", section), posted)
    assert conflict.status_code == 409
    assert_harmless(conflict.content.decode())
    wrong = client.post(office.url("section-write", section), posted | {"goals-0-page": "x" * 21})
    assert wrong.status_code == 422
    assert_harmless(wrong.content.decode())


@pytest.mark.parametrize("texts", BATCHES)
def test_through_names_titles_reasons_and_figures(office: Office, texts: list[str]) -> None:
    for text in texts:
        table = builders.table(office.organisation, text)
        line = builders.line(table, text, original="100", owner=office.team)
        section = office.add(text, SectionKind.FIGURES, table=table)
        figures.explain_table(office.controller, table.pk, table.version, text)
        told = ExplanationInput(f"Omdat: {text}", {line.pk: None}, cause=text[:60])
        figures.explain_line(office.controller, line.pk, 0, told)
        document = SourceDocument.objects.create(organisation=office.organisation, title=text, year=2020, address=text)
        theme = Theme.objects.create(organisation=office.organisation, name=text[:80], heading=text)
        goal = actions.GoalInput("Doel", document_id=document.pk)
        entry = actions.SectionInput(text, [goal], [actions.AchievementInput(theme.pk, "T", text)])
        actions.save_section(office.lead, section.pk, 1, entry)
        office.take("submit", section)
        office.take("send_back", section, reason=text)
    User.objects.filter(pk=office.lead.user.pk).update(name=texts[0])
    office.team.name = texts[0]
    office.team.save()
    client = signed_in(office.lead)
    for address in (
        *(office.url(name, section) for name in PAGES),
        office.page("report", slug=office.report.slug),
        office.page("report-list"),
        office.page("own-sections"),
        office.page("chapter-read", chapter_id=office.chapter.pk),
    ):
        assert_harmless(client.get(address).content.decode())


def test_two_hundred_nested_lists_are_refused_in_every_rich_field(office: Office) -> None:
    client = signed_in(office.lead)
    goals, done = office.add("Doelen", SectionKind.GOALS), office.add("Prestaties", SectionKind.ACHIEVEMENTS)
    for section, posted in (
        (office.section, {"text": TOWER}),
        (goals, rows("goals", {"objective": "Doel", "result": TOWER})),
        (goals, rows("goals", {"objective": "Doel", "planned_action": TOWER})),
        (done, rows("achievements", {"title": "T", "text": TOWER})),
    ):
        answer = client.post(office.url("section-write", section), {"version": "1", **posted})
        assert answer.status_code == 422
        assert Section.objects.get(pk=section.pk).version == 1
