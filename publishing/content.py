"""A report frozen as plain values: what an edition stores, hashes and lays out.

Amounts are cents and HTML is already clean; nothing here reads the database.
"""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from investments.columns import Column, column
from investments.figures import LineFigures
from investments.styles import PrintStyle


@dataclass(frozen=True)
class GoalContent:
    """A goal; `objective` and `source` are plain text, the others HTML; an empty `result` is not yet told."""

    objective: str
    planned_action: str
    result: str
    source: str
    source_address: str


@dataclass(frozen=True)
class AchievementContent:
    """An achievement; `text` is HTML, `title` may be empty."""

    title: str
    text: str


@dataclass(frozen=True)
class ThemeContent:
    """Consecutive achievements below the organisation's heading for their theme; without a theme it is empty."""

    heading: str
    achievements: tuple[AchievementContent, ...]


@dataclass(frozen=True)
class LineExplanation:
    """The explanation (HTML) of one line's deviation."""

    label: str
    explanation: str


@dataclass(frozen=True)
class CourseContent:
    """What was posted by period, in cents, beside the budget of the same lines; `name` says which way they go."""

    name: str
    budget: int
    posted: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class TableContent:
    """A table of figures, amounts in cents, to be printed as `style` says; `courses` when it asks for its months.

    `sources` tells of (line, column) where the amount came from, unless it was typed; editions of before that was kept
    say nothing.
    """

    title: str
    year: int
    style: PrintStyle
    columns: tuple[Column, ...]
    lines: tuple[LineFigures, ...]
    explanation: str
    line_explanations: tuple[LineExplanation, ...]
    courses: tuple[CourseContent, ...] = ()
    sources: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True)
class SectionContent:
    """A section; which of goals, themes and table are filled depends on its kind."""

    kind: str
    title: str
    team: str
    text: str
    goals: tuple[GoalContent, ...] = ()
    themes: tuple[ThemeContent, ...] = ()
    table: TableContent | None = None

    @property
    def is_unwritten(self) -> bool:
        """Whether there is nothing to print but the heading."""
        return not (self.text or self.goals or self.themes or self.table)


@dataclass(frozen=True)
class ChapterContent:
    """A numbered chapter in reading order; `level` 1 is the top."""

    number: str
    title: str
    level: int
    sections: tuple[SectionContent, ...]


@dataclass(frozen=True)
class StyleContent:
    """House style: accent as #rrggbb, body font, logo as the name of a stored file or empty."""

    accent: str
    font: str
    logo: str


@dataclass(frozen=True)
class ReportContent:
    """Everything an edition prints, but for its number and time."""

    organisation: str
    short_name: str
    title: str
    kind: str
    year: int
    draft: bool
    style: StyleContent
    chapters: tuple[ChapterContent, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain dicts and tuples, ready for JSON. What was added later is left out where it says nothing: the same
        content keeps its hash.
        """
        data: dict[str, Any] = _plain(self)
        tables = [section["table"] for chapter in data["chapters"] for section in chapter["sections"]]
        for table in filter(None, tables):
            for name in ("courses", "sources"):
                if not table[name]:
                    del table[name]
        return data


def _plain(value: Any) -> Any:
    """What `dataclasses.asdict` gives, without a copy of each text and amount: those cannot change."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def only(content: ReportContent, number: str) -> ReportContent:
    """A chapter with all below it, out of the whole; chapters above it keep their heading. Without it: no chapters."""
    own = f"{number}."
    return replace(
        content,
        chapters=tuple(
            chapter if f"{chapter.number}.".startswith(own) else replace(chapter, sections=())
            for chapter in content.chapters
            if f"{chapter.number}.".startswith(own) or own.startswith(f"{chapter.number}.")
        ),
    )


def content_hash(data: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of `ReportContent.as_data()`."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def from_data(data: dict[str, Any]) -> ReportContent:
    """The content that `as_data` (or its JSON) came from."""
    return ReportContent(
        **data
        | {
            "style": StyleContent(**data["style"]),
            "chapters": tuple(_chapter(chapter) for chapter in data["chapters"]),
        }
    )


def _chapter(data: dict[str, Any]) -> ChapterContent:
    return ChapterContent(**data | {"sections": tuple(_section(section) for section in data["sections"])})


def _section(data: dict[str, Any]) -> SectionContent:
    return SectionContent(
        **data
        | {
            "goals": tuple(GoalContent(**goal) for goal in data["goals"]),
            "themes": tuple(_theme(theme) for theme in data["themes"]),
            "table": _table(data["table"]) if data["table"] else None,
        }
    )


def _theme(data: dict[str, Any]) -> ThemeContent:
    return ThemeContent(data["heading"], tuple(AchievementContent(**item) for item in data["achievements"]))


def _table(data: dict[str, Any]) -> TableContent:
    # Editions of before tables had a style tell their unit instead.
    style = data.get("style") or {"unit": data["unit"]}
    return TableContent(
        **{name: value for name, value in data.items() if name != "unit"}
        | {
            "style": PrintStyle(**style),
            "columns": tuple(column(item) for item in data["columns"]),
            "lines": tuple(_line(line) for line in data["lines"]),
            "line_explanations": tuple(LineExplanation(**item) for item in data["line_explanations"]),
            "courses": tuple(_course(item) for item in data.get("courses", ())),
            "sources": tuple((line, column, source) for line, column, source in data.get("sources", ())),
        }
    )


def _course(data: dict[str, Any]) -> CourseContent:
    return CourseContent(**data | {"posted": tuple((period, cents) for period, cents in data["posted"])})


def _line(data: dict[str, Any]) -> LineFigures:
    pairs = ("members", "cells", "texts", "stated")
    return LineFigures(**data | {name: tuple((key, value) for key, value in data.get(name, ())) for name in pairs})
