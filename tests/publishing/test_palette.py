import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.colours import ENOUGH, contrast
from publishing.palette import FALLBACK, PAPER, mixed, palette


@given(st.integers(0, 0xFFFFFF))
def test_every_accent_can_be_read(number: int) -> None:
    colours = palette(f"#{number:06x}")
    assert contrast(colours.accent, PAPER) >= ENOUGH
    assert contrast(colours.on_cover, colours.cover) >= 4
    assert contrast(colours.quiet, PAPER) >= ENOUGH


def test_accent_that_can_be_read_is_kept() -> None:
    assert palette("#1F5266").accent == "#1f5266"


def test_light_accent_keeps_its_colour_on_the_cover_with_dark_words() -> None:
    colours = palette("#ffd400")
    assert (colours.cover, colours.on_cover) == ("#ffd400", "#1d1d1b")
    assert colours.accent != "#ffd400"


@pytest.mark.parametrize("accent", ["", "red", "#12345", "#1234567", "#12345g", "red; } body { display: none"])
def test_what_is_no_colour_becomes_the_fallback(accent: str) -> None:
    assert palette(accent).accent == FALLBACK


def test_mixed_goes_from_one_to_the_other() -> None:
    assert [mixed("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]
