import os
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from publishing import cache
from publishing.rendered import Bookmark, Damaged, Place, Rendered, from_file

KEY = "ab" * 32
MADE = Rendered(
    b"%PDF-1.7\nregel\n", 2, (Place("hoofdstuk-1", 0, 56.7, 700.25),), (Bookmark("1 Inleiding", 1, 1, 0, 9),)
)


def place(settings: Settings) -> Path:
    return Path(settings.MEDIA_ROOT) / cache.FOLDER / "ab" / KEY


def test_what_is_kept_comes_back_as_it_was(settings: Settings) -> None:
    assert cache.fetch(KEY) is None
    cache.keep(KEY, MADE)
    assert cache.fetch(KEY) == MADE
    assert [path.name for path in place(settings).parent.iterdir()] == [KEY]


@pytest.mark.parametrize("damage", [b"", b"\n", MADE.to_file()[:-1], MADE.to_file().replace(b"700.25", b"700.26")])
def test_what_is_cut_off_or_changed_counts_as_gone(settings: Settings, damage: bytes) -> None:
    cache.keep(KEY, MADE)
    place(settings).write_bytes(damage)
    assert cache.fetch(KEY) is None
    with pytest.raises(Damaged):
        from_file(damage)
    cache.keep(KEY, MADE)
    assert cache.fetch(KEY) == MADE


def test_material_waits_for_whoever_makes_the_fragment(settings: Settings) -> None:
    assert cache.data(KEY + cache.MATERIAL) is None
    cache.keep_data(KEY + cache.MATERIAL, ["<p>één</p>", "p { margin: 0 }"])
    assert cache.data(KEY + cache.MATERIAL) == ["<p>één</p>", "p { margin: 0 }"]
    waiting = place(settings).with_name(f"{KEY}{cache.MATERIAL}")
    whole = waiting.read_bytes()
    for damaged in (b"", b"\n", whole[:-1], whole.replace(b"margin: 0", b"margin: 1")):
        waiting.write_bytes(damaged)
        assert cache.data(KEY + cache.MATERIAL) is None
    for _ in range(2):
        cache.drop_data(KEY + cache.MATERIAL)
    assert list(place(settings).parent.iterdir()) == []


def test_what_nobody_used_for_long_goes_and_what_is_used_stays(settings: Settings) -> None:
    old = time.time() - 10 * cache.DAY
    for key in (KEY, "cd" * 32):
        cache.keep(key, MADE)
    half_written = place(settings).with_name(f".{KEY}.0123")
    half_written.write_bytes(b"half")
    for path in Path(settings.MEDIA_ROOT).glob("fragments/*/*"):
        os.utime(path, (old, old))
    cache.fetch(KEY)
    assert cache.clear(days=9) == 2
    assert [path.name for path in Path(settings.MEDIA_ROOT).glob("fragments/*/*")] == [KEY]


def test_there_may_be_nothing_to_clear() -> None:
    assert cache.clear(days=9) == 0
