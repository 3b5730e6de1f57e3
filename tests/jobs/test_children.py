"""Work that falls apart: the job above waits for its children, and goes on once, whatever dies."""

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation
from jobs import actions, queries
from jobs.actions import Claim, LeaseLost
from jobs.models import MOST_ATTEMPTS, Job, JobState
from jobs.running import Parked, run
from tests import builders, workers
from tests.jobs.test_actions import in_threads

KIND, CHILD = "publishing.compile_edition", "publishing.render_part"


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


def claimed(job: Job) -> Claim:
    held = actions.claim(job.pk, joins_until_end=True)
    assert held is not None
    return held


def parked(org: Organisation, *subjects: int) -> tuple[Job, list[Job]]:
    """A job that waits for a child for each subject."""
    job = actions.request(KIND, org, 7, by=builders.person("Saskia Roelofsen", org))
    children = actions.park(claimed(job), CHILD, subjects)
    return job, [children[subject] for subject in subjects]


def state(job: Job) -> str:
    job.refresh_from_db()
    return job.state


@pytest.mark.django_db(transaction=True)
def test_children_are_rung_and_the_last_to_end_rings_the_job_above(org: Organisation) -> None:
    with workers.own_queue() as rung:
        job, (first, second) = parked(org, 1, 2)
        assert sorted(rung()) == [(KIND, job.pk), (CHILD, first.pk), (CHILD, second.pk)]
        actions.finish(claimed(second))
        assert (state(job), job.progress, job.step) == (JobState.PARKED, 45, "Nog 1 te maken")
        actions.finish(claimed(first))
        assert (state(job), job.attempts, rung()) == (JobState.WAITING, 0, [(KIND, job.pk)])
    assert (first.parent, first.organisation, first.requested_by) == (job, org, job.requested_by)


@pytest.mark.django_db(transaction=True)
def test_children_that_end_at_once_ring_once(org: Organisation) -> None:
    with workers.own_queue() as rung:
        job, children = parked(org, 1, 2)
        claims = [claimed(child) for child in children]
        rung()
        for done in in_threads(*(lambda held=held: actions.finish(held) for held in claims)):
            done.result()
        assert rung() == [(KIND, job.pk)]
    assert state(job) == JobState.WAITING


@pytest.mark.django_db(transaction=True)
def test_child_that_fails_lets_the_job_above_go_on_and_spares_the_rest(org: Organisation) -> None:
    with workers.own_queue() as rung:
        job, (failing, running, waiting) = parked(org, 1, 2, 3)
        held = claimed(running)
        rung()
        actions.fail(claimed(failing), "Te groot.")
        assert [state(child) for child in (running, waiting)] == [JobState.RUNNING, JobState.CANCELLED]
        assert (state(job), rung()) == (JobState.WAITING, [(KIND, job.pk)])
        actions.finish(held)
        assert rung() == []


@pytest.mark.django_db
def test_attempts_before_parking_count_as_far_as_they_went_wrong(org: Organisation) -> None:
    job = actions.request(KIND, org, 7, by=None)
    Job.objects.update(attempts=1)
    actions.park(claimed(job), CHILD, [1])
    assert (state(job), job.attempts, job.claim, job.lease_until) == (JobState.PARKED, 1, "", None)


@pytest.mark.django_db
def test_work_that_parks_records_no_end(org: Organisation) -> None:
    job = actions.request(KIND, org, 7, by=None)

    def fall_apart(held: Claim) -> None:
        actions.park(held, CHILD, [1])
        raise Parked

    run(fall_apart, claimed(job))
    assert state(job) == JobState.PARKED


@pytest.mark.django_db
def test_whoever_lost_the_job_parks_nothing(org: Organisation) -> None:
    job = actions.request(KIND, org, 7, by=None)
    held = claimed(job)
    Job.objects.update(claim="of another")
    with pytest.raises(LeaseLost), transaction.atomic():
        actions.park(held, CHILD, [1])
    assert Job.objects.count() == 1


# --- the sweeper ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_worker_that_died_before_it_could_ring_is_found_by_the_sweeper(org: Organisation) -> None:
    with workers.own_queue() as rung:
        job, (child,) = parked(org, 1)
        waiting, _ = parked(org, 2)
        rung()
        Job.objects.filter(pk=child.pk).update(state=JobState.DONE)
        assert list(queries.lost(timezone.now())) == [job]
        actions.sweep()
        assert (state(job), state(waiting), rung()) == (JobState.WAITING, JobState.PARKED, [(KIND, job.pk)])


@pytest.mark.django_db(transaction=True)
def test_child_without_attempts_left_fails_and_the_job_above_goes_on(org: Organisation) -> None:
    with workers.own_queue() as rung:
        job, (child,) = parked(org, 1)
        claimed(child)
        Job.objects.filter(pk=child.pk).update(attempts=MOST_ATTEMPTS, lease_until=timezone.now())
        rung()
        actions.sweep()
        assert (state(child), state(job), rung()) == (JobState.FAILED, JobState.WAITING, [(KIND, job.pk)])


# --- cancelling -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_cancelling_ends_a_job_and_its_children_whoever_holds_them(org: Organisation) -> None:
    job, (running, waiting, done) = parked(org, 1, 2, 3)
    actions.finish(claimed(done))
    held = claimed(running)
    assert actions.cancel(job.pk, "Afgebroken.")
    assert [state(one) for one in (job, running, waiting, done)] == [*[JobState.CANCELLED] * 3, JobState.DONE]
    assert (job.reason, job.finished_at is not None, job.is_active) == ("Afgebroken.", True, False)
    with pytest.raises(LeaseLost):
        held.report(50, "Pagina 5 opmaken")
    with pytest.raises(LeaseLost):
        actions.finish(held)
    assert state(job) == JobState.CANCELLED


@pytest.mark.django_db
def test_what_has_ended_cannot_be_cancelled(org: Organisation) -> None:
    job = actions.request(KIND, org, 7, by=None)
    actions.finish(claimed(job))
    assert not actions.cancel(job.pk, "Afgebroken.")
    assert state(job) == JobState.DONE
