"""How a table prints: choices that are made once per table."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices


class Marks(TextChoices):
    SIGN = "sign", "met een teken: -24"
    BEFORE = "before", "V of N ervoor: N 24"
    AFTER = "after", "V of N erachter: 24 N"


class Zero(TextChoices):
    DASH = "-", "streepje"
    ZERO = "0", "0"
    NOTHING = "", "niets"


@dataclass(frozen=True)
class PrintStyle:
    """How a table prints (domain rules 1, 4 and 6). Stored amounts follow rule 3 whatever is chosen here.

    `unit` and `resolution` in euros: what is printed in, and what the source had rounded to. The signs are +1 or -1:
    which way expense and income are printed. `reversed_result` prints actual − budget. `zero_mark` follows a zero
    deviation where V and N follow others.
    """

    unit: int = 1000
    resolution: int = 1
    zero: str = Zero.DASH
    hide_empty: bool = False
    expense_sign: int = 1
    income_sign: int = 1
    reversed_result: bool = False
    marks: str = Marks.SIGN
    zero_mark: str = ""

    def sign(self, way: int) -> int:
        """How amounts are printed that go the way of an expense (1) or of an income or balance (-1, 0)."""
        return self.expense_sign if way == 1 else self.income_sign

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON, without what is as usual."""
        usual = PrintStyle()
        return {name: value for name, value in asdict(self).items() if value != getattr(usual, name)}
