import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pytest_django import Settings

from accounts.roles import Role
from duoplus import archive, backup
from duoplus.archive import read_manifest, unpack
from duoplus.contents import measure, named_files
from duoplus.snapshots import snapshot
from library.actions import remove_document
from library.models import SourceDocument
from publishing.models import Edition
from tests import builders, world
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made() -> World:
    """A small portal with one of everything."""
    return world.build()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "backups"
    place.mkdir()
    return place


def back_up(place: Path, *words: str) -> str:
    out = StringIO()
    call_command("backup", str(place), *words, stdout=out, stderr=out)
    return out.getvalue()


def refused(place: Path, *words: str) -> str:
    """The message with which the command ends in status 1."""
    with pytest.raises(CommandError) as error:
        back_up(place, *words)
    return str(error.value)


def test_holds_what_the_installation_holds(made: World, folder: Path, settings: Settings) -> None:
    place = folder / "backup.tar.gz"
    printed = back_up(place)
    manifest = read_manifest(place)
    unpack(place, lambda name: folder / "out" / name)
    stored = {
        str(path.relative_to(settings.MEDIA_ROOT)): path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()
    }
    # Pages of chapters can be made again.
    stored = {name: path for name, path in stored.items() if not name.startswith("fragments/")}
    assert manifest.tables == measure(DEFAULT_DB_ALIAS)
    assert manifest.engine == connection.vendor
    assert (manifest.tables["investments_line"].rows, manifest.tables["investments_line"].totals) == (
        1,
        {"original": 10000, "actual": 9000},
    )
    assert manifest.files.keys() == stored.keys() == named_files(DEFAULT_DB_ALIAS)
    assert len(stored) == 4
    for name, path in stored.items():
        assert (folder / "out" / "files" / name).read_bytes() == path.read_bytes()
    assert ("secret_key" in manifest.members) == project.EMBEDDED
    assert re.fullmatch(
        rf"{place}: {manifest.rows} rows in {len(manifest.tables)} tables, 4 files, "
        rf"{place.stat().st_size} bytes, sha256 [0-9a-f]{{64}}\n",
        printed,
    )
    assert place.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["backup.tar.gz", "out"]


def test_folder_gets_a_file_named_after_the_moment(made: World, folder: Path) -> None:
    back_up(folder)
    (place,) = folder.iterdir()
    assert re.fullmatch(r"duoplus-\d{8}-\d{6}\.tar\.gz", place.name)
    assert read_manifest(place).rows > 0


def test_logo_of_an_edition_that_is_still_to_be_made_goes_along(made: World, folder: Path, settings: Settings) -> None:
    (settings.MEDIA_ROOT / "logos" / "former.png").write_bytes(world.PIXEL)
    Edition.objects.update(content={"style": {"logo": "logos/former.png"}})
    back_up(folder / "backup.tar.gz")
    assert "logos/former.png" in read_manifest(folder / "backup.tar.gz").files


def test_who_is_signed_in_stays_behind(made: World, folder: Path) -> None:
    Session.objects.create(session_key="very-secret-key", session_data="x", expire_date=timezone.now())
    cache.set("counted", "very-secret-key")
    back_up(folder / "backup.tar.gz")
    unpack(folder / "backup.tar.gz", lambda name: folder / "out" / name)
    (dump,) = (folder / "out").glob("database.*")
    assert b"very-secret-key" not in dump.read_bytes()
    assert Session.objects.filter(session_key="very-secret-key").exists()


# --- what is lost -----------------------------------------------------------------------------------------------------
def test_missing_file_is_named_and_there_is_no_backup(made: World, folder: Path, settings: Settings) -> None:
    name = str(Edition.objects.get().file.name)
    (settings.MEDIA_ROOT / name).unlink()
    assert refused(folder / "backup.tar.gz") == (
        f"No backup was made. Rows name files that are not in {settings.MEDIA_ROOT}: {name}. Put them back, or back up "
        "without them: --allow-missing."
    )
    assert list(folder.iterdir()) == []
    printed = back_up(folder / "backup.tar.gz", "--allow-missing")
    assert printed.startswith(f"Missing in storage and in the backup: {name}\n")
    manifest = read_manifest(folder / "backup.tar.gz")
    assert (manifest.missing, name in manifest.files, len(manifest.files)) == ([name], False, 3)


def test_many_missing_files_are_one_line(made: World, folder: Path, settings: Settings) -> None:
    for number in range(7):
        SourceDocument.objects.create(
            organisation=made.organisation, title=f"Bron {number}", year=2020, file=f"{number}"
        )
    assert ": 0, 1, 2, 3, 4 and 2 more. " in refused(folder / "backup.tar.gz")


@pytest.mark.parametrize("times", [1, backup.ATTEMPTS])
def test_document_that_is_removed_meanwhile(
    made: World, folder: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """The first attempts see it in the dump and not in storage; a backup names only what it holds."""
    controller = builders.member("Noor", made.organisation, Role.CONTROLLER)
    removed: list[str] = []

    @contextmanager
    def then_somebody_removes_one(place: Path) -> Iterator[tuple[Path, str]]:
        with snapshot(place) as dumped:
            yield dumped
        if len(removed) < times:
            document = SourceDocument.objects.latest("pk")
            removed.append(str(document.file.name))
            remove_document(controller, document.pk)
            late = SourceDocument.objects.create(
                organisation=made.organisation, title=f"Bron {len(removed)}", year=2020
            )
            late.file.save(f"bron-{len(removed)}.pdf", ContentFile(b"%PDF-1.7"))

    monkeypatch.setattr(backup, "snapshot", then_somebody_removes_one)
    place = folder / "backup.tar.gz"
    if times == 1:
        back_up(place)
        assert removed[0] not in read_manifest(place).files
        assert read_manifest(place).files.keys() == named_files(DEFAULT_DB_ALIAS)
    else:
        assert refused(place) == ("No backup was made. Files went away 5 times while the backup was made; try again.")
        assert list(folder.iterdir()) == []


# --- what is refused --------------------------------------------------------------------------------------------------
def test_existing_file_stays_as_it_is(made: World, folder: Path) -> None:
    place = folder / "backup.tar.gz"
    place.write_text("something else")
    assert refused(place) == f"No backup was made. {place} exists already; a backup is never written over another file."
    assert place.read_text() == "something else"


def test_place_that_does_not_exist(made: World, folder: Path) -> None:
    place = folder / "nowhere" / "backup.tar.gz"
    assert refused(place) == f"No backup was made. {place} cannot be written: its folder does not exist."


def test_database_of_another_release(made: World, folder: Path) -> None:
    last = MigrationRecorder.Migration.objects.filter(app="publishing").latest("id")
    last.delete()
    try:
        message = refused(folder / "backup.tar.gz")
    finally:
        MigrationRecorder.Migration.objects.create(app=last.app, name=last.name)
    assert message == "No backup was made. The database is not of this release: type manage.py migrate first."


def test_full_disk_leaves_nothing_behind(made: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "write", full)
    assert refused(folder / "backup.tar.gz") == "No backup was made. [Errno 28] No space left on device"
    assert list(folder.iterdir()) == []


# --- PostgreSQL's own program -----------------------------------------------------------------------------------------
def test_password_is_never_on_the_command_line(
    made: World, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Only PostgreSQL has one; SQLite needs no program at all."""
    note, program = folder / "note", folder / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$@" > {note}\necho "$PGPASSWORD" >> {note}\nexec {shutil.which("pg_dump")} "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "geheim woord")
    back_up(folder / "backup.tar.gz")
    if connection.vendor == "sqlite":
        assert not note.exists()
    else:
        arguments, password = note.read_text().splitlines()
        assert ("geheim" in arguments, password) == (False, "geheim woord")


def test_program_that_is_missing_is_named(made: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    if connection.vendor == "sqlite":
        assert "rows in" in back_up(folder / "backup.tar.gz")
    else:
        assert refused(folder / "backup.tar.gz") == (
            "No backup was made. pg_dump is missing; type: sudo apt-get install -y --no-install-recommends "
            "postgresql-client"
        )
