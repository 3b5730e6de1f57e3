"""Budget against actual (domain rule 3). Plain operators: Decimals, integer cents and pandas columns alike."""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import TextChoices

if TYPE_CHECKING:
    from decimal import Decimal

    import pandas as pd

    Amount = TypeVar("Amount", int, Decimal, "pd.Series[int]")
else:
    Amount = TypeVar("Amount")


class Direction(TextChoices):
    EXPENSE = "expense", "lasten"
    INCOME = "income", "baten"
    CREDIT = "credit", "krediet"
    ASSET = "asset", "activa"
    LIABILITY = "liability", "passiva"


SIGNS = {
    Direction.EXPENSE: 1,
    Direction.CREDIT: 1,
    Direction.ASSET: 1,
    Direction.INCOME: -1,
    Direction.LIABILITY: -1,
}


def amended(original: Amount, amendments: Amount) -> Amount:
    """Original budget plus the sum of its amendments, same unit as given."""
    return original + amendments


def reported(typed: "Decimal | None", posted: "Decimal | None", direction: str, *, is_posted: bool) -> "Decimal | None":
    """What the ledger says where rules count postings in the line, debit positive, else what was typed (rule 10)."""
    if not is_posted:
        return typed
    return None if posted is None else posted * SIGNS[Direction(direction)]


def result(amended: Amount, actual: Amount, sign: Amount) -> Amount:
    """What was left (expense, credit: `sign` 1) or came in extra (income: -1); positive is favourable."""
    return (amended - actual) * sign


def percentage(result: int, amended: int) -> int | None:
    """Whole percent of the amended budget, half away from zero; None ("n.v.t.") where that budget is 0."""
    if amended == 0:
        return None
    magnitude = (200 * abs(result) + abs(amended)) // (2 * abs(amended))
    return magnitude if result >= 0 else -magnitude


def mark(result: int) -> str:
    """V (voordeel), N (nadeel), or nothing for exactly zero."""
    return "V" if result > 0 else "N" if result < 0 else ""
