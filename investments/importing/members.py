"""Which lines a total adds up, and which columns a column: proposed where the figures of the file bear it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

Amounts = Mapping[int, Mapping[int, int | None]]
"""Cents by row and column."""
Members = tuple[tuple[int, int], ...]
MOST_TERMS = 6
MOST_TRIES = 12
"""Runs of lines that are looked at in all columns, for one total."""


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

    Each run is tried with all lines added, and with expenses taken from income. One column in which the total says
    something is followed line by line; only where that fits, the others are looked at.
    """
    probe = next((column for column in columns if amounts[total].get(column)), None)
    if probe is None:
        return []
    found: list[tuple[int, Members]] = []
    sums, filled, tried = [0, 0], 0, 0
    for size, line in enumerate(lines, start=1):
        if line.is_heading:
            continue
        amount = amounts[line.row].get(probe)
        if amount is not None:
            sums, filled = [sums[0] + amount, sums[1] + amount * line.sign], filled + 1
        if not _near(amounts, total, probe, sums, filled, step) or tried == MOST_TRIES:
            continue
        tried += 1
        run = [item for item in lines[:size] if not item.is_heading]
        ways = ([(item.row, 1) for item in run], [(item.row, item.sign) for item in run])
        found += [(size, tuple(sorted(way))) for way in ways if _fits(amounts, total, way, columns, step)][:1]
    return found


def _near(amounts: Amounts, total: int, column: int, sums: Sequence[int], filled: int, step: int) -> bool:
    """Whether one of these sums is the total of a column, but for rounding to `step` cents."""
    stated = amounts[total].get(column) or 0
    return any(2 * abs(stated - added) <= step * (filled + 1) for added in sums)


def _fits(amounts: Amounts, total: int, members: Sequence[tuple[int, int]], columns: Sequence[int], step: int) -> bool:
    for column in columns:
        parts = [(amount, sign) for row, sign in members if (amount := amounts[row].get(column)) is not None]
        added = sum(amount * sign for amount, sign in parts)
        if not _near(amounts, total, column, [added], len(parts), step):
            return False
    return True


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
