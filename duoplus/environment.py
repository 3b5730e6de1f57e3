"""What the environment says, and what must be said before the portal may start."""

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

REQUIRED_IN_PRODUCTION = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS")


@dataclass(frozen=True)
class Mode:
    """Embedded (no variable set) or production (`DATABASE_URL` and `REDIS_URL` set)."""

    embedded: bool
    secret_key: str
    allowed_hosts: list[str]


def read_mode(env: environ.Env, var: Path) -> Mode:
    """Decide the mode; raise ImproperlyConfigured that names every missing variable."""
    if not (env.str("DATABASE_URL", "") or env.str("REDIS_URL", "")):
        return Mode(
            embedded=True,
            secret_key=env.str("SECRET_KEY", "") or kept_secret(var / "secret_key"),
            allowed_hosts=["127.0.0.1", "localhost", "[::1]"],
        )
    missing = [name for name in REQUIRED_IN_PRODUCTION if not env.str(name, "")]
    if missing:
        raise ImproperlyConfigured(f"Set {', '.join(missing)}: required as soon as DATABASE_URL or REDIS_URL is set.")
    return Mode(embedded=False, secret_key=env.str("SECRET_KEY"), allowed_hosts=env.list("ALLOWED_HOSTS"))


def kept_secret(path: Path) -> str:
    """The installation's own secret, made once and readable by its owner only.

    Two processes that start together end up with the same one: the first to link its file wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(beside, path)
        Path(beside).unlink()
    return path.read_text()
