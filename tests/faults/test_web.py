"""The web process dies after the report was frozen, before anybody was told."""

import http.client

import pytest

from jobs.models import JobState
from publishing.models import Edition
from tests import workers
from tests.faults import scenes

pytestmark = pytest.mark.django_db(transaction=True)


def test_web_process_killed_between_commit_and_doorbell() -> None:
    director = scenes.director_of_small_report()
    cookies = scenes.session_of(director.user)
    with workers.own_queue() as rung, scenes.serving("tests.faults.dying_web:application") as port:
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            scenes.click(port, director, cookies)
        assert rung() == []
    edition = Edition.objects.get()
    assert edition.job is not None
    assert (edition.job.state, edition.job.attempts) == (JobState.WAITING, 0)
    with workers.running_worker() as worker:
        worker.end_of(edition.job)
    scenes.check_one_pdf(edition, attempts=1)
