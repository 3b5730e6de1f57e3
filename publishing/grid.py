"""Tables people wrote, made rectangular: the tags of a PDF need rows of equal length."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_WORD, MOST_COLUMNS = 24, 6
"""A table beyond these gets even columns: sized by its words it might not fit the page. One with more columns also gets
smaller type, so that an amount of eight digits is not broken in ten of them, nor one of seven in fourteen.
"""
NARROW_COLUMNS = 4
"""A table with more columns than this takes the side column of the page as well."""
TALL_ROW = 1500
"""Letters of a row that take about half a page: rows of a table with such a row may break over two pages."""


@dataclass
class _Cell:
    part: int
    columns: int
    rows: int


@dataclass
class _Row:
    cells: list[_Cell] = field(default_factory=list)
    end: int = 0


@dataclass
class Grid:
    """A table while its HTML is copied. A `part` is the place of a tag in the list of what was copied."""

    part: int
    _longest_word: int = 0
    _row_letters: int = 0
    _tallest_row: int = 0
    _groups: list[list[_Row]] = field(default_factory=lambda: [[]])

    def start(self, tag: str, part: int, attributes: Mapping[str, str | None]) -> None:
        """Note a tag inside the table."""
        if tag in {"thead", "tbody"}:
            self._groups.append([])
        elif tag == "tr":
            self._groups[-1].append(_Row())
            self._row_letters = 0
        elif tag in {"th", "td"} and self._groups[-1]:
            columns, rows = (max(1, int(attributes.get(name) or 1)) for name in ("colspan", "rowspan"))
            self._groups[-1][-1].cells.append(_Cell(part, columns, rows))

    def end(self, tag: str, part: int) -> None:
        """Note an end tag inside the table."""
        if tag == "tr" and self._groups[-1]:
            self._groups[-1][-1].end = part

    def read(self, words: str) -> None:
        """Note text inside the table."""
        self._longest_word = max([self._longest_word, *map(len, words.split())])
        self._row_letters += len(words)
        self._tallest_row = max(self._tallest_row, self._row_letters)

    def settle(self, parts: list[str]) -> None:
        """Rewrite the copied tags: spans end with their group of rows, short rows are filled up, classes are set."""
        lengths = [(row, length) for group in self._groups for row, length in _lengths(group)]
        columns = max((length for _, length in lengths), default=0)
        for group in self._groups:
            for index, row in enumerate(group):
                for cell in row.cells:
                    rows = min(cell.rows, len(group) - index)
                    parts[cell.part] = re.sub(r' rowspan="\d+"', f' rowspan="{rows}"', parts[cell.part])
        for row, length in lengths:
            parts[row.end] = "<td></td>" * (columns - length) + parts[row.end]
        names = " ".join(
            name
            for name, holds in (
                ("even", self._longest_word > LONGEST_WORD or columns > MOST_COLUMNS),
                ("wide", columns > NARROW_COLUMNS),
                ("dense", columns > MOST_COLUMNS),
                ("tall", self._tallest_row > TALL_ROW),
            )
            if holds
        )
        parts[self.part] = f'<table class="{names}">' if names else "<table>"


def _lengths(group: list[_Row]) -> list[tuple[_Row, int]]:
    """The rows of a group and how many columns each covers, cells reaching down from above included."""
    found = []
    reaching: list[tuple[int, int]] = []
    for index, row in enumerate(group):
        from_above = sum(columns for columns, last in reaching if last >= index)
        found.append((row, from_above + sum(cell.columns for cell in row.cells)))
        reaching += [(cell.columns, index + cell.rows - 1) for cell in row.cells if cell.rows > 1]
    return found
