"""Which lines a total adds up, and which columns a column: proposed where the figures of the file bear it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

Amounts = Mapping[int, Mapping[int, int | None]]
"""Cents by row and column."""
Members = tuple[tuple[int, int], ...]
MOST_TERMS = 6


@dataclass(frozen=True)
class Candidate:
    """A line that may count: its row, and how it counts where income and expense are balanced."""

    row: int
    sign: int
    is_heading: bool = False


def proposed(
    amounts: Amounts,
    total: int,
    above: Sequence[Candidate],
    below: Sequence[Candidate],
    columns: Sequence[int],
    step: int,
) -> Members | None:
    """The members that make the total right in every column; None when no run of lines around it does.

    `above` are the lines before it that no other total counts yet, `below` those after it, both in order. Of the runs
    that end directly above it, the one from the last heading is preferred, then the longest; then those below.
    """
    found = _fitting(amounts, total, above[::-1], columns, step)
    block = next((place for place, line in enumerate(above[::-1]) if line.is_heading), len(above))
    since_heading = [members for size, members in found if size == block]
    if since_heading or found:
        return (since_heading or [members for _, members in found[::-1]])[0]
    end = next((place for place, line in enumerate(below) if line.is_heading), len(below))
    under = [members for size, members in _fitting(amounts, total, below[:end], columns, step) if size > 1]
    return under[-1] if under else None


def _fitting(
    amounts: Amounts, total: int, lines: Sequence[Candidate], columns: Sequence[int], step: int
) -> list[tuple[int, Members]]:
    """The runs from the first of these lines that add up to the total in every column, with how many lines they take.

    Each run is tried with all lines added, and with expenses taken from income; but for rounding to `step` cents.
    """
    found: list[tuple[int, Members]] = []
    ways: tuple[_Running, _Running] = (_Running(columns), _Running(columns))
    for size, line in enumerate(lines, start=1):
        if line.is_heading:
            continue
        for running, sign in zip(ways, (1, line.sign), strict=True):
            running.add(amounts[line.row], line.row, sign)
        fitting = next((running for running in ways if running.fits(amounts[total], step)), None)
        if fitting is not None:
            found.append((size, tuple(sorted(fitting.members))))
    return found


class _Running:
    """The sum of a run of lines that grows by one line at a time, in each column."""

    def __init__(self, columns: Sequence[int]) -> None:
        self.members: list[tuple[int, int]] = []
        self.sums = dict.fromkeys(columns, 0)
        self.filled = dict.fromkeys(columns, 0)

    def add(self, amounts: Mapping[int, int | None], row: int, sign: int) -> None:
        self.members.append((row, sign))
        for column in self.sums:
            amount = amounts.get(column)
            if amount is not None:
                self.sums[column] += amount * sign
                self.filled[column] += 1

    def fits(self, stated: Mapping[int, int | None], step: int) -> bool:
        """Whether the total is this sum in every column, and more than zero in one."""
        return any(stated.get(column) for column in self.sums) and all(
            2 * abs((stated.get(column) or 0) - added) <= step * (self.filled[column] + 1)
            for column, added in self.sums.items()
        )


def terms(
    amounts: Amounts, column: int, before: Sequence[int], usual: Mapping[int, int], step: int
) -> tuple[Members, bool]:
    """Of which columns before it a column is the sum, and whether that is sure; of none when nothing adds up.

    A sum must hold in every row to within `step` cents; the shortest is taken. Where more signs fit, the usual ones of
    the words above are taken.
    """
    for size in range(2, min(len(before), MOST_TERMS) + 1):
        run = before[-size:]
        usual_signs = (1, *(usual[place] for place in run[1:]))
        tries = [usual_signs, *((1, *signs) for signs in product((1, -1), repeat=size - 1))]
        right = [signs for signs in dict.fromkeys(tries) if _holds(amounts, column, run, signs, step)]
        if right:
            return tuple(zip(run, right[0], strict=True)), len(right) == 1 or right[0] == usual_signs
    return (), True


def _holds(amounts: Amounts, column: int, run: Sequence[int], signs: Sequence[int], step: int) -> bool:
    says_something = 0
    for row in amounts.values():
        stated = row.get(column)
        parts = [row.get(place) for place in run]
        if stated is None and all(part is None for part in parts):
            continue
        added = sum((part or 0) * sign for part, sign in zip(parts, signs, strict=True))
        if abs((stated or 0) - added) > step:
            return False
        says_something += any(part for part in parts[1:])
    return says_something > 0
