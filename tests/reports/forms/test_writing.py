from typing import Any

import pytest
from django.http import QueryDict

from library.models import SourceDocument, Theme
from reports.actions import AchievementInput, GoalInput, SectionInput
from reports.forms.writing import MOST_ROWS, AchievementForm, GoalForm, SectionWriting, with_version
from reports.models import Achievement, Goal, Section, SectionKind
from tests import builders
from tests.reports import office as offices
from tests.reports.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return offices.build()


@pytest.fixture
def goals(office: Office) -> Section:
    return office.add("Doelen", SectionKind.GOALS)


@pytest.fixture
def achievements(office: Office) -> Section:
    return office.add("Prestaties", SectionKind.ACHIEVEMENTS)


def posted(prefix: str = "", rows: tuple[dict[str, Any], ...] = (), **fields: str) -> QueryDict:
    """A post of the whole form, with rows as a browser sends them."""
    data = QueryDict(mutable=True)
    data.update({"version": "1", "text": "", **fields})
    if prefix:
        data.update({f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"})
    for index, row in enumerate(rows):
        data.update({f"{prefix}-{index}-{name}": str(value) for name, value in row.items()})
    return data


def test_stored_values_are_shown_with_one_row_more(office: Office, goals: Section) -> None:
    budget = SourceDocument.objects.create(organisation=office.organisation, title="Begroting", year=2020)
    Goal.objects.create(section=goals, position=1, objective="Doel", result="<p>r</p>", document=budget, page="16")
    writing = SectionWriting(goals)
    assert writing.rows is not None
    assert [form["objective"].value() for form in writing.rows] == ["Doel", None]
    first = writing.rows.forms[0]
    assert [first[name].value() for name in ("result", "document", "page", "ORDER")] == ["<p>r</p>", budget.pk, "16", 1]
    assert first.fields["document"].choices == [("", "geen"), (budget.pk, "Begroting 2020")]
    assert writing.text["version"].value() == 1


def test_only_own_documents_and_themes_can_be_chosen(goals: Section, achievements: Section) -> None:
    other = builders.organisation("Waterrand", "waterrand")
    foreign = SourceDocument.objects.create(organisation=other, title="Begroting", year=2020)
    theme = Theme.objects.create(organisation=other, name="Kosten", heading="Kosten")
    writing = SectionWriting(goals, posted("goals", ({"objective": "Doel", "document": foreign.pk},)))
    assert not writing.is_valid()
    assert writing.errors() == [f"Bron: Selecteer een geldige keuze. {foreign.pk} is geen beschikbare keuze."]
    other_writing = SectionWriting(achievements, posted("achievements", ({"title": "T", "theme": theme.pk},)))
    assert not other_writing.is_valid()


def test_goals_come_out_in_their_order_without_the_removed_and_the_empty(goals: Section) -> None:
    rows = (
        {"objective": "Derde", "ORDER": 3},
        {"objective": "Eerste", "ORDER": 1, "result": "<b>r</b>", "page": "4"},
        {"objective": "Weg", "ORDER": 2, "DELETE": "on"},
        {"objective": "Zonder nummer"},
        {"objective": "", "ORDER": 5, "document": "", "planned_action": "<p></p>"},
    )
    writing = SectionWriting(goals, posted("goals", rows, text="<p>t</p>"))
    assert writing.is_valid()
    assert writing.seen_version() == 1
    assert writing.entry() == SectionInput(
        "<p>t</p>",
        goals=[
            GoalInput("Eerste", "", "<p><strong>r</strong></p>", None, "4"),
            GoalInput("Derde"),
            GoalInput("Zonder nummer"),
        ],
        achievements=[],
    )


def test_a_stored_row_that_comes_back_unchanged_is_kept(goals: Section) -> None:
    Goal.objects.create(section=goals, position=1, objective="Blijft")
    writing = SectionWriting(goals, posted("goals", ({"objective": "Blijft", "ORDER": 1},)))
    assert writing.is_valid()
    assert writing.entry().goals == [GoalInput("Blijft")]


def test_achievements_need_a_title_or_a_text(office: Office, achievements: Section) -> None:
    theme = Theme.objects.create(organisation=office.organisation, name="Kosten", heading="Kosten")
    rows: tuple[dict[str, Any], ...] = ({"theme": theme.pk}, {"title": "T"}, {"text": "tekst", "theme": theme.pk})
    writing = SectionWriting(achievements, posted("achievements", rows))
    assert not writing.is_valid()
    assert writing.errors() == ["Titel: Schrijf een titel of een tekst, of verwijder deze rij."]
    rows[0]["DELETE"] = "on"
    writing = SectionWriting(achievements, posted("achievements", rows))
    assert writing.is_valid()
    assert writing.entry().achievements == [
        AchievementInput(None, "T", ""),
        AchievementInput(theme.pk, "", "<p>tekst</p>"),
    ]


def test_a_goal_without_objective_is_wrong_and_keeps_what_was_typed(goals: Section) -> None:
    writing = SectionWriting(goals, posted("goals", ({"result": "<p>Veel</p>"}, {"objective": "x" * 601})))
    assert not writing.is_valid()
    assert writing.errors() == [
        "Wat wilden wij bereiken?: Schrijf het doel op, of verwijder deze rij.",
        "Wat wilden wij bereiken?: Zorg dat deze waarde niet meer dan 600 tekens bevat (het zijn er nu 601).",
    ]
    assert writing.rows is not None
    assert writing.rows.forms[0]["result"].value() == "<p>Veel</p>"


def test_errors_in_a_row_to_be_removed_do_not_count(goals: Section) -> None:
    writing = SectionWriting(goals, posted("goals", ({"result": "<p>x</p>", "DELETE": "on"},)))
    assert writing.is_valid()
    assert writing.entry().goals == []


def test_every_error_is_shown_at_once(goals: Section) -> None:
    data = posted("goals", ({"result": "x"},), version="geen getal")
    writing = SectionWriting(goals, data)
    assert not writing.is_valid()
    assert len(writing.errors()) == 2


def test_a_post_without_its_rows_is_refused(goals: Section) -> None:
    writing = SectionWriting(goals, posted())
    assert not writing.is_valid()
    assert writing.errors() == ["De rijen zijn niet meegestuurd. Laad de pagina opnieuw."]


def test_rows_beyond_the_limit_are_refused(goals: Section) -> None:
    rows = tuple({"objective": "Doel"} for _ in range(MOST_ROWS + 1))
    writing = SectionWriting(goals, posted("goals", rows))
    assert not writing.is_valid()
    assert writing.errors() == [f"Er passen ten hoogste {MOST_ROWS} rijen in een onderdeel."]


@pytest.mark.parametrize("kind", [SectionKind.NARRATIVE, SectionKind.FIGURES])
def test_other_kinds_have_text_only(office: Office, kind: SectionKind) -> None:
    table = builders.table(office.organisation) if kind == SectionKind.FIGURES else None
    writing = SectionWriting(office.add("Tekst", kind, table=table), posted(text="<p>t</p>"))
    assert writing.rows is None
    assert writing.is_valid()
    assert writing.entry() == SectionInput("<p>t</p>", [], [])


def test_the_limits_are_those_of_the_model() -> None:
    goal, achievement = GoalForm(choices=[]), AchievementForm(choices=[])
    limits = {
        (Goal, "objective"): goal.fields["objective"],
        (Goal, "page"): goal.fields["page"],
        (Achievement, "title"): achievement.fields["title"],
    }
    for (model, name), field in limits.items():
        assert field.max_length == model._meta.get_field(name).max_length  # type: ignore[attr-defined, union-attr]


def test_another_version_in_the_same_input() -> None:
    data = QueryDict("version=1&text=hallo")
    assert with_version(data, 7).urlencode() == "version=7&text=hallo"
    assert data["version"] == "1"
