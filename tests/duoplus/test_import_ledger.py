import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import LogEntry, Organisation
from investments.models import Ledger, LedgerImport, LedgerPeriod, Posting
from jobs.models import Job
from tests import builders
from tests.investments import ledger as books

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return builders.organisation()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "journaal.csv"
    path.write_bytes(books.csv(books.row(amount="1.250,00"), books.row("1600", "", "-1250,00")).getvalue())
    return path


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("import_ledger", *words, stdout=out)
    return out.getvalue()


def test_control_totals_stand_side_by_side(organisation: Organisation, file: Path) -> None:
    assert run("duoplus", "2020", str(file)).splitlines() == [
        "                         bestand                import",
        "boekingen                      2                     2",
        "debet                      1.250                 1.250",
        "credit                     1.250                 1.250",
        "saldo                          0                     0",
        "perioden: 1",
        "niet gekoppeld: 2 boekingen, saldo 0",
    ]
    assert Posting.objects.count() == 2
    imported = LedgerImport.objects.get()
    assert (imported.name, imported.state, imported.by) == ("journaal.csv", "stored", None)
    assert LedgerPeriod.objects.get().imported == imported
    entry = LogEntry.objects.get(action="investments.store_import")
    assert (entry.user, entry.data["rows"]) == (None, 2)


def test_json_tells_all_of_it(organisation: Organisation, file: Path) -> None:
    line = builders.line(builders.table(organisation))
    books.rule(line, "4310")
    totals = {"rows": 2, "debit": 125000, "credit": 125000, "net": 0}
    assert json.loads(run("duoplus", "2020", str(file), "--json")) == {
        "stored": True,
        "periods": [1],
        "columns": {
            "account": "Rekening",
            "cost_centre": "Kostenplaats",
            "task_field": "Taakveld",
            "period": "Periode",
            "date": "Datum",
            "description": "Omschrijving",
            "document": "Boekstuk",
            "debit": "Debet",
            "credit": "Credit",
        },
        "file": totals,
        "import": totals,
        "unmapped": {"rows": 1, "net": -125000},
        "problems": [],
    }
    assert Job.objects.get().subject_id == line.table_id


def test_a_dry_run_stores_nothing(organisation: Organisation, file: Path) -> None:
    assert "debet                      1.250                     -" in run("duoplus", "2020", str(file), "--dry-run")
    assert (Ledger.objects.count(), Posting.objects.count(), LedgerImport.objects.count()) == (0, 0, 0)


def test_a_file_that_is_refused_ends_with_its_reasons(organisation: Organisation, tmp_path: Path) -> None:
    path = tmp_path / "fout.csv"
    path.write_bytes(books.csv(books.row(), books.row(amount="veel")).getvalue())
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^fout\.csv is geweigerd; er is niets opgeslagen\.$"):
        call_command("import_ledger", "duoplus", "2020", str(path), stdout=out)
    assert out.getvalue().splitlines()[-1] == "Rij 3: “veel” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."
    assert (Ledger.objects.count(), Posting.objects.count()) == (0, 0)


def test_a_mapping_names_the_headings(organisation: Organisation, tmp_path: Path) -> None:
    path, chosen = tmp_path / "vreemd.csv", tmp_path / "kolommen.json"
    path.write_text("Code;Wanneer;Hoeveel\n4310;15-01-2020;12,50\n")
    with pytest.raises(CommandError):
        run("duoplus", "2020", str(path))
    chosen.write_text(json.dumps({"account": "Code", "date": "Wanneer", "amount": "Hoeveel"}))
    run("duoplus", "2020", str(path), "--mapping", str(chosen))
    assert [(row.account, row.period) for row in Posting.objects.all()] == [("4310", 1)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["elders", "2020"], "There is no organisation elders; known are: duoplus."),
        (["duoplus", "1000"], "1000 is not a fiscal year from 1990 to 2100."),
    ],
)
def test_what_is_not_known_is_named(organisation: Organisation, file: Path, words: list[str], message: str) -> None:
    with pytest.raises(CommandError) as refusal:
        run(*words, str(file))
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[]", " must hold one object with a heading by field."),
        ('{"account": 1}', " must hold one object with a heading by field."),
        ('{"acount": "Rekening"}', " names fields that are not known: acount."),
        ("{", " is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)."),
    ],
)
def test_a_mapping_that_is_none(
    organisation: Organisation, file: Path, tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "kolommen.json"
    path.write_text(content)
    with pytest.raises(CommandError) as refusal:
        run("duoplus", "2020", str(file), "--mapping", str(path))
    assert str(refusal.value) == f"{path}{reason}"


def test_a_file_that_is_not_there(organisation: Organisation, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        run("duoplus", "2020", str(tmp_path / "weg.csv"))
    assert str(refusal.value) == f"{tmp_path / 'weg.csv'} cannot be read: No such file or directory."
