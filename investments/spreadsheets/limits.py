"""How much of a file is read, and what a cell can be."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

MIB = 1024 * 1024

Value = str | Decimal | bool | date | datetime | time | timedelta | None
"""A cell: numbers as Excel shows them (15 digits), an error such as "#REF!" as text, None when empty."""
Row = list[Value]


class FileRefused(ValueError):
    """A file that is not read; `str(error)` says in Dutch why and what to do."""


@dataclass(frozen=True)
class Limits:
    """The most that is read: bytes of the file and of what it unpacks to, rows and columns of a sheet."""

    size: int
    unpacked: int
    rows: int
    columns: int


TABLE = Limits(size=10 * MIB, unpacked=40 * MIB, rows=5_000, columns=250)
LEDGER = Limits(size=250 * MIB, unpacked=400 * MIB, rows=1_048_576, columns=60)
MOST_ENTRIES = 2_000
"""Files inside a zip."""

DAMAGED = "Dit bestand is niet compleet of beschadigd. Open het, sla het opnieuw op en kies dat bestand."
LOCKED = "Dit bestand is met een wachtwoord beveiligd. Haal het wachtwoord eraf en kies het bestand opnieuw."
MACROS = "Dit bestand bevat macro’s. Sla het op als xlsx zonder macro’s en kies dat bestand."
NO_SPREADSHEET = "Dit is geen spreadsheet. Kies een xlsx-, xls-, ods- of csv-bestand."
EMPTY = "Dit bestand is leeg."


def check_extent(rows: int, columns: int, limits: Limits, sheet: str = "") -> None:
    """Raise FileRefused for a sheet that reaches further than a sheet may, by its last row and column."""
    if rows > limits.rows or columns > limits.columns:
        where = f"Het blad “{sheet}” loopt" if sheet else "Dit bestand loopt"
        raise FileRefused(
            f"{where} door tot rij {rows} en kolom {columns}; gelezen worden ten hoogste {limits.rows} rijen en "
            f"{limits.columns} kolommen. Verwijder wat er ver buiten de tabel staat."
        )


def too_large(limits: Limits) -> str:
    """What to say of a file that unpacks to more than is read."""
    return f"Uitgepakt is dit bestand groter dan {limits.unpacked // MIB} MB. Bewaar alleen het blad met de tabel."
