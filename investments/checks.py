"""Whether a table agrees with itself and with last year's: assets with liabilities, opening with closing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .amounts import euros
from .columns import Column
from .evaluation import Evaluation
from .figures import LineFigures, LineKind
from .judging import Verdict
from .variance import Direction

UNKNOWN = "onbekend"
OPENING, CLOSING = "opening", "closing"


@dataclass(frozen=True)
class Check:
    """Two amounts in cents that must be the same; None is not known, and then there is no verdict."""

    subject: str
    one: tuple[str, int | None]
    other: tuple[str, int | None]
    tolerance: int = 0

    @property
    def difference(self) -> int | None:
        """Cents that the one is more than the other."""
        one, other = self.one[1], self.other[1]
        return None if one is None or other is None else one - other

    @property
    def verdict(self) -> Verdict | None:
        if self.difference is None:
            return None
        if not self.difference:
            return Verdict.EXACT
        return Verdict.ROUNDING if abs(self.difference) <= self.tolerance else Verdict.BROKEN

    @property
    def told(self) -> list[tuple[str, str]]:
        """Both amounts and their difference in euros, as people read them."""
        amounts = (self.one, self.other, ("verschil", self.difference))
        return [(label, UNKNOWN if cents is None else euros(cents)) for label, cents in amounts]


def balance(
    lines: Sequence[LineFigures], columns: Sequence[Column], cells: Evaluation, resolution: int = 1
) -> tuple[Check, ...]:
    """Assets against liabilities, in each column of amounts; totals are left out, since they repeat their lines.

    `resolution` is what the source rounded to, in euros: then half of it for each line may be rounding.
    """
    plain = [line for line in lines if line.kind == LineKind.LINE and line.key in cells.computed]
    sides = [[line.key for line in plain if line.direction == side] for side in (Direction.ASSET, Direction.LIABILITY)]
    if not all(sides):
        return ()
    tolerance = 50 * resolution * len(plain) if resolution > 1 else 0
    return tuple(
        Check(
            f"Balans, {column.label}",
            ("activa", _sum(cells, sides[0], column.key)),
            ("passiva", _sum(cells, sides[1], column.key)),
            tolerance,
        )
        for column in columns
        if column.is_amount
    )


def _sum(cells: Evaluation, keys: Sequence[int], column: str) -> int | None:
    if any(cells.is_unknown(key, column) for key in keys):
        return None
    return sum(cells.shown(key, column) or 0 for key in keys)


def continuation(
    lines: Sequence[LineFigures], cells: Evaluation, last_year: Mapping[str, int | None], resolution: int = 1
) -> tuple[Check, ...]:
    """The opening of each plain line against its closing of last year, by `name_of` its label.

    A line that is new opened with nothing, and one that is gone had to close with nothing.
    """
    return tuple(
        Check(
            label, ("begin van dit jaar", opened), ("eind van vorig jaar", closed), 100 * resolution * (resolution > 1)
        )
        for label, opened, closed in _years(lines, cells, last_year)
        if opened != 0 or closed != 0
    )


def _years(
    lines: Sequence[LineFigures], cells: Evaluation, last_year: Mapping[str, int | None]
) -> Iterator[tuple[str, int | None, int | None]]:
    left = dict(last_year)
    for line in lines:
        if line.kind == LineKind.LINE and line.key in cells.computed:
            yield line.label, _shown(cells, line.key, OPENING), left.pop(name_of(line.label), 0)
    yield from ((label, 0, closed) for label, closed in left.items())


@dataclass(frozen=True)
class Quote:
    """What a text says of a table: `cents`, rounded to `resolution` euros, for the sum of lines in one column.

    `lines` are (key of the line, +1 or -1).
    """

    text: str
    column: str
    cents: int
    resolution: int
    lines: tuple[tuple[int, int], ...]

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def quote(data: Mapping[str, Any]) -> Quote:
    """The quote that `as_data` (or its JSON) came from."""
    return Quote(**{**data, "lines": tuple((key, sign) for key, sign in data["lines"])})


def quoted(quotes: Sequence[Quote], cells: Evaluation, resolution: int = 1) -> tuple[Check, ...]:
    """Each quote against the table; a line or column that is gone counts as nothing, and so breaks it.

    Rounding explains half of what the text rounded to, and as much for each figure that the source had rounded.
    """
    return tuple(
        Check(
            f"“{item.text}”",
            ("in de tekst", item.cents),
            ("in de tabel", _signed(cells, item)),
            50 * item.resolution + 50 * resolution * len(item.lines) * (resolution > 1),
        )
        for item in quotes
    )


def _signed(cells: Evaluation, item: Quote) -> int | None:
    there = [(key, sign) for key, sign in item.lines if key in cells.computed]
    if any(cells.is_unknown(key, item.column) for key, _ in there):
        return None
    return sum((cells.shown(key, item.column) or 0) * sign for key, sign in there)


def closings(lines: Sequence[LineFigures], cells: Evaluation) -> dict[str, int | None]:
    """What each plain line closed with, in cents, by `name_of` its label; None where that is not known."""
    plain = [line for line in lines if line.kind == LineKind.LINE and line.key in cells.computed]
    return {name_of(line.label): _shown(cells, line.key, CLOSING) for line in plain}


def name_of(label: str) -> str:
    """A label without what differs between years by accident: capitals and spaces."""
    return " ".join(label.split()).casefold()


def _shown(cells: Evaluation, line: int, column: str) -> int | None:
    return None if cells.is_unknown(line, column) else cells.shown(line, column) or 0
