"""A backup of the installation in one file, made while the portal runs: first its database, then what that names.

Files only come and never change, but for a source document that somebody removes while the backup is made: then it
begins again, at a later moment.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import timezone

from publishing.storing import put

from . import __version__, archive
from .archive import Changed
from .contents import measure, migrations_of, named_files
from .manifest import FILES, SECRET_KEY, BackupError, Manifest, key_mark, own_secret
from .snapshots import snapshot

ATTEMPTS = 5
# How many names a message holds.
MOST_NAMES = 5


class Missing(Exception):
    """Storage has no file by the names that the snapshot holds."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(names)
        self.names = names


@dataclass(frozen=True)
class Made:
    """The file that was written, and what it says of itself."""

    place: Path
    size: int
    sha256: str
    manifest: Manifest


def make(place: Path, *, allow_missing: bool = False) -> Made:
    """Write a backup to a new file, or to one named after the moment when `place` is a folder.

    Raises BackupError, also when storage has lost a file that a row names, unless that is allowed.
    """
    place = _place(place)
    _require_migrated()
    for _ in range(ATTEMPTS):
        try:
            return _make(place, allow_missing=allow_missing)
        except Missing as missing:
            lost = missing.names & named_files(DEFAULT_DB_ALIAS)
            if lost:
                raise BackupError(
                    f"Rows name files that are not in {settings.MEDIA_ROOT}: {_listed(lost)}. Put them back, or "
                    "back up without them: --allow-missing."
                ) from missing
    raise BackupError(f"Files went away {ATTEMPTS} times while the backup was made; try again.")


def _listed(names: set[str]) -> str:
    shown = ", ".join(sorted(names)[:MOST_NAMES])
    return shown if len(names) <= MOST_NAMES else f"{shown} and {len(names) - MOST_NAMES} more"


def _place(asked: Path) -> Path:
    place = asked / f"duoplus-{timezone.localtime():%Y%m%d-%H%M%S}.tar.gz" if asked.is_dir() else asked
    if place.exists():
        raise BackupError(f"{place} exists already; a backup is never written over another file.")
    if not place.parent.is_dir():
        raise BackupError(f"{place} cannot be written: its folder does not exist.")
    return place


def _require_migrated() -> None:
    try:
        call_command("migrate", check_unapplied=True, interactive=False, verbosity=0)
    except SystemExit:
        raise BackupError("The database is not of this release: type manage.py migrate first.") from None


def _make(place: Path, *, allow_missing: bool) -> Made:
    """One attempt; raise Missing when a file is not there."""
    # Beside its place, where there must be room for it anyway.
    with TemporaryDirectory(prefix=".duoplus-backup-", dir=place.parent) as folder:
        manifest, sources = _collect(Path(folder), allow_missing=allow_missing)

        def write(beside: Path) -> int:
            try:
                archive.write(beside, manifest, sources)
            except Changed as changed:
                raise BackupError(f"{changed} changed while it was read.") from changed
            except FileNotFoundError as error:
                raise Missing({name for name in manifest.files if not sources[FILES + name].exists()}) from error
            return len(manifest.members)

        _, sha256, size = put(place, write)
    return Made(place, size, sha256, manifest)


def _collect(folder: Path, *, allow_missing: bool) -> tuple[Manifest, dict[str, Path]]:
    """Dump and weigh everything; what goes into the archive, and from where."""
    made_at = timezone.now()
    with snapshot(folder) as (dump, using):
        tables, names, migrations = measure(using), named_files(using), migrations_of(using)
    sources = {dump.name: dump}
    if secret := own_secret():
        sources[SECRET_KEY] = folder / SECRET_KEY
        sources[SECRET_KEY].write_bytes(secret)
    members = {name: archive.weigh(source) for name, source in sources.items()}
    missing = set()
    for name in sorted(names):
        source = Path(default_storage.path(name))
        try:
            members[FILES + name] = archive.weigh(source)
        except FileNotFoundError:
            missing.add(name)
        sources[FILES + name] = source
    if missing and not allow_missing:
        raise Missing(missing)
    manifest = Manifest(
        release=__version__,
        made_at=made_at.isoformat(timespec="seconds"),
        engine=connection.vendor,
        key_mark=key_mark(settings.SECRET_KEY),
        migrations=migrations,
        members=members,
        tables=tables,
        missing=sorted(missing),
    )
    return manifest, sources
