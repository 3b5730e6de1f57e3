"""Fifty presses at once on a real web server are one render."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.models import LogEntry
from jobs.models import Job
from publishing.actions import COMPILE
from publishing.models import Edition
from tests import workers
from tests.faults import scenes

pytestmark = pytest.mark.django_db(transaction=True)

PRESSES = 50


def test_fifty_presses_at_once_are_one_render() -> None:
    director = scenes.director_of_small_report()
    cookies = scenes.session_of(director.user)
    with (
        # Nothing breaks here: a worker that has to wait for fifty others is not to be missed.
        workers.running_worker(JOB_LEASE_SECONDS="60") as worker,
        scenes.serving() as port,
        ThreadPoolExecutor(PRESSES) as fingers,
    ):
        answers = set(fingers.map(lambda _: scenes.click(port, director, cookies), range(PRESSES)))
        edition = Edition.objects.get()
        assert answers == {(302, f"/duoplus/edities/{edition.pk}/")}
        worker.end_of(edition.job)
    assert (Job.objects.filter(kind=COMPILE).count(), LogEntry.objects.filter(action="publishing.compile").count()) == (
        1,
        1,
    )
    scenes.check_one_pdf(edition, attempts=1)
