"""Six published tables: headings, figures as printed, and what their sums come to. Sources stand with each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.investments.spreadsheets import files

PLACE = Path(__file__).parent.parent / "data" / "published_tables.json"


@dataclass(frozen=True)
class Published:
    """A table as its body published it; `told` is what somebody has to say beyond what the file tells."""

    id: str
    title: str
    year: int
    caption: str
    unit: int
    resolution: int
    columns: dict[str, str]
    rows: list[list[str]]
    sums: list[dict[str, Any]]
    told: Mapping[str, Any] | None

    @property
    def labels(self) -> list[str]:
        return [row[1] for row in self.rows]

    @property
    def cells(self) -> list[list[str]]:
        return [row[2:] for row in self.rows]

    def _sheet(self, cells: Sequence[Sequence[object]]) -> list[list[object]]:
        head: list[object] = ["Omschrijving", *self.columns.values()]
        return [
            [self.title],
            [self.caption],
            head,
            *([label, *row] for label, row in zip(self.labels, cells, strict=True)),
        ]

    def csv(self) -> bytes:
        return files.csv(*([str(cell) for cell in row] for row in self._sheet(self.cells)))

    def xlsx(self) -> bytes:
        """Amounts as numbers, but for those with V or N beside them."""
        return files.xlsx(*self._sheet([[_number(cell) for cell in row] for row in self.cells]))


def _number(cell: str) -> object:
    digits = cell.replace(".", "")
    return int(digits) if digits.removeprefix("-").isdecimal() else cell or None


TOLD: dict[str, Mapping[str, Any]] = {
    # The advantage is printed negative, under a heading that says advantage.
    "terneuzen_2018_kapitaallasten": {"style": {"reversed_result": True}},
    # The total of the years is the same as a line above it.
    "venlo_2017_kredieten": {"lines": {"Lopende kredieten": {"kind": "total", "members": {"Totaal": 1}}}},
}


@cache
def published() -> dict[str, Published]:
    found = json.loads(PLACE.read_text())
    names = ("id", "title", "year", "caption", "unit", "resolution", "columns", "rows", "sums")
    return {item["id"]: Published(**{name: item[name] for name in names}, told=TOLD.get(item["id"])) for item in found}
