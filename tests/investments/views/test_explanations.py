import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, Team
from accounts.roles import Role
from investments.models import Explanation, Line, Table
from library.models import SourceDocument
from tests import builders
from tests.investments.computing import compute
from tests.pages import errors, let_expire, said, text

pytestmark = pytest.mark.django_db
OWN = "/duoplus/tabellen/regels/"


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def team(org: Organisation) -> Team:
    return builders.team(org, "Informatisering en Automatisering")


@pytest.fixture
def table(org: Organisation, team: Team) -> Table:
    made = builders.sample_table(org, team)
    builders.explain(made.lines.get(label__contains="server"), text="<p>De <em>cloud</em>.</p>")
    compute(made)
    return made


@pytest.fixture
def lead(client: Client, org: Organisation, team: Team) -> Client:
    client.force_login(builders.person("Ruben Sitompul", org, Role.TEAM_LEAD, teams=(team,)))
    return client


def explain(line: Line) -> str:
    return f"{OWN}{line.pk}/toelichting/"


def covering(text: str, *lines: Line, version: int = 0) -> dict[str, str]:
    return {"explanation": text, "version": str(version), **{f"covers_{line.pk}": "on" for line in lines}}


# --- own lines --------------------------------------------------------------------------------------------------------
def test_a_lead_sees_line_table_deviation_and_whether_it_is_explained(lead: Client, table: Table) -> None:
    words = text(lead.get(OWN))
    assert (
        "I&A - aanschaf serverapparatuur Investeringen ICT 2020 Informatisering en Automatisering 122.200 V toegelicht"
        in words
    )
    assert (
        "I&A - aanschaf randapparatuur Investeringen ICT 2020 Informatisering en Automatisering -9.700 N "
        "nog niet toegelicht" in words
    )
    assert "Saldo" not in words


def test_a_result_that_is_not_there_yet_is_told(lead: Client, org: Organisation, team: Team) -> None:
    builders.line(builders.table(org), owner=team)
    assert "wordt berekend" in text(lead.get(OWN))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sort=result", "I&A - aanschaf computerapparatuur"),
        ("sort=-result", "I&A - aanschaf serverapparatuur"),
        ("sort=-label", "Voorfinanciering fiets"),
        ("sort=-explanation", "I&A - aanschaf serverapparatuur"),
        ("explained=yes", "I&A - aanschaf serverapparatuur"),
        ("text=telefoon", "I&A - aanschaf telefoons"),
    ],
)
def test_own_lines_sort_and_filter(lead: Client, table: Table, query: str, first: str) -> None:
    rows = list(lead.get(f"{OWN}?{query}").context["lines"].rows)
    assert rows[0].record.label == first


def test_someone_without_a_team_is_told_that_there_is_nothing(client: Client, org: Organisation, table: Table) -> None:
    client.force_login(builders.person("Willem", org, Role.AUDITOR))
    assert "Er zijn geen regels die hieraan voldoen." in text(client.get(OWN))


def test_a_controller_sees_all_lines_and_which_deviations_wait(client: Client, org: Organisation, table: Table) -> None:
    builders.line(table, "Van niemand", original="100", actual="90")
    compute(table)
    client.force_login(builders.person("Saskia", org, Role.CONTROLLER))
    assert len(client.get(OWN).context["lines"].rows) == 7
    waiting = client.get(f"{OWN}?explained=missing")
    assert "Alle regels" in text(waiting)
    assert [row.record.label for row in waiting.context["lines"].rows] == [
        "I&A - aanschaf computerapparatuur",
        "I&A - aanschaf netwerkapparatuur",
        "I&A - aanschaf randapparatuur",
        "I&A - aanschaf telefoons",
        "Van niemand",
    ]


def test_own_lines_ask_as_many_queries_for_one_page_as_for_any(
    lead: Client, table: Table, team: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        with django_assert_num_queries(7):
            lead.get(OWN)
        for number in range(10):
            builders.line(table, f"Regel {number}", owner=team)


# --- reading ----------------------------------------------------------------------------------------------------------
def test_what_is_open_stands_before_what_is_explained(client: Client, org: Organisation, table: Table) -> None:
    Table.objects.filter(pk=table.pk).update(explanation="<p>Minder uitgegeven.</p>")
    client.force_login(builders.person("Willem", org, Role.AUDITOR))
    answer = client.get(f"/duoplus/tabellen/{table.pk}/toelichting/")
    words = text(answer)
    assert "72% verklaard : 122.200 van 168.700 euro" in words
    assert [line.label for line, _, _ in answer.context["open"]] == [
        "I&A - aanschaf computerapparatuur",
        "I&A - aanschaf netwerkapparatuur",
        "I&A - aanschaf randapparatuur",
        "I&A - aanschaf telefoons",
    ]
    assert words.index("-9.700 N") < words.index("De hele tabel Minder uitgegeven.") < words.index("De cloud .")
    assert "I&A - aanschaf serverapparatuur alles van 122.200 V" in words
    assert ("Tekst wijzigen" in words, "Toelichten" in words) == (False, False)
    assert "<p>De <em>cloud</em>.</p>" in answer.content.decode()


def test_an_explanation_tells_what_it_accounts_for_and_by_what(client: Client, org: Organisation, table: Table) -> None:
    source = SourceDocument.objects.create(organisation=org, title="Voortgangsrapportage", year=2020)
    lines = table.lines.all()
    made = builders.explain(lines[0], lines[3], text="<p>Thuiswerken.</p>", amount="-5000")
    link = "https://duoplus.example/besluit"
    Explanation.objects.filter(pk=made.pk).update(cause="volume", nature="incidental", document=source, link=link)
    client.force_login(builders.person("Willem", org, Role.AUDITOR))
    words = text(client.get(f"/duoplus/tabellen/{table.pk}/toelichting/"))
    assert (
        "I&A - aanschaf computerapparatuur en I&A - aanschaf randapparatuur Volume incidenteel Thuiswerken. "
        "I&A - aanschaf computerapparatuur -5.000 van -23.600 N I&A - aanschaf randapparatuur -5.000 van -9.700 N "
        f"Bron Voortgangsrapportage 2020 Link {link}" in words
    )
    assert "nog -4.700 te verklaren" in words


def test_a_lead_is_offered_the_own_lines_and_not_the_table(lead: Client, org: Organisation, table: Table) -> None:
    foreign = builders.line(table, "Van een ander", "10", "5", owner=builders.team(org, "Staf"))
    compute(table)
    answer = lead.get(f"/duoplus/tabellen/{table.pk}/toelichting/")
    assert "Toelichting schrijven" not in text(answer)
    assert {line: may for line, _, may in answer.context["open"]}[foreign] is False
    assert [may for _, _, may in answer.context["open"]].count(True) == 4


# --- writing ----------------------------------------------------------------------------------------------------------
def test_a_lead_writes_with_the_figures_beside_the_text(lead: Client, table: Table) -> None:
    line = table.lines.all()[3]
    answer = lead.get(explain(line))
    assert "Begroot na wijzigingen 55.000 Rekening 64.700 Resultaat -9.700 N Afwijking -18%" in text(answer)
    assert [row.line for row in answer.context["form"].rows if row.covers.value()] == [line]
    answer = lead.post(explain(line), covering("<p>Meer schermen.</p>", line))
    assert answer["Location"] == f"/duoplus/tabellen/{table.pk}/toelichting/"
    assert said(lead, answer) == ["De toelichting is opgeslagen."]
    made = Explanation.objects.get(claims__line=line)
    assert (made.text, made.version, made.claims.get().amount) == ("<p>Meer schermen.</p>", 1, None)


def test_one_explanation_of_two_lines_with_amounts(lead: Client, table: Table) -> None:
    computers, phones = table.lines.all()[0], table.lines.all()[4]
    path = f"/duoplus/tabellen/{table.pk}/toelichting/nieuw/"
    form = lead.get(f"{path}?regel={phones.pk}&regel=x").context["form"]
    assert [row.line for row in form.rows if row.covers.value()] == [phones]
    typed = {
        **covering("<p>Thuiswerken.</p>", phones),
        f"amount_{computers.pk}": "-20.000,50",
        "cause": "volume",
        "nature": "incidental",
    }
    lead.post(path, typed)
    made = Explanation.objects.get(text="<p>Thuiswerken.</p>")
    assert (made.cause, made.nature) == ("volume", "incidental")
    assert {row.line: str(row.amount) for row in made.claims.all()} == {computers: "-20000.50", phones: "None"}


def test_two_texts_at_once_are_both_shown_and_none_is_lost(lead: Client, table: Table) -> None:
    line = table.lines.all()[3]
    lead.post(explain(line), covering("<p>Eerste tekst.</p>", line))
    answer = lead.post(explain(line), covering("<p>Tweede tekst.</p>", line))
    assert answer.status_code == 409
    words = text(answer)
    assert "Ruben Sitompul was u net voor." in words
    assert "toelichting Eerste tekst. Van u niet opgeslagen toelichting Tweede tekst." in words
    form = answer.context["form"]
    assert (form["explanation"].value(), form["version"].value()) == ("<p>Tweede tekst.</p>", "1")
    lead.post(explain(line), covering("<p>Tweede tekst.</p>", line, version=1))
    assert Explanation.objects.get(claims__line=line).text == "<p>Tweede tekst.</p>"


@pytest.mark.parametrize(
    ("words", "covers", "message"),
    [
        ("<p>Tekst.</p>", False, "Kies ten minste één regel."),
        ("", True, "Dit veld is verplicht."),
    ],
)
def test_what_is_missing_is_told_at_the_field(
    lead: Client, table: Table, words: str, covers: bool, message: str
) -> None:
    line = table.lines.all()[3]
    answer = lead.post(explain(line), covering(words, *([line] if covers else [])))
    assert (answer.status_code, errors(answer)) == (422, {"explanation": [message]})


def test_text_too_deep_to_print_and_amounts_with_two_readings_are_told_at_the_field(lead: Client, table: Table) -> None:
    deep = "<ul><li>" * 15 + "diep" + "</li></ul>" * 15
    line = table.lines.all()[3]
    answer = lead.post(explain(line), {**covering(deep, line), f"amount_{line.pk}": "1,234"})
    assert (answer.status_code, list(errors(answer))) == (422, ["explanation", f"amount_{line.pk}"])
    assert answer.context["form"]["explanation"].value() == deep


def test_a_lead_writes_on_no_foreign_line(lead: Client, org: Organisation, table: Table) -> None:
    foreign = builders.line(table, owner=builders.team(org, "Staf"))
    assert lead.get(explain(foreign)).status_code == 403
    assert lead.post(explain(foreign), covering("<p>Ik.</p>", foreign)).status_code == 403


def test_another_explanation_of_the_same_line_stands_beside_it(lead: Client, table: Table) -> None:
    servers = table.lines.get(label__contains="server")
    held = Explanation.objects.get()
    assert "Nog een toelichting" in text(lead.get(explain(servers)))
    lead.post(f"/duoplus/tabellen/{table.pk}/toelichting/nieuw/", covering("<p>Uitstel.</p>", servers))
    answer = lead.get(explain(servers))
    assert answer.context["explanation"] is None
    assert [item.text for item in answer.context["others"]] == [held.text, "<p>Uitstel.</p>"]


def test_an_explanation_is_changed_and_removed_on_pages_of_its_own(lead: Client, table: Table) -> None:
    made = Explanation.objects.get()
    path = f"/duoplus/tabellen/toelichtingen/{made.pk}/"
    form = lead.get(path).context["form"]
    assert (form["explanation"].value(), form["version"].value()) == (made.text, 1)
    servers = made.claims.get().line
    lead.post(path, covering("<p>Anders.</p>", servers, version=1))
    made.refresh_from_db()
    assert (made.text, made.version) == ("<p>Anders.</p>", 2)
    assert lead.post(f"{path}verwijderen/", {"version": "1"}).status_code == 409
    assert "Zij verklaart I&A - aanschaf serverapparatuur." in text(lead.get(f"{path}verwijderen/"))
    answer = lead.post(f"{path}verwijderen/", {"version": "2"})
    assert said(lead, answer) == ["De toelichting is verwijderd. In de geschiedenis blijft staan wat zij zei."]
    assert not Explanation.objects.exists()


def test_the_controller_writes_the_explanation_of_the_table(client: Client, org: Organisation, table: Table) -> None:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    path = f"/duoplus/tabellen/{table.pk}/toelichting/schrijven/"
    words = text(client.get(path))
    assert "Resultaten (bedrag x € 1.000)" in words
    assert "Saldo 102 V" in words
    client.post(path, {"explanation": "<p>Minder uitgegeven.</p>", "version": "1"})
    table.refresh_from_db()
    assert (table.explanation, table.version) == ("<p>Minder uitgegeven.</p>", 2)
    answer = client.post(path, {"explanation": "<p>Anders.</p>", "version": "1"})
    assert (answer.status_code, answer.context["form"]["version"].value()) == (409, "2")


def test_text_typed_before_the_session_expired_is_shown_again(
    client: Client, org: Organisation, team: Team, table: Table
) -> None:
    line = table.lines.all()[3]
    path = explain(line)
    ruben = builders.person("Ruben", org, Role.TEAM_LEAD, teams=(team,))
    let_expire(client, ruben)
    kept = {**covering("<p>Half geschreven.</p>", line), f"amount_{line.pk}": "-5"}
    client.post(path, kept, headers={"Referer": f"http://testserver{path}"})
    client.force_login(ruben)
    form = client.get(path).context["form"]
    assert (form["explanation"].value(), form[f"amount_{line.pk}"].value()) == ("<p>Half geschreven.</p>", "-5")
