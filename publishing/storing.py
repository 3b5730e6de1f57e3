"""Files of editions: written beside their place, synced, renamed; a reader finds a whole file or none."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.core.files.storage import FileSystemStorage, default_storage

Write = Callable[[Path], int]


@dataclass(frozen=True)
class StoredFile:
    """A file in storage: its name there, size in bytes, SHA-256 and the page count that its writer returned."""

    name: str
    size: int
    sha256: str
    pages: int


def store(name: str, write: Write) -> StoredFile:
    """Let `write` fill a file and put it under `name` in one step; leaves nothing behind when writing fails.

    Raises OSError when the disk is full.
    """
    place = _place(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    pages, digest, size = put(place, write)
    return StoredFile(name, size, digest, pages)


def put(place: Path, write: Write, *, synced: bool = True) -> tuple[int, str, int]:
    """Let `write` fill a file beside `place` and rename it: its page count, SHA-256 and size in bytes.

    What is not `synced` may be gone or cut off after a loss of power.
    """
    beside = place.with_name(f".{place.name}.{uuid4().hex}")
    try:
        pages = write(beside)
        digest = _digest(beside, synced=synced)
        size = beside.stat().st_size
        beside.replace(place)
        if synced:
            _sync_folder(place.parent)
    finally:
        beside.unlink(missing_ok=True)
    return pages, digest, size


def discard(name: str) -> None:
    """Remove a stored file that nothing refers to."""
    _place(name).unlink(missing_ok=True)


def discard_leftovers(folder: str, prefix: str) -> None:
    """Remove what writers of `prefix`... left behind in the folder when they were killed, half written or whole."""
    for pattern in (f"{prefix}*", f".{prefix}*"):
        for path in _place(folder).glob(pattern):
            path.unlink(missing_ok=True)


def _place(name: str) -> Path:
    storage = default_storage
    if not isinstance(storage, FileSystemStorage):
        raise TypeError("Editions are stored on a shared volume.")
    return Path(storage.path(name))


def _digest(path: Path, *, synced: bool) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if synced:
            os.fsync(file.fileno())
    return digest


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
