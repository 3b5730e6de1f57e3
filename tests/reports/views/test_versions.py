import pytest
from django.test import Client

from reports.models import Section, SectionVersion
from tests.reports import office as offices
from tests.reports.office import Office, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    made = offices.build()
    made.write("<p>Wij deden veel.</p>")
    made.write("<p>Wij deden heel veel.</p>\n<p>En meer.</p>")
    return made


@pytest.fixture
def lead(office: Office) -> Client:
    return signed_in(office.lead)


def words(text: str) -> str:
    return " ".join(text.split())


def test_versions_of_one_sitting_stand_together(office: Office, lead: Client) -> None:
    answer = lead.get(office.url("versions"))
    (sitting,) = answer.context["sittings"]
    assert (sitting.last.number, [version.number for version in sitting.earlier]) == (3, [2])
    page = words(answer.content.decode())
    assert "1 eerder opgeslagen" in page
    assert page.count("Terugzetten") == 1


def test_nothing_was_saved_yet(office: Office, lead: Client) -> None:
    empty = office.add("Leeg")
    assert "Er is nog niets opgeslagen." in lead.get(office.url("versions", empty)).content.decode()


def test_who_may_not_write_may_not_restore(office: Office) -> None:
    page = signed_in(office.director).get(office.url("versions")).content.decode()
    assert "Terugzetten" not in page
    assert "Vergelijken" in page


def test_a_version_beside_the_one_before(office: Office, lead: Client) -> None:
    page = words(lead.get(office.url("version", number=3)).content.decode())
    assert "Vergeleken met versie 2" in page
    assert "<p>Wij deden <ins>heel </ins>veel.</p>" in page
    assert "<p><ins>En meer.</ins></p>" in page
    assert "Deze versie terugzetten" not in page


def test_a_version_beside_another(office: Office, lead: Client) -> None:
    page = words(lead.get(office.url("version", number=2), {"met": "3"}).content.decode())
    assert "Vergeleken met versie 3" in page
    assert "<p>Wij deden <del>heel </del>veel.</p>" in page
    assert "Deze versie terugzetten" in page


def test_the_first_version_stands_alone(office: Office, lead: Client) -> None:
    page = words(lead.get(office.url("version", number=2)).content.decode())
    assert "Dit is de eerste versie." in page
    assert "<p><ins>Wij deden veel.</ins></p>" in page


def test_restoring_makes_a_new_version(office: Office, lead: Client) -> None:
    answer = lead.post(office.url("version-restore", number=2), {"version": "3"}, follow=True)
    assert answer.redirect_chain == [(office.url("section-write"), 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "Versie 2 is teruggezet. De tekst van daarvoor blijft als versie bewaard."
    ]
    assert Section.objects.get(pk=office.section.pk).text == "<p>Wij deden veel.</p>"
    assert [version.number for version in SectionVersion.objects.all()] == [4, 3, 2]


def test_restoring_over_a_newer_text_is_a_conflict(office: Office, lead: Client) -> None:
    answer = lead.post(office.url("version-restore", number=2), {"version": "2"})
    assert answer.status_code == 409
    assert f'href="{office.url("versions")}"' in answer.content.decode()
    assert Section.objects.get(pk=office.section.pk).version == 3


def test_restoring_is_refused_outside_a_draft(office: Office, lead: Client) -> None:
    office.take("submit")
    assert lead.post(office.url("version-restore", number=2), {"version": "3"}).status_code == 409


def test_restoring_is_for_the_lead_and_needs_a_version_that_is_there(office: Office, lead: Client) -> None:
    address = office.url("version-restore", number=2)
    assert signed_in(office.director).post(address, {"version": "3"}).status_code == 403
    assert lead.post(office.url("version-restore", number=9), {"version": "3"}).status_code == 404
    assert lead.post(address).status_code == 302
    assert lead.get(address).status_code == 405
    assert Section.objects.get(pk=office.section.pk).version == 3


def test_another_organisation_finds_no_versions(office: Office) -> None:
    stranger = signed_in(offices.build("Waterrand", "waterrand").lead)
    assert stranger.get(office.url("version", number=2)).status_code == 404
    assert stranger.post(office.url("version-restore", number=2), {"version": "3"}).status_code == 404
