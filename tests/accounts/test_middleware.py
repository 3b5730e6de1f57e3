import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import LogEntry, Organisation, Team
from accounts.roles import Role
from tests import builders
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def noor(duoplus: Organisation, client: Client) -> Client:
    client.force_login(builders.person("Noor", duoplus, Role.ADMINISTRATOR))
    return client


def test_a_stranger_cannot_tell_an_organisation_from_nothing(noor: Client) -> None:
    builders.organisation("Waterrand", "waterrand")
    assert [noor.get(f"/{slug}/").status_code for slug in ("duoplus", "waterrand", "bestaat-niet")] == [200, 404, 404]


def test_the_log_has_the_address_of_the_client(noor: Client) -> None:
    noor.post("/duoplus/teams/nieuw/", {"name": "Staf"}, REMOTE_ADDR="10.1.2.3")
    assert LogEntry.objects.get().address == "10.1.2.3"


def test_behind_a_proxy_only_what_that_adds_is_believed(noor: Client, settings: Settings) -> None:
    headers = {"x-forwarded-for": "6.6.6.6, 198.51.100.7"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    noor.post("/duoplus/teams/nieuw/", {"name": "Staf"}, headers=headers, REMOTE_ADDR="10.1.2.3")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    noor.post("/duoplus/teams/nieuw/", {"name": "ICT"}, headers=headers, REMOTE_ADDR="10.1.2.3")
    assert list(LogEntry.objects.order_by("id").values_list("address", flat=True)) == ["10.1.2.3", "198.51.100.7"]


def test_a_conflict_leads_back_to_the_form(noor: Client, duoplus: Organisation) -> None:
    team = builders.team(duoplus, "P&O")
    address = f"/duoplus/teams/{team.pk}/"
    seen = noor.get(address).context["form"]["seen"].value()
    Team.objects.update(name="Personeel")
    answer = noor.post(address, {"name": "Mensen", "seen": seen})
    assert (answer.status_code, answer.context["back"]) == (409, address)
    assert "Een collega was u net voor" in text(answer)
