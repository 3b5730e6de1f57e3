import pytest

from investments.figures import CircularTotal, LineFigures, LineKind, flattened, inputs_hash

SERVERS = LineFigures(1, "Servers", original=100, amendments=20, actual=90)
PHONES = LineFigures(2, "Telefoons", original=50, actual=None)
HARDWARE = LineFigures(3, "Apparatuur", LineKind.TOTAL, members=((1, 1), (2, -1)))
BALANCE = LineFigures(4, "Saldo", LineKind.TOTAL, members=((3, -1), (2, 1)))
ALL = {line.key: line for line in (SERVERS, PHONES, HARDWARE, BALANCE)}


def test_a_plain_line_counts_itself() -> None:
    assert flattened(SERVERS, ALL) == [(1, 1)]


def test_totals_of_totals_are_followed_with_their_signs() -> None:
    assert flattened(HARDWARE, ALL) == [(1, 1), (2, -1)]
    assert flattened(BALANCE, ALL) == [(1, -1), (2, 1), (2, 1)]


def test_a_total_that_counts_itself_is_refused_by_name() -> None:
    first = LineFigures(5, "Lasten", LineKind.TOTAL, members=((6, 1),))
    second = LineFigures(6, "Baten", LineKind.TOTAL, members=((5, 1),))
    with pytest.raises(CircularTotal) as circle:
        flattened(first, {5: first, 6: second})
    assert str(circle.value) == "Lasten"


def changed(**values: object) -> dict[int, LineFigures]:
    fields = {"original": 100, "amendments": 20, "actual": 90, "direction": "expense"} | values
    return ALL | {1: LineFigures(1, "Servers", **fields)}  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [{"original": 101}, {"amendments": 21}, {"actual": None}, {"direction": "income"}])
def test_another_input_makes_another_fingerprint_of_line_and_totals(values: dict[str, object]) -> None:
    after = changed(**values)
    for key in (1, 3, 4):
        assert inputs_hash(after[key], after) != inputs_hash(ALL[key], ALL)
    assert inputs_hash(after[2], after) == inputs_hash(ALL[2], ALL)


def test_another_label_makes_no_result_stale() -> None:
    after = ALL | {1: LineFigures(1, "Serverapparatuur", original=100, amendments=20, actual=90)}
    assert inputs_hash(after[1], after) == inputs_hash(SERVERS, ALL)


def test_entered_zero_differs_from_nothing_entered() -> None:
    nothing, zero = changed(actual=None), changed(actual=0)
    assert inputs_hash(nothing[1], nothing) != inputs_hash(zero[1], zero)
