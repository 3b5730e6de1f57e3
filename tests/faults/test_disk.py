"""The disk is full when the PDF is written."""

import pytest

from jobs.models import JobState
from tests import workers
from tests.faults import scenes
from tests.faults.flags import flag

pytestmark = pytest.mark.django_db(transaction=True)


def test_full_disk_leaves_no_half_file_and_once_there_is_room_the_button_works() -> None:
    director = scenes.director_of_small_report()
    with workers.running_worker() as worker:
        flag("full").touch()
        refused = scenes.press(director)
        ended = worker.end_of(refused.job)
        assert (ended.state, ended.attempts, ended.reason) == (
            JobState.FAILED,
            1,
            "De schijf is vol. Vraag de beheerder om ruimte te maken, en maak de PDF daarna opnieuw.",
        )
        assert scenes.files() == []
        flag("full").unlink()
        edition = scenes.press(director)
        worker.end_of(edition.job)
    assert (refused.number, edition.number) == (1, 2)
    scenes.check_one_pdf(edition, attempts=1)
