import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organisation
from jobs import actions
from jobs.actions import Claim, LeaseLost
from jobs.models import Job, JobState
from jobs.running import CannotBeDone, job_task, run
from tests import builders, workers

KIND = "investments.compute_variances"


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


def held_job(org: Organisation) -> tuple[Job, Claim]:
    job = actions.request(KIND, org, 7, by=None)
    held = actions.claim(job.pk, joins_until_end=False)
    assert held is not None
    return job, held


def nothing(held: Claim) -> None:
    """Work that is done at once."""


def lose_the_lease() -> None:
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    actions.sweep()


@pytest.mark.django_db
def test_work_that_returns_is_done(org: Organisation) -> None:
    job, held = held_job(org)
    run(nothing, held)
    job.refresh_from_db()
    assert (job.state, job.progress) == (JobState.DONE, 100)


@pytest.mark.django_db
def test_work_that_cannot_be_done_fails_at_once_with_its_reason(org: Organisation) -> None:
    def work(held: Claim) -> None:
        raise CannotBeDone("Kies minder hoofdstukken.")

    job, held = held_job(org)
    run(work, held)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.reason) == (JobState.FAILED, 1, "Kies minder hoofdstukken.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit, KeyboardInterrupt])
def test_unexpected_error_is_raised_after_the_job_is_put_back(org: Organisation, error: type[BaseException]) -> None:
    def work(held: Claim) -> None:
        raise error

    with workers.own_queue() as rung:
        job, held = held_job(org)
        rung()
        with pytest.raises(error):
            run(work, held)
        assert rung() == [(KIND, job.pk)]
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 1)


@pytest.mark.django_db(transaction=True)
def test_work_that_lost_its_database_for_a_moment_is_put_back_at_once(org: Organisation) -> None:
    def work(held: Claim) -> None:
        with connection.cursor() as cursor:
            if settings.EMBEDDED:
                cursor.execute("PRAGMA busy_timeout = 0")
                with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
                    other.execute("BEGIN EXCLUSIVE")
                    held.report(50, "Pagina 12 opmaken")
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    job, held = held_job(org)
    with pytest.raises(OperationalError):
        run(work, held)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.progress) == (JobState.WAITING, 1, 0)
    connection.close()


@pytest.mark.django_db
def test_work_that_lost_its_lease_ends_without_a_trace(org: Organisation) -> None:
    def work(held: Claim) -> None:
        lose_the_lease()
        held.report(50, "Pagina 12 opmaken")

    job, held = held_job(org)
    run(work, held)
    job.refresh_from_db()
    assert (job.state, job.progress, job.step) == (JobState.WAITING, 0, "")


@pytest.mark.django_db
def test_late_reason_is_not_recorded_for_a_job_that_another_worker_holds(org: Organisation) -> None:
    def work(held: Claim) -> None:
        lose_the_lease()
        raise CannotBeDone("Kies minder hoofdstukken.")

    job, held = held_job(org)
    run(work, held)
    job.refresh_from_db()
    assert (job.state, job.reason) == (JobState.WAITING, "")


@pytest.mark.django_db(transaction=True)
def test_error_after_the_lease_was_lost_is_not_hidden(org: Organisation) -> None:
    def work(held: Claim) -> None:
        lose_the_lease()
        raise ZeroDivisionError

    _, held = held_job(org)
    with pytest.raises(ZeroDivisionError):
        run(work, held)


@pytest.mark.django_db(transaction=True)
def test_work_that_takes_longer_than_its_lease_stays_held(org: Organisation, settings: Settings) -> None:
    swept = []

    def work(held: Claim) -> None:
        for _ in range(4):
            time.sleep(0.3)
            swept.append(actions.sweep())

    settings.JOB_LEASE_SECONDS = 0.6
    job, held = held_job(org)
    run(work, held)
    job.refresh_from_db()
    assert (job.state, job.attempts, swept) == (JobState.DONE, 1, [0, 0, 0, 0])


@pytest.mark.django_db(transaction=True)
def test_signs_of_life_stop_with_the_work(org: Organisation, settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 0.3
    _, held = held_job(org)
    run(nothing, held)
    before = Job.objects.values().get()
    time.sleep(0.4)
    assert Job.objects.values().get() == before
    with pytest.raises(LeaseLost):
        held.renew()


@pytest.mark.django_db
def test_task_of_a_kind_claims_works_and_ends(org: Organisation) -> None:
    done: list[int] = []
    job_task("tests.in_process", time_limit=5)(lambda held: done.append(held.subject_id))
    task = current_app.tasks["tests.in_process"]
    job = actions.request("tests.in_process", org, 12, by=None)
    task(job.pk)
    task(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, done, task.time_limit) == (JobState.DONE, 1, [12], 5)
