"""The file that a backup is: a gzipped tar with the manifest first and every member that it names, in its order."""

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .manifest import BackupError, Manifest, Member, from_json

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 1024 * 1024
CHUNK = 1024 * 1024
# Of all members only SQLite's database is not compressed already, and the quickest level does most for it.
LEVEL = 1


class Changed(Exception):
    """A file is no longer what was weighed; the message is its name in the archive."""


def weigh(path: Path) -> Member:
    """Size and SHA-256 of a file."""
    with path.open("rb") as file:
        return Member(os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest())


class Hashing:
    """A stream that is hashed while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.digest.update(data)
        return data


# --- writing ----------------------------------------------------------------------------------------------------------
def write(place: Path, manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Write manifest and members to a new file that only its owner may read.

    Raises Changed or FileNotFoundError when a source is not what the manifest says.
    """
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        written = manifest.to_json()
        tar.addfile(_entry(MANIFEST, len(written)), io.BytesIO(written))
        for name, member in manifest.members.items():
            with sources[name].open("rb") as source:
                _add(tar, name, member, source)


def _add(tar: tarfile.TarFile, name: str, member: Member, source: IO[bytes]) -> None:
    if os.fstat(source.fileno()).st_size != member.size:
        raise Changed(name)
    reader = Hashing(source)
    tar.addfile(_entry(name, member.size), reader)
    if reader.digest.hexdigest() != member.sha256:
        raise Changed(name)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


# --- reading ----------------------------------------------------------------------------------------------------------
def read_manifest(path: Path) -> Manifest:
    """What the backup says of itself; raise BackupError when that cannot be read."""
    with _opened(path) as (tar, _):
        return _manifest(tar)


def unpack(path: Path, place_of: Callable[[str], Path]) -> None:
    """Write every member to a new file at its place, on the disk itself, and read the archive to its end.

    Raises BackupError when anything is damaged, missing, too much or not where the manifest says; what was written
    until then stays for the caller to throw away.
    """
    with _opened(path) as (tar, packed):
        for name, member in _manifest(tar).members.items():
            place = place_of(name)
            place.parent.mkdir(parents=True, exist_ok=True)
            _extract(tar, name, member, place)
        if tar.next() is not None:
            raise BackupError(f"{path} is damaged: it holds more than its manifest says.")
        # Behind the last member lies the checksum of the whole.
        while packed.read(CHUNK):
            pass


@contextmanager
def _opened(path: Path) -> Iterator[tuple[tarfile.TarFile, gzip.GzipFile]]:
    try:
        with (
            path.open("rb") as file,
            gzip.GzipFile(fileobj=file) as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            yield tar, packed
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BackupError(f"{path} is damaged or no backup: {error}.") from error


def _manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != MANIFEST or not entry.isreg() or entry.size > LARGEST_MANIFEST:
        raise BackupError("This is no backup: it does not begin with a manifest.")
    return from_json(_stream(tar, entry).read())


def _extract(tar: tarfile.TarFile, name: str, member: Member, place: Path) -> None:
    entry = tar.next()
    if entry is None or entry.name != name or not entry.isreg() or entry.size != member.size:
        raise BackupError(f"The backup is damaged: {name} is missing or not what the manifest says.")
    source = Hashing(_stream(tar, entry))
    with place.open("xb") as target:
        while data := source.read(CHUNK):
            target.write(data)
        target.flush()
        os.fsync(target.fileno())
    if source.digest.hexdigest() != member.sha256:
        raise BackupError(f"The backup is damaged: {name} has another checksum than the manifest says.")


def _stream(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    stream = tar.extractfile(entry)
    if stream is None:
        raise BackupError(f"The backup is damaged: {entry.name} is no file.")
    return stream
