import pytest

from investments.importing.places import PlaceError, read_columns, read_rows, written_columns, written_rows

ROWS = [2, 3, 5, 6, 9]


@pytest.mark.parametrize(
    ("written", "members"),
    [
        ("", ()),
        ("2 t/m 5", ((2, 1), (3, 1), (5, 1))),
        ("2; 3; -6", ((2, 1), (3, 1), (6, -1))),
        ("-5 T/M 9, 2", ((5, -1), (6, -1), (9, -1), (2, 1))),
    ],
)
def test_rows_are_read_with_their_signs(written: str, members: tuple[tuple[int, int], ...]) -> None:
    assert read_rows(written, ROWS) == members


@pytest.mark.parametrize(
    ("members", "written"),
    [
        ((), ""),
        (((2, 1), (3, 1), (5, 1)), "2 t/m 5"),
        (((2, 1), (3, 1), (6, -1)), "2 t/m 3; -6"),
        (((2, -1), (3, -1), (9, 1)), "-2 t/m 3; 9"),
    ],
)
def test_rows_are_written_as_they_are_read(members: tuple[tuple[int, int], ...], written: str) -> None:
    assert written_rows(members, ROWS) == written
    assert read_rows(written, ROWS) == members


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("B2", "“B2” noemt geen rij. Schrijf bijvoorbeeld 4 t/m 9; -12."),
        ("2-5", "“2-5” noemt geen rij. Schrijf bijvoorbeeld 4 t/m 9; -12."),
        ("2; 40", "In rij 40 staat geen regel."),
    ],
)
def test_what_is_no_row_is_refused(written: str, message: str) -> None:
    with pytest.raises(PlaceError) as refused:
        read_rows(written, ROWS)
    assert str(refused.value) == message


def test_columns_go_by_letter() -> None:
    known = {"B": 1, "AA": 26}
    assert read_columns("b; -AA", known) == ((1, 1), (26, -1))
    assert written_columns(((1, 1), (26, -1))) == "B; -AA"
    with pytest.raises(PlaceError) as refused:
        read_columns("C", known)
    assert str(refused.value) == "“C” is geen kolom van dit bestand. Schrijf bijvoorbeeld B; C; -D."
