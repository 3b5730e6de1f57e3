from dataclasses import replace

import pytest

from publishing.glyphs import Unprintable, drawn, stand_in, unprintable
from tests.publishing.printing import GOAL, ICT, chapter, figures, goals, narrative, report


@pytest.mark.parametrize(
    ("sign", "printed"),
    [
        *((sign, sign) for sign in "aé€½⅝ⁿ☑✓–“ΩДạ\u00a0\u200b\u200d\u202e\u00ad\t\n"),
        ("\u2011", "-"),
        ("✔", "✓"),
        ("\uf0b7", "•"),
        ("\u3000", " "),
        ("①", "1"),
        ("㎡", "m2"),
        ("𝑥", "x"),
        ("\x0b", ""),
        ("\ufe0f", ""),
        ("\ufff9", ""),
        ("\u2028", " "),
        ("ᵝ", "[U+1D5D]"),
        ("😀", "[U+1F600]"),
        ("漢", "[U+6F22]"),
        ("\ufffd", "[U+FFFD]"),
    ],
)
def test_a_sign_is_printed_or_something_stands_in_for_it(sign: str, printed: str) -> None:
    assert stand_in(sign) == printed


def test_content_of_house_signs_is_left_as_it_is() -> None:
    content = report(chapter("1", "Inleiding", narrative("Opening", "<p>Één.</p>"), goals("Doelen", GOAL)))
    assert drawn(content) is content


def test_signs_are_replaced_wherever_they_are_printed_but_not_in_addresses() -> None:
    text = '<p><a href="https://duo.example/✔">✔ klaar 😀</a></p>'
    table = replace(ICT, title="ICT ✔")
    content = report(chapter("1", "漢", narrative("Opening", text), figures(table)), title="Jaar 😀")
    told = drawn(content)
    (only,) = told.chapters
    assert (told.title, only.title) == ("Jaar [U+1F600]", "[U+6F22]")
    assert only.sections[0].text == '<p><a href="https://duo.example/✔">✓ klaar [U+1F600]</a></p>'
    assert only.sections[1].table == replace(ICT, title="ICT ✓")


def test_what_cannot_be_printed_is_named_with_its_place() -> None:
    strange = goals("Doelen", replace(GOAL, objective="漢字 en 漢"), replace(GOAL, source_address="https://x/漢"))
    content = report(
        chapter("1", "Inleiding", narrative("Opening", "<p>✔ goed</p>")),
        chapter("2", "Blij 😀", narrative("Leeg"), strange),
        title="Jaar 😀",
    )
    assert unprintable(content) == [
        Unprintable("😀"),
        Unprintable("😀", "2", "Blij 😀"),
        Unprintable("字漢", "2", "Doelen", 1),
    ]
    assert [str(item) for item in unprintable(content)] == ["titelblad", "2 Blij 😀", "2 Doelen"]
    assert unprintable(content)[2].named == "字 (U+5B57), 漢 (U+6F22)"
