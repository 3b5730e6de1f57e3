"""What stands in every cell of a table: typed, computed from other columns, or added up by a total (rules 2 and 5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import variance
from .columns import BUDGET, Column
from .figures import Figures, LineFigures, flattened

Cells = dict[str, int | None]


@dataclass(frozen=True)
class Evaluation:
    """Cents by line and column; None is an empty cell, or one that follows from what is not known.

    `stated` is what the source printed where the portal computes.
    """

    computed: Mapping[int, Cells]
    stated: Mapping[int, Mapping[str, int]]

    def shown(self, line: int, column: str) -> int | None:
        """What is printed: as stated, else as computed."""
        return self.stated[line].get(column, self.computed[line].get(column))


def evaluate(lines: Sequence[LineFigures], columns: Sequence[Column], figures: Mapping[int, Figures]) -> Evaluation:
    """The amounts of all lines that have figures. Raises CircularTotal."""
    by_key = {line.key: line for line in lines}
    typed = {line.key: dict(line.cells) for line in lines}
    own = [column for column in columns if column.is_typed and column.is_amount]
    computed: dict[int, Cells] = {}
    for line in lines:
        if line.key in figures:
            cells: Cells = {key: getattr(figures[line.key], key) for key in BUDGET}
            parts = flattened(line, by_key)
            for column in own:
                amounts = ((typed[key].get(column.key), sign) for key, sign in parts)
                cells[column.key] = _sum(amounts, unknown=column.unknown)
            computed[line.key] = _with_derived(cells, columns)
    return Evaluation(computed, {key: dict(by_key[key].stated) for key in computed})


def _with_derived(cells: Cells, columns: Sequence[Column]) -> Cells:
    """The cells with those that are sums of others, in whatever order the columns stand."""
    by_key = {column.key: column for column in columns}

    def value(key: str) -> int | None:
        column = by_key.get(key)
        if column is None or not column.terms:
            return cells.get(key)
        if any(by_key[term].unknown and value(term) is None for term, _ in column.terms if term in by_key):
            return None
        return _sum(((value(term), sign) for term, sign in column.terms), unknown=False)

    return {**cells, **{column.key: value(column.key) for column in columns if column.terms}}


def _sum(parts: Iterable[tuple[int | None, int]], *, unknown: bool) -> int | None:
    """Empty cells count as nothing; a sum of only empty cells is empty, and one of a part that is unknown too."""
    known = [(amount, sign) for amount, sign in parts]
    if all(amount is None for amount, _ in known) or (unknown and any(amount is None for amount, _ in known)):
        return None
    return sum((amount or 0) * sign for amount, sign in known)


def orientation(line: LineFigures, lines: Mapping[int, LineFigures]) -> int:
    """1 when more amended than spent is favourable (expense), -1 when less is (income, balance), 0 when it depends."""
    signs = {sign * variance.SIGNS[variance.Direction(lines[key].direction)] for key, sign in flattened(line, lines)}
    return signs.pop() if len(signs) == 1 else 0
