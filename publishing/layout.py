"""A report's content prepared for its pages: figures computed, texts cleaned, heading levels settled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from math import ceil
from operator import itemgetter
from urllib.parse import urlsplit

from django.utils.safestring import SafeString
from django.utils.text import Truncator

from investments.charts import Chart, budget_against_actual
from investments.columns import DEVIATES, Column
from investments.diverging import DeviationBar, DivergingChart, deviations
from investments.figures import Figures, LineKind
from investments.months import MonthChart, months
from investments.statements import Statement, build
from investments.summing import figures_of
from library.html import text

from .anchors import chapter_anchor, section_anchor
from .content import ChapterContent, GoalContent, SectionContent, TableContent, ThemeContent
from .prose import heading_level, printed

CONTENTS_DEPTH, RUNNING_LEVEL = 3, 2
LABEL_LINE, MOST_LINES_TOGETHER = 35, 20
"""Letters of a label on one line, and lines of a table that is kept on one page."""
LONG_TABLE = 200
"""Lines of a table that has pages of its own, so that it can be laid out apart from the words around it."""
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
LONGEST_HEAD = 90
"""Letters of a chapter's name in the head of a page, where it has two lines."""
ROUNDING_NOTE = (
    "De bedragen in de tabellen zijn elk apart afgerond, en totalen zijn berekend uit de bedragen van vóór die "
    "afronding. Wie de afgedrukte bedragen zelf optelt, kan daardoor iets anders vinden dan het afgedrukte totaal."
)


@dataclass(frozen=True)
class Stamp:
    """What sets one edition apart from another: its number, when it was made, and what of a report it holds.

    `chapters` are their numbers, none for all; `source` is the number of the edition that they were taken out of.
    """

    edition: int
    made_at: datetime
    chapters: tuple[str, ...] = ()
    source: int | None = None


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
    amounts fit. A `short` table stays on one page. Of a long table the lines stand apart from the rest, which then
    has no `statement`.
    """

    statement: Statement | None
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

    What goes on after a long table has no title and no `anchor`, by which its page is found.
    `note` is what the portal itself tells readers here.
    """

    title: str
    anchor: str
    level: int
    missing: bool
    text: SafeString
    goals: tuple[PrintedGoal, ...]
    themes: tuple[PrintedTheme, ...]
    table: PrintedTable | None
    note: str = ""


@dataclass(frozen=True)
class PrintedChapter:
    """A numbered chapter, or what is left of it after a long table (`continued`); `anchor` is where links lead.

    `opens` a new page; `running` is what the head of the page goes on to say in what is left.
    """

    number: str
    title: str
    anchor: str
    depth: int
    level: int
    listed: bool
    sections: tuple[PrintedSection, ...]
    opens: bool
    continued: bool = False
    running: str = ""


Chapters = tuple[PrintedChapter, ...]


def has_rounding(chapters: Chapters) -> bool:
    """Whether a table gives reason to tell readers of rounding."""
    tables = [section.table for chapter in chapters for section in chapter.sections if section.table]
    return any(table.statement.has_rounding for table in tables if table.statement)


def guided(chapters: Chapters) -> Chapters:
    """The chapters with the sentence on rounding in each reading guide; the same when there is none."""
    return tuple(replace(chapter, sections=tuple(map(_guided, chapter.sections))) for chapter in chapters)


def _guided(section: PrintedSection) -> PrintedSection:
    is_guide = section.title.strip().casefold() == READING_GUIDE
    return replace(section, note=ROUNDING_NOTE) if is_guide else section


def by_top(chapters: Iterable[ChapterContent]) -> list[tuple[ChapterContent, ...]]:
    """The chapters in groups: one that has no chapter above it in this selection, and all below it."""
    found: list[list[ChapterContent]] = []
    for chapter in chapters:
        if found and chapter.number.startswith(f"{found[-1][0].number}."):
            found[-1].append(chapter)
        else:
            found.append([chapter])
    return [tuple(group) for group in found]


def chapters(selection: Iterable[ChapterContent], *, draft: bool) -> Chapters:
    """Chapters ready to print.

    A chapter's depth counts the chapters above it that are in this selection, so that heading levels never skip.
    Raises investments.figures.CircularTotal and library.html.TooDeep.
    """
    found: list[PrintedChapter] = []
    above: list[str] = []
    for chapter in selection:
        while above and not chapter.number.startswith(f"{above[-1]}."):
            above.pop()
        above.append(chapter.number)
        found.append(_chapter(chapter, len(above), draft))
    return tuple(found)


Item = tuple[PrintedChapter, PrintedSection | None]
"""A section of a chapter, or (None) the chapter's heading."""


def runs(chapters: Chapters) -> list[Chapters]:
    """The chapters of one top in runs of pages: each begins on a new page, and the lines of a long table are one.

    Headings right before a long table go with it.
    """
    found: list[list[Item]] = [[]]
    for chapter in chapters:
        found[-1].append((chapter, None))
        for section in chapter.sections:
            if section.table is None or section.table.statement is None or not _is_long(section.table.statement):
                found[-1].append((chapter, section))
                continue
            told = max((place for place, item in enumerate(found[-1], 1) if item[1]), default=0)
            found[-1:] = [found[-1][:told], found[-1][told:]]
            found[-1].append((chapter, replace(section, table=_lines_of(section.table))))
            found.append([(chapter, rest) for rest in _rest(section.table)])
    running = _running(chapters)
    return [_run(items, running) for items in found if items]


def _is_long(statement: Statement) -> bool:
    return len(statement.rows) > LONG_TABLE


def _lines_of(table: PrintedTable) -> PrintedTable:
    return replace(table, charts=(), deviations=(), explanation=SafeString(), line_explanations=())


def _rest(table: PrintedTable) -> list[PrintedSection]:
    """What stands below the lines, if anything does."""
    if not (table.charts or table.deviations or table.explanation or table.line_explanations):
        return []
    left = replace(table, statement=None)
    return [PrintedSection("", "", table.level, missing=False, text=SafeString(), goals=(), themes=(), table=left)]


def _running(chapters: Chapters) -> dict[str, str]:
    """What the head of a page says in each chapter, by its number."""
    found: dict[str, str] = {}
    for chapter in chapters:
        own = f"{chapter.number} {Truncator(chapter.title).chars(LONGEST_HEAD)}"
        above = next(reversed(found.values()), own)
        found[chapter.number] = own if chapter.level <= RUNNING_LEVEL else above
    return found


def _run(items: list[Item], running: Mapping[str, str]) -> Chapters:
    """Chapters again; the first opens a page, and one without its heading goes on."""
    made = []
    for chapter, group in groupby(items, key=itemgetter(0)):
        sections = [section for _, section in group]
        told = tuple(section for section in sections if section)
        continued = len(told) == len(sections)
        made.append(replace(chapter, sections=told, continued=continued, running=running[chapter.number]))
    return (replace(made[0], opens=True), *made[1:])


def _chapter(chapter: ChapterContent, depth: int, draft: bool) -> PrintedChapter:
    level = heading_level(depth)
    return PrintedChapter(
        number=chapter.number,
        title=chapter.title,
        anchor=chapter_anchor(chapter.number),
        depth=depth,
        level=level,
        listed=depth <= CONTENTS_DEPTH,
        opens=depth == 1,
        sections=tuple(
            _section(section, section_anchor(chapter.number, place), heading_level(level + 1), draft)
            for place, section in enumerate(chapter.sections, 1)
        ),
    )


def _section(section: SectionContent, anchor: str, level: int, draft: bool) -> PrintedSection:
    below = heading_level(level + 1)
    return PrintedSection(
        title=section.title,
        anchor=anchor,
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
    figures = figures_of(table.lines)
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
