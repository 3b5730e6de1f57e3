import io
import subprocess
import sys
import time
import tracemalloc
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from investments.spreadsheets import LEDGER, TABLE, FileRefused, Limits, Row, open_file
from investments.spreadsheets.limits import DAMAGED, EMPTY, LOCKED, MACROS, NO_SPREADSHEET
from tests.investments.spreadsheets import files

MEASURE = """
import re, sys
from pathlib import Path
from investments.spreadsheets import FileRefused, open_file
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        try:
            list(open_file(file).rows())
        except FileRefused:
            pass
print(int(re.search("VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
HEAD = ["Omschrijving", "Rekening 2020"]
ENTITY = b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>'
UNPACKED = "Uitgepakt is dit bestand groter dan 40 MB. Bewaar alleen het blad met de tabel."


def rows(content: bytes, limits: Limits = TABLE) -> list[Row]:
    return list(open_file(io.BytesIO(content), limits).rows())


def far(rows: int, columns: int) -> str:
    return (
        f"Dit bestand loopt door tot rij {rows} en kolom {columns}; gelezen worden ten hoogste 5000 rijen en 250 "
        "kolommen. Verwijder wat er ver buiten de tabel staat."
    )


def test_cells_of_excel_come_as_what_they_are() -> None:
    def fill(book: Any, page: Any) -> None:
        page.write_datetime(2, 0, datetime(2020, 12, 31), book.add_format({"num_format": "dd-mm-yyyy"}))  # noqa: DTZ001
        page.write_formula(2, 1, "=1+1", None, 2)
        page.write_boolean(3, 0, True)
        page.write_formula(3, 1, "=1/0", None, "#DIV/0!")

    content = files.xlsx(HEAD, ["007", 0.1 + 0.2], fill=fill)
    assert rows(content) == [
        HEAD,
        ["007", Decimal("0.3")],
        [date(2020, 12, 31), Decimal(2)],
        [True, "#DIV/0!"],
    ]


def test_rows_and_columns_count_from_the_corner_of_the_sheet() -> None:
    def fill(book: Any, page: Any) -> None:
        page.write_string(2, 1, "laag")

    assert rows(files.xlsx(fill=fill)) == [[None, None], [None, None], [None, "laag"]]


def test_a_formula_that_nobody_computed_is_told_and_no_empty_cell() -> None:
    content = files.changed(
        files.xlsx(["Saldo", 2]), files.SHEET, lambda sheet: sheet.replace(b'"B1"><v>2</v>', b'"B1"><f>1+1</f>')
    )
    assert rows(content) == [["Saldo", "#FORMULE"]]


def test_a_number_that_is_none_is_words() -> None:
    content = files.changed(files.xlsx([1]), files.SHEET, lambda sheet: sheet.replace(b"<v>1</v>", b"<v>NaN</v>"))
    assert rows(content) == [["NaN"]]


def test_sheets_have_names_and_merged_cells() -> None:
    def fill(book: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 2, "Begroting 2020")
        book.add_worksheet("Bron").write_string(0, 0, "bron")

    book = open_file(io.BytesIO(files.xlsx(fill=fill)))
    assert book.sheet_names == ("Blad1", "Bron")
    assert book.merged("Blad1") == [((0, 0), (0, 2))]
    assert list(book.rows("Bron")) == [["bron"]]


def test_xls_is_read_with_its_errors() -> None:
    content = files.xls(
        files.label(0, 0, "Omschrijving"), files.label(1, 0, "één"), files.number(1, 1, 1234.5), files.error(2, 1, 23)
    )
    assert rows(content) == [["Omschrijving", None], ["één", Decimal("1234.5")], [None, "#REF!"]]


def test_ods_is_read_with_its_errors_and_without_its_endless_empty_rows() -> None:
    wrong = (
        '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    endless = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = files.ods(files.words("a") + files.amount("1.5"), files.words("b") + wrong, endless)
    assert rows(content) == [["a", Decimal("1.5")], ["b", "#DIV/0!"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_in_each_encoding_and_with_each_separator(encoding: str, separator: str) -> None:
    content = files.csv(HEAD, ["Café’s", "007"], ["", "2"], separator=separator, encoding=encoding)
    assert rows(content) == [HEAD, ["Café’s", "007"], [None, "2"]]


def test_amounts_with_commas_do_not_make_a_comma_the_separator() -> None:
    assert rows(b"a;1,5;2,5;3,5\nb;1;2;3\n") == [["a", "1,5", "2,5", "3,5"], ["b", "1", "2", "3"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", EMPTY),
        (b" \r\n\r\n", EMPTY),
        (files.xlsx(HEAD)[:-300], DAMAGED),
        (files.xls(files.label(0, 0, "x"))[:900], DAMAGED),
        (files.xlsx(HEAD)[:40] + b"\0" * 400 + files.xlsx(HEAD)[440:], DAMAGED),
        (files.changed(files.xlsx(HEAD), "xl/vbaProject.bin", lambda _: b"Sub"), MACROS),
        (files.xls(files.label(0, 0, "x"), streams=["_VBA_PROJECT_CUR"]), MACROS),
        (files.container({"EncryptionInfo": b"x" * 5000, "EncryptedPackage": b"x" * 5000}), LOCKED),
        (files.xls(files.label(0, 0, "x"), head=files.record(0x2F, b"\0" * 6)), LOCKED),
        (b"%PDF-1.7\n", NO_SPREADSHEET),
        (b'<?xml version="1.0"?><table/>', NO_SPREADSHEET),
        (files.container({"WordDocument": b"x" * 5000}), NO_SPREADSHEET),
        (files.changed(files.xlsx(HEAD), files.SHEET, lambda sheet: sheet + b" " * 60_000_000), UNPACKED),
        (files.xlsx(HEAD).replace(b"xl/workbook.xml", b"xl/workbook.bin"), NO_SPREADSHEET),
        (
            files.changed(files.xlsx(HEAD), files.SHEET, lambda sheet: sheet.replace(b"<work", ENTITY + b"<work", 1)),
            "In dit bestand staan definities die niet in een spreadsheet horen. Sla het opnieuw op.",
        ),
        (
            files.changed(files.xlsx(["x"]), files.SHEET, lambda sheet: sheet.replace(b'"A1"', b'"XFD1048576"')),
            far(1048576, 16384),
        ),
        (files.xls(files.label(65535, 255, "x")), far(65536, 256)),
        (files.ods(files.amount(1, 'table:number-columns-repeated="16384"')), far(1, 16384)),
        (files.csv(["x"] * 251), far(1, 251)),
        (
            files.csv(["a", "b"], separator="|"),
            "In dit bestand staat maar één kolom. Scheid de kolommen met een puntkomma, een komma of een tab.",
        ),
        (
            files.csv(HEAD, encoding="utf-16"),
            "Dit bestand is opgeslagen als “Unicode-tekst”. Sla het op als CSV UTF-8 en kies dat bestand.",
        ),
        (
            bytes(range(1, 256)),
            "De tekens in dit bestand zijn niet te lezen. Sla het op als CSV UTF-8 en kies dat bestand.",
        ),
        (
            b'a;b\n"x;y\n',
            "Dit csv-bestand is niet te lezen: een aanhalingsteken wordt niet gesloten of een cel is te lang.",
        ),
        (bytes(TABLE.size + 1), "Dit bestand is groter dan 10 MB. Bewaar alleen het blad met de tabel."),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_the_reason(content: bytes, message: str) -> None:
    with pytest.raises(FileRefused) as refused:
        rows(content)
    assert str(refused.value) == message


def placed(name: bytes) -> bytes:
    """A file whose only cell says that it stands somewhere else, in these characters."""
    return files.changed(files.xlsx(["x"]), files.SHEET, lambda sheet: sheet.replace(b' r="A1"', name))


@pytest.mark.parametrize(
    ("name", "extent"),
    [(b' r="A5001"', (5001, 1)), (b"\tr = 'IQ1'", (1, 251)), (b"\nr= 'iq1'", (1, 251)), (b' r="IP05001"', (5001, 250))],
)
def test_the_first_cell_that_is_too_far_is_refused(name: bytes, extent: tuple[int, int]) -> None:
    with pytest.raises(FileRefused) as refused:
        rows(placed(name))
    assert str(refused.value) == far(*extent)


def test_the_last_cell_that_is_near_enough_is_read() -> None:
    assert rows(placed(b' r="IP5000"'))[-1][-1] == "x"


def many_texts(cells: int, length: int) -> bytes:
    """A small file in which many cells refer to one long text."""
    content = files.xlsx(["x" * length])
    row = b"".join(b'<c r="B%d" t="s"><v>0</v></c>' % number for number in range(1, cells + 1))
    return files.changed(content, files.SHEET, lambda sheet: sheet.replace(b"</row>", row + b"</row>"))


def test_many_cells_with_one_long_text_are_refused_and_few_are_not() -> None:
    with pytest.raises(FileRefused) as refused:
        rows(many_texts(4_000, 30_000))
    assert str(refused.value) == UNPACKED
    assert rows(many_texts(3, 30_000))[0][0] == "x" * 30_000


def test_shared_texts_of_xls_are_read_and_measured() -> None:
    long = "x" * 20_000
    cells = [files.refers(0, column, column) for column in range(3)]
    few = files.xls(*cells, head=files.shared("kort", long, "slot"))
    assert rows(few) == [["kort", long, "slot"]]
    many = files.xls(*(files.refers(row, 0, 1) for row in range(2_200)), head=files.shared("kort", long, "slot"))
    with pytest.raises(FileRefused) as refused:
        rows(many)
    assert str(refused.value) == UNPACKED


def test_a_repeated_cell_of_ods_with_a_long_text_is_refused() -> None:
    cell = files.words("x" * 30_000).replace(
        "<table:table-cell", '<table:table-cell table:number-columns-repeated="200"'
    )
    with pytest.raises(FileRefused) as refused:
        rows(files.ods(f'<table:table-row table:number-rows-repeated="4000">{cell}</table:table-row>'))
    assert str(refused.value) == UNPACKED


def test_a_far_cell_costs_no_memory() -> None:
    content = files.changed(files.xlsx(["x"]), files.SHEET, lambda sheet: sheet.replace(b'"A1"', b'"XFD1048576"'))
    tracemalloc.start()
    with pytest.raises(FileRefused):
        rows(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_ledger_may_be_longer_than_a_table() -> None:
    content = files.csv(*(["1", "2"] for _ in range(TABLE.rows + 1)))
    assert len(rows(content, LEDGER)) == TABLE.rows + 1
    with pytest.raises(FileRefused):
        rows(content)


def test_hostile_files_cost_little_time_and_memory(tmp_path: Path) -> None:
    """In a process of its own, so that its peak is theirs."""
    hostile = {
        "bomb": files.changed(files.xlsx(HEAD), files.SHEET, lambda sheet: sheet + b" " * 60_000_000),
        "far": files.changed(files.xlsx(["x"]), files.SHEET, lambda sheet: sheet.replace(b'"A1"', b'"XFD1048576"')),
        "texts": many_texts(4_000, 30_000),
        "wide": files.xlsx(*([number * column for column in range(250)] for number in range(100))),
        "tags": files.changed(files.xlsx(["x"]), files.SHEET, lambda sheet: sheet + b"<c t=" * 1_000_000),
    }
    for name, content in hostile.items():
        (tmp_path / name).write_bytes(content)
    started = time.monotonic()
    peak = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, tmp_path.iterdir())], capture_output=True, check=True
    )
    assert time.monotonic() - started < 30
    assert int(peak.stdout) < 300
