import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

import duoplus
from duoplus import archive
from duoplus.contents import Table
from duoplus.manifest import BackupError, Manifest, from_json, key_mark

Members = dict[str, bytes]
CONTENT: Members = {
    "database.sqlite3": b"SQLite format 3\0" * 500,
    "secret_key": b"s" * 64,
    "files/editions/1/1-a.pdf": b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(60)),
    "files/logos/a.png": b"\x89PNG",
}


def make(folder: Path) -> tuple[Path, Manifest]:
    """An archive of `CONTENT`, and what it says of itself."""
    sources = {name: folder / "sources" / name for name in CONTENT}
    for name, source in sources.items():
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(CONTENT[name])
    manifest = Manifest(
        release="0.1.0",
        made_at="2026-11-24T10:00:00+00:00",
        engine="sqlite",
        key_mark="mark",
        migrations=["accounts.0001_initial"],
        members={name: archive.weigh(source) for name, source in sources.items()},
        tables={"investments_line": Table(2, {"actual": -150}, {"actual": "hash"})},
    )
    archive.write(folder / "backup.tar.gz", manifest, sources)
    return folder / "backup.tar.gz", manifest


def unpacked(path: Path, folder: Path) -> Members:
    archive.unpack(path, lambda name: folder / name)
    return {str(place.relative_to(folder)): place.read_bytes() for place in folder.rglob("*") if place.is_file()}


def members_of(path: Path) -> Members:
    with tarfile.open(path) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


def pack(path: Path, members: Members) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def refusal(path: Path, folder: Path) -> str:
    with pytest.raises(BackupError) as error:
        unpacked(path, folder / "out")
    return str(error.value)


def test_comes_out_as_it_went_in(tmp_path: Path) -> None:
    path, manifest = make(tmp_path)
    assert archive.read_manifest(path) == manifest
    assert unpacked(path, tmp_path / "out") == CONTENT
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(members_of(path)) == ["manifest.json", *CONTENT]
    assert manifest.files.keys() == {"editions/1/1-a.pdf", "logos/a.png"}


def test_says_nothing_of_the_machine(tmp_path: Path) -> None:
    path, _ = make(tmp_path)
    with tarfile.open(path) as tar:
        assert {(entry.uid, entry.uname, entry.mtime, entry.mode) for entry in tar} == {(0, "", 0, 0o600)}
    assert str(tmp_path).encode() not in gzip.decompress(path.read_bytes())


def test_existing_file_is_never_written_over(tmp_path: Path) -> None:
    path, manifest = make(tmp_path)
    with pytest.raises(FileExistsError):
        archive.write(path, manifest, {})


@pytest.mark.parametrize("grown", [b"", b"more", b"Q" * 64])
def test_file_that_changes_while_it_is_read_is_told(tmp_path: Path, grown: bytes) -> None:
    _, manifest = make(tmp_path)
    sources = {name: tmp_path / "sources" / name for name in CONTENT}
    sources["secret_key"].write_bytes(grown)
    with pytest.raises(archive.Changed) as error:
        archive.write(tmp_path / "again.tar.gz", manifest, sources)
    assert str(error.value) == "secret_key"


# --- damage -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", [0.0, 0.001, 0.2, 0.5, 0.9, 0.99])
def test_half_a_file_is_refused(tmp_path: Path, part: float) -> None:
    path, _ = make(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    assert "damaged" in refusal(path, tmp_path) or "no backup" in refusal(path, tmp_path)


def test_last_bytes_are_missed_too(tmp_path: Path) -> None:
    path, _ = make(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    assert refusal(path, tmp_path).startswith(f"{path} is damaged or no backup: ")


def test_changed_byte_is_seen_or_changes_nothing(tmp_path: Path) -> None:
    """A few say nothing of the content, such as the moment of packing; all others are refused."""
    path, _ = make(tmp_path)
    data = path.read_bytes()
    places = range(0, len(data), 23)
    refused = 0
    for place in places:
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        try:
            assert unpacked(path, tmp_path / str(place)) == CONTENT
        except BackupError:
            refused += 1
    assert refused > 0.9 * len(places)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"%PDF-1.7", gzip.compress(b"words"), gzip.compress(b"\0" * 10240)],
    ids=["nothing", "zip", "pdf", "packed words", "packed zeros"],
)
def test_other_files_are_no_backups(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(data)
    with pytest.raises(BackupError):
        archive.read_manifest(path)


# --- hostile ----------------------------------------------------------------------------------------------------------
def missing(members: Members) -> Members:
    return {name: data for name, data in members.items() if name != "files/logos/a.png"}


def extra(members: Members) -> Members:
    return members | {"files/logos/b.png": b"b"}


def other_content(members: Members) -> Members:
    return members | {"secret_key": b"t" * 64}


def other_size(members: Members) -> Members:
    return members | {"secret_key": b"s" * 63}


def other_order(members: Members) -> Members:
    return {"manifest.json": members["manifest.json"], **dict(reversed(members.items()))}


def without_manifest(members: Members) -> Members:
    return {name: data for name, data in members.items() if name != "manifest.json"}


HOSTILE = [
    (missing, "The backup is damaged: files/logos/a.png is missing or not what the manifest says."),
    (extra, "{path} is damaged: it holds more than its manifest says."),
    (other_content, "The backup is damaged: secret_key has another checksum than the manifest says."),
    (other_size, "The backup is damaged: secret_key is missing or not what the manifest says."),
    (other_order, "The backup is damaged: database.sqlite3 is missing or not what the manifest says."),
    (without_manifest, "This is no backup: it does not begin with a manifest."),
]


@pytest.mark.parametrize(("change", "message"), HOSTILE, ids=[row[0].__name__ for row in HOSTILE])
def test_archive_is_what_its_manifest_says(tmp_path: Path, change: Callable[[Members], Members], message: str) -> None:
    path, _ = make(tmp_path)
    pack(path, change(members_of(path)))
    assert refusal(path, tmp_path) == message.format(path=path)


def test_link_is_no_file(tmp_path: Path) -> None:
    path, _ = make(tmp_path)
    members = members_of(path)
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            if name == "secret_key":
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
                tar.addfile(entry)
                continue
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    assert refusal(path, tmp_path) == "The backup is damaged: secret_key is missing or not what the manifest says."
    assert not (tmp_path / "out" / "secret_key").exists()


DAMAGED = "The backup is damaged: its manifest cannot be read."
NAMES = ["../a", "a/../../b", "/etc/passwd", "", ".", "a//b", "./a", "a/", "a\0b"]


@pytest.mark.parametrize("name", NAMES)
def test_name_outside_storage_is_refused(tmp_path: Path, name: str) -> None:
    path, _ = make(tmp_path)
    members = members_of(path)
    data = json.loads(members["manifest.json"])
    data["members"][f"files/{name}"] = {"size": 1, "sha256": "x"}
    pack(path, {"manifest.json": json.dumps(data).encode()})
    assert refusal(path, tmp_path) == DAMAGED


def changed(manifest: Manifest, **values: Any) -> bytes:
    return json.dumps({**json.loads(manifest.to_json()), **values}).encode()


def test_manifest_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    _, manifest = make(tmp_path)
    member = {"size": 1, "sha256": "x"}
    for written in (
        b"",
        b"[]",
        b"{}",
        b"\xff",
        changed(manifest, engine="oracle"),
        changed(manifest, members={}),
        changed(manifest, members={"database.dump": member}),
        changed(manifest, members={"database.sqlite3": member, "elsewhere": member}),
        changed(manifest, members={"database.sqlite3": {"bytes": 1}}),
        changed(manifest, tables={"a": 1}),
        changed(manifest, more=1),
    ):
        with pytest.raises(BackupError) as error:
            from_json(written)
        assert str(error.value) == DAMAGED


def test_other_format_is_of_a_newer_release(tmp_path: Path) -> None:
    _, manifest = make(tmp_path)
    with pytest.raises(BackupError) as error:
        from_json(changed(manifest, format=2, release="3.0"))
    assert str(error.value) == "The backup is of a newer release (3.0): install that one first."


# --- what it says of the installation ---------------------------------------------------------------------------------
def test_key_is_recognised_and_not_given_away() -> None:
    secret = "a secret of the installation"
    assert key_mark(secret) == key_mark(secret) != key_mark(f"{secret}.")
    assert secret not in key_mark(secret)


def test_release_is_that_of_the_project() -> None:
    assert f'\nversion = "{duoplus.__version__}"\n' in (project.BASE_DIR / "pyproject.toml").read_text()
