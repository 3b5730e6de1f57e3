"""Fragments in storage, by the hash of all that shapes them; workers on any number of machines share them.

What stands there can be made again: a file that is gone, cut off or changed is no error, and none waits for the disk.
"""

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from .rendered import Damaged, Rendered, from_file, opened, sealed
from .storing import put

FOLDER = "fragments"
MATERIAL, CUT = ".material", ".cut"
"""How names end of what waits for the worker that makes a fragment, and of what a chapter was cut to."""
DAY = 24 * 60 * 60
"""Seconds."""


def fetch(key: str) -> Rendered | None:
    """The fragment, or None when it must be rendered."""
    place = _place(key)
    try:
        found = from_file(place.read_bytes())
    except (OSError, Damaged):
        return None
    _used(place)
    return found


def keep(key: str, rendered: Rendered) -> None:
    """Store the fragment in one step; who stores it at the same time stores the same. Raises OSError."""
    _store(key, rendered.to_file())


def keep_data(name: str, data: Any) -> None:
    """Store what fragments are made of (anything that JSON holds), for whichever worker needs it. Raises OSError."""
    _store(name, sealed(json.dumps(data).encode()))


def data(name: str) -> Any:
    """What was stored; None when it is gone or damaged."""
    place = _place(name)
    try:
        found = json.loads(opened(place.read_bytes()))
    except (OSError, Damaged):
        return None
    _used(place)
    return found


def drop_data(name: str) -> None:
    """Nobody needs it any more."""
    _place(name).unlink(missing_ok=True)


def clear(days: float) -> int:
    """Remove what no edition was made of for so many days, half written files too; how many files went."""
    oldest, gone = time.time() - days * DAY, 0
    for path in Path(default_storage.path(FOLDER)).glob("*/*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone


def _store(name: str, file: bytes) -> None:
    place = _place(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    put(place, lambda beside: beside.write_bytes(file), synced=False)


def _place(key: str) -> Path:
    return Path(default_storage.path(f"{FOLDER}/{key[:2]}/{key}"))


def _used(place: Path) -> None:
    """Let the file's time say when it was last used, to the day: no write for every read."""
    with suppress(OSError):
        if time.time() - place.stat().st_mtime > DAY:
            os.utime(place)
