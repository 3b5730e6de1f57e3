"""Files of postings, good and bad: what is read, and the whole message of what is not."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice

import pytest

from investments.ledger_columns import LayoutError, find_layout, heading_row, likely, written
from investments.ledger_rows import Entry, PostingReader
from investments.spreadsheets import Row, open_file
from tests.investments import ledger as books


def reader(file: BytesIO, year: int = 2020) -> tuple[list[Entry], PostingReader]:
    book = open_file(file)
    layout = find_layout(list(islice(book.rows(), 20)))
    made = PostingReader(year, layout)
    return list(made.read(islice(book.rows(), layout.row, None))), made


def problems(file: BytesIO) -> list[str]:
    return reader(file)[1].problems


def amounts(*written: str) -> list[int]:
    entries, made = reader(books.csv(*[("4310", "15-01-2020", text) for text in written], headings=SHORT))
    assert made.problems == []
    return [entry[7] for entry in entries]


OTHER_STYLE = "is geen bedrag zoals de andere in dit bestand, met een punt voor de centen."
SHORT = ("Rekening", "Datum", "Bedrag")


def test_a_posting_as_a_package_writes_it() -> None:
    entries, made = reader(books.csv(books.row(), books.row("1600", "", "-1.250,5", period="02", day="1-2-2020")))
    assert entries == [
        (1, "2020-01-15", "4310", "600", "0.4", "Laptops", "M1", 100_00),
        (2, "2020-02-01", "1600", "", "0.4", "Laptops", "M1", -1250_50),
    ]
    assert (made.totals.rows, made.totals.debit, made.totals.credit, made.totals.net) == (2, 10000, 125050, -115050)
    assert made.periods == {1, 2}


def test_leading_zeros_stay() -> None:
    entries, _ = reader(books.csv(books.row("0010", "007")))
    assert entries[0][2:4] == ("0010", "007")


def test_windows_letters_and_separators() -> None:
    file = BytesIO("Rekening,Datum,Bedrag,Omschrijving\n4310,2020-01-15,12.50,Café\n".encode("cp1252"))
    entries, _ = reader(file)
    assert (entries[0][5], entries[0][7]) == ("Café", 1250)


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        (
            ["1,00", "1.234,56", "-5,10", "5,10-", "(7,00)", "€ 8", "1.234"],
            [100, 123456, -510, -510, -700, 800, 123400],
        ),
        (["1.00", "1,234.56", "-5.10", "5.10-", "(7.00)", "1,234"], [100, 123456, -510, -510, -700, 123400]),
        (["12", "1.234"], [1200, 123400]),
    ],
)
def test_one_number_style_in_a_file(written: list[str], cents: list[int]) -> None:
    assert amounts(*written) == cents


def test_d_and_c_beside_an_amount() -> None:
    rows = [("4310", "15-01-2020", "5,00", "D"), ("1600", "15-01-2020", "5,00", "c")]
    entries, _ = reader(books.csv(*rows, headings=(*SHORT, "D/C")))
    assert [entry[7] for entry in entries] == [500, -500]


def test_a_spreadsheet_with_real_numbers_and_dates() -> None:
    rows = [
        (4310, 600, "0.4", 1, date(2020, 1, 15), "Laptops", 12, 100.1, None),
        (4310, "0600", "0.4", 13, datetime(2020, 12, 31), "=1+1", "M2", None, 0.3),  # noqa: DTZ001  a cell has no zone
        ("4310", None, None, "2020-03", 43905, None, None, 1, 0),
    ]
    entries, made = reader(books.xlsx(rows))
    assert made.problems == []
    assert [(entry[0], entry[1], entry[3], entry[7]) for entry in entries] == [
        (1, "2020-01-15", "600", 10010),
        (13, "2020-12-31", "0600", -30),
        (3, "2020-03-15", "", 100),
    ]


def test_a_total_in_the_file_must_agree() -> None:
    total = ("Totaal", "", "", "", "", "", "", "100,00", "0,00")
    entries, made = reader(books.csv(books.row(), total))
    assert (len(entries), made.problems) == (1, [])
    wrong = ("", "", "", "", "", "Totaal generaal", "", "100,01", "0,00")
    assert problems(books.csv(books.row(), wrong)) == [
        "Rij 3: het bestand noemt als totaal 100,01, de rijen erboven tellen op tot 100."
    ]


def test_a_day_outside_the_year_with_a_fiscal_year_beside_it() -> None:
    rows = [("4310", "15-01-2021", "5,00", "2020", "13")]
    entries, _ = reader(books.csv(*rows, headings=(*SHORT, "Boekjaar", "Periode")))
    assert [(entry[0], entry[1]) for entry in entries] == [(13, "2021-01-15")]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"amount": "veel"}, "Rij 3: “veel” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."),
        ({"amount": "=A1+A2"}, "Rij 3: “=A1+A2” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."),
        ({"amount": "#REF!"}, "Rij 3: in de cel van het bedrag staat de fout #REF!."),
        ({"amount": "NaN"}, "Rij 3: in de cel van het bedrag staat de fout NaN."),
        (
            {"amount": "1,234"},
            (
                "Rij 3: “1,234” kan twee dingen betekenen. Schrijf duizendtallen met een punt en centen met een komma: "
                "1.234,56."
            ),
        ),
        ({"amount": ""}, "Rij 3: er staat geen bedrag."),
        ({"account": ""}, "Rij 3: er staat geen rekening."),
        ({"account": "4" * 25}, f"Rij 3: de rekening “{'4' * 25}” is langer dan 24 tekens."),
        ({"day": "15-01-2019"}, "Rij 3: deze boeking is van 2019, niet van 2020."),
        ({"day": "31-02-2020"}, "Rij 3: “31-02-2020” is geen datum. Schrijf bijvoorbeeld 31-12-2020."),
        ({"day": "", "period": ""}, "Rij 3: er staat geen datum en geen periode."),
        ({"period": "2021-01"}, "Rij 3: deze boeking is van 2021, niet van 2020."),
        ({"period": "17"}, "Rij 3: “17” is geen periode van 0 tot en met 15."),
        ({"words": "x" * 501}, f"Rij 3: “{'x' * 30}…” is langer dan 500 tekens."),
    ],
)
def test_what_is_wrong_with_a_row(cells: dict[str, str], problem: str) -> None:
    assert problems(books.csv(books.row(), books.row(**cells))) == [problem]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("4310", "15-01-2020", "1.234,00"), f"Rij 3: “1.234,00” {OTHER_STYLE}"),
        (("4310", "15-01-2020", "1.00", "extra"), "Rij 3: 4 cellen, terwijl er 3 kolommen zijn."),
        (("4310", "15-01-2020"), "Rij 3: 2 cellen, terwijl er 3 kolommen zijn."),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_file(row: Sequence[str], problem: str) -> None:
    assert problems(books.csv(("4310", "15-01-2020", "1.00"), row, headings=SHORT)) == [problem]


def test_a_side_that_is_none() -> None:
    file = books.csv(("4310", "15-01-2020", "5,00", "X"), headings=(*SHORT, "D/C"))
    assert problems(file) == ["Rij 2: “x” is geen D (debet) of C (credit)."]


def test_more_than_cents_and_other_things_in_a_spreadsheet() -> None:
    rows = [("4310", "15-01-2020", 1.005), ("4310", "15-01-2020", True), (43.5, "15-01-2020", 1)]
    assert problems(books.xlsx(rows, SHORT)) == [
        "Rij 2: Een bedrag heeft ten hoogste twee decimalen.",
        "Rij 3: “True” is geen bedrag.",
        "Rij 4: “43.5” is geen rekening.",
    ]


def test_reading_stops_after_twenty_problems() -> None:
    found = problems(books.csv(*[books.row(amount="veel")] * 50))
    assert (len(found), found[-1][:7]) == (20, "Rij 21:")


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        (
            ("Wat", "Wanneer", "Hoeveel"),
            (
                "In de eerste rijen staan geen kolomkoppen die de portal herkent. Nodig zijn een rekening, een datum "
                "of periode, en debet en credit of een bedrag."
            ),
        ),
        (
            ("Rekening", "Grootboekrekening", "Datum", "Bedrag"),
            "Meer dan één kolom kan de rekening zijn: “Rekening” en “Grootboekrekening”. Kies er een.",
        ),
        (
            ("Rekening", "Datum", "Debet"),
            "Er is geen kolom met het bedrag: nodig zijn debet en credit, of één kolom met een bedrag.",
        ),
        (
            ("Rekening", "Datum", "Debet", "Credit", "Bedrag"),
            "Er zijn kolommen voor debet en credit én voor een bedrag. Kies welke de portal leest.",
        ),
        (("Rekening", "Bedrag"), "Er is geen kolom met een datum of een periode."),
    ],
)
def test_columns_that_are_not_clear(headings: Sequence[str], message: str) -> None:
    with pytest.raises(LayoutError) as error:
        find_layout([list(headings)])
    assert str(error.value) == message


def test_headings_below_a_title_and_as_packages_write_them() -> None:
    rows: list[Row] = [["Journaal 2020", None], ["Grootboek-nr.", "Kpl", "Boekdatum", "Bedrag (EUR)", "D/C"]]
    layout = find_layout(rows)
    assert (layout.row, layout.width) == (2, 5)
    assert layout.places == {"account": 0, "cost_centre": 1, "date": 2, "amount": 3, "side": 4}


def test_a_chosen_heading_goes_before_a_guess() -> None:
    rows: list[Row] = [["Rekening", "Grootboekrekening", "Datum", "Bedrag", "Saldo"]]
    layout = find_layout(rows, {"account": "Grootboekrekening", "amount": "Saldo"})
    assert (layout.places["account"], layout.places["amount"]) == (1, 4)


def test_a_field_for_which_no_column_was_chosen_has_none() -> None:
    rows: list[Row] = [["Rekening", "Datum", "", "Bedrag", "Omschrijving"]]
    layout = find_layout(rows, {"description": ""})
    assert "description" not in layout.places


def test_the_headings_are_likely_the_first_row_of_most_words() -> None:
    rows = [["Export", ""], ["Rekening", "Tekst"], ["4310", "Laptops"], ["Totaal", "van alles"]]
    assert (heading_row(rows), heading_row([])) == (1, 0)
    assert likely(rows[1]) == {"account": "Rekening", "description": "Tekst"}
    assert written([["a\0b", None, Decimal(12)]]) == [["ab", "", "12"]]
