from investments.calculation import calculate
from investments.columns import Column
from investments.figures import LineFigures, LineKind
from investments.statements import Cell, Row, Statement, build
from investments.styles import PrintStyle
from tests.investments.columns import FIVE_2020
from tests.investments.test_calculation import SAMPLE

PRINTED = [
    ("I&A - aanschaf computerapparatuur", ["-", "232", "232", "256", "-24"], "-10%", "N"),
    ("I&A - aanschaf netwerkapparatuur", ["-", "80", "80", "68", "12"], "15%", "V"),
    ("I&A - aanschaf serverapparatuur", ["-", "180", "180", "58", "122"], "68%", "V"),
    ("I&A - aanschaf randapparatuur", ["-", "55", "55", "65", "-10"], "-18%", "N"),
    ("I&A - aanschaf telefoons", ["-", "20", "20", "19", "1"], "6%", "V"),
    ("Voorfinanciering fiets", ["-", "-", "-", "-", "-"], "n.v.t.", ""),
    ("Saldo", ["-", "567", "567", "465", "102"], "18%", "V"),
]


def printed_sample(unit: int = 1000) -> Statement:
    return build("Investeringen ICT", PrintStyle(unit), FIVE_2020, SAMPLE, calculate(SAMPLE))


def test_every_cell_of_the_sample_prints_as_published() -> None:
    statement = printed_sample()
    rows = [(row.label, [cell.text for cell in row.cells], row.percentage, row.mark) for row in statement.rows]
    assert rows == PRINTED
    assert (statement.title, statement.unit_note) == ("Investeringen ICT", "(bedrag x € 1.000)")
    assert [column.label for column in statement.columns] == [
        "begroot 2020",
        "wijziging 2020",
        "begroot na wijzigingen 2020",
        "rekening 2020",
        "resultaat 2020",
    ]


def test_printed_lines_need_not_add_up_to_the_printed_total() -> None:
    rows = printed_sample().rows
    actuals = [int(row.cells[3].text.replace("-", "0")) for row in rows]
    assert (sum(actuals[:-1]), actuals[-1]) == (466, 465)
    results = [int(row.cells[4].text) for row in rows if row.cells[4].text != "-"]
    assert (sum(results[:-1]), results[-1]) == (101, 102)


def test_in_euros_the_same_table_prints_exactly() -> None:
    last = printed_sample(unit=1).rows[-1]
    assert [cell.text for cell in last.cells] == ["-", "567.000", "567.000", "464.900", "102.100"]


def test_a_row_keeps_the_exact_cents_beside_what_it_prints() -> None:
    line = LineFigures(1, "Servers", original=149_999, actual=150_000)
    statement = build("Investeringen", PrintStyle(), (Column("actual", "realisatie"),), [line], calculate([line]))
    assert statement.rows == (Row(1, "Servers", LineKind.LINE, (Cell("actual", "2", 150_000),), "0%", "N"),)


def test_a_line_that_is_not_computed_yet_is_left_out() -> None:
    statement = build("Investeringen", PrintStyle(), FIVE_2020, SAMPLE, calculate(SAMPLE[:2]))
    assert [row.key for row in statement.rows] == [1, 2]
