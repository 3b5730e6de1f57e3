"""A file that is applied while somebody saves a row: whichever is first, neither overwrites the other unseen."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.roles import Role
from investments import actions
from investments.actions import LineInput
from investments.models import Cell, Line, Table
from tests import builders
from tests.races.racing import Call, succeeded, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 15
NAMES = {"original": "Begroting 2020", "actual": "Rekening 2020", "extra": "Extra"}
COLUMNS = [{"key": key, "label": label} for key, label in NAMES.items()]


@pytest.fixture
def saskia() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def coen(saskia: Member) -> Member:
    return builders.member("Coen Bakker", saskia.organisation, Role.CONTROLLER)


@pytest.fixture
def lines(saskia: Member) -> tuple[Line, Line]:
    """A line that the file fills, and one that it does not name."""
    table = builders.table(saskia.organisation, unit=1)
    Table.objects.filter(pk=table.pk).update(columns=COLUMNS)
    table.refresh_from_db()
    return builders.line(table), builders.line(table, "Schermen")


def saved(person: Member, line: Line, number: int) -> Call:
    """Type an amount and a cell in the row as it stands."""
    now = Line.objects.get(pk=line.pk)
    entry = replace(LineInput.of(now), actual=Decimal(number), cells={"extra": Decimal(number)})
    return partial(actions.save_line, person, now.pk, now.version, entry)


def applied(person: Member, table: Table, number: int) -> Call:
    """Apply a file, in thousands, of which the preview was seen just now."""
    content = f"Omschrijving;Begroting 2020;Rekening 2020;Extra\nAanschaf servers;0;{number},5;{number},5\n"
    row = builders.table_import(table, person.user, content.encode())
    shown = actions.preview(row)
    assert shown.can_be_applied
    return partial(actions.apply_import, person, row.pk, row.version, shown.seen)


def brought(number: int) -> Decimal:
    """What such a file puts in the row."""
    return Decimal(number * 1000 + 500)


def stored(line: Line) -> tuple[Decimal | None, Decimal | None]:
    """The amount and the cell of the row."""
    cell = Cell.objects.filter(line=line).values_list("amount", flat=True).first()
    return Line.objects.get(pk=line.pk).actual, cell


def test_of_a_file_and_a_save_of_one_row_the_first_is_stored_whole(
    saskia: Member, coen: Member, lines: tuple[Line, Line]
) -> None:
    line = lines[0]
    for number in range(1, ROUNDS + 1):
        typed, written = 1000 + number, 2000 + number
        save, apply = together(saved(saskia, line, typed), applied(coen, line.table, written))
        assert [succeeded(save), succeeded(apply)] in ([True, False], [False, True])
        assert isinstance(save, Conflict) or isinstance(apply, Refused)
        won = Decimal(typed) if succeeded(save) else brought(written)
        assert stored(line) == (won, won)


def test_a_row_that_the_file_does_not_name_keeps_what_was_typed(
    saskia: Member, coen: Member, lines: tuple[Line, Line]
) -> None:
    named, other = lines
    before: tuple[Decimal | None, Decimal | None] = stored(named)
    for number in range(1, ROUNDS + 1):
        save, apply = together(saved(saskia, other, number), applied(coen, other.table, 2000 + number))
        assert succeeded(save)
        assert stored(other) == (Decimal(number), Decimal(number))
        assert succeeded(apply) or isinstance(apply, Refused)
        before = (brought(2000 + number),) * 2 if succeeded(apply) else before
        assert stored(named) == before
