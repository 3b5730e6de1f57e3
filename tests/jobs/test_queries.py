from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organisation
from jobs import queries
from jobs.models import Job, JobState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


def job(org: Organisation, subject_id: int = 7, **fields: object) -> Job:
    return Job.objects.create(organisation=org, kind="publishing.compile_edition", subject_id=subject_id, **fields)


def test_jobs_are_of_one_organisation(org: Organisation) -> None:
    own = job(org)
    job(builders.organisation("Waterrand", "waterrand"))
    assert list(queries.jobs(org)) == [own]


def test_waiting_since_is_of_the_oldest_that_waits_whoever_asked(org: Organisation) -> None:
    now = timezone.now()
    job(org, created_at=now - timedelta(hours=3), state=JobState.RUNNING)
    job(org, created_at=now - timedelta(hours=2), state=JobState.FAILED)
    assert queries.waiting_since() is None
    job(org, created_at=now)
    job(builders.organisation("Waterrand", "waterrand"), created_at=now - timedelta(hours=1))
    assert queries.waiting_since() == now - timedelta(hours=1)


def test_latest_is_the_newest_of_kind_and_subject(org: Organisation) -> None:
    other = builders.organisation("Waterrand", "waterrand")
    job(org)
    newest = job(org)
    job(org, subject_id=8)
    job(other)
    assert queries.latest(org, "publishing.compile_edition", 7) == newest
    assert queries.latest(org, "investments.compute_variances", 7) is None
    assert queries.latest(other, "publishing.compile_edition", 8) is None


def test_lost_jobs_are_those_that_nobody_works_on_longest_first(org: Organisation, settings: Settings) -> None:
    settings.JOB_SWEEP_SECONDS = 30
    now = timezone.now()
    earlier, later = now - timedelta(seconds=31), now + timedelta(seconds=1)
    unheard = job(org, rung_at=earlier)
    long_ago = now - timedelta(minutes=5)
    abandoned = job(org, state=JobState.RUNNING, lease_until=now - timedelta(seconds=1), rung_at=long_ago)
    job(org, rung_at=now - timedelta(seconds=29))
    job(org, state=JobState.RUNNING, lease_until=later, rung_at=earlier)
    job(org, state=JobState.DONE, lease_until=earlier, rung_at=earlier)
    job(org, state=JobState.FAILED, lease_until=earlier, rung_at=earlier)
    assert list(queries.lost(now)) == [abandoned, unheard]
