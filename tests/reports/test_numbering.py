from hypothesis import given
from hypothesis import strategies as st

from reports.numbering import Node, Numbered, numbered


def test_numbers_follow_the_tree() -> None:
    nodes = [Node(1, None, 1), Node(2, None, 2), Node(3, 2, 1), Node(4, 2, 2), Node(5, 4, 1)]
    assert numbered(nodes) == [
        Numbered(1, "1", 1),
        Numbered(2, "2", 1),
        Numbered(3, "2.1", 2),
        Numbered(4, "2.2", 2),
        Numbered(5, "2.2.1", 3),
    ]


def test_positions_order_siblings_and_keys_break_ties() -> None:
    nodes = [Node(8, None, 5), Node(9, None, 2), Node(3, None, 5)]
    assert [(item.key, item.number) for item in numbered(nodes)] == [(9, "1"), (3, "2"), (8, "3")]


def test_nothing_has_no_numbers() -> None:
    assert numbered([]) == []


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    size = draw(st.integers(0, 30))
    nodes: list[Node] = []
    for key in range(1, size + 1):
        parent = draw(st.sampled_from([None, *(node.key for node in nodes)]))
        nodes.append(Node(key, parent, draw(st.integers(0, 5))))
    return draw(st.permutations(nodes))


def as_path(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


@given(trees())
def test_numbers_are_a_bijection_in_reading_order(nodes: list[Node]) -> None:
    found = numbered(nodes)
    paths = [as_path(item.number) for item in found]
    assert sorted(item.key for item in found) == sorted(node.key for node in nodes)
    assert paths == sorted(set(paths))
    assert [item.level for item in found] == [len(path) for path in paths]
    by_key = {item.key: as_path(item.number) for item in found}
    for node in nodes:
        assert by_key[node.key][:-1] == (by_key[node.parent] if node.parent is not None else ())
    for path in paths:
        assert path[-1] == 1 or (*path[:-1], path[-1] - 1) in paths


@given(trees())
def test_the_order_in_which_chapters_are_read_does_not_matter(nodes: list[Node]) -> None:
    assert numbered(nodes) == numbered(reversed(nodes))
