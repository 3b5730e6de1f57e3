import pytest

from accounts.roles import Role
from investments import actions as figures
from investments.actions import ExplanationInput
from reports import permissions
from reports.models import Report, Section, SectionKind
from reports.workflow import ReportState, SectionState
from tests import builders
from tests.reports import office as offices
from tests.reports.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return offices.build()


def names(office: Office, role: Role) -> list[str]:
    section = Section.objects.select_related("chapter__report").get(pk=office.section.pk)
    person = {Role.TEAM_LEAD: office.lead, Role.DIRECTOR: office.director, Role.CONTROLLER: office.controller}[role]
    return [step.name for step in permissions.open_transitions(person, section, section.chapter.report)]


def test_who_writes_and_who_reviews(office: Office) -> None:
    other = builders.team(office.organisation, "Staf")
    stranger = builders.member("Maarten Overdiep", office.organisation, Role.TEAM_LEAD, teams=(other,))
    people = [office.lead, stranger, office.director, office.controller]
    assert [permissions.may_write(person, office.section) for person in people] == [True, False, False, False]
    assert [permissions.may_review(person, office.section) for person in people] == [False, False, True, False]
    assert [permissions.is_writer(person) for person in people] == [True, True, False, False]
    assert [permissions.is_reviewer(person) for person in people] == [False, False, True, False]


def test_only_the_administrator_arranges(office: Office) -> None:
    noor = builders.member("Noor Bakhuis", office.organisation, Role.ADMINISTRATOR)
    assert permissions.may_arrange(noor)
    assert not permissions.may_arrange(office.director)


@pytest.mark.parametrize(
    ("state", "lead", "director"),
    [
        (SectionState.DRAFT, ["submit"], []),
        (SectionState.IN_REVIEW, ["withdraw"], ["send_back", "agree"]),
        (SectionState.AGREED, [], ["send_back"]),
    ],
)
def test_the_buttons_of_each_state(office: Office, state: str, lead: list[str], director: list[str]) -> None:
    Section.objects.update(state=state)
    assert names(office, Role.TEAM_LEAD) == lead
    assert names(office, Role.DIRECTOR) == director
    assert names(office, Role.CONTROLLER) == []


def test_an_adopted_report_has_no_buttons(office: Office) -> None:
    Section.objects.update(state=SectionState.IN_REVIEW)
    Report.objects.update(state=ReportState.ADOPTED)
    assert names(office, Role.TEAM_LEAD) == []
    assert names(office, Role.DIRECTOR) == []


@pytest.mark.parametrize(
    ("state", "report", "is_open"),
    [("draft", "open", True), ("in_review", "open", False), ("agreed", "open", False), ("draft", "adopted", False)],
)
def test_a_draft_in_an_open_report_can_be_written_in(office: Office, state: str, report: str, is_open: bool) -> None:
    assert permissions.is_open(Section(state=state), Report(state=report)) is is_open


def test_nobody_reviews_what_they_ever_wrote(office: Office) -> None:
    both = builders.member("Petra Goedhart", office.organisation, Role.TEAM_LEAD, Role.DIRECTOR, teams=(office.team,))
    office.write("<p>Van Petra</p>", by=both)
    former = builders.member("Petra Goedhart", office.organisation)
    assert not permissions.may_review(both, office.section)
    both.user.memberships.filter(role=Role.TEAM_LEAD).delete()
    assert not permissions.may_review(office.member(former.user), office.section)
    assert permissions.may_review(office.director, office.section)


def test_nobody_reviews_figures_they_entered_or_explained(office: Office) -> None:
    table = builders.table(office.organisation)
    line = builders.line(table, original="100", owner=office.team)
    section = office.add("Investeringen", SectionKind.FIGURES, table=table)
    petra = builders.member("Petra Goedhart", office.organisation, Role.CONTROLLER, Role.DIRECTOR)
    assert permissions.may_review(petra, section)
    figures.explain_line(petra, line.pk, 0, ExplanationInput("<p>Duurder</p>", {line.pk: None}))
    assert not permissions.may_review(petra, section)
    assert permissions.may_review(petra, office.section)
    assert permissions.may_review(office.director, section)
