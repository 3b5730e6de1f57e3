"""The database goes away while a report is made: PostgreSQL is restarted, SQLite's file is locked by somebody else."""

import time

import pytest

from tests import workers
from tests.faults import own, scenes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]

SECONDS_FOR_A_LOCK = 1
OUTAGE = 3
"""Seconds: longer than the worker waits for a lock, and than its lease."""


def test_database_away_in_mid_render() -> None:
    with own.database() as database:
        director = scenes.director_of_small_report()
        cookies = scenes.session_of(director.user)
        with (
            workers.running_worker(SECONDS_FOR_A_LOCK=str(SECONDS_FOR_A_LOCK)) as worker,
            scenes.serving() as port,
            scenes.held_render(),
        ):
            first = scenes.edition_at(*scenes.click(port, director, cookies))
            scenes.process_in_mid_render()
            database.go_away()
            scenes.go_on()
            time.sleep(OUTAGE)
            database.come_back()
            worker.end_of(first.job)
            scenes.change()
            second = scenes.edition_at(*scenes.click(port, director, cookies))
            worker.end_of(second.job)
        scenes.check_one_pdf(first, second)
        assert scenes.attempts_at(first) == 2
