from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry, Team
from accounts.roles import Role
from accounts.seen import mark
from reports import actions, queries
from reports.models import Chapter, Goal, Report, Section, SectionKind, SectionVersion
from reports.workflow import ReportState
from tests import builders
from tests.agreeing import agreement_holds

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor() -> Member:
    return builders.member("Noor", builders.organisation(), Role.ADMINISTRATOR)


@pytest.fixture
def report(noor: Member) -> Report:
    """1 Inleiding; 2 Programma's with 2.1 Burger and 2.2 Bedrijf (which has 2.2.1 Doelen); 3 Bijlagen."""
    made = builders.report(noor.organisation)
    builders.chapter(made, "Inleiding")
    programmes = builders.chapter(made, "Programma's")
    builders.chapter(made, "Burger", programmes)
    builders.chapter(made, "Doelen", builders.chapter(made, "Bedrijf", programmes))
    builders.chapter(made, "Bijlagen")
    return made


def tree(report: Report) -> list[str]:
    return [f"{row.number} {row.chapter}" for row in queries.outline(report)]


def chapter(title: str) -> Chapter:
    return Chapter.objects.get(title=title)


def logged() -> list[tuple[str, str]]:
    return list(LogEntry.objects.order_by("id").values_list("action", "subject"))


class TestReports:
    def test_a_new_report_is_empty_and_open(self, noor: Member) -> None:
        report = actions.create_report(noor, kind="budget", year=2022, title="Begroting 2022", slug="begroting-2022")
        assert (report.organisation, report.kind, report.year, report.state) == (
            noor.organisation,
            "budget",
            2022,
            ReportState.OPEN,
        )
        assert (tree(report), logged()) == ([], [("reports.create_report", "Begroting 2022")])

    def test_an_address_is_given_once_per_organisation(self, noor: Member, report: Report) -> None:
        with pytest.raises(Refused, match="Er is al een rapport met dit adres"):
            actions.create_report(noor, kind="budget", year=2020, title="Nog een", slug="jaarstukken-2020")
        ida = builders.member("Ida", builders.organisation("Waterrand", "waterrand"), Role.ADMINISTRATOR)
        assert actions.create_report(ida, kind="budget", year=2020, title="Ons", slug="jaarstukken-2020").pk

    def test_addresses_of_the_portal_itself_are_not_given_away(self, noor: Member) -> None:
        with pytest.raises(Refused, match="“nieuw” gebruikt Duoplus zelf"):
            actions.create_report(noor, kind="budget", year=2020, title="Nieuw", slug="nieuw")


class TestChapters:
    def test_a_new_chapter_comes_last_below_its_parent(self, noor: Member, report: Report) -> None:
        actions.add_chapter(noor, report.slug, None, title="Slot", kind="general")
        actions.add_chapter(noor, report.slug, chapter("Programma's").pk, title="Staf", kind="programme")
        assert tree(report) == [
            "1 Inleiding",
            "2 Programma's",
            "2.1 Burger",
            "2.2 Bedrijf",
            "2.2.1 Doelen",
            "2.3 Staf",
            "3 Bijlagen",
            "4 Slot",
        ]
        assert logged() == [("reports.add_chapter", "Slot"), ("reports.add_chapter", "Staf")]

    def test_chapters_go_four_levels_deep(self, noor: Member, report: Report) -> None:
        deepest = actions.add_chapter(noor, report.slug, chapter("Doelen").pk, title="Vier", kind="general")
        with pytest.raises(Refused, match="ten hoogste 4 niveaus"):
            actions.add_chapter(noor, report.slug, deepest.pk, title="Vijf", kind="general")

    @pytest.mark.parametrize(
        ("title", "steps", "numbers"),
        [
            ("Bijlagen", -1, ["1 Inleiding", "2 Bijlagen", "3 Programma's", "3.1 Burger", "3.2 Bedrijf"]),
            ("Inleiding", 1, ["1 Programma's", "1.1 Burger", "1.2 Bedrijf", "1.2.1 Doelen", "2 Inleiding"]),
            ("Inleiding", -1, ["1 Inleiding", "2 Programma's", "2.1 Burger", "2.2 Bedrijf", "2.2.1 Doelen"]),
            ("Bijlagen", 1, ["1 Inleiding", "2 Programma's", "2.1 Burger", "2.2 Bedrijf", "2.2.1 Doelen"]),
            ("Bedrijf", -1, ["1 Inleiding", "2 Programma's", "2.1 Bedrijf", "2.1.1 Doelen", "2.2 Burger"]),
        ],
    )
    def test_a_step_renumbers_everything(
        self, noor: Member, report: Report, title: str, steps: int, numbers: list[str]
    ) -> None:
        actions.step_chapter(noor, chapter(title).pk, steps)
        assert tree(report)[:5] == numbers

    def test_another_parent_takes_what_is_below_along(self, noor: Member, report: Report) -> None:
        row = chapter("Bedrijf")
        actions.update_chapter(
            noor,
            row.pk,
            title="Bedrijfsvoering",
            kind="paragraph",
            parent_id=chapter("Bijlagen").pk,
            seen_mark=mark(actions.shown_chapter(row)),
        )
        assert tree(report) == [
            "1 Inleiding",
            "2 Programma's",
            "2.1 Burger",
            "3 Bijlagen",
            "3.1 Bedrijfsvoering",
            "3.1.1 Doelen",
        ]
        assert chapter("Bedrijfsvoering").kind == "paragraph"
        assert logged() == [
            ("reports.rename_chapter", "Bedrijfsvoering"),
            ("reports.move_chapter", "Bedrijfsvoering"),
        ]

    def test_to_the_top(self, noor: Member, report: Report) -> None:
        actions.move_chapter(noor, chapter("Bedrijf").pk, None, 0)
        assert tree(report)[:3] == ["1 Bedrijf", "1.1 Doelen", "2 Inleiding"]

    def test_never_below_itself(self, noor: Member, report: Report) -> None:
        for below in ("Programma's", "Bedrijf", "Doelen"):
            with pytest.raises(Refused, match="niet onder zichzelf"):
                actions.move_chapter(noor, chapter("Programma's").pk, chapter(below).pk, 0)
        assert tree(report)[1] == "2 Programma's"

    def test_never_too_deep(self, noor: Member, report: Report) -> None:
        actions.add_chapter(noor, report.slug, chapter("Doelen").pk, title="Vier", kind="general")
        with pytest.raises(Refused, match="ten hoogste 4 niveaus"):
            actions.move_chapter(noor, chapter("Programma's").pk, chapter("Inleiding").pk, 0)

    def test_a_chapter_of_another_report_is_no_parent(self, noor: Member, report: Report) -> None:
        other = builders.chapter(builders.report(noor.organisation, "Begroting", "begroting"), "Elders")
        with pytest.raises(Http404):
            actions.move_chapter(noor, chapter("Bedrijf").pk, other.pk, 0)
        with pytest.raises(Http404):
            actions.add_chapter(noor, report.slug, other.pk, title="x", kind="general")

    def test_who_saw_an_older_chapter_is_told(self, noor: Member, report: Report) -> None:
        row = chapter("Bedrijf")
        seen = mark(actions.shown_chapter(row))
        actions.move_chapter(noor, row.pk, chapter("Bijlagen").pk, 0)
        with pytest.raises(Conflict) as caught:
            actions.update_chapter(
                noor, row.pk, title="Bedrijf", kind="programme", parent_id=row.parent_id, seen_mark=seen
            )
        assert (caught.value.saved_by, caught.value.theirs, caught.value.mine) == (
            "Noor",
            [("soort", "algemeen"), ("onder", "Bijlagen")],
            [("soort", "programma"), ("onder", "Programma's")],
        )

    def test_only_an_empty_chapter_goes(self, noor: Member, report: Report) -> None:
        builders.section(chapter("Doelen"), builders.team(noor.organisation))
        for title in ("Bedrijf", "Doelen"):
            with pytest.raises(Refused, match="Dit hoofdstuk is niet leeg"):
                actions.remove_chapter(noor, chapter(title).pk)
        actions.remove_chapter(noor, chapter("Inleiding").pk)
        assert tree(report)[0] == "1 Programma's"
        assert logged() == [("reports.remove_chapter", "Inleiding")]


class TestSections:
    @pytest.fixture
    def finance(self, noor: Member) -> Team:
        return builders.team(noor.organisation)

    def titles(self, title: str) -> list[str]:
        return [section.title for section in chapter(title).sections.all()]

    def test_a_new_section_comes_last_and_is_a_draft(self, noor: Member, report: Report, finance: Team) -> None:
        builders.section(chapter("Burger"), finance, "Speerpunten")
        made = actions.add_section(
            noor, chapter("Burger").pk, title="Prestaties", kind="achievements", owner_team_id=finance.pk
        )
        assert self.titles("Burger") == ["Speerpunten", "Prestaties"]
        assert (made.kind, made.owner_team, made.state, made.version, made.text) == (
            "achievements",
            finance,
            "draft",
            1,
            "",
        )

    def test_figures_have_a_table_and_nothing_else_has(self, noor: Member, report: Report, finance: Team) -> None:
        table = builders.table(noor.organisation)
        place = chapter("Burger").pk
        for kind, table_id in (("figures", None), ("goals", table.pk)):
            with pytest.raises(Refused, match="heeft een tabel nodig"):
                actions.add_section(noor, place, title="x", kind=kind, owner_team_id=finance.pk, table_id=table_id)
        made = actions.add_section(
            noor, place, title="ICT", kind="figures", owner_team_id=finance.pk, table_id=table.pk
        )
        assert made.table == table

    def test_team_and_table_of_another_organisation_are_not_found(
        self, noor: Member, report: Report, finance: Team
    ) -> None:
        waterrand = builders.organisation("Waterrand", "waterrand")
        team, table = builders.team(waterrand), builders.table(waterrand)
        place = chapter("Burger").pk
        with pytest.raises(Http404):
            actions.add_section(noor, place, title="x", kind="goals", owner_team_id=team.pk)
        with pytest.raises(Http404):
            actions.add_section(noor, place, title="x", kind="figures", owner_team_id=finance.pk, table_id=table.pk)
        assert Section.objects.count() == 0

    def test_title_team_and_chapter_change(self, noor: Member, report: Report, finance: Team) -> None:
        section = builders.section(chapter("Burger"), finance, "Speerpunten")
        builders.section(chapter("Bijlagen"), finance, "Overzicht")
        staff = builders.team(noor.organisation, "Staf")
        actions.update_section(
            noor,
            section.pk,
            title="Onze doelen",
            owner_team_id=staff.pk,
            chapter_id=chapter("Bijlagen").pk,
            seen_mark=mark(actions.shown_section(section)),
        )
        assert (self.titles("Burger"), self.titles("Bijlagen")) == ([], ["Overzicht", "Onze doelen"])
        section.refresh_from_db()
        assert section.owner_team == staff
        assert logged() == [("reports.update_section", "Onze doelen"), ("reports.move_section", "Onze doelen")]

    def test_a_new_title_ends_an_agreement(self, noor: Member, report: Report, finance: Team) -> None:
        section = builders.section(chapter("Burger"), finance, "Speerpunten")
        Section.objects.update(state="agreed", agreed_hash=queries.agreement_hash(section))
        section.refresh_from_db()
        assert agreement_holds(section) is True
        actions.update_section(
            noor,
            section.pk,
            title="Onze doelen",
            owner_team_id=finance.pk,
            chapter_id=section.chapter_id,
            seen_mark=mark(actions.shown_section(section)),
        )
        assert agreement_holds(queries.get_section(noor.organisation, section.pk)) is False

    def test_who_saw_an_older_section_is_told(self, noor: Member, report: Report, finance: Team) -> None:
        section = builders.section(chapter("Burger"), finance, "Speerpunten")
        seen = mark(actions.shown_section(section))
        save = partial(actions.update_section, owner_team_id=finance.pk, chapter_id=section.chapter_id, seen_mark=seen)
        save(noor, section.pk, title="Doelen van Burger")
        with pytest.raises(Conflict) as caught:
            save(noor, section.pk, title="Ambities")
        assert (caught.value.theirs, caught.value.mine) == (
            [("titel", "Doelen van Burger")],
            [("titel", "Ambities")],
        )

    @pytest.mark.parametrize(
        ("title", "steps", "order"),
        [("B", -1, ["B", "A", "C"]), ("B", 1, ["A", "C", "B"]), ("A", -1, ["A", "B", "C"]), ("C", 9, ["A", "B", "C"])],
    )
    def test_a_step(
        self, noor: Member, report: Report, finance: Team, title: str, steps: int, order: list[str]
    ) -> None:
        made = {letter: builders.section(chapter("Burger"), finance, letter) for letter in "ABC"}
        actions.step_section(noor, made[title].pk, steps)
        assert self.titles("Burger") == order

    def test_a_chapter_of_another_report_takes_no_section(self, noor: Member, report: Report, finance: Team) -> None:
        section = builders.section(chapter("Burger"), finance)
        other = builders.chapter(builders.report(noor.organisation, "Begroting", "begroting"), "Elders")
        with pytest.raises(Http404):
            actions.move_section(noor, section.pk, other.pk, 0)

    def test_what_was_never_written_goes(self, noor: Member, report: Report, finance: Team) -> None:
        section = builders.section(chapter("Burger"), finance, "Speerpunten")
        actions.remove_section(noor, section.pk)
        assert (Section.objects.count(), logged()) == (0, [("reports.remove_section", "Speerpunten")])

    def test_what_was_written_stays_also_when_it_is_empty_again(
        self, noor: Member, report: Report, finance: Team
    ) -> None:
        written = builders.section(chapter("Burger"), finance, text="<p>Gedaan.</p>")
        emptied = builders.section(chapter("Burger"), finance)
        SectionVersion.objects.create(section=emptied, number=1, content={})
        with_goal = builders.section(chapter("Burger"), finance, kind=SectionKind.GOALS)
        Goal.objects.create(section=with_goal, position=1, objective="Minder papier")
        for section in (written, emptied, with_goal):
            with pytest.raises(Refused, match="In dit onderdeel is geschreven"):
                actions.remove_section(noor, section.pk)
        assert Section.objects.count() == 3


def attempts(member: Member, place: Chapter, section: Section) -> list[Callable[[], object]]:
    """Every change of the tree, on these rows."""
    slug, team = place.report.slug, section.owner_team_id
    same = {"title": "Van mij", "kind": "general"}
    return [
        lambda: actions.add_chapter(member, slug, None, **same),
        lambda: actions.update_chapter(member, place.pk, **same, parent_id=None, seen_mark=""),
        lambda: actions.rename_chapter(member, place.pk, **same),
        lambda: actions.move_chapter(member, place.pk, None, 0),
        lambda: actions.step_chapter(member, place.pk, 1),
        lambda: actions.remove_chapter(member, place.pk),
        lambda: actions.add_section(member, place.pk, title="Van mij", kind="goals", owner_team_id=team),
        lambda: actions.update_section(
            member, section.pk, title="Van mij", owner_team_id=team, chapter_id=place.pk, seen_mark=""
        ),
        lambda: actions.move_section(member, section.pk, place.pk, 0),
        lambda: actions.step_section(member, section.pk, 1),
        lambda: actions.remove_section(member, section.pk),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_other_roles_arrange_nothing(noor: Member, report: Report, role: Role) -> None:
    team = builders.team(noor.organisation)
    section = builders.section(chapter("Burger"), team)
    other = builders.member("Anton", noor.organisation, role, teams=(team,))
    before = tree(report)
    for attempt in attempts(other, chapter("Burger"), section):
        with pytest.raises(PermissionDenied):
            attempt()
    with pytest.raises(PermissionDenied):
        actions.create_report(other, kind="budget", year=2022, title="Begroting", slug="begroting")
    assert (tree(report), LogEntry.objects.count()) == (before, 0)


def test_nothing_changes_after_adoption(noor: Member, report: Report) -> None:
    section = builders.section(chapter("Burger"), builders.team(noor.organisation))
    Report.objects.update(state=ReportState.ADOPTED)
    before = tree(report)
    for attempt in attempts(noor, chapter("Burger"), section):
        with pytest.raises(Refused, match="Dit rapport is vastgesteld"):
            attempt()
    assert (tree(report), LogEntry.objects.count()) == (before, 0)


def test_foreign_rows_are_not_found(noor: Member, report: Report) -> None:
    section = builders.section(chapter("Burger"), builders.team(noor.organisation))
    ida = builders.member("Ida", builders.organisation("Waterrand", "waterrand"), Role.ADMINISTRATOR)
    for attempt in attempts(ida, chapter("Burger"), section):
        with pytest.raises(Http404):
            attempt()
    assert LogEntry.objects.count() == 0
