from decimal import Decimal

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from investments import evidence
from investments.models import Line, Posting
from tests import builders
from tests.investments import ledger as books

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Line:
    made = builders.line(builders.table(builders.organisation()), original="500")
    books.rule(made, "4310")
    return made


def read(line: Line, *rows: tuple[str, ...]) -> None:
    books.import_file(books.ledger(line.table.organisation), books.csv(*rows))


def test_a_period_that_is_read_again_leaves_what_was_chosen_and_tells_what_is_gone(line: Line) -> None:
    claim = builders.explain(line).claims.get()
    for amount, words in (("100", "Laptops"), ("60.50", "Schermen")):
        books.evidence(claim, amount, words)
    read(line, books.row(), books.row(amount="60,50", words="Schermen"), books.row(amount="7,00"))
    bundle = evidence.of_table(line.table)[claim.pk]
    assert (len(bundle.rows), bundle.total, bundle.gone) == (2, Decimal("160.50"), 0)
    read(line, books.row(), books.row(amount="60,50", words="Schermen, gecorrigeerd"))
    bundle = evidence.of_table(line.table)[claim.pk]
    assert [(row.description, is_there) for row, is_there in bundle.rows] == [("Laptops", True), ("Schermen", False)]
    assert (bundle.total, bundle.gone) == (Decimal("160.50"), 1)


def test_of_two_equal_postings_each_is_a_posting(line: Line) -> None:
    claim = builders.explain(line).claims.get()
    books.evidence(claim)
    read(line, books.row(), books.row())
    assert len(evidence.postings_chosen(claim, line.table)) == 1
    books.evidence(claim)
    assert evidence.postings_chosen(claim, line.table) == set(Posting.objects.values_list("pk", flat=True))
    read(line, books.row())
    assert evidence.of_table(line.table)[claim.pk].gone == 1


def test_an_explanation_claims_nothing_of_a_line_that_it_does_not_cover(line: Line) -> None:
    made = builders.explain(line)
    with pytest.raises(Http404):
        evidence.get_claim(made, builders.line(line.table, "Schermen").pk)


def test_two_queries_tell_all_of_a_table(line: Line, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert evidence.of_table(line.table) == {}
    for _ in range(3):
        books.evidence(builders.explain(line).claims.get())
    with django_assert_num_queries(2):
        assert len(evidence.of_table(line.table)) == 3
