"""Whether printed figures add up as printed: exactly, by rounding, or not at all (domain rule 2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models import TextChoices

from .amounts import euros, grouped
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

    `label` and `heading` name its line and column. `chain` is the same sum before rounding, in cents: (label, signed
    amount) of each part.
    """

    line: int
    column: str
    label: str
    heading: str
    across: bool
    unit: int
    verdict: Verdict
    printed: int
    added: int
    chain: tuple[tuple[str, int], ...]

    @property
    def difference(self) -> int:
        """What is printed beyond the sum of its printed parts, in euros."""
        return self.printed - self.added

    @property
    def anchor(self) -> str:
        """Where the page of proofs shows it."""
        return f"som-{self.line}-{self.column}{'-rij' if self.across else ''}"

    @property
    def told_parts(self) -> list[tuple[str, str, str]]:
        """Of each part its label, its amount in euros and cents, and how the table prints it."""
        return [(label, euros(cents), grouped(rounded(cents, self.unit))) for label, cents in self.chain]

    @property
    def told_sum(self) -> tuple[str, str]:
        """The sum of the parts in euros and cents, and that of the printed parts in units."""
        return euros(sum(cents for _, cents in self.chain)), grouped(self.added // self.unit)

    @property
    def told_printed(self) -> str:
        return grouped(self.printed // self.unit)

    @property
    def told_difference(self) -> str:
        return grouped(self.difference // self.unit)


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
    printed = {item.key: item for item in columns}
    # Nobody can add up what is not printed or not known.
    if terms and all(key in printed and not cells.is_unknown(line.key, key) for key, _ in terms):
        yield _Sum(tuple((printed[key].label, cells.shown(line.key, key), sign) for key, sign in terms), across=True)
    counted = [key for key, _ in line.members]
    if counted and all(key in cells.computed and not cells.is_unknown(key, column.key) for key in counted):
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
    return Judgement(
        line.key, column.key, line.label, column.heading, added.across, unit, verdict, printed, total, chain
    )


class Judged(Protocol):
    """Whatever carries a verdict."""

    @property
    def verdict(self) -> Verdict | None: ...


def worst(judgements: Iterable[Judged]) -> Verdict:
    """The verdict on them together: one broken sum breaks the table."""
    found = {judgement.verdict for judgement in judgements}
    return next((verdict for verdict in (Verdict.BROKEN, Verdict.ROUNDING) if verdict in found), Verdict.EXACT)
