"""How a Celery task becomes an attempt at a job: claim, sign of life, one call, a recorded end."""

import logging
import os
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from celery import shared_task
from celery.signals import worker_process_init
from django.conf import settings
from django.db import close_old_connections, connections

from . import actions
from .actions import Claim, LeaseLost

logger = logging.getLogger(__name__)

Work = Callable[[Claim], None]

AUTOGROUP = Path("/proc/self/autogroup")


class Parked(Exception):
    """The job was left to its children (`actions.park`): this attempt is over, and no end is recorded."""


class CannotBeDone(Exception):
    """Trying again would not help; `str(error)` is the Dutch reason that the user reads."""


def job_task(kind: str, *, time_limit: int, joins_until_end: bool = False) -> Callable[[Work], Work]:
    """Register `work` as the Celery task `kind`, limited to `time_limit` seconds by killing its process.

    `joins_until_end`: whether equal requests join the job until it ends, or only while it waits.
    """

    def register(work: Work) -> Work:
        @shared_task(name=kind, time_limit=time_limit)
        def attempt(job_id: int) -> None:
            held = actions.claim(job_id, joins_until_end=joins_until_end)
            if held is not None:
                run(work, held)

        return work

    return register


def run(work: Work, held: Claim) -> None:
    """One attempt, with its end recorded whatever happens; an unexpected error is raised after that."""
    try:
        _attempt(work, held)
    except LeaseLost:
        logger.warning("job %s is held by another worker", held.job_id)


def _attempt(work: Work, held: Claim) -> None:
    try:
        with signs_of_life(held):
            work(held)
    except LeaseLost:
        raise
    except Parked:
        return
    except CannotBeDone as reason:
        actions.fail(held, str(reason))
    except BaseException:
        # The error may be that the database was restarted: it is asked again on a connection that works.
        close_old_connections()
        # Whoever holds the job now decides how it goes on; the error itself must not get lost.
        with suppress(LeaseLost):
            actions.put_back(held)
        raise
    else:
        actions.finish(held)


@contextmanager
def signs_of_life(held: Claim) -> Iterator[None]:
    """Renew the lease from a thread while the work runs."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                held.renew()
            except LeaseLost:
                return
            except Exception:
                logger.exception("no sign of life for job %s", held.job_id)
            finally:
                connections.close_all()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@worker_process_init.connect
def give_way(**_: object) -> None:
    """On a machine that serves pages too, who waits for a page goes before work that nobody watches."""
    os.nice(settings.JOB_NICENESS)
    # Linux shares time among sessions first, and only within one by niceness; a worker leads a session of its own,
    # unless it was started by hand: then the session is somebody's terminal.
    if os.getsid(0) == os.getppid():
        with suppress(OSError):
            AUTOGROUP.write_text(str(settings.JOB_NICENESS))


@worker_process_init.connect
def limit_memory(**_: object) -> None:
    """Cap this pool process: work that grows beyond the limit gets MemoryError, and the machine stays usable."""
    limit = settings.JOB_MEMORY_LIMIT_MIB * 2**20
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (OSError, ValueError) as error:
        # macOS knows no such limit, and a stricter one may stand already.
        logger.warning("no limit of %s MiB on memory: %s", settings.JOB_MEMORY_LIMIT_MIB, error)
