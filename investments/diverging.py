"""Geometry of the chart of deviations: favourable ones to the right of zero, unfavourable ones to the left, in order.

Lengths are units of the drawing, as in `charts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from . import variance
from .charts import BAR, GAP, LABELS, MOST_LINES, WIDTH, Text, text_width, wrapped
from .rounding import printed, unit_note

LINE = 30
ABOVE, BELOW = 44, 6
LEFT = LABELS + 2 * GAP
SETTLED, OPEN = "settled", "open"
FAVOURABLE, UNFAVOURABLE = "voordeel", "nadeel"
WORDS = {SETTLED: "verklaard of niet te verklaren", OPEN: "nog te verklaren"}


@dataclass(frozen=True)
class DeviationBar:
    """What is drawn: a name, a result in cents (positive is favourable), and whether it must still be explained."""

    label: str
    result: int
    is_open: bool = False


@dataclass(frozen=True)
class Bar:
    """One deviation: its label, broken into lines, its bar (`series` SETTLED or OPEN) and its value."""

    series: str
    label: tuple[Text, ...]
    x: float
    y: float
    width: float
    height: float
    value: Text


@dataclass(frozen=True)
class Key:
    """An entry of the legend."""

    series: str
    x: float
    y: float
    size: float
    words: Text


@dataclass(frozen=True)
class DivergingChart:
    """One drawing. `title` and `description` tell all of it to who cannot see it."""

    title: str
    description: str
    width: float
    height: float
    baseline: float
    top: float
    bottom: float
    legend: tuple[Key, ...]
    sides: tuple[Text, Text]
    bars: tuple[Bar, ...]


def deviations(title: str, unit: int, rows: Sequence[DeviationBar]) -> tuple[DivergingChart, ...]:
    """Drawings of all rows that deviate, the largest voordeel on top; none when nothing does.

    Bars follow the exact cents, values are printed in units of `unit` euros. Many rows take several drawings on one
    scale.
    """
    order = sorted((row for row in rows if row.result), key=lambda row: -row.result)
    if not order:
        return ()
    scale = _Scale.of(order, unit)
    parts = [order[start : start + MOST_LINES] for start in range(0, len(order), MOST_LINES)]
    return tuple(
        _chart(title if len(parts) == 1 else f"{title}, deel {number} van {len(parts)}", part, scale)
        for number, part in enumerate(parts, start=1)
    )


@dataclass(frozen=True)
class _Scale:
    """From cents to a place: zero stands at `baseline`, every cent is `step` units wide."""

    unit: int
    baseline: float
    step: float

    @classmethod
    def of(cls, rows: Sequence[DeviationBar], unit: int) -> "_Scale":
        lowest, highest = min(0, *(row.result for row in rows)), max(0, *(row.result for row in rows))
        room = GAP + max(text_width(_value(row.result, unit)) for row in rows)
        left, right = LEFT + (room if lowest else 0), WIDTH - (room if highest else GAP + text_width(FAVOURABLE))
        step = (right - left) / (highest - lowest)
        return cls(unit, round(left - lowest * step, 2), step)

    def bar(self, row: DeviationBar, y: float) -> Bar:
        length = round(abs(row.result) * self.step, 2)
        x = self.baseline if row.result > 0 else round(self.baseline - length, 2)
        side, anchor = (x + length + GAP, "start") if row.result > 0 else (x - GAP, "end")
        lines = wrapped(row.label, LABELS, 2)
        first = y + LINE / 2 + 4 - 6.5 * (len(lines) - 1)
        return Bar(
            series=OPEN if row.is_open else SETTLED,
            label=tuple(Text(LABELS, first + 13 * index, "end", words) for index, words in enumerate(lines)),
            x=x,
            y=y + (LINE - BAR) / 2,
            width=length,
            height=BAR,
            value=Text(round(side, 2), y + LINE / 2 + 4, anchor, _value(row.result, self.unit)),
        )


def _value(cents: int, unit: int) -> str:
    """As printed, with V or N: the side of the bar is not the only thing that tells."""
    return f"{printed(cents, unit)} {variance.mark(cents)}"


def _chart(title: str, rows: Sequence[DeviationBar], scale: _Scale) -> DivergingChart:
    told = "; ".join(
        f"{row.label}: {_value(row.result, scale.unit)}{', ' + WORDS[OPEN] if row.is_open else ''}" for row in rows
    )
    bottom = ABOVE + len(rows) * LINE
    return DivergingChart(
        title=f"{title}: afwijkingen van de begroting",
        description=f"Staafdiagram met voordelen rechts en nadelen links van nul {unit_note(scale.unit)}. {told}.",
        width=WIDTH,
        height=bottom + BELOW,
        baseline=scale.baseline,
        top=ABOVE - 16,
        bottom=bottom,
        legend=_legend() if any(row.is_open for row in rows) else (),
        sides=(
            Text(round(scale.baseline - GAP, 2), ABOVE - 6, "end", UNFAVOURABLE),
            Text(round(scale.baseline + GAP, 2), ABOVE - 6, "start", FAVOURABLE),
        ),
        bars=tuple(scale.bar(row, ABOVE + index * LINE) for index, row in enumerate(rows)),
    )


def _legend() -> tuple[Key, ...]:
    second = round(LEFT + BAR + GAP + text_width(WORDS[SETTLED]) + 4 * GAP, 2)
    return tuple(
        Key(series, x, 3, BAR, Text(x + BAR + GAP, 11, "start", WORDS[series]))
        for series, x in ((SETTLED, LEFT), (OPEN, second))
    )
