"""A picture of an edition's first page, drawn when somebody first looks and kept in storage by the hash of its PDF.

Whoever takes a picture away makes that it is drawn again.
"""

import logging
from pathlib import Path

from django.core.files.storage import default_storage

from .models import Edition
from .pictures import NoPicture, draw
from .storing import store

logger = logging.getLogger(__name__)

WIDTH = 320
"""Pixels: sharp where it is shown at half of that."""


def cover(edition: Edition) -> bytes:
    """The picture as PNG; raises NoPicture when the edition has no PDF that can be drawn."""
    name = f"covers/{edition.sha256}.png"
    try:
        with default_storage.open(name) as kept:
            found: bytes = kept.read()
    except OSError:
        found = _drawn(edition)
        _keep(name, found)
    return found


def _drawn(edition: Edition) -> bytes:
    if not edition.has_file:
        raise NoPicture
    return draw(Path(edition.file.path), 0, WIDTH)


def _keep(name: str, picture: bytes) -> None:
    """Store the picture; without room for it, it is drawn again the next time."""

    def write(place: Path) -> int:
        place.write_bytes(picture)
        return 1

    try:
        store(name, write)
    except OSError as error:
        logger.warning("no room for %s: %s", name, error.strerror)
