import threading
import time
from dataclasses import replace

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, Team
from accounts.roles import Role
from investments.figures import LineFigures
from investments.models import Table
from investments.styles import PrintStyle
from library.models import Font, HouseStyle, SourceDocument, Theme
from publishing.content import (
    AchievementContent,
    ChapterContent,
    CourseContent,
    GoalContent,
    LineExplanation,
    ReportContent,
    SectionContent,
    StyleContent,
    TableContent,
    ThemeContent,
)
from publishing.freezing import freeze, lock
from reports.actions import AchievementInput, SectionInput, save_section
from reports.models import Achievement, Chapter, Goal, Report, Section, SectionKind
from tests import builders
from tests.investments import ledger as books
from tests.investments.columns import FIVE_2020

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def team(org: Organisation) -> Team:
    return builders.team(org)


@pytest.fixture
def report(org: Organisation) -> Report:
    return builders.report(org)


def frozen(report: Report, *chapters: Chapter, draft: bool = True) -> ReportContent:
    with transaction.atomic():
        lock(report)
        return freeze(report, [chapter.pk for chapter in chapters], draft=draft)


def only_section(content: ReportContent) -> SectionContent:
    [chapter] = content.chapters
    [section] = chapter.sections
    return section


def headings(content: ReportContent) -> list[tuple[str, int, list[str]]]:
    """Number, level and titles of sections, per chapter."""
    return [(item.number, item.level, [section.title for section in item.sections]) for item in content.chapters]


def test_empty_report_is_its_titles_and_the_default_style(report: Report) -> None:
    assert frozen(report, draft=False) == ReportContent(
        organisation="Gemeenschappelijke regeling Duo+",
        short_name="Duo+",
        title="Jaarstukken 2020",
        kind="jaarstukken",
        year=2020,
        draft=False,
        style=StyleContent("#154273", "source-serif", ""),
        chapters=(),
    )


def test_style_is_the_organisations_own(report: Report, org: Organisation) -> None:
    HouseStyle.objects.create(organisation=org, accent="#7a3a24", font=Font.SANS, logo="logos/duo.png")
    assert frozen(report).style == StyleContent("#7a3a24", "source-sans", "logos/duo.png")


def test_narrative(report: Report, team: Team) -> None:
    chapter = builders.chapter(report, "Inleiding")
    builders.section(chapter, team, "Leeswijzer", text="<p>Dit verslag gaat over 2020.</p>")
    expected = SectionContent("narrative", "Leeswijzer", "Financiën", "<p>Dit verslag gaat over 2020.</p>")
    assert frozen(report).chapters == (ChapterContent("1", "Inleiding", 1, (expected,)),)


def test_goals_with_and_without_source(report: Report, team: Team, org: Organisation) -> None:
    section = builders.section(builders.chapter(report), team, kind=SectionKind.GOALS)
    address = "https://duoplus.example/begroting-2020.pdf"
    budget = SourceDocument.objects.create(organisation=org, title="Begroting", year=2020, address=address)
    Goal.objects.create(section=section, position=2, objective="Op tijd", result="<p>Gelukt.</p>")
    promised = {"objective": "Digitaal", "planned_action": "<p>Inrichten.</p>"}
    Goal.objects.create(section=section, position=1, document=budget, page="16", **promised)
    assert only_section(frozen(report)).goals == (
        GoalContent("Digitaal", "<p>Inrichten.</p>", "", "Begroting 2020 blz. 16", address),
        GoalContent("Op tijd", "", "<p>Gelukt.</p>", "", ""),
    )


def test_achievements_stand_together_below_the_heading_of_their_theme(
    report: Report, team: Team, org: Organisation
) -> None:
    section = builders.section(builders.chapter(report), team, kind=SectionKind.ACHIEVEMENTS)
    quality = Theme.objects.create(organisation=org, name="Kwaliteit", heading="Kansen voor kwaliteit")
    cost = Theme.objects.create(organisation=org, name="Kosten", heading="Kansen voor kosten")
    told = [(None, "Transitie"), (quality, "Motion"), (quality, "Controle"), (cost, "Voorraad"), (quality, "Toch nog")]
    for position, (theme, title) in enumerate(told, start=1):
        Achievement.objects.create(section=section, position=position, theme=theme, title=title, text="<p>Zo.</p>")
    assert [
        (theme.heading, [(item.title, item.text) for item in theme.achievements])
        for theme in only_section(frozen(report)).themes
    ] == [
        ("", [("Transitie", "<p>Zo.</p>")]),
        ("Kansen voor kwaliteit", [("Motion", "<p>Zo.</p>"), ("Controle", "<p>Zo.</p>")]),
        ("Kansen voor kosten", [("Voorraad", "<p>Zo.</p>")]),
        ("Kansen voor kwaliteit", [("Toch nog", "<p>Zo.</p>")]),
    ]
    assert only_section(frozen(report)).themes[0] == ThemeContent("", (AchievementContent("Transitie", "<p>Zo.</p>"),))


def test_table_is_frozen_in_cents_with_members_and_explanations(report: Report, team: Team, org: Organisation) -> None:
    table = builders.table(org)
    servers = builders.line(table, "Servers", "100.50", "57800", amendment="180000")
    bicycle = builders.line(table, "Fiets")
    balance = builders.total(table, servers, bicycle)
    builders.explain(servers, bicycle, text="<p>De cloud.</p>")
    table.explanation = "<p>Per saldo minder.</p>"
    table.save()
    builders.section(builders.chapter(report), team, kind=SectionKind.FIGURES, table=table)
    assert only_section(frozen(report)).table == TableContent(
        title="Investeringen ICT",
        year=2020,
        style=PrintStyle(),
        columns=FIVE_2020,
        lines=(
            LineFigures(servers.pk, "Servers", "line", "credit", 100_50, 180_000_00, 57_800_00),
            LineFigures(bicycle.pk, "Fiets", "line", "credit", 0, 0, None),
            LineFigures(balance.pk, "Saldo", "total", "expense", members=((servers.pk, 1), (bicycle.pk, 1))),
        ),
        explanation="<p>Per saldo minder.</p>",
        line_explanations=(LineExplanation("Servers en Fiets", "<p>De cloud.</p>"),),
    )


@pytest.fixture
def tree(report: Report, team: Team) -> dict[str, Chapter]:
    """Chapters 1, 2, 2.1, 2.1.1, 2.1.2, 2.2 and so on to 2.11, each with a section."""
    chapters = {"1": builders.chapter(report), "2": builders.chapter(report)}
    chapters["2.1"] = builders.chapter(report, parent=chapters["2"])
    chapters |= {f"2.1.{index}": builders.chapter(report, parent=chapters["2.1"]) for index in (1, 2)}
    chapters |= {f"2.{index}": builders.chapter(report, parent=chapters["2"]) for index in range(2, 12)}
    for number, chapter in chapters.items():
        builders.section(chapter, team, f"Bij {number}")
    return chapters


def test_chosen_chapter_keeps_its_number_and_the_headings_above_it(report: Report, tree: dict[str, Chapter]) -> None:
    assert headings(frozen(report, tree["2.1"])) == [
        ("2", 1, []),
        ("2.1", 2, ["Bij 2.1"]),
        ("2.1.1", 3, ["Bij 2.1.1"]),
        ("2.1.2", 3, ["Bij 2.1.2"]),
    ]


def test_chapters_chosen_together_stand_in_the_order_of_the_report(report: Report, tree: dict[str, Chapter]) -> None:
    assert headings(frozen(report, tree["2.11"], tree["2.1.2"], tree["1"])) == [
        ("1", 1, ["Bij 1"]),
        ("2", 1, []),
        ("2.1", 2, []),
        ("2.1.2", 3, ["Bij 2.1.2"]),
        ("2.11", 2, ["Bij 2.11"]),
    ]


def test_chapter_chosen_with_one_below_it_is_whole(report: Report, tree: dict[str, Chapter]) -> None:
    assert frozen(report, tree["2"], tree["2.1.2"]) == frozen(report, tree["2"])
    assert len(frozen(report, tree["2"]).chapters) == 14


def test_without_choice_the_report_is_whole(report: Report, tree: dict[str, Chapter]) -> None:
    assert [item.number for item in frozen(report).chapters] == sorted(
        tree, key=lambda n: [int(p) for p in n.split(".")]
    )


def test_draft_and_final_differ_in_nothing_else(report: Report, tree: dict[str, Chapter]) -> None:
    assert replace(frozen(report, draft=False), draft=True) == frozen(report)


def test_other_reports_and_organisations_are_left_out(report: Report, team: Team, org: Organisation) -> None:
    builders.section(builders.chapter(report), team, "Van ons")
    builders.section(builders.chapter(builders.report(org, "Begroting 2021", "begroting-2021")), team, "Van later")
    other = builders.organisation("Waterrand", "waterrand")
    builders.section(builders.chapter(builders.report(other)), builders.team(other), "Van een ander")
    assert headings(frozen(report)) == [("1", 1, ["Van ons"])]


@pytest.mark.django_db(transaction=True)
def test_section_that_is_saved_meanwhile_is_frozen_before_or_after_never_half(report: Report, team: Team) -> None:
    lead = builders.member("Joost Vermaat", report.organisation, Role.TEAM_LEAD, teams=(team,))
    section = builders.section(builders.chapter(report), team, kind=SectionKind.ACHIEVEMENTS)

    def save(number: int) -> None:
        seen = Section.objects.values_list("version", flat=True).get(pk=section.pk)
        told = [AchievementInput(title=f"Prestatie {number}")]
        save_section(lead, section.pk, seen, SectionInput(text=f"<p>Prestatie {number}</p>", achievements=told))

    def save_often() -> None:
        for number in range(1, 15):
            save(number)
        connections.close_all()

    save(0)
    writer = threading.Thread(target=save_often)
    writer.start()
    seen = []
    while writer.is_alive():
        seen.append(only_section(frozen(report)))
        # SQLite has one writer at a time and no queue: who never lets go keeps the other out.
        time.sleep(0.02)
    writer.join()
    assert seen
    assert [f"<p>{item.themes[0].achievements[0].title}</p>" for item in seen] == [item.text for item in seen]


def test_a_column_of_an_earlier_year_is_frozen_with_its_amounts(org: Organisation, team: Team, report: Report) -> None:
    last_year, table = (builders.table(org, "Investeringen", year) for year in (2019, 2020))
    builders.line(last_year, actual="90")
    builders.line(table).cells.create(column="before", amount=7)
    table.columns, table.carried = [{"key": "before", "label": "rekening 2019"}], {"before": "actual"}
    table.previous_table = last_year
    table.save()
    builders.section(builders.chapter(report), team, kind=SectionKind.FIGURES, table=table)
    found = only_section(frozen(report)).table
    assert found is not None
    assert [line.cells for line in found.lines] == [(("before", 9000),)]


def test_months_are_frozen_when_the_table_asks_for_them(org: Organisation, team: Team, report: Report) -> None:
    table = builders.table(org)
    books.rule(builders.line(table, original="120"), "4310")
    books.import_file(books.ledger(org), books.csv(books.row(), books.row(amount="5,00", period="3")))
    builders.section(builders.chapter(report), team, kind=SectionKind.FIGURES, table=table)
    found = only_section(frozen(report)).table
    assert found is not None
    assert found.courses == ()
    Table.objects.filter(pk=table.pk).update(prints_months=True)
    found = only_section(frozen(report)).table
    assert found is not None
    assert found.courses == (CourseContent("krediet", 120_00, ((1, 100_00), (3, 5_00))),)


def test_forty_tables_take_as_many_queries_as_one(org: Organisation, team: Team, report: Report) -> None:
    chapter = builders.chapter(report)

    def add(title: str) -> None:
        table = builders.table(org, title)
        builders.line(table, "Servers", "100", "90", amendment="5")
        builders.section(chapter, team, title, SectionKind.FIGURES, table)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            freeze(report, (), draft=True)
        return len(asked)

    add("Een")
    one = queries()
    for number in range(4):
        add(f"Meer {number}")
    assert queries() == one
