"""Two people, and a clock that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import Organisation, User
from accounts.roles import Role
from tests import builders


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still: no code grows old between a page and its answer."""
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def anna(duoplus: Organisation) -> User:
    return builders.person("Anna", duoplus, Role.DIRECTOR)


@pytest.fixture
def noor(duoplus: Organisation) -> User:
    return builders.person("Noor", duoplus, Role.ADMINISTRATOR)
