"""Who may do what with reports and sections: small predicates, shared by actions and templates."""

from accounts.members import Member
from accounts.roles import Role

from . import queries
from .models import Report, Section
from .workflow import ReportState, SectionState, Transition, transitions_from


def may_arrange(member: Member) -> bool:
    """Reports and their chapter trees are set up by the functional administrator."""
    return member.has(Role.ADMINISTRATOR)


def sees_coverage(member: Member) -> bool:
    """How far deviations are explained is work of who explains, decides on or checks figures."""
    return member.has(Role.CONTROLLER, Role.TEAM_LEAD, Role.DIRECTOR, Role.AUDITOR)


def is_writer(member: Member) -> bool:
    """Whether this person leads teams, and so has sections to write."""
    return member.has(Role.TEAM_LEAD)


def is_reviewer(member: Member) -> bool:
    """Whether sections are submitted to this person."""
    return member.has(Role.DIRECTOR)


def may_write(member: Member, section: Section) -> bool:
    """A section is written by the lead of its team, in every state; whether it is open is another question."""
    return member.leads(section.owner_team_id)


def is_open(section: Section, report: Report) -> bool:
    """Whether a section can be written in now: a draft in a report that is not adopted."""
    return section.state == SectionState.DRAFT and report.state == ReportState.OPEN


def may_review(member: Member, section: Section) -> bool:
    """The director reviews, but nobody approves their own text or figures."""
    if not member.has(Role.DIRECTOR) or member.leads(section.owner_team_id):
        return False
    return section.pk not in queries.written_by(member.user, [section])


def may_take(member: Member, section: Section, transition: Transition) -> bool:
    """Writers submit and withdraw; reviewers agree; sending back needs no distance from the text."""
    if transition.name in ("submit", "withdraw"):
        return may_write(member, section)
    if transition.name == "send_back":
        return member.has(Role.DIRECTOR)
    return may_review(member, section)


def open_transitions(member: Member, section: Section, report: Report) -> list[Transition]:
    """The steps this person can take with this section now: the buttons of the page."""
    if report.state != ReportState.OPEN:
        return []
    return [step for step in transitions_from(section.state) if may_take(member, section, step)]
