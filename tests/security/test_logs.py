"""Real processes, told secrets in every way there is: nothing of it stands in what they log."""

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import Organisation, User
from accounts.roles import Role
from jobs import actions
from jobs.models import JobState
from reports.models import Section
from tests import builders, workers, world
from tests.access import ACCESS
from tests.faults import scenes
from tests.hostile import HOSTILE
from tests.jobs import kinds
from tests.test_access import url

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Het tekort blijft vertrouwelijk 7f3a91"
PASSWORD = "geheim wachtwoord 5c20"
STRANGER = "klokkenluider@elders.example"
WEB = "tests.security.plain_web:application"
TEXT_FIELDS = {"name", "title", "heading", "label", "decision", "explanation", "text", "reason"}
CREATE = {
    "postgresql": """
        CREATE FUNCTION quote_it() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'refused: %', NEW.text USING ERRCODE = '23514'; END $$;
        CREATE TRIGGER quote_it BEFORE UPDATE ON reports_section FOR EACH ROW EXECUTE FUNCTION quote_it()
    """,
    "sqlite": "CREATE TRIGGER quote_it BEFORE UPDATE ON reports_section "
    f"BEGIN SELECT RAISE(ABORT, 'refused: {WORDS}'); END",
}
DROP = {"postgresql": "DROP FUNCTION quote_it CASCADE", "sqlite": "DROP TRIGGER quote_it"}


@contextmanager
def quoting_database() -> Iterator[None]:
    """Storing a section fails, with an error that quotes what was to be stored."""
    with connection.cursor() as cursor:
        cursor.execute(CREATE[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(DROP[connection.vendor])


class Browser:
    """Somebody who talks to the web process."""

    def __init__(self, port: int, user: User | None = None) -> None:
        self.port = port
        self.cookies = scenes.session_of(user) if user else f"{settings.CSRF_COOKIE_NAME}={scenes.TOKEN}"

    def get(self, path: str) -> int:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> int:
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": scenes.TOKEN}))

    def _ask(self, method: str, path: str, body: str | None) -> int:
        asked = http.client.HTTPConnection(scenes.LOCALHOST, self.port, timeout=workers.PATIENCE)
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
        asked.request(method, path, body, headers)
        with asked.getresponse() as answer:
            answer.read()
        asked.close()
        return answer.status


def logged(said: str) -> list[str]:
    """The messages in what a process said: lines for people when embedded, else objects. Celery also says goodbye."""
    if settings.EMBEDDED:
        return [line.partition(": ")[2] for line in said.splitlines() if re.match(r"\d{4}-", line)]
    return [json.loads(line)["message"] for line in said.splitlines() if line.startswith("{")]


def assert_silent_about(said: str, *secrets: str) -> None:
    for secret in secrets:
        assert secret not in said, secret


@pytest.fixture
def made() -> world.World:
    return world.build()


def typed(fields: dict[str, str], words: str) -> dict[str, str]:
    """A well-formed entry with these words wherever there is room for words."""
    return {name: words if name in TEXT_FIELDS else value for name, value in fields.items()}


def test_web(made: world.World, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    everything = builders.person("Alles", made.organisation, *Role, teams=tuple(made.organisation.teams.all()))
    mail = tmp_path / "mail"
    with scenes.serving(WEB, LOG_LEVEL="DEBUG", EMAIL_URL=f"filemail:///{mail}") as port:
        stranger, person = Browser(port), Browser(port, everything)
        assert stranger.post("/account/login/", login=everything.email, password=PASSWORD) == 200
        assert stranger.post("/account/login/", login=STRANGER, password=PASSWORD) == 200
        assert stranger.post("/account/password/reset/", email=everything.email) == 302
        link = re.search(r"/account/password/reset/key/\S+", next(mail.iterdir()).read_text())
        assert link is not None
        assert stranger.get(link.group()) == 302
        stranger.cookies = ""
        assert stranger.post(link.group(), password1=PASSWORD, password2=PASSWORD) == 403
        assert person.get(f"/duoplus/{STRANGER}/?zoek={PASSWORD}".replace(" ", "%20")) == 404
        for name, access in ACCESS.items():
            if access.change is not None:
                person.post(url(name, made), **dict.fromkeys(access.fields, WORDS))
                person.post(url(name, made), **typed(access.fields, HOSTILE[0] + WORDS))
    said = "".join(capfd.readouterr())
    assert "Forbidden (CSRF cookie not set.): /account/password/reset/key/…/" in logged(said)
    assert "Not Found: /duoplus/…/" in logged(said)
    assert_silent_about(said, WORDS, PASSWORD, STRANGER, everything.email, link.group().split("/")[-2])


def test_web_whose_database_quotes(capfd: pytest.CaptureFixture[str]) -> None:
    organisation = builders.organisation()
    team = builders.team(organisation)
    lead = builders.person("Lies", organisation, Role.TEAM_LEAD, teams=(team,))
    section = builders.section(builders.chapter(builders.report(organisation)), team)
    there = f"/duoplus/rapporten/onderdelen/{section.pk}/schrijven/"
    with quoting_database(), scenes.serving(WEB) as port:
        assert Browser(port, lead).post(there, version="1", text=f"<p>{WORDS}</p>") == 500
    said = "".join(capfd.readouterr())
    assert f"Internal Server Error: {there}" in logged(said)
    assert "django.db.utils.IntegrityError" in said
    assert "reports/actions/writing.py" in said
    assert WORDS not in said
    assert Section.objects.get().text == ""


def test_worker(capfd: pytest.CaptureFixture[str]) -> None:
    organisation = builders.organisation()
    with workers.running_worker(LOG_LEVEL="DEBUG") as worker:
        job = actions.request("tests.spill", organisation, 1, by=None)
        assert worker.end_of(job).state == JobState.FAILED
    said = "".join(capfd.readouterr())
    assert any(message.startswith("Task tests.spill[") for message in logged(said))
    assert "tests/jobs/kinds.py" in said
    assert_silent_about(said, kinds.SPILLED)


def test_the_log_of_the_organisation_holds_none_either(made: world.World, client: Client) -> None:
    everything = builders.person("Alles", made.organisation, *Role, teams=tuple(made.organisation.teams.all()))
    client.force_login(everything)
    for name, access in ACCESS.items():
        if access.change is not None and not {"name", "title", "heading", "label", "decision"} & {*access.fields}:
            client.post(url(name, made), typed(access.fields, WORDS))
    Client().post("/account/login/", {"login": everything.email, "password": PASSWORD})
    organisation = Organisation.objects.get(slug="duoplus")
    stored = str(list(organisation.log.values()))
    assert organisation.log.count() > 10
    assert_silent_about(stored, WORDS, PASSWORD)
