import pytest
from django.utils.safestring import SafeString

from investments import queries as figures
from library.models import SourceDocument, Theme
from reports import queries
from reports.models import Achievement, Goal, Section, SectionKind
from reports.reading import ReadGoal, ReadText, ReadTheme, lowered, read
from tests import builders
from tests.reports import office as offices
from tests.reports.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return offices.build()


safe = SafeString


def filled(section: Section) -> Section:
    queries.fill([section])
    return section


def test_goals_with_their_sources(office: Office) -> None:
    section = office.add("Doelen", SectionKind.GOALS)
    budget = SourceDocument.objects.create(
        organisation=office.organisation, title="Begroting", year=2020, address="https://duoplus.example/begroting.pdf"
    )
    Goal.objects.create(
        section=section, position=1, objective="Digitaal", result="<p>Ja</p>", document=budget, page="16"
    )
    Goal.objects.create(section=section, position=2, objective="Robot", planned_action="<p>Bouwen</p>")
    assert read(filled(section)).goals == (
        ReadGoal(
            "Digitaal", safe(""), safe("<p>Ja</p>"), "Begroting 2020 blz. 16", "https://duoplus.example/begroting.pdf"
        ),
        ReadGoal("Robot", safe("<p>Bouwen</p>"), safe(""), ""),
    )


def test_a_source_links_to_its_file_or_to_nothing(office: Office) -> None:
    section = office.add("Doelen", SectionKind.GOALS)
    for position, place in enumerate([{"file": "documents/b.pdf"}, {"address": "ftp://elders"}, {}], start=1):
        document = SourceDocument.objects.create(
            organisation=office.organisation, title=f"Bron {position}", year=2020, **place
        )
        Goal.objects.create(section=section, position=position, objective="d", document=document)
    found = [(goal.source, goal.address, goal.file) for goal in read(filled(section)).goals]
    first = SourceDocument.objects.get(title="Bron 1")
    assert found == [("Bron 1 2020", "", first.pk), ("Bron 2 2020", "", None), ("Bron 3 2020", "", None)]


def test_achievements_stand_together_under_their_theme(office: Office) -> None:
    section = office.add("Prestaties", SectionKind.ACHIEVEMENTS)
    quality, cost = (
        Theme.objects.create(organisation=office.organisation, name=name, heading=f"Kansen voor {name}")
        for name in ("kwaliteit", "kosten")
    )
    for position, (theme, title) in enumerate([(None, "los"), (quality, "a"), (cost, "b"), (quality, "c")], start=1):
        Achievement.objects.create(section=section, position=position, theme=theme, title=title, text="<h3>k</h3>")
    assert read(filled(section)).themes == (
        ReadTheme("", (ReadText("los", safe("<h5>k</h5>")),)),
        ReadTheme("Kansen voor kwaliteit", (ReadText("a", safe("<h5>k</h5>")), ReadText("c", safe("<h5>k</h5>")))),
        ReadTheme("Kansen voor kosten", (ReadText("b", safe("<h5>k</h5>")),)),
    )


def test_figures_as_printed_with_explanations(office: Office) -> None:
    table = builders.sample_table(office.organisation)
    table.explanation = '<p>Per saldo<span data-footnote="">noot</span></p>'
    table.save()
    builders.explain(table.lines.get(position=1), text="<p>Laptops</p>")
    section = office.add("Investeringen", SectionKind.FIGURES, table=table)
    found = read(section, queries.fill([section])[table.pk]).table
    assert found is not None
    assert found.statement == figures.table_figures(table).statement
    assert found.is_stale
    assert found.line_explanations == (ReadText("I&A - aanschaf computerapparatuur", safe("<p>Laptops</p>")),)
    assert found.explanation.startswith('<p>Per saldo<sup class="footnote-mark">')


def test_notes_are_numbered_through_the_whole_section(office: Office) -> None:
    section = office.add("Doelen", SectionKind.GOALS, text='<p>x<span data-footnote="">een</span></p>')
    Goal.objects.create(section=section, position=1, objective="d", result='<p>y<span data-footnote="">twee</span></p>')
    notes = read(filled(section)).notes
    assert [(note.number, note.text, note.anchor) for note in notes] == [
        (1, "een", f"noot-{section.pk}-1"),
        (2, "twee", f"noot-{section.pk}-2"),
    ]


def test_an_unwritten_section_says_so(office: Office) -> None:
    assert read(filled(office.section)).is_unwritten
    written = office.add("Geschreven", text="<p>x</p>")
    assert not read(filled(written)).is_unwritten


@pytest.mark.parametrize(
    ("html", "below"),
    [
        ("<h3>a</h3><h4>b</h4><p>h3</p>", "<h5>a</h5><h6>b</h6><p>h3</p>"),
        ("<p>&lt;h3&gt;</p>", "<p>&lt;h3&gt;</p>"),
    ],
)
def test_headings_below_a_title_are_lowered(html: str, below: str) -> None:
    assert lowered(html) == below
