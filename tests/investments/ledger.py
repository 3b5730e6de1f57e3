"""Files of postings and a ledger with rules, for tests."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter

from accounts.models import Organisation, User
from investments.actions import Outcome, bring_in
from investments.models import Claim, Evidence, Ledger, LedgerImport, LedgerRule, Line

HEADINGS = ("Rekening", "Kostenplaats", "Taakveld", "Periode", "Datum", "Omschrijving", "Boekstuk", "Debet", "Credit")


def row(
    account: str = "4310",
    centre: str = "600",
    amount: str = "100,00",
    *,
    period: str = "1",
    day: str = "15-01-2020",
    words: str = "Laptops",
) -> tuple[str, ...]:
    """One posting as a package writes it; a negative amount is a credit."""
    debit, credit = ("", amount[1:]) if amount.startswith("-") else (amount, "")
    return (account, centre, "0.4", period, day, words, "M1", debit, credit)


def csv(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8") -> io.BytesIO:
    text = "\r\n".join(";".join(cells) for cells in [headings, *rows]) + "\r\n"
    return io.BytesIO(text.encode(encoding))


def xlsx(rows: Iterable[Sequence[object]], headings: Sequence[str] = HEADINGS) -> io.BytesIO:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "dd-mm-yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([headings, *rows]):
            sheet.write_row(number, 0, cells)
    file.seek(0)
    return file


def ledger(organisation: Organisation, year: int = 2020) -> Ledger:
    return Ledger.objects.get_or_create(organisation=organisation, year=year)[0]


def import_file(ledger: Ledger, file: io.BytesIO, *, by: User | None = None, store: bool = True) -> Outcome:
    return bring_in(LedgerImport(ledger=ledger, name="journaal.csv", by=by), file, store=store)


def rule(line: Line, accounts: str, centres: str = "") -> LedgerRule:
    """A rule in force; ranges are written "4310-4319"."""
    first, _, last = accounts.partition("-")
    start, _, end = centres.partition("-")
    return LedgerRule.objects.create(
        ledger=ledger(line.table.organisation, line.table.year),
        line=line,
        account_from=first,
        account_to=last or first,
        cost_centre_from=start,
        cost_centre_to=end or start,
        since=1,
    )


def evidence(claim: Claim, amount: str = "100", words: str = "Laptops") -> Evidence:
    """What `row` becomes when it is chosen for a claim."""
    return Evidence.objects.create(
        claim=claim,
        period=1,
        date=date(2020, 1, 15),
        account="4310",
        cost_centre="600",
        description=words,
        document="M1",
        amount=Decimal(amount),
    )


def euros(amount: str) -> Decimal:
    return Decimal(amount)
