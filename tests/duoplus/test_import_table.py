import csv
import json
from collections import Counter
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organisation
from accounts.roles import Role
from investments import queries
from investments.models import Line, Table, TableImport
from investments.styles import PrintStyle
from tests import builders
from tests.investments.published import Published, published
from tests.investments.spreadsheets import files

pytestmark = pytest.mark.django_db
SIX = sorted(published())


@pytest.fixture
def organisation(settings: Any, tmp_path: Path) -> Organisation:
    settings.MEDIA_ROOT = tmp_path / "media"
    made = builders.organisation()
    builders.person("Anna de Vries", made, Role.CONTROLLER)
    return made


def run(command: str, *words: str) -> str:
    out = StringIO()
    call_command(command, "duoplus", *words, stdout=out)
    return out.getvalue()


def import_published(table: Published, folder: Path, kind: str = "csv") -> None:
    file = folder / f"tabel.{kind}"
    file.write_bytes(table.csv() if kind == "csv" else table.xlsx())
    words = [str(table.year), table.title, str(file), "--create", "--unit", str(table.unit)]
    if table.told:
        mapping = folder / "koppeling.json"
        mapping.write_text(json.dumps(table.told))
        words += ["--mapping", str(mapping)]
    run("import_table", *words)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", SIX)
def test_a_published_table_comes_in_from_a_file_and_goes_out_as_printed(
    name: str, kind: str, organisation: Organisation, tmp_path: Path
) -> None:
    table = published()[name]
    import_published(table, tmp_path, kind)
    rows = list(csv.reader(StringIO(run("export_table", str(table.year), table.title)), delimiter=";"))
    # A line without words is a total, and is called so; the rest is as the source printed it, cell by cell.
    labels = [label or "Totaal" for label in table.labels]
    assert rows[0][1:] == list(table.columns.values())
    assert rows[1:] == [[label, *cells] for label, cells in zip(labels, table.cells, strict=True)]


@pytest.mark.parametrize("name", SIX)
def test_the_sums_of_a_published_table_are_judged_as_they_are(
    name: str, organisation: Organisation, tmp_path: Path
) -> None:
    table = published()[name]
    import_published(table, tmp_path)
    stored = Table.objects.get()
    statement = queries.fresh_statement(stored)
    lines = {key: row.key for key, row in zip((row[0] for row in table.rows), statement.rows, strict=True)}
    columns = dict(zip(table.columns, (column.key for column in statement.columns), strict=True))
    for told in table.sums:
        if told["id"] == "r_2016_rule":
            continue  # The rule of another year: the next test imports by it.
        across = told["scope"] == "row"
        rows = {lines[key] for key in (told["rows"] if across else [told["total"]])}
        keys = {columns[key] for key in ([told["equals"]] if across else told["columns"])}
        found = Counter(
            item.verdict.value
            for item in statement.judgements
            if item.line in rows and item.column in keys and item.across == across
        )
        assert [found["exact"], found["rounding"], found["broken"]] == told["counts"], told["id"]


def test_a_wrong_rule_breaks_the_rows_that_it_is_wrong_about(organisation: Organisation, tmp_path: Path) -> None:
    table = published()["maassluis_2017_investeringen_overhead"]
    terms = {"Restant": 1, "Bijramingen": 1, "Aframingen": 1}
    wrong = Published(**{**vars(table), "told": {"columns": {"Saldo ultimo 2017": {"use": "own", "terms": terms}}}})
    import_published(wrong, tmp_path)
    statement = queries.fresh_statement(Table.objects.get())
    found = [item for item in statement.judgements if item.across and item.column == "saldo_ultimo_2017"]
    assert Counter(item.verdict.value for item in found) == {"exact": 2, "broken": 2}
    assert [item.difference for item in found if item.difference] == [40_000, 40_000]


def test_the_resolution_and_look_of_the_source_are_kept(organisation: Organisation, tmp_path: Path) -> None:
    import_published(published()["terneuzen_2018_kapitaallasten"], tmp_path)
    assert Table.objects.get().print_style == PrintStyle(unit=1, resolution=1000, reversed_result=True)
    import_published(published()["gorinchem_2020_overhead"], tmp_path)
    assert Table.objects.get(year=2020).print_style == PrintStyle(
        unit=1000, resolution=1000, zero="0", marks="after", zero_mark="V"
    )


def write(folder: Path, *rows: list[str], name: str = "investeringen.csv") -> str:
    file = folder / name
    file.write_bytes(files.csv(*rows))
    return str(file)


HEAD = ["x € 1.000", "Begroting 2020", "Rekening 2020"]


def refused(*words: str) -> str:
    with pytest.raises(CommandError) as error:
        run("import_table", *words)
    return str(error.value)


def test_a_table_is_made_only_when_asked(organisation: Organisation, tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, ["Servers", "100", "90"], ["Totaal", "100", "90"])
    builders.table(organisation, "Reserves")
    assert refused("2020", "ICT", file) == ("Duo+ has no table “ICT” in 2020; it has: Reserves.")
    assert run("import_table", "2020", "ICT", file, "--create") == (
        "ICT 2020: 2 lines, 2 columns, 0 changes; sums: 2 exact, 0 rounding, 0 broken; stored\n"
    )
    assert [(line.label, line.kind, line.original) for line in Line.objects.filter(table__title="ICT")] == [
        ("Servers", "line", Decimal(100_000)),
        ("Totaal", "total", Decimal(0)),
    ]


def test_a_dry_run_tells_and_stores_nothing(organisation: Organisation, tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, ["Servers", "100", "90"], ["Totaal", "100", "90"])
    said = json.loads(run("import_table", "2020", "ICT", file, "--create", "--dry-run", "--json"))
    assert said == {
        "table": "ICT",
        "year": 2020,
        "lines": 2,
        "columns": ["Begroting 2020", "Rekening 2020"],
        "changes": [],
        "refused": [],
        "problems": [],
        "doubts": [],
        "rounded_to_cents": 0,
        "sums": {"exact": 2, "rounding": 0, "broken": 0},
        "stored": False,
    }
    assert (Table.objects.count(), TableImport.objects.count()) == (0, 0)


def test_an_unsure_guess_is_refused_and_a_mapping_makes_it_sure(organisation: Organisation, tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, ["Servers", "100", "90"], ["Totaal", "100", "95"])
    assert refused("2020", "ICT", file, "--create") == "Van “Totaal” (rij 3) is niet gevonden welke regels het optelt."
    assert Table.objects.count() == 0
    mapping = tmp_path / "koppeling.json"
    mapping.write_text(json.dumps({"lines": {"Totaal": {"kind": "total", "members": {"Servers": 1}}}}))
    assert run("import_table", "2020", "ICT", file, "--create", "--mapping", str(mapping)) == (
        "ICT 2020: 2 lines, 2 columns, 0 changes; sums: 1 exact, 0 rounding, 1 broken; stored\n"
    )


def test_the_next_file_of_a_source_is_mapped_as_the_last_one(organisation: Organisation, tmp_path: Path) -> None:
    first = write(tmp_path, HEAD, ["Servers", "100", "90"], ["Totaal", "100", "95"])
    mapping = tmp_path / "koppeling.json"
    mapping.write_text(json.dumps({"lines": {"Totaal": {"kind": "total", "members": {"Servers": 1}}}}))
    run("import_table", "2020", "ICT", first, "--create", "--mapping", str(mapping))
    next_head = [HEAD[0], "Begroting 2021", "Rekening 2021"]
    second = write(tmp_path, next_head, ["Servers", "110", "120"], ["Totaal", "110", "125"])
    assert run("import_table", "2021", "ICT", second, "--create") == (
        "ICT 2021: 2 lines, 2 columns, 0 changes; sums: 1 exact, 0 rounding, 1 broken; stored\n"
    )


def test_one_bad_cell_and_nothing_is_stored(organisation: Organisation, tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, ["Servers", "100", "90"], ["Fietsen", "pm", "1"], ["Pc’s", "5", "#REF!"])
    assert refused("2020", "ICT", file, "--create") == (
        "B3 (Begroting 2020), “pm”: “pm” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500.; "
        "C4 (Rekening 2020), “#REF!”: Hier staat een fout uit de spreadsheet: #REF!."
    )
    assert (Table.objects.count(), TableImport.objects.count()) == (0, 0)
    assert not list((tmp_path / "media").rglob("*.bin"))


def test_json_tells_what_stood_in_the_way(organisation: Organisation, tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, ["Servers", "100", "90"], ["Fietsen", "pm", "1"])
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_table", "duoplus", "2020", "ICT", file, "--create", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["refused"] == ["B3 (Begroting 2020), “pm”: “pm” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."]
    assert (said["stored"], said["lines"], said["columns"]) == (False, 2, ["Begroting 2020", "Rekening 2020"])


def test_who_and_what_must_exist(organisation: Organisation, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "weg.csv")
    assert refused("2020", "ICT", nowhere, "--create").startswith(f"{nowhere} cannot be read: ")
    mapping = tmp_path / "koppeling.json"
    mapping.write_text('{"columns": {"Saldo": {"use": "own"}}}')
    file = write(tmp_path, HEAD, ["Servers", "100", "90"])
    assert (
        refused("2020", "ICT", file, "--create", "--mapping", str(mapping)) == "Het bestand heeft geen kolom “Saldo”."
    )
    organisation.memberships.all().delete()
    assert refused("2020", "ICT", file) == (
        "The organisation duoplus has no controller, and only a controller enters figures."
    )
    with pytest.raises(CommandError) as error:
        call_command("import_table", "elders", "2020", "ICT", file)
    assert str(error.value) == "There is no organisation elders; known are: duoplus."
