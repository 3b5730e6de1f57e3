"""An outline as a tree, and what may stand below what; on plain levels, without models."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

DEEPEST = 4
"""Levels of chapters: below 3.2.1.4 there is no heading left for a section and the headings in its text."""


class Leveled(Protocol):
    """A row of an outline in reading order; level 1 is the top."""

    @property
    def level(self) -> int: ...


Row = TypeVar("Row", bound=Leveled)


@dataclass
class Branch(Generic[Row]):
    """A row with what stands below it."""

    row: Row
    below: list["Branch[Row]"] = field(default_factory=list)


def branches(outline: Sequence[Row]) -> list[Branch[Row]]:
    """The outline's rows as a tree, in the same order."""
    top: list[Branch[Row]] = []
    levels = [top]
    for row in outline:
        branch = Branch(row)
        levels[row.level - 1].append(branch)
        levels[row.level :] = [branch.below]
    return top


def possible_parents(outline: Sequence[Row], index: int) -> list[Row]:
    """Rows below which the row at `index` can stand with all that is below it: not in itself, not too deep."""
    level = outline[index].level
    end = index + 1
    while end < len(outline) and outline[end].level > level:
        end += 1
    height = max(row.level for row in outline[index:end]) - level + 1
    others = [*outline[:index], *outline[end:]]
    return [row for row in others if row.level + height <= DEEPEST]
