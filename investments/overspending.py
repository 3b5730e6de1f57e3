"""Credits that were overspent, and the limit above which a year is not lawful (domain rule 9). Amounts in cents."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices


class Ground(TextChoices):
    """Why a credit was overspent."""

    COVERED = "covered", "gedekt door direct gerelateerde baten"
    OPEN_ENDED = "open_ended", "open-einderegeling"
    LATE = "late", "binnen beleid maar te laat besloten"
    OUTSIDE = "outside", "buiten beleid"


COUNTING = ("", Ground.LATE, Ground.OUTSIDE)
"""Grounds that count against the limit; a credit without one counts until it is classified."""


@dataclass(frozen=True)
class Overspending:
    """A credit with all that was ever spent on it; `ground` is empty while nobody classified it."""

    key: int
    credit: int
    spent: int
    ground: str = ""

    @property
    def excess(self) -> int:
        return max(self.spent - self.credit, 0)

    @property
    def counts(self) -> int:
        """How much counts against the limit."""
        return self.excess if self.ground in COUNTING else 0


@dataclass(frozen=True)
class Lawfulness:
    """What counts against the limit of a year; `limit` is None while base or percentage is not known."""

    limit: int | None
    counted: int

    @property
    def is_exceeded(self) -> bool:
        return self.limit is not None and self.counted > self.limit


def limit(base: int | None, percentage: int | None) -> int | None:
    """A percentage (in hundredths of a percent) of expense with additions to reserves, rounded down to the cent."""
    return None if base is None or percentage is None else base * percentage // 10_000


def judge(items: Iterable[Overspending], limit: int | None) -> Lawfulness:
    """All overspent credits of a year against its limit."""
    return Lawfulness(limit, sum(item.counts for item in items))
