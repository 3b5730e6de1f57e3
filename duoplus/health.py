"""Whether this process is alive, and whether what it stands on answers.

`/healthz` touches nothing else: it is for who restarts processes and spreads requests. `/readyz` is for who watches
the installation. People read and write without a broker, and their jobs wait in the database meanwhile; so a 503
there is a reason to look, never one to turn people away. Both are open to anybody and tell no details.
"""

import logging
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock, Thread

import redis
from celery import current_app
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobs import queries as jobs

logger = logging.getLogger(__name__)

# Seconds for all questions together: whoever asks has an answer within three.
PATIENCE = 2.0
# A job begins within seconds when a worker is free: who waits this long waits for workers that are not there.
LONGEST_WAIT = timedelta(minutes=15)

Answer = datetime | None


@dataclass(frozen=True)
class Readiness:
    """What `/readyz` answers; `oldest_waiting_job` in seconds, None when no job waits or nobody can tell."""

    ready: bool
    database: bool
    broker: bool
    storage: bool
    oldest_waiting_job: int | None


class Question:
    """Asked in a thread of its own, once at a time: what hangs holds one thread, however often it is asked."""

    def __init__(self, about: str, ask: Callable[[], Answer]) -> None:
        self.about = about
        self.ask = ask
        self.lock = Lock()
        self.answer: Future[Answer] | None = None

    def put(self) -> "Future[Answer]":
        """The answer that is on its way, or else a new one."""
        with self.lock:
            if self.answer is None or self.answer.done():
                self.answer = Future()
                Thread(target=self.find, args=(self.answer,), daemon=True).start()
            return self.answer

    def find(self, answer: "Future[Answer]") -> None:
        """Fill in the answer or the error."""
        try:
            answer.set_result(self.ask())
        except Exception as error:  # noqa: BLE001  whatever a server or a disk raises is the answer
            answer.set_exception(error)


def ask_database() -> Answer:
    """Since when the oldest job waits; a connection of its own, since the request's may be the one that is broken."""
    try:
        return jobs.waiting_since()
    finally:
        connections.close_all()


def ask_broker() -> Answer:
    """Whether the broker takes a message: a full one still answers a ping."""
    if settings.EMBEDDED:
        write_in(Path(current_app.conf.broker_transport_options["data_folder_out"]))
        return None
    url = current_app.conf.broker_url
    with closing(redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=None)) as broker:
        broker.set("duoplus-ready", 1, ex=5)
    return None


def ask_storage() -> Answer:
    """Whether files can be written; the folder is made on the first of them."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    write_in(folder)
    return None


def write_in(folder: Path) -> None:
    """Write a file that has no name and goes at once."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"ready")


QUESTIONS = (
    Question("database", ask_database),
    Question("broker", ask_broker),
    Question("storage", ask_storage),
)


def look() -> Readiness:
    """Ask everything at the same time; what has not answered in time does not answer."""
    asked = [(question, question.put()) for question in QUESTIONS]
    wait([answer for _, answer in asked], PATIENCE)
    good = {question.about: is_good(question, answer) for question, answer in asked}
    since = asked[0][1].result() if good["database"] else None
    waits = None if since is None else max(timezone.now() - since, timedelta())
    return Readiness(
        ready=all(good.values()) and (waits is None or waits <= LONGEST_WAIT),
        oldest_waiting_job=None if waits is None else int(waits.total_seconds()),
        **good,
    )


def is_good(question: Question, answer: "Future[Answer]") -> bool:
    """Whether it answered, and without an error; the log says what was wrong."""
    error = answer.exception() if answer.done() else TimeoutError()
    if error is not None:
        logger.warning("not ready: %s: %s", question.about, type(error).__name__)
    return error is None


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """A process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything answers and no job has waited too long, else 503."""
    readiness = look()
    return JsonResponse(asdict(readiness), status=200 if readiness.ready else 503)


ADDRESSES = {"/healthz": healthz, "/readyz": readyz}


class HealthMiddleware(MiddlewareMixin):
    """Answers before sessions, people and host names are looked at: the first two need what may be broken, and who
    checks from nearby knows the portal by a number.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        view = ADDRESSES.get(request.path_info)
        return view(request) if view else None
