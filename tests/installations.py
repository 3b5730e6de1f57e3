"""Whole installations beside that of the tests: files and database of their own, reached by commands as processes."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg2
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections

from accounts import secrecy, seen
from accounts.append_only import REFUSED, TABLES
from accounts.members import Member, member_of
from accounts.models import Membership
from accounts.roles import Role
from accounts.sealing import seal_waiting
from duoplus import programs, stages
from duoplus.snapshots import reading
from jobs.models import Job
from library.actions import DocumentInput, StyleInput, add_document, save_house_style, shown_style
from library.models import Font
from library.queries import house_style
from tests import uploads

OTHER = "other"
# Nothing here needs a broker: what would be rung is rung in vain.
NO_BROKER = "redis://127.0.0.1:1/0"
# What a person's telephone and the portal know, in the releases that are kept.
SECOND_FACTOR = "JBSWY3DPEHPK3PXP"
# The triggers that a working log has, on the kind of database that the tests run on.
GUARDS = sorted(f"{table}_no_{word.lower()}" for table in TABLES for word in REFUSED[connection.vendor])
KINDS = ("sqlite",) if settings.EMBEDDED else ("postgresql", "sqlite")


@dataclass(frozen=True)
class Installation:
    """Embedded, with all it has in `var`; or on PostgreSQL, when it has the name of a database there."""

    var: Path
    database: str = ""

    @property
    def media(self) -> Path:
        return self.var / "media"

    @cached_property
    def environment(self) -> dict[str, str]:
        """What tells its processes where it is; those of production share one SECRET_KEY."""
        kept = {name: value for name, value in os.environ.items() if name not in stages.OF_THE_PERSON}
        if not self.database:
            return {**kept, **stages.embedded(self.var)}
        return {**kept, **stages.production(address_of(self.database), NO_BROKER, self.var)}

    def manage(self, *words: str, under: tuple[str, ...] = (), **more: str) -> "subprocess.CompletedProcess[str]":
        """Run a management command here, with `more` in its environment, and if need be `under` another command."""
        command, environment = [*under, *programs.manage(*words)], {**self.environment, **more}
        place = settings.BASE_DIR
        return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)

    @contextmanager
    def beside(self, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Let a management command run here meanwhile; it does not outlive the context."""
        with subprocess.Popen(programs.manage(*words), cwd=settings.BASE_DIR, env=self.environment) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, code: str) -> str:
        """Run Python here, with the rows of this installation; what it printed."""
        done = self.manage("shell", "--no-imports", "--command", code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def reading(self) -> Iterator[str]:
        """The alias under which its rows can be read here."""
        if not self.database:
            with reading(self.var / "duoplus.sqlite3") as using:
                yield using
            return
        connections[OTHER] = type(connections[DEFAULT_DB_ALIAS])(
            {**connection.settings_dict, "NAME": self.database}, OTHER
        )
        try:
            yield OTHER
        finally:
            connections[OTHER].close()
            del connections[OTHER]


@contextmanager
def installation(var: Path, kind: str = KINDS[0]) -> Iterator[Installation]:
    """A new one without tables; by default of the kind that the tests run on."""
    if kind == "sqlite":
        yield Installation(var)
        return
    name = f"{connection.settings_dict['NAME']}_{var.name}"
    with closing(psycopg2.connect(**{**connection.get_connection_params(), "dbname": "postgres"})) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
            try:
                yield Installation(var, name)
            finally:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def address_of(name: str) -> str:
    """DATABASE_URL of a database on the server of the tests."""
    at = {key: quote(str(connection.settings_dict[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "PORT")}
    login = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
    return f"postgres://{login}@{at['HOST']}:{at['PORT']}/{name}"


# --- what runs inside an installation, by `run` -----------------------------------------------------------------------
def administrator() -> Member:
    """Of the organisation that both `tests.world` and the demo have."""
    person = Membership.objects.filter(organisation__slug="duoplus", role=Role.ADMINISTRATOR).earliest("pk")
    member = member_of(person.user, "duoplus")
    assert member is not None
    return member


def write_until(stop: str) -> None:
    """Add source documents with their files and log entries, and one more after the file `stop` is there."""
    writer = administrator()
    ended, number = False, 0
    while not ended:
        ended, number = Path(stop).exists(), number + 1
        file = uploads.pdf(content=uploads.PDF.replace(b"1 0 obj", b"%d 0 obj" % number))
        add_document(writer, DocumentInput(title=f"Bron {number}", year=2020, file=file))
        # The disk is for others too.
        time.sleep(0.02)


def fill() -> None:
    """The demo with a logo, a source document, a second factor and an edition; a worker must be there for it."""
    call_command("load_demo")
    writer = administrator()
    style = shown_style(house_style(writer.organisation))
    save_house_style(writer, StyleInput("#1f5266", Font.SERIF, logo=uploads.image()), seen_mark=seen.mark(style))
    add_document(writer, DocumentInput(title="Begroting 2021", year=2021, file=uploads.pdf()))
    Authenticator.objects.create(user=writer.user, type="totp", data={"secret": secrecy.encrypt(SECOND_FACTOR)})
    with TemporaryDirectory() as folder:
        words = ["--output", f"{folder}/edition.pdf", "--patience", "60"]
        call_command("compile_report", "duoplus", "jaarstukken-2020", *words)
    until(lambda: not any(job.is_active for job in Job.objects.all()))
    seal_waiting()


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for what other processes bring about; AssertionError when that takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
