import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organisation
from jobs import actions
from jobs.actions import Claim, LeaseLost
from jobs.models import Job, JobState
from tests import builders, workers

KIND = "investments.compute_variances"
KEY = "variances of table 7"
GAVE_UP = "De taak is na drie pogingen gestopt. Probeer het opnieuw, of laat de beheerder het logboek bekijken."


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


def ask(org: Organisation, key: str | None = None, subject_id: int = 7) -> Job:
    return actions.request(KIND, org, subject_id, by=None, unique_key=key)


def claimed(job: Job, *, joins_until_end: bool = False) -> Claim:
    held = actions.claim(job.pk, joins_until_end=joins_until_end)
    assert held is not None
    return held


def stored(job: Job) -> tuple[str, int, str | None]:
    """State, attempts and key as they stand in the database."""
    job.refresh_from_db()
    return job.state, job.attempts, job.unique_key


def in_threads(*calls: Callable[[], object]) -> list[Future[object]]:
    """Each call in a thread with a connection of its own, all let go at the same moment."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            start.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [pool.submit(run, call) for call in calls]


# --- asking -----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_request_is_a_waiting_row_and_one_ring(org: Organisation) -> None:
    person = builders.person("Saskia Roelofsen", org)
    with workers.own_queue() as rung:
        job = actions.request(KIND, org, 7, by=person)
        assert rung() == [(KIND, job.pk)]
    assert stored(job) == (JobState.WAITING, 0, None)
    assert (job.organisation, job.requested_by, job.kind, job.subject_id) == (org, person, KIND, 7)


@pytest.mark.django_db(transaction=True)
def test_ring_comes_after_the_commit(org: Organisation) -> None:
    with workers.own_queue() as rung:
        with transaction.atomic():
            job = ask(org)
            assert rung() == []
        assert rung() == [(KIND, job.pk)]


@pytest.mark.django_db(transaction=True)
def test_transaction_that_is_rolled_back_leaves_no_job_and_no_ring(org: Organisation) -> None:
    def change_that_fails() -> None:
        with transaction.atomic():
            ask(org)
            raise RuntimeError

    with workers.own_queue() as rung:
        with pytest.raises(RuntimeError):
            change_that_fails()
        assert rung() == []
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_equal_request_joins_the_waiting_job_without_a_second_ring(org: Organisation) -> None:
    with workers.own_queue() as rung:
        job = ask(org, KEY)
        assert ask(org, KEY) == job
        assert ask(org, "variances of table 8") != job
        assert len(rung()) == 2


@pytest.mark.django_db
def test_requests_without_key_never_join(org: Organisation) -> None:
    assert len({ask(org).pk, ask(org).pk, ask(org).pk}) == 3


@pytest.mark.django_db
def test_key_is_released_at_the_claim(org: Organisation) -> None:
    job = ask(org, KEY)
    claimed(job)
    assert stored(job) == (JobState.RUNNING, 1, None)
    assert ask(org, KEY) != job


@pytest.mark.django_db
@pytest.mark.parametrize("end", [actions.finish, lambda held: actions.fail(held, "Te groot.")])
def test_key_that_joins_until_the_end_is_released_there(org: Organisation, end: Callable[[Claim], None]) -> None:
    job = ask(org, KEY)
    held = claimed(job, joins_until_end=True)
    assert ask(org, KEY) == job
    end(held)
    assert ask(org, KEY) != job


@pytest.mark.django_db(transaction=True)
def test_equal_requests_at_the_same_moment_are_one_job(org: Organisation) -> None:
    with workers.own_queue() as rung:
        asked = in_threads(*[lambda: ask(org, KEY).pk] * 4)
        assert len({future.result() for future in asked}) == 1
        assert len(rung()) == 1


@pytest.mark.django_db(transaction=True)
def test_joined_job_is_not_claimed_before_the_joiner_commits(org: Organisation) -> None:
    job = ask(org, KEY)
    claims: list[tuple[Claim | None, str]] = []

    def claim() -> None:
        held = actions.claim(job.pk, joins_until_end=False)
        claims.append((held, Organisation.objects.values_list("name", flat=True).get(pk=org.pk)))
        connections.close_all()

    worker = threading.Thread(target=claim)
    with transaction.atomic():
        assert ask(org, KEY) == job
        worker.start()
        worker.join(0.7)
        assert (worker.is_alive(), claims) == (True, [])
        Organisation.objects.filter(pk=org.pk).update(name="Na de wijziging")
    worker.join(10)
    [(held, seen)] = claims
    assert held is not None
    assert seen == "Na de wijziging"


@pytest.mark.django_db(transaction=True)
def test_request_that_comes_with_the_claim_loses_no_change(org: Organisation) -> None:
    """Whoever is first: either the worker starts after the change, or the change has a job of its own."""
    for _ in range(10):
        Job.objects.all().delete()
        job = ask(org, KEY)
        claim, again = in_threads(partial(actions.claim, job.pk, joins_until_end=False), partial(ask, org, KEY))
        assert claim.result() is not None
        joined = again.result() == job
        assert Job.objects.filter(state=JobState.WAITING).count() == (0 if joined else 1)


# --- the broker -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_request_without_broker_is_kept_and_takes_no_time(org: Organisation, tmp_path: Path) -> None:
    with workers.broken_broker(tmp_path):
        started = time.monotonic()
        job = ask(org)
        assert time.monotonic() - started < 4
    assert stored(job) == (JobState.WAITING, 0, None)


@pytest.mark.django_db(transaction=True)
def test_broker_that_did_not_answer_is_waited_for_once(org: Organisation, tmp_path: Path) -> None:
    with workers.own_queue() as rung:
        with workers.broken_broker(tmp_path):
            ask(org)
            silent_until = actions.broker.silent_until
        assert 0 < silent_until - time.monotonic() <= actions.SILENCE
        actions.broker.silent_until = silent_until
        later = ask(org)
        assert rung() == []
        actions.broker.silent_until = time.monotonic()
        actions.ring(later.pk, later.kind)
        assert rung() == [(KIND, later.pk)]


@pytest.mark.django_db(transaction=True)
def test_third_attempt_that_goes_wrong_says_where(org: Organisation) -> None:
    job = ask(org)
    for _ in range(3):
        held = claimed(job)
        held.report(40, "Pagina 12 opmaken")
        actions.put_back(held)
    job.refresh_from_db()
    assert job.reason == (
        "De taak is na drie pogingen gestopt bij “Pagina 12 opmaken”. "
        "Probeer het opnieuw, of laat de beheerder het logboek bekijken."
    )


# --- claiming ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_claim_is_exclusive(org: Organisation) -> None:
    for _ in range(5):
        job = ask(org)
        claims = in_threads(*[partial(actions.claim, job.pk, joins_until_end=False)] * 2)
        held = [future.result() for future in claims if future.result() is not None]
        assert len(held) == 1
        assert stored(job) == (JobState.RUNNING, 1, None)


@pytest.mark.django_db
def test_claim_holds_subject_and_lease(org: Organisation, settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 60
    job = ask(org, subject_id=12)
    before = timezone.now()
    held = claimed(job)
    job.refresh_from_db()
    assert (held.job_id, held.subject_id, held.token) == (job.pk, 12, job.claim)
    assert job.lease_until is not None
    assert timedelta(seconds=60) <= job.lease_until - before < timedelta(seconds=65)


@pytest.mark.django_db
@pytest.mark.parametrize("end", [actions.finish, lambda held: actions.fail(held, "Te groot.")])
def test_ended_job_is_not_claimed(org: Organisation, end: Callable[[Claim], None]) -> None:
    job = ask(org)
    end(claimed(job))
    assert actions.claim(job.pk, joins_until_end=False) is None


# --- progress and ends ------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_report_stores_progress_and_renews_the_lease(org: Organisation) -> None:
    job = ask(org)
    held = claimed(job)
    Job.objects.update(lease_until=timezone.now())
    held.report(40, "Pagina 12 opmaken")
    job.refresh_from_db()
    assert (job.progress, job.step) == (40, "Pagina 12 opmaken")
    assert job.lease_until is not None
    assert job.lease_until > timezone.now() + timedelta(seconds=30)


@pytest.mark.django_db
def test_finished_job_is_whole(org: Organisation) -> None:
    job = ask(org)
    held = claimed(job)
    held.report(40, "Pagina 12 opmaken")
    actions.finish(held)
    job.refresh_from_db()
    assert (job.state, job.progress, job.step) == (JobState.DONE, 100, "")
    assert job.finished_at is not None


@pytest.mark.django_db
def test_failed_job_tells_why_in_at_most_500_characters(org: Organisation) -> None:
    job = ask(org)
    actions.fail(claimed(job), "x" * 600)
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.FAILED, "x" * 500)
    assert job.finished_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        lambda held: held.report(50, "Pagina 12 opmaken"),
        lambda held: held.renew(),
        actions.finish,
        lambda held: actions.fail(held, "Te groot."),
        actions.put_back,
    ],
)
def test_whoever_lost_the_lease_changes_nothing(org: Organisation, act: Callable[[Claim], None]) -> None:
    job = ask(org)
    loser = claimed(job)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    actions.sweep()
    winner = claimed(job)
    before = Job.objects.values().get()
    with pytest.raises(LeaseLost):
        act(loser)
    assert Job.objects.values().get() == before
    actions.finish(winner)


@pytest.mark.django_db(transaction=True)
def test_attempt_that_went_wrong_is_put_back_and_rung(org: Organisation) -> None:
    with workers.own_queue() as rung:
        job = ask(org)
        rung()
        actions.put_back(claimed(job))
        assert rung() == [(KIND, job.pk)]
    assert stored(job) == (JobState.WAITING, 1, None)
    assert (job.claim, job.lease_until) == ("", None)


@pytest.mark.django_db(transaction=True)
def test_third_attempt_that_goes_wrong_fails_with_a_reason(org: Organisation) -> None:
    with workers.own_queue() as rung:
        job = ask(org, KEY)
        for _ in range(3):
            actions.put_back(claimed(job, joins_until_end=True))
        assert len(rung()) == 3
    assert stored(job) == (JobState.FAILED, 3, None)
    assert job.reason == GAVE_UP
    assert job.finished_at is not None


# --- sweeping ---------------------------------------------------------------------------------------------------------
def past(seconds: float) -> dict[str, object]:
    return {"rung_at": timezone.now() - timedelta(seconds=seconds)}


@pytest.mark.django_db(transaction=True)
def test_waiting_job_that_nobody_heard_is_rung_again(org: Organisation, settings: Settings) -> None:
    settings.JOB_SWEEP_SECONDS = 30
    with workers.own_queue() as rung:
        lost, fresh = ask(org), ask(org)
        rung()
        Job.objects.filter(pk=lost.pk).update(**past(31))
        assert actions.sweep() == 1
        assert rung() == [(KIND, lost.pk)]
        assert actions.sweep() == 0
    assert stored(lost) == stored(fresh) == (JobState.WAITING, 0, None)


@pytest.mark.django_db(transaction=True)
def test_job_of_a_worker_that_is_gone_waits_again(org: Organisation) -> None:
    with workers.own_queue() as rung:
        job = ask(org)
        claimed(job)
        assert actions.sweep() == 0
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        rung()
        assert actions.sweep() == 1
        assert rung() == [(KIND, job.pk)]
    assert stored(job) == (JobState.WAITING, 1, None)


@pytest.mark.django_db(transaction=True)
def test_job_that_lost_its_worker_three_times_fails_with_a_reason(org: Organisation) -> None:
    job = ask(org, KEY)
    for _ in range(3):
        claimed(job, joins_until_end=True)
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        actions.sweep()
    assert stored(job) == (JobState.FAILED, 3, None)
    assert job.reason == GAVE_UP
    assert actions.claim(job.pk, joins_until_end=True) is None


@pytest.mark.django_db(transaction=True)
def test_sweep_without_broker_keeps_the_job_waiting(org: Organisation, tmp_path: Path) -> None:
    job = ask(org)
    Job.objects.update(**past(60))
    with workers.broken_broker(tmp_path):
        actions.sweep()
    assert stored(job) == (JobState.WAITING, 0, None)


@pytest.mark.django_db(transaction=True)
def test_sweep_rings_for_some_at_a_time_and_comes_round(org: Organisation) -> None:
    waiting = [ask(org).pk for _ in range(actions.MOST_SWEPT + 2)]
    Job.objects.update(**past(60))
    with workers.own_queue() as rung:
        assert actions.sweep() == actions.MOST_SWEPT
        assert actions.sweep() == 2
        assert sorted(number for _, number in rung()) == waiting


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_ring_once(org: Organisation) -> None:
    job = ask(org)
    Job.objects.update(**past(60))
    assert sum(int(str(future.result())) for future in in_threads(actions.sweep, actions.sweep)) == 1
    assert stored(job) == (JobState.WAITING, 0, None)
