from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from library.models import SourceDocument
from reports.models import Goal, Report, ReportKind, Section, SectionKind
from reports.workflow import ReportState
from tests import builders
from tests.investments.computing import compute
from tests.reports import office as offices
from tests.reports.office import Office, signed_in

pytestmark = pytest.mark.django_db
Budget = Callable[[int], Any]


@pytest.fixture
def office() -> Office:
    return offices.build()


@pytest.fixture
def lead(office: Office) -> Client:
    return signed_in(office.lead)


def words(text: str) -> str:
    return " ".join(text.split())


def titles(answer: Any) -> list[str]:
    return [str(row.record) for row in answer.context["table"].page.object_list]


def make_reports(office: Office) -> None:
    for kind, year, title in (
        (ReportKind.BUDGET, 2021, "Begroting 2021"),
        (ReportKind.PROGRESS, 2020, "Eerste voortgangsrapportage"),
    ):
        Report.objects.create(
            organisation=office.organisation, kind=kind, year=year, title=title, slug=title.lower().replace(" ", "-")
        )
    Report.objects.create(
        organisation=builders.organisation("Waterrand", "waterrand"), year=2020, title="Geheim", slug="geheim"
    )


def test_the_list_of_reports(office: Office, lead: Client) -> None:
    make_reports(office)
    answer = lead.get(office.page("report-list"))
    assert titles(answer) == ["Begroting 2021", "Eerste voortgangsrapportage", "Jaarstukken 2020"]
    assert "Nieuw rapport" not in answer.content.decode()
    noor = builders.member("Noor Bakhuis", office.organisation, Role.ADMINISTRATOR)
    assert "Nieuw rapport" in signed_in(noor).get(office.page("report-list")).content.decode()


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("title", ["Begroting 2021", "Eerste voortgangsrapportage", "Jaarstukken 2020"]),
        ("-title", ["Jaarstukken 2020", "Eerste voortgangsrapportage", "Begroting 2021"]),
        ("kind", ["Jaarstukken 2020", "Begroting 2021", "Eerste voortgangsrapportage"]),
        ("-kind", ["Eerste voortgangsrapportage", "Begroting 2021", "Jaarstukken 2020"]),
    ],
)
def test_the_list_sorts(office: Office, lead: Client, sort: str, order: list[str]) -> None:
    make_reports(office)
    assert titles(lead.get(office.page("report-list"), {"sort": sort})) == order


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("-year", "Begroting 2021"),
        ("-section_count", "Jaarstukken 2020"),
        ("-agreed_count", "Jaarstukken 2020"),
        ("state", "Begroting 2021"),
    ],
)
def test_the_list_sorts_by_figures_and_state(office: Office, lead: Client, sort: str, first: str) -> None:
    make_reports(office)
    office.take("submit")
    office.take("agree")
    Report.objects.filter(title="Begroting 2021").update(state=ReportState.ADOPTED)
    assert titles(lead.get(office.page("report-list"), {"sort": sort}))[0] == first


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"kind": "budget"}, ["Begroting 2021"]),
        ({"year": "2020"}, ["Eerste voortgangsrapportage", "Jaarstukken 2020"]),
        ({"text": "STUKKEN"}, ["Jaarstukken 2020"]),
        ({"text": "niets"}, []),
    ],
)
def test_the_list_filters(office: Office, lead: Client, chosen: dict[str, str], found: list[str]) -> None:
    make_reports(office)
    answer = lead.get(office.page("report-list"), chosen)
    assert titles(answer) == found
    assert ("Er is geen rapport dat hieraan voldoet." in answer.content.decode()) is (not found)


def test_the_list_costs_the_same_for_every_number(
    office: Office, lead: Client, django_assert_num_queries: Budget
) -> None:
    with django_assert_num_queries(8):
        lead.get(office.page("report-list"))
    make_reports(office)
    with django_assert_num_queries(8):
        lead.get(office.page("report-list"))


def test_the_report_at_a_glance(office: Office, lead: Client) -> None:
    below = builders.chapter(office.report, "Wat wilden wij", office.chapter)
    returned = builders.section(below, office.team, "Doelen")
    office.take("submit", returned)
    office.take("send_back", returned, reason="Korter.")
    office.write("<p>x</p>")
    office.take("submit")
    office.take("agree")
    page = words(lead.get(office.page("report", slug=office.report.slug)).content.decode())
    assert "<dd> 1 <small>van 2</small> </dd>" in page
    assert '<span class="status status--agreed">akkoord</span>' in page
    assert '<span class="status status--returned">teruggestuurd</span>' in page
    assert "opgeslagen door Joost Vermaat" in page
    assert page.index("Programma Bedrijfsvoering") < page.index("Speerpunten") < page.index("Wat wilden wij")
    assert "PDF maken" not in page
    assert "Indeling" not in page


def test_an_agreement_that_lapsed_is_seen_at_a_glance(office: Office, lead: Client) -> None:
    office.take("submit")
    office.take("agree")
    Section.objects.update(text="<p>anders</p>")
    page = lead.get(office.page("report", slug=office.report.slug)).content.decode()
    assert '<span class="status status--attention">akkoord vervallen</span>' in page
    section = lead.get(office.url("section")).content.decode()
    assert "na het akkoord van Hendrik van Aalsum gewijzigd" in words(section)


def test_buttons_of_the_report_are_for_their_roles(office: Office) -> None:
    noor = builders.member("Noor Bakhuis", office.organisation, Role.ADMINISTRATOR)
    address = office.page("report", slug=office.report.slug)
    director, administrator = (signed_in(who).get(address).content.decode() for who in (office.director, noor))
    assert ("PDF maken" in director, "Indeling" in director) == (True, False)
    assert ("PDF maken" in administrator, "Indeling" in administrator) == (False, True)


def test_an_empty_report_says_who_fills_it(office: Office, lead: Client) -> None:
    Report.objects.create(organisation=office.organisation, year=2021, title="Leeg", slug="leeg")
    page = lead.get(office.page("report", slug="leeg")).content.decode()
    assert "Een functioneel beheerder voegt ze toe." in page


def test_the_report_costs_the_same_for_every_size(
    office: Office, lead: Client, django_assert_num_queries: Budget
) -> None:
    table = builders.sample_table(office.organisation)
    figures = office.add("Cijfers", SectionKind.FIGURES, table=table)
    office.take("submit", figures)
    office.take("agree", figures)
    with django_assert_num_queries(20):
        lead.get(office.page("report", slug=office.report.slug))
    for number in range(4):
        below = builders.chapter(office.report, f"Hoofdstuk {number}", office.chapter)
        builders.section(below, office.team, f"Onderdeel {number}")
        more = builders.table(office.organisation, f"Tabel {number}")
        office.add(f"Cijfers {number}", SectionKind.FIGURES, table=more)
    with django_assert_num_queries(20):
        lead.get(office.page("report", slug=office.report.slug))


def test_the_report_tells_what_is_explained_of_its_tables_the_least_first(office: Office) -> None:
    below = builders.chapter(office.report, "Investeringen", office.chapter)
    tables = [builders.table(office.organisation, title) for title in ("Bruggen", "Wegen", "Nergens", "Zonder")]
    for table, actual in zip(tables, ("90", "50", "0", "100"), strict=True):
        builders.line(table, f"Regel van {table.title}", original="100", actual=actual)
        compute(table)
    builders.explain(tables[0].lines.get())
    for title, table, chapter in (("A", tables[0], office.chapter), ("B", tables[1], below), ("C", tables[1], below)):
        builders.section(chapter, office.team, title, SectionKind.FIGURES, table=table)
    office.add("Zonder afwijking", SectionKind.FIGURES, table=tables[3])
    address = office.page("report", slug=office.report.slug)
    answer = signed_in(office.director).get(address)
    coverage = answer.context["coverage"]
    assert (coverage.share.percentage, coverage.share.explained, coverage.share.of) == (16, 1000, 6000)
    assert [(row.table.title, row.chapter, row.share.percentage, row.open) for row in coverage.tables] == [
        ("Wegen", "1.1 Investeringen", 0, 1),
        ("Bruggen", "1 Programma Bedrijfsvoering", 100, 0),
    ]
    page = words(answer.content.decode())
    assert page.index("16% verklaard") < page.index("Wegen 2020") < page.index("Bruggen 2020")
    read = signed_in(office.director).get(office.page("chapter-read", chapter_id=below.pk))
    assert [row.table.title for row in read.context["coverage"].tables] == ["Wegen"]
    noor = builders.member("Noor Bakhuis", office.organisation, Role.ADMINISTRATOR)
    assert signed_in(noor).get(address).context["coverage"] is None


def test_a_section_to_read(office: Office, lead: Client) -> None:
    section = office.add("Doelen", SectionKind.GOALS, text='<p>Drie<span data-footnote="">uitleg</span> doelen.</p>')
    budget = SourceDocument.objects.create(
        organisation=office.organisation, title="Begroting", year=2020, address="https://duoplus.example/b.pdf"
    )
    Goal.objects.create(section=section, position=1, objective="Digitaal", document=budget, page="16")
    Goal.objects.create(section=section, position=2, objective="Robot", result="<p>Gebouwd</p>")
    page = words(lead.get(office.url("section", section)).content.decode())
    assert f'<a href="#noot-{section.pk}-1" id="noot-{section.pk}-1-in-tekst" aria-label="Voetnoot 1">1</a>' in page
    assert f'<li id="noot-{section.pk}-1"> uitleg ' in page
    assert '<a href="https://duoplus.example/b.pdf" rel="noopener">Begroting 2020 blz. 16</a>' in page
    assert page.count('<span class="status status--attention">nog niet ingevuld</span>') == 1
    assert "Vorige" in page
    assert "Volgende" not in page


def test_figures_are_shown_as_printed(office: Office, lead: Client) -> None:
    section = office.add("Investeringen", SectionKind.FIGURES, table=builders.sample_table(office.organisation))
    page = lead.get(office.url("section", section)).content.decode()
    assert "uitkomsten van vóór de laatste wijziging" in page
    assert "(bedrag x € 1.000)" in page
    assert f"/duoplus/tabellen/{section.table_id}/" in page


def test_an_unwritten_section_says_so(office: Office, lead: Client) -> None:
    assert "Nog niet geschreven." in lead.get(office.url("section")).content.decode()


def test_the_reason_is_shown_to_the_writer(office: Office, lead: Client) -> None:
    office.take("submit")
    office.take("send_back", reason="Noem <b>de kosten</b>.")
    page = lead.get(office.url("section")).content.decode()
    assert "Noem &lt;b&gt;de kosten&lt;/b&gt;." in page


@pytest.mark.parametrize(
    ("state", "who", "buttons"),
    [
        ("draft", "lead", ["Schrijven", "Ter beoordeling aanbieden"]),
        ("draft", "director", []),
        ("draft", "controller", []),
        ("in_review", "lead", ["Terugnemen"]),
        ("in_review", "director", ["Akkoord", "Terugsturen"]),
        ("agreed", "director", ["Terugsturen"]),
    ],
)
def test_the_buttons_of_a_section(office: Office, state: str, who: str, buttons: list[str]) -> None:
    Section.objects.update(state=state)
    answer = signed_in(getattr(office, who)).get(office.url("section"))
    shown = ["Schrijven"] if answer.context["may_write"] else []
    assert [*shown, *(step.transition.button for step in answer.context["steps"])] == buttons
    page = answer.content.decode()
    assert all(button in page for button in buttons)


def test_a_section_costs_a_fixed_number_of_queries(
    office: Office, lead: Client, django_assert_num_queries: Budget
) -> None:
    section = office.add("Doelen", SectionKind.GOALS)
    Goal.objects.create(section=section, position=1, objective="Doel")
    with django_assert_num_queries(11):
        lead.get(office.url("section", section))
    for position in range(2, 9):
        Goal.objects.create(section=section, position=position, objective="Doel")
    with django_assert_num_queries(11):
        lead.get(office.url("section", section))


def test_a_chapter_reads_as_one_text(office: Office, lead: Client) -> None:
    office.write("<p>Eerst</p>")
    below = builders.chapter(office.report, "Wat heeft het gekost", office.chapter)
    builders.section(below, office.team, "Lasten", text="<p>Daarna</p>")
    builders.section(builders.chapter(office.report, "Elders"), office.team, "Niet hier")
    page = words(lead.get(office.page("chapter-read", chapter_id=office.chapter.pk)).content.decode())
    assert "<h1> 1 Programma Bedrijfsvoering </h1>" in page
    assert (
        page.index("Speerpunten") < page.index("Eerst") < page.index("1.1 Wat heeft het gekost") < page.index("Daarna")
    )
    assert "Niet hier" not in page


def test_an_empty_chapter_says_so(office: Office, lead: Client) -> None:
    empty = builders.chapter(office.report, "Leeg")
    page = lead.get(office.page("chapter-read", chapter_id=empty.pk)).content.decode()
    assert "Dit hoofdstuk heeft nog geen onderdelen." in page


def test_a_chapter_costs_the_same_for_every_size(
    office: Office, lead: Client, django_assert_num_queries: Budget
) -> None:
    address = office.page("chapter-read", chapter_id=office.chapter.pk)

    def add(title: str) -> None:
        table = builders.table(office.organisation, title)
        builders.line(table)
        section = office.add(title, SectionKind.FIGURES, table=table)
        Goal.objects.create(section=section, position=1, objective="Doel")

    add("een")
    with django_assert_num_queries(19):
        lead.get(address)
    for title in ("twee", "drie"):
        add(title)
    with django_assert_num_queries(19):
        lead.get(address)


@pytest.mark.parametrize("name", ["section", "versions"])
def test_another_organisation_sees_nothing(office: Office, name: str) -> None:
    other = offices.build("Waterrand", "waterrand")
    stranger = signed_in(other.lead)
    assert stranger.get(office.url(name)).status_code == 404
    assert stranger.get(office.url(name).replace("/duoplus/", "/waterrand/")).status_code == 404
    assert stranger.get(office.page("chapter-read", chapter_id=office.chapter.pk)).status_code == 404
