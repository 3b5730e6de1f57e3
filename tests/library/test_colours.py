import pytest

from library import colours


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#FF0000", "#ffffff", 4.0),
    ],
)
def test_contrast_follows_the_guideline(one: str, other: str, ratio: float) -> None:
    assert round(colours.contrast(one, other), 2) == ratio


@pytest.mark.parametrize("colour", ["#000000", "#1f5266", "#767676"])
def test_dark_enough(colour: str) -> None:
    assert colours.problem_on_white(colour) == ""


@pytest.mark.parametrize(("colour", "shown"), [("#777777", "4,4"), ("#ffffff", "1,0"), ("#ffcc00", "1,5")])
def test_too_pale_says_the_ratio_never_rounded_up_to_enough(colour: str, shown: str) -> None:
    assert colours.problem_on_white(colour) == (
        f"Deze kleur heeft op wit een contrast van {shown}; dat moet minstens 4,5 zijn. Kies een donkerder kleur."
    )
