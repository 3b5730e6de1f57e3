"""Tables that somebody wrote, in print."""

import pytest

from tests.publishing.printing import chapter, narrative, printed, report


@pytest.mark.parametrize(("columns", "amount"), [(10, "12.345.678"), (8, "-1.234.567,89"), (14, "1.234.567")])
def test_amounts_of_a_table_that_somebody_wrote_are_not_broken(columns: int, amount: str) -> None:
    row = f"<tr><td>Huur</td>{f'<td>{amount}</td>' * (columns - 1)}</tr>"
    made = printed(report(chapter("1", "Breed", narrative("Staf", f"<table><tbody>{row}</tbody></table>"))))
    assert made.words(3).count(amount) == columns - 1
