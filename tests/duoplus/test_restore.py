import io
import json
import signal
import tarfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import Sum

from accounts import append_only
from accounts.models import LogEntry, User
from duoplus.archive import read_manifest
from duoplus.contents import measure, named_files, stored_models
from duoplus.restore import STAGING
from investments.models import Amendment, Line
from publishing.models import Edition
from tests import builders, world
from tests.duoplus.test_upgrade import MOVED
from tests.installations import GUARDS, KINDS, SECOND_FACTOR, Installation, installation, until

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = Path(__file__).parent.parent / "releases" / "0.1"
GONE = [f"Not compared, as it is no longer there: {column}" for column in MOVED]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "new") as made:
        yield made


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a small portal with one of everything."""
    world.build()
    place = tmp_path / "backup.tar.gz"
    call_command("backup", str(place), stdout=StringIO())
    return place


def refused(target: Installation, file: Path) -> str:
    """The one line with which restoring ends in status 1."""
    done = target.manage("restore", str(file))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    return done.stderr.removeprefix("CommandError: Not restored. ").rstrip()


def restore(target: Installation, file: Path) -> str:
    done = target.manage("restore", str(file))
    assert done.returncode == 0, done.stderr
    return done.stdout


def counts(using: str) -> dict[str, int]:
    """Rows per table, as the database itself counts them."""
    found = {}
    with connections[using].cursor() as cursor:
        for model in stored_models():
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  our own names
            (found[table],) = cursor.fetchone()
    return found


def totals(using: str) -> dict[str, int]:
    """Sums of amounts in cents, as the database itself adds them."""
    lines = Line.objects.using(using).aggregate(original=Sum("original"), actual=Sum("actual"))
    amended = Amendment.objects.using(using).aggregate(amount=Sum("amount"))
    return {name: int(euros * 100) for name, euros in {**lines, **amended}.items()}


def files_in(target: Installation) -> dict[str, bytes]:
    found = target.media.rglob("*")
    return {str(path.relative_to(target.media)): path.read_bytes() for path in found if path.is_file()}


# --- the drill --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_everything_comes_back_while_others_write(tmp_path: Path, kind: str, empty: Installation) -> None:
    """Counts, totals, hashes and every byte of every file; also from SQLite into PostgreSQL."""
    file, stop = tmp_path / "backup.tar.gz", tmp_path / "stop"
    with installation(tmp_path / "old", kind) as old:
        assert old.manage("migrate", "--verbosity", "0").returncode == 0
        old.run("from tests import world; world.build()")
        with old.beside("shell", "--no-imports", "--command", WRITE.format(stop=stop)) as writer:
            until(lambda: len(files_in(old)) > 5 or writer.poll() is not None)
            made = old.manage("backup", str(file))
            stop.touch()
            assert writer.wait(60) == 0
        assert made.returncode == 0, made.stderr
        with old.reading() as using:
            rows, sums, files = counts(using), totals(using), files_in(old)
    assert restore(empty, file).startswith("Counts, totals and hashes are equal.\n")
    manifest = read_manifest(file)
    with empty.reading() as using:
        restored = counts(using)
        assert measure(using) == manifest.tables
        assert totals(using) == sums == {"original": 10000, "actual": 9000, "amount": 500}
        assert files_in(empty).keys() == named_files(using)
        written = LogEntry.objects.using(using).filter(action="library.add_document").count()
        assert Edition.objects.using(using).get().file.name in files_in(empty)
        assert append_only.installed(connections[using]) == GUARDS
    assert {name for name in rows if rows[name] != restored[name]} == {"library_sourcedocument", "accounts_logentry"}
    assert 3 <= written == restored["library_sourcedocument"] - 1 == len(files_in(empty)) - 4
    assert files_in(empty).items() < files.items()


WRITE = "from tests.installations import write_until; write_until('{stop}')"


def test_restored_installation_goes_on_where_the_other_was(empty: Installation, tmp_path: Path) -> None:
    """New rows get new keys, a backup of it says the same, and what was lost before is lost now."""
    world.build()
    lost = Path(Edition.objects.get().file.path)
    lost.unlink()
    first, second = tmp_path / "first.tar.gz", tmp_path / "second.tar.gz"
    call_command("backup", str(first), "--allow-missing", stdout=StringIO(), stderr=StringIO())
    done = empty.manage("restore", str(first))
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"Missing in the backup already: editions/{lost.name}\n")
    assert empty.manage("backup", str(second), "--allow-missing").returncode == 0
    assert read_manifest(second).tables == read_manifest(first).tables
    (tmp_path / "stop").touch()
    empty.run(WRITE.format(stop=tmp_path / "stop"))
    with empty.reading() as using:
        assert counts(using)["library_sourcedocument"] == 2


def test_second_factors_of_an_embedded_installation_work_on(empty: Installation) -> None:
    """Another embedded one takes the secret over; production has its own and is told how to read with the old one."""
    file = KEPT / "sqlite.tar.gz"
    done = empty.manage("restore", str(file))
    told = [line for line in done.stderr.splitlines() if line not in GONE]
    with tarfile.open(file) as tar:
        member = tar.extractfile("secret_key")
        assert member is not None
        secret = member.read().decode()
    if empty.database:
        assert told[0].startswith("The backup was made with another SECRET_KEY: ")
        renewed = empty.manage("renew_secrets", SECRET_KEY_FALLBACKS=secret)
        assert renewed.returncode == 0, renewed.stderr
    else:
        assert told == []
        assert (empty.var / "secret_key").read_text() == secret
        assert (empty.var / "secret_key").stat().st_mode & 0o777 == 0o600
    assert empty.run(DECRYPT) == f"{SECOND_FACTOR}\n"


DECRYPT = """
from accounts.secrecy import decrypt
from allauth.mfa.models import Authenticator
print(decrypt(Authenticator.objects.get().data["secret"]))
"""


# --- where it is not empty --------------------------------------------------------------------------------------------
def refused_here(file: Path) -> str:
    """The same for the installation of the test itself, which has organisations and people."""
    with pytest.raises(CommandError) as error:
        call_command("restore", str(file))
    return str(error.value).removeprefix("Not restored. ")


@pytest.mark.parametrize("make", [builders.organisation, lambda: User.objects.create_user("a@duoplus.example")])
def test_organisations_and_people_are_never_written_over(make: Callable[[], object]) -> None:
    make()
    assert refused_here(KEPT / f"{connection.vendor}.tar.gz") == (
        "This installation is not empty: a backup is never put over organisations or people."
    )


def test_strange_files_are_never_written_over(empty: Installation, backup: Path) -> None:
    for folder in ("covers", "fragments", "logos"):
        (empty.media / folder).mkdir(parents=True)
    for name in (f"{STAGING}x", "covers/0123.png", "fragments/0123", "logos/logo.png"):
        place = empty.media / name
        place.write_bytes(b"another")
    message = f"This installation is not empty: {empty.media}/logos/logo.png is not in the backup."
    assert refused(empty, backup) == message
    assert (empty.media / "logos" / "logo.png").read_bytes() == b"another"


def test_postgresql_does_not_go_into_sqlite(tmp_path: Path) -> None:
    with installation(tmp_path / "embedded", "sqlite") as embedded:
        assert refused(embedded, KEPT / "postgresql.tar.gz") == (
            "A backup of PostgreSQL goes into PostgreSQL only: set DATABASE_URL and what belongs to it."
        )


# --- damage, newer releases, and halfway ------------------------------------------------------------------------------
def nothing_happened(target: Installation) -> bool:
    """No files, no tables with people, and nothing left behind."""
    left = [path for path in [*target.var.rglob(f"{STAGING}*")] if not path.is_file()]
    with target.reading() as using:
        tables = connections[using].introspection.table_names()
        nobody = "accounts_user" not in tables or not User.objects.using(using).exists()
    return nobody and files_in(target) == {} and left == []


def test_damaged_backup_is_refused_and_nothing_happens(empty: Installation, backup: Path) -> None:
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 0xFF
    backup.write_bytes(data)
    assert "damaged" in refused(empty, backup)
    assert nothing_happened(empty)


def test_backup_that_is_not_there(tmp_path: Path) -> None:
    assert refused_here(tmp_path / "x") == f"[Errno 2] No such file or directory: '{tmp_path / 'x'}'"


def changed(backup: Path, change: Callable[[dict[str, object]], None]) -> Path:
    """The same backup, whose manifest says something else."""
    with tarfile.open(backup) as tar, tarfile.open(backup.with_name("changed.tar.gz"), "w:gz") as other:
        for entry in tar:
            source = tar.extractfile(entry)
            assert source is not None
            data = source.read()
            if entry.name == "manifest.json":
                manifest = json.loads(data)
                change(manifest)
                data = json.dumps(manifest).encode()
                entry.size = len(data)
            other.addfile(entry, io.BytesIO(data))
    return backup.with_name("changed.tar.gz")


def test_newer_release_is_refused(backup: Path) -> None:
    def newer(manifest: dict[str, object]) -> None:
        manifest["release"] = "9.0"
        manifest["migrations"] = [*manifest["migrations"], "publishing.0099_webpages"]  # type: ignore[misc]

    assert refused_here(changed(backup, newer)) == (
        "The backup is of release 9.0, and this is 0.1.0, which lacks the migrations publishing.0099_webpages: install "
        "that release first."
    )


def test_database_that_is_not_what_the_manifest_says_is_refused(empty: Installation, backup: Path) -> None:
    def richer(manifest: dict[str, dict[str, dict[str, dict[str, int]]]]) -> None:
        manifest["tables"]["investments_line"]["totals"]["actual"] += 1

    assert refused(empty, changed(backup, richer)) == (  # type: ignore[arg-type]
        "The backup is damaged: not what its manifest says are investments_line.actual: total 9001 cents, now 9000."
    )
    assert nothing_happened(empty)


def test_full_disk_is_one_line_and_nothing_happens(empty: Installation, backup: Path) -> None:
    done = empty.manage("restore", str(backup), under=("prlimit", "--fsize=100000"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "File too large" in done.stderr
    assert done.stderr.count("\n") == 1
    assert nothing_happened(empty)


@pytest.mark.parametrize("step", ["_files_in_place", "_place_sqlite" if settings.EMBEDDED else "_load"])
def test_killed_halfway_can_be_done_again(empty: Installation, backup: Path, step: str) -> None:
    """Before the files are in place, and between them and the database; the tables were there, with nobody in them."""
    assert empty.manage("migrate", "--verbosity", "0").returncode == 0
    killed = empty.manage("shell", "--no-imports", "--command", DIE.format(step=step, file=backup))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert any(empty.var.rglob(f"{STAGING}*"))
    assert restore(empty, backup).startswith("Counts, totals and hashes are equal.\n")
    assert not any(empty.var.rglob(f"{STAGING}*"))


DIE = """
import os, signal
from pathlib import Path
from duoplus import restore
restore.{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
restore.restore(Path("{file}"))
"""
