"""Fragments in storage, by the hash of all that shapes them; workers on any number of machines share them.

What stands there can be made again: a file that is gone, cut off or changed is no error.
"""

import json
import os
import time
from contextlib import suppress
from pathlib import Path

from django.core.files.storage import default_storage

from .rendered import Damaged, Rendered, from_file
from .storing import put

FOLDER = "fragments"
MATERIAL = ".material"
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
    place = _place(key)
    place.parent.mkdir(parents=True, exist_ok=True)

    def write(beside: Path) -> int:
        beside.write_bytes(rendered.to_file())
        return rendered.pages

    put(place, write)


def keep_material(key: str, html: str, css: str) -> None:
    """Store what a fragment is to be made of, for whichever worker makes it. Raises OSError."""
    place = _place(f"{key}{MATERIAL}")
    place.parent.mkdir(parents=True, exist_ok=True)
    put(place, lambda beside: beside.write_text(json.dumps([html, css])))


def material(key: str) -> tuple[str, str] | None:
    """HTML and styles of a fragment to make; None when they are gone or damaged."""
    with suppress(OSError, ValueError):
        html, css = json.loads(_place(f"{key}{MATERIAL}").read_text())
        return html, css
    return None


def drop_material(key: str) -> None:
    """The fragment was made of it."""
    _place(f"{key}{MATERIAL}").unlink(missing_ok=True)


def clear(days: float) -> int:
    """Remove what no edition was made of for so many days, half written files too; how many files went."""
    oldest, gone = time.time() - days * DAY, 0
    for path in Path(default_storage.path(FOLDER)).glob("*/*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone


def _place(key: str) -> Path:
    return Path(default_storage.path(f"{FOLDER}/{key[:2]}/{key}"))


def _used(place: Path) -> None:
    """Let the file's time say when it was last used, to the day: no write for every read."""
    with suppress(OSError):
        if time.time() - place.stat().st_mtime > DAY:
            os.utime(place)
