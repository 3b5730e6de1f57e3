from dataclasses import dataclass

import pytest

from reports.tree import Branch, branches, possible_parents


@dataclass(frozen=True)
class Row:
    """A chapter by its number, which says its level."""

    number: str

    @property
    def level(self) -> int:
        return self.number.count(".") + 1


def outline(*numbers: str) -> list[Row]:
    return [Row(number) for number in numbers]


def drawn(found: list[Branch[Row]]) -> list[object]:
    return [[branch.row.number, *drawn(branch.below)] for branch in found]


@pytest.mark.parametrize(
    ("numbers", "tree"),
    [
        ((), []),
        (("1", "2"), [["1"], ["2"]]),
        (("1", "1.1", "1.2", "2"), [["1", ["1.1"], ["1.2"]], ["2"]]),
        (("1", "1.1", "1.1.1", "1.2", "2", "2.1"), [["1", ["1.1", ["1.1.1"]], ["1.2"]], ["2", ["2.1"]]]),
        (("1", "1.1", "1.1.1", "2"), [["1", ["1.1", ["1.1.1"]]], ["2"]]),
    ],
)
def test_an_outline_as_a_tree(numbers: tuple[str, ...], tree: list[object]) -> None:
    assert drawn(branches(outline(*numbers))) == tree


@pytest.mark.parametrize(
    ("index", "numbers"),
    [
        (0, ["2", "2.1"]),
        (1, ["1", "1.2", "2", "2.1", "2.1.1"]),
        (2, ["1", "1.1", "2", "2.1", "2.1.1"]),
        (3, []),
        (6, ["1", "1.1", "1.2", "2", "2.1", "2.1.1"]),
    ],
)
def test_a_chapter_stands_below_none_of_its_own_and_not_too_deep(index: int, numbers: list[str]) -> None:
    rows = outline("1", "1.1", "1.2", "2", "2.1", "2.1.1", "2.1.1.1")
    assert [row.number for row in possible_parents(rows, index)] == numbers
