from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry, Organisation
from accounts.roles import Role
from investments import actions, queries
from investments.actions import Target
from investments.importing.mapping import FileMapping
from investments.models import Amendment, Cell, Change, Line, Table, TableImport, TotalMember
from jobs.models import Job
from reports.models import SectionKind
from tests import builders
from tests.investments.spreadsheets import files

pytestmark = pytest.mark.django_db
HEAD = ["x € 1.000", "Begroting na wijziging 2020", "Rekening 2020"]
FILE = (HEAD, ["Servers", "100", "90"], ["Telefoons*", "20", "25"], ["Totaal", "120", "116"])


@pytest.fixture
def controller(settings: Any, tmp_path: Path) -> Member:
    settings.MEDIA_ROOT = tmp_path
    return builders.member("Anna de Vries", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def organisation(controller: Member) -> Organisation:
    return controller.organisation


@pytest.fixture
def table(organisation: Organisation) -> Table:
    """Servers with an amendment, telephones, and a total of both."""
    made = builders.table(organisation)
    servers = builders.line(made, "Servers", "70000", "60000", amendment="10000")
    builders.total(made, servers, builders.line(made, "telefoons", "20000"), label="Totaal")
    return made


def hand_in(member: Member, table: Table | None, *rows: list[str]) -> TableImport:
    target = Target.of(table) if table else Target(None, "Nieuw", 2020)
    row, _ = actions.hand_in(member, target, ContentFile(files.csv(*(rows or FILE)), "investeringen.csv"))
    return row


def apply(member: Member, row: TableImport) -> Table:
    return actions.apply_import(member, row.pk, row.version, actions.preview(row).seen)


def test_a_file_makes_a_table_with_what_the_source_states(controller: Member) -> None:
    made = apply(controller, hand_in(controller, None))
    assert (made.title, made.year, made.unit, made.print_style.resolution) == ("Nieuw", 2020, 1000, 1000)
    assert [(line.label, line.original, line.actual) for line in made.lines.all()] == [
        ("Servers", Decimal(100_000), Decimal(90_000)),
        ("Telefoons*", Decimal(20_000), Decimal(25_000)),
        ("Totaal", Decimal(0), None),
    ]
    assert [(cell.column, cell.amount, cell.is_stated) for cell in Cell.objects.all()] == [
        ("actual", Decimal(116_000), True)
    ]
    assert list(TotalMember.objects.values_list("line__label", "sign")) == [("Servers", 1), ("Telefoons*", 1)]
    assert Job.objects.get().kind == actions.COMPUTE


def test_over_a_table_the_figures_of_its_lines_change_and_nothing_else(controller: Member, table: Table) -> None:
    row = hand_in(controller, table)
    shown = actions.preview(row)
    assert [(item.label, item.field, item.was, item.becomes) for item in shown.outcome.differences] == [
        ("Servers", "wijziging 2020", "10.000", "30.000"),
        ("Servers", "rekening 2020", "60.000", "90.000"),
        ("telefoons", "rekening 2020", "", "25.000"),
        ("Totaal", "rekening 2020", "", "116.000"),
    ]
    apply(controller, row)
    assert [(line.label, line.original, line.actual, line.version) for line in table.lines.all()] == [
        ("Servers", Decimal(70_000), Decimal(90_000), 2),
        ("telefoons", Decimal(20_000), Decimal(25_000), 2),
        ("Totaal", Decimal(0), None, 2),
    ]
    assert list(Amendment.objects.values_list("decision__title", "amount", "decision__date")) == [
        ("Begrotingswijziging 2020", Decimal(10_000), date(2020, 12, 31)),
        ("Begrotingswijzigingen volgens investeringen.csv", Decimal(20_000), date(2020, 12, 31)),
    ]
    assert Change.objects.filter(line__label="Servers").count() == 2
    assert LogEntry.objects.filter(action="investments.apply_import").count() == 1


def test_a_new_line_comes_behind_the_one_above_it(controller: Member, table: Table) -> None:
    apply(controller, hand_in(controller, table, HEAD, ["Servers", "80", "60"], ["Printers", "5", "6"]))
    assert [line.label for line in table.lines.all()] == ["Servers", "Printers", "telefoons", "Totaal"]


def test_a_total_counts_the_new_lines_that_it_adds_up_in_the_file(controller: Member, table: Table) -> None:
    rows = [HEAD, ["Servers", "80", "60"], ["Printers", "5", "6"], ["Telefoons", "20", "0"], ["Totaal", "105", "66"]]
    row = hand_in(controller, table, *rows)
    told = [item for item in actions.preview(row).outcome.differences if item.field == "telt op"]
    assert [(item.label, item.becomes) for item in told] == [("Totaal", "+ Printers")]
    apply(controller, row)
    counted = TotalMember.objects.order_by("line__position").values_list("line__label", "sign")
    assert list(counted) == [("Servers", 1), ("Printers", 1), ("telefoons", 1)]
    assert Cell.objects.count() == 0
    actions.undo_import(controller, row.pk)
    assert list(counted.all()) == [("Servers", 1), ("telefoons", 1)]


def test_an_import_is_undone_whole(controller: Member, table: Table) -> None:
    before = queries.table_figures(table)
    row = hand_in(controller, table, *FILE[:-1], ["Printers", "5", "6"])
    apply(controller, row)
    actions.undo_import(controller, row.pk)
    after = queries.table_figures(table)
    assert after.entered == before.entered
    assert Table.objects.get().style == {}
    row.refresh_from_db()
    assert row.state == "undone"
    with pytest.raises(Refused) as refused:
        actions.undo_import(controller, row.pk)
    assert str(refused.value) == "Deze invoer is niet toegepast, of al ongedaan gemaakt."


def test_undoing_takes_a_table_that_it_made_away_unless_a_report_shows_it(controller: Member) -> None:
    row = hand_in(controller, None)
    made = apply(controller, row)
    team = builders.team(controller.organisation)
    chapter = builders.chapter(builders.report(controller.organisation))
    section = builders.section(chapter, team, "Cijfers", SectionKind.FIGURES, made)
    with pytest.raises(Refused) as refused:
        actions.undo_import(controller, row.pk)
    assert str(refused.value) == "De tabel staat in “Cijfers” en kan niet weg."
    assert Line.objects.count() == 3
    section.delete()
    actions.undo_import(controller, row.pk)
    assert (Table.objects.count(), Line.objects.count()) == (0, 0)


def test_what_was_changed_since_is_not_undone(controller: Member, table: Table) -> None:
    row = hand_in(controller, table)
    apply(controller, row)
    servers = table.lines.get(label="Servers")
    builders.explain(servers)
    actions.add_line(controller, table.pk, actions.LineInput("Fietsen", None, "expense"))
    with pytest.raises(Refused) as refused:
        actions.undo_import(controller, row.pk)
    assert str(refused.value) == (
        "Sinds de invoer is gewijzigd: “Servers”, “Totaal”, “Fietsen” (toegevoegd). Er is niets teruggezet."
    )
    assert table.lines.get(label="Servers").actual == Decimal(90_000)


def test_a_table_that_changed_since_the_preview_is_left_alone(controller: Member, table: Table) -> None:
    row = hand_in(controller, table)
    seen = actions.preview(row).seen
    actions.add_line(controller, table.pk, actions.LineInput("Fietsen", None, "expense"))
    with pytest.raises(Refused) as refused:
        actions.apply_import(controller, row.pk, row.version, seen)
    assert str(refused.value) == (
        "De tabel is gewijzigd nadat u het voorbeeld zag. Bekijk het voorbeeld opnieuw; er is niets ingevoerd."
    )
    assert table.lines.get(label="Servers").actual == Decimal(60_000)


def test_a_mapping_that_somebody_else_changed_is_a_conflict(controller: Member) -> None:
    row = hand_in(controller, None)
    actions.map_file(controller, row.pk, row.version, FileMapping.of(row.mapping))
    with pytest.raises(Conflict):
        actions.map_file(controller, row.pk, row.version, FileMapping.of(row.mapping))
    with pytest.raises(Conflict):
        actions.apply_import(controller, row.pk, row.version, "")


def test_a_file_is_applied_once(controller: Member) -> None:
    row = hand_in(controller, None)
    apply(controller, row)
    with pytest.raises(Refused) as refused:
        actions.apply_import(controller, row.pk, 2, "")
    assert str(refused.value) == "Dit bestand is al ingevoerd."


def test_one_bad_cell_and_nothing_is_applied(controller: Member, table: Table) -> None:
    row = hand_in(controller, table, *FILE[:-1], ["Printers", "5", "zes"])
    assert [str(cell) for cell in actions.preview(row).draft.refused] == [
        "C4 (Rekening 2020), “zes”: “zes” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."
    ]
    with pytest.raises(Refused) as refused:
        apply(controller, row)
    assert str(refused.value) == "Het bestand heeft cellen die niet kloppen. Er is niets ingevoerd."
    assert table.lines.get(label="Servers").actual == Decimal(60_000)


def test_a_title_that_the_year_has_already_is_refused(controller: Member) -> None:
    builders.table(controller.organisation, "Nieuw")
    with pytest.raises(Refused) as refused:
        apply(controller, hand_in(controller, None))
    assert str(refused.value) == "Er is al een tabel met deze titel in dit jaar."


def test_only_a_controller_of_the_own_organisation_imports(controller: Member, table: Table) -> None:
    row = hand_in(controller, table)
    lead = builders.member("Bert Jansen", controller.organisation, Role.TEAM_LEAD)
    stranger = builders.member("Carla Smit", builders.organisation("Waterrand", "waterrand"), Role.CONTROLLER)
    for forbidden in (
        lambda: hand_in(lead, table),
        lambda: actions.map_file(lead, row.pk, 1, FileMapping.of(row.mapping)),
        lambda: actions.apply_import(lead, row.pk, 1, ""),
        lambda: actions.undo_import(lead, row.pk),
    ):
        with pytest.raises(PermissionDenied):
            forbidden()
    for unknown in (
        lambda: hand_in(stranger, table),
        lambda: actions.map_file(stranger, row.pk, 1, FileMapping.of(row.mapping)),
        lambda: actions.apply_import(stranger, row.pk, 1, ""),
        lambda: actions.undo_import(stranger, row.pk),
    ):
        with pytest.raises(Http404):
            unknown()


def test_nine_hundred_lines_take_as_many_queries_as_nine(
    controller: Member, django_assert_max_num_queries: Any
) -> None:
    many = [HEAD, *([f"Regel {number}", "1", "2"] for number in range(300))]
    row = hand_in(controller, None, *many)
    with django_assert_max_num_queries(45):
        apply(controller, row)
