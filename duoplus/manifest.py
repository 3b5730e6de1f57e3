"""What a backup says of itself: from which release, which members with which checksums, and what its tables held."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from .contents import Table

FORMAT = 1
# The member that holds the database, by Django's word for its kind.
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
SECRET_KEY = "secret_key"  # noqa: S105  the member's name
FILES = "files/"


class BackupError(Exception):
    """A backup cannot be made or put back; the message is one line that says why."""


@dataclass(frozen=True)
class Member:
    """A member of the archive: bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`migrations` are "app.name"; `missing` are files that rows name and that storage had lost.

    `key_mark` tells whether an installation has the same SECRET_KEY, without giving it away.
    """

    release: str
    made_at: str
    engine: str
    key_mark: str
    migrations: list[str]
    members: dict[str, Member]
    tables: dict[str, Table]
    missing: list[str] = field(default_factory=list)

    @property
    def database(self) -> str:
        return DATABASES[self.engine]

    @property
    def files(self) -> dict[str, Member]:
        """The files of storage by their name there."""
        return {name.removeprefix(FILES): member for name, member in self.members.items() if name.startswith(FILES)}

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> bytes:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()


def from_json(written: bytes) -> Manifest:
    """The manifest as it was written; raise BackupError when it is damaged or of another format."""
    try:
        data: dict[str, Any] = json.loads(written)
        if data.pop("format") != FORMAT:
            raise BackupError(f"The backup is of a newer release ({data['release']}): install that one first.")
        data["members"] = {name: Member(**member) for name, member in data["members"].items()}
        data["tables"] = {name: Table(**table) for name, table in data["tables"].items()}
        manifest = Manifest(**data)
        _require_sound(manifest)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupError("The backup is damaged: its manifest cannot be read.") from error
    return manifest


def _require_sound(manifest: Manifest) -> None:
    """Raise ValueError unless the members are a database, files below one folder, and perhaps a secret."""
    others = {name for name in manifest.members if not name.startswith(FILES)}
    if not {manifest.database} <= others <= {manifest.database, SECRET_KEY}:
        raise ValueError("other members")
    for name in manifest.files:
        path = PurePosixPath(name)
        if not path.parts or {"/", ".."} & set(path.parts) or name != str(path) or "\0" in name:
            raise ValueError("a name outside storage")


def key_mark(secret_key: str) -> str:
    """The same for the same SECRET_KEY; says nothing about it."""
    return salted_hmac("duoplus.manifest", "key", secret=secret_key, algorithm="sha256").hexdigest()


def own_secret() -> bytes | None:
    """The secret that an embedded installation made for itself, when that is the one in force."""
    path = settings.VAR / "secret_key"
    if settings.EMBEDDED and path.exists() and path.read_text() == settings.SECRET_KEY:
        return path.read_bytes()
    return None
