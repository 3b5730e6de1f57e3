"""What stands in every cell of a table: typed, computed from other columns, or added up by a total (rules 2 and 5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from . import variance
from .columns import BUDGET, Column
from .figures import Figures, LineFigures, flattened

Cells = dict[str, int | None]


@dataclass(frozen=True)
class Evaluation:
    """Cents by line and column; None is an empty cell, or one that follows from what is not known.

    `stated` is what the source printed where the portal computes. `unknown` holds the columns, by line, in which None
    is not nothing but an amount that nobody knows.
    """

    computed: Mapping[int, Cells]
    stated: Mapping[int, Mapping[str, int]]
    unknown: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def shown(self, line: int, column: str) -> int | None:
        """What is printed: as stated, else as computed."""
        return self.stated[line].get(column, self.computed[line].get(column))

    def is_unknown(self, line: int, column: str) -> bool:
        """Whether the cell holds an amount that nobody knows."""
        return column in self.unknown.get(line, ()) and column not in self.stated[line]


def evaluate(lines: Sequence[LineFigures], columns: Sequence[Column], figures: Mapping[int, Figures]) -> Evaluation:
    """The amounts of all lines that have figures. Raises CircularTotal."""
    by_key = {line.key: line for line in lines}
    typed = {line.key: dict(line.cells) for line in lines}
    own = [column for column in columns if column.is_typed and column.is_amount]
    uncertain = _uncertain(columns)
    computed: dict[int, Cells] = {}
    unknown: dict[int, frozenset[str]] = {}
    for line in lines:
        if line.key in figures:
            cells: Cells = {key: getattr(figures[line.key], key) for key in BUDGET}
            parts = flattened(line, by_key)
            for column in own:
                amounts = ((typed[key].get(column.key), sign) for key, sign in parts)
                cells[column.key] = _sum(amounts, unknown=column.unknown)
            unknown[line.key] = _unknown(cells, uncertain)
            computed[line.key] = _with_derived(cells, columns, unknown[line.key])
    return Evaluation(computed, {key: dict(by_key[key].stated) for key in computed}, unknown)


def _uncertain(columns: Sequence[Column]) -> dict[str, frozenset[str]]:
    """Of each column, on which columns it depends whose empty cells say that an amount is not known."""
    by_key = {column.key: column for column in columns}

    def roots(key: str) -> frozenset[str]:
        column = by_key.get(key)
        if column is None or not column.terms:
            return frozenset([key] if column is not None and column.unknown else [])
        return frozenset().union(*(roots(term) for term, _ in column.terms))

    return {key: found for key in by_key if (found := roots(key))}


def _unknown(cells: Cells, uncertain: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Columns that are empty where that says something, and the sums that follow from them."""
    return frozenset(key for key, roots in uncertain.items() if any(cells.get(root) is None for root in roots))


def _with_derived(cells: Cells, columns: Sequence[Column], unknown: frozenset[str]) -> Cells:
    """The cells with those that are sums of others, in whatever order the columns stand."""
    by_key = {column.key: column for column in columns}

    def value(key: str) -> int | None:
        column = by_key.get(key)
        if column is None or not column.terms:
            return cells.get(key)
        if key in unknown:
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
