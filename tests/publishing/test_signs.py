import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from jobs.models import Job, JobState
from publishing.models import Edition
from reports.models import Report
from tests import builders

pytestmark = pytest.mark.django_db
HOME, POLL = "/duoplus/", "/duoplus/edities/sein/"


@pytest.fixture
def report() -> Report:
    made = builders.report(builders.organisation())
    builders.section(builders.chapter(made), builders.team(made.organisation), text="<p>Het jaar.</p>")
    return made


@pytest.fixture
def director(report: Report, client: Client) -> Client:
    client.force_login(builders.person("Dirk", report.organisation, Role.DIRECTOR))
    return client


def press(client: Client) -> Edition:
    client.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes"})
    return Edition.objects.latest("number")


def finish(edition: Edition) -> None:
    edition.file.save("editie.pdf", ContentFile(b"%PDF-1.7"))
    Job.objects.filter(edition=edition).update(state=JobState.DONE)


def words(client: Client, address: str = HOME) -> list[str]:
    """What the sign says, tags gone, and the addresses that it leads to."""
    page = client.get(address).content.decode()
    said = re.findall(r"<p>\s*(Editie.*?)<button", page, re.DOTALL)
    return [" ".join(re.sub(r'<a href="([^"]*)">([^<]*)</a>', r"\2 \1", part).split()) for part in said]


def polls(client: Client, address: str = HOME) -> bool:
    return f'hx-get="{POLL}"' in client.get(address).content.decode()


def test_it_is_said_once_on_the_next_page_whichever_that_is(director: Client) -> None:
    made = press(director)
    assert polls(director)
    assert words(director) == []
    finish(made)
    said = [f"Editie 1 van Jaarstukken 2020 is klaar – downloaden /duoplus/edities/{made.pk}/pdf/"]
    assert words(director, "/duoplus/tabellen/") == said
    assert words(director) == []
    assert not polls(director)


def test_a_page_that_is_open_hears_it_and_asks_no_more(director: Client) -> None:
    made = press(director)
    assert (polls(director, POLL), words(director, POLL)) == (True, [])
    finish(made)
    page = director.get(POLL).content.decode()
    assert 'hx-swap-oob="beforeend:#editie-sein"' in page
    assert f'href="/duoplus/edities/{made.pk}/pdf/"' in page
    assert "hx-get" not in page
    assert words(director) == []


def test_of_two_that_are_made_the_second_is_still_awaited(director: Client, report: Report) -> None:
    first = press(director)
    builders.section(report.chapters.get(), builders.team(report.organisation, "Staf"), "Vooruitblik", text="<p>.</p>")
    second = press(director)
    finish(first)
    page = director.get(POLL).content.decode()
    assert ("Editie 1" in page, "Editie 2" in page, "hx-get" in page) == (True, False, True)
    finish(second)
    assert [line[:8] for line in words(director)] == ["Editie 2"]


def test_one_that_failed_leads_to_why(director: Client) -> None:
    made = press(director)
    Job.objects.update(state=JobState.FAILED)
    assert words(director) == [
        f"Editie 1 van Jaarstukken 2020 is niet gemaakt – waarom niet /duoplus/edities/{made.pk}/"
    ]


def test_who_saw_it_end_on_its_own_page_is_not_told_again(director: Client) -> None:
    made = press(director)
    own = f"/duoplus/edities/{made.pk}/"
    assert not polls(director, own)
    finish(made)
    director.get(f"{own}voortgang/")
    assert words(director) == []


def test_an_edition_that_was_there_already_needs_no_sign(director: Client) -> None:
    finish(press(director))
    words(director)
    press(director)
    assert not polls(director)
    assert words(director) == []


def test_others_and_other_organisations_hear_nothing(director: Client, report: Report, client: Client) -> None:
    other = builders.organisation("Waterrand", "waterrand")
    user = builders.person("Dirk", report.organisation)
    other.memberships.create(user=user, role=Role.DIRECTOR)
    finish(press(director))
    assert words(director, "/waterrand/") == []
    colleague = Client()
    colleague.force_login(builders.person("Anna", report.organisation, Role.CONTROLLER))
    assert words(colleague) == []
    assert len(words(director)) == 1


def test_who_waits_for_nothing_asks_nothing(
    director: Client, report: Report, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # session, person, roles
    with django_assert_num_queries(3):
        director.get(POLL)
    made = press(director)
    with django_assert_num_queries(4):
        director.get(POLL)
    finish(made)
    # and the session, which forgets it, within a savepoint
    with django_assert_num_queries(7):
        director.get(POLL)
