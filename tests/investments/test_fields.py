from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Sum

from investments.fields import AmountField
from investments.models import Line
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Line:
    return builders.line(builders.table(builders.organisation()), original="1234.56", actual="0.10")


def test_the_database_holds_whole_cents(line: Line) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT original, actual FROM investments_line WHERE id = %s", [line.pk])
        assert cursor.fetchone() == (123456, 10)


def test_python_gets_euros_with_two_decimals(line: Line) -> None:
    line.refresh_from_db()
    assert (str(line.original), str(line.actual)) == ("1234.56", "0.10")


def test_what_was_not_entered_stays_nothing() -> None:
    line = builders.line(builders.table(builders.organisation()))
    line.refresh_from_db()
    assert line.actual is None


def test_sums_are_exact_where_floats_are_not(line: Line) -> None:
    for _ in range(2):
        builders.line(line.table, actual="0.10")
    assert Line.objects.aggregate(sum=Sum("actual"))["sum"] == Decimal("0.30")


def test_filters_compare_in_euros(line: Line) -> None:
    assert list(Line.objects.filter(original="1234.56")) == [line]
    assert list(Line.objects.filter(original__gt=1235)) == []
    assert list(Line.objects.filter(original__gt="1234.55")) == [line]


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError, match="not a float"):
        AmountField().get_prep_value(0.1)


def test_fractions_of_a_cent_are_refused(line: Line) -> None:
    line.original = Decimal("0.001")
    with pytest.raises(ValidationError, match="ten hoogste twee decimalen"):
        line.save()


@pytest.mark.parametrize(("given", "euros"), [("12.5", Decimal("12.5")), (3, Decimal(3)), (None, None)])
def test_reads_what_code_gives(given: object, euros: Decimal | None) -> None:
    assert AmountField().to_python(given) == euros


def test_nonsense_is_no_amount() -> None:
    with pytest.raises(ValidationError, match="Geen geldig bedrag"):
        AmountField().to_python("twaalf")


def test_the_range_is_that_of_euros(line: Line) -> None:
    line.original = Decimal("9999999999999.99")
    line.full_clean()
    line.original = Decimal(10_000_000_000_000)
    with pytest.raises(ValidationError) as refusal:
        line.full_clean()
    assert refusal.value.message_dict == {"original": ["Dit bedrag is te groot."]}
