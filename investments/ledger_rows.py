"""From the rows of a file to postings, with control totals and with what is wrong with which row (domain rule 11)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, islice

from . import amounts
from .amounts import AmountError, euros, to_cents
from .codes import LONGEST
from .ledger_columns import NAMES, Layout
from .spreadsheets import Row, Value

LAST_PERIOD = 15
"""Twelve months, an opening (0) and closing entries."""
MOST_PROBLEMS = 20
SAMPLE = 1000
"""Rows in which the number style of a file is looked for."""
EXCEL_DAY_ZERO = date(1899, 12, 30)
EARLIEST, LATEST = 20_000, 80_000
"""Numbers that are days of Excel, of 1954 to 2119; larger ones are days written as 20201231."""
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "NaN")

Entry = tuple[int, str, str, str, str, str, str, int]
"""Period, date (ISO), account, cost centre, task field, description, document, cents (debit positive)."""

_QUICK = {",": re.compile(r"-?[0-9]+,[0-9]{2}"), ".": re.compile(r"-?[0-9]+\.[0-9]{2}")}
_DECIMALS = re.compile(r"[0-9]([,.])[0-9]{1,2}[^0-9]*$")
_DATES = (
    re.compile(r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})(?: 0?0:00(?::00)?)?"),
    re.compile(r"(?P<year>[0-9]{4})-?(?P<month>[0-9]{2})-?(?P<day>[0-9]{2})(?:[ T]00:00(?::00)?)?"),
)
_PERIODS = (
    re.compile(r"(?P<period>[0-9]{1,2})"),
    re.compile(r"(?P<year>[0-9]{4})[-/. ]?(?P<period>[0-9]{2})"),
    re.compile(r"(?P<period>[0-9]{1,2})[-/. ](?P<year>[0-9]{4})"),
)
_SWAP = str.maketrans(",.", ".,")


class RowError(ValueError):
    """What is wrong with one row, in Dutch."""


@dataclass
class Totals:
    """Control totals in cents."""

    rows: int = 0
    debit: int = 0
    credit: int = 0

    @property
    def net(self) -> int:
        return self.debit - self.credit


@dataclass
class PostingReader:
    """Reads postings of one year; keeps count of what it read and of what is wrong."""

    year: int
    layout: Layout
    totals: Totals = field(default_factory=Totals)
    periods: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._places = self.layout.places
        # A field without a column is read from one more cell, which is empty: a million rows ask nothing twice.
        self._at = {name: self._places.get(name, self.layout.width) for name in NAMES}
        self._decimal = ","
        self._sums = {"debit": 0, "credit": 0, "amount": 0}
        self._dates: dict[Value, tuple[str, int, int]] = {}
        self._periods: dict[Value, tuple[int | None, int]] = {}

    def read(self, rows: Iterable[Row]) -> Iterator[Entry]:
        """The postings of the rows below the headings; it stops when MOST_PROBLEMS rows are wrong."""
        below = iter(rows)
        sample = list(islice(below, SAMPLE))
        self._decimal = self._style(sample)
        for number, row in enumerate(chain(sample, below), start=self.layout.row + 1):
            try:
                entry = self._entry(row)
            except (RowError, AmountError) as error:
                self.problems.append(f"Rij {number}: {error}")
                if len(self.problems) >= MOST_PROBLEMS:
                    return
                continue
            if entry is not None:
                self._count(entry)
                yield entry

    def _count(self, entry: Entry) -> None:
        totals, cents = self.totals, entry[7]
        totals.rows += 1
        if cents > 0:
            totals.debit += cents
        else:
            totals.credit -= cents
        self.periods.add(entry[0])

    def _entry(self, row: Row) -> Entry | None:
        """One posting; None for an empty row and for a total that agrees."""
        if len(row) != self.layout.width:
            row = self._fitted(row)
        row, at = [*row, None], self._at
        account = row[at["account"]]
        if account is None or (isinstance(account, str) and account.lower().startswith("totaal")):
            self._check_total(row)
            return None
        year, period = self._period(row)
        day = self._day(row, year, period)
        if period is None:
            period = day[2]
        return (
            period,
            day[0],
            self._code(account, "rekening"),
            self._code(row[at["cost_centre"]], "kostenplaats"),
            _words(row[at["task_field"]], 60),
            _words(row[at["description"]], 500),
            _words(row[at["document"]], 60),
            self._amount(row),
        )

    def _fitted(self, row: Row) -> Row:
        """The row with as many cells as there are headings; cells too many must be empty."""
        width = self.layout.width
        if not row:
            return [None] * width
        if any(cell is not None for cell in row[width:]) or len(row) < 1 + max(self._places.values()):
            raise RowError(f"{len(row)} cellen, terwijl er {width} kolommen zijn.")
        return (row + [None] * width)[:width]

    def _check_total(self, row: Row) -> None:
        """A row without account is empty, or a total of the file that must agree with the rows above it."""
        if all(cell is None for cell in row):
            return
        if not any(isinstance(cell, str) and cell.lower().startswith("totaal") for cell in row):
            raise RowError("er staat geen rekening.")
        for name, counted in self._sums.items():
            stated = row[self._at[name]]
            if stated is not None and self._cents(stated) != counted:
                raise RowError(
                    f"het bestand noemt als totaal {euros(self._cents(stated))}, de rijen erboven tellen op tot "
                    f"{euros(counted)}."
                )

    # --- when -------------------------------------------------------------------------------------------------------
    def _period(self, row: Row) -> tuple[int | None, int | None]:
        """(Year, period) as the row tells them; refuses another year."""
        written, stated = row[self._at["period"]], row[self._at["year"]]
        year, period = self._known_period(written) if written is not None else (None, None)
        if stated is not None:
            year = self._whole(stated, "boekjaar")
        if year is not None and year != self.year:
            raise RowError(f"deze boeking is van {year}, niet van {self.year}.")
        return year, period

    def _known_period(self, written: Value) -> tuple[int | None, int]:
        found = self._periods.get(written)
        if found is None:
            found = self._periods[written] = _period(written)
        return found

    def _day(self, row: Row, year: int | None, period: int | None) -> tuple[str, int, int]:
        """(ISO date, year, month). Without a date it is the last day of the period's month."""
        written = row[self._at["date"]]
        if written is None:
            if period is None:
                raise RowError("er staat geen datum en geen periode.")
            return (_last_day(self.year, period).isoformat(), self.year, period)
        found = self._dates.get(written)
        if found is None:
            day = _day(written)
            found = self._dates[written] = (day.isoformat(), day.year, day.month)
        # Without a fiscal year of its own, or with only a number for its period, a posting is of the year of its date.
        if year is None and found[1] != self.year:
            raise RowError(f"deze boeking is van {found[1]}, niet van {self.year}.")
        return found

    # --- what -------------------------------------------------------------------------------------------------------
    def _code(self, value: Value, called: str) -> str:
        code = value if isinstance(value, str) else "" if value is None else _digits(value, called)
        if len(code) > LONGEST:
            raise RowError(f"de {called} “{code}” is langer dan {LONGEST} tekens.")
        return code

    def _whole(self, value: Value, called: str) -> int:
        digits = _digits(value, called) if not isinstance(value, str) else value
        if not (digits.isascii() and digits.isdigit()):
            raise RowError(f"“{digits}” is geen {called}.")
        return int(digits)

    # --- how much ---------------------------------------------------------------------------------------------------
    def _amount(self, row: Row) -> int:
        places, sums = self._places, self._sums
        if "amount" not in places:
            debit, credit = row[places["debit"]], row[places["credit"]]
            if debit is None and credit is None:
                raise RowError("er staat geen bedrag.")
            first = 0 if debit is None else self._cents(debit)
            second = 0 if credit is None else self._cents(credit)
            sums["debit"] += first
            sums["credit"] += second
            return first - second
        value = row[places["amount"]]
        if value is None:
            raise RowError("er staat geen bedrag.")
        cents = self._cents(value)
        sums["amount"] += cents
        return cents * self._side(row) if "side" in places else cents

    def _side(self, row: Row) -> int:
        side = str(row[self._at["side"]] or "").lower()
        if side in ("d", "debet"):
            return 1
        if side in ("c", "credit"):
            return -1
        raise RowError(f"“{side}” is geen D (debet) of C (credit).")

    def _cents(self, value: Value) -> int:
        if isinstance(value, str):
            if _QUICK[self._decimal].fullmatch(value):
                return int(value.replace(self._decimal, ""))
            return self._parsed(value)
        if isinstance(value, Decimal):
            return to_cents(value)
        raise RowError(f"“{_plainly(value)}” is geen bedrag.")

    def _parsed(self, written: str) -> int:
        if written in ERRORS:
            raise RowError(f"in de cel van het bedrag staat de fout {written}.")
        if self._decimal == ",":
            return to_cents(amounts.parse(written))
        try:
            return to_cents(amounts.parse(written.translate(_SWAP)))
        except AmountError:
            raise RowError(
                f"“{written}” is geen bedrag zoals de andere in dit bestand, met een punt voor de centen."
            ) from None

    def _style(self, sample: Iterable[Row]) -> str:
        """The sign before the cents: that of the first amount that has any; a comma when none has."""
        for row in sample:
            for name in ("debit", "credit", "amount"):
                place = self._places.get(name)
                value = row[place] if place is not None and place < len(row) else None
                if isinstance(value, str) and (found := _DECIMALS.search(value)):
                    return found[1]
        return ","


def _words(value: Value, longest: int) -> str:
    words = value if isinstance(value, str) else "" if value is None else _plainly(value)
    if len(words) > longest:
        raise RowError(f"“{words[:30]}…” is langer dan {longest} tekens.")
    return words


def _period(written: Value) -> tuple[int | None, int]:
    text = written if isinstance(written, str) else _digits(written, "periode")
    match = next((found for pattern in _PERIODS if (found := pattern.fullmatch(text))), None)
    if match is None or int(match["period"]) > LAST_PERIOD:
        raise RowError(f"“{text}” is geen periode van 0 tot en met {LAST_PERIOD}.")
    year = match.groupdict().get("year")
    return int(year) if year else None, int(match["period"])


def _day(written: Value) -> date:
    if isinstance(written, datetime):
        return written.date()
    if isinstance(written, date):
        return written
    if isinstance(written, Decimal) and EARLIEST < written < LATEST:
        return EXCEL_DAY_ZERO + timedelta(days=int(written))
    text = written if isinstance(written, str) else _plainly(written)
    for pattern in _DATES:
        if match := pattern.fullmatch(text):
            try:
                return date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                break
    raise RowError(f"“{text}” is geen datum. Schrijf bijvoorbeeld 31-12-2020.")


def _last_day(year: int, period: int) -> date:
    month = min(max(period, 1), 12)
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


def _digits(value: Value, called: str) -> str:
    """A whole number from a spreadsheet as a code."""
    if isinstance(value, Decimal) and value == value.to_integral_value() and value >= 0:
        return str(int(value))
    raise RowError(f"“{_plainly(value)}” is geen {called}.")


def _plainly(value: Value) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)
