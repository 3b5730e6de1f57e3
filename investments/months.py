"""Geometry of the chart of a year's course: what was posted so far, month by month, beside an even share of the budget.

Lengths are units of the drawing, as in `charts`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from .charts import ACTUAL, BUDGET, GAP, WIDTH, Key, Text
from .rounding import printed, unit_note

NAMES = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
LEFT, RIGHT, TOP, BOTTOM = 12, 96, 34, 24
HEIGHT = 240
ROOM = 13
"""Between two values at the end of their lines."""


@dataclass(frozen=True)
class MonthChart:
    """One drawing. `budget` and `actual` are points of lines; `ends` their last values."""

    title: str
    description: str
    width: float
    height: float
    left: float
    right: float
    baseline: float
    budget: str
    actual: str
    dots: tuple[tuple[float, float], ...]
    legend: tuple[Key, ...]
    months: tuple[Text, ...]
    ends: tuple[Text, ...]


Course = tuple[str, int, Mapping[int, int]]
"""What the lines are (lasten, baten), their budget, and what was posted by period; in cents."""


def months(title: str, unit: int, courses: Iterable[Course]) -> tuple[MonthChart, ...]:
    """A drawing of each course, values printed in units of `unit` euros; none of one in which nothing happens."""
    return tuple(
        _chart(f"{title}, {name}", unit, budget, cumulative(posted))
        for name, budget, posted in courses
        if posted and (budget or any(posted.values()))
    )


def cumulative(posted: Mapping[int, int]) -> list[int]:
    """What was posted up to and including each month, until the last in which something was.

    An opening (period 0) counts in January, what comes after the twelfth period in December.
    """
    by_month = [0] * 12
    for period, cents in posted.items():
        by_month[min(max(period, 1), 12) - 1] += cents
    last = min(max(*posted, 1), 12)
    return list(accumulate(by_month[:last]))


def _chart(title: str, unit: int, budget: int, spent: list[int]) -> MonthChart:
    lowest, highest = min(0, budget, *spent), max(0, budget, *spent)
    step = (HEIGHT - TOP - BOTTOM) / (highest - lowest)
    month = (WIDTH - LEFT - RIGHT) / 12

    def x(number: int) -> float:
        return round(LEFT + number * month, 2)

    def y(cents: float) -> float:
        return round(HEIGHT - BOTTOM - (cents - lowest) * step, 2)

    dots = tuple((x(number), y(cents)) for number, cents in enumerate(spent, start=1))
    return MonthChart(
        title=f"{title}: maanden van de rekening tegenover de begroting",
        description=_told(unit, budget, spent),
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=x(12),
        baseline=y(0),
        budget=f"{x(0)},{y(0)} {x(12)},{y(budget)}",
        actual=" ".join(f"{across},{down}" for across, down in ((x(0), y(0)), *dots)),
        dots=dots,
        legend=_legend(),
        months=tuple(
            Text(round(x(number) - month / 2, 2), HEIGHT - 7, "middle", name)
            for number, name in enumerate(NAMES, start=1)
        ),
        ends=_ends(unit, (x(12), y(budget), budget), (*dots[-1], spent[-1])),
    )


def _told(unit: int, budget: int, spent: list[int]) -> str:
    """All of the drawing in words."""
    course = "; ".join(f"{name} {printed(cents, unit)}" for name, cents in zip(NAMES, spent, strict=False))
    return (
        f"Lijndiagram {unit_note(unit)}. De begroting na wijzigingen van {printed(budget, unit)}, gelijk over twaalf "
        f"maanden verdeeld, en wat tot en met elke maand is geboekt: {course}."
    )


def _legend() -> tuple[Key, ...]:
    named = ((ACTUAL, "geboekt tot en met de maand", LEFT), (BUDGET, "begroting, gelijk verdeeld", LEFT + 190))
    return tuple(Key(series, x, 8, 14, Text(x + 14 + GAP, 12, "start", words)) for series, words, x in named)


def _ends(unit: int, budget: tuple[float, float, int], actual: tuple[float, float, int]) -> tuple[Text, ...]:
    """The last value of each line beside its end; where both would stand on one place, the upper one moves up."""
    (x, y, cents), (last, down, spent) = budget, actual
    if last == x and abs(y - down) < ROOM:
        y, down = (down - ROOM, down) if y <= down else (y, y - ROOM)
    return tuple(
        Text(round(across + GAP, 2), round(place + 4, 2), "start", printed(value, unit))
        for across, place, value in ((x, y, cents), (last, down, spent))
    )
