"""A section as it is read on a screen: its texts with numbered footnotes, goals with sources, achievements by theme."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.safestring import SafeString

from investments import explaining
from investments.queries import TableFigures
from investments.statements import Statement
from library.footnotes import Footnotes, Note

from .models import Achievement, Goal, Section

BELOW_TITLES = 2
"""How much deeper headings go in a text that stands below a theme and a title."""

_HEADING = re.compile(r"<(/?)h([34])>")


@dataclass(frozen=True)
class ReadGoal:
    """A row of the goals table; an empty `result` is told to be missing.

    The source is a link to a web `address`, to the document whose `file` is stored here (its id), or no link.
    """

    objective: str
    planned_action: SafeString
    result: SafeString
    source: str
    address: str = ""
    file: int | None = None


@dataclass(frozen=True)
class ReadText:
    """A text below a title, which may be empty."""

    title: str
    text: SafeString


@dataclass(frozen=True)
class ReadTheme:
    """Achievements under the organisation's heading for their theme, or under none."""

    heading: str
    achievements: tuple[ReadText, ...]


@dataclass(frozen=True)
class ReadTable:
    """A table of figures with its explanations. `is_stale`: the worker has not yet seen the latest entries."""

    statement: Statement
    is_stale: bool
    explanation: SafeString
    line_explanations: tuple[ReadText, ...]


@dataclass(frozen=True)
class Reading:
    """All of a section, ready to lay out below a heading of level 2."""

    section: Section
    text: SafeString
    goals: tuple[ReadGoal, ...]
    themes: tuple[ReadTheme, ...]
    table: ReadTable | None
    notes: tuple[Note, ...]

    @property
    def is_unwritten(self) -> bool:
        return not (self.text or self.goals or self.themes or self.table)


def read(section: Section, figures: TableFigures | None = None) -> Reading:
    """Lay out a row of `queries.fill`; `figures` are those of its table."""
    footnotes = Footnotes(f"noot-{section.pk}")
    text = footnotes.marked(section.text)
    goals = tuple(_goal(goal, footnotes) for goal in section.goals.all())
    themes = tuple(_themes(section.achievements.all(), footnotes))
    table = _table(section, figures, footnotes) if figures is not None else None
    return Reading(section, text, goals, themes, table, tuple(footnotes.notes))


def _goal(goal: Goal, footnotes: Footnotes) -> ReadGoal:
    address = goal.document.address if goal.document else ""
    return ReadGoal(
        objective=goal.objective,
        planned_action=footnotes.marked(goal.planned_action),
        result=footnotes.marked(goal.result),
        source=goal.source,
        address=address if urlsplit(address).scheme in {"https", "http"} else "",
        file=goal.document_id if goal.document and goal.document.file else None,
    )


def _themes(achievements: Iterable[Achievement], footnotes: Footnotes) -> Iterable[ReadTheme]:
    """Achievements of one theme stand together, also when the writer put another between them."""
    by_theme: dict[str, list[ReadText]] = {}
    for item in achievements:
        heading = item.theme.heading if item.theme else ""
        by_theme.setdefault(heading, []).append(ReadText(item.title, footnotes.marked(lowered(item.text))))
    return (ReadTheme(heading, tuple(items)) for heading, items in by_theme.items())


def _table(section: Section, figures: TableFigures, footnotes: Footnotes) -> ReadTable:
    explanation = section.table.explanation if section.table else ""
    return ReadTable(
        statement=figures.statement,
        is_stale=figures.is_stale,
        explanation=footnotes.marked(explanation),
        line_explanations=tuple(
            ReadText(told.label, footnotes.marked(lowered(told.explanation.text)))
            for told in explaining.told(figures.lines)
        ),
    )


def lowered(html: str) -> str:
    """Clean HTML with its headings so much lower that they fit below a theme and a title."""
    return _HEADING.sub(lambda found: f"<{found[1]}h{int(found[2]) + BELOW_TITLES}>", html)
