import pytest
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import LogEntry, Organisation
from accounts.roles import Role
from library.models import SourceDocument
from reports.models import Goal, SectionKind
from tests import builders
from tests.pages import content, errors, said, text
from tests.uploads import PDF, pdf

pytestmark = pytest.mark.django_db
LIST = "/duoplus/bronnen/"


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def saskia(duoplus: Organisation, client: Client) -> Client:
    client.force_login(builders.person("Saskia", duoplus, Role.CONTROLLER))
    return client


def document(
    organisation: Organisation, title: str = "Begroting", year: int = 2020, address: str = ""
) -> SourceDocument:
    return SourceDocument.objects.create(organisation=organisation, title=title, year=year, address=address)


def stored(organisation: Organisation, holds: bytes = PDF) -> SourceDocument:
    made = document(organisation)
    made.file.save("1a2b.pdf", pdf(content=holds))
    return made


def titles(client: Client, **query: str | int | list[str]) -> list[str]:
    return [str(row.record) for row in client.get(LIST, query).context["table"].rows]


class TestList:
    def test_it_sorts_both_ways_and_starts_with_the_newest(self, saskia: Client, duoplus: Organisation) -> None:
        for title, year in (("Begroting", 2020), ("Kadernota", 2021), ("Begroting", 2021)):
            document(duoplus, title, year)
        assert titles(saskia) == ["Begroting 2021", "Kadernota 2021", "Begroting 2020"]
        assert titles(saskia, sort=["year", "title"]) == ["Begroting 2020", "Begroting 2021", "Kadernota 2021"]
        assert titles(saskia, sort="-title")[0] == "Kadernota 2021"
        assert titles(saskia, sort=["title", "-year"]) == ["Begroting 2021", "Begroting 2020", "Kadernota 2021"]

    def test_it_filters(self, saskia: Client, duoplus: Organisation) -> None:
        for title, year in (("Begroting", 2020), ("Kadernota", 2021), ("Begroting", 2021)):
            document(duoplus, title, year)
        assert titles(saskia, title="groot") == []
        assert titles(saskia, title="BEGROT") == ["Begroting 2021", "Begroting 2020"]
        assert titles(saskia, year=2021, title="kader") == ["Kadernota 2021"]

    def test_it_says_where_a_document_is(self, saskia: Client, duoplus: Organisation) -> None:
        made = stored(duoplus)
        document(duoplus, "Kadernota", address="https://duoplus.example/kadernota")
        document(duoplus, "Besluit")
        page = saskia.get(LIST).content.decode()
        assert f'href="/duoplus/bronnen/{made.pk}/pdf/"' in page
        assert 'href="https://duoplus.example/kadernota" rel="noreferrer"' in page
        assert "alleen op papier" in page

    def test_it_stays_within_its_budget(
        self, saskia: Client, duoplus: Organisation, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(40):
            document(duoplus, f"Besluit {number}", address="https://duoplus.example/")
        with django_assert_num_queries(6):
            page = saskia.get(LIST)
        assert "1 tot en met 25 van 40" in text(page)

    def test_every_member_reads_and_only_some_have_buttons(self, client: Client, duoplus: Organisation) -> None:
        made = document(duoplus)
        for role in Role:
            client.force_login(builders.person(role.value, duoplus, role))
            page = client.get(LIST).content.decode()
            assert (f'href="/duoplus/bronnen/{made.pk}/"' in page) is (role in {Role.CONTROLLER, Role.ADMINISTRATOR})


class TestForm:
    def test_a_pdf_is_added(self, saskia: Client) -> None:
        answer = saskia.post(f"{LIST}nieuw/", {"title": "Begroting", "year": "2020", "file": pdf()})
        assert (answer["Location"], said(saskia, answer)) == (LIST, ["“Begroting 2020” staat bij de bronnen."])
        with SourceDocument.objects.get().file.open() as file:
            assert file.read() == PDF

    @pytest.mark.parametrize(
        ("changed", "wrong"),
        [
            ({"title": ""}, {"title": ["Dit veld is verplicht."]}),
            ({"title": "Kadernota"}, {"title": ["Dit document staat al in de lijst."]}),
            ({"year": "1989"}, {"year": ["Zorg ervoor dat deze waarde minstens 1990 is."]}),
            ({"address": "javascript:alert(1)"}, {"address": ["Voer een geldige URL in."]}),
            ({"address": "ftp://duoplus.example/"}, {"address": ["Voer een geldige URL in."]}),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field(
        self, saskia: Client, duoplus: Organisation, changed: dict[str, str], wrong: dict[str, list[str]]
    ) -> None:
        document(duoplus, "Kadernota", 2020)
        fields = {"title": "Begroting", "year": "2020", "address": "https://duoplus.example/b.pdf"} | changed
        answer = saskia.post(f"{LIST}nieuw/", fields)
        assert (answer.status_code, errors(answer)) == (422, wrong)
        assert {name: answer.context["form"][name].value() for name in fields} == fields

    def test_a_file_that_is_no_pdf(self, saskia: Client) -> None:
        fields = {"title": "Begroting", "year": "2020", "file": pdf(content=b"<html><script>alert(1)</script>")}
        assert errors(saskia.post(f"{LIST}nieuw/", fields)) == {
            "file": ["Dit is geen pdf-bestand. Sla het document op als pdf en kies dat bestand."]
        }
        assert SourceDocument.objects.count() == 0

    def test_a_file_and_an_address(self, saskia: Client) -> None:
        fields = {"title": "Begroting", "year": "2020", "file": pdf(), "address": "https://duoplus.example/"}
        assert errors(saskia.post(f"{LIST}nieuw/", fields)) == {
            "address": ["Kies een bestand of een webadres, niet allebei."]
        }

    def test_changing_keeps_the_file(self, saskia: Client, duoplus: Organisation) -> None:
        made = stored(duoplus)
        form = saskia.get(f"{LIST}{made.pk}/").context["form"]
        fields = {"title": "Begroting", "year": "2021", "seen": form["seen"].value()}
        answer = saskia.post(f"{LIST}{made.pk}/", fields)
        assert said(saskia, answer) == ["“Begroting 2021” is opgeslagen."]
        assert SourceDocument.objects.get().file.name == made.file.name

    def test_the_file_makes_way_for_an_address(self, saskia: Client, duoplus: Organisation) -> None:
        made = stored(duoplus)
        seen = saskia.get(f"{LIST}{made.pk}/").context["form"]["seen"].value()
        fields = {"title": "Begroting", "year": "2020", "address": "https://duoplus.example/", "seen": seen}
        assert list(errors(saskia.post(f"{LIST}{made.pk}/", fields))) == ["address"]
        assert saskia.post(f"{LIST}{made.pk}/", fields | {"remove_file": "on"}).status_code == 302
        made.refresh_from_db()
        assert (bool(made.file), made.address) == (False, "https://duoplus.example/")

    def test_what_someone_else_changed_first_is_shown(self, saskia: Client, duoplus: Organisation) -> None:
        made = document(duoplus)
        seen = saskia.get(f"{LIST}{made.pk}/").context["form"]["seen"].value()
        SourceDocument.objects.update(year=2021)
        answer = saskia.post(f"{LIST}{made.pk}/", {"title": "Begroting", "year": "2019", "seen": seen})
        assert (answer.status_code, answer.context["conflict"].theirs) == (409, [("jaar", "2021")])


class TestRemoving:
    def test_it_asks_first(self, saskia: Client, duoplus: Organisation) -> None:
        made = document(duoplus)
        assert "“Begroting 2020” verwijderen?" in text(saskia.get(f"{LIST}{made.pk}/verwijderen/"))
        answer = saskia.post(f"{LIST}{made.pk}/verwijderen/")
        assert (answer["Location"], said(saskia, answer)) == (LIST, ["“Begroting 2020” is verwijderd."])

    def test_a_document_in_use_stays(self, saskia: Client, duoplus: Organisation) -> None:
        made = document(duoplus)
        section = builders.section(
            builders.chapter(builders.report(duoplus)), builders.team(duoplus), kind=SectionKind.GOALS
        )
        Goal.objects.create(section=section, position=1, objective="Minder papier", document=made)
        answer = saskia.post(f"{LIST}{made.pk}/verwijderen/")
        assert (answer.status_code, "Naar deze bron verwijst “Minder papier”." in text(answer)) == (409, True)


class TestDownload:
    def test_it_is_a_download_and_nothing_else(self, saskia: Client, duoplus: Organisation) -> None:
        made = stored(duoplus)
        SourceDocument.objects.update(title="Begroting / “Duo+”")
        answer = saskia.get(f"{LIST}{made.pk}/pdf/")
        assert content(answer) == PDF
        assert (answer["Content-Type"], answer["Content-Disposition"], answer["X-Content-Type-Options"]) == (
            "application/pdf",
            'attachment; filename="begroting-duo-2020.pdf"',
            "nosniff",
        )

    def test_html_that_got_in_is_still_never_shown(self, saskia: Client, duoplus: Organisation) -> None:
        made = stored(duoplus, b"<script>alert(1)</script>")
        answer = saskia.get(f"{LIST}{made.pk}/pdf/")
        assert content(answer) == b"<script>alert(1)</script>"
        assert (answer["Content-Type"], answer["Content-Disposition"].split(";")[0]) == (
            "application/pdf",
            "attachment",
        )

    def test_every_role_may(self, client: Client, duoplus: Organisation) -> None:
        made = stored(duoplus)
        for role in Role:
            client.force_login(builders.person(role.value, duoplus, role))
            assert content(client.get(f"{LIST}{made.pk}/pdf/")) == PDF

    def test_without_a_file_or_when_it_is_lost(self, saskia: Client, duoplus: Organisation) -> None:
        assert saskia.get(f"{LIST}{document(duoplus, 'Besluit').pk}/pdf/").status_code == 404
        made = stored(duoplus)
        default_storage.delete(str(made.file.name))
        assert saskia.get(f"{LIST}{made.pk}/pdf/").status_code == 404


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.DIRECTOR, Role.AUDITOR])
def test_other_roles_change_nothing(client: Client, duoplus: Organisation, role: Role) -> None:
    made = document(duoplus)
    client.force_login(builders.person("Anton", duoplus, role))
    for address in (f"{LIST}nieuw/", f"{LIST}{made.pk}/", f"{LIST}{made.pk}/verwijderen/"):
        assert client.get(address).status_code == 403
        assert client.post(address, {"title": "Van mij", "year": "2020"}).status_code == 403
    assert (titles(client), LogEntry.objects.filter(result="done").count()) == (["Begroting 2020"], 0)


def test_a_foreign_document_is_not_found(saskia: Client) -> None:
    foreign = stored(builders.organisation("Waterrand", "waterrand"))
    for address in (f"{LIST}{foreign.pk}/", f"{LIST}{foreign.pk}/verwijderen/"):
        assert saskia.get(address).status_code == 404
        assert saskia.post(address, {"title": "Van ons", "year": "2020"}).status_code == 404
    assert saskia.get(f"{LIST}{foreign.pk}/pdf/").status_code == 404
    assert titles(saskia) == []
