import hashlib
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from publishing.storing import StoredFile, discard, discard_leftovers, put, store

TEXT = b"%PDF-1.7 een hele pdf"


def write(path: Path) -> int:
    path.write_bytes(TEXT)
    return 24


def write_half(path: Path) -> int:
    path.write_bytes(TEXT[:5])
    raise OSError(28, "No space left on device")


def files(settings: Settings) -> list[str]:
    """Everything in storage, hidden files too."""
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_stored_file_is_whole_and_known_by_its_hash(settings: Settings) -> None:
    stored = store("editions/1/7-abc.pdf", write)
    assert stored == StoredFile("editions/1/7-abc.pdf", len(TEXT), hashlib.sha256(TEXT).hexdigest(), 24)
    with default_storage.open(stored.name) as file:
        assert file.read() == TEXT
    assert files(settings) == [stored.name]


def test_name_exists_only_once_the_file_is_whole(settings: Settings) -> None:
    def write_and_look(path: Path) -> int:
        path.write_bytes(TEXT)
        assert not default_storage.exists("editions/1/7-abc.pdf")
        assert path.parent == Path(default_storage.path("editions/1"))
        return 1

    store("editions/1/7-abc.pdf", write_and_look)


def test_writer_that_fails_leaves_nothing_behind(settings: Settings) -> None:
    with pytest.raises(OSError, match="No space left"):
        store("editions/1/7-abc.pdf", write_half)
    assert files(settings) == []


def test_writer_that_fails_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    place = tmp_path / "jaarstukken.pdf"
    place.write_bytes(b"de vorige")
    with pytest.raises(OSError, match="No space left"):
        put(place, write_half)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("jaarstukken.pdf", b"de vorige")]


def test_put_replaces_the_older_file_in_one_step(tmp_path: Path) -> None:
    place = tmp_path / "jaarstukken.pdf"
    place.write_bytes(b"de vorige")
    assert put(place, write) == (24, hashlib.sha256(TEXT).hexdigest(), len(TEXT))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("jaarstukken.pdf", TEXT)]


def test_discarded_file_is_gone_and_may_be_gone_already(settings: Settings) -> None:
    name = store("editions/1/7-abc.pdf", write).name
    discard(name)
    discard(name)
    assert files(settings) == []


def test_leftovers_of_one_edition_go_and_others_stay(settings: Settings) -> None:
    for name in ("7-abc.pdf", ".7-def.pdf.0123", "77-abc.pdf", "8-abc.pdf"):
        store(f"editions/1/{name}", write)
    store("editions/2/7-abc.pdf", write)
    discard_leftovers("editions/1", "7-")
    assert files(settings) == ["editions/1/77-abc.pdf", "editions/1/8-abc.pdf", "editions/2/7-abc.pdf"]
    discard_leftovers("editions/3", "7-")
