"""Rows of one table changed at once: no amount is overwritten unseen, and nobody waits for somebody who waits."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.http import Http404

from accounts.errors import Conflict
from accounts.members import Member
from accounts.roles import Role
from investments import actions
from investments.actions import DecisionInput, ExplanationInput, LineInput
from investments.amounts import euros
from investments.models import Amendment, Change, Explanation, Line, Table, Variance
from investments.queries import table_figures
from jobs.models import Job
from tests import builders
from tests.investments.computing import compute
from tests.races.racing import succeeded, together
from tests.reports.office import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 25
AMOUNTS = re.compile(r"<dt>(.*?)</dt>\s*<dd>\s*(.*?)\s*</dd>")


@pytest.fixture
def saskia() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def coen(saskia: Member) -> Member:
    return builders.member("Coen Bakker", saskia.organisation, Role.CONTROLLER)


@pytest.fixture
def table(saskia: Member) -> Table:
    return builders.table(saskia.organisation)


def saved(person: Member, line: Line, actual: int) -> Callable[[], Line]:
    entry = replace(LineInput.of(line), actual=Decimal(actual))
    return partial(actions.save_line, person, line.pk, line.version, entry)


def explanation(line: Line, number: int) -> ExplanationInput:
    return ExplanationInput(f"<p>{number}</p>", {line.pk: None})


def lines(table: Table, **amounts: Any) -> Iterable[Line]:
    """A line for each round."""
    return (builders.line(table, f"Regel {number}", **amounts) for number in range(ROUNDS))


def test_of_two_who_type_in_one_row_one_is_stored_and_the_other_sees_both(
    saskia: Member, coen: Member, table: Table
) -> None:
    line = builders.line(table)
    people = {member: signed_in(member) for member in (saskia, coen)}
    path = f"/duoplus/tabellen/regels/{line.pk}/opslaan/"

    def post(member: Member, version: int, actual: int) -> Any:
        fields = {"original": "0", "actual": str(actual), "version": str(version), "line": str(line.pk)}
        return people[member].post(path, fields, headers={"HX-Request": "true"})

    for number in range(1, ROUNDS + 1):
        typed = {saskia: 1000 + number, coen: 2000 + number}
        answers: list[Any] = together(*(partial(post, member, number, typed[member]) for member in people))
        first, second = (dict(zip(people, answers, strict=True))[member] for member in people)
        assert sorted([first.status_code, second.status_code]) == [200, 409]
        winner, loser, refused = (saskia, coen, second) if first.status_code == 200 else (coen, saskia, first)
        page = refused.content.decode()
        assert f"<strong>{winner.user}</strong> was u net voor." in page
        assert AMOUNTS.findall(page) == [
            ("rekening, opgeslagen", euros(100 * typed[winner])),
            ("rekening, van u", euros(100 * typed[loser])),
        ]
        assert f'value="{typed[loser]}"' in page
        line.refresh_from_db()
        assert (line.actual, line.version) == (Decimal(typed[winner]), number + 1)
    kept = Change.objects.filter(line=line, field="rekening").order_by("id").values_list("was", "became")
    assert [was for was, _ in kept] == ["leeg", *(became for _, became in kept)][:ROUNDS]


def test_rows_beside_each_other_are_both_stored(saskia: Member, coen: Member, table: Table) -> None:
    one, other = builders.line(table, "Een"), builders.line(table, "Ander")
    for number in range(1, ROUNDS + 1):
        ends = together(saved(saskia, one, number), saved(coen, other, number))
        assert all(map(succeeded, ends))
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.actual, other.actual) == (Decimal(number), Decimal(number))
    # One waiting job reads them all when it starts.
    assert Job.objects.count() == 1
    compute(table)
    assert not table_figures(table).is_stale


def test_a_result_that_is_computed_during_a_save_is_fresh_or_known_to_be_stale(saskia: Member, table: Table) -> None:
    line = builders.line(table)
    for number in range(1, ROUNDS + 1):
        save, _ = together(saved(saskia, line, number), partial(compute, table))
        assert succeeded(save)
        line.refresh_from_db()
        shown = table_figures(table)
        assert shown.is_stale is (Variance.objects.get(line=line).actual != line.actual)
        assert not shown.is_stale or Job.objects.filter(state="waiting").count() == 1
        compute(table)
        assert not table_figures(table).is_stale


def test_amendments_and_amounts_of_one_line_do_not_meet(saskia: Member, coen: Member, table: Table) -> None:
    line = builders.line(table)
    for number in range(1, ROUNDS + 1):
        decision = builders.decision(table.organisation, f"Besluit {number}")
        amend = partial(actions.add_amendment, coen, line.pk, decision.pk, Decimal(5))
        assert all(map(succeeded, together(saved(saskia, line, number), amend)))
        line.refresh_from_db()
        assert (line.actual, line.amendments.count()) == (Decimal(number), number)


def test_an_amendment_is_withdrawn_once(saskia: Member, coen: Member, table: Table) -> None:
    for line in lines(table, amendment="5"):
        amendment = Amendment.objects.get(line=line)
        ends = together(*(partial(withdrawn, person, amendment.pk) for person in (saskia, coen)))
        assert sorted(map(str, ends)) == ["gone", "withdrawn"]
        assert Change.objects.filter(line=line).count() == 1


def test_of_two_who_change_a_decision_one_sees_both(saskia: Member, coen: Member, table: Table) -> None:
    """Over the same two tables, named in either order: nobody waits for somebody who waits."""
    one, other = builders.line(table), builders.line(builders.table(table.organisation, "Bruggen"))
    decision = builders.decision(table.organisation)
    entry = DecisionInput(decision.title, decision.date)
    for number in range(1, ROUNDS + 1):
        amounts = [{one.pk: Decimal(number), other.pk: Decimal(1)}, {other.pk: Decimal(2), one.pk: Decimal(-number)}]
        ends = together(
            *(
                partial(actions.save_decision, person, decision.pk, number, entry, wanted)
                for person, wanted in zip((saskia, coen), amounts, strict=True)
            )
        )
        assert sorted(isinstance(end, Conflict) for end in ends) == [False, True]
        stored = {row.line_id: row.amount for row in decision.amendments.all()}
        assert stored in amounts


def withdrawn(person: Member, amendment_id: int) -> str:
    try:
        actions.remove_amendment(person, amendment_id)
    except Http404:
        return "gone"
    return "withdrawn"


@pytest.mark.parametrize("what", ["amounts", "explanation", "amendment"])
def test_a_line_goes_only_while_it_is_empty(saskia: Member, coen: Member, table: Table, what: str) -> None:
    def fill(line: Line) -> str:
        try:
            if what == "amounts":
                saved(coen, line, 5)()
            elif what == "explanation":
                actions.explain_line(coen, line.pk, 0, ExplanationInput("<p>Meer laptops.</p>", {line.pk: None}))
            else:
                actions.add_amendment(coen, line.pk, builders.decision(table.organisation).pk, Decimal(5))
        except Http404:
            return "gone"
        return "filled"

    for line in lines(table):
        removed, filled = together(partial(actions.remove_line, saskia, line.pk, 1), partial(fill, line))
        assert succeeded(removed) is (filled == "gone")
        assert Line.objects.filter(pk=line.pk).exists() is (filled == "filled")


def test_moving_counting_and_saving_wait_for_each_other_in_one_order(
    saskia: Member, coen: Member, table: Table
) -> None:
    """Every round each of the four ends: nobody holds what somebody waits for while waiting for that person."""
    one, other = builders.line(table, "Een"), builders.line(table, "Ander")
    total = builders.total(table, one)
    for number in range(1, ROUNDS + 1):
        version = Line.objects.get(pk=total.pk).version
        counted = {one.pk: 1, other.pk: 1} if number % 2 else {one.pk: 1}
        ends = together(
            saved(saskia, one, number),
            partial(actions.move_line, coen, one.pk, 1 if number % 2 else -1),
            partial(actions.set_members, coen, total.pk, version, counted),
            partial(actions.explain_line, saskia, other.pk, number - 1, explanation(other, number)),
        )
        assert [end for end in ends if isinstance(end, Conflict)] == []
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.actual, Explanation.objects.get().text) == (Decimal(number), f"<p>{number}</p>")
        assert sorted(table.lines.values_list("position", flat=True)) == [1, 2, 3]
        assert {row.line_id: row.sign for row in total.members.all()} == counted


def test_lines_added_at_once_each_get_a_place_and_a_total_that_counts_them(
    saskia: Member, coen: Member, table: Table
) -> None:
    total = builders.total(table)
    for number in range(1, ROUNDS + 1):
        calls = [
            partial(
                actions.add_line,
                person,
                table.pk,
                LineInput(f"{person.user} {number}", None, "credit"),
                counts_in={total.pk: 1},
            )
            for person in (saskia, coen)
        ]
        assert all(map(succeeded, together(*calls)))
        assert list(table.lines.values_list("position", flat=True)) == [*range(1, 2 * number + 2)]
        assert total.members.count() == 2 * number
