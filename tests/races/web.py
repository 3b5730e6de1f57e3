"""The real web server on the database of the test, and a browser that is nothing but its requests."""

import http.client
import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import connection
from django.test import Client

from accounts.members import Member
from duoplus import programs
from duoplus.bootstrap import LOOPBACK
from duoplus.processes import Children
from duoplus.servers import free_port
from tests import workers

PROCESSES = int(programs.WEB_PROCESSES)
TOKEN = "a" * 32
# The server tidies up by itself after so many saves, for as long as it takes: that is nobody's work.
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass(frozen=True)
class Server:
    """Gunicorn: one process that keeps `PROCESSES` others alive, which answer."""

    port: int
    process: int

    def answering(self) -> list[int]:
        """The processes that answer now."""
        return workers.children_of(self.process)

    def kill(self, process: int) -> None:
        """SIGKILL for one of them; returns when another has taken its place."""
        os.kill(process, signal.SIGKILL)
        until = time.monotonic() + workers.PATIENCE
        while process in (alive := self.answering()) or len(alive) < PROCESSES:
            assert time.monotonic() < until, "the process was not replaced"
            time.sleep(0.002)


@contextmanager
def serving() -> Iterator[Server]:
    """The command of `manage.py start`; nothing of it is left when the context ends."""
    port = free_port()
    quiet = workers.for_children(LOG_LEVEL="CRITICAL")
    with workers.own_queue(), static_names(), quiet, Children(settings.BASE_DIR) as children:
        children.start("web", programs.web(LOOPBACK, port))
        until = time.monotonic() + workers.PATIENCE
        while not programs.answers(LOOPBACK, port, "/"):
            assert time.monotonic() < until, "the web server did not start"
            assert not children.ended("web"), "the web server died"
            time.sleep(0.05)
        yield Server(port, children.children["web"].process.pid)
    wait_for_commits()


def wait_for_commits() -> None:
    """Return when PostgreSQL has done what dead processes had asked it: a commit that was sent goes on without them."""
    until = time.monotonic() + workers.PATIENCE
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            if cursor.fetchone() == (0,):
                return
        assert time.monotonic() < until, "somebody is still at work in the database"
        time.sleep(0.05)


@contextmanager
def static_names() -> Iterator[None]:
    """Pages name static files as they stand in the tree, which spares collecting and compressing them."""
    paths = {name: name for finder in get_finders() for name, _ in finder.list([])}
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    manifest.write_text(json.dumps({"version": "1.1", "paths": paths, "hash": ""}))
    try:
        yield
    finally:
        manifest.unlink()


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    body: str


class Browser:
    """Somebody who is signed in."""

    def __init__(self, server: Server, member: Member) -> None:
        client = Client()
        client.force_login(member.user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.port = server.port
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
        }

    def post(self, path: str, fields: Mapping[str, object]) -> Answer | None:
        """Post a form; None when the server died before its answer was complete."""
        wire = http.client.HTTPConnection(LOOPBACK, self.port, timeout=workers.PATIENCE)
        try:
            wire.request("POST", path, urlencode(fields), self.headers)
            answer = wire.getresponse()
            return Answer(answer.status, answer.read().decode())
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException):
            return None
        finally:
            wire.close()
