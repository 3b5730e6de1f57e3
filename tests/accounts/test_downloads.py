"""A file as a whole and in parts, at the address of an edition; and that every stored file is sent in this way."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.downloads import Unsatisfiable, span
from accounts.roles import Role
from publishing.models import Edition
from tests import builders, world
from tests.test_access import url

BODY = b"%PDF-1.7 0123456789"
SIZE = len(BODY)
ETAG = '"' + "ab" * 32 + '"'


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=5-9", (5, 9)),
        ("Bytes=5-", (5, 18)),
        ("bytes=5-999", (5, 18)),
        ("bytes=-4", (15, 18)),
        ("bytes=-999", (0, 18)),
        ("", None),
        ("bytes=-", None),
        ("bytes=9-5", None),
        ("bytes=0-1,4-5", None),
        ("bytes=a-b", None),
        ("bytes=٣-", None),
        ("lines=1-2", None),
        (f"bytes={'9' * 40}-", None),
    ],
)
def test_what_is_asked_for(asked: str, found: tuple[int, int] | None) -> None:
    assert span(asked, SIZE) == found


@pytest.mark.parametrize(
    ("asked", "size"), [("bytes=19-", 19), ("bytes=99-120", 19), ("bytes=-0", 19), ("bytes=0-", 0)]
)
def test_no_byte_of_the_file(asked: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        span(asked, size)


@pytest.fixture
def made(db: None) -> world.World:
    made = world.build()
    edition = Edition.objects.get()
    edition.file.save("editie.pdf", ContentFile(BODY), save=False)
    edition.sha256, edition.size = "ab" * 32, SIZE
    edition.save()
    return made


def ask(client: Client, made: world.World, **headers: str) -> tuple[Any, bytes]:
    """The answer and what was in it; reading to the end closes the file."""
    answer = client.get(url("publishing:edition-file", made), headers=headers)
    return answer, b"".join(answer) if answer.streaming else answer.content


def test_all_of_it(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.DIRECTOR])
    answer, body = ask(client, made)
    assert (answer.status_code, body) == (200, BODY)
    assert {name: answer[name] for name in ("Accept-Ranges", "Content-Length", "ETag", "Cache-Control")} == {
        "Accept-Ranges": "bytes",
        "Content-Length": str(SIZE),
        "ETag": ETAG,
        "Cache-Control": "no-store",
    }


def test_a_part_of_it(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.DIRECTOR])
    answer, body = ask(client, made, range="bytes=9-12")
    assert (answer.status_code, body) == (206, b"0123")
    assert (answer["Content-Range"], answer["Content-Length"], answer["ETag"]) == (f"bytes 9-12/{SIZE}", "4", ETAG)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_broken_download_is_picked_up_where_it_stopped(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.DIRECTOR])
    _, first = ask(client, made, range="bytes=0-6")
    answer, rest = ask(client, made, **{"range": "bytes=7-", "if-range": ETAG})
    assert (answer.status_code, first + rest) == (206, BODY)


@pytest.mark.parametrize("condition", ['"other"', f"W/{ETAG}", "Sun, 29 Nov 2026 12:00:00 GMT"])
def test_of_a_file_that_may_have_changed_all_is_sent(made: world.World, client: Client, condition: str) -> None:
    client.force_login(made.people[Role.DIRECTOR])
    answer, body = ask(client, made, **{"range": "bytes=7-", "if-range": condition})
    assert (answer.status_code, body) == (200, BODY)


def test_a_part_that_is_not_there(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.DIRECTOR])
    answer, body = ask(client, made, range="bytes=900-")
    assert (answer.status_code, answer["Content-Range"], body) == (416, f"bytes */{SIZE}", b"")


def test_only_the_head_of_it(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.DIRECTOR])
    answer = client.head(url("publishing:edition-file", made), headers={"range": "bytes=0-1"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer["Content-Length"], answer["ETag"], answer["Accept-Ranges"]) == (str(SIZE), ETAG, "bytes")


FILES = ["investments:import-file", "library:document-file", "publishing:edition-file"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_part_is_refused_to_strangers(made: world.World, client: Client, name: str, method: str) -> None:
    ask_for = getattr(client, method)
    asked = {"headers": {"range": "bytes=0-3"}}
    answer = ask_for(url(name, made), **asked)
    assert (answer.status_code, answer["Location"][:15]) == (302, reverse("account_login")[:15])
    client.force_login(builders.person("Sjoerd", made.other, *Role))
    assert ask_for(url(name, made), **asked).status_code == 404
    assert ask_for(url(name, made, made.other), **asked).status_code == 404


@pytest.mark.parametrize("name", FILES)
def test_every_file_in_storage_can_be_had_in_parts(made: world.World, client: Client, name: str) -> None:
    client.force_login(made.people[Role.CONTROLLER])
    answer = client.get(url(name, made), headers={"range": "bytes=1-3"})
    assert (answer.status_code, len(b"".join(answer))) == (206, 3)
    assert re.fullmatch(r'"[^"]+"', answer["ETag"])


def test_no_stored_file_is_sent_in_another_way() -> None:
    """Files that are made while their reader waits, and the logo, are no files in storage to go on with."""
    apps = ("accounts", "jobs", "library", "investments", "reports", "publishing", "duoplus")
    sources = [path for app in apps for path in (settings.BASE_DIR / app).rglob("*.py")]
    found = {str(path.relative_to(settings.BASE_DIR)): path.read_text().count("FileResponse(") for path in sources}
    assert {name: count for name, count in found.items() if count} == {
        "accounts/downloads.py": 2,
        "investments/views/files.py": 1,
        "library/views.py": 1,
    }
