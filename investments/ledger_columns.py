"""Which column of a file of postings holds what, as headings of the usual packages say (domain rule 11)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .spreadsheets import Row, Value

NAMES: Mapping[str, tuple[str, ...]] = {
    "account": (
        "rekening", "grootboekrekening", "grootboeknummer", "grootboeknr", "grootboek", "rekeningnummer", "rekeningnr",
        "kostensoort", "ecl",
    ),
    "cost_centre": ("kostenplaats", "kostenplaatscode", "kostenplaatsnummer", "kostenplaatsnr", "kpl", "fcl"),
    "task_field": ("taakveld", "programma", "product"),
    "period": ("periode", "boekperiode", "boekingsperiode", "maand"),
    "date": ("datum", "boekdatum", "boekingsdatum", "journaaldatum"),
    "description": ("omschrijving", "boekingsomschrijving", "boekomschrijving", "omschrijvingboeking", "tekst"),
    "document": (
        "boekstuk", "boekstuknummer", "boekstuknr", "stuknummer", "stuknr", "documentnummer", "journaalpost",
    ),
    "debit": ("debet", "debetbedrag", "bedragdebet"),
    "credit": ("credit", "creditbedrag", "bedragcredit"),
    "amount": ("bedrag", "bedrageur", "bedragineuro", "saldo"),
    "side": ("dc", "debetcredit"),
    "year": ("boekjaar", "jaar"),
}  # fmt: skip
"""Headings by field, without capitals and signs."""
CALLED = {
    "account": "de rekening",
    "cost_centre": "de kostenplaats",
    "task_field": "het taakveld",
    "period": "de periode",
    "date": "de datum",
    "description": "de omschrijving",
    "document": "het boekstuk",
    "debit": "debet",
    "credit": "credit",
    "amount": "het bedrag",
    "side": "D of C",
    "year": "het boekjaar",
}
MOST_ABOVE = 20
"""Rows at the top among which the headings are looked for."""
MOST_COLUMNS, MOST_LETTERS = 100, 200
"""Of those rows, what is kept for a person to choose from."""


class LayoutError(ValueError):
    """The columns are not clear; `str(error)` says in Dutch what is missing or doubtful."""


@dataclass(frozen=True)
class Layout:
    """The row of the headings (from 1), how many cells a row has, and the place of each field."""

    row: int
    width: int
    places: Mapping[str, int]
    headings: Mapping[str, str]


def find_layout(rows: Sequence[Row], chosen: Mapping[str, str] | None = None) -> Layout:
    """The headings among the first rows; `chosen` names the heading of a field where that is known, empty for none.

    Raises LayoutError when no row has the headings that are needed, or when a field has two.
    """
    best: LayoutError | None = None
    for number, row in enumerate(rows[:MOST_ABOVE], start=1):
        try:
            places = _places(row, chosen or {})
        except LayoutError as error:
            best = best or error
            continue
        if places:
            headings = {field: str(row[place]) for field, place in places.items()}
            return Layout(number, len(row), places, headings)
    raise best or LayoutError(
        "In de eerste rijen staan geen kolomkoppen die de portal herkent. Nodig zijn een rekening, een datum of "
        "periode, en debet en credit of een bedrag."
    )


def _places(row: Row, chosen: Mapping[str, str]) -> dict[str, int]:
    """Place by field; none when the row has no heading of an account. Raises LayoutError."""
    written = [str(cell) if isinstance(cell, str) else "" for cell in row]
    found = {field: _matching(written, field, chosen) for field in NAMES}
    if not found["account"]:
        return {}
    for field, places in found.items():
        if len(places) > 1:
            names = " en ".join(f"“{written[place]}”" for place in places)
            raise LayoutError(f"Meer dan één kolom kan {CALLED[field]} zijn: {names}. Kies er een.")
    chosen_places = {field: items[0] for field, items in found.items() if items}
    _check(chosen_places)
    return chosen_places


def _matching(written: Sequence[str], field: str, chosen: Mapping[str, str]) -> list[int]:
    if field in chosen:
        return [place for place, heading in enumerate(written) if heading and heading == chosen[field]]
    taken = set(chosen.values())
    return [place for place, heading in enumerate(written) if heading not in taken and plain(heading) in NAMES[field]]


def _check(fields: Iterable[str]) -> None:
    if not ({"debit", "credit"} <= set(fields) or "amount" in fields):
        raise LayoutError("Er is geen kolom met het bedrag: nodig zijn debet en credit, of één kolom met een bedrag.")
    if {"debit", "credit"} & set(fields) and "amount" in fields:
        raise LayoutError("Er zijn kolommen voor debet en credit én voor een bedrag. Kies welke de portal leest.")
    if not {"date", "period"} & set(fields):
        raise LayoutError("Er is geen kolom met een datum of een periode.")


def plain(heading: str) -> str:
    """A heading without capitals, spaces and signs."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


# --- what a person chooses from ---------------------------------------------------------------------------------------
def written(rows: Iterable[Row]) -> list[list[str]]:
    """The first rows as words, as far as they are looked at: what tells columns apart."""
    return [[_words(cell) for cell in row[:MOST_COLUMNS]] for row in rows]


def _words(cell: Value) -> str:
    # PostgreSQL stores no NUL in JSON.
    return "" if cell is None else str(cell).replace("\0", "")[:MOST_LETTERS]


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """The row (from 0) that is most likely that of the headings: the first of those with the most words."""
    return max(range(len(rows)), key=lambda number: (sum(map(_is_word, rows[number])), -number), default=0)


def likely(headings: Iterable[str]) -> dict[str, str]:
    """For each field the first of these headings that usually holds it."""
    found: dict[str, str] = {}
    for heading in headings:
        for field, names in NAMES.items():
            if plain(heading) in names:
                found.setdefault(field, heading)
    return found


def _is_word(cell: str) -> bool:
    return any(sign.isalpha() for sign in cell)
