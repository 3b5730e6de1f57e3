"""A table as it is printed: one function for the screen, the PDF and every export."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import variance
from .columns import MARK, SHARE, Column
from .evaluation import Evaluation, evaluate, orientation
from .figures import Figures, LineFigures, LineKind
from .judging import Judgement, Verdict, judge_table, worst
from .rounding import printed, unit_note
from .styles import Marks, PrintStyle

UNKNOWN = "onbekend"


@dataclass(frozen=True)
class Cell:
    """One printed cell beside its exact value in cents; `judgement` is the worst on it, None where nothing adds up."""

    column: str
    text: str
    cents: int | None = None
    judgement: Judgement | None = None
    is_amount: bool = True
    is_words: bool = False

    @property
    def verdict(self) -> Verdict | None:
        return self.judgement.verdict if self.judgement else None


@dataclass(frozen=True)
class Row:
    """One printed line. `percentage` is ready to print ("10%", "n.v.t."), `mark` is V, N or empty."""

    key: int
    label: str
    kind: str
    cells: tuple[Cell, ...]
    percentage: str
    mark: str

    @property
    def is_total(self) -> bool:
        return self.kind == LineKind.TOTAL

    @property
    def is_heading(self) -> bool:
        return self.kind == LineKind.HEADING


@dataclass(frozen=True)
class Statement:
    """A whole table, ready to lay out, with what was found when its printed figures were added up."""

    title: str
    unit_note: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    judgements: tuple[Judgement, ...]

    @property
    def verdict(self) -> Verdict:
        return worst(self.judgements)

    @property
    def has_rounding(self) -> bool:
        """Whether a reader who adds up what is printed meets a difference that rounding explains."""
        return any(judgement.verdict == Verdict.ROUNDING for judgement in self.judgements)


def build(
    title: str,
    style: PrintStyle,
    columns: tuple[Column, ...],
    lines: Sequence[LineFigures],
    figures: Mapping[int, Figures],
    cells: Evaluation | None = None,
) -> Statement:
    """Lay out computed figures (cents) as `style` says; lines without figures are left out. Raises CircularTotal.

    `cells` are those of these lines in at least these columns, for who has them already.
    """
    cells = cells or evaluate(lines, columns, figures)
    judgements = judge_table(lines, columns, cells, style.unit, style.resolution)
    printing = _Printing(style, columns, {line.key: line for line in lines}, cells, _by_cell(judgements))
    rows = tuple(
        printing.row(line, figures[line.key])
        for line in lines
        if line.key in figures and not (style.hide_empty and printing.is_empty(line))
    )
    return Statement(title, unit_note(style.unit), columns, rows, judgements)


@dataclass(frozen=True)
class _Printing:
    """One table on its way to text."""

    style: PrintStyle
    columns: tuple[Column, ...]
    lines: Mapping[int, LineFigures]
    cells: Evaluation
    judgements: Mapping[tuple[int, str], Judgement]

    def is_empty(self, line: LineFigures) -> bool:
        """A plain line that holds nothing: its amounts are zero or empty and so are its words."""
        amounts = (self.cells.shown(line.key, column.key) for column in self.columns if column.is_amount)
        return line.kind == LineKind.LINE and not line.texts and not any(amounts)

    def row(self, line: LineFigures, figures: Figures) -> Row:
        result = self.cells.shown(line.key, "result") or 0
        stated = "result" in dict(line.stated)
        percentage = variance.percentage(result, figures.amended) if stated else figures.percentage
        mark = variance.mark(result) or (self.style.zero_mark if self.style.marks != Marks.SIGN else "")
        words = {**dict(line.texts), SHARE: share(percentage), MARK: mark}
        sign = self._sign(line)
        cells = tuple(self._cell(line.key, column, sign, words) for column in self.columns)
        if line.kind == LineKind.HEADING:
            cells = tuple(Cell(column.key, "", is_amount=False) for column in self.columns)
        return Row(line.key, line.label, line.kind, cells, words[SHARE], mark)

    def _cell(self, line: int, column: Column, sign: int, words: Mapping[str, str]) -> Cell:
        if not column.is_amount:
            return Cell(column.key, words.get(column.key, ""), is_amount=False, is_words=column.is_text)
        cents = self.cells.shown(line, column.key)
        text = UNKNOWN if self.cells.is_unknown(line, column.key) else self._text(column, cents, sign, words[MARK])
        return Cell(column.key, text, cents, self.judgements.get((line, column.key)))

    def _text(self, column: Column, cents: int | None, sign: int, mark: str) -> str:
        if cents is None:
            return ""
        if column.key != "result":
            return self._printed(cents * sign)
        if self.style.marks == Marks.SIGN or not mark:
            return self._printed(-cents if self.style.reversed_result else cents)
        amount = self._printed(abs(cents))
        return f"{mark} {amount}" if self.style.marks == Marks.BEFORE else f"{amount} {mark}"

    def _printed(self, cents: int) -> str:
        return printed(cents, self.style.unit, self.style.zero)

    def _sign(self, line: LineFigures) -> int:
        """Which way amounts of this line are printed; a total that adds up both ways goes as income does."""
        return self.style.sign(orientation(line, self.lines))


def _by_cell(judgements: Sequence[Judgement]) -> dict[tuple[int, str], Judgement]:
    """The worst judgement on each cell that is a sum, down or across."""
    found: dict[tuple[int, str], list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        found[judgement.line, judgement.column].append(judgement)
    verdicts = {cell: worst(items) for cell, items in found.items()}
    return {cell: next(item for item in items if item.verdict == verdicts[cell]) for cell, items in found.items()}


def share(percentage: int | None) -> str:
    """Whole percents as printed; None, where the amended budget is 0, is "n.v.t." (domain rule 3)."""
    return "n.v.t." if percentage is None else f"{percentage}%"
