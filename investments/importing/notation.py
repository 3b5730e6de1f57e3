"""The amounts of one column of a file, read one way or refused (domain rule 7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from ..amounts import LARGEST, MINUS, AmountError, parse
from ..spreadsheets import Value

_MARK = re.compile(r"(?:(?P<before>[VN])\s+)?(?P<amount>.*?)(?:\s*\(?(?P<after>[VN])\)?)?", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\s*[*†‡¹²³⁴⁵]+$")
_ENGLISH = re.compile(
    rf"(?P<open>[{MINUS}(])?\s*€?\s*(?P<whole>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:\.(?P<cents>[0-9]{{1,2}}))?\s*"
    rf"(?P<close>[){MINUS}])?"
)
_SURELY_ENGLISH = re.compile(rf"[0-9]\.[0-9]{{1,2}}\s*[){MINUS}]?|[^.]*[0-9],[0-9]{{3}},[0-9]{{3}}.*")
_DUTCH_THOUSANDS = re.compile(r"[0-9]\.[0-9]{3}(?![0-9])")
CENT = Decimal("0.01")
LONGEST = 40
"""Characters of an amount; longer text is not looked into."""


@dataclass
class Reading:
    """What a column holds, by row. `amounts` are as written, in the unit of the file; an empty cell is None.

    `marks` are V and N beside an amount; `refused` says in Dutch why a cell is no amount; `zeros` are the ways in which
    a zero was written; `is_cut` are the rows whose number had more than two decimals of a euro.
    """

    amounts: dict[int, Decimal | None] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    zeros: set[str] = field(default_factory=set)


def read_column(cells: Mapping[int, Value]) -> Reading:
    """Numbers as they are, text in the one notation that fits all of the column."""
    reading = Reading()
    written: dict[int, str] = {}
    for row, cell in cells.items():
        if cell is None:
            reading.amounts[row] = None
        elif isinstance(cell, Decimal):
            _keep(reading, row, cell, "0")
        elif isinstance(cell, str):
            written[row], reading.marks[row] = _without_mark(cell)
        else:
            reading.refused[row] = _odd(cell)
    reading.marks = {row: mark for row, mark in reading.marks.items() if mark}
    _read_texts(written, reading)
    return reading


def has_amount(cell: Value) -> bool:
    """Whether a cell looks like an amount in any notation."""
    if isinstance(cell, str):
        text, _ = _without_mark(cell)
        return bool(text) and (_dutch(text) is not None or _ENGLISH.fullmatch(text) is not None)
    return isinstance(cell, Decimal)


def _without_mark(cell: str) -> tuple[str, str]:
    """The amount in a cell without V, N and signs of footnotes, and that mark."""
    if len(cell) > LONGEST:
        return cell, ""
    text = _FOOTNOTE.sub("", cell.strip().replace("\u00a0", " "))
    text = re.sub(r"^EUR\s*", "", text)
    found = _MARK.fullmatch(text)
    if found is None or not any(sign.isdigit() or sign in MINUS for sign in found["amount"]):
        return text, ""
    return found["amount"].strip(), (found["before"] or found["after"] or "").upper()


def _read_texts(written: Mapping[int, str], reading: Reading) -> None:
    english = _is_english(written)
    for row, text in written.items():
        try:
            amount = _english(text) if english else parse(text)
        except AmountError as error:
            reading.refused[row] = _why(text, error)
        else:
            _keep(reading, row, amount, "-" if text in MINUS else "0")


def _is_english(written: Mapping[int, str]) -> bool:
    """Whether the column cannot be Dutch, is surely English somewhere, and can be English everywhere."""
    texts = list(written.values())
    if all(_dutch(text) is not None for text in texts):
        return False
    amounts = [text for text in texts if _dutch(text) is not None or _ENGLISH.fullmatch(text)]
    return any(
        _SURELY_ENGLISH.fullmatch(text.lstrip(f"€ ({MINUS}")) or _ends_english(text) for text in amounts
    ) and all((_ENGLISH.fullmatch(text) or text in MINUS) and not _DUTCH_THOUSANDS.search(text) for text in amounts)


def _ends_english(text: str) -> bool:
    found = _ENGLISH.fullmatch(text)
    return found is not None and found["cents"] is not None


def _dutch(text: str) -> Decimal | None:
    try:
        return parse(text)
    except AmountError:
        return None


def _english(text: str) -> Decimal:
    if text in MINUS:
        return Decimal(0)
    found = _ENGLISH.fullmatch(text)
    if found is None:
        raise AmountError(f"“{text}” is geen bedrag.")
    amount = Decimal(f"{found['whole'].replace(',', '')}.{found['cents'] or 0}")
    return -amount if found["open"] or found["close"] else amount


def _keep(reading: Reading, row: int, amount: Decimal, zero: str) -> None:
    if abs(amount) > LARGEST:
        reading.refused[row] = "Dit bedrag is te groot."
        return
    reading.amounts[row] = amount
    if not amount:
        reading.zeros.add(zero)


def _why(text: str, error: AmountError) -> str:
    if text.startswith("#FORMULE"):
        return "Deze formule is nooit uitgerekend. Open het bestand in Excel en sla het op."
    if text.startswith("#") or text == "NaN":
        return f"Hier staat een fout uit de spreadsheet: {text}."
    return str(error)


def _odd(cell: object) -> str:
    if isinstance(cell, bool):
        return "Hier staat waar of onwaar, geen bedrag."
    return f"Hier staat een datum of tijd ({cell}), geen bedrag."


def in_cents(amount: Decimal, unit: int) -> int:
    """Cents of an amount in units of `unit` euros, rounded where a spreadsheet computed further than cents."""
    return int((amount * unit / CENT).quantize(Decimal(1), rounding=ROUND_HALF_UP))
