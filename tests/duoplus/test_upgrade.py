"""Every release that was kept comes up to the present one with the same totals and hashes.

Before a release its number gets a folder: `.venv/bin/python -m tests.keeping tests/releases/0.1`. What is in it never
changes afterwards.
"""

import hashlib
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connections

from accounts import append_only
from duoplus.archive import read_manifest, unpack, weigh, write
from duoplus.contents import Table, differences, gone, measure
from publishing.models import Edition
from tests.installations import GUARDS, KINDS, installation

RELEASES = sorted((Path(__file__).parent.parent / "releases").iterdir())
pytestmark = pytest.mark.django_db(transaction=True)

# What is asked of the installation, in the words of the present release.
ASK = """
from django.core.management import call_command
from accounts.models import Organisation
from accounts.sealing import walk
from investments.models import Decision, Explanation, Table
from investments.queries import table_figures
call_command("migrate", check_unapplied=True)
statement = table_figures(Table.objects.get(organisation__slug="duoplus")).statement
for row in statement.rows:
    print(row.label, *(cell.text for cell in row.cells), sep="|")
for decision in Decision.objects.order_by("organisation", "date"):
    lines = decision.amendments.order_by("line__position")
    print(decision.year, decision.date, decision.title, *(f"{row.line}: {row.amount}" for row in lines), sep="|")
for explanation in Explanation.objects.order_by("table", "claims__line__position"):
    claim = explanation.claims.get()
    print(claim.line, claim.amount, explanation.version, len(explanation.text), sep="|")
for chain in (0, *Organisation.objects.values_list("pk", flat=True)):
    print(walk(chain).broken or "sealed")
"""
# Columns whose content stands elsewhere now; `ASK` shows that it does.
MOVED = [
    "investments_amendment.date",
    "investments_amendment.decision",
    "investments_line.explanation",
    "investments_line.explanation_version",
]
ANSWER = """\
I&A - aanschaf computerapparatuur|-|232|232|256|-24
I&A - aanschaf netwerkapparatuur|-|80|80|68|12
I&A - aanschaf serverapparatuur|-|180|180|58|122
I&A - aanschaf randapparatuur|-|55|55|65|-10
I&A - aanschaf telefoons|-|20|20|19|1
Voorfinanciering fiets|-|-|-|-|-
Saldo|-|567|567|465|102
2020|2020-12-31|Begrotingswijzigingen 2020, stand per ultimo|I&A - aanschaf computerapparatuur: 232000.00|\
I&A - aanschaf netwerkapparatuur: 80000.00|I&A - aanschaf serverapparatuur: 180000.00|\
I&A - aanschaf randapparatuur: 55000.00|I&A - aanschaf telefoons: 20000.00
2020|2020-06-18|Eerste begrotingswijziging 2020 (fictief)|Vervanging werkboot: 5000.00|Aanlegsteigers: 30000.00
2020|2020-11-05|Tweede begrotingswijziging 2020 (fictief)|Aanlegsteigers: -6000.00
I&A - aanschaf computerapparatuur|None|2|116
I&A - aanschaf serverapparatuur|None|2|127
Vervanging werkboot|None|2|79
sealed
sealed
sealed
"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("release", RELEASES, ids=[place.name for place in RELEASES])
def test_kept_release_comes_up_to_this_one(tmp_path: Path, release: Path, kind: str) -> None:
    """On the same kind of database, and from SQLite to PostgreSQL: all that was there is, and nothing else."""
    file = release / f"{kind}.tar.gz"
    manifest = read_manifest(file)
    with installation(tmp_path / "upgraded") as upgraded:
        done = upgraded.manage("restore", str(file))
        assert done.returncode == 0, done.stderr
        with upgraded.reading() as using:
            now = measure(using)
            edition = Edition.objects.using(using).get()
            triggers = append_only.installed(connections[using])
        assert (differences(manifest.tables, now), sorted(gone(manifest.tables, now))) == ([], MOVED)
        assert upgraded.run(ASK) == ANSWER
        assert triggers == GUARDS
        with tarfile.open(file) as tar:
            for name in manifest.files:
                stored = tar.extractfile(f"files/{name}")
                assert stored is not None
                assert (upgraded.media / name).read_bytes() == stored.read()
        pdf = (upgraded.media / str(edition.file.name)).read_bytes()
        assert hashlib.sha256(pdf).hexdigest() == edition.sha256
        assert len(manifest.files) == 3


def test_both_kinds_of_every_release_are_kept() -> None:
    assert RELEASES
    for release in RELEASES:
        assert sorted(path.name for path in release.iterdir()) == ["postgresql.tar.gz", "sqlite.tar.gz"]
        assert read_manifest(release / "postgresql.tar.gz").engine == "postgresql"
        assert read_manifest(release / "sqlite.tar.gz").engine == "sqlite"
        assert all(path.stat().st_size < 2_000_000 for path in release.iterdir())


def test_restoring_an_older_release_tells_what_migrations_did(tmp_path: Path) -> None:
    """Its database lacks a migration; its manifest knows a table that is gone, and other themes."""
    kept = RELEASES[0] / "sqlite.tar.gz"
    manifest = read_manifest(kept)
    unpack(kept, lambda name: tmp_path / "older" / name)
    with closing(sqlite3.connect(tmp_path / "older" / manifest.database)) as database:
        database.execute("DROP INDEX unique_primary_email")
        database.execute("DELETE FROM django_migrations WHERE name = '0009_emailaddress_unique_primary_email'")
        database.commit()
    manifest.migrations.remove("account.0009_emailaddress_unique_primary_email")
    manifest.members[manifest.database] = weigh(tmp_path / "older" / manifest.database)
    manifest.tables["publishing_poster"] = Table(rows=3)
    manifest.tables["library_theme"].columns["name"] = "other"
    write(tmp_path / "older.tar.gz", manifest, {name: tmp_path / "older" / name for name in manifest.members})
    with installation(tmp_path / "upgraded") as upgraded:
        done = upgraded.manage("restore", str(tmp_path / "older.tar.gz"))
        assert done.returncode == 0, done.stderr
        assert "Counts, totals and hashes are equal." not in done.stdout
        assert done.stderr.splitlines()[:2] == [
            "Changed by migrations since: library_theme.name: other values",
            "Not compared, as it is no longer there: publishing_poster",
        ]
        assert upgraded.run(ASK) == ANSWER
