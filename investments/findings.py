"""What is wrong with tables of figures, for whoever is about to print them."""

from collections.abc import Collection
from dataclasses import dataclass

from . import queries
from .judging import Verdict
from .models import Table


@dataclass(frozen=True)
class BrokenTable:
    """A table whose printed figures do not add up, by more than rounding explains: `sums` of them, or a check."""

    table: Table
    sums: int
    checks: int

    @property
    def words(self) -> str:
        sums = f"{self.sums} optelling{'en kloppen' if self.sums != 1 else ' klopt'} niet"
        checks = f"{self.checks} aansluiting{'en kloppen' if self.checks != 1 else ' klopt'} niet"
        return " en ".join([sums] * bool(self.sums) + [checks] * bool(self.checks))


def broken_tables(tables: Collection[Table]) -> list[BrokenTable]:
    """Those of the tables that do not add up. At most four queries."""
    shown = queries.figures_of_tables(tables)
    found = (
        BrokenTable(
            table,
            sum(item.verdict == Verdict.BROKEN for item in shown[table.pk].statement.judgements),
            sum(item.verdict == Verdict.BROKEN for item in shown[table.pk].checks),
        )
        for table in tables
    )
    return [item for item in found if item.sums or item.checks]
