import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from python_calamine import CalamineWorkbook

from accounts.sheets import Value, csv_file, xlsx_file

HEADERS = ("regel", "bedrag", "aantal", "op", "dag")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MOMENT, DAY = datetime(2021, 1, 1, 23, 30, tzinfo=UTC), date(2020, 12, 31)
ROWS: list[tuple[Value, ...]] = [
    ("Servers; nieuw", Decimal("-1234.5"), 7, MOMENT, DAY),
    ('=HYPERLINK("x")', Decimal(0), 0, None, None),
    ("007", None, -3, None, None),
]


def test_csv_is_what_dutch_spreadsheets_read() -> None:
    assert csv_file(HEADERS, ROWS).decode("utf-8") == (
        "\ufeffregel;bedrag;aantal;op;dag\r\n"
        '"Servers; nieuw";-1234,50;7;02-01-2021 00:30;31-12-2020\r\n'
        '"\'=HYPERLINK(""x"")";0,00;0;;\r\n'
        "007;;-3;;\r\n"
    )


def test_text_in_csv_never_becomes_a_formula() -> None:
    rows = [(f"{sign}1",) for sign in "=+-@\t\r"]
    lines = csv_file(["tekst"], rows).decode("utf-8-sig").split("\r\n")
    assert lines[1:6] == ["'=1", "'+1", "'-1", "'@1", "'\t1"]


def test_xlsx_has_numbers_dates_and_words_as_such() -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_file("Lijst", HEADERS, ROWS))).get_sheet_by_index(0)
    assert sheet.to_python() == [
        list(HEADERS),
        ["Servers; nieuw", -1234.5, 7.0, MOMENT.astimezone(AMSTERDAM).replace(tzinfo=None), date(2020, 12, 31)],
        ['=HYPERLINK("x")', 0.0, 0.0, "", ""],
        ["007", "", -3.0, "", ""],
    ]


def test_xlsx_has_no_formulas_or_links_and_keeps_its_head_in_sight() -> None:
    rows: list[tuple[Value, ...]] = [("=1+1",), ("https://duoplus.example/",), ("mailto:a@b.example",)]
    with ZipFile(io.BytesIO(xlsx_file("Lijst", ["tekst"], rows))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in archive.namelist() if "rels" in name and "worksheets" in name]
    assert ("<f>" in sheet, 'state="frozen"' in sheet, "<autoFilter" in sheet) == (False, True, True)


def test_a_sheet_is_named_as_excel_allows() -> None:
    data = xlsx_file("Regels: van [alle] teams die nog iets moeten doen", ["a"], [])
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == ["Regels van alle teams die nog i"]


def test_a_text_that_is_too_long_for_a_cell_is_cut() -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_file("Lijst", ["a"], [("x" * 40_000,)])))
    assert len(str(sheet.get_sheet_by_index(0).to_python()[1][0])) == 32_767
