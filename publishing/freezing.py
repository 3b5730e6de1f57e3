"""From rows to frozen content: the report as it stands now, or the chosen chapters of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeVar

from django.db.models import QuerySet

from investments import explaining
from investments import queries as figures
from investments.models import Line, Table
from investments.sources import Told, sources
from library import queries as library
from library.models import SourceDocument, Theme
from reports import queries as reports
from reports.models import Achievement, Goal, Report, Section
from reports.queries import OutlineChapter

from .content import (
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

PartOf = TypeVar("PartOf", Goal, Achievement)


def lock(report: Report) -> None:
    """Let no section, table, line, theme or source of the report change until the caller commits.

    What is checked and what is frozen is then the same, and no section is frozen with words of one version and
    goals of another.
    """
    tables = _with_earlier(Table.objects.filter(sections__chapter__report=report))
    documents = Goal.objects.filter(section__chapter__report=report).values("document")
    themes = Achievement.objects.filter(section__chapter__report=report).values("theme")
    for rows in (
        Section.objects.filter(chapter__report=report),
        Table.objects.filter(pk__in=tables),
        Line.objects.filter(table__in=tables),
        SourceDocument.objects.filter(pk__in=documents),
        Theme.objects.filter(pk__in=themes),
    ):
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _with_earlier(tables: Iterable[Table]) -> set[int]:
    """Ids of these tables and of those of earlier years that fill their columns."""
    found: set[int] = set()
    waiting = list(tables)
    while waiting:
        found |= {table.pk for table in waiting}
        links = {table.previous_table_id for table in waiting if table.carries and table.previous_table_id}
        waiting = list(Table.objects.filter(pk__in=links - found))
    return found


def freeze(report: Report, chapter_ids: Collection[int], *, draft: bool) -> ReportContent:
    """The content of the whole report, or of the chosen chapters with all below them.

    Chapters above a chosen one keep their heading, so that numbers and levels stay as in the whole. The caller holds
    the report's rows with `lock`.
    """
    organisation = report.organisation
    style = library.house_style(organisation)
    chosen = list(_chosen(reports.outline(report), chapter_ids))
    printed = [item.chapter.pk for item, whole in chosen if whole]
    rows = Section.objects.filter(chapter__in=printed).select_related("owner_team", "table")
    tables = _tables(rows)
    goals = _by_section(Goal.objects.select_related("document"), printed)
    achievements = _by_section(Achievement.objects.select_related("theme"), printed)
    sections = {row.pk: _section(row, goals[row.pk], achievements[row.pk], tables) for row in rows}
    return ReportContent(
        organisation=organisation.name,
        short_name=organisation.short_name,
        title=report.title,
        kind=report.get_kind_display(),
        year=report.year,
        draft=draft,
        style=StyleContent(style.accent, style.font, style.logo.name or ""),
        chapters=tuple(
            ChapterContent(
                item.number,
                item.chapter.title,
                item.level,
                tuple(sections[section.pk] for section in item.sections) if whole else (),
            )
            for item, whole in chosen
        ),
    )


def _chosen(outline: list[OutlineChapter], chapter_ids: Collection[int]) -> Iterator[tuple[OutlineChapter, bool]]:
    """Chapters to print, each with whether its sections are printed too."""
    if not chapter_ids:
        yield from ((item, True) for item in outline)
        return
    chosen = [f"{item.number}." for item in outline if item.chapter.pk in chapter_ids]
    for item in outline:
        number = f"{item.number}."
        if any(number.startswith(prefix) for prefix in chosen):
            yield item, True
        elif any(prefix.startswith(number) for prefix in chosen):
            yield item, False


def _by_section(parts: QuerySet[PartOf], chapter_ids: Collection[int]) -> dict[int, list[PartOf]]:
    """The parts of each section of these chapters, in their order; none where a section has none."""
    found: dict[int, list[PartOf]] = defaultdict(list)
    for part in parts.filter(section__chapter__in=chapter_ids):
        found[part.section_id].append(part)
    return found


def _tables(sections: Iterable[Section]) -> dict[int, TableContent]:
    """The tables that the sections show, by id; in as many queries for forty as for one."""
    tables = {section.table.pk: section.table for section in sections if section.table is not None}
    rows = figures.filled(tables.values(), figures.lines(*tables.values()) if tables else ())
    origins = sources(rows)
    return {key: _table(table, rows[key], origins[key]) for key, table in tables.items()}


def _section(
    section: Section, goals: list[Goal], achievements: list[Achievement], tables: Mapping[int, TableContent]
) -> SectionContent:
    return SectionContent(
        kind=section.kind,
        title=section.title,
        team=section.owner_team.name,
        text=section.text,
        goals=tuple(_goal(goal) for goal in goals),
        themes=tuple(_themes(achievements)),
        table=tables[section.table_id] if section.table_id else None,
    )


def _goal(goal: Goal) -> GoalContent:
    return GoalContent(
        objective=goal.objective,
        planned_action=goal.planned_action,
        result=goal.result,
        source=goal.source,
        source_address=goal.document.address if goal.document else "",
    )


def _themes(achievements: list[Achievement]) -> Iterator[ThemeContent]:
    for theme, items in groupby(achievements, key=lambda item: item.theme):
        yield ThemeContent(
            theme.heading if theme else "", tuple(AchievementContent(item.title, item.text) for item in items)
        )


def _table(table: Table, lines: list[Line], origins: Told) -> TableContent:
    entered = tuple(figures.figures_of(line) for line in lines)
    return TableContent(
        title=table.title,
        year=table.year,
        style=table.print_style,
        columns=table.printed_columns,
        lines=entered,
        explanation=table.explanation,
        line_explanations=tuple(LineExplanation(told.label, told.explanation.text) for told in explaining.told(lines)),
        courses=tuple(
            CourseContent(name, budget, tuple(sorted(posted.items())))
            for name, budget, posted in (figures.months_of(table, lines, entered) if table.prints_months else ())
        ),
        sources=origins,
    )
