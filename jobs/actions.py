"""The life of a job: asked for, claimed, kept alive, ended. Every step is one conditional UPDATE."""

import logging
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Organisation, User

from . import queries
from .models import ACTIVE, MOST_ATTEMPTS, Job, JobState, lease

logger = logging.getLogger(__name__)

MOST_TRIES = 5
MOST_SWEPT = 50
MOST_PARKED = 90
"""Percent of a job that its children make up."""
SILENCE = 5.0
"""Seconds that a process does not wait again for a broker that did not answer."""


class LeaseLost(Exception):
    """Another worker may hold the job now: stop, and publish nothing."""


@dataclass(frozen=True)
class Claim:
    """One worker's hold on one job: only its bearer may report progress or an end."""

    job_id: int
    subject_id: int
    token: str

    def report(self, progress: int, step: str) -> None:
        """Store percent and a Dutch step, and renew the lease; raise LeaseLost when it is gone."""
        _store(self, progress=progress, step=step[:200], lease_until=timezone.now() + lease())

    def renew(self) -> None:
        """A sign of life; raise LeaseLost when the lease is gone."""
        _store(self, lease_until=timezone.now() + lease())


def _store(held: Claim, **fields: object) -> None:
    """Write in the row of the job; raise LeaseLost when somebody else holds it."""
    row = Job.objects.filter(pk=held.job_id, claim=held.token, state=JobState.RUNNING)
    if not row.update(**fields):
        raise LeaseLost(f"job {held.job_id}")


@transaction.atomic
def request(
    kind: str, organisation: Organisation, subject_id: int, *, by: User | None, unique_key: str | None = None
) -> Job:
    """Ask for work in the caller's transaction and ring when that commits.

    With `unique_key`, an active job with the same key is joined instead of a second one made. The joined row
    stays locked until the caller commits, so that no worker starts on the state from before the change.
    """
    if unique_key is None:
        return _add(kind, organisation, subject_id, by, None)
    for _ in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return _add(kind, organisation, subject_id, by, unique_key)
        except IntegrityError:
            # Gone by now means: claimed or ended in between. Then the change needs a job of its own.
            joined = Job.objects.select_for_update().filter(unique_key=unique_key).first()
            if joined is not None:
                return joined
    raise RuntimeError(f"no job could be made or joined for {unique_key!r}")


def _add(kind: str, organisation: Organisation, subject_id: int, by: User | None, unique_key: str | None) -> Job:
    job = Job.objects.create(
        kind=kind, organisation=organisation, subject_id=subject_id, requested_by=by, unique_key=unique_key
    )
    transaction.on_commit(partial(ring, job.pk, kind), robust=True)
    return job


@dataclass
class Broker:
    """What this process knows of the broker: until when (on the monotonic clock) nobody waits for it."""

    silent_until: float = 0.0


broker = Broker()


def ring(job_id: int, kind: str) -> None:
    """Tell the workers, once. A broker that does not answer is no loss: the sweeper rings again.

    It keeps a request or a sweep waiting once, however many jobs they ring for.
    """
    if time.monotonic() < broker.silent_until:
        return
    try:
        current_app.send_task(kind, args=[job_id], retry=False)
    except Exception as error:  # noqa: BLE001  kombu raises whatever its transport raises
        broker.silent_until = time.monotonic() + SILENCE
        logger.warning("no broker to ring for job %s: %s", job_id, type(error).__name__)


def claim(job_id: int, *, joins_until_end: bool) -> Claim | None:
    """Take a waiting job, or None when it is taken or ended.

    A job that equal requests join only while it waits gives up its key here: what changes from now on
    asks for a new job.
    """
    token = uuid.uuid4().hex
    released = {} if joins_until_end else {"unique_key": None}
    taken = Job.objects.filter(pk=job_id, state=JobState.WAITING, attempts__lt=MOST_ATTEMPTS).update(
        state=JobState.RUNNING,
        claim=token,
        attempts=F("attempts") + 1,
        lease_until=timezone.now() + lease(),
        **released,
    )
    if not taken:
        return None
    return Claim(job_id, Job.objects.values_list("subject_id", flat=True).get(pk=job_id), token)


def finish(held: Claim) -> None:
    """Done; raise LeaseLost when someone else holds the job. The last child to end lets the job above it go on."""
    _store(held, state=JobState.DONE, progress=100, step="", unique_key=None, finished_at=timezone.now())
    _tell_parent(held.job_id)


def fail(held: Claim, reason: str) -> None:
    """Ended without result, with a reason in Dutch that a user can act on; no further attempts."""
    _store(held, state=JobState.FAILED, reason=reason[:500], unique_key=None, finished_at=timezone.now())
    _tell_parent(held.job_id)


@transaction.atomic
def park(held: Claim, kind: str, subject_ids: Iterable[int]) -> dict[int, Job]:
    """Leave the work to new children, one for each subject, in that order; they are returned by subject.

    Nobody holds the job until the last of them has ended, or the first has failed; what was done so far was no
    attempt that went wrong. Raises LeaseLost.
    """
    job = Job.objects.select_related("organisation").get(pk=held.job_id)
    _store(held, state=JobState.PARKED, claim="", lease_until=None, attempts=F("attempts") - 1)
    family = {"organisation": job.organisation, "requested_by_id": job.requested_by_id, "parent": job, "kind": kind}
    children = Job.objects.bulk_create(Job(subject_id=subject_id, **family) for subject_id in subject_ids)
    for child in children:
        transaction.on_commit(partial(ring, child.pk, kind), robust=True)
    return {child.subject_id: child for child in children}


@transaction.atomic
def cancel(job_id: int, reason: str) -> bool:
    """End an active job and its children, whoever holds them; whether there was anything left to end.

    Who works on one of them finds the claim gone, and publishes nothing.
    """
    ended = {"claim": "", "reason": reason[:500], "unique_key": None, "finished_at": timezone.now()}
    found = Job.objects.filter(pk=job_id, state__in=ACTIVE).update(state=JobState.CANCELLED, **ended)
    if found:
        Job.objects.filter(parent=job_id, state__in=ACTIVE).update(state=JobState.CANCELLED, **ended)
    return bool(found)


def _tell_parent(child_id: int) -> None:
    """Let the job above go on when its last child ended, or one failed: then nobody need begin on the rest.

    Of children that end at once, all may find that they are the last; one of them rings. Whoever dies in between
    leaves it to the sweeper.
    """
    child = Job.objects.only("parent", "state").get(pk=child_id)
    if child.parent_id is None:
        return
    siblings = Job.objects.filter(parent=child.parent_id)
    parked = Job.objects.filter(pk=child.parent_id, state=JobState.PARKED)
    if child.state == JobState.FAILED:
        siblings.filter(state=JobState.WAITING).update(state=JobState.CANCELLED, finished_at=timezone.now())
    else:
        states = list(siblings.values_list("state", flat=True))
        ended = sum(state not in ACTIVE for state in states)
        if ended < len(states):
            parked.update(progress=MOST_PARKED * ended // len(states), step=f"Nog {len(states) - ended} te maken")
            return
    if parked.update(state=JobState.WAITING, rung_at=timezone.now()):
        ring(child.parent_id, Job.objects.values_list("kind", flat=True).get(pk=child.parent_id))


def put_back(held: Claim) -> None:
    """An attempt went wrong: wait for the next one, or fail after the last."""
    job = Job.objects.get(pk=held.job_id)
    if job.attempts >= MOST_ATTEMPTS:
        fail(held, gave_up(job))
    else:
        _store(held, state=JobState.WAITING, claim="", lease_until=None, rung_at=timezone.now())
        transaction.on_commit(partial(ring, job.pk, job.kind), robust=True)


def gave_up(job: Job) -> str:
    """Why there is no fourth attempt, and where the third one ended."""
    place = f" bij “{job.step}”" if job.step else ""
    return (
        f"De taak is na drie pogingen gestopt{place}. Probeer het opnieuw, of laat de beheerder het logboek bekijken."
    )


def sweep() -> int:
    """Ring again for jobs that were lost, fail those without attempts left; returns how many were rung.

    Not all at once: while every worker is busy, jobs wait that nobody lost, and their rings would pile up.
    """
    now = timezone.now()
    rung = 0
    for job in queries.lost(now)[:MOST_SWEPT]:
        # As it was seen: another sweeper, a worker or its sign of life may have been first.
        seen = {"state": job.state, "claim": job.claim, "lease_until": job.lease_until, "rung_at": job.rung_at}
        mine = Job.objects.filter(pk=job.pk, **seen)
        if job.attempts >= MOST_ATTEMPTS:
            if mine.update(state=JobState.FAILED, reason=gave_up(job), unique_key=None, finished_at=now):
                _tell_parent(job.pk)
        elif mine.update(state=JobState.WAITING, claim="", lease_until=None, rung_at=now):
            ring(job.pk, job.kind)
            rung += 1
    return rung
