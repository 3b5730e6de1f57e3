"""Fragments become one PDF: one tree of tags, one outline, one list of places that links lead to.

A tag or a mark on a page is found by numbers that count through the file, so those of each fragment are shifted;
everything else goes over as it is, in one copy, which keeps what refers to each other together.
"""

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, String

from .rendered import Bookmark, Place, Rendered
from .stamping import Stamps

Outline = list["Entry"]


@dataclass
class Entry:
    """An entry of the outline with what stands below it; its page counts through the whole file, from 0."""

    bookmark: Bookmark
    page: int
    below: Outline = field(default_factory=list)


class Merger:
    """A PDF of fragments, which may come in any order.

    They are copied in the order of their places, so that the same fragments give the same bytes. Their files stay open
    until all is saved: closing them one by one takes a fifth of the time of a merge.
    """

    def __init__(self) -> None:
        self.pdf = Pdf.new()
        self._sources: dict[int, tuple[Rendered, Pdf]] = {}
        self._document = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document))
        self._tags: list[Object] = []
        self._of_pages: list[Any] = []
        self._of_links: list[Object] = []
        self._places: list[tuple[str, int, float, float]] = []
        self._slots: list[tuple[int, Place]] = []
        self._outline: Outline = []
        self._pages: list[Object] = []

    @property
    def pages(self) -> int:
        return len(self._pages)

    def read(self, place: int, fragment: Rendered) -> None:
        """Take in a fragment; `place` says where it comes among the others. That is half the work of merging it."""
        source = Pdf.open(io.BytesIO(fragment.data))
        # Each object is read when it is first looked at.
        for _ in source.objects:
            pass
        self._sources[place] = (fragment, source)

    def _append(self, fragment: Rendered, source: Pdf, fonts: Mapping[str, Object]) -> None:
        """Copy its pages, tags, places and bookmarks; `fonts` are what will be written with on its pages."""
        before = self.pages
        # First the pages: what is copied after them refers to these copies.
        for page in source.pages:
            self.pdf.pages.append(page)
        tree = source.Root.StructTreeRoot
        both = source.make_indirect(Dictionary(Marks=tree.ParentTree.Nums, Tags=tree.K[0].K))
        copied = self.pdf.copy_foreign(both)
        added = [self.pdf.pages[before + number].obj for number in range(fragment.pages)]
        self._pages += added
        for name, font in fonts.items():
            added[0].Resources.Font[name] = font
        for tag in copied.Tags:
            tag.P = self._document
            self._tags.append(tag)
        self._take_marks(copied.Marks, added, before)
        self._places += [(place.name, before + place.page, place.x, place.y) for place in fragment.places]
        self._slots += [(before + slot.page, slot) for slot in fragment.slots]
        for bookmark in fragment.bookmarks:
            _hang(self._outline, Entry(bookmark, before + bookmark.page))

    def _take_marks(self, marks: Object, pages: Sequence[Object], before: int) -> None:
        """Each page knows its marks by its number; links come after all pages, in the order of their numbers."""
        values = [marks[index] for index in range(1, len(marks), 2)]
        self._of_pages += values[: len(pages)]
        shift = len(self._of_links) - len(pages)
        self._of_links += values[len(pages) :]
        for number, page in enumerate(pages, before):
            page.StructParents = number
            for link in page.get("/Annots", ()):
                # Counted from the first link for now: how many pages come before is known when all are there.
                link.StructParent = int(link.StructParent) + shift

    def finish(self, stamps: Stamps, *, unstamped: int, bold: Collection[str]) -> None:
        """Copy all fragments and write the numbers of pages, and what holds the whole together.

        The first pages are not stamped; of places in `bold` the contents have the number in the bolder font.
        """
        for _, (fragment, source) in sorted(self._sources.items(), key=itemgetter(0)):
            self._append(fragment, source, stamps.fonts)
        entries = self._entries(stamps, bold)
        for number, page in enumerate(self._pages):
            drawn = [stamps.foot(number + 1, self.pages)] if number >= unstamped else []
            drawn += entries.get(number, [])
            if drawn:
                page.Contents = Array([self.pdf.make_stream("\n".join(drawn).encode()), page.Contents])
            for link in page.get("/Annots", ()):
                link.StructParent = int(link.StructParent) + self.pages
        marks = [part for number, mark in enumerate((*self._of_pages, *self._of_links)) for part in (number, mark)]
        self._document.K = Array(self._tags)
        root = self.pdf.make_indirect(
            Dictionary(
                Type=Name.StructTreeRoot,
                K=Array([self._document]),
                ParentTree=self.pdf.make_indirect(Dictionary(Nums=Array(marks))),
                ParentTreeNextKey=len(marks) // 2,
            )
        )
        self._document.P = root
        self.pdf.Root.StructTreeRoot = root
        self._write_places()
        self._write_outline()

    def _entries(self, stamps: Stamps, bold: Collection[str]) -> dict[int, list[str]]:
        """What the contents say, by page: the number of a place stands in the tag of the link that leads there."""
        numbers = {name: page + 1 for name, page, _, _ in self._places}
        drawn: dict[int, list[str]] = {}
        links = {
            (number, str(link.get("/Dest"))): int(link.StructParent)
            for number in {number for number, _ in self._slots}
            for link in self._pages[number].Annots
        }
        for number, slot in self._slots:
            tag, marks = self._of_links[links[number, slot.name]], self._of_pages[number]
            line = stamps.entry(numbers[slot.name], slot.x, slot.y, mark=len(marks), bold=slot.name in bold)
            drawn.setdefault(number, []).append(line)
            tag.K.append(len(marks))
            marks.append(tag)
        return drawn

    def save(self, target: Any) -> None:
        """Write the file; the same fragments, foot and words give the same bytes."""
        self.pdf.save(
            target,
            min_version="1.7",
            object_stream_mode=ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=False,
            deterministic_id=True,
        )

    def _write_places(self) -> None:
        """By name, in the order of its bytes, as viewers look them up."""
        names: list[Any] = []
        for name, page, x, y in sorted(self._places, key=lambda place: bytes(String(place[0]))):
            names += [String(name), self._destination(page, x, y)]
        if names:
            self.pdf.Root.Names = Dictionary(Dests=self.pdf.make_indirect(Dictionary(Names=Array(names))))

    def _write_outline(self) -> None:
        if self._outline:
            root = self.pdf.make_indirect(Dictionary(Type=Name.Outlines))
            self._write_entries(root, self._outline)
            self.pdf.Root.Outlines = root

    def _write_entries(self, parent: Object, entries: Outline) -> int:
        """Write entries below `parent`, all open; how many there are with those below them."""
        made = [self.pdf.make_indirect(self._entry(parent, entry)) for entry in entries]
        for one, next_one in pairwise(made):
            one.Next, next_one.Prev = next_one, one
        count = len(made) + sum(
            self._write_entries(one, entry.below) for one, entry in zip(made, entries, strict=True) if entry.below
        )
        parent.First, parent.Last, parent.Count = made[0], made[-1], count
        return count

    def _entry(self, parent: Object, entry: Entry) -> Dictionary:
        place = self._destination(entry.page, entry.bookmark.x, entry.bookmark.y)
        return Dictionary(Title=String(entry.bookmark.label), Parent=parent, Dest=place)

    def _destination(self, page: int, x: float, y: float) -> Array:
        return Array([self._pages[page], Name.XYZ, x, y, 0])


def _hang(outline: Outline, entry: Entry) -> None:
    """Below the last entry of a higher level."""
    while outline and outline[-1].bookmark.level < entry.bookmark.level:
        outline = outline[-1].below
    outline.append(entry)
