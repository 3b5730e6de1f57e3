from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.members import Member
from accounts.roles import Role
from investments import actions, queries
from investments.actions import Target
from investments.models import Cell, Line, Table
from investments.sources import sources
from tests import builders
from tests.investments import ledger as books
from tests.investments.spreadsheets import files

pytestmark = pytest.mark.django_db
HEAD = ["x € 1", "Begroting 2020", "Rekening 2020"]


@pytest.fixture
def controller(settings: Any, tmp_path: Path) -> Member:
    settings.MEDIA_ROOT = tmp_path
    return builders.member("Anna de Vries", builders.organisation(), Role.CONTROLLER)


def apply(member: Member, table: Table | None, *rows: list[str]) -> Table:
    target = Target.of(table) if table else Target(None, "Nieuw", 2020)
    row, _ = actions.hand_in(member, target, ContentFile(files.csv(HEAD, *rows), "investeringen.csv"))
    return actions.apply_import(member, row.pk, row.version, actions.preview(row).seen)


def of(table: Table) -> dict[tuple[str, str], str]:
    labels = dict(table.lines.values_list("pk", "label"))
    found = sources({table.pk: list(queries.lines(table))})[table.pk]
    return {(labels[line], column): source for line, column, source in found}


def test_what_is_typed_is_not_told(controller: Member) -> None:
    table = builders.table(controller.organisation)
    builders.line(table, "Servers", "100", "90", amendment="5")
    assert of(table) == {}


def test_a_file_gave_what_it_changed_and_nothing_else(controller: Member) -> None:
    table = builders.table(controller.organisation, unit=1)
    builders.line(table, "Servers", "100")
    builders.line(table, "Telefoons", "20", "25")
    apply(controller, table, ["Servers", "100", "90"])
    assert of(table) == {("Servers", "actual"): "import"}


def test_what_is_typed_over_it_is_typed_again(controller: Member) -> None:
    table = apply(controller, None, ["Servers", "100", "90"], ["Telefoons", "20", "25"])
    assert of(table) == {
        ("Servers", "original"): "import",
        ("Servers", "actual"): "import",
        ("Telefoons", "original"): "import",
        ("Telefoons", "actual"): "import",
    }
    Line.objects.filter(label="Servers").update(actual=91)
    assert ("Servers", "actual") not in of(table)


def test_the_second_file_does_not_hide_the_first(controller: Member) -> None:
    table = apply(controller, None, ["Servers", "100", "90"])
    apply(controller, table, ["Servers", "100", "95"])
    assert of(table) == {("Servers", "original"): "import", ("Servers", "actual"): "import"}


def test_an_own_column(controller: Member) -> None:
    table = apply(controller, None, ["Servers", "100", "90"])
    line = table.lines.get()
    Cell.objects.create(line=line, column="carried_over", amount=5)
    Cell.objects.create(line=line, column="result", amount=10, is_stated=True)
    assert set(of(table)) == {("Servers", "original"), ("Servers", "actual")}


def test_the_ledger_gives_the_actual(controller: Member) -> None:
    table = builders.table(controller.organisation)
    line = builders.line(table, "Servers", "100", "90")
    books.rule(line, "4310")
    assert of(table) == {("Servers", "actual"): "ledger"}
