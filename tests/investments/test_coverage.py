from typing import Any

import pytest

from investments.coverage import Coverage, Deviation, Share, Tolerance, cover, share
from tests.investments.vectors import vectors

RULES, CLAIMS = vectors("coverage")["rules"], vectors("coverage")["claims"]


@pytest.mark.parametrize("case", RULES, ids=lambda case: case["about"])
def test_when_a_deviation_must_be_explained(case: dict[str, Any]) -> None:
    assert Tolerance(**case["rule"]).is_exceeded(case["deviation"], case["amended"]) is case["exceeded"]


@pytest.mark.parametrize("case", CLAIMS, ids=lambda case: case["about"])
def test_what_explanations_account_for(case: dict[str, Any]) -> None:
    (found,) = cover([Deviation(1, 5000, case["result"], tuple(case["claims"]))], Tolerance())
    assert (found.remainder, found.explained) == (case["remainder"], case["explained"])
    assert found.is_open is (case["remainder"] != 0)


def test_what_is_open_stands_first_the_largest_remainder_on_top() -> None:
    rows = [
        Deviation(1, 5000, 100),
        Deviation(2, 5000, -900, (None,)),
        Deviation(3, 5000, -700, (-100,)),
        Deviation(4, 5000, 0),
        Deviation(5, 5000, 40),
    ]
    assert [(item.key, item.is_open) for item in cover(rows, Tolerance(amount=50))] == [
        (3, True),
        (1, True),
        (2, False),
    ]


def test_what_remains_within_the_rule_needs_nothing_more() -> None:
    (found,) = cover([Deviation(1, 5000, 1000, (960,))], Tolerance(amount=50))
    assert found == Coverage(1, 1000, 40, is_open=False)


def test_a_rule_per_total_judges_totals_by_what_explains_their_lines() -> None:
    """The total of lines 1 and 2 is judged, not the total of totals; line 4, that nothing counts, is judged alone."""
    rows = [
        Deviation(1, 5000, 600, (None,)),
        Deviation(2, 5000, -200),
        Deviation(3, 10000, 400, is_total=True, counts_lines=True, members=(1, 2)),
        Deviation(4, 5000, -300),
        Deviation(5, 15000, 400, is_total=True, members=(1, 2)),
    ]
    rule = Tolerance(amount=250, per_total=True)
    assert cover(rows, rule) == [
        Coverage(4, -300, -300, is_open=True),
        Coverage(3, 400, -200, is_open=False),
    ]


@pytest.mark.parametrize(("claims", "remainder"), [((None,), 0), ((100,), 200), ((), 300)])
def test_a_total_is_explained_at_itself_too(claims: tuple[int | None, ...], remainder: int) -> None:
    rows = [Deviation(1, 5000, 400, (100,)), Deviation(2, 9000, 400, claims, True, True, (1, 7))]
    assert [item.remainder for item in cover(rows, Tolerance(per_total=True))] == [remainder]


def test_shares_are_of_what_must_be_explained_and_rounded_down() -> None:
    rows = [Coverage(1, -1000, 0, is_open=False), Coverage(2, 1000, 1, is_open=True)]
    assert share(rows) == Share(1999, 2000)
    assert (share(rows).percentage, share([]).percentage, share(rows[:1]).percentage) == (99, None, 100)
