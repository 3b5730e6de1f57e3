"""The broker stops, hangs or forgets everything, while the director presses the button or a report is made."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.members import Member
from jobs.models import Job, JobState
from publishing.models import Edition
from tests import workers
from tests.faults import own, scenes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]

# Seconds in which a click is answered, however the broker is.
ANSWERED_WITHIN = 4
# Seconds that it waits for an answer, and one more.
UNTIL_THE_WORKER_GIVES_UP = 3
KIND = "files" if settings.EMBEDDED else "redis"


@pytest.fixture
def redis() -> Iterator[own.RedisBroker]:
    with own.redis_broker() as broker:
        yield broker


@pytest.fixture(params=[KIND])
def broker(request: pytest.FixtureRequest) -> Iterator[own.RedisBroker | own.FileBroker]:
    """That of the column; its kind is in the names of the tests."""
    with own.file_broker() if request.param == "files" else own.redis_broker() as started:
        yield started


def clicked(port: int, director: Member, cookies: str) -> Edition:
    """Press the button: it is answered in time, and the job is kept."""
    started = time.monotonic()
    status, _ = scenes.click(port, director, cookies)
    took = time.monotonic() - started
    edition = Edition.objects.latest("number")
    assert edition.job is not None
    assert (status, edition.job.is_active) == (302, True)
    assert took < ANSWERED_WITHIN, f"answered after {took:.1f} s"
    return edition


@pytest.mark.redis
def test_press_while_redis_is_frozen(redis: own.RedisBroker) -> None:
    director = scenes.director_of_small_report()
    cookies = scenes.session_of(director.user)
    with workers.running_worker(**redis.environment) as worker, scenes.serving(**redis.environment) as port:
        redis.freeze()
        first = clicked(port, director, cookies)
        scenes.change()
        second = clicked(port, director, cookies)
        redis.thaw()
        worker.end_of(first.job)
        worker.end_of(second.job)
    scenes.check_one_pdf(first, second)


@pytest.mark.redis
def test_redis_that_is_frozen_when_the_report_is_finished(redis: own.RedisBroker) -> None:
    """The worker cannot tell that it is done with the message; it goes on with the next all the same."""
    director = scenes.director_of_one_chapter()
    cookies = scenes.session_of(director.user)
    with (
        workers.running_worker(**redis.environment) as worker,
        scenes.serving(**redis.environment) as port,
        scenes.held_render(),
    ):
        first = clicked(port, director, cookies)
        scenes.process_in_mid_render()
        redis.freeze()
        scenes.go_on()
        worker.end_of(first.job)
        time.sleep(UNTIL_THE_WORKER_GIVES_UP)
        redis.thaw()
        scenes.change()
        second = clicked(port, director, cookies)
        worker.end_of(second.job)
    scenes.check_one_pdf(first, second, attempts=1)


def test_press_while_the_broker_is_away(broker: own.RedisBroker | own.FileBroker) -> None:
    director = scenes.director_of_small_report()
    cookies = scenes.session_of(director.user)
    with workers.running_worker(**broker.environment) as worker, scenes.serving(**broker.environment) as port:
        broker.go_away()
        edition = clicked(port, director, cookies)
        broker.come_back_empty()
        worker.end_of(edition.job)
    scenes.check_one_pdf(edition)


def test_broker_that_comes_back_empty_in_mid_render(broker: own.RedisBroker | own.FileBroker) -> None:
    """The report is finished by who makes it, and the next one is heard of by the doorbell, not by the sweeper."""
    director = scenes.director_of_one_chapter()
    cookies = scenes.session_of(director.user)
    rarely = {**broker.environment, "JOB_SWEEP_SECONDS": "20"}
    with (
        workers.running_worker(**rarely) as worker,
        scenes.serving(**broker.environment) as port,
        scenes.held_render(),
    ):
        first = clicked(port, director, cookies)
        scenes.process_in_mid_render()
        broker.go_away()
        broker.come_back_empty()
        scenes.go_on()
        worker.end_of(first.job)
        scenes.change()
        second = clicked(port, director, cookies)
        worker.end_of(second.job)
    scenes.check_one_pdf(first, second, attempts=1)
    assert second.job is not None
    assert second.job.rung_at - second.job.created_at < timedelta(seconds=1)
    assert not Job.objects.exclude(state=JobState.DONE).exists()
