from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from investments import actions, tasks
from investments.models import Ledger, LedgerImport, LedgerImportState, LedgerPeriod, LedgerRule, Line, Posting
from jobs import actions as jobs
from jobs.models import Job, JobState
from jobs.running import run
from tests import builders
from tests.investments import ledger as books
from tests.pages import errors, said, text

pytestmark = pytest.mark.django_db
HOME = "/duoplus/grootboek/2020/"


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def line(org: Organisation) -> Line:
    return builders.line(builders.table(org), original="500")


@pytest.fixture
def controller(client: Client, org: Organisation, line: Line) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


def work() -> None:
    """Do what was asked of imports, as a worker does."""
    for job in Job.objects.filter(kind=actions.IMPORT, state=JobState.WAITING):
        held = jobs.claim(job.pk, joins_until_end=True)
        assert held is not None
        run(tasks.import_ledger, held)


def hand_in(client: Client, *rows: tuple[str, ...]) -> LedgerImport:
    content = books.csv(*(rows or [books.row()])).getvalue()
    client.post(f"{HOME}inlezen/", {"file": SimpleUploadedFile("journaal.csv", content)})
    return LedgerImport.objects.latest("pk")


# --- files ------------------------------------------------------------------------------------------------------------
def test_a_file_goes_in_by_way_of_its_control_totals(controller: Client) -> None:
    made = hand_in(controller, books.row(amount="1.250,50"), books.row("1600", "", "-1250,50"))
    address = f"/duoplus/grootboek/bestanden/{made.pk}/"
    assert "Wordt gecontroleerd" in text(controller.get(address))
    work()
    assert "wacht op verwerken" in controller.get(f"{address}voortgang/").content.decode()
    shown = text(controller.get(address))
    assert "boekingen 2 nog niet debet 1.250,50 nog niet credit 1.250,50 nog niet saldo 0 nog niet" in shown
    assert "Niet gekoppeld 2 boekingen, saldo 0" in shown
    assert not Posting.objects.exists()
    controller.post(f"{address}verwerken/")
    work()
    shown = text(controller.get(address))
    assert "boekingen 2 2 debet 1.250,50 1.250,50 credit 1.250,50 1.250,50 saldo 0 0" in shown
    assert Posting.objects.count() == 2


def test_what_is_wrong_stands_on_the_page_of_the_file(controller: Client) -> None:
    made = hand_in(controller, books.row(amount="veel"))
    work()
    shown = text(controller.get(f"/duoplus/grootboek/bestanden/{made.pk}/"))
    assert "geweigerd Er is niets opgeslagen." in shown
    assert "Rij 2: “veel” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500." in shown


def test_a_file_is_withdrawn(controller: Client) -> None:
    made = hand_in(controller)
    work()
    answer = controller.post(f"/duoplus/grootboek/bestanden/{made.pk}/intrekken/")
    assert said(controller, answer) == ["Het bestand is ingetrokken. Aan de boekingen is niets veranderd."]
    assert not LedgerImport.objects.exists()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (None, "Kies een bestand."),
        (SimpleUploadedFile("leeg.csv", b""), "Dit bestand is leeg."),
    ],
)
def test_no_file_at_all(controller: Client, file: SimpleUploadedFile | None, message: str) -> None:
    answer = controller.post(f"{HOME}inlezen/", {"file": file} if file else {})
    assert (answer.status_code, errors(answer)) == (422, {"file": [message]})


@pytest.fixture
def three(line: Line) -> Ledger:
    ledger = books.ledger(line.table.organisation)
    saskia = builders.person("Saskia Roelofsen", ledger.organisation)
    for name, rows, state, by in (
        ("januari.csv", 3, LedgerImportState.STORED, saskia),
        ("februari.csv", 1, LedgerImportState.REFUSED, None),
        ("maart.csv", 2, LedgerImportState.READY, saskia),
    ):
        LedgerImport.objects.create(
            ledger=ledger, name=name, rows=rows, debit=books.euros("5") * rows, state=state, by=by
        )
    return ledger


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["maart.csv", "februari.csv", "januari.csv"]),
        ("sort=name", ["februari.csv", "januari.csv", "maart.csv"]),
        ("sort=rows", ["februari.csv", "maart.csv", "januari.csv"]),
        ("sort=-debit", ["januari.csv", "maart.csv", "februari.csv"]),
        ("state=refused", ["februari.csv"]),
        ("text=ar", ["maart.csv", "februari.csv", "januari.csv"]),
        ("text=mrt", []),
    ],
)
def test_the_files_sort_and_filter(controller: Client, three: Ledger, query: str, names: list[str]) -> None:
    answer = controller.get(f"{HOME}?{query}")
    assert [row.record.name for row in answer.context["imports"].rows] == names


def test_the_start_is_the_newest_year(controller: Client, three: Ledger) -> None:
    builders.table(three.organisation, "Wagenpark", 2021)
    shown = text(controller.get("/duoplus/grootboek/"))
    assert "Grootboek 2021" in shown
    assert "Er is geen bestand dat hieraan voldoet. Een controller levert er een aan met “Boekingen inlezen”." in shown


def test_without_tables_there_is_no_ledger(client: Client, org: Organisation) -> None:
    client.force_login(builders.person("Saskia", org, Role.CONTROLLER))
    assert "Er zijn nog geen tabellen." in text(client.get("/duoplus/grootboek/"))
    assert client.get(HOME).status_code == 404


# --- periods ----------------------------------------------------------------------------------------------------------
def test_periods_are_closed_and_opened(controller: Client, line: Line) -> None:
    books.import_file(books.ledger(line.table.organisation), books.csv(books.row(), books.row(period="13")))
    answer = controller.get(f"{HOME}perioden/")
    assert [(item.period, item.count) for item in answer.context["periods"]] == [
        (1, 1),
        *[(month, 0) for month in range(2, 13)],
        (13, 1),
    ]
    answer = controller.post(f"{HOME}perioden/", {"period": "2"})
    assert said(controller, answer) == ["Periode 2 is afgesloten."]
    assert LedgerPeriod.objects.get(period=2).is_closed
    answer = controller.post(f"{HOME}perioden/", {"period": "2", "opens": "on"})
    assert said(controller, answer) == ["Periode 2 is opengesteld."]
    assert controller.post(f"{HOME}perioden/", {"period": "99"}).status_code == 409


# --- rules and what none counts ---------------------------------------------------------------------------------------
def rule(line: Line, **fields: str) -> dict[str, str]:
    return {"line": str(line.pk), "account_from": "4310", **fields}


def test_an_unmapped_account_becomes_a_rule(controller: Client, line: Line) -> None:
    books.import_file(books.ledger(line.table.organisation), books.csv(books.row(), books.row("1600", "", "-100,00")))
    answer = controller.get(f"{HOME}niet-gekoppeld/")
    assert "2 boekingen tellen in geen enkele regel; hun saldo is 0." in text(answer)
    address = "/duoplus/grootboek/2020/koppelingen/nieuw/?account=4310&amp;cost_centre=600"
    assert address in answer.content.decode()
    form = controller.get(address.replace("&amp;", "&")).context["form"]
    assert (form["account_from"].value(), form["cost_centre_from"].value()) == ("4310", "600")
    answer = controller.post(f"{HOME}koppelingen/nieuw/", rule(line, cost_centre_from="600"))
    assert said(controller, answer) == ["Rekening 4310, kostenplaats 600 telt voortaan in “Aanschaf servers”."]
    answer = controller.get(f"{HOME}niet-gekoppeld/")
    assert "1 boeking telt in geen enkele regel; hun saldo is -100." in text(answer)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"line": ""}, "line", "Kies een regel."),
        ({"account_from": ""}, "account_from", "Vul een rekening in."),
        (
            {"account_to": "43"},
            "account_to",
            "“4310” en “43” zijn niet even lang. Een reeks gaat over codes van gelijke lengte.",
        ),
        ({"cost_centre_to": "699"}, "cost_centre_to", "Vul ook in waar de reeks begint."),
    ],
)
def test_a_rule_that_is_none(controller: Client, line: Line, fields: dict[str, str], field: str, message: str) -> None:
    answer = controller.post(f"{HOME}koppelingen/nieuw/", rule(line) | fields)
    assert (answer.status_code, errors(answer)) == (422, {field: [message]})


def test_a_second_rule_for_the_same_postings_is_refused(controller: Client, line: Line) -> None:
    books.rule(line, "4300-4399")
    answer = controller.post(f"{HOME}koppelingen/nieuw/", rule(line))
    assert answer.status_code == 422
    assert "De tabel telt rekening 4300 t/m 4399 al in de regel “Aanschaf servers”." in text(answer)


@pytest.mark.parametrize(
    ("query", "accounts"),
    [
        ("", ["4310", "4400", "4500"]),
        ("sort=-account_from", ["4500", "4400", "4310"]),
        ("sort=line", ["4500", "4310", "4400"]),
        ("account=4400", ["4400"]),
        ("text=telefoon", ["4400"]),
    ],
)
def test_rules_sort_and_filter(controller: Client, line: Line, query: str, accounts: list[str]) -> None:
    books.rule(line, "4310")
    books.rule(builders.line(line.table, "Telefoons"), "4400")
    books.rule(builders.line(line.table, "Aanschaf laptops"), "4500")
    answer = controller.get(f"{HOME}koppelingen/?{query}")
    assert [row.record.account_from for row in answer.context["rules"].rows] == accounts


def test_a_rule_ends(controller: Client, line: Line) -> None:
    made = books.rule(line, "4310")
    answer = controller.post(f"/duoplus/grootboek/koppelingen/{made.pk}/beeindigen/")
    assert said(controller, answer) == ["Rekening 4310 telt niet meer in “Aanschaf servers”."]
    assert not LedgerRule.objects.filter(until=None).exists()
    shown = text(controller.get(f"{HOME}koppelingen/"))
    assert "Rekening 4310 telt niet meer in “Aanschaf servers” van Investeringen ICT 2020" in shown


@pytest.mark.parametrize(
    ("query", "accounts"),
    [
        ("", ["1600", "4310", "4400"]),
        ("sort=-account", ["4400", "4310", "1600"]),
        ("sort=sum", ["1600", "4400", "4310"]),
        ("sort=-count", ["4310", "1600", "4400"]),
        ("account=4", ["4310", "4400"]),
    ],
)
def test_what_is_not_mapped_sorts_and_filters(controller: Client, line: Line, query: str, accounts: list[str]) -> None:
    rows = [books.row(), books.row(), books.row("1600", "", "-9,00"), books.row("4400", amount="1,00")]
    books.import_file(books.ledger(line.table.organisation), books.csv(*rows))
    answer = controller.get(f"{HOME}niet-gekoppeld/?{query}")
    found = [row.record["account"] for row in answer.context["accounts"].rows]
    assert sorted(found) == sorted(accounts) if query == "sort=-count" else found == accounts


# --- the postings of a line -------------------------------------------------------------------------------------------
@pytest.fixture
def fed(line: Line) -> Line:
    books.rule(line, "4310-4319")
    rows = [
        books.row("4310", "600", "100,00", words="Laptops"),
        books.row("4311", "700", "-25,50", period="2", day="03-02-2020", words="=HYPERLINK(1)"),
        books.row("4400", "600", "7,00"),
    ]
    books.import_file(books.ledger(line.table.organisation), books.csv(*rows))
    return line


def test_a_line_is_taken_apart_into_its_postings(controller: Client, fed: Line) -> None:
    table = controller.get(f"/duoplus/tabellen/{fed.table_id}/").content.decode()
    assert f'href="/duoplus/tabellen/regels/{fed.pk}/boekingen/"' in table
    assert f'name="actual" form="regel-{fed.pk}"' not in table
    answer = controller.get(f"/duoplus/tabellen/regels/{fed.pk}/boekingen/")
    assert "Rekening 4310 t/m 4319. Debet is positief." in text(answer)
    assert answer.context["totals"] == {
        "count": 2,
        "debit": books.euros("100.00"),
        "credit": books.euros("25.50"),
        "net": books.euros("74.50"),
    }


@pytest.mark.parametrize(
    ("query", "accounts"),
    [
        ("", ["4310", "4311"]),
        ("sort=amount", ["4311", "4310"]),
        ("sort=-date", ["4311", "4310"]),
        ("period=2", ["4311"]),
        ("text=laptop", ["4310"]),
    ],
)
def test_postings_sort_and_filter_and_so_do_their_sums(
    controller: Client, fed: Line, query: str, accounts: list[str]
) -> None:
    answer = controller.get(f"/duoplus/tabellen/regels/{fed.pk}/boekingen/?{query}")
    assert [row.record.account for row in answer.context["postings"].rows] == accounts
    assert answer.context["totals"]["count"] == len(accounts)


def test_postings_as_a_file_hold_no_formula(controller: Client, fed: Line) -> None:
    answer: Any = controller.get(f"/duoplus/tabellen/regels/{fed.pk}/boekingen/csv/?period=2")
    assert answer["Content-Disposition"] == 'attachment; filename="boekingen-aanschaf-servers-2020.csv"'
    assert b"".join(answer.streaming_content).decode() == (
        "\ufeffdatum;periode;rekening;kostenplaats;taakveld;omschrijving;boekstuk;bedrag\r\n"
        "03-02-2020;2;4311;700;0.4;'=HYPERLINK(1);M1;-25,50\r\n"
    )


def test_a_lead_sees_the_postings_of_the_own_lines_only(client: Client, fed: Line) -> None:
    org = fed.table.organisation
    team = builders.team(org)
    client.force_login(builders.person("Anna", org, Role.TEAM_LEAD, teams=(team,)))
    address = f"/duoplus/tabellen/regels/{fed.pk}/boekingen/"
    assert client.get(address).status_code == 403
    assert address not in client.get(f"/duoplus/tabellen/{fed.table_id}/").content.decode()
    Line.objects.filter(pk=fed.pk).update(owner_team=team)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("grootboek/2020/", lambda fed: LedgerImport.objects.create(ledger=Ledger.objects.get(), name="april.csv")),
        ("grootboek/2020/koppelingen/", lambda fed: books.rule(builders.line(fed.table, "Telefoons"), "4500")),
        ("grootboek/2020/niet-gekoppeld/", lambda fed: books.import_file(
            Ledger.objects.get(), books.csv(books.row("9999", period="5"))
        )),
        ("tabellen/regels/{}/boekingen/", lambda fed: books.import_file(
            Ledger.objects.get(), books.csv(books.row("4319", period="5"))
        )),
    ],
)  # fmt: skip
def test_lists_ask_as_many_queries_for_one_row_as_for_any(
    controller: Client,
    fed: Line,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    path: str,
    more: Callable[[Line], object],
) -> None:
    address = f"/duoplus/{path.format(fed.pk)}"
    controller.get(address)
    with django_assert_max_num_queries(18) as first:
        controller.get(address)
    more(fed)
    with django_assert_max_num_queries(len(first.captured_queries)):
        controller.get(address)


def test_a_fed_line_keeps_what_was_typed_when_its_row_is_saved(controller: Client, fed: Line) -> None:
    fields = {"version": str(fed.version), "original": "600", "actual": "1"}
    controller.post(f"/duoplus/tabellen/regels/{fed.pk}/opslaan/", fields)
    fed.refresh_from_db()
    assert (str(fed.original), fed.actual) == ("600.00", None)


# --- columns that a person chooses ------------------------------------------------------------------------------------
def test_the_controller_says_which_column_holds_what(controller: Client) -> None:
    content = "Export van 2020;;;\r\nConto;Datum;Waarde;Tekst\r\n4310;15-01-2020;12,50;Laptops\r\n"
    controller.post(f"{HOME}inlezen/", {"file": SimpleUploadedFile("journaal.csv", content.encode())})
    made = LedgerImport.objects.get()
    work()
    address = f"/duoplus/grootboek/bestanden/{made.pk}/"
    assert "wacht op kolommen" in text(controller.get(address))
    assert f'href="{address}kolommen/"' in controller.get(address).content.decode()
    answer = controller.get(f"{address}kolommen/")
    form = answer.context["form"]
    assert (answer.context["row"], form["date"].value(), form["description"].value()) == (2, "Datum", "Tekst")
    assert [choice for choice, _ in form.fields["account"].choices] == ["", "Conto", "Datum", "Waarde", "Tekst"]
    assert controller.get(f"{address}kolommen/?rij=1").context["headings"] == ["Export van 2020", "", "", ""]
    twice = controller.post(f"{address}kolommen/", {"account": "Conto", "date": "Conto", "amount": "Waarde"})
    assert (twice.status_code, errors(twice)) == (
        422,
        {"__all__": ["De kolom “Conto” is voor meer dan één gegeven gekozen."]},
    )
    missing = controller.post(f"{address}kolommen/", {"account": "Conto", "date": "Datum"})
    assert "Er is geen kolom met het bedrag" in text(missing)
    answer = controller.post(f"{address}kolommen/", {"account": "Conto", "date": "Datum", "amount": "Waarde"})
    assert answer["Location"] == address
    work()
    assert "Andere kolommen kiezen" in text(controller.get(address))
    assert "boekingen 1 nog niet debet 12,50" in text(controller.get(address))
