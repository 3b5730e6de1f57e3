"""Which characters the house fonts can draw, and what is printed for those that they cannot."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from .content import ReportContent
from .faces import FACES

FALLBACK = "Source Sans"
"""The family that stands behind the chosen one in every style of the report."""
SILENT = frozenset("\t\n\r\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff") | frozenset(
    "\u202a\u202b\u202c\u202d\u202e"
)
"""White space, places where a word may or may not break, and directions: none of it needs a form."""
SELECTORS = frozenset(map(chr, (0x34F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""They choose between forms of the character before them; with one they would find it in another font."""
SMALLER = ("<super>", "<sub>", "<fraction>")
"""Kinds of characters that mean something else when written with ordinary ones."""
SAME = {"\u2010": "-", "\u2011": "-", "\u2714": "✓", "\u2043": "•", "\u25cf": "•", "\uf0b7": "•", "\uf0a7": "•"}
"""Hyphens, the heavy check mark and bullets (the last two are Word's), by what looks the same to a reader."""
NOT_PRINTED = {"team", "source_address", "logo", "accent", "font"}
_ADDRESS = re.compile(r'(href="[^"]*")')

Value = TypeVar("Value")


@dataclass(frozen=True)
class Unprintable:
    """Characters that no house font has, and where they stand; without a section in a chapter's title, and without
    a chapter on the title page. `place` counts the sections of the chapter from 0.
    """

    signs: str
    number: str = ""
    title: str = "titelblad"
    place: int = -1

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def named(self) -> str:
        """The characters with their numbers, for who sees only a box."""
        return ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in self.signs)


@cache
def drawable() -> frozenset[str]:
    """The characters that every upright cut of the fallback has; the slanted cuts borrow from those."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  no page but the one that compiles asks for it

    faces = [face for face in FACES if face.family == FALLBACK and face.style == "normal"]
    maps = [TTFont(io.BytesIO(face.read()), lazy=True).getBestCmap() for face in faces]
    return frozenset(map(chr, frozenset.intersection(*map(frozenset, maps))))


def stand_in(sign: str) -> str:
    """What is printed for a character: itself, what means the same, or its number between square brackets.

    Nothing is printed for controls and what chooses between forms.
    """
    if sign in drawable() or sign in SILENT:
        return sign
    category = unicodedata.category(sign)
    if category in {"Cc", "Cf"} or sign in SELECTORS:
        return ""
    if category in {"Zl", "Zp"}:
        return " "
    alike = SAME.get(sign, "")
    if not alike and not unicodedata.decomposition(sign).startswith(SMALLER):
        alike = unicodedata.normalize("NFKC", sign)
    return alike if alike and drawable().issuperset(alike) else f"[U+{ord(sign):04X}]"


def drawn(content: ReportContent) -> ReportContent:
    """The content with a stand-in for each character that the house fonts lack; often the same object."""
    signs = {sign for words in _words(content) for sign in words}
    strange = {ord(sign): stand for sign in signs if (stand := stand_in(sign)) != sign}
    return _mapped(content, lambda words: _outside_addresses(words, strange)) if strange else content


def unprintable(content: ReportContent) -> list[Unprintable]:
    """What cannot be printed, by the section (or heading of a chapter, or title page) where it stands."""
    found = [Unprintable(_missing(replace(content, chapters=())))]
    for chapter in content.chapters:
        found.append(Unprintable(_missing(replace(chapter, sections=())), chapter.number, chapter.title))
        found += [
            Unprintable(_missing(section), chapter.number, section.title, place)
            for place, section in enumerate(chapter.sections)
        ]
    return [item for item in found if item.signs]


def _missing(value: Any) -> str:
    signs = {sign for words in _words(value) for sign in words}
    return "".join(sorted(sign for sign in signs - drawable() if stand_in(sign).startswith("[U+")))


def _words(value: Any) -> Iterator[str]:
    """All texts that are printed, HTML without its addresses."""
    if isinstance(value, str):
        yield from _ADDRESS.split(value)[::2]
    elif isinstance(value, tuple):
        for item in value:
            yield from _words(item)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in NOT_PRINTED:
                yield from _words(getattr(value, field.name))


def _mapped(value: Value, change: Callable[[str], str]) -> Any:
    """The value with its printed texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item, change) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value) if field.name not in NOT_PRINTED]
        return replace(value, **{name: _mapped(getattr(value, name), change) for name in names})
    return value


def _outside_addresses(words: str, strange: dict[int, str]) -> str:
    parts = _ADDRESS.split(words)
    return "".join(part if place % 2 else part.translate(strange) for place, part in enumerate(parts))
