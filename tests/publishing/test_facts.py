import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts.models import Organisation
from accounts.roles import Role
from investments.columns import MARK, SHARE, Column
from investments.figures import LineFigures
from investments.styles import PrintStyle
from publishing.content import ChapterContent, SectionContent, TableContent, content_hash
from publishing.facts import HEADERS, Fact, facts
from publishing.freezing import freeze
from publishing.models import Edition
from reports.models import SectionKind
from tests import builders
from tests.hostile import HOSTILE
from tests.investments import ledger as books
from tests.investments.columns import FIVE_2020
from tests.pages import content
from tests.publishing.test_content import CONTENT

SERVERS = LineFigures(1, "Servers", "line", "credit", 12_000_050, 600_000, 9_512_345)
PHONES = LineFigures(2, "Telefoons", "line", "credit", 0, 0, 2_400_000, stated=(("actual", 2_500_000),))
TOTAL = LineFigures(3, "Totaal", "total", members=((1, 1), (2, 1)))
TABLE = TableContent(
    title="Investeringen ICT",
    year=2020,
    style=PrintStyle(),
    columns=FIVE_2020,
    lines=(SERVERS, PHONES, TOTAL),
    explanation="",
    line_explanations=(),
    sources=((1, "original", "import"), (1, "actual", "ledger")),
)


def of(table: TableContent) -> list[Fact]:
    section = SectionContent("figures", "Middelen", "Staf", "", table=table)
    return facts([ChapterContent("3", "Programma’s", 1, ()), ChapterContent("3.2", "Bedrijfsvoering", 2, (section,))])


def told(found: list[Fact]) -> list[tuple[str, str, str, str, str]]:
    return [(fact.line, fact.column, str(fact.value), fact.printed, fact.source) for fact in found]


def test_every_printed_figure_exact_as_printed_and_from_where() -> None:
    assert told(of(TABLE)) == [
        ("Servers", "original", "120000.50", "120", "import"),
        ("Servers", "amendments", "6000.00", "6", "computed"),
        ("Servers", "amended", "126000.50", "126", "computed"),
        ("Servers", "actual", "95123.45", "95", "ledger"),
        ("Servers", "result", "30877.05", "31", "computed"),
        ("Telefoons", "original", "0.00", "-", "typed"),
        ("Telefoons", "amendments", "0.00", "-", "computed"),
        ("Telefoons", "amended", "0.00", "-", "computed"),
        ("Telefoons", "actual", "25000.00", "25", "stated"),
        ("Telefoons", "result", "-24000.00", "-24", "computed"),
        ("Totaal", "original", "120000.50", "120", "computed"),
        ("Totaal", "amendments", "6000.00", "6", "computed"),
        ("Totaal", "amended", "126000.50", "126", "computed"),
        ("Totaal", "actual", "119123.45", "119", "computed"),
        ("Totaal", "result", "6877.05", "7", "computed"),
    ]


def test_the_path_leads_from_the_chapter_to_the_column() -> None:
    fact = of(TABLE)[3]
    assert fact.path == "3.2 Bedrijfsvoering / Middelen / Investeringen ICT / 1 Servers / rekening 2020"
    assert fact.as_data() == {
        "path": fact.path,
        "chapter": "3.2",
        "chapter_title": "Bedrijfsvoering",
        "section": "Middelen",
        "table": "Investeringen ICT",
        "year": 2020,
        "row": 1,
        "line": "Servers",
        "line_kind": "line",
        "column": "actual",
        "heading": "rekening 2020",
        "value": "95123.45",
        "unit": "EUR",
        "printed": "95",
        "printed_in": 1000,
        "source": "ledger",
    }


def test_percentages_are_figures_and_words_are_not() -> None:
    columns = (*FIVE_2020[2:], Column(SHARE, "%"), Column(MARK, "V/N"), Column("status", "stand", kind="text"))
    lines = (
        replace(SERVERS, texts=(("status", "loopt"),)),
        LineFigures(4, "Kop", "heading"),
        LineFigures(5, "Nieuw", "line", "credit"),
    )
    found = [
        fact for fact in of(replace(TABLE, columns=columns, lines=lines)) if fact.column not in ("amended", "actual")
    ]
    assert [(fact.row, fact.column, fact.value, fact.printed, fact.unit, fact.printed_in) for fact in found] == [
        (1, "result", found[0].value, "31", "EUR", 1000),
        (1, SHARE, 25, "25%", "%", None),
        (3, "result", 0, "-", "EUR", 1000),
        (3, SHARE, None, "n.v.t.", "%", None),
    ]


def test_an_amount_that_nobody_knows_has_no_value() -> None:
    columns = (Column("opening", "begin"), Column("additions", "bij", unknown=True))
    table = replace(
        TABLE, columns=columns, lines=(LineFigures(1, "Reserve", cells=(("opening", 500_000),)),), sources=()
    )
    assert told(of(table)) == [
        ("Reserve", "opening", "5000.00", "5", "typed"),
        ("Reserve", "additions", "None", "onbekend", "typed"),
    ]


# --- as a file --------------------------------------------------------------------------------------------------------
@pytest.fixture
def duoplus(db: None) -> Organisation:
    return builders.organisation()


def edition(organisation: Organisation, data: dict[str, Any]) -> Edition:
    made = Edition.objects.create(
        report=builders.report(organisation),
        number=5,
        content=data,
        content_hash=content_hash(data),
        requested_by=builders.person("Dirk", organisation),
        created_at=datetime(2021, 5, 14, 9, 30, tzinfo=UTC),
        sha256="ab" * 32,
        size=15,
        pages=1,
    )
    made.file.save("5.pdf", ContentFile(b"%PDF-1.7 inhoud"))
    return made


def download(client: Client, made: Edition) -> tuple[Any, bytes]:
    answer = client.get(f"/duoplus/edities/{made.pk}/feiten/")
    return answer, content(answer)


def with_label(label: str) -> dict[str, Any]:
    table = replace(TABLE, title=label, lines=(replace(SERVERS, label=label), PHONES, TOTAL))
    section = SectionContent("figures", label, "Staf", "", table=table)
    return replace(CONTENT, chapters=(ChapterContent("1", label, 1, (section,)),)).as_data()


def test_csv_and_json_come_in_one_archive_with_the_same_bytes_every_time(duoplus: Organisation, client: Client) -> None:
    made = edition(duoplus, with_label("Servers"))
    client.force_login(builders.person("Anna", duoplus, Role.AUDITOR))
    answer, body = download(client, made)
    assert (
        answer["Content-Disposition"] == 'attachment; filename="duoplus-jaarstukken-2020-editie-5-concept-feiten.zip"'
    )
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "no-store")
    again, same = download(client, made)
    assert (same, again["ETag"]) == (body, answer["ETag"])
    with ZipFile(io.BytesIO(body)) as found:
        assert found.namelist() == ["feiten.csv", "feiten.json"]
        told = json.loads(found.read("feiten.json"))
        rows = list(csv.reader(io.StringIO(found.read("feiten.csv").decode("utf-8-sig")), delimiter=";"))
    assert {name: value for name, value in told.items() if name != "facts"} == {
        "format": 1,
        "organisation": "Gemeenschappelijke regeling Duo+",
        "report": "Jaarstukken 2020",
        "year": 2020,
        "edition": 5,
        "draft": True,
        "chapters": [],
        "made_at": "2021-05-14T09:30:00+00:00",
        "content_hash": made.content_hash,
        "pdf": {"sha256": "ab" * 32, "size": 15, "pages": 1},
    }
    assert len(told["facts"]) == len(rows) - 1 == 15
    assert rows[0] == list(HEADERS)
    assert rows[4] == [
        told["facts"][3]["path"],
        "1",
        "Servers",
        "Servers",
        "Servers",
        "2020",
        "1",
        "Servers",
        "regel",
        "rekening 2020",
        "95123,45",
        "EUR",
        "95",
        "1000",
        "grootboek",
    ]


@pytest.mark.parametrize("label", ["=cmd|' /C calc'!A0", "+31", "@SUM(A1)", "\tx", *HOSTILE[:3]])
def test_no_label_becomes_a_formula(duoplus: Organisation, client: Client, label: str) -> None:
    made = edition(duoplus, with_label(label))
    client.force_login(builders.person("Anna", duoplus, Role.AUDITOR))
    with ZipFile(io.BytesIO(download(client, made)[1])) as found:
        rows = list(csv.reader(io.StringIO(found.read("feiten.csv").decode("utf-8-sig")), delimiter=";"))
    words = [cell for row in rows for place, cell in enumerate(row) if HEADERS[place] != "waarde"]
    assert not [cell for cell in words if cell.startswith(("=", "+", "@", "\t", "-"))]
    assert rows[1][7].removeprefix("'") == label


def test_an_edition_without_a_pdf_has_no_facts(duoplus: Organisation, client: Client) -> None:
    made = edition(duoplus, with_label("Servers"))
    Edition.objects.update(file="")
    client.force_login(builders.person("Anna", duoplus, Role.AUDITOR))
    assert client.get(f"/duoplus/edities/{made.pk}/feiten/").status_code == 404


def test_an_edition_of_before_there_were_sources_tells_what_it_can(duoplus: Organisation, client: Client) -> None:
    data = json.loads(json.dumps(with_label("Servers")))
    table = data["chapters"][0]["sections"][0]["table"]
    del table["sources"]
    table["unit"] = table.pop("style")["unit"]
    made = edition(duoplus, data)
    client.force_login(builders.person("Anna", duoplus, Role.AUDITOR))
    with ZipFile(io.BytesIO(download(client, made)[1])) as found:
        told = json.loads(found.read("feiten.json"))["facts"]
    assert {fact["source"] for fact in told} == {"typed", "computed", "stated"}


def test_what_the_ledger_gave_is_frozen_with_the_report(duoplus: Organisation) -> None:
    table = builders.table(duoplus)
    line = builders.line(table, "Servers", "100", "90")
    books.rule(line, "4310")
    report = builders.report(duoplus)
    builders.section(builders.chapter(report), builders.team(duoplus), kind=SectionKind.FIGURES, table=table)
    frozen = freeze(report, (), draft=True).chapters[0].sections[0].table
    assert frozen is not None
    assert frozen.sources == ((line.pk, "actual", "ledger"),)
