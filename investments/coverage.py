"""Which deviations must be explained, and how much of them is (domain rule 8). Amounts in integer cents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Claim = int | None
"""What an explanation accounts for of a deviation, in its own sign; None is all that others leave."""


@dataclass(frozen=True)
class Tolerance:
    """From when a deviation must be explained: every one when neither amount nor percentage is set.

    `percentage` is in hundredths of a percent of |amended|. `both` asks for both to be passed, `inclusive` counts what
    equals a limit as past it, and with `per_total` it is totals that are judged, and lines that no total counts.
    """

    amount: int | None = None
    percentage: int | None = None
    both: bool = False
    inclusive: bool = False
    per_total: bool = False

    def is_exceeded(self, deviation: int, amended: int) -> bool:
        """Whether so much must be explained; without a budget to compare with any deviation must."""
        if deviation == 0 or amended == 0:
            return deviation != 0
        size, passed = abs(deviation), []
        if self.amount is not None:
            passed.append(self._is_past(size, self.amount))
        if self.percentage is not None:
            passed.append(self._is_past(size * 10_000, self.percentage * abs(amended)))
        return (all(passed) if self.both else any(passed)) if passed else True

    def _is_past(self, size: int, limit: int) -> bool:
        return size >= limit if self.inclusive else size > limit


@dataclass(frozen=True)
class Deviation:
    """What one line or total deviates, and what explanations claim of it.

    `members` are the plain lines that a total counts; `counts_lines`: some of them directly, not through another total.
    """

    key: int
    amended: int
    result: int
    claims: tuple[Claim, ...] = ()
    is_total: bool = False
    counts_lines: bool = False
    members: tuple[int, ...] = ()

    @property
    def remainder(self) -> int:
        """What no explanation accounts for; below zero for a voordeel that is explained too far, and the reverse."""
        return 0 if None in self.claims else self.result - sum(claim or 0 for claim in self.claims)


@dataclass(frozen=True)
class Coverage:
    """How far one deviation that must be explained is: `is_open` while what remains must be explained itself."""

    key: int
    deviation: int
    remainder: int
    is_open: bool

    @property
    def explained(self) -> int:
        """How much is accounted for, without a sign; too much counts against it."""
        return max(abs(self.deviation) - abs(self.remainder), 0)


@dataclass(frozen=True)
class Share:
    """Explained against to be explained, both without a sign."""

    explained: int
    of: int

    @property
    def percentage(self) -> int | None:
        """Whole percent, rounded down so that only all is 100; None where nothing must be explained."""
        return self.explained * 100 // self.of if self.of else None


def cover(deviations: Sequence[Deviation], tolerance: Tolerance) -> list[Coverage]:
    """Those that must be explained; what is open stands first, the largest remainder on top."""
    found = []
    for deviation, remainder in _judged(deviations, per_total=tolerance.per_total):
        if tolerance.is_exceeded(deviation.result, deviation.amended):
            is_open = tolerance.is_exceeded(remainder, deviation.amended)
            found.append(Coverage(deviation.key, deviation.result, remainder, is_open))
    return sorted(found, key=lambda item: (not item.is_open, -abs(item.remainder), -abs(item.deviation), item.key))


def share(items: Iterable[Coverage]) -> Share:
    """All of them together."""
    rows = list(items)
    return Share(sum(item.explained for item in rows), sum(abs(item.deviation) for item in rows))


def _judged(deviations: Sequence[Deviation], *, per_total: bool) -> list[tuple[Deviation, int]]:
    """What the rule looks at, each with what remains of it; what explains a line explains its total too."""
    plain = {item.key: item for item in deviations if not item.is_total}
    if not per_total:
        return [(item, item.remainder) for item in plain.values()]
    totals = [item for item in deviations if item.is_total and item.counts_lines]
    counted = {key for item in totals for key in item.members}
    alone = [(item, item.remainder) for item in plain.values() if item.key not in counted]
    return [*((item, _remainder(item, plain)) for item in totals), *alone]


def _remainder(total: Deviation, lines: Mapping[int, Deviation]) -> int:
    if None in total.claims:
        return 0
    by_lines = sum(lines[key].result - lines[key].remainder for key in total.members if key in lines)
    return total.remainder - by_lines
