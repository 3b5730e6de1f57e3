"""Every address × role × organisation. An address that is not listed here fails the test."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Organisation
from accounts.roles import Role
from tests import builders, world
from tests.access import ACCESS, OPEN

ROLES = list(Role)


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
    return answer.status_code


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_each_role_reads_what_it_may(name: str, made: world.World, client: Client) -> None:
    access = ACCESS[name]
    for role in ROLES:
        client.force_login(made.people[role])
        expected = 405 if access.read is None else 200 if role in access.read else 403
        assert ask(client, url(name, made)) == expected, role


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_each_role_changes_what_it_may(name: str, made: world.World, client: Client) -> None:
    """Each role finds everything in place: what the one before changed is taken back."""
    access = ACCESS[name]
    for role in ROLES:
        client.force_login(made.people[role])
        expected = {405} if access.change is None else {200, 302, 409, 422} if role in access.change else {403}
        with transaction.atomic():
            assert ask(client, url(name, made), access.fields) in expected, role
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_a_stranger_is_told_nothing(name: str, made: world.World, client: Client) -> None:
    client.force_login(builders.person("Sjoerd", made.other, *ROLES))
    assert ask(client, url(name, made)) == 404
    assert ask(client, url(name, made), ACCESS[name].fields) == 404


@pytest.mark.parametrize("name", WITH_SUBJECT)
def test_a_foreign_subject_below_the_own_organisation_is_404(name: str, made: world.World, client: Client) -> None:
    """The id of another organisation's row, asked for in the own organisation, by someone with every role."""
    client.force_login(builders.person("Sjoerd", made.other, *ROLES))
    address = url(name, made, made.other)
    assert ask(client, address) == (405 if ACCESS[name].read is None else 404)
    assert ask(client, address, ACCESS[name].fields) == (405 if ACCESS[name].change is None else 404)


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_who_is_not_signed_in_goes_to_the_login_page(name: str, made: world.World, client: Client) -> None:
    answer = client.get(url(name, made))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
