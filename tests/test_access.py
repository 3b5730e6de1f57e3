"""Every address × role × organisation. An address that is not listed here fails the test."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Organisation
from accounts.roles import Role
from tests import builders, world
from tests.access import ACCESS, OPEN

ROLES = list(Role)
# What the content security policy refuses, and a browser would say in its console.
INLINE = re.compile(
    r"<[a-z][^<>]*\s(?:style|on[a-z]+)\s*=|<(?:script|style)\b(?![^<>]*\s(?:nonce=|src=|type=.application/json))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Address:
    """A URL pattern by name, with the names of what it takes."""

    name: str
    takes: frozenset[str]

    @property
    def subjects(self) -> frozenset[str]:
        return self.takes - {"organisation"}


def addresses(patterns: list[URLPattern | URLResolver], space: str = "", *takes: str) -> Iterator[Address]:
    for pattern in patterns:
        own = (*takes, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            below = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, below, *own)
        else:
            yield Address(f"{space}{pattern.name}", frozenset(own))


ALL = {address.name: address for address in addresses(get_resolver().url_patterns)}
INSIDE = {name for name, address in ALL.items() if "organisation" in address.takes}
WITH_SUBJECT = sorted(name for name in INSIDE if ALL[name].subjects)


def test_every_address_is_listed_and_every_listed_address_exists() -> None:
    assert set(ACCESS) == INSIDE
    assert set(ALL) - INSIDE == OPEN


@pytest.fixture
def made(db: None) -> world.World:
    return world.build()


def url(name: str, made: world.World, organisation: Organisation | None = None) -> str:
    subjects = {subject: made.subjects[subject] for subject in ALL[name].subjects}
    return reverse(name, kwargs={"organisation": (organisation or made.organisation).slug, **subjects})


def ask(client: Client, address: str, fields: dict[str, str] | None = None) -> int:
    """The status of a GET, or of a POST when there are fields; a download is read to its end, which closes it."""
    answer = client.get(address) if fields is None else client.post(address, fields)
    if answer.streaming:
        list(answer)
    elif answer["Content-Type"].startswith("text/html"):
        assert INLINE.search(answer.content.decode()) is None, address
    return answer.status_code


def answers(client: Client, made: world.World, names: Iterable[str], *, change: bool = False) -> dict[str, int]:
    """The status of each address; every one finds everything in place, since what the one before changed is undone."""
    found = {}
    for name in names:
        with transaction.atomic():
            found[name] = ask(client, url(name, made), ACCESS[name].fields if change else None)
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_it_may(role: Role, made: world.World, client: Client) -> None:
    client.force_login(made.people[role])
    assert answers(client, made, ACCESS) == {
        name: 405 if access.read is None else 200 if role in access.read else 403 for name, access in ACCESS.items()
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_changes_what_it_may(role: Role, made: world.World, client: Client) -> None:
    client.force_login(made.people[role])
    found = answers(client, made, ACCESS, change=True)
    done = {name: status if status in {200, 302, 409, 422} else None for name, status in found.items()}
    assert found == {
        name: 405 if access.change is None else done[name] if role in access.change else 403
        for name, access in ACCESS.items()
    }


@pytest.mark.parametrize("change", [False, True])
def test_a_stranger_is_told_nothing(change: bool, made: world.World, client: Client) -> None:
    client.force_login(builders.person("Sjoerd", made.other, *ROLES))
    assert answers(client, made, ACCESS, change=change) == dict.fromkeys(ACCESS, 404)


@pytest.mark.parametrize("change", [False, True])
def test_a_foreign_subject_below_the_own_organisation_is_404(change: bool, made: world.World, client: Client) -> None:
    """The id of another organisation's row, asked for in the own organisation, by someone with every role."""
    client.force_login(builders.person("Sjoerd", made.other, *ROLES))
    theirs = replace(made, organisation=made.other)
    allowed = {name: ACCESS[name].change if change else ACCESS[name].read for name in WITH_SUBJECT}
    assert answers(client, theirs, WITH_SUBJECT, change=change) == {
        name: 405 if roles is None else 404 for name, roles in allowed.items()
    }


def test_who_is_not_signed_in_goes_to_the_login_page(made: world.World, client: Client) -> None:
    for name in ACCESS:
        answer = client.get(url(name, made))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/"), name
