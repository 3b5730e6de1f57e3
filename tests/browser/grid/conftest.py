"""The published table of Duo+ in the browser of its controller."""

import pytest
from playwright.sync_api import Page

from accounts.models import Organisation, User
from accounts.roles import Role
from investments.models import Line, Table
from tests import builders
from tests.grids import address
from tests.investments.computing import compute
from tests.screens import Visitor


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def controller(org: Organisation) -> User:
    return builders.person("Saskia Roelofsen", org, Role.CONTROLLER)


@pytest.fixture
def table(org: Organisation) -> Table:
    made = builders.sample_table(org, builders.team(org, "Informatisering en Automatisering"))
    compute(made)
    return made


@pytest.fixture
def lines(table: Table) -> list[Line]:
    """Computers, network, servers, peripherals, phones, bicycles, and the balance."""
    return list(table.lines.all())


@pytest.fixture
def page(visit: Visitor, controller: User, table: Table) -> Page:
    return visit(controller, address(table))
