"""Rows for tests, made the way the portal makes them; names are human, addresses end in .example."""

import hashlib
from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile

from accounts.members import Member, member_of
from accounts.models import Membership, Organisation, Team, User
from accounts.roles import Role
from investments.actions import Target, first_guess
from investments.figures import LineKind
from investments.models import Amendment, Decision, Explanation, Line, Table, TableImport, TotalMember
from investments.variance import Direction
from reports.models import Chapter, Report, Section, SectionKind

PASSWORD = "een heel goed wachtwoord"
FIGURES = b"Omschrijving;Begroting 2020;Rekening 2020\nAanschaf servers;120;95\n"


def organisation(short_name: str = "Duo+", slug: str = "duoplus") -> Organisation:
    return Organisation.objects.create(
        name=f"Gemeenschappelijke regeling {short_name}", short_name=short_name, slug=slug
    )


def team(organisation: Organisation, name: str = "Financiën") -> Team:
    return Team.objects.create(organisation=organisation, name=name)


def person(name: str, organisation: Organisation, *roles: Role, teams: tuple[Team, ...] = ()) -> User:
    """A person with roles; the teams are those that a team lead leads. E-mail: first name @ organisation."""
    email = f"{name.split()[0].lower()}@{organisation.slug}.example"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, name=name)
    for role in roles:
        row = Membership.objects.create(user=user, organisation=organisation, role=role)
        if role == Role.TEAM_LEAD:
            row.teams.set(teams)
    return user


def member(name: str, organisation: Organisation, *roles: Role, teams: tuple[Team, ...] = ()) -> Member:
    """The same person as actions see them."""
    user = person(name, organisation, *roles, teams=teams)
    found = member_of(user, organisation.slug)
    assert found is not None
    return found


def table(organisation: Organisation, title: str = "Investeringen ICT", year: int = 2020, unit: int = 1000) -> Table:
    return Table.objects.create(organisation=organisation, title=title, year=year, unit=unit)


def line(
    table: Table,
    label: str = "Aanschaf servers",
    original: str = "0",
    actual: str | None = None,
    *,
    amendment: str | None = None,
    owner: Team | None = None,
    direction: Direction = Direction.CREDIT,
) -> Line:
    """A plain line at the end of the table; amounts in euros as written in Python."""
    row = Line.objects.create(
        table=table,
        position=table.lines.count() + 1,
        label=label,
        direction=direction,
        owner_team=owner,
        original=Decimal(original),
        actual=None if actual is None else Decimal(actual),
    )
    if amendment is not None:
        amend(row, amendment)
    return row


def decision(
    organisation: Organisation, title: str = "Begrotingswijziging 2020", day: str = "2020-12-31", year: int = 2020
) -> Decision:
    """The decision with this title, made when it is not there yet."""
    found, _ = Decision.objects.get_or_create(
        organisation=organisation, title=title, year=year, defaults={"date": date.fromisoformat(day)}
    )
    return found


def amend(line: Line, amount: str, title: str = "Begrotingswijziging 2020", day: str = "2020-12-31") -> Amendment:
    """What a decision of that title changes in the line's budget, in euros as written in Python."""
    made = decision(line.table.organisation, title, day, line.table.year)
    return line.amendments.create(decision=made, amount=Decimal(amount))


def explain(*lines: Line, text: str = "<p>Meer laptops.</p>", amount: str | None = None) -> Explanation:
    """One explanation of all these lines: for so many euros at each, or for all that others leave."""
    made = Explanation.objects.create(table=lines[0].table, text=text)
    for line in lines:
        made.claims.create(line=line, amount=None if amount is None else Decimal(amount))
    return made


def total(table: Table, *members: Line, label: str = "Saldo") -> Line:
    """A total of the given lines, each counted once."""
    row = Line.objects.create(table=table, position=table.lines.count() + 1, label=label, kind=LineKind.TOTAL)
    TotalMember.objects.bulk_create(TotalMember(total=row, line=member) for member in members)
    return row


def table_import(table: Table, by: User, content: bytes = FIGURES) -> TableImport:
    """A CSV file that was handed in for the table."""
    guessed = first_guess(Target.of(table), content, 1000).mapping
    row = TableImport(
        organisation=table.organisation,
        table=table,
        year=table.year,
        title=table.title,
        name="investeringen.csv",
        sha256=hashlib.sha256(content).hexdigest(),
        mapping=guessed.as_data(),
        signature=guessed.signature,
        by=by,
    )
    row.file.save("investeringen.bin", ContentFile(content))
    return row


def report(organisation: Organisation, title: str = "Jaarstukken 2020", slug: str = "jaarstukken-2020") -> Report:
    return Report.objects.create(organisation=organisation, year=2020, title=title, slug=slug)


def chapter(report: Report, title: str = "Programma Bedrijfsvoering", parent: Chapter | None = None) -> Chapter:
    position = report.chapters.filter(parent=parent).count() + 1
    return Chapter.objects.create(report=report, title=title, parent=parent, position=position)


def section(
    chapter: Chapter,
    owner: Team,
    title: str = "Speerpunten",
    kind: SectionKind = SectionKind.NARRATIVE,
    table: Table | None = None,
    text: str = "",
) -> Section:
    return Section.objects.create(
        chapter=chapter,
        position=chapter.sections.count() + 1,
        title=title,
        kind=kind,
        owner_team=owner,
        table=table,
        text=text,
    )


SAMPLE_LINES = [
    ("I&A - aanschaf computerapparatuur", "232000", "255600"),
    ("I&A - aanschaf netwerkapparatuur", "80000", "67900"),
    ("I&A - aanschaf serverapparatuur", "180000", "57800"),
    ("I&A - aanschaf randapparatuur", "55000", "64700"),
    ("I&A - aanschaf telefoons", "20000", "18900"),
    ("Voorfinanciering fiets", "0", "0"),
]


def sample_table(organisation: Organisation, owner: Team | None = None) -> Table:
    """Duo+'s ICT investments of 2020: the table that must print as published (domain rules 2 and 6)."""
    made = table(organisation)
    lines = [
        line(made, label, actual=actual, amendment=amendment if amendment != "0" else None, owner=owner)
        for label, amendment, actual in SAMPLE_LINES
    ]
    total(made, *lines)
    return made
