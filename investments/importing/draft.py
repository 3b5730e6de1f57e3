"""The lines of a file in cents, and the cells that are refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.text import slugify

from .. import variance
from ..amounts import LARGEST
from ..columns import BUDGET, MARK, SHARE, Column, ColumnError, ColumnKind, check
from ..figures import LineFigures, LineKind
from ..spreadsheets import Row
from . import layout
from .headings import TEXT
from .layout import cell_of
from .mapping import FileColumn, FileLine, FileMapping
from .notation import Reading, in_cents, read_column

LONGEST_TEXT, LONGEST_LABEL, LONGEST_HEADING = 300, 200, 120
LOST_MARK = "Hier staat V of N bij het bedrag. Kies voor deze kolom “resultaat”, of laat haar weg."


@dataclass(frozen=True)
class RefusedCell:
    """A cell that is not what its column asks for, and in Dutch why."""

    row: int
    place: int
    heading: str
    written: str
    reason: str

    @property
    def cell(self) -> str:
        """As a spreadsheet calls it: B7."""
        return f"{layout.column_name(self.place)}{self.row}"

    def __str__(self) -> str:
        return f"{self.cell} ({self.heading}), “{self.written}”: {self.reason}"


@dataclass(frozen=True)
class Draft:
    """What the file holds. With `refused` cells or `problems` nothing of it is stored.

    `lines` have the number of their row as key and what would be typed in them; `given` are the cents of each row by
    column, totals and computed columns included: as the file has them, but with favourable results positive.
    `rounded` counts amounts that had more than two decimals.
    """

    columns: tuple[Column, ...]
    lines: tuple[LineFigures, ...]
    given: Mapping[int, Mapping[str, int]]
    refused: tuple[RefusedCell, ...]
    problems: tuple[str, ...]
    rounded: int


def draft(rows: Sequence[Row], mapping: FileMapping, own: Sequence[Column] = ()) -> Draft:
    """The lines as this mapping reads them; `own` are the columns that the table has already, known by their label."""
    return _Drafting(rows, mapping, own).draft()


class _Drafting:
    """One file on its way to lines."""

    def __init__(self, rows: Sequence[Row], mapping: FileMapping, own: Sequence[Column]) -> None:
        self.rows, self.mapping = rows, mapping
        self.used = [column for column in mapping.columns if column.use]
        self.keys = _keys(self.used, own)
        self.computed = {column.key for column in own if column.terms}
        self.lines = [line for line in mapping.lines if line.kind and line.row <= len(rows)]
        self.refused: list[RefusedCell] = []
        self.rounded = 0
        self.readings = {column.place: self._reading(column) for column in self.used if column.is_amount}
        self.marks = self._marks()

    def draft(self) -> Draft:
        columns = self._columns()
        given = {line.row: self._given(line) for line in self.lines}
        lines = tuple(self._plain(line, given[line.row]) for line in self.lines)
        refused = tuple(sorted(self.refused, key=lambda cell: (cell.row, cell.place)))
        return Draft(columns, lines, given, refused, tuple(self._problems(columns)), self.rounded)

    # --- columns ------------------------------------------------------------------------------------------------------
    def _columns(self) -> tuple[Column, ...]:
        return tuple(
            Column(
                self.keys[column.place],
                column.heading[:LONGEST_HEADING],
                ColumnKind.TEXT if column.use == TEXT else ColumnKind.AMOUNT,
                tuple((self.keys[place], sign) for place, sign in column.terms if place in self.keys),
            )
            for column in self.used
        )

    def _problems(self, columns: Sequence[Column]) -> list[str]:
        problems: list[str] = []
        if not self.lines:
            problems.append("Er is geen regel die wordt ingevoerd.")
        if len(columns) > layout.MOST_COLUMNS:
            problems.append(
                f"Er passen ten hoogste {layout.MOST_COLUMNS} kolommen in een tabel; "
                f"dit bestand heeft er {len(columns)}. Laat kolommen weg."
            )
        if not any(column.is_amount for column in columns):
            problems.append("Er is geen kolom met bedragen gekozen.")
        known = {line.row for line in self.lines}
        problems += [
            f"“{line.label}” telt rij {row} op, en die is er niet."
            for line in self.lines
            for row, _ in line.members
            if row not in known
        ]
        try:
            check(columns)
        except ColumnError as error:
            problems.append(str(error))
        return problems

    # --- cells --------------------------------------------------------------------------------------------------------
    def _reading(self, column: FileColumn) -> Reading:
        cells = {
            line.row: cell_of(self.rows[line.row - 1], column.place)
            for line in self.lines
            if line.kind != LineKind.HEADING
        }
        reading = read_column(cells)
        lost = dict.fromkeys(reading.marks if column.use != "result" else (), LOST_MARK)
        for row, reason in {**lost, **reading.refused}.items():
            self._refuse(row, column, layout.words(cells[row]), reason)
        return reading

    def _refuse(self, row: int, column: FileColumn, written: str, reason: str) -> None:
        self.refused.append(RefusedCell(row, column.place, column.heading, written[:40], reason))

    def _marks(self) -> dict[int, str]:
        """V or N by row, from a column of its own."""
        place = next((column.place for column in self.used if column.use == MARK), None)
        if place is None:
            return {}
        found = {line.row: layout.words(cell_of(self.rows[line.row - 1], place)).upper() for line in self.lines}
        return {row: mark for row, mark in found.items() if mark in ("V", "N")}

    def _given(self, line: FileLine) -> dict[str, int]:
        """Cents by column key as the file has them, before signs."""
        given = {}
        for column in self.used:
            amount = self.readings[column.place].amounts.get(line.row) if column.is_amount else None
            if amount is None:
                continue
            cents = in_cents(amount, self.mapping.unit)
            if abs(cents) > LARGEST * 100:
                self._refuse(line.row, column, f"{amount}", "Dit bedrag is te groot.")
            self.rounded += cents != amount * self.mapping.unit * 100
            given[self.keys[column.place]] = (
                self._favourable(line.row, column, cents) if column.use == "result" else cents
            )
        return given

    def _favourable(self, row: int, column: FileColumn, cents: int) -> int:
        """The result with favourable positive, whichever way the file shows it (domain rule 4)."""
        mark = self.marks.get(row) or self.readings[column.place].marks.get(row)
        if mark:
            return -abs(cents) if mark == "N" else abs(cents)
        return -cents if self.mapping.style.reversed_result else cents

    def _texts(self, line: FileLine) -> tuple[tuple[str, str], ...]:
        found = []
        for column in self.used:
            written = layout.words(cell_of(self.rows[line.row - 1], column.place))
            if column.use != TEXT or not written:
                continue
            if len(written) > LONGEST_TEXT:
                self._refuse(line.row, column, written, f"Deze tekst is langer dan {LONGEST_TEXT} tekens.")
            found.append((self.keys[column.place], written))
        return tuple(sorted(found))

    # --- lines --------------------------------------------------------------------------------------------------------
    def _plain(self, line: FileLine, given: Mapping[str, int]) -> LineFigures:
        """The line as it would be typed; what a total or heading has is not typed."""
        if len(line.label) > LONGEST_LABEL:
            reason = f"Deze omschrijving is langer dan {LONGEST_LABEL} tekens."
            self._refuse(line.row, FileColumn(self.mapping.label, "omschrijving", TEXT), line.label, reason)
        found = LineFigures(
            line.row, line.label, line.kind, line.direction, members=line.members, texts=self._texts(line)
        )
        if line.kind not in (LineKind.LINE, LineKind.INFORMATION):
            return found
        sign = self.mapping.style.sign(variance.SIGNS[variance.Direction(line.direction)])
        signed = {key: cents * sign for key, cents in given.items() if key != "result"}
        original, amendments = _budget(signed)
        typed = {
            self.keys[column.place] for column in self.used if column.is_amount and not column.terms
        } - self.computed
        cells = tuple(sorted((key, cents) for key, cents in signed.items() if key in typed and key not in BUDGET))
        return replace(found, original=original, amendments=amendments, actual=signed.get("actual"), cells=cells)


def _budget(given: Mapping[str, int]) -> tuple[int, int]:
    """Original and amendments, from whichever of original, amendments and amended the file has."""
    original, amendments, amended = (given.get(key) for key in ("original", "amendments", "amended"))
    if original is None:
        return (amended or 0) - (amendments or 0), amendments or 0
    if amendments is None:
        return original, 0 if amended is None else amended - original
    return original, amendments


def _keys(columns: Sequence[FileColumn], own: Sequence[Column]) -> dict[int, str]:
    """The key of each column that is used, by its place in the file."""
    known = {column.label.casefold(): column.key for column in own if column.key not in (*BUDGET, MARK, SHARE)}
    keys: dict[int, str] = {}
    for column in columns:
        if column.use in BUDGET or column.use == MARK:
            keys[column.place] = column.use
            continue
        key = known.get(column.heading.casefold()) or _new_key(column.heading)
        while key in keys.values() or key in (*BUDGET, MARK, SHARE):
            key += "_"
        keys[column.place] = key
    return keys


def _new_key(heading: str) -> str:
    return slugify(heading).replace("-", "_")[:30] or "kolom"
