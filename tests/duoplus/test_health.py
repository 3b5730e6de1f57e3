import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from celery import current_app
from django.db import connections
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import RESERVED_SLUGS, Organisation
from accounts.roles import Role
from duoplus import health
from jobs.models import Job, JobState
from tests import builders
from tests.workers import broken_broker, unused_port

READY = {"ready": True, "database": True, "broker": True, "storage": True, "oldest_waiting_job": None}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which much runs may be slow; what hangs for good has tests of its own."""
    monkeypatch.setattr(health, "PATIENCE", 30.0)


def readyz(client: Client) -> tuple[int, dict[str, object]]:
    answer = client.get("/readyz")
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    found: dict[str, object] = json.loads(answer.content)
    return answer.status_code, found


@pytest.fixture
def duoplus(transactional_db: None) -> Organisation:
    """Committed, because the questions are asked over connections of their own."""
    return builders.organisation()


def asked_for(organisation: Organisation, ago: timedelta, state: JobState = JobState.WAITING) -> Job:
    return Job.objects.create(
        organisation=organisation, kind="demo", subject_id=1, state=state, created_at=timezone.now() - ago
    )


# --- alive ------------------------------------------------------------------------------------------------------------
def test_alive_without_database_session_or_login(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(builders.person("Anna", builders.organisation(), Role.AUDITOR))
    for visitor in (Client(), client):
        with django_assert_num_queries(0):
            answer = visitor.get("/healthz")
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert not answer.cookies


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(path: str, client: Client, db: None) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def test_health_is_asked_on_this_side_of_the_proxy(settings: Settings, db: None) -> None:
    settings.SECURE_SSL_REDIRECT = True
    near = Client(headers={"host": "10.0.0.7:8000"})
    assert {path: near.get(path).status_code for path in ("/healthz", "/readyz", "/account/login/")} == {
        "/healthz": 200,
        "/readyz": 200,
        "/account/login/": 400,
    }
    assert Client().get("/healthz/").status_code == 301


def test_health_carries_the_headers_of_every_page(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_no_organisation_can_hide_an_address_of_the_portal() -> None:
    first = {str(pattern.pattern).split("/")[0] for pattern in get_resolver().url_patterns} - {
        "",
        "<slug:organisation>",
    }
    assert first | {path.strip("/") for path in health.ADDRESSES} <= RESERVED_SLUGS


# --- ready ------------------------------------------------------------------------------------------------------------
def test_ready_when_everything_answers(client: Client, db: None) -> None:
    assert readyz(client) == (200, READY)


def test_a_job_may_wait_for_a_quarter_of_an_hour(client: Client, duoplus: Organisation) -> None:
    asked_for(duoplus, timedelta(hours=5), JobState.RUNNING)
    asked_for(duoplus, timedelta(minutes=1))
    asked_for(duoplus, timedelta(minutes=14))
    status, found = readyz(client)
    assert status == 200
    assert found == READY | {"oldest_waiting_job": pytest.approx(14 * 60, abs=30)}


def test_a_job_that_waits_longer_is_a_reason_to_look(client: Client, duoplus: Organisation) -> None:
    asked_for(duoplus, timedelta(minutes=16))
    status, found = readyz(client)
    assert status == 503
    assert found == READY | {"ready": False, "oldest_waiting_job": pytest.approx(16 * 60, abs=30)}


def test_a_clock_that_runs_ahead_makes_no_negative_wait(client: Client, duoplus: Organisation) -> None:
    asked_for(duoplus, -timedelta(minutes=5))
    assert readyz(client) == (200, READY | {"oldest_waiting_job": 0})


def test_broker_that_is_gone(client: Client, db: None, tmp_path: Path) -> None:
    with broken_broker(tmp_path):
        assert readyz(client) == (503, READY | {"ready": False, "broker": False})
    assert readyz(client) == (200, READY)


def test_storage_that_cannot_be_written(client: Client, db: None, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    settings.MEDIA_ROOT = tmp_path / "a file"
    assert readyz(client) == (503, READY | {"ready": False, "storage": False})


def test_storage_is_made_and_left_empty(client: Client, db: None, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "new" / "media"
    assert readyz(client) == (200, READY)
    assert list((tmp_path / "new").rglob("*")) == [tmp_path / "new" / "media"]


def test_database_that_is_gone_is_told_without_a_reason(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Only connections that are made from now on, such as that of the question, look there.
    monkeypatch.setitem(connections.settings["default"], "NAME", f"/nowhere/{uuid4()}")
    assert readyz(client) == (503, READY | {"ready": False, "database": False})
    assert [record.getMessage() for record in caplog.records if record.name == "duoplus.health"] == [
        "not ready: database: OperationalError"
    ]


# --- what hangs -------------------------------------------------------------------------------------------------------
@pytest.fixture
def silent_redis(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Redis that takes connections and says nothing, as one that is frozen does; for both columns."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        settings.EMBEDDED = False
        monkeypatch.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        yield


def test_frozen_broker_is_not_waited_for(client: Client, silent_redis: None, db: None) -> None:
    started = time.monotonic()
    assert readyz(client) == (503, READY | {"ready": False, "broker": False})
    assert time.monotonic() - started < 10


def test_unused_port_is_no_broker(
    client: Client, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMBEDDED = False
    monkeypatch.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{unused_port()}/0")
    assert readyz(client) == (503, READY | {"ready": False, "broker": False})


@pytest.fixture
def hanging() -> Iterator[health.Question]:
    """A question that nobody answers while the test runs."""
    released = threading.Event()

    def hang() -> None:
        released.wait(60)

    yield health.Question("storage", hang)
    released.set()


def test_what_hangs_does_not_answer(
    hanging: health.Question, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    monkeypatch.setattr(health, "QUESTIONS", (*health.QUESTIONS[:2], hanging))
    found = health.look()
    assert (found.ready, found.storage) == (False, False)
    assert "not ready: storage: TimeoutError" in [record.getMessage() for record in caplog.records]


def test_what_hangs_is_asked_once_at_a_time(hanging: health.Question) -> None:
    """However often somebody asks for /readyz while a disk hangs, one thread hangs with it: an answer has its own."""
    assert len({id(hanging.put()) for _ in range(20)}) == 1


def test_what_was_answered_is_asked_again() -> None:
    question = health.Question("storage", lambda: None)
    first = question.put()
    wait([first], 30)
    assert question.put() is not first
