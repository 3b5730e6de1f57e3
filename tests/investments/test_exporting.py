import io
import zipfile

from python_calamine import load_workbook

from investments.columns import Column, ColumnKind
from investments.exporting import as_csv, as_data, as_xlsx
from investments.figures import LineFigures, LineKind
from investments.statements import Statement, build
from investments.styles import Marks, PrintStyle, Zero
from investments.summing import figures_of
from tests.investments.columns import FIVE_2020
from tests.investments.test_calculation import SAMPLE

NOTE = Column("note", "=opmerking", ColumnKind.TEXT)
ACTUAL, RESULT = Column("actual", "rekening"), Column("result", "resultaat")


def statement(
    *lines: LineFigures, columns: tuple[Column, ...] = (ACTUAL, RESULT, NOTE), style: PrintStyle | None = None
) -> Statement:
    return build("Investeringen", style or PrintStyle(), columns, lines, figures_of(lines))


def rows(content: bytes) -> list[list[object]]:
    return [list(row) for row in load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()]


def line(
    label: str = "Servers", note: str = "", actual: int = 1_234_567_89, original: int = 0, key: int = 1
) -> LineFigures:
    return LineFigures(key, label, original=original, actual=actual, texts=(("note", note),) if note else ())


def test_csv_is_dutch_and_as_printed() -> None:
    text = as_csv(build("Investeringen ICT", PrintStyle(), FIVE_2020, SAMPLE, figures_of(SAMPLE)))
    assert text.startswith(
        "\ufeff;begroot 2020;wijziging 2020;begroot na wijzigingen 2020;rekening 2020;resultaat 2020\r\n"
    )
    assert "\r\nI&A - aanschaf computerapparatuur;-;232;232;256;-24\r\n" in text
    assert text.endswith("\r\nSaldo;-;567;567;465;102\r\n")


def test_raw_is_in_euros_and_cents() -> None:
    assert as_csv(statement(line()), raw=True).splitlines()[1] == "Servers;1234567,89;-1234567,89;"
    assert as_data(statement(line()), raw=True)["rows"] == [
        {"label": "Servers", "kind": "line", "cells": {"actual": "1234567.89", "result": "-1234567.89", "note": ""}}
    ]


def test_what_rounds_to_zero_keeps_its_sign_in_raw() -> None:
    assert as_csv(statement(line(actual=-4_00)), raw=True).splitlines()[1] == "Servers;-4,00;4,00;"


def test_no_text_becomes_a_formula() -> None:
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
    found = as_csv(statement(line("=1+1", note="=1+1")))
    assert found.splitlines()[0].endswith(";'=opmerking")
    assert found.splitlines()[1] == "'=1+1;1.235;-1.235;'=1+1"
    for label in dangerous:
        assert as_csv(statement(line(label))).split("\r\n", 1)[1].lstrip('"').startswith(f"'{label[0]}")
    content = as_xlsx(
        statement(*(line(label, note=label, key=key) for key, label in enumerate(dangerous))), PrintStyle()
    )
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert rows(content)[3][0] == "=1+1"


def test_excel_holds_numbers_in_formats_that_print_the_same() -> None:
    style = PrintStyle(marks=Marks.AFTER, zero=Zero.ZERO, zero_mark="V")
    content = as_xlsx(statement(line(actual=0), line("Pc’s", original=2_460_000_00, key=2), style=style), style)
    assert rows(content)[0][0] == "Investeringen"
    assert rows(content)[1][0] == "(bedrag x € 1.000)"
    assert rows(content)[2] == ["", "rekening", "resultaat", "=opmerking"]
    assert rows(content)[3][:3] == ["Servers", 0.0, 0.0]
    assert rows(content)[4][:3] == ["Pc’s", 1235.0, 1225.0]
    inside = zipfile.ZipFile(io.BytesIO(content))
    styles = inside.read("xl/styles.xml").decode()
    assert 'formatCode="#,##0&quot; V&quot;;-#,##0&quot; V&quot;;0&quot; V&quot;"' in styles
    assert b'state="frozen"' in inside.read("xl/worksheets/sheet1.xml")


def test_raw_excel_has_cents() -> None:
    content = as_xlsx(statement(line()), PrintStyle(), raw=True)
    assert rows(content)[1][0] == "(bedragen in euro’s)"
    assert rows(content)[3][:3] == ["Servers", 1234567.89, -1234567.89]


def test_data_tells_columns_rows_and_verdict() -> None:
    total = LineFigures(2, "Totaal", LineKind.TOTAL, members=((1, 1),), stated=(("actual", 900_000_00),))
    data = as_data(statement(line(), total, columns=(ACTUAL,)))
    assert data == {
        "title": "Investeringen",
        "unit": "(bedrag x € 1.000)",
        "columns": [{"key": "actual", "label": "rekening"}],
        "rows": [
            {"label": "Servers", "kind": "line", "cells": {"actual": "1.235"}},
            {"label": "Totaal", "kind": "total", "cells": {"actual": "900"}},
        ],
        "verdict": "broken",
    }
