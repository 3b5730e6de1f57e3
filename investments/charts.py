"""Geometry of the chart of amended budget against actual; a template lays it out, on screen and in the PDF alike.

Lengths are units of the drawing: 640 units are the full width of the page.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .columns import Column
from .figures import Figures, LineFigures
from .rounding import printed, unit_note

WIDTH = 640
LABELS = 190
GAP = 6
BAR = 10
LINE = 38
LETTER = 11
ABOVE, BELOW = 28, 6
MOST_LINES = 20
"""Lines of one drawing, so that it always fits on a page."""
MOST_ON_SCREEN = 3 * MOST_LINES
"""Lines that a screen draws: who has more looks for one of them in the table."""

BUDGET, ACTUAL = "budget", "actual"


@dataclass(frozen=True)
class Text:
    """Words that start, end or are centred (`anchor` "start", "end" or "middle") at a point on their baseline."""

    x: float
    y: float
    anchor: str
    words: str


@dataclass(frozen=True)
class Bar:
    """A bar (`series` BUDGET or ACTUAL) and its value beside it; the width is 0 for nothing at all."""

    series: str
    x: float
    y: float
    width: float
    height: float
    value: Text


@dataclass(frozen=True)
class Group:
    """One line of the table: its label, broken into lines, and its two bars."""

    label: tuple[Text, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Key:
    """An entry of the legend."""

    series: str
    x: float
    y: float
    size: float
    words: Text


@dataclass(frozen=True)
class Chart:
    """One drawing. `title` and `description` tell all of it to who cannot see it."""

    title: str
    description: str
    width: float
    height: float
    baseline: float
    top: float
    bottom: float
    legend: tuple[Key, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class _Pair:
    label: str
    budget: int
    actual: int


def budget_against_actual(
    title: str,
    unit: int,
    columns: Iterable[Column],
    lines: Sequence[LineFigures],
    figures: Mapping[int, Figures],
) -> tuple[Chart, ...]:
    """Drawings of every plain line (cents), values printed in units of `unit` euros; none when all are zero.

    Bars follow the exact cents, so a bar may show a difference that its printed value rounds away.
    A long table takes several drawings on one scale.
    """
    pairs = [
        _Pair(line.label, figures[line.key].amended, figures[line.key].actual)
        for line in lines
        if not line.is_total and line.key in figures
    ]
    if not any(pair.budget or pair.actual for pair in pairs):
        return ()
    scale = _Scale.of(pairs, unit)
    parts = [pairs[start : start + MOST_LINES] for start in range(0, len(pairs), MOST_LINES)]
    names = _names(columns)
    return tuple(
        _chart(title if len(parts) == 1 else f"{title}, deel {number} van {len(parts)}", part, scale, names)
        for number, part in enumerate(parts, start=1)
    )


@dataclass(frozen=True)
class _Scale:
    """From cents to a place: zero stands at `baseline`, every cent is `step` units wide."""

    unit: int
    baseline: float
    step: float

    @classmethod
    def of(cls, pairs: Sequence[_Pair], unit: int) -> "_Scale":
        values = [value for pair in pairs for value in (pair.budget, pair.actual)]
        lowest, highest = min([0, *values]), max([0, *values])
        room = GAP + max((text_width(printed(value, unit)) for value in values), default=0.0)
        left = LABELS + 2 * GAP + (room if lowest < 0 else 0)
        span = highest - lowest
        step = (WIDTH - room - left) / span
        return cls(unit, round(left - lowest * step, 2), step)

    def bar(self, series: str, cents: int, y: float) -> Bar:
        length = round(abs(cents) * self.step, 2)
        x = self.baseline - length if cents < 0 else self.baseline
        side, anchor = (x - GAP, "end") if cents < 0 else (self.baseline + length + GAP, "start")
        value = Text(round(side, 2), y + BAR - 1, anchor, printed(cents, self.unit))
        return Bar(series, round(x, 2), y, length, BAR, value)


def _names(columns: Iterable[Column]) -> dict[str, str]:
    named = {column.key: column.label for column in columns}
    return {
        BUDGET: named.get("amended", "begroot na wijzigingen"),
        ACTUAL: named.get("actual", "rekening"),
    }


def _chart(title: str, pairs: Sequence[_Pair], scale: _Scale, names: Mapping[str, str]) -> Chart:
    told = "; ".join(
        f"{pair.label}: {names[BUDGET]} {printed(pair.budget, scale.unit)}, "
        f"{names[ACTUAL]} {printed(pair.actual, scale.unit)}"
        for pair in pairs
    )
    bottom = ABOVE + len(pairs) * LINE
    return Chart(
        title=f"{title}: {names[BUDGET]} tegenover {names[ACTUAL]}",
        description=f"Staafdiagram met twee staven per regel {unit_note(scale.unit)}. {told}.",
        width=WIDTH,
        height=bottom + BELOW,
        baseline=scale.baseline,
        top=ABOVE - 4,
        bottom=bottom,
        legend=_legend(names),
        groups=tuple(_group(pair, ABOVE + index * LINE, scale) for index, pair in enumerate(pairs)),
    )


def _legend(names: Mapping[str, str]) -> tuple[Key, ...]:
    left = LABELS + 2 * GAP
    room = (WIDTH - left) / 2 - BAR - 3 * GAP
    budget, actual = (wrapped(names[series], room, 1) for series in (BUDGET, ACTUAL))
    second = round(left + BAR + GAP + text_width(budget[0]) + 4 * GAP, 2)
    return tuple(
        Key(series, x, 3, BAR, Text(x + BAR + GAP, 11, "start", words[0]))
        for series, x, words in ((BUDGET, left, budget), (ACTUAL, second, actual))
    )


def _group(pair: _Pair, y: float, scale: _Scale) -> Group:
    lines = wrapped(pair.label, LABELS, 2)
    first = y + 18 - 6.5 * (len(lines) - 1)
    return Group(
        label=tuple(Text(LABELS, first + 13 * index, "end", words) for index, words in enumerate(lines)),
        bars=(scale.bar(BUDGET, pair.budget, y + 3), scale.bar(ACTUAL, pair.actual, y + 5 + BAR)),
    )


def wrapped(words: str, room: float, most_lines: int) -> list[str]:
    """One to `most_lines` lines no wider than `room`; what does not fit ends in an ellipsis."""
    for letters in range(int(room // 4), 1, -1):
        lines = textwrap.wrap(words, letters) or [""]
        if len(lines) > most_lines:
            lines = [*lines[: most_lines - 1], lines[most_lines - 1][: letters - 1].rstrip() + "…"]
        if all(text_width(line) <= room for line in lines):
            return lines
    return ["…"]


def text_width(words: str) -> float:
    """Estimated width of words in a sans of LETTER units; on the wide side, so that nothing overlaps."""
    return LETTER * sum(map(_share, words))


def _share(sign: str) -> float:
    """Of the size of the letters, what one of them takes."""
    if sign in "iljtfrI.,:;'’|! -":
        return 0.3
    if sign in "mwMW@%—…ÆŒæœ":
        return 0.95
    return 0.67 if sign.isupper() or sign == "&" else 0.56
