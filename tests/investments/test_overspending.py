import pytest

from investments.overspending import Ground, Lawfulness, Overspending, judge, limit


@pytest.mark.parametrize(("credit", "spent", "excess"), [(100, 99, 0), (100, 100, 0), (100, 101, 1), (0, 5, 5)])
def test_a_credit_is_overspent_from_the_first_cent(credit: int, spent: int, excess: int) -> None:
    assert Overspending(1, credit, spent).excess == excess


@pytest.mark.parametrize(
    ("ground", "counts"),
    [("", 25), (Ground.COVERED, 0), (Ground.OPEN_ENDED, 0), (Ground.LATE, 25), (Ground.OUTSIDE, 25)],
)
def test_what_counts_until_it_is_classified_and_after(ground: str, counts: int) -> None:
    assert Overspending(1, 100, 125, ground).counts == counts


@pytest.mark.parametrize(
    ("base", "percentage", "expected"),
    [(100_000_000, 300, 3_000_000), (99, 100, 0), (199, 50, 0), (None, 300, None), (100, None, None), (100, 0, 0)],
)
def test_the_limit_is_rounded_down_to_the_cent(base: int | None, percentage: int | None, expected: int | None) -> None:
    assert limit(base, percentage) == expected


def test_a_year_is_lawful_up_to_its_limit() -> None:
    rows = [
        Overspending(1, 100, 160),
        Overspending(2, 100, 140, Ground.OUTSIDE),
        Overspending(3, 0, 900, Ground.COVERED),
    ]
    assert judge(rows, 100) == Lawfulness(100, 100)
    assert [judge(rows, most).is_exceeded for most in (100, 99, None)] == [False, True, False]
