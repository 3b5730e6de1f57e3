"""A report with people around it: what most tests of reports start from."""

from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from accounts.members import Member, member_of
from accounts.models import Organisation, Team, User
from accounts.roles import Role
from reports import actions
from reports.models import Chapter, Report, Section, SectionKind
from tests import builders


@dataclass(frozen=True)
class Office:
    """Team Financiën with its lead Joost, a director, a controller, and one unwritten section."""

    organisation: Organisation
    team: Team
    lead: Member
    director: Member
    controller: Member
    report: Report
    chapter: Chapter
    section: Section

    def member(self, user: User) -> Member:
        found = member_of(user, self.organisation.slug)
        assert found is not None
        return found

    def url(self, name: str, section: Section | None = None, **more: object) -> str:
        """The address of a page about a section."""
        subject = (section or self.section).pk
        return reverse(
            f"reports:{name}", kwargs={"organisation": self.organisation.slug, "section_id": subject, **more}
        )

    def page(self, name: str, **more: object) -> str:
        """Any other address of reports."""
        return reverse(f"reports:{name}", kwargs={"organisation": self.organisation.slug, **more})

    def write(self, text: str, section: Section | None = None, by: Member | None = None) -> Section:
        """Save the text on top of what stands there now."""
        now = Section.objects.get(pk=(section or self.section).pk)
        return actions.save_section(by or self.lead, now.pk, now.version, actions.SectionInput(text))

    def take(self, step: str, section: Section | None = None, by: Member | None = None, reason: str = "") -> Section:
        """Take a step from where the section stands now; by the lead or the director, whose step it is."""
        now = Section.objects.get(pk=(section or self.section).pk)
        person = by or (self.lead if step in {"submit", "withdraw"} else self.director)
        return actions.take(person, now.pk, now.version, step, reason)

    def add(self, title: str, kind: SectionKind = SectionKind.NARRATIVE, **more: object) -> Section:
        """One more section of the team in the same chapter."""
        return builders.section(self.chapter, self.team, title, kind, **more)  # type: ignore[arg-type]


def build(short_name: str = "Duo+", slug: str = "duoplus") -> Office:
    organisation = builders.organisation(short_name, slug)
    team = builders.team(organisation)
    report = builders.report(organisation)
    chapter = builders.chapter(report)
    return Office(
        organisation=organisation,
        team=team,
        lead=builders.member("Joost Vermaat", organisation, Role.TEAM_LEAD, teams=(team,)),
        director=builders.member("Hendrik van Aalsum", organisation, Role.DIRECTOR),
        controller=builders.member("Saskia Roelofsen", organisation, Role.CONTROLLER),
        report=report,
        chapter=chapter,
        section=builders.section(chapter, team),
    )


def signed_in(member: Member) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(member.user)
    return client
