import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from investments import actions
from investments.checks import Quote
from investments.models import Change, Line, Table
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def line(controller: Member) -> Line:
    return builders.line(builders.table(controller.organisation), actual="90")


def said(line: Line, text: str = "€ 90") -> Quote:
    return Quote(text, "actual", 9000, 1, ((line.pk, 1),))


def test_quotes_are_kept_in_order_and_forgotten_by_their_place(controller: Member, line: Line) -> None:
    actions.add_quote(controller, line.table_id, 1, said(line))
    actions.add_quote(controller, line.table_id, 2, said(line, "negentig"))
    assert Table.objects.get().quoted == (said(line), said(line, "negentig"))
    actions.remove_quote(controller, line.table_id, 3, 0)
    assert Table.objects.get().quoted == (said(line, "negentig"),)
    assert list(Change.objects.order_by("pk").values_list("field", "was", "became")) == [
        ("uitspraken in de tekst", "geen", "€ 90"),
        ("uitspraken in de tekst", "€ 90", "€ 90; negentig"),
        ("uitspraken in de tekst", "€ 90; negentig", "negentig"),
    ]
    assert LogEntry.objects.filter(action="investments.state_quotes").count() == 3


def test_of_two_who_change_quotes_the_second_is_told(controller: Member, line: Line) -> None:
    actions.add_quote(controller, line.table_id, 1, said(line))
    with pytest.raises(Conflict):
        actions.add_quote(controller, line.table_id, 1, said(line, "negentig"))
    with pytest.raises(Conflict):
        actions.remove_quote(controller, line.table_id, 1, 0)


def test_a_quote_is_about_lines_of_its_table(controller: Member, line: Line) -> None:
    with pytest.raises(Refused, match="Kies ten minste één regel"):
        actions.add_quote(controller, line.table_id, 1, Quote("niets", "actual", 0, 1, ()))
    foreign = builders.line(builders.table(controller.organisation, "Bruggen"))
    with pytest.raises(Http404):
        actions.add_quote(controller, line.table_id, 1, said(foreign))
    with pytest.raises(Http404):
        actions.remove_quote(controller, line.table_id, 1, 0)


def test_a_table_has_only_so_many(controller: Member, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("investments.actions.quotes.MOST", 0)
    with pytest.raises(Refused, match="ten hoogste 0 uitspraken"):
        actions.add_quote(controller, line.table_id, 1, said(line))


def test_only_a_controller_keeps_quotes(controller: Member, line: Line) -> None:
    lead = builders.member("Ruben", controller.organisation, Role.TEAM_LEAD)
    with pytest.raises(PermissionDenied):
        actions.add_quote(lead, line.table_id, 1, said(line))
    with pytest.raises(PermissionDenied):
        actions.remove_quote(lead, line.table_id, 1, 0)
