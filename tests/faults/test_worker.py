"""A process of the worker dies or is asked to stop in the middle of a report, or breaks on it every time."""

import os
import signal
import tempfile
from pathlib import Path

import pytest

from jobs.isolation import SCRATCH
from jobs.models import JobState
from publishing.models import Edition
from tests import workers
from tests.faults import scenes

pytestmark = pytest.mark.django_db(transaction=True)


def test_pool_process_killed_in_mid_render() -> None:
    director = scenes.director_of_small_report()
    with workers.running_worker() as worker, scenes.held_render():
        edition = scenes.press(director)
        pool_process = scenes.process_in_mid_render()
        os.kill(pool_process, signal.SIGKILL)
        worker.end_of(edition.job)
    scenes.check_one_pdf(edition, attempts=2)
    assert list(Path(tempfile.gettempdir()).glob(f"{SCRATCH}{pool_process}-*")) == []


def test_render_killed_in_its_middle() -> None:
    director = scenes.director_of_small_report()
    with workers.running_worker() as worker, scenes.held_render():
        edition = scenes.press(director)
        [render] = workers.children_of(scenes.process_in_mid_render())
        os.kill(render, signal.SIGKILL)
        worker.end_of(edition.job)
    scenes.check_one_pdf(edition, attempts=2)


def test_whole_worker_killed_in_mid_render() -> None:
    director = scenes.director_of_small_report()
    with workers.running_worker() as worker, scenes.held_render():
        edition = scenes.press(director)
        scenes.process_in_mid_render()
        os.killpg(worker.process.pid, signal.SIGKILL)
    with workers.running_worker() as worker:
        worker.end_of(edition.job)
    scenes.check_one_pdf(edition, attempts=2)


def test_worker_asked_to_stop_in_mid_render_finishes_first() -> None:
    director = scenes.director_of_small_report()
    with workers.running_worker() as worker, scenes.held_render():
        edition = scenes.press(director)
        scenes.process_in_mid_render()
        worker.process.terminate()
        scenes.go_on()
        assert worker.process.wait(workers.PATIENCE) == 0
    assert edition.parts.get(number="2").is_ready
    with workers.running_worker() as worker:
        worker.end_of(edition.job)
    scenes.check_one_pdf(edition, attempts=1)


def test_edition_that_breaks_every_attempt_fails_and_keeps_nobody_else_from_theirs() -> None:
    director = scenes.director_of_small_report()
    with workers.broken_broker(scenes.nowhere()):
        poison = scenes.press(director)
    Edition.objects.filter(pk=poison.pk).update(content={"chapters": []})
    with workers.running_worker() as worker:
        scenes.change()
        edition = scenes.press(director)
        ended = worker.end_of(poison.job)
        worker.end_of(edition.job)
    assert (ended.state, ended.attempts, ended.finished_at is not None) == (JobState.FAILED, 3, True)
    assert ended.reason == (
        "De taak is na drie pogingen gestopt. Probeer het opnieuw, of laat de beheerder het logboek bekijken."
    )
    scenes.check_one_pdf(edition, attempts=1)
    page = scenes.page_of(director, poison)
    assert ended.reason in page
    assert f'href="/duoplus/edities/{edition.pk}/"' in page
