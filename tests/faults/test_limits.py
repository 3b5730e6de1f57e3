"""A chapter takes more time or memory than it may: it is named, and the edition that was good stays."""

import resource
from pathlib import Path

import pytest

from accounts.members import Member
from jobs.models import Job, JobState
from publishing.models import Edition
from reports.models import Section
from tests import workers
from tests.faults import scenes

pytestmark = pytest.mark.django_db(transaction=True)

# A word that is looked through again for every line it is broken into.
ENDLESS = f"<p>{'a' * 200_000}</p>"
MANY_CELLS = f"<table><tbody>{('<tr>' + '<td><p>x</p></td>' * 20 + '</tr>') * 400}</tbody></table>"


def with_text_in_chapter_2(text: str) -> None:
    Section.objects.filter(chapter__title="Bedrijfsvoering").update(text=text)


def check_refused(director: Member, good: Edition, refused: Edition, ended: Job, reason: str) -> None:
    """The reason is on the page, beside the way to the edition that stays."""
    assert (ended.state, ended.attempts, ended.reason) == (JobState.FAILED, 1, reason)
    page = scenes.page_of(director, refused)
    assert reason in page
    assert f'href="/duoplus/edities/{good.pk}/"' in page
    scenes.check_one_pdf(good)


def test_chapter_that_takes_too_long_is_named() -> None:
    director = scenes.director_of_small_report()
    with workers.running_worker(COMPILE_SECONDS="4", COMPILE_CHAPTER_SECONDS="3") as worker:
        good = scenes.press(director)
        worker.end_of(good.job)
        with_text_in_chapter_2(ENDLESS)
        refused = scenes.press(director)
        ended = worker.end_of(refused.job)
    reason = (
        "Hoofdstuk 2 “Bedrijfsvoering” kost meer dan 3 seconden om op te maken. "
        "Verdeel het over meer hoofdstukken of kort het in."
    )
    check_refused(director, good, refused, ended, reason)


def test_chapter_that_takes_too_much_memory_is_named() -> None:
    director = scenes.director_of_small_report()
    with workers.running_worker() as worker:
        good = scenes.press(director)
        worker.end_of(good.job)
        leave_room(worker)
        with_text_in_chapter_2(MANY_CELLS)
        refused = scenes.press(director)
        ended = worker.end_of(refused.job)
    reason = (
        "Hoofdstuk 2 “Bedrijfsvoering” kan niet worden opgemaakt; meestal vraagt het te veel geheugen. "
        "Verdeel het over meer hoofdstukken of kort het in."
    )
    check_refused(director, good, refused, ended, reason)


def leave_room(worker: workers.Worker, room: int = 160 * 2**20) -> None:
    """Narrow the limit of the processes that have one to what they use and so many bytes more."""
    for process in workers.children_of(worker.process.pid):
        if resource.prlimit(process, resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY:
            pages = int(Path(f"/proc/{process}/statm").read_text().split()[0])
            limit = pages * resource.getpagesize() + room
            resource.prlimit(process, resource.RLIMIT_AS, (limit, limit))
