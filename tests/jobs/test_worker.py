"""Real workers: a Celery process with a prefork pool, on the test's own database and broker."""

import hashlib
import json
import os
import signal
from pathlib import Path

import pytest
from django.conf import settings

import jobs.actions
from accounts.roles import Role
from investments import queries as figures
from investments.actions import COMPUTE
from jobs.models import JobState
from publishing.actions import compile_report
from tests import builders, workers
from tests.jobs import kinds

pytestmark = pytest.mark.django_db(transaction=True)


def test_worker_computes_variances_and_compiles_a_report() -> None:
    org = builders.organisation()
    director = builders.member("Hendrik van Aalsum", org, Role.DIRECTOR)
    team = builders.team(org)
    table = builders.sample_table(org, team)
    chapter = builders.chapter(builders.report(org))
    builders.section(chapter, team, text="<p>De cijfers staan in de tabel.</p>")
    with workers.running_worker() as worker:
        computing = jobs.actions.request(COMPUTE, org, table.pk, by=director.user)
        edition = compile_report(director, "jaarstukken-2020")
        assert edition.job is not None
        assert worker.end_of(computing).state == JobState.DONE
        assert worker.end_of(edition.job).state == JobState.DONE
    assert [cell.text for cell in figures.table_figures(table).statement.rows[-1].cells] == [
        "-",
        "567",
        "567",
        "465",
        "102",
    ]
    edition.refresh_from_db()
    pdf = Path(edition.file.path).read_bytes()
    assert pdf.startswith(b"%PDF-1.7")
    assert (edition.size, edition.sha256) == (len(pdf), hashlib.sha256(pdf).hexdigest())
    assert edition.pages == 3


def test_worker_child_killed_in_mid_job_ends_in_a_finished_job() -> None:
    org = builders.organisation()
    with workers.running_worker() as worker:
        job = jobs.actions.request("tests.stall", org, org.pk, by=None)
        os.kill(int(workers.written_in(kinds.note("stall", org.pk))), signal.SIGKILL)
        ended = worker.end_of(job)
    assert (ended.state, ended.attempts) == (JobState.DONE, 2)


def test_whole_worker_killed_in_mid_job_ends_in_a_finished_job() -> None:
    org = builders.organisation()
    job = jobs.actions.request("tests.stall", org, org.pk, by=None)
    with workers.running_worker() as worker:
        jobs.actions.ring(job.pk, job.kind)
        workers.written_in(kinds.note("stall", org.pk))
        os.killpg(worker.children.children["worker"].process.pid, signal.SIGKILL)
    with workers.running_worker() as worker:
        ended = worker.end_of(job)
    assert (ended.state, ended.attempts) == (JobState.DONE, 2)


def test_work_that_always_breaks_its_process_fails_after_three_attempts() -> None:
    org = builders.organisation()
    with workers.running_worker() as worker:
        asked = [jobs.actions.request(kind, org, org.pk, by=None) for kind in ("tests.die", "tests.overrun")]
        ended = [worker.end_of(job) for job in asked]
    assert [(job.state, job.attempts, job.reason) for job in ended] == [
        (JobState.FAILED, 3, jobs.actions.gave_up(job)) for job in ended
    ]


def test_work_runs_in_a_limited_child_of_a_worker_that_has_loaded_the_renderer() -> None:
    org = builders.organisation()
    limit = 1500
    with workers.running_worker(JOB_MEMORY_LIMIT_MIB=str(limit), JOB_NICENESS="7") as worker:
        describing = worker.end_of(jobs.actions.request("tests.describe", org, org.pk, by=None))
        growing = worker.end_of(jobs.actions.request("tests.grow", org, org.pk, by=None))
        leader = worker.children.children["worker"].process.pid
    assert describing.state == JobState.DONE
    assert json.loads(workers.written_in(kinds.note("describe", org.pk))) == {
        "memory": [limit * 2**20, limit * 2**20],
        "fonts and letters": [1, 2],
        "parent": leader,
        "niceness": 7,
        "niceness of the session": 7,
    }
    assert (growing.state, growing.reason) == (JobState.FAILED, "Te groot.")


def test_job_that_was_never_rung_is_swept_up() -> None:
    org = builders.organisation()
    with workers.broken_broker(settings.VAR):
        job = jobs.actions.request("tests.describe", org, org.pk, by=None)
    with workers.running_worker() as worker:
        assert worker.end_of(job).state == JobState.DONE
