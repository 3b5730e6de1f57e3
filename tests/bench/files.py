"""Files of made-up postings: the same for the same size."""

import random
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

HEADINGS = (
    "Rekening", "Kostenplaats", "Taakveld", "Boekjaar", "Periode", "Datum", "Omschrijving", "Boekstuk", "Debet",
    "Credit",
)  # fmt: skip
ACCOUNTS = 4000
LINES = 2000
"""Each line counts the postings of two accounts."""
CENTRES = 4


def account(number: int) -> str:
    return f"{400000 + number:06d}"


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Ten columns; each account has a few cost centres, as in a real house."""
    chance = random.Random(count)  # noqa: S311  no secret
    for number in range(count):
        place, month, cents = chance.randrange(ACCOUNTS), chance.randint(1, 12), chance.randint(1, 5_000_000)
        amount = f"{cents // 100},{cents % 100:02d}"
        debit = chance.random() < 0.6
        yield (
            account(place),
            f"{6000 + place % 97 * CENTRES + chance.randrange(CENTRES)}",
            f"0.{place % 10}",
            "2020",
            str(month),
            f"{chance.randint(1, 28):02d}-{month:02d}-2020",
            f"Factuur {number} van leverancier {place}",
            f"{20000000 + number}",
            amount if debit else "",
            "" if debit else amount,
        )


def csv_file(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write(";".join(HEADINGS) + "\n")
        file.writelines(";".join(row) + "\n" for row in rows(count))
    return path


def xlsx_file(path: Path, count: int) -> Path:
    """The same with real numbers, as Excel keeps them."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(rows(count), start=1):
            amounts = [float(cell.replace(",", ".")) if cell else None for cell in row[8:]]
            sheet.write_row(number, 0, [*row[:8], *amounts])
    return path
