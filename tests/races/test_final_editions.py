"""A final edition compiled while somebody changes the report: it holds what was agreed to, whole, or is refused."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

import pytest

from accounts import seen
from accounts.errors import Refused
from accounts.members import Member
from accounts.roles import Role
from investments import actions as figures
from investments.actions import ExplanationInput, LineInput
from investments.models import Line
from library import actions as library
from library.actions import DocumentInput
from library.models import SourceDocument, Theme
from publishing.actions import compile_report
from publishing.content import from_data
from publishing.freezing import freeze
from publishing.models import Edition
from reports import actions
from reports.actions import AchievementInput, GoalInput, SectionInput
from reports.models import Report, Section, SectionKind
from tests import builders
from tests.races.racing import succeeded, together
from tests.reports import office as offices
from tests.reports.office import Office

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 12


@dataclass(frozen=True)
class Agreed:
    """A report of which every section was agreed to: words, goals with a source, achievements by theme, figures."""

    office: Office
    administrator: Member
    report: Report
    words: Section
    line: Line
    theme: Theme
    document: SourceDocument


@pytest.fixture
def office() -> Office:
    return offices.build()


@pytest.fixture
def administrator(office: Office) -> Member:
    return builders.member("Noor", office.organisation, Role.ADMINISTRATOR)


def agreed(office: Office, administrator: Member, number: int) -> Agreed:
    organisation = office.organisation
    theme = Theme.objects.create(organisation=organisation, name=f"Thema {number}", heading="Gezien")
    document = SourceDocument.objects.create(organisation=organisation, title=f"Begroting {number}", year=2020)
    table = builders.table(organisation, f"Investeringen {number}")
    line = builders.line(table, original="100", actual="90")
    report = builders.report(organisation, slug=f"jaarstukken-{number}")
    chapter = builders.chapter(report)
    words = builders.section(chapter, office.team)
    goals = builders.section(chapter, office.team, "Doelen", SectionKind.GOALS)
    done = builders.section(chapter, office.team, "Prestaties", SectionKind.ACHIEVEMENTS)
    builders.section(chapter, office.team, "Cijfers", SectionKind.FIGURES, table)
    for section, entry in (
        (words, SectionInput("<p>gezien</p>")),
        (goals, SectionInput(goals=[GoalInput("Digitaal", document_id=document.pk)])),
        (done, SectionInput(achievements=[AchievementInput(theme.pk, "Balie")])),
    ):
        actions.save_section(office.lead, section.pk, 1, entry)
    for section in Section.objects.filter(chapter=chapter):
        office.take("submit", section)
        office.take("agree", section)
    return Agreed(office, administrator, report, words, line, theme, document)


def rewrite(at: Agreed) -> None:
    back = partial(actions.take, at.office.director, at.words.pk, 2, "send_back", "Noem de kosten.")
    back()
    actions.save_section(at.office.lead, at.words.pk, 2, SectionInput("<p>nieuw</p>"))


def retitle(at: Agreed) -> None:
    section = Section.objects.select_related("chapter", "owner_team").get(pk=at.words.pk)
    mark = seen.mark(actions.shown_section(section))
    place = {"owner_team_id": section.owner_team_id, "chapter_id": section.chapter_id, "seen_mark": mark}
    actions.update_section(at.administrator, section.pk, title="Nieuw", **place)  # type: ignore[arg-type]


def type_an_amount(at: Agreed) -> None:
    entry = replace(LineInput.of(at.line), actual=Decimal(95))
    figures.save_line(at.office.controller, at.line.pk, 1, entry)


def explain(at: Agreed) -> None:
    entry = ExplanationInput("<p>Meer laptops.</p>", {at.line.pk: None})
    figures.explain_line(at.office.controller, at.line.pk, 0, entry)


def explain_all(at: Agreed) -> None:
    figures.explain_table(at.office.controller, at.line.table_id, 1, "<p>Minder servers.</p>")


def amend(at: Agreed) -> None:
    decision = builders.decision(at.office.controller.organisation, "Zomernota", "2020-07-01")
    figures.add_amendment(at.office.controller, at.line.pk, decision.pk, Decimal(5))


def add(at: Agreed) -> None:
    figures.add_line(at.office.controller, at.line.table_id, LineInput("Servers", None, "credit", Decimal(7)))


def rename_theme(at: Agreed) -> None:
    mark = seen.mark(library.shown_theme(at.theme))
    library.update_theme(at.administrator, at.theme.pk, name=at.theme.name, heading="Nieuw", seen_mark=mark)


def move_source(at: Agreed) -> None:
    mark = seen.mark(library.shown_document(at.document))
    entry = DocumentInput(at.document.title, 2020, "https://duoplus.example/begroting.pdf")
    library.update_document(at.administrator, at.document.pk, entry, seen_mark=mark)


@pytest.mark.parametrize(
    "change",
    [rewrite, retitle, type_an_amount, explain, explain_all, amend, add, rename_theme, move_source],
)
def test_a_final_edition_holds_what_was_agreed_to(
    office: Office, administrator: Member, change: Callable[[Agreed], None]
) -> None:
    for number in range(ROUNDS):
        at = agreed(office, administrator, number)
        shown = freeze(at.report, (), draft=False)
        compiling = partial(compile_report, office.director, at.report.slug, draft=False)
        edition, changed = together(compiling, partial(change, at))
        assert succeeded(changed)
        made = [from_data(row.content) for row in Edition.objects.filter(report=at.report)]
        assert made == [shown] * succeeded(edition)
        # Whoever comes after the change gets no final edition.
        with pytest.raises(Refused):
            compile_report(office.director, at.report.slug, draft=False)


def test_two_who_compile_at_once_get_one_edition(office: Office, administrator: Member) -> None:
    for number in range(ROUNDS):
        at = agreed(office, administrator, number)
        compiling = partial(compile_report, office.director, at.report.slug, draft=False)
        assert len(set(together(compiling, compiling))) == 1
        assert Edition.objects.filter(report=at.report).count() == 1
