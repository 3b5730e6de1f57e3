"""Amounts of last year's table in columns of this year's: lines of two years belong together by their label."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .checks import Check, name_of
from .columns import Column
from .evaluation import Evaluation
from .figures import LineFigures, LineKind

KINDS = (LineKind.LINE, LineKind.INFORMATION)
"""Lines that hold amounts; totals add up what their members took over."""


@dataclass(frozen=True)
class Carried:
    """By line and column the amount of last year in cents, None without one; `checks` tell what found no place."""

    amounts: Mapping[int, Mapping[str, int | None]]
    checks: tuple[Check, ...] = ()


def carry(
    lines: Sequence[LineFigures],
    columns: Mapping[str, tuple[Column, str]],
    last_year: Sequence[LineFigures],
    cells: Evaluation,
) -> Carried:
    """What last year's lines (with their `cells`) say in `columns`: by key the column here and the key of that there.

    Of lines that are alike (label, kind and direction) the first goes with the first, the second with the second.
    """
    waiting: dict[tuple[str, str, str], deque[LineFigures]] = defaultdict(deque)
    for line in last_year:
        if line.kind in KINDS:
            waiting[_identity(line)].append(line)
    amounts: dict[int, Mapping[str, int | None]] = {}
    for line in lines:
        if line.kind in KINDS:
            queue = waiting[_identity(line)]
            found = queue.popleft() if queue else None
            amounts[line.key] = {
                key: _amount(cells, found.key, source) if found else None for key, (_, source) in columns.items()
            }
    left = [line for queue in waiting.values() for line in queue if line.kind == LineKind.LINE]
    return Carried(
        amounts,
        tuple(
            Check(f"{line.label}, {column.label}", ("in deze tabel", 0), ("in die van vorig jaar", cents))
            for line in left
            for column, source in columns.values()
            if (cents := _amount(cells, line.key, source))
        ),
    )


def _identity(line: LineFigures) -> tuple[str, str, str]:
    return name_of(line.label), line.kind, line.direction


def _amount(cells: Evaluation, line: int, column: str) -> int | None:
    return None if cells.is_unknown(line, column) else cells.shown(line, column)
