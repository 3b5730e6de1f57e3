"""What every test stands on: real database, real files in a folder of its own, a real browser when asked."""

import os
import shutil
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads
from uuid import uuid4

import hypothesis
import pytest
from django.conf import settings as project
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate  # noqa: TID251  what it rings for is silenced
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer

from accounts import append_only
from accounts.models import User
from duoplus.stages import BROWSERS
from tests.screens import PATIENCE, InFlight, Visitor

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",
]


PLAIN = tuple(f"tests/{app}/" for app in ("accounts", "investments", "library", "publishing", "reports"))
DATABASES = {"db", "transactional_db", "live_server"}

# How long an example takes says what else the machine does, and nothing about the code.
hypothesis.settings.register_profile("duoplus", deadline=None)
hypothesis.settings.load_profile("duoplus")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In these folders, what touches no database knows plain values only, and is marked `once`."""
    for item in items:
        has_database = item.get_closest_marker("django_db") or DATABASES & {*item.fixturenames}  # type: ignore[attr-defined]
        if item.location[0].startswith(PLAIN) and not has_database:
            item.add_marker("once")


def pytest_configure() -> None:
    project.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Under CI a skipped test is a failure; the folder of this process goes."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(os.environ["DUOPLUS_TEST_ROOT"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[str]:
    """The triggers that the migrations left; those that keep tests from emptying their tables are lifted then."""
    with django_db_blocker.unblock():
        found = append_only.installed(connection)
        append_only.lift(connection, ("DELETE", "TRUNCATE"))
    _empty_quickly()
    return found


def _empty_quickly() -> None:
    """Between tests few rows go: PostgreSQL makes new files for each table that is truncated, and deletes at once.

    Django's own permissions, which nothing here asks for, are not made again each time.
    """
    if connection.vendor == "postgresql":
        vars(connection.ops)["sql_flush"] = lambda style, tables, **how: [
            f"DELETE FROM {connection.ops.quote_name(table)}"  # noqa: S608  names of our own tables
            for table in tables
        ]
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    """Files of one test are not seen by another; static files are served as they stand in the tree."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **project.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def own_cache(settings: Settings) -> None:
    """Throttling counts per test, also in tests that share what an earlier one left in the cache."""
    settings.CACHES = {"default": {**project.CACHES["default"], "KEY_PREFIX": uuid4().hex}}


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickArgon2"]


@pytest.fixture(scope="session")
def browser(django_db_setup: list[str]) -> Iterator[Browser]:
    """Debian's Chromium, headless; it ends before the database does, to which its requests are connected."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("Chromium is not installed; make test does that")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()
    _hang_up()


def _hang_up() -> None:
    """Return once the portal knows that the browser is gone: until then each connection keeps one to the database."""
    until = time.monotonic() + PATIENCE
    while any("process_request_thread" in thread.name for thread in enumerate_threads()):
        assert time.monotonic() < until, "the portal still answers a browser"
        time.sleep(0.02)


@pytest.fixture
def in_flight(transactional_db: None) -> Iterator[InFlight]:
    """Requests that the live portal is answering; none is left when the database is emptied."""
    counter = InFlight()
    with counter.following():
        yield counter
        counter.settle()


@pytest.fixture(scope="session")
def profile(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """What a browser keeps between two visits: files that may be cached, and scripts that it compiled."""
    made = new_profile(browser, live_server)
    # A page that stays keeps the process of the others, and what that has in memory.
    made.new_page().goto("/healthz")
    yield made
    made.close()


@pytest.fixture
def context(profile: BrowserContext, live_server: LiveServer, in_flight: InFlight) -> Iterator[BrowserContext]:
    """A browser without tabs or cookies on the live portal; requests to anywhere else are a failure."""
    strangers: list[str] = []
    staying = profile.pages

    def note(request: Request) -> None:
        if _is_foreign(request.url, live_server):
            strangers.append(request.url)

    profile.on("request", note)
    yield profile
    for page in profile.pages:
        if page not in staying:
            page.close()
    profile.clear_cookies()
    profile.set_offline(False)
    profile.remove_listener("request", note)
    assert strangers == []


def new_profile(browser: Browser, live_server: LiveServer) -> BrowserContext:
    made = browser.new_context(base_url=live_server.url, locale="nl-NL", timezone_id="Europe/Amsterdam")
    made.set_default_timeout(10_000)
    return made


def _is_foreign(url: str, live_server: LiveServer) -> bool:
    return not url.startswith((live_server.url, "data:", "blob:", "about:"))


@pytest.fixture
def visit(context: BrowserContext, live_server: LiveServer) -> Iterator[Visitor]:
    """`visit(user, path)` opens a page as that user. At the end every console must be empty."""
    lines: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A refused save answers 4xx on purpose; Chromium logs each as "Failed to load resource".
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            lines.append(f"{message.type}: {message.text}")

    def watch(page: Page) -> None:
        page.on("console", note)
        page.on("pageerror", lambda error: lines.append(f"exception: {error}"))

    context.on("page", watch)

    def open_as(user: User | None, path: str) -> Page:
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[project.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_as
    context.remove_listener("page", watch)
    assert lines == []


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address on the loopback, and the paths that were asked of it."""
    heard: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()
    server.server_close()
