"""Servers of a test's own, which it may stop, freeze and start again, and what tells other processes where they are."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from duoplus import servers
from duoplus.processes import Children


class FileBroker:
    """The broker of the embedded mode; its folder is the one of all tests of this process."""

    environment: Mapping[str, str] = {}

    def go_away(self) -> None:
        """Gone with what it held, and not to be made again."""
        shutil.rmtree(self.folder)
        self.folder.touch()

    def come_back_empty(self) -> None:
        """The folder is free to be made again; who reads from it does so."""
        self.folder.unlink()

    @property
    def folder(self) -> Path:
        return Path(settings.BROKER_FOLDER) / "queue"


class RedisBroker:
    """A Redis that keeps nothing on disk."""

    def __init__(self, children: Children, folder: Path) -> None:
        self.children = children
        self.port = servers.start_redis(children, folder / "redis")
        self.environment: Mapping[str, str] = {"REDIS_URL": f"redis://127.0.0.1:{self.port}/0"}
        if settings.EMBEDDED:
            place = settings.VAR / "duoplus.sqlite3"
            self.environment = {
                **self.environment,
                "DATABASE_URL": f"sqlite:///{place}?transaction_mode=IMMEDIATE&timeout=20",
                "SECRET_KEY": settings.SECRET_KEY,
                "ALLOWED_HOSTS": "127.0.0.1",
                "HTTPS": "off",
            }

    def go_away(self) -> None:
        """Killed: what it held is lost."""
        self.send(signal.SIGKILL)
        self.children.children["Redis"].process.wait()

    def come_back_empty(self) -> None:
        """On the same port."""
        self.children.start("Redis", self.children.children["Redis"].command)
        servers.wait_for("Redis", lambda: servers.empty_redis_database(self.port) is not None)

    def freeze(self) -> None:
        """It takes connections and answers nothing."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.send(signal.SIGCONT)

    def send(self, number: int) -> None:
        os.kill(self.children.children["Redis"].process.pid, number)


@contextmanager
def file_broker() -> Iterator[FileBroker]:
    broker = FileBroker()
    yield broker
    if broker.folder.is_file():
        broker.come_back_empty()
    broker.folder.mkdir(exist_ok=True)


@contextmanager
def redis_broker() -> Iterator[RedisBroker]:
    with TemporaryDirectory(prefix="duoplus-test-") as folder, Children(settings.BASE_DIR) as children:
        broker = RedisBroker(children, Path(folder))
        yield broker
        broker.thaw()


class PostgresDatabase:
    """A server of its own, which the test and its processes use instead of the shared one."""

    def __init__(self, children: Children, folder: Path) -> None:
        self.children = children
        self.port = servers.start_postgres(children, folder / "postgres")
        with closing(psycopg2.connect(host="127.0.0.1", port=self.port, user="postgres", dbname="postgres")) as session:
            session.autocommit = True
            with session.cursor() as cursor:
                cursor.execute("CREATE DATABASE portal")

    def go_away(self) -> None:
        """Stop at once, whoever is connected."""
        self.children.children["PostgreSQL"].process.send_signal(signal.SIGQUIT)
        self.children.children["PostgreSQL"].process.wait()

    def come_back(self) -> None:
        """On the same port."""
        self.children.start("PostgreSQL", self.children.children["PostgreSQL"].command)
        servers.wait_for("PostgreSQL", lambda: servers.can_create_databases("postgres", self.port))
        connection.close()


class SqliteDatabase:
    """The file of the test, which another process locks for longer than anybody waits."""

    def __init__(self) -> None:
        self.path = str(connection.settings_dict["NAME"])
        self.other: sqlite3.Connection | None = None

    def go_away(self) -> None:
        self.other = sqlite3.connect(self.path, isolation_level=None)
        self.other.execute("BEGIN EXCLUSIVE")

    def come_back(self) -> None:
        if self.other is not None:
            self.other.close()


@contextmanager
def database() -> Iterator[PostgresDatabase | SqliteDatabase]:
    """What this test and its processes store in; it can go away."""
    if settings.EMBEDDED:
        yield SqliteDatabase()
        return
    with TemporaryDirectory(prefix="duoplus-test-") as folder, Children(settings.BASE_DIR) as children:
        server = PostgresDatabase(children, Path(folder))
        with connected_to(server.port):
            call_command("migrate", verbosity=0)
            yield server


@contextmanager
def connected_to(port: int) -> Iterator[None]:
    """This thread stores in the database `portal` of the server on that port."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT=port, USER="postgres", PASSWORD="", NAME="portal")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
