import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.models import LogEntry
from accounts.roles import Role
from investments.models import Line
from reports import actions, queries
from reports.models import Report, Section, SectionKind
from reports.workflow import ReportState, SectionState
from tests import builders
from tests.agreeing import agreement_holds
from tests.reports import office as offices
from tests.reports.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return offices.build()


def test_the_road_from_draft_to_agreed(office: Office) -> None:
    office.write("<p>tekst</p>")
    assert office.take("submit").state == SectionState.IN_REVIEW
    agreed = office.take("agree")
    assert (agreed.state, agreed.agreed_by) == (SectionState.AGREED, office.director.user)
    assert agreed.agreed_hash == queries.agreement_hash(agreed)
    assert agreement_holds(agreed)
    assert list(LogEntry.objects.order_by("id").values_list("action", "user__name")) == [
        ("reports.save_section", "Joost Vermaat"),
        ("reports.submit", "Joost Vermaat"),
        ("reports.agree", "Hendrik van Aalsum"),
    ]


def test_sent_back_with_a_reason_that_goes_when_submitted_again(office: Office) -> None:
    office.take("submit")
    returned = office.take("send_back", reason="  Noem de kosten.  ")
    assert (returned.state, returned.reason) == (SectionState.DRAFT, "Noem de kosten.")
    assert office.write("<p>De kosten zijn hoog.</p>").reason == "Noem de kosten."
    assert office.take("submit").reason == ""


def test_an_agreement_that_is_sent_back_is_forgotten(office: Office) -> None:
    office.take("submit")
    office.take("agree")
    returned = office.take("send_back", reason="Toch niet.")
    assert (returned.agreed_hash, returned.agreed_by) == ("", None)


def test_the_writer_takes_it_back(office: Office) -> None:
    office.take("submit")
    assert office.take("withdraw").state == SectionState.DRAFT


@pytest.mark.parametrize("reason", ["", "   "])
def test_sending_back_needs_a_reason(office: Office, reason: str) -> None:
    office.take("submit")
    with pytest.raises(Refused) as refused:
        office.take("send_back", reason=reason)
    assert str(refused.value) == "Geef een reden, zodat de schrijver weet wat er moet veranderen."


def test_nobody_approves_their_own_text(office: Office) -> None:
    both = builders.member("Petra Goedhart", office.organisation, Role.TEAM_LEAD, Role.DIRECTOR, teams=(office.team,))
    office.write("<p>Van Petra</p>", by=both)
    office.take("submit")
    with pytest.raises(PermissionDenied):
        office.take("agree", by=both)
    assert office.take("agree").state == SectionState.AGREED


@pytest.mark.parametrize(("step", "wrong"), [("submit", "director"), ("submit", "controller"), ("agree", "lead")])
def test_steps_are_for_their_roles(office: Office, step: str, wrong: str) -> None:
    if step == "agree":
        office.take("submit")
    with pytest.raises(PermissionDenied):
        office.take(step, by=getattr(office, wrong))


def test_another_organisation_and_unknown_steps_are_not_found(office: Office) -> None:
    other = offices.build("Waterrand", "waterrand")
    with pytest.raises(Http404):
        actions.take(other.lead, office.section.pk, 1, "submit")
    with pytest.raises(Http404):
        actions.take(office.lead, office.section.pk, 1, "adopt")


def test_nobody_agrees_to_text_they_did_not_see(office: Office) -> None:
    office.write("<p>oud</p>")
    office.take("submit")
    office.take("withdraw")
    office.write("<p>nieuw</p>")
    office.take("submit")
    with pytest.raises(Conflict) as conflict:
        actions.take(office.director, office.section.pk, 2, "agree")
    assert conflict.value == Conflict("Speerpunten", "Joost Vermaat", [("tekst", "nieuw")], [], 3)
    assert Section.objects.get(pk=office.section.pk).state == SectionState.IN_REVIEW


def test_nobody_agrees_to_figures_they_did_not_see(office: Office) -> None:
    table = builders.table(office.organisation)
    line = builders.line(table, original="100", actual="90")
    section = office.add("Investeringen", SectionKind.FIGURES, table=table)
    office.take("submit", section)
    seen = queries.agreement_hash(section)
    Line.objects.filter(pk=line.pk).update(actual=95)
    with pytest.raises(Refused) as refused:
        actions.take(office.director, section.pk, 1, "agree", seen_hash=seen)
    assert str(refused.value) == (
        "Terwijl u las, zijn cijfers of toelichtingen van dit onderdeel gewijzigd. Lees het opnieuw."
    )
    now = queries.agreement_hash(Section.objects.get(pk=section.pk))
    assert actions.take(office.director, section.pk, 1, "agree", seen_hash=now).agreed_hash == now


@pytest.mark.parametrize(("first", "second"), [("agree", "withdraw"), ("withdraw", "agree"), ("agree", "agree")])
def test_of_two_steps_at_once_the_second_is_refused(office: Office, first: str, second: str) -> None:
    office.take("submit")
    office.take(first)
    with pytest.raises(Refused):
        office.take(second)


def test_an_adopted_report_takes_no_steps(office: Office) -> None:
    Report.objects.update(state=ReportState.ADOPTED)
    with pytest.raises(Refused) as refused:
        office.take("submit")
    assert str(refused.value) == "Dit rapport is vastgesteld; er verandert niets meer."
