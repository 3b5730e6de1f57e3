"""The demo: organisations from TOML files, entered as their people would: log, versions and changes are real."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404

from accounts import actions as accounts
from accounts import seen
from accounts.errors import Conflict, Refused
from accounts.members import Member, member_of
from accounts.models import Organisation, Team, User
from accounts.roles import Role
from investments import actions as investments
from investments.actions import DecisionInput, ExplanationInput, LineInput, MappingInput, RuleInput
from investments.codes import CodeError, code_range
from investments.columns import TableKind
from investments.figures import LineKind
from investments.models import Decision, Explanation, Ledger, LedgerImport, Line, Nature, Table
from investments.variance import Direction
from library import actions as library
from library import queries as material
from library.actions import DocumentInput, StyleInput
from library.html import TooDeep
from library.models import Font, HouseStyle, SourceDocument, Theme
from reports import actions as reports
from reports.actions import AchievementInput, GoalInput, SectionInput
from reports.models import Achievement, Chapter, ChapterKind, Goal, Report, ReportKind, Section, SectionKind
from reports.workflow import SectionState

from .demo_entries import DemoError, Entry, read
from .demo_logins import PASSWORD

HOUSE = "organisation.toml"
# What an action raises when the data ask for something that the portal refuses.
REFUSALS = (Refused, Conflict, PermissionDenied, Http404, TooDeep, CodeError, ValidationError, DatabaseError)


@dataclass
class Cast:
    """One organisation with what entries refer to by key, and its members."""

    organisation: Organisation
    file: str
    teams: dict[str, Team] = field(default_factory=dict)
    themes: dict[str, Theme] = field(default_factory=dict)
    documents: dict[str, SourceDocument] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)

    def first(self, role: Role) -> Member:
        """The first member with this role; raise DemoError when there is none."""
        for member in self.members:
            if member.has(role):
                return member
        raise DemoError(f"{self.file}: people: nobody has the role {role}")

    def lead(self, team: Team) -> Member:
        """The first lead of the team; raise DemoError when there is none."""
        for member in self.members:
            if member.leads(team.pk):
                return member
        raise DemoError(f"{self.file}: people: nobody leads {team}")


def load(folder: Path) -> list[Organisation]:
    """Enter every organisation below the folder with the reports beside it, all or nothing; raise DemoError."""
    places = sorted(path.parent for path in folder.glob(f"*/{HOUSE}"))
    if not places:
        raise DemoError(f"{folder}: no */{HOUSE} in it")
    with transaction.atomic():
        return [_load_organisation(place, folder) for place in places]


def _load_organisation(place: Path, root: Path) -> Organisation:
    house = read(place / HOUSE, root)
    cast = _add_people(house)
    _add_material(house, cast)
    house.refuse_unread()
    for path in sorted(place.glob("*.toml")):
        if path.name != HOUSE:
            entry = read(path, root)
            _add_report(entry, cast, place)
            entry.refuse_unread()
    return cast.organisation


@contextmanager
def _told_at(entry: Entry) -> Iterator[None]:
    """Turn what the portal refuses into a DemoError that names the entry."""
    try:
        yield
    except REFUSALS as error:
        reason = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise DemoError(f"{entry.name}: {reason or type(error).__name__}") from error


# --- people and material ----------------------------------------------------------------------------------------------
def _add_people(house: Entry) -> Cast:
    """The organisation, its teams and its people; who is new gets the demo password."""
    people = house.entries("people")
    founder = next((entry for entry in people if entry.choices("roles", Role) == [Role.ADMINISTRATOR]), None)
    if founder is None:
        raise house.error("people", "somebody must be administrator and nothing else, to set up the organisation")
    with _told_at(house):
        organisation, user = accounts.add_organisation(
            name=house.text("name", Organisation),
            short_name=house.text("short_name", Organisation),
            slug=house.text("slug", Organisation),
            email=founder.text("email", User),
            person=founder.text("name", User),
        )
    administrator = _member(user, organisation)
    cast = Cast(organisation, house.file)
    for key, entry in house.keyed("teams").items():
        with _told_at(entry):
            cast.teams[key] = accounts.add_team(administrator, entry.text("name", Team))
    founder.some_of("teams", {})
    users = [user if entry is founder else _add_person(administrator, cast, entry) for entry in people]
    new = [person.pk for person in users if not person.has_usable_password()]
    User.objects.filter(pk__in=new).update(password=make_password(PASSWORD))
    cast.members = [_member(person, organisation) for person in users]
    return cast


def _add_person(administrator: Member, cast: Cast, entry: Entry) -> User:
    email, name, roles = entry.text("email", User), entry.text("name", User), entry.choices("roles", Role)
    teams = entry.some_of("teams", cast.teams)
    if not roles:
        raise entry.error("roles", "empty; a member has at least one")
    with _told_at(entry):
        user = accounts.add_person(
            administrator, email=email, name=name, roles=roles, team_ids=[team.pk for team in teams]
        )
    if user.name != name:
        raise entry.error("name", f"{email} is called {user.name} elsewhere")
    return user


def _member(user: User, organisation: Organisation) -> Member:
    member = member_of(user, organisation.slug)
    if member is None:
        raise DemoError(f"{user.email}: no role in {organisation.slug}")
    return member


def _add_material(house: Entry, cast: Cast) -> None:
    """House style, themes and source documents, entered by the administrator."""
    administrator = cast.first(Role.ADMINISTRATOR)
    if house.has("house_style"):
        entry = house.entry("house_style")
        style = StyleInput(accent=entry.text("accent", HouseStyle), font=entry.choice("font", Font))
        shown = library.shown_style(material.house_style(cast.organisation))
        with _told_at(entry):
            library.save_house_style(administrator, style, seen_mark=seen.mark(shown))
    for key, entry in house.keyed("themes").items():
        with _told_at(entry):
            cast.themes[key] = library.add_theme(
                administrator, name=entry.text("name", Theme), heading=entry.text("heading", Theme)
            )
    for key, entry in house.keyed("documents").items():
        document = DocumentInput(
            title=entry.text("title", SourceDocument),
            year=entry.number("year"),
            address=entry.text("address", SourceDocument, default=""),
        )
        with _told_at(entry):
            cast.documents[key] = library.add_document(administrator, document)


# --- figures ----------------------------------------------------------------------------------------------------------
def _add_decision(entry: Entry, cast: Cast, year: int) -> Decision:
    """A decision; the lines that it changes name it."""
    told = DecisionInput(
        title=entry.text("title", Decision),
        date=entry.day("date"),
        number=entry.text("number", Decision, default=""),
        body=entry.text("body", Decision, default=""),
    )
    with _told_at(entry):
        return investments.add_decision(cast.first(Role.CONTROLLER), year, told, {})


def _add_table(entry: Entry, cast: Cast, year: int, decisions: Mapping[str, Decision]) -> Table:
    """A table with its lines, amendments and explanations, entered by the controller."""
    controller = cast.first(Role.CONTROLLER)
    with _told_at(entry):
        table = investments.create_table(
            controller,
            title=entry.text("title", Table),
            year=entry.number("year") if entry.has("year") else year,
            kind=entry.choice("kind", TableKind),
            unit=entry.number("unit"),
        )
        table = _shape(entry, controller, table)
        explanation = entry.text("explanation", default="")
        if explanation:
            investments.explain_table(controller, table.pk, table.version, explanation)
    entries = entry.keyed("lines")
    kinds = {key: row.choice("kind", LineKind) for key, row in entries.items()}
    # Totals come last and move to their place: a line that is added below a closing total would go above it.
    order = sorted(entries, key=lambda key: kinds[key] == LineKind.TOTAL)
    lines = {key: _add_line(entries[key], cast, table, kinds[key], decisions) for key in order}
    for place, key in enumerate(entries):
        if order[place] != key:
            investments.move_line(controller, lines[key].pk, place - order.index(key))
            order.remove(key)
            order.insert(place, key)
    for key, row in entries.items():
        if kinds[key] == LineKind.TOTAL:
            members = {line.pk: 1 for line in row.some_of("members", lines)}
            with _told_at(row):
                investments.set_members(controller, lines[key].pk, lines[key].version, members)
    return table


def _shape(entry: Entry, controller: Member, table: Table) -> Table:
    """The table as the portal makes it, but for what its source rounded to and columns that it leaves unknown."""
    columns = {column.key: column for column in table.printed_columns}
    unknown = {column.key for column in entry.some_of("unknown", columns)}
    if not unknown and not entry.has("resolution"):
        return table
    shaped = [replace(column, unknown=column.unknown or key in unknown) for key, column in columns.items()]
    style = replace(table.print_style, resolution=entry.number("resolution") if entry.has("resolution") else 1)
    investments.shape_table(controller, table.pk, table.version, shaped, style)
    table.refresh_from_db()
    return table


def _add_line(entry: Entry, cast: Cast, table: Table, kind: str, decisions: Mapping[str, Decision]) -> Line:
    """A line with its amendments; its explanation is written by the lead of the team that owns it."""
    controller = cast.first(Role.CONTROLLER)
    owner = entry.one_or_none("owner", cast.teams)
    has_budget = kind == LineKind.LINE and table.has_budget
    figures = LineInput(
        label=entry.text("label", Line),
        owner_team_id=owner.pk if owner else None,
        direction=entry.choice("direction", Direction),
        original=entry.amount("original", None if has_budget else "0"),
        actual=entry.amount("actual") if entry.has("actual") else None,
        cells=_cells(entry, table) if entry.has("cells") else {},
    )
    with _told_at(entry):
        line = investments.add_line(controller, table.pk, figures, kind=kind)
        for amendment in entry.entries("amendments"):
            decision = amendment.one_of("decision", decisions)
            investments.add_amendment(controller, line.pk, decision.pk, amendment.amount("amount"))
        if entry.has("stated"):
            stated = entry.entry("stated")
            columns = [column.key for column in investments.statable_columns(line) if stated.has(column.key)]
            investments.state_figures(controller, line.pk, line.version, {key: stated.amount(key) for key in columns})
        _add_mapping(entry, cast, line, table.year)
        if entry.has("explanation"):
            _explain_line(entry, cast.lead(owner) if owner else controller, line)
    return line


def _explain_line(entry: Entry, writer: Member, line: Line) -> None:
    """What accounts for all of the line's deviation."""
    told = entry.entry("explanation")
    explanation = ExplanationInput(
        told.text("text"), {line.pk: None}, told.text("cause", Explanation), told.choice("nature", Nature)
    )
    investments.explain_line(writer, line.pk, 0, explanation)


def _cells(entry: Entry, table: Table) -> dict[str, Decimal | str | None]:
    """What stands in columns of the table's own."""
    cells = entry.entry("cells")
    return {
        column.key: cells.text(column.key) if column.is_text else cells.amount(column.key)
        for column in table.typed_columns
        if cells.has(column.key)
    }


def _add_mapping(entry: Entry, cast: Cast, line: Line, year: int) -> None:
    """The accounts whose postings count in the line."""
    for rule in entry.entries("rules"):
        with _told_at(rule):
            accounts = code_range(rule.text("accounts"), rule.text("to", default=""))
            centres = code_range(rule.text("cost_centre", default=""))
            investments.add_rule(cast.first(Role.CONTROLLER), year, MappingInput(line.pk, accounts, centres))


def _add_postings(entry: Entry, cast: Cast, year: int, path: Path) -> None:
    """The ledger of the year, read from the CSV beside the file as the controller would."""
    ledger, _ = Ledger.objects.get_or_create(organisation=cast.organisation, year=year)
    imported = LedgerImport(ledger=ledger, name=path.name, by=cast.first(Role.CONTROLLER).user)
    try:
        with path.open("rb") as file:
            outcome = investments.bring_in(imported, file, store=True)
    except OSError as error:
        raise entry.error("postings", f"{path.name} cannot be read") from error
    if outcome.problems:
        raise entry.error("postings", f"{path.name}: {outcome.problems[0]}")


def _add_rules(entry: Entry, cast: Cast, year: int) -> None:
    """From when deviations are explained and how much may be unlawful, as far as the data say."""
    controller = cast.first(Role.CONTROLLER)
    if entry.has("deviation_rule"):
        rule = entry.entry("deviation_rule")
        with _told_at(rule):
            asked = RuleInput(rule.amount("amount"), rule.amount("percentage"))
            investments.set_deviation_rule(controller, year, 0, asked)
    if entry.has("lawfulness"):
        limit = entry.entry("lawfulness")
        with _told_at(limit):
            share, expense = limit.amount("percentage"), limit.amount("expense")
            investments.set_lawfulness_limit(controller, year, 0, share, expense)


# --- words ------------------------------------------------------------------------------------------------------------
def _add_report(entry: Entry, cast: Cast, place: Path) -> None:
    """A report with its tables, chapter tree and sections, set up by the administrator; files stand in `place`."""
    administrator = cast.first(Role.ADMINISTRATOR)
    year = entry.number("year")
    with _told_at(entry):
        report = reports.create_report(
            administrator,
            kind=entry.choice("kind", ReportKind),
            year=year,
            title=entry.text("title", Report),
            slug=entry.text("slug", Report),
        )
    decisions = {key: _add_decision(row, cast, year) for key, row in entry.keyed("decisions").items()}
    tables = {key: _add_table(row, cast, year, decisions) for key, row in entry.keyed("tables").items()}
    if entry.has("postings"):
        _add_postings(entry, cast, year, place / entry.text("postings"))
    _add_rules(entry, cast, year)
    chapters: dict[str, Chapter] = {}
    for key, row in entry.keyed("chapters").items():
        parent = row.one_or_none("parent", chapters)
        with _told_at(row):
            chapters[key] = reports.add_chapter(
                administrator,
                report.slug,
                parent.pk if parent else None,
                title=row.text("title", Chapter),
                kind=row.choice("kind", ChapterKind),
            )
    for row in entry.entries("sections"):
        _add_section(row, cast, row.one_of("chapter", chapters), row.one_or_none("table", tables))


def _add_section(entry: Entry, cast: Cast, chapter: Chapter, table: Table | None) -> None:
    """A section, written and submitted by its team's lead and agreed to by the director as far as the data say."""
    team = entry.one_of("team", cast.teams)
    state = entry.choice("state", SectionState)
    content = SectionInput(
        text=entry.text("text", default=""),
        goals=[_goal(row, cast) for row in entry.entries("goals")],
        achievements=[_achievement(row, cast) for row in entry.entries("achievements")],
    )
    with _told_at(entry):
        section = reports.add_section(
            cast.first(Role.ADMINISTRATOR),
            chapter.pk,
            title=entry.text("title", Section),
            kind=entry.choice("kind", SectionKind),
            owner_team_id=team.pk,
            table_id=table.pk if table else None,
        )
        lead = cast.lead(team)
        if content != SectionInput(goals=[], achievements=[]):
            section = reports.save_section(lead, section.pk, section.version, content)
        if state != SectionState.DRAFT:
            section = reports.take(lead, section.pk, section.version, "submit")
        if state == SectionState.AGREED:
            reports.take(cast.first(Role.DIRECTOR), section.pk, section.version, "agree")


def _goal(entry: Entry, cast: Cast) -> GoalInput:
    document = entry.one_or_none("document", cast.documents)
    return GoalInput(
        objective=entry.text("objective", Goal),
        planned_action=entry.text("planned_action", default=""),
        result=entry.text("result", default=""),
        document_id=document.pk if document else None,
        page=entry.text("page", Goal, default=""),
    )


def _achievement(entry: Entry, cast: Cast) -> AchievementInput:
    theme = entry.one_or_none("theme", cast.themes)
    return AchievementInput(
        theme_id=theme.pk if theme else None,
        title=entry.text("title", Achievement, default=""),
        text=entry.text("text", default=""),
    )
