"""A report's content prepared for its pages: figures computed, texts cleaned, heading levels settled."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from urllib.parse import urlsplit

from django.utils.safestring import SafeString

from investments.calculation import calculate
from investments.charts import Chart, budget_against_actual
from investments.columns import DEVIATES, Column
from investments.diverging import DeviationBar, DivergingChart, deviations
from investments.figures import Figures, LineKind
from investments.months import MonthChart, months
from investments.statements import Statement, build
from library.html import text

from .content import ChapterContent, GoalContent, ReportContent, SectionContent, TableContent, ThemeContent
from .prose import heading_level, printed

CONTENTS_DEPTH = 3
LABEL_LINE, MOST_LINES_TOGETHER = 35, 20
"""Letters of a label on one line, and lines of a table that is kept on one page."""
TALL = 700
"""Letters in a cell of the goals table that take about half a page."""
AMOUNT_PADDING, DIGIT, SIGN = 3.5, 1.75, 0.9
"""Millimetres, in the bold face of the total row."""
AMOUNT_WIDTHS = range(9, 37)
"""Millimetres that a column of amounts may take; the stylesheet has a class for each."""
USUAL_WIDTH, NARROW_WIDTH = 21, 17
"""Millimetres: what a column of amounts takes when there is room, and below what its heading needs smaller type."""
ROOM_FOR_AMOUNTS = 117
READING_GUIDE = "leeswijzer"
ROUNDING_NOTE = (
    "De bedragen in de tabellen zijn elk apart afgerond, en totalen zijn berekend uit de bedragen van vóór die "
    "afronding. Wie de afgedrukte bedragen zelf optelt, kan daardoor iets anders vinden dan het afgedrukte totaal."
)


@dataclass(frozen=True)
class Stamp:
    """What sets one edition apart from another of the same content: its number and when it was made."""

    edition: int
    made_at: datetime


@dataclass(frozen=True)
class PrintedGoal:
    """A row of the goals table; an empty `result` is told to be missing, an empty `address` is no link.

    A `tall` row may break over two pages.
    """

    objective: str
    planned_action: SafeString
    result: SafeString
    source: str
    address: str
    tall: bool


@dataclass(frozen=True)
class PrintedAchievement:
    """An achievement, its title (which may be empty) a heading of `level`."""

    title: str
    level: int
    text: SafeString


@dataclass(frozen=True)
class PrintedTheme:
    """Achievements below a heading of `level`, or below none."""

    heading: str
    level: int
    achievements: tuple[PrintedAchievement, ...]


@dataclass(frozen=True)
class PrintedExplanation:
    """The explanation of one line, its label a heading of `level`."""

    label: str
    level: int
    text: SafeString


@dataclass(frozen=True)
class PrintedHead:
    """The heading of a column; its year, if it ends in one, goes on a line of its own."""

    words: str
    year: str
    is_text: bool = False


@dataclass(frozen=True)
class PrintedTable:
    """A table of figures with its charts; the explanations stand below a heading of `level`.

    Columns of amounts are equally wide: `amount_width` millimetres; a `dense` table has smaller type, so that its
    amounts fit. A `short` table stays on one page.
    """

    statement: Statement
    heads: tuple[PrintedHead, ...]
    amount_width: int
    dense: bool
    short: bool
    charts: tuple[Chart, ...]
    deviations: tuple[DivergingChart, ...]
    months: tuple[MonthChart, ...]
    level: int
    explanation: SafeString
    line_explanations: tuple[PrintedExplanation, ...]


@dataclass(frozen=True)
class PrintedSection:
    """A section below an unnumbered heading of `level`; `missing` says that a line tells it is not written yet.

    `note` is what the portal itself tells readers here.
    """

    title: str
    level: int
    missing: bool
    text: SafeString
    goals: tuple[PrintedGoal, ...]
    themes: tuple[PrintedTheme, ...]
    table: PrintedTable | None
    note: str = ""


@dataclass(frozen=True)
class PrintedChapter:
    """A numbered chapter. `depth` 1 opens on a new page; `anchor` is where links lead."""

    number: str
    title: str
    anchor: str
    depth: int
    level: int
    listed: bool
    sections: tuple[PrintedSection, ...]


@dataclass(frozen=True)
class PrintedBody:
    """All chapters, and what the portal tells readers below the contents when no chapter has a place for it."""

    chapters: tuple[PrintedChapter, ...]
    note: str


def body(content: ReportContent) -> PrintedBody:
    """The chapters, with the sentence on rounding in the reading guide if any table gives reason for it.

    Raises what `chapters` raises.
    """
    found = chapters(content)
    tables = [section.table for chapter in found for section in chapter.sections if section.table]
    if not any(table.statement.has_rounding for table in tables):
        return PrintedBody(found, "")
    guided = tuple(replace(chapter, sections=tuple(map(_guided, chapter.sections))) for chapter in found)
    return PrintedBody(guided, "" if guided != found else ROUNDING_NOTE)


def _guided(section: PrintedSection) -> PrintedSection:
    is_guide = section.title.strip().casefold() == READING_GUIDE
    return replace(section, note=ROUNDING_NOTE) if is_guide else section


def chapters(content: ReportContent) -> tuple[PrintedChapter, ...]:
    """All chapters, ready to print.

    A chapter's depth counts the chapters above it that are in this selection, so that heading levels never skip.
    Raises investments.figures.CircularTotal and library.html.TooDeep.
    """
    found: list[PrintedChapter] = []
    above: list[str] = []
    for chapter in content.chapters:
        while above and not chapter.number.startswith(f"{above[-1]}."):
            above.pop()
        above.append(chapter.number)
        found.append(_chapter(chapter, len(above), content.draft))
    return tuple(found)


def _chapter(chapter: ChapterContent, depth: int, draft: bool) -> PrintedChapter:
    level = heading_level(depth)
    return PrintedChapter(
        number=chapter.number,
        title=chapter.title,
        anchor=f"hoofdstuk-{chapter.number}",
        depth=depth,
        level=level,
        listed=depth <= CONTENTS_DEPTH,
        sections=tuple(_section(section, heading_level(level + 1), draft) for section in chapter.sections),
    )


def _section(section: SectionContent, level: int, draft: bool) -> PrintedSection:
    below = heading_level(level + 1)
    return PrintedSection(
        title=section.title,
        level=level,
        missing=draft and section.is_unwritten,
        text=printed(section.text, below),
        goals=tuple(_goal(goal, below) for goal in section.goals),
        themes=tuple(_theme(theme, below) for theme in section.themes),
        table=_table(section.table, below) if section.table else None,
    )


def _goal(goal: GoalContent, level: int) -> PrintedGoal:
    return PrintedGoal(
        objective=goal.objective,
        planned_action=printed(goal.planned_action, level),
        result=printed(goal.result, level),
        source=goal.source,
        address=goal.source_address if _is_web_address(goal.source_address) else "",
        tall=max(len(words) for words in (goal.objective, text(goal.planned_action), text(goal.result))) > TALL,
    )


def _is_web_address(address: str) -> bool:
    try:
        return urlsplit(address).scheme in {"https", "http"}
    except ValueError:
        return False


def _theme(theme: ThemeContent, level: int) -> PrintedTheme:
    below = heading_level(level + 1) if theme.heading else level
    return PrintedTheme(
        heading=theme.heading,
        level=level,
        achievements=tuple(
            PrintedAchievement(item.title, below, printed(item.text, below + 1 if item.title else below))
            for item in theme.achievements
        ),
    )


def _table(table: TableContent, level: int) -> PrintedTable:
    figures = calculate(table.lines)
    statement = build(table.title, table.style, table.columns, table.lines, figures)
    below = heading_level(level + 1)
    wanted = _amount_width(statement)
    widest = min(ROOM_FOR_AMOUNTS // max(len(table.columns), 1), AMOUNT_WIDTHS[-1])
    return PrintedTable(
        statement=statement,
        heads=tuple(_head(column, str(table.year)) for column in statement.columns),
        amount_width=min(max(wanted, USUAL_WIDTH), max(widest, AMOUNT_WIDTHS[0])),
        dense=wanted > widest or widest < NARROW_WIDTH,
        short=sum(1 + len(row.label) // LABEL_LINE for row in statement.rows) <= MOST_LINES_TOGETHER,
        charts=budget_against_actual(table.title, table.style.unit, table.columns, table.lines, figures),
        deviations=_deviations(table, figures),
        months=months(
            table.title, table.style.unit, [(item.name, item.budget, dict(item.posted)) for item in table.courses]
        ),
        level=level,
        explanation=printed(table.explanation, below),
        line_explanations=tuple(
            PrintedExplanation(line.label, below, printed(line.explanation, below + 1))
            for line in table.line_explanations
        ),
    )


def _deviations(table: TableContent, figures: Mapping[int, Figures]) -> tuple[DivergingChart, ...]:
    """What each line deviates, if the table shows that; an edition does not say what must still be explained."""
    if not any(column.key in DEVIATES for column in table.columns):
        return ()
    lines = [line for line in table.lines if line.kind == LineKind.LINE and line.key in figures]
    bars = [DeviationBar(line.label, figures[line.key].result) for line in lines]
    return deviations(table.title, table.style.unit, bars)


def _head(column: Column, year: str) -> PrintedHead:
    words = column.label.removesuffix(f" {year}")
    return PrintedHead(words, year if words != column.label else "", column.is_text)


def _amount_width(statement: Statement) -> int:
    """Whole millimetres that the longest amount takes."""
    amounts = [cell.text for row in statement.rows for cell in row.cells]
    widths = (sum(DIGIT if sign.isdigit() else SIGN for sign in amount) for amount in amounts)
    return ceil(AMOUNT_PADDING + max(widths, default=0.0))
