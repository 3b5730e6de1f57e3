"""`manage.py start`: the whole portal on this machine, from an empty folder to a page that answers."""

import ctypes
import hashlib
import ipaddress
import signal
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts.models import Organisation, User
from duoplus import programs
from duoplus.bootstrap import LOOPBACK, Refusal, require_port
from duoplus.demo_logins import PASSWORD, describe, read_logins
from duoplus.processes import Children

DEMO_REPORT = ("duoplus", "jaarstukken-2020")
READY_WITHIN = 60.0
# Before this, compile_report leaves the work to the worker that is starting beside it.
WORKER_STARTS_WITHIN = 60
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    help = "Prepares the database, loads the demo when it is empty, and serves web and worker until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=LOOPBACK, help="address to listen on (loopback only when embedded)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--demo", action="store_true", help="load the demo into an empty production database too")
        parser.add_argument("--stop-with-parent", action="store_true", help="stop when the calling program dies")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until a signal comes; ends with status 0 then, and with one line when the start fails."""
        listen_to_signals(with_parent=options["stop_with_parent"])
        host, port = options["host"], options["port"]
        demo = settings.EMBEDDED or options["demo"]
        try:
            require_address(host, port)
            self.prepare(demo=demo)
            with Children(settings.BASE_DIR, self.say) as children:
                children.start("worker", programs.worker(scheduler=True))
                children.start("web", programs.web(host, port))
                wait_until_ready(children, host, port)
                if demo:
                    self.show_demo(children)
                self.say(f"Ready: http://{host}:{port} (Ctrl-C stops)")
                keep(children)
        except KeyboardInterrupt:
            self.say("Stopped.")
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None

    def say(self, line: str) -> None:
        """One line, at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()

    def prepare(self, *, demo: bool) -> None:
        """Database, static files and demo; each does nothing when nothing changed."""
        self.say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        collect_static(settings.VAR / "static.stamp")
        if demo and not Organisation.objects.exists():
            self.say("Loading the demo ...")
            call_command("load_demo", stdout=self.stdout)

    def show_demo(self, children: Children) -> None:
        """Compile the demo report once; say where the PDF is and who can log in."""
        logins = read_logins(settings.BASE_DIR / "demo")
        known = set(User.objects.filter(email__in=[login.email for login in logins]).values_list("email", flat=True))
        if not known:
            return
        pdf = settings.VAR / f"{'-'.join(DEMO_REPORT)}.pdf"
        if not pdf.exists():
            self.say("Compiling the demo report ...")
            words = ["--output", str(pdf), "--patience", str(WORKER_STARTS_WITHIN)]
            children.run(programs.manage("compile_report", *DEMO_REPORT, *words))
        self.say(f"Demo report: {pdf}" if pdf.exists() else "The demo report was not compiled; the portal serves on.")
        self.say(f"Demo logins, all with password {PASSWORD}:")
        for line in describe(login for login in logins if login.email in known):
            self.say(f"  {line}")


def listen_to_signals(*, with_parent: bool) -> None:
    """Ctrl-C, SIGTERM and a closed terminal all raise KeyboardInterrupt; a background shell may have ignored one."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    if with_parent and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def require_address(host: str, port: int) -> None:
    """Refuse a port that is taken, and in embedded mode any address that another machine can reach."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise Refusal(f"--host takes an IP address, not {host}") from None
    if settings.EMBEDDED and not loopback:
        raise Refusal(f"Without DATABASE_URL and REDIS_URL Duoplus listens on this machine only, not on {host}")
    require_port(port, host)


def collect_static(stamp: Path) -> None:
    """Collect static files when a source changed since the stamp; compressing them takes seconds."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())


def wait_until_ready(children: Children, host: str, port: int) -> None:
    """Return when the login page answers; CommandError when the web server dies or takes too long."""
    path = reverse(settings.LOGIN_URL)
    until = time.monotonic() + READY_WITHIN
    while not programs.answers(host, port, path):
        if children.ended("web"):
            raise CommandError("The web server did not start; the lines above say why.")
        if time.monotonic() > until:
            raise CommandError(f"The login page did not answer within {READY_WITHIN:.0f} seconds.")
        time.sleep(0.1)


def keep(children: Children) -> None:
    """Restart what dies, until a signal raises KeyboardInterrupt."""
    while True:
        children.tend()
        time.sleep(0.5)
