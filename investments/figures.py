"""The figures of a table as plain values: what goes into a calculation and what comes out, in integer cents."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class LineKind(TextChoices):
    LINE = "line", "regel"
    TOTAL = "total", "totaal"
    INFORMATION = "information", "ter informatie"
    HEADING = "heading", "kop"


@dataclass(frozen=True)
class LineFigures:
    """One line as entered, amounts in cents. `actual` is None while nothing was entered.

    A total has `members`: (key of the line, +1 or -1), and no amounts of its own (domain rule 5). `cells` are the
    amounts in columns of the table's own, `texts` the words; a cell that is not there is empty. `stated` holds what the
    source printed where the portal computes: it is printed as stated, and judged (domain rule 1).
    A line for information stands outside every total; a heading has only its label.
    """

    key: int
    label: str
    kind: str = LineKind.LINE
    direction: str = "expense"
    original: int = 0
    amendments: int = 0
    actual: int | None = None
    members: tuple[tuple[int, int], ...] = ()
    cells: tuple[tuple[str, int], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    stated: tuple[tuple[str, int], ...] = ()

    @property
    def is_total(self) -> bool:
        return self.kind == LineKind.TOTAL


@dataclass(frozen=True)
class Figures:
    """What is computed for one line, in cents; `percentage` in whole percents of |amended|, None for n.v.t."""

    original: int
    amendments: int
    amended: int
    actual: int
    result: int
    percentage: int | None


NONE = Figures(0, 0, 0, 0, 0, None)
"""Of a line in a table without budget."""


def flattened(line: LineFigures, lines: Mapping[int, LineFigures]) -> list[tuple[int, int]]:
    """(key, sign) of every plain line that counts in `line`; totals of totals are followed, circles refused."""

    def follow(current: LineFigures, sign: int, above: tuple[int, ...]) -> list[tuple[int, int]]:
        if not current.is_total:
            return [(current.key, sign)]
        if current.key in above:
            raise CircularTotal(current.label)
        inner = (*above, current.key)
        return [pair for key, own in current.members for pair in follow(lines[key], sign * own, inner)]

    return follow(line, 1, ())


class CircularTotal(ValueError):
    """A total that counts itself, directly or through another total; `str(error)` is its label."""


def inputs_hash(line: LineFigures, lines: dict[int, LineFigures]) -> str:
    """Fingerprint of all that the figures of `line` follow from; another value means a stale result."""
    parts = [
        (sign, part.key, part.direction, part.original, part.amendments, part.actual)
        for part, sign in ((lines[key], sign) for key, sign in flattened(line, lines))
    ]
    return hashlib.sha256(json.dumps([line.kind, parts]).encode()).hexdigest()
