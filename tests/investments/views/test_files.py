import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from python_calamine import load_workbook

from accounts.models import Organisation
from accounts.roles import Role
from investments.models import Line, Table, TableImport
from tests import builders
from tests.investments.spreadsheets import files
from tests.pages import column, content, errors, said, text

pytestmark = pytest.mark.django_db
LIST = "/duoplus/tabellen/bestanden/"
HEAD = ["Bedragen x € 1.000", "Begroting 2020", "Rekening 2020"]
ROWS = (HEAD, ["Servers", "100", "90"], ["Telefoons", "20", "25"], ["Totaal", "120", "116"])


@pytest.fixture
def org(settings: Any, tmp_path: Path) -> Organisation:
    settings.MEDIA_ROOT = tmp_path
    return builders.organisation()


@pytest.fixture
def controller(client: Client, org: Organisation) -> Client:
    client.force_login(builders.person("Saskia Roelofsen", org, Role.CONTROLLER))
    return client


def upload(controller: Client, *rows: list[str], name: str = "investeringen.csv", **fields: str) -> Any:
    file = SimpleUploadedFile(name, files.csv(*(rows or ROWS)))
    return controller.post(f"{LIST}nieuw/", {"title": "ICT", "year": "2020", "unit": "0", "file": file, **fields})


def mapping(controller: Client, answer: Any, **changes: str) -> dict[str, Any]:
    """The fields of the mapping page as a browser would send them, some of them changed."""
    form = controller.get(answer["Location"]).context["form"]
    fields = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None or value is False else value for name, value in fields.items()}
    return {name: value for name, value in sent.items() if name != "reversed_result" or value} | changes


def preview_of(controller: Client, *rows: list[str], **fields: str) -> Any:
    """The preview of a file as it was guessed."""
    uploaded = upload(controller, *rows, **fields)
    mapped = controller.post(uploaded["Location"], mapping(controller, uploaded))
    return controller.get(mapped["Location"])


def apply(controller: Client, preview: Any) -> Any:
    form = preview.context["form"]
    sent = {"version": form["version"].value(), "seen": form["seen"].value()}
    return controller.post(f"{preview.request['PATH_INFO']}invoeren/", sent)


# --- the way in -------------------------------------------------------------------------------------------------------
def test_a_file_goes_from_upload_to_table_in_three_steps(controller: Client) -> None:
    uploaded = upload(controller)
    assert uploaded["Location"] == f"{LIST}{TableImport.objects.get().pk}/koppelen/"
    page = text(controller.get(uploaded["Location"]))
    assert "Stap 2 van 3 · ICT 2020" in page
    preview = controller.get(controller.post(uploaded["Location"], mapping(controller, uploaded))["Location"])
    words = text(preview)
    assert "klopt precies 1 afrondingsverschil 1 telt niet op 0" in words
    assert "Totaal Rekening 2020 116.000 115.000 1.000 afrondingsverschil" in words
    assert Table.objects.count() == 0
    applied = apply(controller, preview)
    assert applied["Location"] == f"/duoplus/tabellen/{Table.objects.get().pk}/"
    assert said(controller, applied) == [
        "“investeringen.csv” is ingevoerd. Bij “Uit bestanden” kunt u dat ongedaan maken."
    ]
    assert [(line.label, line.actual) for line in Line.objects.filter(kind="line")] == [
        ("Servers", Decimal(90_000)),
        ("Telefoons", Decimal(25_000)),
    ]


def test_over_a_table_the_preview_says_what_changes(controller: Client, org: Organisation) -> None:
    table = builders.table(org)
    builders.line(table, "Servers", "100000", "80000")
    preview = preview_of(controller, *ROWS[:2], table=str(table.pk))
    assert "Servers rekening 2020 80.000 90.000" in text(preview)
    apply(controller, preview)
    assert Line.objects.get().actual == 90_000


def test_the_page_of_a_table_leads_to_a_file_for_it(controller: Client, org: Organisation) -> None:
    table = builders.table(org)
    builders.line(table)
    assert (
        f"/duoplus/tabellen/bestanden/nieuw/?tabel={table.pk}"
        in controller.get(f"/duoplus/tabellen/{table.pk}/").content.decode()
    )
    form = controller.get(f"{LIST}nieuw/?tabel={table.pk}").context["form"]
    assert form["table"].value() == table.pk


def test_what_is_wrong_with_an_upload_stands_at_its_field(controller: Client) -> None:
    answer = upload(controller, title="")
    assert (answer.status_code, errors(answer)) == (
        422,
        {"title": ["Geef de nieuwe tabel een titel, of kies een tabel die er al is."]},
    )
    answer = controller.post(f"{LIST}nieuw/", {"title": "ICT", "year": "2020", "unit": "0"})
    assert errors(answer) == {"file": ["Kies een bestand."]}
    answer = upload(controller, ["Alleen", "woorden"], ["en", "nog meer"])
    assert errors(answer) == {
        "file": ["Op dit blad staat geen tabel: er is geen regel met een omschrijving en een bedrag."]
    }
    assert TableImport.objects.count() == 0


def test_the_year_of_a_new_table_comes_from_its_headings_or_is_asked(controller: Client) -> None:
    assert controller.get(f"{LIST}nieuw/").context["form"]["year"].value() is None
    uploaded = upload(controller, year="")
    assert "Stap 2 van 3 · ICT 2020" in text(controller.get(uploaded["Location"]))
    open_year = ["Bedragen", "Begroting", "Rekening"]
    asked = upload(controller, open_year, *ROWS[1:], year="")
    assert (asked.status_code, errors(asked)) == (
        422,
        {"year": ["De opschriften in het bestand laten het boekjaar open. Vul het in."]},
    )
    broken = SimpleUploadedFile("x.xlsx", b"PK\x03\x04")
    answer = controller.post(f"{LIST}nieuw/", {"title": "ICT", "unit": "0", "file": broken})
    assert list(errors(answer)) == ["file"]


def test_doubts_of_the_guess_are_told(controller: Client) -> None:
    uploaded = upload(controller, ["", *HEAD[1:]], *ROWS[1:-1], ["Totaal", "130", "115"])
    assert said(controller, uploaded) == [
        "Het bestand zegt niet in welke eenheid de bedragen staan.",
        "Van “Totaal” (rij 4) is niet gevonden welke regels het optelt.",
    ]


def test_refused_cells_are_named_and_nothing_can_be_applied(controller: Client) -> None:
    preview = preview_of(controller, *ROWS, ["Fietsen", "1.234", "1,234"])
    words = text(preview)
    assert "Zolang dit er staat, wordt er niets ingevoerd." in words
    assert "C5 Rekening 2020 1,234 “1,234” kan twee dingen betekenen." in words
    assert "Invoeren" not in words
    refused = apply(controller, preview)
    assert refused.status_code == 409
    assert "Het bestand heeft cellen die niet kloppen. Er is niets ingevoerd." in text(refused)


def test_columns_lines_and_totals_are_chosen_by_row_and_letter(controller: Client) -> None:
    rows = [[*HEAD, "Code", "Verplicht"], ["Servers", "100", "90", "007", "1"], ["Fiets", "5", "5", "008", "2"]]
    uploaded = upload(controller, *rows, ["Samen", "105", "95", "", "3"])
    sent = mapping(controller, uploaded, line_4="total", column_4="")
    controller.post(uploaded["Location"], sent)
    form = controller.get(uploaded["Location"]).context["form"]
    assert form["column_3"].value() == "text"
    wrong = controller.post(uploaded["Location"], {**mapping(controller, uploaded), "members_4": "2 t/m x"})
    assert errors(wrong) == {"members_4": ["“2 t/m x” noemt geen rij. Schrijf bijvoorbeeld 4 t/m 9; -12."]}
    sent = mapping(controller, uploaded, members_4="2 t/m 3", terms_1="Z")
    assert errors(controller.post(uploaded["Location"], sent)) == {
        "terms_1": ["“Z” is geen kolom van dit bestand. Schrijf bijvoorbeeld B; C; -D."]
    }
    mapped = controller.post(uploaded["Location"], mapping(controller, uploaded, members_4="2 t/m 3"))
    apply(controller, controller.get(mapped["Location"]))
    total = Line.objects.get(label="Samen")
    assert list(total.members.values_list("line__label", "sign")) == [("Servers", 1), ("Fiets", 1)]
    assert [item.label for item in total.table.printed_columns] == [*HEAD[1:], "Code"]
    assert total.table.lines.get(label="Servers").cells.get().text == "007"


def test_other_heading_rows_make_a_new_first_mapping(controller: Client) -> None:
    rows = [["Kop", "1", "2"], ["x", "", ""], *ROWS]
    uploaded = upload(controller, ["Uit", "de", "oude"], *rows)
    again = controller.post(uploaded["Location"], mapping(controller, uploaded, first="4", last="4", unit="1000"))
    assert again["Location"] == uploaded["Location"]
    form = controller.get(again["Location"]).context["form"]
    assert [form[f"line_{row}"].value() for row in (5, 6, 7)] == ["expense", "expense", "total"]
    nothing = controller.post(uploaded["Location"], mapping(controller, uploaded, first="90", last="91"))
    assert nothing.status_code == 422
    assert "Onder deze opschriften staat niets." in text(nothing)


def test_a_mapping_that_a_colleague_changed_is_shown_as_such(controller: Client) -> None:
    uploaded = upload(controller)
    sent = mapping(controller, uploaded)
    controller.post(uploaded["Location"], sent)
    answer = controller.post(uploaded["Location"], sent)
    assert answer.status_code == 409
    assert "Een collega was u net voor." in text(answer)
    assert controller.post(uploaded["Location"], {**sent, "version": "2"}).status_code == 302


def test_an_import_is_undone_from_its_page(controller: Client) -> None:
    apply(controller, preview_of(controller))
    row = TableImport.objects.get()
    page = text(controller.get(f"{LIST}{row.pk}/"))
    assert "Ongedaan maken" in page
    undone = controller.post(f"{LIST}{row.pk}/ongedaan/")
    assert said(controller, undone) == ["De invoer uit “investeringen.csv” is ongedaan gemaakt."]
    assert Table.objects.count() == 0
    assert "Deze invoer is niet toegepast, of al ongedaan gemaakt." in text(controller.get(f"{LIST}{row.pk}/ongedaan/"))


def test_the_file_can_be_fetched_as_it_was_handed_in(controller: Client) -> None:
    upload(controller)
    answer = controller.get(f"{LIST}{TableImport.objects.get().pk}/bestand/")
    assert answer["Content-Disposition"] == 'attachment; filename="investeringen.csv"'
    assert content(answer) == files.csv(*ROWS)


# --- the list ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["b.csv", "a.csv"]),
        ("name", ["a.csv", "b.csv"]),
        ("-name", ["b.csv", "a.csv"]),
        ("title", ["a.csv", "b.csv"]),
        ("-year", ["b.csv", "a.csv"]),
        ("at", ["a.csv", "b.csv"]),
    ],
)
def test_the_list_sorts(controller: Client, sort: str, names: list[str]) -> None:
    upload(controller, name="a.csv", title="Archief", year="2019")
    upload(controller, name="b.csv", title="Wagenpark")
    answer = controller.get(LIST, {"sort": sort} if sort else {})
    assert [row.record.name for row in answer.context["table"].rows] == names


def test_the_list_filters_and_asks_a_fixed_number_of_queries(
    controller: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    upload(controller, name="a.csv", title="Archief")
    apply(controller, preview_of(controller, name="b.csv", title="Wagenpark"))
    assert column(controller.get(f"{LIST}?state=applied"), "title") == ["Wagenpark"]
    assert column(controller.get(f"{LIST}?text=arch"), "title") == ["Archief"]
    with django_assert_num_queries(6):
        controller.get(LIST)


# --- the way out ------------------------------------------------------------------------------------------------------
def test_a_table_goes_out_as_it_prints(controller: Client, org: Organisation) -> None:
    table = builders.sample_table(org)
    answer = controller.get(f"/duoplus/tabellen/{table.pk}/csv/")
    assert answer["Content-Disposition"] == 'attachment; filename="investeringen-ict-2020.csv"'
    lines = content(answer).decode("utf-8-sig").splitlines()
    assert lines[0] == ";begroot 2020;wijziging 2020;begroot na wijzigingen 2020;rekening 2020;resultaat 2020"
    assert lines[1] == "I&A - aanschaf computerapparatuur;-;232;232;256;-24"
    assert lines[-1] == "Saldo;-;567;567;465;102"
    answer = controller.get(f"/duoplus/tabellen/{table.pk}/xlsx/")
    rows = load_workbook(io.BytesIO(content(answer))).get_sheet_by_index(0).to_python()
    assert rows[3] == ["I&A - aanschaf computerapparatuur", 0.0, 232.0, 232.0, 256.0, -24.0]


def test_what_goes_out_comes_in_again(controller: Client, org: Organisation) -> None:
    table = builders.sample_table(org)
    out = content(controller.get(f"/duoplus/tabellen/{table.pk}/csv/"))
    file = SimpleUploadedFile("terug.csv", out)
    uploaded = controller.post(f"{LIST}nieuw/", {"title": "Terug", "year": "2020", "unit": "1000", "file": file})
    mapped = controller.post(uploaded["Location"], mapping(controller, uploaded))
    apply(controller, controller.get(mapped["Location"]))
    again = Table.objects.get(title="Terug")
    assert content(controller.get(f"/duoplus/tabellen/{again.pk}/csv/")) == out
