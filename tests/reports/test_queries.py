from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import Http404

from accounts.roles import Role
from investments.models import Line, Table
from library.models import SourceDocument, Theme
from reports import queries
from reports.models import Achievement, Goal, Report, ReportKind, Section, SectionKind
from reports.workflow import ReportState, Standing, progress
from tests import builders
from tests.agreeing import agreement_holds
from tests.reports import office as offices
from tests.reports.office import Office

pytestmark = pytest.mark.django_db
Budget = Callable[[int], Any]


@pytest.fixture
def office() -> Office:
    return offices.build()


def full_section(office: Office, title: str) -> Section:
    """A section of figures with everything in it, agreed to."""
    table = builders.table(office.organisation, title)
    line = builders.line(table, original="100", actual="90", amendment="10")
    builders.total(table, line)
    section = office.add(title, SectionKind.FIGURES, table=table)
    budget = SourceDocument.objects.create(organisation=office.organisation, title=f"Bron {title}", year=2020)
    theme = Theme.objects.create(organisation=office.organisation, name=title, heading=title)
    Goal.objects.create(section=section, position=1, objective="doel", document=budget)
    Achievement.objects.create(section=section, position=1, theme=theme, title="prestatie")
    office.take("submit", section)
    return office.take("agree", section)


def test_what_is_of_another_organisation_is_not_found(office: Office) -> None:
    other = builders.organisation("Waterrand", "waterrand")
    for found in (
        lambda: queries.get_report(other, office.report.slug),
        lambda: queries.get_chapter(other, office.chapter.pk),
        lambda: queries.get_section(other, office.section.pk),
    ):
        with pytest.raises(Http404):
            found()
    assert list(queries.reports(other)) == []


def test_reports_with_their_counts(office: Office) -> None:
    office.take("submit")
    office.take("agree")
    office.add("Nog een")
    (report,) = queries.with_agreements(queries.reports(office.organisation))
    assert (report.section_count, report.agreed_count) == (2, 1)  # type: ignore[attr-defined]


def test_an_agreement_that_lapsed_is_not_counted_until_the_report_is_adopted(
    office: Office, django_assert_max_num_queries: Budget
) -> None:
    """The home page, the list and the report's own page count the same."""
    table = builders.table(office.organisation)
    line = builders.line(table, original="100", actual="90")
    for section in (office.section, office.add("Investeringen", SectionKind.FIGURES, table=table), office.add("Drie")):
        office.take("submit", section)
        office.take("agree", section)
    Line.objects.filter(pk=line.pk).update(actual=91)
    builders.report(office.organisation, slug="leeg")

    def counts() -> list[tuple[int, int]]:
        with django_assert_max_num_queries(9):
            rows = queries.with_agreements(queries.reports(office.organisation).order_by("slug"))
        shown = progress(row.standing for chapter in queries.tree(office.report) for row in chapter.sections)
        assert shown.agreed == 3 - len(queries.without_agreement(office.report))
        return [(row.section_count, row.agreed_count) for row in rows]  # type: ignore[attr-defined]

    assert counts() == [(3, 2), (0, 0)]
    Line.objects.filter(pk=line.pk).update(actual=90)
    assert counts() == [(3, 3), (0, 0)]
    Line.objects.filter(pk=line.pk).update(actual=91)
    Report.objects.filter(pk=office.report.pk).update(state=ReportState.ADOPTED)
    (adopted, _) = queries.with_agreements(queries.reports(office.organisation).order_by("slug"))
    assert adopted.agreed_count == 3  # type: ignore[attr-defined]


def test_the_outline_in_reading_order(office: Office, django_assert_num_queries: Budget) -> None:
    below = builders.chapter(office.report, "Wat wilden wij", office.chapter)
    first = builders.chapter(office.report, "Bijlagen")
    builders.section(below, office.team, "Doelen")
    with django_assert_num_queries(2):
        rows = queries.outline(office.report)
    assert [(row.number, row.level, row.chapter.title, [str(s) for s in row.sections]) for row in rows] == [
        ("1", 1, "Programma Bedrijfsvoering", ["Speerpunten"]),
        ("1.1", 2, "Wat wilden wij", ["Doelen"]),
        ("2", 1, "Bijlagen", []),
    ]
    assert rows[2].chapter == first


def test_a_path_and_what_lies_below(office: Office) -> None:
    below = builders.chapter(office.report, "Onder", office.chapter)
    deepest = builders.chapter(office.report, "Diepst", below)
    builders.chapter(office.report, "Ernaast")
    outline = queries.outline(office.report)
    assert [row.number for row in queries.path_to(deepest.pk, outline)] == ["1", "1.1", "1.1.1"]
    assert [row.number for row in queries.below(below.pk, outline)] == ["1.1", "1.1.1"]
    assert [row.number for row in queries.below(office.chapter.pk, outline)] == ["1", "1.1", "1.1.1"]


def test_the_place_of_a_section(office: Office, django_assert_num_queries: Budget) -> None:
    below = builders.chapter(office.report, "Onder", office.chapter)
    middle = builders.section(below, office.team, "Midden")
    last = builders.section(builders.chapter(office.report, "Slot"), office.team, "Laatste")
    section = queries.get_section(office.organisation, middle.pk)
    with django_assert_num_queries(2):
        place = queries.place(section)
    assert (place.number, place.previous, place.following) == ("1.1", office.section, last)
    assert queries.place(queries.get_section(office.organisation, office.section.pk)).previous is None
    assert queries.place(queries.get_section(office.organisation, last.pk)).following is None


def test_chapter_numbers_of_several_reports(office: Office, django_assert_num_queries: Budget) -> None:
    other = builders.report(office.organisation, "Begroting 2021", "begroting-2021")
    alone = builders.chapter(other)
    below = builders.chapter(office.report, "Onder", office.chapter)
    with django_assert_num_queries(1):
        numbers = queries.chapter_numbers([office.report.pk, other.pk])
    assert numbers == {office.chapter.pk: "1", below.pk: "1.1", alone.pk: "1"}


def test_the_tree_costs_the_same_for_every_size(office: Office, django_assert_num_queries: Budget) -> None:
    full_section(office, "een")
    with django_assert_num_queries(12):
        queries.tree(office.report)
    for title in ("twee", "drie", "vier"):
        builders.section(builders.chapter(office.report, title), office.team)
        full_section(office, title)
    with django_assert_num_queries(12):
        rows = queries.tree(office.report)
    assert [row.number for row in rows] == ["1", "2", "3", "4"]
    assert [listed.standing.kind for listed in rows[0].sections] == ["draft", "agreed", "agreed", "agreed", "agreed"]
    assert [listed.place for row in rows for listed in row.sections] == list(range(8))


def test_filling_costs_the_same_for_every_number(office: Office, django_assert_num_queries: Budget) -> None:
    one, two = full_section(office, "een"), full_section(office, "twee")
    alone = [Section.objects.get(pk=one.pk)]
    with django_assert_num_queries(9):
        queries.fill(alone)
    rows = list(Section.objects.filter(pk__in=[one.pk, two.pk]))
    with django_assert_num_queries(9):
        found = queries.fill(rows)
        assert [goal.source for row in rows for goal in row.goals.all()] == ["Bron een 2020", "Bron twee 2020"]
    assert set(found) == {one.table_id, two.table_id}


def test_own_sections_are_those_of_my_teams_in_open_reports(office: Office) -> None:
    other = builders.team(office.organisation, "Staf")
    builders.section(office.chapter, other, "Van Staf")
    assert list(queries.own_sections(office.lead)) == [office.section]
    assert list(queries.own_sections(office.director)) == []
    Report.objects.update(state=ReportState.ADOPTED)
    assert list(queries.own_sections(office.lead)) == []


def test_sections_to_review(office: Office) -> None:
    office.add("Nog concept")
    assert list(queries.sections_to_review(office.director)) == []
    office.take("submit")
    assert list(queries.sections_to_review(office.director)) == [office.section]


def test_to_write_shows_what_was_sent_back_first(office: Office) -> None:
    later = office.add("Later")
    office.take("submit", later)
    office.take("send_back", later, reason="Noem de kosten.")
    assert list(queries.to_write(office.lead)) == [later, office.section]


def test_listed_sections_stand_in_reading_order(office: Office, django_assert_num_queries: Budget) -> None:
    below = builders.chapter(office.report, "Onder", office.chapter)
    deep = builders.section(below, office.team, "Diep")
    builders.section(builders.chapter(office.report, "Slot"), office.team, "Laatste")
    older = Report.objects.create(organisation=office.organisation, year=2019, title="Jaarstukken 2019", slug="j19")
    builders.section(builders.chapter(older), office.team, "Ouder")
    with django_assert_num_queries(2):
        rows = queries.listed(queries.own_sections(office.lead))
    assert [(row.number, str(row.section), row.place) for row in rows] == [
        ("1", "Speerpunten", 0),
        ("1.1", "Diep", 1),
        ("2", "Laatste", 2),
        ("1", "Ouder", 3),
    ]
    assert rows[0].standing == Standing("draft", "concept")
    assert rows[0].saved_key == 0.0
    Section.objects.filter(pk=deep.pk).update(saved_at=datetime(2021, 1, 1, tzinfo=UTC))
    assert queries.listed(queries.own_sections(office.lead))[1].saved_key == 1609459200.0


def test_content_is_all_that_a_section_holds(office: Office) -> None:
    section = full_section(office, "een")
    Section.objects.filter(pk=section.pk).update(text="<p>x</p>")
    section.refresh_from_db()
    goal, achievement = section.goals.get(), section.achievements.get()
    assert queries.content(section) == {
        "text": "<p>x</p>",
        "goals": [{"objective": "doel", "planned_action": "", "result": "", "document": goal.document_id, "page": ""}],
        "achievements": [{"theme": achievement.theme_id, "title": "prestatie", "text": ""}],
    }


CHANGES: dict[str, Callable[[Section], object]] = {
    "text": lambda section: Section.objects.filter(pk=section.pk).update(text="<p>anders</p>"),
    "title": lambda section: Section.objects.filter(pk=section.pk).update(title="Anders"),
    "goal": lambda section: section.goals.update(result="<p>anders</p>"),
    "achievement": lambda section: section.achievements.update(title="anders"),
    "actual": lambda section: Line.objects.filter(table=section.table_id, position=1).update(actual=91),
    "amendment": lambda section: Line.objects.get(table=section.table_id, position=1).amendments.update(amount=11),
    "explanation": lambda section: builders.explain(Line.objects.get(table=section.table_id, position=1)),
    "heading of the theme": lambda section: Theme.objects.filter(achievements__section=section).update(heading="x"),
    "title of the source": lambda section: SourceDocument.objects.filter(goals__section=section).update(title="x"),
    "months": lambda section: Table.objects.filter(sections=section).update(prints_months=True),
    "unit": lambda section: Table.objects.filter(sections=section).update(unit=1),
}


@pytest.mark.parametrize("what", CHANGES)
def test_an_agreement_lapses_when_anything_changes(office: Office, what: str) -> None:
    section, other = full_section(office, "een"), full_section(office, "twee")
    rows = Section.objects.filter(pk__in=[section.pk, other.pk])
    assert queries.lapsed_agreements(rows.all()) == set()
    assert queries.without_agreement(office.report) == [office.section]
    CHANGES[what](section)
    assert queries.lapsed_agreements(rows.all()) == {section.pk}
    assert not agreement_holds(Section.objects.get(pk=section.pk))
    assert agreement_holds(Section.objects.get(pk=other.pk))
    assert {row.pk for row in queries.without_agreement(office.report)} == {office.section.pk, section.pk}


def test_an_agreement_lapses_with_a_figure_that_last_year_fills_in(office: Office) -> None:
    last_year, table = (builders.table(office.organisation, "Investeringen", year) for year in (2019, 2020))
    line = builders.line(last_year, original="100", actual="90")
    builders.line(table)
    columns = [{"key": "before", "label": "rekening 2019"}]
    Table.objects.filter(pk=table.pk).update(columns=columns, previous_table=last_year, carried={"before": "actual"})
    section = office.add("Cijfers", SectionKind.FIGURES, table=Table.objects.get(pk=table.pk))
    office.take("submit", section)
    office.take("agree", section)
    rows = Section.objects.filter(pk=section.pk)
    assert (queries.lapsed_agreements(rows.all()), agreement_holds(rows.get())) == (set(), True)
    Line.objects.filter(pk=line.pk).update(actual=91)
    assert (queries.lapsed_agreements(rows.all()), agreement_holds(rows.get())) == ({section.pk}, False)


def test_an_agreement_holds_again_when_the_figure_is_put_back(office: Office) -> None:
    section = full_section(office, "een")
    line = Line.objects.filter(table=section.table_id, position=1)
    line.update(actual=91)
    line.update(actual=90)
    assert queries.lapsed_agreements([Section.objects.get(pk=section.pk)]) == set()


@pytest.mark.parametrize(
    ("state", "report", "reason", "kind"),
    [
        ("draft", "open", "", "draft"),
        ("draft", "open", "Korter.", "returned"),
        ("agreed", "open", "", "agreed"),
        ("agreed", "adopted", "", "adopted"),
    ],
)
def test_how_a_section_stands(office: Office, state: str, report: str, reason: str, kind: str) -> None:
    section = Section(state=state, reason=reason)
    assert queries.standing_of(section, is_lapsed=False, report=Report(state=report)).kind == kind


def test_versions_newest_first(office: Office) -> None:
    office.write("<p>een</p>")
    office.write("<p>twee</p>")
    assert [row.number for row in queries.versions(office.section)] == [3, 2]
    assert queries.get_version(office.section, 2).content["text"] == "<p>een</p>"
    with pytest.raises(Http404):
        queries.get_version(office.section, 9)


def test_last_years_text_is_of_the_same_kind_and_title(office: Office) -> None:
    section = queries.get_section(office.organisation, office.section.pk)
    assert queries.last_year(section) is None
    for slug, kind in (("j19", ReportKind.ANNUAL), ("b19", ReportKind.BUDGET)):
        older = Report.objects.create(organisation=office.organisation, kind=kind, year=2019, title=slug, slug=slug)
        builders.section(builders.chapter(older), office.team, "speerpunten", text=f"<p>{slug}</p>")
    foreign = Report.objects.create(
        organisation=builders.organisation("Waterrand", "waterrand"), year=2019, title="j", slug="j"
    )
    builders.section(builders.chapter(foreign), office.team, "Speerpunten")
    found = queries.last_year(section)
    assert found is not None
    assert found.text == "<p>j19</p>"


def test_content_is_told_with_own_names_only(office: Office) -> None:
    mine = SourceDocument.objects.create(organisation=office.organisation, title="Begroting", year=2020)
    other = builders.organisation("Waterrand", "waterrand")
    foreign = Theme.objects.create(organisation=other, name="Geheim", heading="Geheim")
    goal = {"objective": "d", "planned_action": "", "result": "", "document": mine.pk, "page": "1"}
    content = {"text": "", "goals": [goal], "achievements": [{"theme": foreign.pk, "title": "t", "text": ""}]}
    assert queries.told(office.organisation, content) == [
        ("doel 1", "d"),
        ("doel 1: bron", "Begroting 2020 blz. 1"),
        ("prestatie 1", "t"),
    ]


def test_who_wrote_where(office: Office, django_assert_num_queries: Budget) -> None:
    office.write("<p>x</p>")
    other = office.add("Anders")
    with django_assert_num_queries(1):
        assert queries.written_by(office.lead.user, [office.section, other]) == {office.section.pk}
    assert queries.written_by(office.director.user, [office.section, other]) == set()


def test_a_lead_of_nothing_has_nothing(office: Office) -> None:
    idle = builders.member("Ruben Sitompul", office.organisation, Role.TEAM_LEAD)
    assert list(queries.to_write(idle)) == []
