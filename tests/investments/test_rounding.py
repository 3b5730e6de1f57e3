import pytest
from hypothesis import given
from hypothesis import strategies as st

from investments.rounding import UNITS, printed, rounded, unit_note

CENTS = st.integers(min_value=-(10**15), max_value=10**15)


@pytest.mark.parametrize(
    ("cents", "unit", "units"),
    [
        (0, 1000, 0),
        (25_560_000, 1000, 256),
        (-2_360_000, 1000, -24),
        (49_999, 1000, 0),
        (50_000, 1000, 1),
        (-49_999, 1000, 0),
        (-50_000, 1000, -1),
        (149_999, 1000, 1),
        (150_000, 1000, 2),
        (49, 1, 0),
        (50, 1, 1),
        (-50, 1, -1),
        (49_999_999, 1_000_000, 0),
        (50_000_000, 1_000_000, 1),
    ],
)
def test_rounds_half_away_from_zero(cents: int, unit: int, units: int) -> None:
    assert rounded(cents, unit) == units


@given(CENTS, st.sampled_from(UNITS))
def test_rounding_is_never_more_than_half_a_unit_off(cents: int, unit: int) -> None:
    assert 2 * abs(rounded(cents, unit) * unit * 100 - cents) <= unit * 100


@given(CENTS, st.sampled_from(UNITS))
def test_the_sign_does_not_matter_for_the_size(cents: int, unit: int) -> None:
    assert rounded(-cents, unit) == -rounded(cents, unit)


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "-"), (4_999, "-"), (-49_999, "-"), (23_200_000, "232"), (-123_450_000, "-1.235")]
)
def test_prints_thousands_and_a_dash_for_nothing(cents: int, text: str) -> None:
    assert printed(cents, 1000) == text


@pytest.mark.parametrize(
    ("unit", "note"),
    [(1, "(bedrag x € 1)"), (1000, "(bedrag x € 1.000)"), (1_000_000, "(bedrag x € 1.000.000)")],
)
def test_the_table_says_its_unit(unit: int, note: str) -> None:
    assert unit_note(unit) == note
