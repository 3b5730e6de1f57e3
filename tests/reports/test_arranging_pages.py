import re

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import LogEntry, Organisation, Team
from accounts.roles import Role
from reports import queries
from reports.models import Chapter, Report, Section
from reports.workflow import ReportState
from tests import builders
from tests.pages import errors, said, text

pytestmark = pytest.mark.django_db
TREE = "/duoplus/rapporten/jaarstukken-2020/indeling/"
NEW = "/duoplus/rapporten/nieuw/"


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def noor(duoplus: Organisation, client: Client) -> Client:
    client.force_login(builders.person("Noor", duoplus, Role.ADMINISTRATOR))
    return client


@pytest.fixture
def finance(duoplus: Organisation) -> Team:
    return builders.team(duoplus)


@pytest.fixture
def report(duoplus: Organisation, finance: Team) -> Report:
    """1 Inleiding with one section; 2 Programma's with 2.1 Burger and 2.2 Bedrijf."""
    made = builders.report(duoplus)
    builders.section(builders.chapter(made, "Inleiding"), finance, "Leeswijzer")
    programmes = builders.chapter(made, "Programma's")
    builders.chapter(made, "Burger", programmes)
    builders.chapter(made, "Bedrijf", programmes)
    return made


def tree(report: Report) -> list[str]:
    return [f"{row.number} {row.chapter}" for row in queries.outline(report)]


def chapter(title: str) -> Chapter:
    return Chapter.objects.get(title=title)


class TestReport:
    def test_it_proposes_last_years_annual_report(self, noor: Client) -> None:
        with time_machine.travel("2021-02-03"):
            noor.force_login(builders.person("Mina", Organisation.objects.get(), Role.ADMINISTRATOR))
            form = noor.get(NEW).context["form"]
        assert (form["kind"].value(), form["year"].value()) == ("annual_report", 2020)

    @pytest.mark.parametrize(
        ("title", "typed", "slug"),
        [
            ("Jaarstukken 2021", "", "jaarstukken-2021"),
            ("Jaarstukken 2021", "JS-21", "js-21"),
            ("Programma’s & paragrafen: één", "", "programmas-paragrafen-een"),
            ("J" * 100, "", "j" * 80),
        ],
    )
    def test_the_address_follows_from_the_title_unless_typed(
        self, noor: Client, title: str, typed: str, slug: str
    ) -> None:
        answer = noor.post(NEW, {"kind": "annual_report", "year": "2021", "title": title, "slug": typed})
        assert answer["Location"] == f"/duoplus/rapporten/{slug}/indeling/"
        assert said(noor, answer) == [f"“{title}” staat klaar. Voeg hoofdstukken en onderdelen toe."]
        made = Report.objects.get()
        assert (made.title, made.slug, made.year, made.kind) == (title, slug, 2021, "annual_report")

    @pytest.mark.parametrize(
        ("changed", "wrong"),
        [
            ({"slug": "jaarstukken-2020"}, {"slug": ["Er is al een rapport met dit adres."]}),
            ({"title": "Jaarstukken 2020"}, {"slug": ["Er is al een rapport met dit adres."]}),
            ({"title": "Nieuw"}, {"slug": ["Het adres “nieuw” gebruikt Duoplus zelf. Kies een ander."]}),
            ({"title": "!?"}, {"slug": ["Van deze titel is geen adres te maken. Typ er een."]}),
            ({"slug": "a/b"}, {"slug": ["Gebruik alleen letters, cijfers en streepjes."]}),
            ({"title": ""}, {"title": ["Dit veld is verplicht."]}),
            ({"kind": "roman"}, {"kind": ["Selecteer een geldige keuze. roman is geen beschikbare keuze."]}),
            ({"year": "1800"}, {"year": ["Zorg ervoor dat deze waarde minstens 1990 is."]}),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field(
        self, noor: Client, report: Report, changed: dict[str, str], wrong: dict[str, list[str]]
    ) -> None:
        fields = {"kind": "budget", "year": "2021", "title": "Begroting", "slug": ""} | changed
        answer = noor.post(NEW, fields)
        assert (answer.status_code, errors(answer), Report.objects.count()) == (422, wrong, 1)
        assert {name: answer.context["form"][name].value() for name in fields} == fields


class TestTree:
    def test_it_shows_numbers_kinds_and_teams(self, noor: Client, report: Report) -> None:
        shown = re.sub(
            r" (Toevoegen|in \S+ \S+|Onderdeel in \S+|Hoofdstuk onder \S+|Wijzigen van)", "", text(noor.get(TREE))
        )
        assert "1 Inleiding" in shown
        assert "Leeswijzer tekst Financiën" in shown
        assert [row for row in ("2 Programma's", "2.1 Burger", "2.2 Bedrijf") if row not in shown] == []

    def test_first_and_last_have_no_way_further(self, noor: Client, report: Report) -> None:
        page = noor.get(TREE).content.decode()
        buttons = re.findall(r'aria-label="([^"]+)"\s+(disabled)?>', page)
        assert buttons == [
            ("1 Inleiding omhoog", "disabled"),
            ("1 Inleiding omlaag", ""),
            (" Leeswijzer omhoog", "disabled"),
            (" Leeswijzer omlaag", "disabled"),
            ("2 Programma&#x27;s omhoog", ""),
            ("2 Programma&#x27;s omlaag", "disabled"),
            ("2.1 Burger omhoog", "disabled"),
            ("2.1 Burger omlaag", ""),
            ("2.2 Bedrijf omhoog", ""),
            ("2.2 Bedrijf omlaag", "disabled"),
        ]

    def test_an_empty_report_says_what_to_do(self, noor: Client, duoplus: Organisation) -> None:
        builders.report(duoplus)
        assert "Dit rapport heeft nog geen hoofdstukken. Voeg het eerste toe" in text(noor.get(TREE))

    def test_an_adopted_report_is_only_read(self, noor: Client, report: Report) -> None:
        Report.objects.update(state=ReportState.ADOPTED)
        page = noor.get(TREE)
        assert "Dit rapport is vastgesteld; er verandert niets meer." in text(page)
        assert "<form" not in page.content.decode().partition("<main")[2].partition("</main>")[0]

    def test_it_stays_within_its_budget(
        self, noor: Client, report: Report, finance: Team, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(20):
            builders.section(builders.chapter(report, f"Hoofdstuk {number}"), finance)
        with django_assert_num_queries(7):
            noor.get(TREE)


class TestChapters:
    def test_adding_below_another(self, noor: Client, report: Report) -> None:
        page = noor.get(f"{TREE}hoofdstuk/", {"onder": chapter("Burger").pk})
        assert page.context["form"]["parent"].value() == str(chapter("Burger").pk)
        answer = noor.post(f"{TREE}hoofdstuk/", {"title": "Balie", "kind": "programme", "parent": chapter("Burger").pk})
        assert answer["Location"] == f"{TREE}#hoofdstuk-{chapter('Balie').pk}"
        assert tree(report)[3] == "2.1.1 Balie"

    def test_adding_at_the_top(self, noor: Client, report: Report) -> None:
        noor.post(f"{TREE}hoofdstuk/", {"title": "Bijlagen", "kind": "general", "parent": ""})
        assert tree(report)[-1] == "3 Bijlagen"

    def test_changing(self, noor: Client, report: Report) -> None:
        row = chapter("Bedrijf")
        form = noor.get(f"/duoplus/rapporten/hoofdstukken/{row.pk}/").context["form"]
        assert [label for _, label in form.fields["parent"].choices] == [
            "het rapport zelf",
            "1 Inleiding",
            "2 Programma's",
            "2.1 Burger",
        ]
        fields = {"title": "Bedrijfsvoering", "kind": "paragraph", "parent": "", "seen": form["seen"].value()}
        answer = noor.post(f"/duoplus/rapporten/hoofdstukken/{row.pk}/", fields)
        assert answer["Location"] == f"{TREE}#hoofdstuk-{row.pk}"
        assert tree(report) == ["1 Inleiding", "2 Programma's", "2.1 Burger", "3 Bedrijfsvoering"]

    def test_a_parent_below_itself_is_no_choice(self, noor: Client, report: Report) -> None:
        row = chapter("Programma's")
        form = noor.get(f"/duoplus/rapporten/hoofdstukken/{row.pk}/").context["form"]
        below = chapter("Burger").pk
        fields = {"title": "P", "kind": "general", "parent": below, "seen": form["seen"].value()}
        answer = noor.post(f"/duoplus/rapporten/hoofdstukken/{row.pk}/", fields)
        assert (answer.status_code, errors(answer)) == (
            422,
            {"parent": [f"Selecteer een geldige keuze. {below} is geen beschikbare keuze."]},
        )

    def test_what_someone_else_changed_first_is_shown(self, noor: Client, report: Report) -> None:
        row = chapter("Bedrijf")
        seen = noor.get(f"/duoplus/rapporten/hoofdstukken/{row.pk}/").context["form"]["seen"].value()
        Chapter.objects.filter(pk=row.pk).update(title="Bedrijfsvoering")
        fields = {"title": "Organisatie", "kind": "general", "parent": row.parent_id, "seen": seen}
        answer = noor.post(f"/duoplus/rapporten/hoofdstukken/{row.pk}/", fields)
        assert (answer.status_code, answer.context["conflict"].theirs, answer.context["conflict"].mine) == (
            409,
            [("titel", "Bedrijfsvoering")],
            [("titel", "Organisatie")],
        )

    def test_moving_leads_back_to_the_row(self, noor: Client, report: Report) -> None:
        row = chapter("Bedrijf")
        answer = noor.post(f"/duoplus/rapporten/hoofdstukken/{row.pk}/verplaatsen/", {"to": "up"})
        assert answer["Location"] == f"{TREE}#hoofdstuk-{row.pk}"
        assert tree(report)[2:] == ["2.1 Bedrijf", "2.2 Burger"]

    def test_removing_asks_first_and_is_refused_when_not_empty(self, noor: Client, report: Report) -> None:
        empty, full = chapter("Burger"), chapter("Inleiding")
        assert "Hoofdstuk “Burger” verwijderen?" in text(
            noor.get(f"/duoplus/rapporten/hoofdstukken/{empty.pk}/verwijderen/")
        )
        answer = noor.post(f"/duoplus/rapporten/hoofdstukken/{empty.pk}/verwijderen/")
        assert (answer["Location"], said(noor, answer)) == (TREE, ["Hoofdstuk “Burger” is verwijderd."])
        address = f"/duoplus/rapporten/hoofdstukken/{full.pk}/verwijderen/"
        why = "Dit hoofdstuk is niet leeg. Verplaats of verwijder eerst wat eronder staat. Terug"
        for answer, status in ((noor.get(address), 200), (noor.post(address), 409)):
            assert (answer.status_code, text(answer).endswith(f"verwijderen? {why}")) == (status, True)


class TestSections:
    def new(self, title: str) -> str:
        return f"/duoplus/rapporten/hoofdstukken/{chapter(title).pk}/onderdeel/"

    def test_adding(self, noor: Client, report: Report, finance: Team) -> None:
        fields = {"title": "Speerpunten", "kind": "goals", "team": finance.pk}
        answer = noor.post(self.new("Burger"), fields)
        made = Section.objects.get(title="Speerpunten")
        assert answer["Location"] == f"{TREE}#onderdeel-{made.pk}"
        assert (made.chapter.title, made.kind, made.owner_team, made.table) == ("Burger", "goals", finance, None)

    def test_adding_figures(self, noor: Client, report: Report, finance: Team, duoplus: Organisation) -> None:
        table = builders.table(duoplus)
        fields = {"title": "ICT", "kind": "figures", "team": finance.pk, "table": table.pk}
        noor.post(self.new("Burger"), fields)
        assert Section.objects.get(title="ICT").table == table

    def test_what_is_wrong_is_said_at_the_field(
        self, noor: Client, report: Report, finance: Team, duoplus: Organisation
    ) -> None:
        table = builders.table(duoplus)
        good = {"title": "ICT", "kind": "goals", "team": finance.pk}
        for changed, wrong in (
            ({"kind": "figures"}, {"table": ["Kies de tabel die hier komt te staan."]}),
            ({"table": table.pk}, {"table": ["Alleen een onderdeel van de soort cijfers heeft een tabel."]}),
            ({"team": ""}, {"team": ["Dit veld is verplicht."]}),
            ({"title": " "}, {"title": ["Dit veld is verplicht."]}),
        ):
            answer = noor.post(self.new("Burger"), good | changed)
            assert (answer.status_code, errors(answer)) == (422, wrong)
        assert Section.objects.count() == 1

    def test_teams_and_tables_of_others_are_no_choice(self, noor: Client, report: Report) -> None:
        waterrand = builders.organisation("Waterrand", "waterrand")
        team, table = builders.team(waterrand, "Dijken"), builders.table(waterrand, "Dijkverzwaring")
        page = noor.get(self.new("Burger")).content.decode()
        assert ("Dijken" in page, "Dijkverzwaring" in page) == (False, False)
        fields = {"title": "ICT", "kind": "figures", "team": team.pk, "table": table.pk}
        assert list(errors(noor.post(self.new("Burger"), fields))) == ["team", "table"]

    def test_without_teams_it_says_to_begin_there(self, noor: Client, duoplus: Organisation) -> None:
        builders.chapter(builders.report(duoplus), "Burger")
        page = noor.get(self.new("Burger"))
        assert "Een onderdeel hoort bij een team, en er zijn nog geen teams. Voeg eerst een team toe ." in text(page)

    def test_changing_title_team_and_chapter(self, noor: Client, report: Report, duoplus: Organisation) -> None:
        section, staff = Section.objects.get(), builders.team(duoplus, "Staf")
        address = f"/duoplus/rapporten/onderdelen/{section.pk}/indeling/"
        form = noor.get(address).context["form"]
        assert (form["title"].value(), form["chapter"].value()) == ("Leeswijzer", section.chapter_id)
        fields = {
            "title": "Wegwijzer",
            "team": staff.pk,
            "chapter": chapter("Bedrijf").pk,
            "seen": form["seen"].value(),
        }
        answer = noor.post(address, fields)
        assert answer["Location"] == f"{TREE}#onderdeel-{section.pk}"
        section.refresh_from_db()
        assert (section.title, section.owner_team, section.chapter.title) == ("Wegwijzer", staff, "Bedrijf")

    def test_moving_leads_back_to_the_row(self, noor: Client, report: Report, finance: Team) -> None:
        second = builders.section(chapter("Inleiding"), finance, "Voorwoord")
        answer = noor.post(f"/duoplus/rapporten/onderdelen/{second.pk}/verplaatsen/", {"to": "up"})
        assert answer["Location"] == f"{TREE}#onderdeel-{second.pk}"
        assert [row.title for row in chapter("Inleiding").sections.all()] == ["Voorwoord", "Leeswijzer"]

    def test_removing_asks_first_and_is_refused_when_written(self, noor: Client, report: Report, finance: Team) -> None:
        empty, written = Section.objects.get(), builders.section(chapter("Burger"), finance, text="<p>Gedaan.</p>")
        address = f"/duoplus/rapporten/onderdelen/{empty.pk}/verwijderen/"
        assert "Onderdeel “Leeswijzer” verwijderen?" in text(noor.get(address))
        answer = noor.post(address)
        assert (answer["Location"], said(noor, answer)) == (TREE, ["Onderdeel “Leeswijzer” is verwijderd."])
        address = f"/duoplus/rapporten/onderdelen/{written.pk}/verwijderen/"
        why = "In dit onderdeel is geschreven. Het kan niet worden verwijderd. Terug"
        for answer, status in ((noor.get(address), 200), (noor.post(address), 409)):
            assert (answer.status_code, text(answer).endswith(f"verwijderen? {why}")) == (status, True)


def addresses(report: Report) -> list[str]:
    """Every page of the tree and every button that only posts."""
    place, section = chapter("Inleiding").pk, Section.objects.get().pk
    return [
        TREE,
        f"{TREE}hoofdstuk/",
        *(
            f"/duoplus/rapporten/hoofdstukken/{place}/{path}"
            for path in ("", "onderdeel/", "verplaatsen/", "verwijderen/")
        ),
        *(f"/duoplus/rapporten/onderdelen/{section}/{path}" for path in ("indeling/", "verplaatsen/", "verwijderen/")),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_other_roles_get_no_further(client: Client, report: Report, finance: Team, role: Role) -> None:
    client.force_login(builders.person("Anton", report.organisation, role, teams=(finance,)))
    before = tree(report)
    for address in [NEW, *addresses(report)]:
        assert client.get(address).status_code in {403, 405}
        assert client.post(address, {"to": "up", "title": "Van mij"}).status_code in {403, 405}
    assert (tree(report), LogEntry.objects.filter(result="done").count()) == (before, 0)


def test_an_adopted_report_refuses_every_change(noor: Client, report: Report, finance: Team) -> None:
    Report.objects.update(state=ReportState.ADOPTED)
    place, section = chapter("Inleiding").pk, Section.objects.get().pk
    seen = {
        path: noor.get(path).context["form"]["seen"].value()
        for path in (f"/duoplus/rapporten/hoofdstukken/{place}/", f"/duoplus/rapporten/onderdelen/{section}/indeling/")
    }
    for path, fields in (
        (f"{TREE}hoofdstuk/", {"title": "x", "kind": "general"}),
        (f"/duoplus/rapporten/hoofdstukken/{place}/", {"title": "x", "kind": "general"}),
        (f"/duoplus/rapporten/hoofdstukken/{place}/onderdeel/", {"title": "x", "kind": "goals", "team": finance.pk}),
        (f"/duoplus/rapporten/onderdelen/{section}/indeling/", {"title": "x", "team": finance.pk, "chapter": place}),
        (f"/duoplus/rapporten/hoofdstukken/{place}/verplaatsen/", {"to": "up"}),
        (f"/duoplus/rapporten/onderdelen/{section}/verwijderen/", {}),
    ):
        answer = noor.post(path, {**fields, "seen": seen.get(path, "")})
        assert answer.status_code in {409, 422}
        assert "Dit rapport is vastgesteld; er verandert niets meer." in text(answer)
    assert LogEntry.objects.filter(result="done").count() == 0


def test_a_stranger_finds_nothing(client: Client, report: Report) -> None:
    waterrand = builders.organisation("Waterrand", "waterrand")
    client.force_login(builders.person("Ida", waterrand, Role.ADMINISTRATOR))
    for address in addresses(report):
        for there in (address, address.replace("duoplus", "waterrand", 1)):
            fields = {"to": "up", "title": "Van ons", "kind": "general"}
            assert client.get(there).status_code in {404, 405}
            assert client.post(there, fields).status_code in {404, 405}
    assert LogEntry.objects.filter(result="done").count() == 0
