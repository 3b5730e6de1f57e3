"""Keeps a release: the whole demo with its files and an edition, as a backup of either database.

    .venv/bin/python -m tests.keeping tests/releases/0.1

PostgreSQL and Redis are those of this machine, or own ones for as long as it takes; everything else is thrown away.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg2

from duoplus import programs, stages
from duoplus.bootstrap import ROOT
from duoplus.processes import Children
from duoplus.servers import leave_empty, postgres_url, redis_url

FILL = "from tests.installations import fill; fill()"


def keep(file: Path, environment: Mapping[str, str]) -> None:
    """Make an installation in this environment, fill it and back it up."""
    os.environ.update(environment)
    file.unlink(missing_ok=True)
    with Children(ROOT) as children:
        run(children, "migrate", "--verbosity", "0")
        children.start("worker", programs.worker(scheduler=True))
        run(children, "shell", "--no-imports", "--command", FILL)
        run(children, "backup", str(file))


def run(children: Children, *words: str) -> None:
    """Run a management command; SystemExit when it fails, after what it said itself."""
    if children.run(programs.manage(*words)):
        sys.exit(f"{words[0]} failed")


@contextmanager
def database(url: str) -> Iterator[None]:
    """A database by this address for as long as the context lasts."""
    name = urlsplit(url).path.removeprefix("/")
    with closing(psycopg2.connect(url.removesuffix(name) + "postgres")) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def main(place: Path) -> None:
    """Keep both; those that were kept by this name are replaced."""
    place.mkdir(parents=True, exist_ok=True)
    for name in stages.OF_THE_PERSON:
        os.environ.pop(name, None)
    with TemporaryDirectory(prefix="duoplus-") as name, Children(ROOT) as children:
        folder = Path(name)
        keep(place / "sqlite.tar.gz", stages.embedded(folder / "embedded"))
        address, broker = postgres_url(children, folder), redis_url(children, folder)
        with database(address):
            keep(place / "postgresql.tar.gz", stages.production(address, broker, folder / "production"))
        leave_empty(broker)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
