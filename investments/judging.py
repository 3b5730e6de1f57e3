"""Whether printed figures add up as printed: exactly, by rounding, or not at all (domain rule 2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices

from .columns import Column
from .evaluation import Evaluation, orientation
from .figures import LineFigures
from .rounding import rounded


class Verdict(TextChoices):
    EXACT = "exact", "klopt precies"
    ROUNDING = "rounding", "afrondingsverschil"
    BROKEN = "broken", "telt niet op"


@dataclass(frozen=True)
class Judgement:
    """One sum of printed figures, in euros: what it comes to, what is printed, and the verdict.

    `chain` is the same sum before rounding, in cents: (label, signed amount) of each part.
    """

    line: int
    column: str
    across: bool
    verdict: Verdict
    printed: int
    added: int
    chain: tuple[tuple[str, int], ...]

    @property
    def difference(self) -> int:
        """What is printed beyond the sum of its printed parts, in euros."""
        return self.printed - self.added


Part = tuple[str, int | None, int]
"""Label, cents or nothing, and +1 or -1."""


@dataclass(frozen=True)
class _Sum:
    """A sum that a reader may make: the parts as the table shows them, and how far rounding may take it."""

    parts: tuple[Part, ...]
    across: bool

    def tolerance(self, step: int) -> int:
        """Twice the cents that rounding explains: half a step for each rounded figure, one step across a row."""
        rounded_figures = sum(cents is not None for _, cents, _ in self.parts)
        return 200 * step if self.across else 100 * step * (rounded_figures + 1)


def judge_table(
    lines: Sequence[LineFigures], columns: Sequence[Column], cells: Evaluation, unit: int, resolution: int = 1
) -> tuple[Judgement, ...]:
    """Every total and every computed column; `resolution` is what the source rounded to, in euros like `unit`.

    A total is judged by its direct members, as a reader adds them up.
    """
    by_key = {line.key: line for line in lines}
    judgements = (
        _judged(line, column, added, cells, unit, max(unit, resolution))
        for line in lines
        if line.key in cells.computed
        for column in columns
        if column.is_amount
        for added in _sums(line, column, columns, cells, by_key)
    )
    return tuple(judgement for judgement in judgements if judgement is not None)


def _sums(
    line: LineFigures,
    column: Column,
    columns: Sequence[Column],
    cells: Evaluation,
    lines: Mapping[int, LineFigures],
) -> Iterable[_Sum]:
    terms = _terms(line, column, lines)
    labels = {item.key: item.label for item in columns}
    # Nobody can add up a column that is not printed.
    if terms and all(key in labels for key, _ in terms):
        yield _Sum(tuple((labels[key], cells.shown(line.key, key), sign) for key, sign in terms), across=True)
    if line.members and all(key in cells.computed for key, _ in line.members):
        # A total's result is the sum of its members' favourable results, whatever their sign (rule 5).
        signs = {key: 1 if column.key == "result" else sign for key, sign in line.members}
        yield _Sum(
            tuple((lines[key].label, cells.shown(key, column.key), sign) for key, sign in signs.items()), across=False
        )


def _terms(line: LineFigures, column: Column, lines: Mapping[int, LineFigures]) -> tuple[tuple[str, int], ...]:
    """Of which columns of its row a cell is the sum; none for a typed cell, or a mixed total's result."""
    if column.key == "amended":
        return (("original", 1), ("amendments", 1))
    if column.key == "result":
        sign = orientation(line, lines)
        return (("amended", sign), ("actual", -sign)) if sign else ()
    return column.terms


def _judged(
    line: LineFigures, column: Column, added: _Sum, cells: Evaluation, unit: int, step: int
) -> Judgement | None:
    cents = cells.shown(line.key, column.key)
    if cents is None or all(part is None for _, part, _ in added.parts):
        return None
    printed = rounded(cents, unit) * unit
    total = sum(rounded(part or 0, unit) * unit * sign for _, part, sign in added.parts)
    off = 200 * abs(printed - total)
    verdict = Verdict.EXACT if not off else Verdict.ROUNDING if off <= added.tolerance(step) else Verdict.BROKEN
    chain = tuple((label, (part or 0) * sign) for label, part, sign in added.parts)
    return Judgement(line.key, column.key, added.across, verdict, printed, total, chain)


def worst(judgements: Iterable[Judgement]) -> Verdict:
    """The verdict on them together: one broken sum breaks the table."""
    found = {judgement.verdict for judgement in judgements}
    return next((verdict for verdict in (Verdict.BROKEN, Verdict.ROUNDING) if verdict in found), Verdict.EXACT)
