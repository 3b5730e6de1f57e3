from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from investments.amounts import LARGEST, AmountError, euros, from_cents, grouped, parse, to_cents
from tests.investments.vectors import vectors

CENTS = st.integers(min_value=-to_cents(LARGEST), max_value=to_cents(LARGEST))
TWO_READINGS = "“{}” kan twee dingen betekenen. Schrijf duizendtallen met een punt en centen met een komma: 1.234,56."
NOTHING = "“{}” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."
REASONS = {"two readings": TWO_READINGS, "nothing": NOTHING, "too large": "Dit bedrag is te groot."}


@pytest.mark.parametrize("case", vectors("amounts")["read"], ids=lambda case: repr(case["written"]))
def test_reads_what_people_type_and_paste(case: dict[str, Any]) -> None:
    assert to_cents(parse(case["written"])) == case["cents"]


@pytest.mark.parametrize("case", vectors("amounts")["refused"], ids=lambda case: repr(case["written"]))
def test_refuses_what_is_not_one_amount_and_says_why(case: dict[str, Any]) -> None:
    with pytest.raises(AmountError) as refusal:
        parse(case["written"])
    assert str(refusal.value) == REASONS[case["because"]].format(case["written"].strip())


@pytest.mark.parametrize("case", vectors("amounts")["shown"], ids=lambda case: case["text"])
def test_shows_cents_as_people_read_them(case: dict[str, Any]) -> None:
    assert euros(case["cents"]) == case["text"]


@given(CENTS)
def test_what_is_shown_is_read_back_exactly(cents: int) -> None:
    assert to_cents(parse(euros(cents))) == cents


@given(CENTS)
def test_every_way_to_write_a_negative_amount_is_the_same(cents: int) -> None:
    written = euros(abs(cents))
    ways = [f"-{written}", f"{written}-", f"({written})", f"−{written}", f"€ -{written}", f"(€ {written})"]
    assert [to_cents(parse(way)) for way in ways] == [-abs(cents)] * len(ways)


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_refusal(written: str) -> None:
    try:
        amount = parse(written)
    except AmountError:
        return
    assert abs(amount) <= LARGEST
    assert parse(euros(to_cents(amount))) == amount


@given(st.decimals(min_value=-LARGEST, max_value=LARGEST, places=2))
def test_cents_and_euros_are_the_same_amount(amount: Decimal) -> None:
    assert from_cents(to_cents(amount)) == amount


def test_fractions_of_a_cent_are_refused() -> None:
    with pytest.raises(AmountError) as refusal:
        to_cents(Decimal("0.005"))
    assert str(refusal.value) == "Een bedrag heeft ten hoogste twee decimalen."


@pytest.mark.parametrize(
    ("whole", "text"), [(0, "0"), (999, "999"), (1000, "1.000"), (-1234, "-1.234"), (1234567, "1.234.567")]
)
def test_thousands_are_separated_by_dots(whole: int, text: str) -> None:
    assert grouped(whole) == text
