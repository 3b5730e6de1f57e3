import pytest
from django.db import IntegrityError
from pytest_django import Settings

from jobs.models import Job, JobState, lease
from tests import builders

pytestmark = pytest.mark.django_db


def job(**fields: object) -> Job:
    return Job(organisation=builders.organisation(), kind="publishing.compile_edition", subject_id=7, **fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "asleep"}, "job_state_known"),
        ({"attempts": 4}, "job_attempts_capped"),
        ({"progress": 101}, "job_progress_percent"),
    ],
)
def test_row_that_makes_no_sense_is_refused(fields: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        job(**fields).save()


def test_key_is_held_by_one_job_and_many_have_none() -> None:
    first = job(unique_key="variances of table 7")
    first.save()
    again = Job(organisation=first.organisation, kind=first.kind, subject_id=7)
    again.save()
    Job(organisation=first.organisation, kind=first.kind, subject_id=7).save()
    again.unique_key = first.unique_key
    with pytest.raises(IntegrityError):
        again.save()


def test_active_until_it_ended() -> None:
    assert [state for state in JobState if Job(state=state).is_active] == [
        JobState.WAITING,
        JobState.RUNNING,
        JobState.PARKED,
    ]


def test_job_says_what_it_is() -> None:
    assert str(job(state=JobState.FAILED)) == "publishing.compile_edition 7 (mislukt)"


def test_lease_follows_the_setting(settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 45
    assert lease().total_seconds() == 45
