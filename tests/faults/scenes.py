"""What every fault is about: a small report, a director who presses the button, and the one valid PDF that comes."""

import hashlib
import http.client
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pypdfium2
from django.conf import settings
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.test import Client

from accounts.members import Member
from accounts.models import User
from accounts.roles import Role
from duoplus import programs
from duoplus.processes import Children
from duoplus.servers import free_port
from jobs.models import Job, JobState
from publishing import cache
from publishing.models import Edition
from reports.models import Section
from tests import builders, workers
from tests.faults.flags import flag

SENTENCE = "Het jaar in één zin."
# Enough for the pages at which `injected` stops a render.
PAGES = "<h3>Vooraf</h3>" + "<p>Wat er dit jaar is gedaan, staat hieronder.</p>" * 150
LOCALHOST = "127.0.0.1"
TOKEN = "a" * 32
KEPT = re.compile(rf"[0-9a-f]{{64}}({re.escape(cache.CUT)})?")


# --- the report -------------------------------------------------------------------------------------------------------
def director_of_small_report(*chapters: tuple[str, str]) -> Member:
    """A director and a report with two written chapters, or with these: title and text."""
    director = builders.member("Hendrik van Aalsum", builders.organisation(), Role.DIRECTOR)
    team = builders.team(director.organisation)
    report = builders.report(director.organisation)
    for title, text in chapters or (("Inleiding", f"<p>{SENTENCE}</p>"), ("Bedrijfsvoering", PAGES)):
        builders.section(builders.chapter(report, title), team, text=text)
    return director


def director_of_one_chapter() -> Member:
    """Of a report that one job makes, without asking the broker for others."""
    return director_of_small_report(("Bedrijfsvoering", f"<p>{SENTENCE}</p>{PAGES}"))


def press(director: Member) -> Edition:
    """Press the button; AssertionError unless the answer leads to an edition."""
    client = Client()
    client.force_login(director.user)
    answer = client.post(address_of_button(director), {"draft": "yes"})
    return edition_at(answer.status_code, answer["Location"])


def edition_at(status: int, location: str) -> Edition:
    """The edition that an answer leads to."""
    assert status == 302, f"answered {status}"
    return Edition.objects.get(pk=location.rstrip("/").split("/")[-1])


def change() -> None:
    """Content that has no edition yet."""
    Section.objects.update(text=Concat("text", Value("<p>En nog iets.</p>")))


def nowhere() -> Path:
    """A folder in which the embedded broker will not find its queue."""
    return settings.VAR / "nowhere"


def address_of_button(director: Member) -> str:
    return f"/{director.organisation.slug}/rapporten/jaarstukken-2020/samenstellen/"


def page_of(director: Member, edition: Edition) -> str:
    """What the director reads about an edition."""
    client = Client()
    client.force_login(director.user)
    return client.get(f"/{director.organisation.slug}/edities/{edition.pk}/").content.decode()


def files() -> list[str]:
    """All that stands in storage, hidden files too, but for what is kept of chapters for the next edition."""
    root = Path(settings.MEDIA_ROOT)
    found = [path for path in root.rglob("*") if path.is_file()]
    kept = [path for path in found if path.parent.parent == root / cache.FOLDER and KEPT.fullmatch(path.name)]
    return sorted(str(path.relative_to(root)) for path in set(found) - set(kept))


def check_one_pdf(*editions: Edition, attempts: int | None = None) -> None:
    """Each edition has a whole PDF that is what its row says, took so many attempts, and nothing else is in storage."""
    for edition in editions:
        edition.refresh_from_db()
        assert edition.job is not None
        assert edition.job.state == JobState.DONE, edition.job.reason
        assert attempts in (None, attempts_at(edition))
        pdf = Path(edition.file.path).read_bytes()
        assert (edition.size, edition.sha256) == (len(pdf), hashlib.sha256(pdf).hexdigest())
        document = pypdfium2.PdfDocument(pdf)
        assert edition.pages == len(document)
        assert SENTENCE in "".join(page.get_textpage().get_text_range() for page in document)
    assert files() == sorted(str(edition.file.name) for edition in editions)


def attempts_at(edition: Edition) -> int:
    """The most that the job of an edition or of one of its chapters took."""
    assert edition.job is not None
    return max(job.attempts for job in Job.objects.filter(Q(pk=edition.job.pk) | Q(parent=edition.job)))


# --- a render that stops in its middle --------------------------------------------------------------------------------
@contextmanager
def held_render() -> Iterator[None]:
    """The next render stops in its middle; whatever happens, nothing waits any more afterwards."""
    flag("hold").touch()
    try:
        yield
    finally:
        for name in ("hold", "held"):
            flag(name).unlink(missing_ok=True)


def process_in_mid_render() -> int:
    """The process of the pool whose render has stopped in its middle."""
    return int(workers.written_in(flag("held")))


def go_on() -> None:
    """Let the render that stopped go on."""
    flag("held").unlink()


# --- a real web process -----------------------------------------------------------------------------------------------
@contextmanager
def serving(application: str = "duoplus.wsgi:application", **environment: str) -> Iterator[int]:
    """Gunicorn on the database and the broker of this test; its port."""
    port = free_port()
    command = [application if word == "duoplus.wsgi:application" else word for word in programs.web(LOCALHOST, port)]
    with workers.for_children(**environment), Children(settings.BASE_DIR) as children:
        children.start("web", command)
        until = time.monotonic() + workers.PATIENCE
        while not programs.answers(LOCALHOST, port, "/"):
            assert time.monotonic() < until, "the web server did not start"
            assert not children.ended("web"), "the web server died"
            time.sleep(0.05)
        yield port


def session_of(user: User) -> str:
    """The cookies of somebody who is signed in."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def click(port: int, director: Member, cookies: str) -> tuple[int, str]:
    """Press the button over HTTP: status and where the answer leads. Raises OSError when the server dies."""
    connection = http.client.HTTPConnection(LOCALHOST, port, timeout=workers.PATIENCE)
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"draft": "yes", "csrfmiddlewaretoken": TOKEN})
    try:
        connection.request("POST", address_of_button(director), body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", "")
    finally:
        connection.close()
