"""`manage.py start` for real: its own processes, in a folder of its own, always embedded."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings as project
from django.urls import reverse
from pytest_django import Settings

from duoplus.bootstrap import Refusal
from duoplus.demo_logins import PASSWORD, read_logins
from duoplus.management.commands import start
from duoplus.servers import free_port

PRODUCTION = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "CELERY_QUEUE")


@dataclass
class Portal:
    """A running `manage.py start` with its files in `var`."""

    var: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    def begin(self, *words: str, under: Sequence[str] = ()) -> "subprocess.Popen[str]":
        """Start it, if need be as the child of another command (`under`)."""
        environment = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*under, sys.executable, "manage.py", "start", "--port", str(self.port), *words],
                cwd=project.BASE_DIR,
                env={**environment, "DUOPLUS_VAR": str(self.var)},
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return self.process

    def begin_and_wait(self, *words: str, under: Sequence[str] = ()) -> "subprocess.Popen[str]":
        process = self.begin(*words, under=under)
        until(lambda: process.poll() is not None or f"Ready: http://127.0.0.1:{self.port}" in self.said(), 120)
        assert process.poll() is None, self.said()
        return process

    @property
    def log(self) -> Path:
        return self.var.with_suffix(".log")

    def said(self) -> str:
        return self.log.read_text()

    def answers(self) -> int | None:
        """The status of the login page; None when nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", reverse("account_login"))
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def processes(self) -> list[tuple[int, str]]:
        """What runs on behalf of this portal: number and command line of all with its folder in the environment."""
        mark = f"DUOPLUS_VAR={self.var}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes() + b"\0":
                    found.append((int(folder.name), (folder / "cmdline").read_text().replace("\0", " ")))
            except OSError:
                continue
        return found

    def first(self, word: str) -> int:
        """The lowest process number with this word in its command line: the leader, as it was started first."""
        return min(number for number, line in self.processes() if word in line)


def until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """A folder in which the portal ran once, from nothing, and was stopped by SIGTERM."""
    portal = Portal(tmp_path_factory.mktemp("portal") / "var")
    process = portal.begin_and_wait()
    assert portal.answers() == 200
    process.terminate()
    assert process.wait(30) == 0
    return portal


@pytest.fixture
def portal(installed: Portal) -> Iterator[Portal]:
    """The same folder for another start; nothing of it outlives the test."""
    again = Portal(installed.var)
    yield again
    if again.process is not None:
        again.process.kill()
        again.process.wait()
    until(lambda: again.processes() == [], 10)


@pytest.mark.once
def test_first_start_says_where_the_report_is_and_who_can_log_in(installed: Portal) -> None:
    pdf = installed.var / "duoplus-jaarstukken-2020.pdf"
    lines = [line.rstrip() for line in installed.said().splitlines()]
    logins = read_logins(project.BASE_DIR / "demo")
    begin = lines.index(f"Demo logins, all with password {PASSWORD}:")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert lines[0] == "Preparing the database ..."
    assert lines[begin - 1] == f"Demo report: {pdf}"
    assert [line.split("@")[1].split()[0] for line in lines[begin + 1 : begin + 1 + len(logins)]] == [
        login.email.split("@")[1] for login in logins
    ]
    assert f"Ready: http://127.0.0.1:{installed.port} (Ctrl-C stops)" in lines
    assert lines[-1] == "Stopped."
    assert len(lines) < 40
    assert installed.processes() == []


@pytest.mark.once
def test_second_start_keeps_the_data(portal: Portal) -> None:
    database, pdf = portal.var / "duoplus.sqlite3", portal.var / "duoplus-jaarstukken-2020.pdf"
    before = (database.stat().st_ino, pdf.stat().st_mtime_ns, (portal.var / "secret_key").read_text())
    process = portal.begin_and_wait()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert (database.stat().st_ino, pdf.stat().st_mtime_ns, (portal.var / "secret_key").read_text()) == before
    assert "Compiling" not in portal.said()
    assert portal.processes() == []


@pytest.mark.once
def test_killed_web_server_and_worker_come_back(portal: Portal) -> None:
    process = portal.begin_and_wait()
    web, worker = portal.first("gunicorn"), portal.first("celery")
    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    until(lambda: "web ended (SIGKILL); again in 1 s" in portal.said(), 10)
    until(lambda: portal.answers() == 200, 30)
    until(lambda: any("celery" in line for _, line in portal.processes()), 30)
    assert "worker ended (SIGKILL); again in 1 s" in portal.said()
    process.terminate()
    assert process.wait(30) == 0
    assert portal.processes() == []


@pytest.mark.once
def test_nothing_is_left_when_it_is_killed(portal: Portal) -> None:
    process = portal.begin_and_wait()
    assert len(portal.processes()) >= 6
    process.kill()
    process.wait()
    until(lambda: portal.processes() == [], 10)


@pytest.mark.once
def test_nothing_is_left_when_make_is_killed(portal: Portal) -> None:
    make = [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])"]
    process = portal.begin_and_wait("--stop-with-parent", under=make)
    process.kill()
    process.wait()
    until(lambda: portal.processes() == [], 30)
    assert portal.said().endswith("Stopped.\n")


@pytest.mark.once
def test_port_in_use_is_one_line(tmp_path: Path) -> None:
    portal = Portal(tmp_path / "var")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", portal.port))
        taken.listen()
        assert portal.begin().wait(30) == 1
    assert portal.said() == (
        f"CommandError: Port {portal.port} cannot be used (Address already in use); choose another: "
        "make run PORT=8001\n"
    )
    assert not (portal.var / "duoplus.sqlite3").exists()


# --- parts ------------------------------------------------------------------------------------------------------------
def test_embedded_portal_listens_on_this_machine_only(settings: Settings) -> None:
    settings.EMBEDDED = True
    with pytest.raises(Refusal) as refusal:
        start.require_address("0.0.0.0", 8000)  # noqa: S104 - what is refused
    assert str(refusal.value) == (
        "Without DATABASE_URL and REDIS_URL Duoplus listens on this machine only, not on 0.0.0.0"
    )
    start.require_address("127.0.0.1", free_port())
    start.require_address("::1", free_port())


def test_host_name_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        start.require_address("localhost", 8000)
    assert str(refusal.value) == "--host takes an IP address, not localhost"


def test_static_files_are_collected_again_when_one_changed(tmp_path: Path, settings: Settings) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    manifest = tmp_path / "static" / "staticfiles.json"

    def collected() -> bool:
        """Whether this call collected: it writes the manifest anew."""
        before = manifest.stat().st_mtime_ns if manifest.exists() else None
        start.collect_static(tmp_path / "stamp")
        return manifest.stat().st_mtime_ns != before

    assert [collected(), collected()] == [True, False]
    (source / "page.css").write_text("a { color: green }")
    assert [collected(), collected()] == [True, False]
    manifest.unlink()
    assert collected()
