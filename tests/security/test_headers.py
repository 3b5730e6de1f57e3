"""What every answer carries, over the whole table of addresses; and what is added behind TLS."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from whitenoise import WhiteNoise

from accounts.roles import Role
from library.models import HouseStyle
from tests import builders, world
from tests.access import ACCESS, OPEN
from tests.pages import content
from tests.test_access import url
from tests.uploads import image, pdf

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
PAGE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "Vary": "Cookie",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# The logo is no data: it stands on every page, and a new one gets another address.
CACHED = {"library:logo"}
# Asks for a page over TLS as the proxy would, and prints what a browser would be told.
BEHIND_TLS = """
import json, django
django.setup()
from django.test import Client
from django.test.utils import override_settings
plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
with override_settings(STORAGES=plain):
    client = Client(headers={"x-forwarded-proto": "https", "host": "localhost"})
    answer = client.get("/account/login/")
    plainly = Client(headers={"host": "localhost"}).get("/account/login/")
print(json.dumps({
    "headers": dict(answer.headers),
    "cookies": [morsel.OutputString() for morsel in answer.cookies.values()],
    "plainly": [plainly.status_code, plainly["Location"]],
}))
"""


@pytest.fixture
def made() -> world.World:
    return world.build()


@pytest.fixture
def everything(client: Client, made: world.World) -> Client:
    """Somebody with every role."""
    client.force_login(builders.person("Alles", made.organisation, *Role))
    return client


def policy(answer: Any) -> set[str]:
    """The directives, without the nonce, which differs each time."""
    directives = (part.strip() for part in answer["Content-Security-Policy"].split(";"))
    return {" ".join(word for word in part.split() if not word.startswith("'nonce-")) for part in directives}


def answers(client: Client, made: world.World) -> Iterator[tuple[str, Any]]:
    """A GET and a POST of every address below the organisation."""
    for name in sorted(ACCESS):
        for answer in (client.get(url(name, made)), client.post(url(name, made), {})):
            if answer.streaming:
                list(answer)
            yield name, answer


def test_nothing_of_an_organisation_stays_in_a_cache(everything: Client, made: world.World) -> None:
    for name, answer in answers(everything, made):
        if name not in CACHED or answer.status_code != 200:
            assert answer["Cache-Control"] == "no-store", name
    logo = everything.get(url("library:logo", made))
    assert (logo["Cache-Control"], len(list(logo))) == ("private, max-age=3600", 1)


def test_nor_does_what_a_stranger_is_told(client: Client, made: world.World) -> None:
    for name, answer in answers(client, made):
        assert answer["Cache-Control"] == "no-store", name


@pytest.mark.parametrize("name", sorted(OPEN))
def test_nor_does_the_entrance(everything: Client, name: str) -> None:
    words = {"uidb36": "1", "key": "oud-sleutel"} if name == "account_reset_password_from_key" else {}
    for client in (Client(), everything):
        assert "no-store" in client.get(reverse(name, kwargs=words))["Cache-Control"]


def test_a_page_carries_these_headers_and_no_others(everything: Client) -> None:
    answer = everything.get("/duoplus/")
    told = {name: value for name, value in answer.headers.items() if name != "Content-Security-Policy"}
    assert told == PAGE | {"Content-Type": "text/html; charset=utf-8", "Content-Length": told["Content-Length"]}
    assert policy(answer) == POLICY


def test_every_page_has_a_nonce_of_its_own_and_uses_no_other(everything: Client) -> None:
    found = set()
    for _ in range(2):
        answer = everything.get("/duoplus/huisstijl/")
        policy_header = answer["Content-Security-Policy"]
        nonce = policy_header.partition("'nonce-")[2].partition("'")[0]
        assert policy_header.count(f"'nonce-{nonce}'") == policy_header.count("'nonce-") == 2
        assert answer.content.decode().count(f'nonce="{nonce}"') == answer.content.decode().count('nonce="') > 0
        found.add(nonce)
    assert len(found) == 2


@pytest.mark.parametrize("name", ["library:document-file", "publishing:edition-file"])
def test_a_download_is_stored_not_shown_and_may_do_nothing(everything: Client, made: world.World, name: str) -> None:
    answer = everything.get(url(name, made))
    list(answer)
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert policy(answer) == POLICY | {"sandbox"}


def test_a_logo_that_is_also_a_page_is_served_as_a_picture_only(everything: Client, made: world.World) -> None:
    both = image().read() + b"<html><script>alert(1)</script></html>"
    HouseStyle.objects.get().logo.save(f"{'0' * 32}.png", ContentFile(both))
    answer = everything.get(url("library:logo", made))
    assert (content(answer), answer["Content-Type"]) == (both, "image/png")
    assert (answer["X-Content-Type-Options"], policy(answer)) == ("nosniff", POLICY)


def test_behind_tls_cookies_are_bound_to_it_and_the_browser_comes_back_over_it_only() -> None:
    environment = {**os.environ, "HTTPS": "on", "DJANGO_SETTINGS_MODULE": "duoplus.settings"}
    done = subprocess.run(
        [sys.executable, "-c", BEHIND_TLS],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "upgrade-insecure-requests" in told["headers"]["Content-Security-Policy"].split("; ")
    assert [cookie.partition("=")[0] for cookie in told["cookies"]] == ["__Host-csrftoken"]
    assert {"Secure", "SameSite=Lax", "Path=/"} <= set(told["cookies"][0].split("; "))
    assert "Domain" not in told["cookies"][0]
    assert told["plainly"] == [301, "https://localhost/account/login/"]


def test_a_static_file_is_for_our_own_pages(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text("body { color: red }")
    server = WhiteNoise(
        None,
        root=str(tmp_path),
        allow_all_origins=settings.WHITENOISE_ALLOW_ALL_ORIGINS,
        add_headers_function=settings.WHITENOISE_ADD_HEADERS_FUNCTION,
    )
    headers = dict(server.files["/site.css"].get_response("HEAD", {}).headers)
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ["/", "/duoplus/", "/duoplus/teams/nieuw/"])
def test_no_page_echoes_what_it_is_sent(everything: Client, path: str) -> None:
    assert everything.trace(path).status_code == 405


class TestLargeRequests:
    def test_more_than_a_form_judges_is_not_read(self, everything: Client) -> None:
        answer = everything.post("/duoplus/bronnen/nieuw/", {}, CONTENT_LENGTH=str(64 * 2**20 + 1))
        assert answer.status_code == 413
        assert "groter dan 64 MB" in answer.content.decode()

    def test_a_stranger_hands_in_no_files(self, client: Client) -> None:
        there = "/account/login/"
        assert client.post(there, {}, CONTENT_LENGTH=str(5 * 2**20 + 1)).status_code == 413
        assert client.post(there, {"login": "x"}).status_code == 200

    def test_files_that_fit_are_taken(self, everything: Client) -> None:
        fields = {"title": "Kadernota", "year": "2021", "file": pdf()}
        assert everything.post("/duoplus/bronnen/nieuw/", fields).status_code == 302
