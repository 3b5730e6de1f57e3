"""Chapter numbers: they follow the tree and are never typed (domain rule 13)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A chapter's place: `key`, its parent's key (None at the top) and its position among its siblings."""

    key: int
    parent: int | None
    position: int


@dataclass(frozen=True)
class Numbered:
    """A chapter in reading order: "3.2.1" is level 3."""

    key: int
    number: str
    level: int


def numbered(nodes: Iterable[Node]) -> list[Numbered]:
    """All chapters in reading order with their numbers; equal positions keep the order of keys."""
    children: dict[int | None, list[Node]] = defaultdict(list)
    for node in sorted(nodes, key=lambda node: (node.position, node.key)):
        children[node.parent].append(node)

    def walk(parent: int | None, prefix: str, level: int) -> list[Numbered]:
        found = []
        for index, node in enumerate(children[parent], start=1):
            number = f"{prefix}{index}"
            found += [Numbered(node.key, number, level), *walk(node.key, f"{number}.", level + 1)]
        return found

    return walk(None, "", 1)
