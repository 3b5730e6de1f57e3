"""Four organisations with 350 people in the middle of their year: what the load test logs in to."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Organisation, Team, User
from accounts.roles import Role
from investments.models import Table
from reports.models import Report, Section, SectionKind
from tests import builders

ORGANISATIONS = 4
PEOPLE = 350
TEAMS = 12
CHAPTERS = 12
SECTIONS_PER_CHAPTER = 5
LINES = 60
# Of every twenty people; the rest of a house in the weeks before the deadline reads.
ROLES = [*[Role.TEAM_LEAD] * 10, *[Role.CONTROLLER] * 5, *[Role.DIRECTOR] * 3, Role.ADMINISTRATOR, Role.AUDITOR]
PARAGRAPH = (
    "<p>In het afgelopen jaar zijn de werkplekken vervangen en is de dienstverlening aan de deelnemers op peil "
    "gebleven. De vertraging bij de leverancier is in het vierde kwartaal ingelopen.</p>"
)


@dataclass(frozen=True)
class Person:
    """Who logs in, and which section or line is theirs to write in."""

    email: str
    password: str
    organisation: str
    role: str
    report: str
    table: int
    section: int
    line: int


def build(target: Path) -> None:
    """Make everybody and everything in an empty database, and write down who is who."""
    with transaction.atomic():
        people = [person for number in range(ORGANISATIONS) for person in _organisation(number)]
    target.write_text(json.dumps([asdict(person) for person in people]))


def _organisation(number: int) -> list[Person]:
    organisation = builders.organisation(f"Regio {number}", f"regio-{number}")
    teams = [builders.team(organisation, f"Team {index}") for index in range(TEAMS)]
    report = builders.report(organisation)
    table = builders.table(organisation)
    lines = [builders.line(table, f"Krediet {index}", "1000", "900", amendment="50") for index in range(LINES)]
    builders.total(table, *lines)
    sections = _sections(report, teams, table)
    own = PEOPLE // ORGANISATIONS + (number < PEOPLE % ORGANISATIONS)
    users = _users(organisation, own)
    roles = [ROLES[index % len(ROLES)] for index in range(own)]
    _memberships(organisation, users, roles, teams)
    # Nobody writes where a colleague does, so that every refused save is an error.
    own_section, own_line = iter(sections), iter(lines)
    return [
        Person(
            user.email,
            builders.PASSWORD,
            organisation.slug,
            role,
            report.slug,
            table.pk,
            next(own_section).pk if role == Role.TEAM_LEAD else sections[0].pk,
            next(own_line).pk if role == Role.CONTROLLER else lines[0].pk,
        )
        for user, role in zip(users, roles, strict=True)
    ]


def _sections(report: Report, teams: list[Team], table: Table) -> list[Section]:
    """A report of some 150 pages; its table stands in one section."""
    made = []
    for index in range(CHAPTERS):
        chapter = builders.chapter(report, f"Programma {index}")
        for place in range(SECTIONS_PER_CHAPTER):
            team = teams[(index * SECTIONS_PER_CHAPTER + place) % len(teams)]
            made.append(builders.section(chapter, team, f"Onderdeel {place}", text=PARAGRAPH * 25))
    builders.section(chapter, teams[0], "Investeringen", kind=SectionKind.FIGURES, table=table)
    Section.objects.filter(pk__in=[section.pk for section in made]).update(saved_at=timezone.now())
    return made


def _users(organisation: Organisation, count: int) -> list[User]:
    """One hash for all: hashing 350 passwords is what the logins do, not the population."""
    password = make_password(builders.PASSWORD)
    rows = [
        User(email=f"p{index}@{organisation.slug}.example", name=f"Persoon {index}", password=password)
        for index in range(count)
    ]
    return User.objects.bulk_create(rows)


def _memberships(organisation: Organisation, users: list[User], roles: list[Role], teams: list[Team]) -> None:
    pairs = zip(users, roles, strict=True)
    rows = [Membership(user=user, organisation=organisation, role=role) for user, role in pairs]
    for row in Membership.objects.bulk_create(rows):
        if row.role == Role.TEAM_LEAD:
            row.teams.set(teams)
