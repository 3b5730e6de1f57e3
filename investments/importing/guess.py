"""A first mapping of a file: its columns by their headings, its lines by their words, both held against the figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..columns import BUDGET, MARK, Column, with_needed
from ..figures import LineKind
from ..spreadsheets import Row, Value
from ..styles import Marks, PrintStyle, Zero
from ..variance import Direction
from . import headings, layout, members
from .headings import LEFT_OUT, OWN, TEXT, Heading
from .layout import Layout, cell_of
from .mapping import FileColumn, FileLine, FileMapping
from .notation import Reading, has_amount, in_cents, read_column

MOST_LOOKED_AT = 40
"""Columns in which sums are sought: more than a table can have."""
NAMELESS = "Totaal"
"""What a line with amounts and without words is called."""


@dataclass(frozen=True)
class Guess:
    """A mapping, and in Dutch what somebody must look at before it can be trusted."""

    mapping: FileMapping
    doubts: tuple[str, ...]


def guess(
    sheet: str, rows: Sequence[Row], found: Layout, year: int, unit: int | None = None, own: Sequence[Column] = ()
) -> Guess:
    """The mapping of the table in `found` for a table of `year`; `unit` in euros when somebody said so.

    `own` are the columns of a table that is there: what is none of them is left out, unless somebody asks for it.
    """
    guessing = _Guessing(sheet, rows, found, year, unit or found.unit or 1)
    if not (unit or found.unit):
        guessing.doubts.append("Het bestand zegt niet in welke eenheid de bedragen staan.")
    guessed = guessing.guess()
    return replace(guessed, mapping=_fitted(guessed.mapping, own)) if own else guessed


def _fitted(mapping: FileMapping, own: Sequence[Column]) -> FileMapping:
    """The mapping for a table with these columns: what they name first, then what the headings say."""
    budget = {column.key for column in with_needed(own, 0)} & {*BUDGET, MARK}
    labels = {column.label.casefold() for column in own if column.key not in BUDGET}
    columns = []
    for column in mapping.columns:
        use = column.use
        if column.heading.casefold() in labels:
            use = OWN if column.use in BUDGET else column.use
        elif use not in budget:
            use = LEFT_OUT
        columns.append(replace(column, use=use, terms=column.terms if use == OWN else ()))
    return replace(mapping, columns=tuple(columns))


class _Guessing:
    """One sheet on its way to a mapping; steps in order, each with what came before."""

    def __init__(self, sheet: str, rows: Sequence[Row], found: Layout, year: int, unit: int) -> None:
        self.sheet, self.rows, self.found, self.year, self.unit = sheet, rows, found, year, unit
        self.doubts: list[str] = []
        self.body = self._body()
        self.cells = {
            place: {number: cell_of(row, place) for number, row in self.body.items()}
            for place in range(len(found.headings))
        }
        self.readings: dict[int, Reading] = {}

    def guess(self) -> Guess:
        columns = self._columns()
        self.readings = {column.place: read_column(self.cells[column.place]) for column in columns if column.is_amount}
        self.amounts = {
            row: {place: self._cents(reading, row) for place, reading in self.readings.items()} for row in self.body
        }
        self.step = self._resolution() * 100
        style = self._style(columns)
        columns = self._with_result(columns)
        columns = self._with_terms(columns)
        lines = self._with_directions(self._lines(columns), columns)
        lines = self._with_members(lines, columns)
        style = self._with_signs(style, lines, columns)
        mapping = FileMapping(
            self.sheet, self.found.first, self.found.last, self.found.label, self.unit, columns, lines, style
        )
        return Guess(mapping, tuple(self.doubts))

    # --- rows and columns ---------------------------------------------------------------------------------------------
    def _body(self) -> dict[int, Row]:
        """The rows of the table by number, up to the last with an amount; what stands below is a note."""
        filled = {
            number: row
            for number, row in enumerate(self.rows[self.found.last :], start=self.found.last + 1)
            if any(cell is not None for cell in row)
        }
        label = self.found.label
        with_amounts = [
            number
            for number, row in filled.items()
            if any(cell is not None for cell in (*row[:label], *row[label + 1 :]))
        ]
        return {number: row for number, row in filled.items() if number <= max(with_amounts, default=0)}

    def _columns(self) -> tuple[FileColumn, ...]:
        """Every column but that of the labels, with what its heading and cells say."""
        said = {
            place: headings.recognise(words)
            for place, words in enumerate(self.found.headings)
            if place != self.found.label and any(cell is not None for cell in self.cells[place].values())
        }
        uses = {place: self._use(place, heading) for place, heading in said.items()}
        uses = self._phases(uses, said)
        self._doubt_headings(list(uses))
        return tuple(
            FileColumn(place, self.found.headings[place] or f"kolom {layout.column_name(place)}", use)
            for place, use in uses.items()
        )

    def _use(self, place: int, heading: Heading) -> str:
        filled = [cell for cell in self.cells[place].values() if cell is not None]
        if all(str(cell).strip().upper() in ("V", "N") for cell in filled):
            return MARK
        amounts = sum(has_amount(cell) and not _is_code(cell) for cell in filled)
        if 2 * amounts < len(filled) or "%" in self.found.headings[place]:
            return TEXT
        if heading.use == MARK:
            return OWN
        if heading.is_cumulative or not heading.is_about(self.year):
            return OWN
        return heading.use

    def _phases(self, uses: dict[int, str], said: Mapping[int, Heading]) -> dict[int, str]:
        """Budget and actual, where there is one of each; otherwise nothing is compared, and all are own columns."""
        known = set(uses.values())
        budget = "original" if "amended" in known else "amended"
        uses = {place: budget if use == "budget" else use for place, use in uses.items()}
        counted = Counter(use for use in uses.values() if use in BUDGET)
        compared = {use for use, count in counted.items() if count == 1}
        if "actual" in compared and compared & {"original", "amended"}:
            # Which of several is the result, their figures tell.
            compared.add("result")
        else:
            compared.clear()
            self._doubt_years(said)
        return {place: use if use in (*compared, MARK, TEXT) else OWN for place, use in uses.items()}

    def _doubt_years(self, said: Mapping[int, Heading]) -> None:
        years = sorted({year for heading in said.values() for year in heading.years})
        if years and self.year not in years:
            self.doubts.append(f"De opschriften noemen {', '.join(map(str, years))}; de tabel is van {self.year}.")

    def _doubt_headings(self, places: Sequence[int]) -> None:
        words = Counter(self.found.headings[place].casefold() for place in places)
        for heading, count in words.items():
            if count > 1:
                name = f"“{heading}”" if heading else "geen opschrift"
                self.doubts.append(f"{count} kolommen hebben hetzelfde opschrift: {name}.")

    # --- figures ------------------------------------------------------------------------------------------------------
    def _cents(self, reading: Reading, row: int) -> int | None:
        amount = reading.amounts.get(row)
        return None if amount is None else in_cents(amount, self.unit)

    def _resolution(self) -> int:
        """What the figures are rounded to, in euros: thousands when all of them end in three zeros."""
        cents = [amount for row in self.amounts.values() for amount in row.values() if amount]
        return next(
            (step for step in (1_000_000, 1_000) if cents and all(not amount % (step * 100) for amount in cents)), 1
        )

    def _style(self, columns: Sequence[FileColumn]) -> PrintStyle:
        """How the file writes zero, V and N."""
        zeros = {zero for reading in self.readings.values() for zero in reading.zeros}
        results = [self.readings[column.place] for column in columns if column.use == "result"]
        found = [(self.cells_of(reading), reading) for reading in results if reading.marks]
        style = PrintStyle(self.unit, max(1, self.step // 100), Zero.ZERO if "0" in zeros else Zero.DASH)
        for cells, reading in found:
            before = any(str(cells[row]).strip()[:1] in "VNvn" for row in reading.marks)
            zero_marks = {mark for row, mark in reading.marks.items() if not reading.amounts.get(row)}
            style = replace(style, marks=Marks.BEFORE if before else Marks.AFTER, zero_mark=next(iter(zero_marks), ""))
        return style

    def cells_of(self, reading: Reading) -> dict[int, Value]:
        """The cells that a reading came from."""
        place = next(place for place, found in self.readings.items() if found is reading)
        return self.cells[place]

    def _with_result(self, columns: tuple[FileColumn, ...]) -> tuple[FileColumn, ...]:
        """Only the first column that is what budget and actual leave, whichever way, is the result."""
        places = {column.use: column.place for column in columns}
        result = next((column for column in columns if column.use == "result" and self._is_left(column, places)), None)
        return tuple(
            replace(column, use=OWN) if column.use == "result" and column is not result else column
            for column in columns
        )

    def _is_left(self, column: FileColumn, places: Mapping[str, int]) -> bool:
        """Whether most rows of a column differ no more from what budget and actual leave than rounding explains."""
        off = [
            abs(abs(amounts[column.place] or 0) - abs(self._left(amounts, places))) > self.step
            for amounts in self.amounts.values()
        ]
        return 2 * sum(off) <= len(off)

    def _with_terms(self, columns: tuple[FileColumn, ...]) -> tuple[FileColumn, ...]:
        """Own columns that follow from those before them."""
        usual = {column.place: headings.usual_sign(column.heading) for column in columns}
        amounts = [column.place for column in columns if column.is_amount]
        found = {}
        for column in columns[:MOST_LOOKED_AT]:
            if column.use == OWN and headings.may_be_sum(column.heading):
                before = amounts[: amounts.index(column.place)]
                terms, is_sure = members.terms(self.amounts, column.place, before, usual, self.step)
                found[column.place] = terms
                if not is_sure:
                    self.doubts.append(f"Wat de kolom “{column.heading}” optelt of aftrekt, is niet zeker.")
        return tuple(replace(column, terms=found.get(column.place, ())) for column in columns)

    # --- lines --------------------------------------------------------------------------------------------------------
    def _lines(self, columns: Sequence[FileColumn]) -> tuple[FileLine, ...]:
        lines = []
        for row, cells in self.body.items():
            label = layout.words(cell_of(cells, self.found.label))
            filled = any(cell_of(cells, column.place) is not None for column in columns)
            kind = LineKind.LINE if filled else LineKind.HEADING
            if filled and not label:
                kind = LineKind.TOTAL
            lines.append(FileLine(row, label or NAMELESS, kind))
        return tuple(lines)

    def _with_directions(self, lines: tuple[FileLine, ...], columns: Sequence[FileColumn]) -> tuple[FileLine, ...]:
        """Income and expense by V or N where the file has those, else by the words of the line or the heading above."""
        found, above = [], ""
        for line in lines:
            if line.kind == LineKind.HEADING:
                above = line.label
            is_income = self._by_mark(line.row, columns)
            if is_income is None:
                is_income = headings.says_income(line.label) or (
                    headings.says_income(above) and not headings.says_expense(line.label)
                )
            found.append(replace(line, direction=Direction.INCOME if is_income else Direction.EXPENSE))
        return tuple(found)

    def _by_mark(self, row: int, columns: Sequence[FileColumn]) -> bool | None:
        """Whether V or N beside the deviation makes the line income; None where that does not tell."""
        places = {column.use: column.place for column in columns}
        if "result" not in places:
            return None
        mark = self.readings[places["result"]].marks.get(row) or str(self.cells.get(places.get(MARK, -1), {}).get(row))
        left = self._left(self.amounts[row], places)
        if mark not in ("V", "N") or not left or self.amounts[row][places["result"]] is None:
            return None
        return (left > 0) != (mark == "V")

    def _with_members(self, lines: tuple[FileLine, ...], columns: Sequence[FileColumn]) -> tuple[FileLine, ...]:
        """Totals by their words, each with the lines that it is found to add up."""
        added = [column.place for column in columns if column.is_amount and column.use != "result"][:MOST_LOOKED_AT]
        totals: dict[int, FileLine] = {}
        counted: set[int] = set()
        for index, line in enumerate(lines):
            if line.kind == LineKind.HEADING or not (line.is_total or headings.may_be_total(line.label)):
                continue
            above = [self._candidate(totals.get(item.row, item)) for item in lines[:index] if item.row not in counted]
            below = [self._candidate(item) for item in lines[index + 1 :]]
            found = members.proposed(self.amounts, line.row, above, below, added, self.step)
            if found is not None:
                totals[line.row] = replace(line, kind=LineKind.TOTAL, members=found)
                counted |= {row for row, _ in found}
            elif line.is_total or "totaal" in line.label.casefold():
                totals[line.row] = replace(line, kind=LineKind.TOTAL)
                self.doubts.append(f"Van “{line.label}” (rij {line.row}) is niet gevonden welke regels het optelt.")
        return tuple(totals.get(line.row, line) for line in lines)

    def _candidate(self, line: FileLine) -> members.Candidate:
        balance = "saldo" in line.label.casefold() or "resultaat" in line.label.casefold()
        income = line.direction == Direction.INCOME or (line.is_total and balance)
        return members.Candidate(line.row, 1 if income else -1, line.kind == LineKind.HEADING)

    def _with_signs(self, style: PrintStyle, lines: Sequence[FileLine], columns: Sequence[FileColumn]) -> PrintStyle:
        """Whether expenses are written negative, and whether the deviation is actual minus budget."""
        actual = [column.place for column in columns if column.use in ("actual", "amended", "original")]
        expenses = [
            self.amounts[line.row][place] or 0
            for line in lines
            if line.kind == LineKind.LINE and line.direction == Direction.EXPENSE
            for place in actual
        ]
        has_income = any(line.direction == Direction.INCOME for line in lines)
        if has_income and any(expenses) and all(amount <= 0 for amount in expenses):
            style = replace(style, expense_sign=-1)
        if style.marks == Marks.SIGN and self._is_reversed(lines, columns):
            style = replace(style, reversed_result=True)
        return style

    def _is_reversed(self, lines: Sequence[FileLine], columns: Sequence[FileColumn]) -> bool:
        places = {column.use: column.place for column in columns}
        if "result" not in places or MARK in places:
            return False
        ways = Counter(
            ((amounts[places["result"]] or 0) > 0) == (self._left(amounts, places) * _sign(line) > 0)
            for line in lines
            if line.kind == LineKind.LINE and (amounts := self.amounts[line.row])[places["result"]]
        )
        if ways[False]:
            self.doubts.append("Het verschil staat andersom dan begroting min rekening; klopt dat met de tabel?")
        return ways[False] > ways[True]

    @staticmethod
    def _left(amounts: Mapping[int, int | None], places: Mapping[str, int]) -> int:
        """Budget minus actual of a row, whichever way they are written."""
        budget = places.get("amended", places.get("original", -1))
        return abs(amounts.get(budget) or 0) - abs(amounts[places["actual"]] or 0)


def _sign(line: FileLine) -> int:
    return -1 if line.direction == Direction.INCOME else 1


def _is_code(cell: Value) -> bool:
    """A number that begins with zeros is a code, and loses them as an amount."""
    return isinstance(cell, str) and len(cell) > 1 and cell.isdecimal() and cell.startswith("0")
