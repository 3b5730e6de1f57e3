"""A fragment as it was laid out: its PDF, and what a merge must know about its pages; and the two as one file."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any


class Damaged(Exception):
    """The file is not what was once written: cut off, or changed."""


@dataclass(frozen=True)
class Place:
    """Where a named link leads: a page, counted from 0, and points from its left and its foot."""

    name: str
    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Bookmark:
    """An entry of the outline, and where it leads as a Place does; level 1 is the highest."""

    label: str
    level: int
    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Rendered:
    """Pages laid out by themselves, as a tagged PDF without page numbers.

    `slots` are where the page of a place is to be written: the right end and the foot of the line that has its name.
    """

    data: bytes
    pages: int
    places: tuple[Place, ...]
    bookmarks: tuple[Bookmark, ...]
    slots: tuple[Place, ...] = ()

    def to_file(self) -> bytes:
        """One file that proves itself."""
        told: dict[str, Any] = {"pages": self.pages, "places": _rows(self.places), "bookmarks": _rows(self.bookmarks)}
        told["slots"] = _rows(self.slots)
        return sealed(json.dumps(told, ensure_ascii=False).encode() + b"\n" + self.data)


def sealed(whole: bytes) -> bytes:
    """The bytes below a line with their SHA-256."""
    return hashlib.sha256(whole).hexdigest().encode() + b"\n" + whole


def opened(file: bytes) -> bytes:
    """What was sealed; raises Damaged for anything else."""
    digest, _, whole = file.partition(b"\n")
    if hashlib.sha256(whole).hexdigest().encode() != digest:
        raise Damaged
    return whole


def from_file(file: bytes) -> Rendered:
    """What `to_file` wrote; raises Damaged for anything else."""
    told, _, data = opened(file).partition(b"\n")
    facts: dict[str, Any] = json.loads(told)
    return Rendered(
        data,
        facts["pages"],
        tuple(Place(*row) for row in facts["places"]),
        tuple(Bookmark(*row) for row in facts["bookmarks"]),
        tuple(Place(*row) for row in facts["slots"]),
    )


def _rows(items: tuple[Place, ...] | tuple[Bookmark, ...]) -> list[list[Any]]:
    return [list(vars(item).values()) for item in items]
