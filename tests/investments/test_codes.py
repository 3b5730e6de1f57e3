import pytest

from investments.codes import ALL, CodeError, CodeRange, code_range


@pytest.mark.parametrize(
    ("first", "last", "expected", "words"),
    [
        ("4310", "", CodeRange("4310", "4310"), "4310"),
        (" 4310 ", "4319", CodeRange("4310", "4319"), "4310 t/m 4319"),
        ("0100", "0199", CodeRange("0100", "0199"), "0100 t/m 0199"),
        ("", "", ALL, "alle"),
    ],
)
def test_a_range_as_typed(first: str, last: str, expected: CodeRange, words: str) -> None:
    assert code_range(first, last) == expected
    assert str(expected) == words


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("", "4319", "Vul ook in waar de reeks begint."),
        ("431", "4319", "“431” en “4319” zijn niet even lang. Een reeks gaat over codes van gelijke lengte."),
        ("4319", "4310", "“4310” komt vóór “4319”. Zet de laagste code vooraan."),
    ],
)
def test_what_is_no_range(first: str, last: str, message: str) -> None:
    with pytest.raises(CodeError) as error:
        code_range(first, last)
    assert str(error.value) == message


def test_a_range_holds_codes_of_its_own_length() -> None:
    codes = ["0099", "0100", "0199", "0200", "100", "01000", "010A"]
    assert [code for code in codes if CodeRange("0100", "0199").holds(code)] == ["0100", "0199", "010A"]
    assert all(ALL.holds(code) for code in codes)


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (CodeRange("4300", "4310"), True),
        (CodeRange("4320", "4330"), False),
        (CodeRange("431", "431"), False),
        (ALL, True),
    ],
)
def test_ranges_that_meet(other: CodeRange, meets: bool) -> None:
    assert CodeRange("4310", "4319").meets(other) is meets
    assert other.meets(CodeRange("4310", "4319")) is meets
