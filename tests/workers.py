"""Real brokers and real workers for tests: what was rung is read from the broker, what is done is done by Celery."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from urllib.parse import quote

from celery import current_app
from django.conf import settings
from django.db import connection
from kombu.simple import SimpleQueue

import jobs.actions
from duoplus import programs
from duoplus.processes import Children
from jobs.models import Job

Rung = list[tuple[str, int]]
# A worker that is killed is missed after one second, so that no test waits long.
QUICK = {"JOB_LEASE_SECONDS": "2", "JOB_SWEEP_SECONDS": "1"}
INCLUDED = "tests.jobs.kinds,tests.faults.injected"
PATIENCE = 40.0


# --- the broker -------------------------------------------------------------------------------------------------------
@contextmanager
def own_queue() -> Iterator[Callable[[], Rung]]:
    """An empty queue, and a function that takes what was rung since: (kind, job id) in order."""
    with current_app.connection_for_read() as broker:
        queue = broker.SimpleQueue(current_app.conf.task_default_queue)
        queue.clear()
        yield lambda: list(_taken(queue))
        queue.queue.delete()
        queue.close()


def _taken(queue: SimpleQueue) -> Iterator[tuple[str, int]]:
    with suppress(Empty):
        while True:
            message = queue.get(block=False)
            message.ack()
            yield message.headers["task"], message.payload[0][0]


@contextmanager
def broken_broker(folder: Path) -> Iterator[None]:
    """A broker that is not there: a folder that does not exist, or a port on which nothing listens."""
    broken: dict[str, object] = {"broker_url": f"redis://127.0.0.1:{unused_port()}/0"}
    if settings.EMBEDDED:
        gone = {"data_folder_in": str(folder / "gone"), "data_folder_out": str(folder / "gone")}
        broken = {"broker_transport_options": settings.CELERY_BROKER_TRANSPORT_OPTIONS | gone}
    before = {name: current_app.conf[name] for name in broken}
    _configure(broken)
    try:
        yield
    finally:
        _configure(before)


def _configure(changes: dict[str, object]) -> None:
    """Change the application's broker; its pool of connections is made anew."""
    current_app.conf.update(changes)
    jobs.actions.broker.silent_until = 0.0
    current_app._after_fork()  # type: ignore[attr-defined]


def unused_port() -> int:
    """A port on which nothing listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# --- the worker -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Worker:
    """A running Celery worker (prefork, one process, with its scheduler) on the database of the test."""

    children: Children

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The one that leads the others."""
        return self.children.children["worker"].process

    def end_of(self, job: Job | None) -> Job:
        """The job once it has ended; AssertionError when that takes too long or the worker itself died."""
        assert job is not None
        until = time.monotonic() + PATIENCE
        job.refresh_from_db()
        while job.is_active:
            assert time.monotonic() < until, f"{job} did not end: {job.state}, attempt {job.attempts}"
            assert not self.children.ended("worker"), "the worker died"
            time.sleep(0.05)
            job.refresh_from_db()
        return job


@contextmanager
def running_worker(**environment: str) -> Iterator[Worker]:
    """Start a worker that also knows `tests.jobs.kinds` and `tests.faults.injected`; leaving the context ends it.

    It shares folder and queue with this process; `environment` is for its settings.
    """
    with own_queue(), for_children(**{**QUICK, **environment}), Children(settings.BASE_DIR) as children:
        command = [*programs.worker(scheduler=True), "--concurrency", "1", "--include", INCLUDED]
        children.start("worker", command)
        yield Worker(children)


@contextmanager
def for_children(**environment: str) -> Iterator[None]:
    """Processes that are started meanwhile work on the database and the files of this test."""
    own = {**_database(), "MEDIA_ROOT": str(settings.MEDIA_ROOT), **environment}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def running_beside_this() -> set[int]:
    """Processes that were started with the queue of this one and still run: workers, and the browser of other tests."""
    queue = f"CELERY_QUEUE={current_app.conf.task_default_queue}".encode()
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(process.name) != os.getpid() and queue in (process / "environ").read_bytes().split(b"\0"):
                found.add(int(process.name))
    return found


def children_of(process: int) -> list[int]:
    """The processes that this one started."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _database() -> dict[str, str]:
    """How a worker finds the database of this test: by its address, or in the place where the embedded mode looks."""
    name = str(connection.settings_dict["NAME"])
    if settings.EMBEDDED:
        place = settings.VAR / "duoplus.sqlite3"
        place.unlink(missing_ok=True)
        place.symlink_to(name)
        return {}
    at = {key: quote(str(connection.settings_dict[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "PORT")}
    login = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
    return {"DATABASE_URL": f"postgres://{login}@{at['HOST']}:{at['PORT']}/{name}"}


def written_in(note: Path) -> str:
    """The text of a file that a worker writes, once it is there: a file exists before anything stands in it."""
    until = time.monotonic() + PATIENCE
    while not note.exists() or not note.read_text():
        assert time.monotonic() < until, f"no worker wrote {note.name}"
        time.sleep(0.05)
    return note.read_text()
