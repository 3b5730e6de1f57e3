"""A backup put back into an empty installation: all of it is checked first, and its database comes last.

Until then the installation is as empty as it was, so that whoever is stopped halfway restores again.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.models import Organisation, User

from . import __version__, archive, programs
from .contents import differences, gone, measure, migrations_of
from .crossing import copy_rows
from .manifest import DATABASES, FILES, SECRET_KEY, BackupError, Manifest, key_mark, own_secret
from .processes import Children, ending
from .snapshots import reading, run_postgres

# How the folders are called in which members wait: beside SQLite's file and among the files, one rename away.
STAGING = ".restoring-"
# Folders of storage with what no row names, because it is made again when somebody asks for it.
MADE_AGAIN = ("covers/", "fragments/")
# The name by which an embedded installation in the staging folder would know its database.
STAGED_SQLITE = "duoplus.sqlite3"


@dataclass(frozen=True)
class Stage:
    """Where members wait, whole and checked, until they are put in place."""

    database: Path
    files: Path

    def place_of(self, name: str) -> Path:
        if name.startswith(FILES):
            return self.files / name.removeprefix(FILES)
        return self.database / (STAGED_SQLITE if name == DATABASES["sqlite"] else name)


@dataclass(frozen=True)
class Restored:
    """What was put back; what migrations changed in it or took away since, in words.

    `knows_key` is False where second factors and links that were sent no longer work.
    """

    manifest: Manifest
    different: list[str]
    gone: list[str]
    knows_key: bool


def restore(file: Path) -> Restored:
    """Put a backup back and bring it to the present release.

    Raises BackupError when the backup cannot be trusted or does not fit here, OSError when the disk is full, and
    DatabaseError; the installation is then as empty as it was.
    """
    manifest = archive.read_manifest(file)
    _require_known(manifest)
    _require_way(manifest.engine)
    _require_empty(manifest)
    with _staging() as stage:
        archive.unpack(file, stage.place_of)
        knows_key = _will_know_key(manifest, stage)
        if manifest.engine == "postgresql":
            with _files_in_place(manifest, stage):
                different, lost = _load(manifest, stage.place_of(manifest.database))
        else:
            different, lost = _put_sqlite(manifest, stage)
    return Restored(manifest, different, lost, knows_key)


# --- before anything is touched ---------------------------------------------------------------------------------------
def _require_known(manifest: Manifest) -> None:
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations).union(*(migration.replaces for migration in loader.disk_migrations.values()))
    unknown = [name for name in manifest.migrations if tuple(name.split(".", 1)) not in known]
    if unknown:
        raise BackupError(
            f"The backup is of release {manifest.release}, and this is {__version__}, which lacks the migrations "
            f"{', '.join(unknown)}: install that release first."
        )


def _require_way(engine: str) -> None:
    if engine == "postgresql" != connection.vendor:
        raise BackupError("A backup of PostgreSQL goes into PostgreSQL only: set DATABASE_URL and what belongs to it.")


def _require_empty(manifest: Manifest) -> None:
    """No organisations, no people, and no files but those that an earlier attempt put there."""
    tables = connection.introspection.table_names()
    for model in (Organisation, User):
        if model._meta.db_table in tables and model.objects.exists():  # noqa: SLF001  documented
            raise BackupError("This installation is not empty: a backup is never put over organisations or people.")
    root, files = Path(settings.MEDIA_ROOT), manifest.files
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = str(path.relative_to(root))
        if not name.startswith((STAGING, *MADE_AGAIN)) and files.get(name) != archive.weigh(path):
            raise BackupError(f"This installation is not empty: {path} is not in the backup.")


# --- what waits -------------------------------------------------------------------------------------------------------
@contextmanager
def _staging() -> Iterator[Stage]:
    """Folders that only we can enter; those of an attempt that was killed go first."""
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    beside = _sqlite_place().parent if connection.vendor == "sqlite" else media
    for left in {*media.glob(f"{STAGING}*"), *beside.glob(f"{STAGING}*")}:
        shutil.rmtree(left, ignore_errors=True)
    with (
        TemporaryDirectory(prefix=STAGING, dir=beside, ignore_cleanup_errors=True) as database,
        TemporaryDirectory(prefix=STAGING, dir=media, ignore_cleanup_errors=True) as files,
    ):
        yield Stage(Path(database), Path(files))


def _sqlite_place() -> Path:
    return Path(connection.settings_dict["NAME"]).resolve()


def _will_know_key(manifest: Manifest, stage: Stage) -> bool:
    secret = stage.place_of(SECRET_KEY)
    takes_it = secret.exists() and own_secret() is not None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return manifest.key_mark in map(key_mark, [secret.read_text()] if takes_it else keys)


def _compare(manifest: Manifest, using: str) -> tuple[list[str], list[str]]:
    """What differs from the manifest, and what is gone; BackupError when no migration can have done that."""
    now = measure(using)
    different = differences(manifest.tables, now)
    if different and migrations_of(using) == manifest.migrations:
        raise BackupError(f"The backup is damaged: not what its manifest says are {'; '.join(different)}.")
    return different, gone(manifest.tables, now)


# --- into place -------------------------------------------------------------------------------------------------------
@contextmanager
def _files_in_place(manifest: Manifest, stage: Stage) -> Iterator[None]:
    """Move the files to where rows will name them; away again when those do not come."""
    places = {Path(default_storage.path(name)): stage.place_of(FILES + name) for name in manifest.files}
    try:
        for place, waiting in places.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            waiting.chmod(settings.FILE_UPLOAD_PERMISSIONS)
            waiting.replace(place)
        for folder in {Path(settings.MEDIA_ROOT), *(place.parent for place in places)}:
            _sync(folder)
        yield
    except Exception:
        for place in places:
            place.unlink(missing_ok=True)
        raise


def _load(manifest: Manifest, dump: Path) -> tuple[list[str], list[str]]:
    """Load PostgreSQL's dump in the place of the empty tables, as one transaction, and migrate; all or nothing."""
    # Tables of this release that the dump does not know would hold on to those that it brings.
    _drop(connection.introspection.django_table_names(only_existing=True, include_views=False))
    others = set(connection.introspection.table_names())
    words = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--clean", "--if-exists"]
    run_postgres("pg_restore", *words, str(dump))
    try:
        call_command("migrate", interactive=False, verbosity=0)
        return _compare(manifest, DEFAULT_DB_ALIAS)
    except BaseException:
        _drop(set(connection.introspection.table_names()) - others)
        raise


def _drop(tables: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")


def _put_sqlite(manifest: Manifest, stage: Stage) -> tuple[list[str], list[str]]:
    """Migrate the copy where it waits; move it to its place, or its rows into PostgreSQL."""
    _migrate(manifest, stage)
    waiting = stage.place_of(manifest.database)
    with reading(waiting) as using:
        compared = _compare(manifest, using)
        if connection.vendor == "postgresql":
            call_command("migrate", interactive=False, verbosity=0)
            with _files_in_place(manifest, stage):
                _cross(using)
            return compared
    with _files_in_place(manifest, stage):
        _place_sqlite(waiting, stage.place_of(SECRET_KEY))
    _sync(_sqlite_place().parent)
    return compared


def _migrate(manifest: Manifest, stage: Stage) -> None:
    """Bring the waiting copy to this release, by itself: as the database of an embedded installation around it."""
    environment = {**os.environ, "DUOPLUS_VAR": str(stage.database), "DATABASE_URL": "", "REDIS_URL": ""}
    if SECRET_KEY in manifest.members:
        environment["SECRET_KEY"] = ""
    with Children(settings.BASE_DIR) as children:
        status, lines = children.ask(programs.manage("migrate", "--noinput", "--verbosity", "0"), environment)
    if status:
        reason = lines[-1] if lines else ending(status)
        raise BackupError(f"The database of the backup cannot be brought to release {__version__}: {reason}")


@transaction.atomic
def _cross(source: str) -> None:
    copy_rows(source)
    different = differences(measure(source), measure(DEFAULT_DB_ALIAS))
    if different:
        raise BackupError(f"PostgreSQL holds something else than SQLite did: {'; '.join(different)}.")


def _place_sqlite(waiting: Path, secret: Path) -> None:
    """Put the secret that the rows were sealed with and then the database in place."""
    with closing(sqlite3.connect(waiting)) as copy:
        # All of it in one file.
        copy.execute("PRAGMA journal_mode=DELETE")
    if secret.exists() and own_secret() is not None:
        secret.chmod(0o600)
        secret.replace(settings.VAR / "secret_key")
    place = _sqlite_place()
    connection.close()
    for suffix in ("-wal", "-shm"):
        # What is left of the empty database must not be read into this one.
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    waiting.replace(place)


def _sync(folder: Path) -> None:
    """Wait until the disk knows what is in the folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
