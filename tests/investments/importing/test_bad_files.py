"""The corpus of what people hand in: each with its whole message, or with what is made of it. Nothing is stored."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from investments.importing import guess, layout
from investments.importing.draft import Draft, draft
from investments.importing.guess import Guess
from investments.importing.mapping import instructed
from investments.importing.outcome import Outcome, Standing, outcome
from investments.spreadsheets import Row, Value, open_file
from tests.investments.spreadsheets import files

HEAD = ["Bedragen x € 1.000", "Begroting 2020", "Rekening 2020"]


def guessed(content: bytes, year: int = 2020) -> tuple[list[Row], Guess]:
    book = open_file(io.BytesIO(content))
    rows = list(book.rows())
    return rows, guess.guess(book.sheet_names[0], rows, layout.find(rows, book.merged()), year)


def read(*rows: Sequence[object]) -> Draft:
    found, mapped = guessed(files.xlsx(*rows))
    return draft(found, mapped.mapping)


def refused(*rows: Sequence[object]) -> list[str]:
    return [str(cell) for cell in read(*rows).refused]


def made(content: bytes) -> tuple[Draft, Outcome, Guess]:
    rows, mapped = guessed(content)
    lines = draft(rows, mapped.mapping)
    return lines, outcome(lines, mapped.mapping.style, "Tabel", 2020, Standing()), mapped


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("pm", "“pm” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."),
        ("nihil", "“nihil” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."),
        ("#REF!", "Hier staat een fout uit de spreadsheet: #REF!."),
        ("#N/A", "Hier staat een fout uit de spreadsheet: #N/A."),
        ("NaN", "Hier staat een fout uit de spreadsheet: NaN."),
        (date(2020, 12, 31), None),
        (True, "Hier staat waar of onwaar, geen bedrag."),
        ("99999999999999", "Dit bedrag is te groot."),
        (
            "1,234",
            "“1,234” kan twee dingen betekenen. Schrijf duizendtallen met een punt en centen met een komma: 1.234,56.",
        ),
    ],
)
def test_a_cell_that_is_no_amount_is_named_with_the_reason(cell: Value, reason: str | None) -> None:
    found = refused(HEAD, ["Servers", 100, 90], ["Fietsen", 5, cell], ["Telefoons", 5, "1.234"])
    if reason is None:
        assert found == []  # Without a format Excel itself holds a date as a number; nobody can see that.
    else:
        assert found == [f"C3 (Rekening 2020), “{layout.words(cell)}”: {reason}"]


def test_a_date_in_the_format_of_a_date_is_refused() -> None:
    def fill(book: Any, page: Any) -> None:
        page.write_datetime(2, 2, date(2020, 12, 31), book.add_format({"num_format": "d-m-yyyy"}))

    lines, _, _ = made(files.xlsx(HEAD, ["Servers", 100, 90], ["Fietsen", 5], fill=fill))
    assert [str(cell) for cell in lines.refused] == [
        "C3 (Rekening 2020), “31-12-2020”: Hier staat een datum of tijd (2020-12-31), geen bedrag."
    ]


def test_the_last_row_is_read_as_strictly_as_the_first() -> None:
    assert refused(HEAD, *([f"Regel {number}", 1, 1] for number in range(50)), ["Slot", 1, "??"]) == [
        "C52 (Rekening 2020), “??”: “??” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."
    ]


def test_a_column_is_read_in_one_notation() -> None:
    dutch = read(HEAD, ["Servers", "1.234", "€ 360.000"], ["Fietsen", "1.234,50", "(1.000)"], ["Pc’s", "-", "25-"])
    assert [dict(dutch.given[row]) for row in (2, 3, 4)] == [
        {"amended": 123_400_000, "actual": 36_000_000_000},
        {"amended": 123_450_000, "actual": -100_000_000},
        {"amended": 0, "actual": -2_500_000},
    ]
    english = read(HEAD, ["Servers", "1,234.50", "1,000"], ["Fietsen", "(12.5)", "2,000.25"])
    assert [dict(english.given[row]) for row in (2, 3)] == [
        {"amended": 123_450_000, "actual": 100_000_000},
        {"amended": -1_250_000, "actual": 200_025_000},
    ]
    assert refused(HEAD, ["Servers", "1,234.50", "1"], ["Fietsen", "1.234", "1"])[0].startswith(
        "B2 (Begroting 2020), “1,234.50”: “1,234.50” kan twee dingen betekenen."
    )


def test_no_table_is_said_so() -> None:
    for rows, message in (
        ([["Alleen", "woorden"]], "Op dit blad staat geen tabel: er is geen regel met een omschrijving en een bedrag."),
        ([["Servers", 100, 90]], "Boven rij 1, de eerste met bedragen, staan geen opschriften."),
        (
            [HEAD, *([f"Regel {number}", 1, 1] for number in range(501))],
            (
                "Er passen ten hoogste 500 regels in een tabel; dit blad heeft er 501. Verdeel ze over meer tabellen. "
                "Zijn het boekingen, lees ze dan in bij Grootboek."
            ),
        ),
        (
            [["Omschrijving", *(f"Kolom {number}" for number in range(199))], ["Servers", *range(199)]],
            "Er passen ten hoogste 24 kolommen in een tabel; dit blad heeft er 200.",
        ),
    ):
        with pytest.raises(layout.NoTable) as refusal:
            read(*rows)
        assert str(refusal.value) == message


def test_of_more_columns_than_fit_some_are_left_out() -> None:
    _, result, _ = made(files.xlsx(["Omschrijving", *(f"Kolom {n}" for n in range(50))], ["Servers", *range(50)]))
    assert result.problems == (
        "Er passen ten hoogste 24 kolommen in een tabel; dit bestand heeft er 50. Laat kolommen weg.",
    )


def test_two_heading_rows_and_merged_cells_become_one_heading() -> None:
    def fill(book: Any, page: Any) -> None:
        page.merge_range(0, 1, 0, 2, "Begroting 2020")
        page.merge_range(0, 3, 0, 4, "Rekening 2020")

    rows = (["", "", "", "", ""], ["Programma", "Lasten", "Baten", "Lasten", "Baten"], ["Bestuur", 5, 4, 6, 3])
    found, _ = guessed(files.xlsx(*rows, fill=fill))
    table = layout.find(found, [((0, 1), (0, 2)), ((0, 3), (0, 4))])
    assert (table.first, table.last) == (1, 2)
    assert table.headings == (
        "Programma",
        "Begroting 2020 Lasten",
        "Begroting 2020 Baten",
        "Rekening 2020 Lasten",
        "Rekening 2020 Baten",
    )
    in_csv = files.csv(
        ["", "Begroting 2020", "", "Rekening 2020", ""], *([str(cell) for cell in row] for row in rows[1:])
    )
    assert guessed(in_csv)[1].mapping.columns[3].heading == "Rekening 2020 Baten"


def test_headings_that_stand_twice_are_doubted_and_both_kept() -> None:
    _, result, mapped = made(files.xlsx(["x € 1", "Bedrag", "Bedrag"], ["Servers", 1, 2]))
    assert mapped.doubts == ("2 kolommen hebben hetzelfde opschrift: “bedrag”.",)
    assert [column.key for column in result.columns] == ["bedrag", "bedrag_"]
    assert result.problems == ()


def test_totals_inside_the_table_are_found_by_what_they_add_up() -> None:
    rows: list[Sequence[object]] = [
        HEAD,
        ["A", 1, 2],
        ["B", 3, 4],
        ["Totaal een", 4, 6],
        ["C", 5, 5],
        ["Totaal twee", 5, 5],
        ["Totaal", 9, 11],
    ]
    _, mapped = guessed(files.xlsx(*rows))
    assert {line.label: line.members for line in mapped.mapping.lines if line.is_total} == {
        "Totaal een": ((2, 1), (3, 1)),
        "Totaal twee": ((5, 1),),
        "Totaal": ((4, 1), (6, 1)),
    }


def test_expenses_written_negative_are_kept_positive() -> None:
    rows: list[Sequence[object]] = [HEAD, ["Lasten", -100, -90], ["Baten", 60, 70], ["Saldo", -40, -20]]
    lines, result, mapped = made(files.xlsx(*rows))
    assert mapped.mapping.style.expense_sign == -1
    assert [(line.original, line.actual) for line in lines.lines[:2]] == [
        (10_000_000, 9_000_000),
        (6_000_000, 7_000_000),
    ]
    assert result.statement is not None
    assert [[cell.text for cell in row.cells] for row in result.statement.rows] == [
        ["-100", "-90"],
        ["60", "70"],
        ["-40", "-20"],
    ]


def test_leading_zeros_make_a_column_words() -> None:
    rows: list[Sequence[object]] = [["Code", *HEAD], ["0610", "Servers", 1, 2], ["0611", "Fietsen", 3, 4]]
    lines, _, mapped = made(files.xlsx(*rows))
    assert mapped.mapping.columns[0].use == "text"
    assert [line.texts for line in lines.lines] == [(("code", "0610"),), (("code", "0611"),)]


def test_a_formula_counts_by_its_value_and_is_refused_without_one() -> None:
    def fill(book: Any, page: Any) -> None:
        page.write_formula(2, 2, "=1+1", None, 2)

    content = files.xlsx(HEAD, ["Servers", 1, 2], ["Fietsen", 3], fill=fill)
    assert made(content)[0].given[3]["actual"] == 200_000
    bare = files.changed(content, files.SHEET, lambda sheet: sheet.replace(b"<f>1+1</f><v>2</v>", b"<f>1+1</f>"))
    assert [str(cell) for cell in made(bare)[0].refused] == [
        "C3 (Rekening 2020), “#FORMULE”: Deze formule is nooit uitgerekend. Open het bestand in Excel en sla het op."
    ]


def test_a_table_of_another_year_is_doubted_and_compares_nothing() -> None:
    _, mapped = guessed(files.xlsx(HEAD, ["Servers", 1, 2]), year=2021)
    assert mapped.doubts == ("De opschriften noemen 2020; de tabel is van 2021.",)
    assert [column.use for column in mapped.mapping.columns] == ["own", "own"]


def test_the_actual_of_an_earlier_year_gets_a_column_of_its_own() -> None:
    _, mapped = guessed(files.xlsx([HEAD[0], "Rekening 2019", *HEAD[1:]], ["Servers", 1, 2, 3]))
    assert [(column.heading, column.use) for column in mapped.mapping.columns] == [
        ("Rekening 2019", "own"),
        ("Begroting 2020", "amended"),
        ("Rekening 2020", "actual"),
    ]


def test_more_than_cents_are_rounded_and_counted() -> None:
    lines = read(["x € 1", "Begroting 2020", "Rekening 2020"], ["Servers", 100, 33.3333333])
    assert (lines.given[2]["actual"], lines.rounded) == (3_333, 1)


def test_a_total_that_counts_itself_is_refused() -> None:
    rows, mapped = guessed(files.xlsx(HEAD, ["Servers", 1, 2], ["Totaal", 1, 2]))
    told = {"lines": {"Totaal": {"kind": "total", "members": {"Totaal": 1}}}}
    lines = draft(rows, instructed(mapped.mapping, told))
    result = outcome(lines, mapped.mapping.style, "Tabel", 2020, Standing())
    assert result.problems == ("Het totaal “Totaal” telt zichzelf mee.",)


def test_labels_and_texts_that_are_too_long_are_refused() -> None:
    found = refused([*HEAD, "Toelichting"], ["S" * 201, 1, 2, "kort"], ["Fietsen", 1, 2, "x" * 301])
    assert [cell.split(": ", 1)[1] for cell in found] == [
        "Deze omschrijving is langer dan 200 tekens.",
        "Deze tekst is langer dan 300 tekens.",
    ]


def test_v_and_n_tell_income_from_expense() -> None:
    head = [*HEAD, "Verschil", "V/N"]
    _, mapped = guessed(files.xlsx(head, ["Leges", 100, 90, 10, "N"], ["Salarissen", 100, 90, 10, "V"]))
    assert [(line.label, line.direction) for line in mapped.mapping.lines] == [
        ("Leges", "income"),
        ("Salarissen", "expense"),
    ]
    beside = [*HEAD, "Verschil"]
    _, mapped = guessed(files.xlsx(beside, ["Leges", 100, 90, "10 N"], ["Salarissen", 100, 110, "N 10"]))
    assert [line.direction for line in mapped.mapping.lines] == ["income", "expense"]


def test_v_and_n_are_not_lost_in_a_column_of_the_table_itself() -> None:
    """Without a budget beside it nobody can say which way a deviation goes."""
    assert refused(["Omschrijving", "Afwijking"], ["Servers", "204 N"], ["Fietsen", "9"]) == [
        "B2 (Afwijking), “204 N”: Hier staat V of N bij het bedrag. Kies voor deze kolom “resultaat”, of laat haar weg."
    ]
