"""The content security policy in a real browser: no page reports anything.

`tests.test_access` looks at the HTML that each role gets.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from accounts.roles import Role
from investments.models import Table
from reports.models import Achievement, Goal, Section, SectionKind
from tests import builders, world
from tests.access import ACCESS
from tests.conftest import new_profile
from tests.screens import Visitor
from tests.test_access import url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DOWNLOADS = {
    "investments:import-file",
    "investments:line-postings-export",
    "investments:table-csv",
    "investments:table-xlsx",
    "library:document-file",
    "publishing:edition-facts",
    "publishing:edition-file",
}
WORKS_WITH = {"accounts": Role.ADMINISTRATOR, "investments": Role.CONTROLLER, "reports": Role.TEAM_LEAD}
# What the policy refuses also stands in the console, which `visit` wants empty; this says what and where.
REPORT = "addEventListener('securitypolicyviolation', e => console.error(`${e.violatedDirective} ${e.blockedURI}`))"


@pytest.fixture
def profile(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """Of one test: a script that is added to each of its pages stays there."""
    made = new_profile(browser, live_server)
    yield made
    made.close()


@pytest.fixture
def made() -> world.World:
    """One of everything, with an editor, a chart and a printed table to show."""
    built = world.build()
    section = Section.objects.get()
    Goal.objects.create(section=section, position=1, objective="Doel", document_id=built.subjects["document_id"])
    Achievement.objects.create(section=section, position=1, theme_id=built.subjects["theme_id"])
    builders.section(section.chapter, section.owner_team, "Cijfers", SectionKind.FIGURES, Table.objects.get(year=2020))
    return built


def pages_of(role: Role) -> Iterator[str]:
    """What this role looks at: each page is seen by one who works with it, and by the auditor where that may be."""
    for name, access in ACCESS.items():
        if access.read is None or name in DOWNLOADS:
            continue
        works_with = WORKS_WITH.get(name.partition(":")[0], Role.DIRECTOR)
        seen_by = works_with if works_with in access.read else next(one for one in Role if one in access.read)
        if role == seen_by or (role == Role.AUDITOR and role in access.read):
            yield name


@pytest.mark.once
@pytest.mark.parametrize("role", Role)
def test_no_page_of_a_role_is_reported(context: BrowserContext, visit: Visitor, made: world.World, role: Role) -> None:
    context.add_init_script(REPORT)
    page = visit(made.people[role], "/duoplus/")
    for name in pages_of(role):
        answer = page.goto(url(name, made))
        assert answer is not None
        assert answer.status == 200, name


def test_neither_is_a_page_of_the_entrance_or_of_an_error(
    context: BrowserContext, visit: Visitor, made: world.World
) -> None:
    context.add_init_script(REPORT)
    page = visit(None, "/account/login/")
    for path in ("/account/signup/", "/account/inactive/", "/account/password/reset/", "/account/login/code/"):
        page.goto(path)
    page = visit(made.people[Role.AUDITOR], "/duoplus/")
    for path in (
        "/duoplus/bestaat-niet/",
        "/duoplus/huisstijl/",
        "/account/password/change/",
        "/account/second-factor/",
    ):
        page.goto(path)


def test_what_the_policy_refuses_would_have_been_heard(context: BrowserContext, made: world.World) -> None:
    """The proof of the tests above: a script and a style that no page of ours has."""
    context.add_init_script(
        "window.heard = []; addEventListener('securitypolicyviolation', e => heard.push(e.violatedDirective))"
    )
    page = context.new_page()
    page.goto("/account/login/")
    page.evaluate(
        """() => {
            document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))
            document.head.append(Object.assign(document.createElement('style'), {textContent: 'body {color: red}'}))
        }"""
    )
    page.wait_for_function("heard.length === 2")
    assert sorted(page.evaluate("heard")) == ["script-src-elem", "style-src-elem"]
    assert page.evaluate("window.ran") is None
