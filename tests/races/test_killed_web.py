"""SIGKILL for processes of the web server while they save: whatever was answered with success is there."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.db import connections

from accounts.models import LogEntry, Result
from investments.models import Change, Line
from investments.queries import table_figures
from jobs.models import Job, JobState
from reports.models import Section, SectionVersion
from tests import builders
from tests.investments.computing import compute
from tests.races.web import Answer, Browser, Server, serving
from tests.reports import office as offices
from tests.reports.office import Office

pytestmark = pytest.mark.django_db(transaction=True)
logger = logging.getLogger(__name__)
KILLS = 200
LONGEST_WAIT = 0.02
WITHIN = 300.0


class Flight:
    """Requests on their way, how many were answered, and how many were cut off."""

    def __init__(self) -> None:
        self.change = threading.Condition()
        self.flying = self.answered = self.cut = 0

    def send(self, post: Callable[[], Answer | None]) -> Answer | None:
        with self.change:
            self.flying += 1
            self.change.notify_all()
        answer = post()
        with self.change:
            self.flying -= 1
            self.cut += answer is None
            self.answered += answer is not None
            self.change.notify_all()
        return answer

    def wait(self) -> None:
        """Return once another request has been answered, at any moment at which one is on its way."""
        with self.change:
            before = self.answered
            assert self.change.wait_for(lambda: self.answered > before, timeout=WITHIN)
        time.sleep(secrets.SystemRandom().uniform(0, LONGEST_WAIT))
        with self.change:
            assert self.change.wait_for(lambda: self.flying > 0, timeout=WITHIN)


@dataclass
class Writer:
    """Saves again and again on top of what stands there, and remembers what was answered with success."""

    attempt: Callable[[int], Answer | None]
    answered: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)

    def write(self, ended: threading.Event) -> None:
        number = 0
        try:
            while not ended.is_set():
                number += 1
                answer = self.attempt(number)
                if answer is not None and answer.status == 200:
                    self.answered.append(number)
                elif answer is not None:
                    self.others.append(answer.status)
        finally:
            connections.close_all()


def writing(office: Office, browser: Browser, flight: Flight, section: Section) -> Writer:
    path = office.url("section-autosave", section)

    def attempt(number: int) -> Answer | None:
        version = Section.objects.values_list("version", flat=True).get(pk=section.pk)
        return flight.send(lambda: browser.post(path, {"version": version, "text": f"<p>{number}</p>"}))

    return Writer(attempt)


def typing(browser: Browser, flight: Flight, line: Line) -> Writer:
    path = f"/duoplus/tabellen/regels/{line.pk}/opslaan/"

    def attempt(number: int) -> Answer | None:
        version = Line.objects.values_list("version", flat=True).get(pk=line.pk)
        fields = {"original": "0", "actual": number, "version": version, "line": line.pk}
        return flight.send(lambda: browser.post(path, fields))

    return Writer(attempt)


def kill_often(server: Server, flight: Flight) -> int:
    """Kill until KILLS of the killed processes were answering; how many were killed."""
    hits = killed = 0
    until = time.monotonic() + WITHIN
    while hits < KILLS:
        assert time.monotonic() < until, f"only {hits} of {killed} kills hit a request"
        flight.wait()
        before = flight.cut
        server.kill(secrets.choice(server.answering()))
        killed += 1
        hits += flight.cut > before
    return killed


def test_every_save_that_was_answered_is_there(office: Office) -> None:
    table = builders.table(office.organisation)
    sections = [office.section, office.add("Treasury")]
    lines = [builders.line(table, "Servers"), builders.line(table, "Laptops")]
    flight, ended = Flight(), threading.Event()
    with serving() as server:
        lead, controller = Browser(server, office.lead), Browser(server, office.controller)
        texts = {section: writing(office, lead, flight, section) for section in sections}
        amounts = {line: typing(controller, flight, line) for line in lines}
        with ThreadPoolExecutor(4) as pool:
            ends = [pool.submit(writer.write, ended) for writer in (*texts.values(), *amounts.values())]
            try:
                killed = kill_often(server, flight)
            finally:
                ended.set()
        for end in ends:
            end.result()
    writers = [*texts.values(), *amounts.values()]
    saves = sum(len(writer.answered) for writer in writers)
    logger.info("%s saves answered, %s kills, %s requests cut off", saves, killed, flight.cut)
    # A save that was cut off may have been stored: then the next one is told so.
    assert {status for writer in writers for status in writer.others} <= {409}
    for section, writer in texts.items():
        kept = dict(SectionVersion.objects.filter(section=section).values_list("number", "content__text"))
        assert {f"<p>{number}</p>" for number in writer.answered} <= {*kept.values()}
        section.refresh_from_db()
        assert (section.version, section.text) == (1 + len(kept), kept[section.version])
        # Who was told that a save that was cut off is there after all, stands in the log as a conflict.
        saved = LogEntry.objects.filter(data__section=section.pk, result=Result.DONE)
        assert saved.count() == len(kept)
    for line, typist in amounts.items():
        became = Change.objects.filter(line=line).order_by("id").values_list("became", flat=True)
        assert {f"{number:,}".replace(",", ".") for number in typist.answered} <= {*became}
        line.refresh_from_db()
        assert (line.version, len(set(became))) == (1 + len(became), len(became))
        assert line.actual == Decimal(became[len(became) - 1].replace(".", ""))
    # The calculation that these amounts need stands in the same transaction as they.
    assert Job.objects.filter(state=JobState.WAITING).count() == 1
    compute(table)
    assert not table_figures(table).is_stale


@pytest.fixture
def office() -> Office:
    return offices.build()
