from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from investments import variance
from investments.statements import share
from investments.variance import SIGNS, Direction
from tests.investments.vectors import vectors

LINES = vectors("variance")["lines"]
each_line = pytest.mark.parametrize("case", LINES, ids=lambda case: case["about"])


@each_line
def test_whole_cents(case: dict[str, Any]) -> None:
    amended = variance.amended(case["original"], case["amendments"])
    result = variance.result(amended, case["actual"], SIGNS[Direction(case["direction"])])
    assert (amended, result) == (case["amended"], case["result"])
    assert variance.percentage(result, amended) == case["percentage"]
    assert variance.mark(result) == case["mark"]


@each_line
def test_euros_are_the_same_with_two_decimals(case: dict[str, Any]) -> None:
    original, amendments, actual = (Decimal(case[name]) / 100 for name in ("original", "amendments", "actual"))
    amended = variance.amended(original, amendments)
    result = variance.result(amended, actual, Decimal(SIGNS[Direction(case["direction"])]))
    assert (amended, result) == (Decimal(case["amended"]) / 100, Decimal(case["result"]) / 100)


def test_a_column_of_cents_is_computed_at_once() -> None:
    table = pd.DataFrame(LINES)
    signs = table["direction"].map({direction.value: sign for direction, sign in SIGNS.items()})
    amended = variance.amended(table["original"], table["amendments"])
    result = variance.result(amended, table["actual"], signs)
    assert amended.tolist() == [case["amended"] for case in LINES]
    assert result.tolist() == [case["result"] for case in LINES]


@each_line
def test_the_percentage_as_printed(case: dict[str, Any]) -> None:
    assert share(case["percentage"]) == case["share"]
