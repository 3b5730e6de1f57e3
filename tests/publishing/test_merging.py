"""What is merged from fragments is what one run of WeasyPrint makes of the same pages."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pypdfium2
import pytest

from publishing import fragments, pdf
from publishing.composing import Book, compose
from publishing.content import ReportContent
from publishing.merging import Merger
from publishing.rendered import Rendered
from tests.bench import reports
from tests.publishing.printing import STAMP, Printed, Tag, chapter, figures, narrative, printed, quiet, report

NOTE = "<p>Woorden<span data-footnote>Een noot van {}.</span> met een noot.</p>"


def a_report() -> ReportContent:
    """A chapter of every kind, and one with a long table between its notes."""
    usual = reports.report(1).chapters
    long = reports.table(210, Random(3))  # noqa: S311  no secret
    return report(
        *usual,
        chapter("2", "Bijlagen", narrative("Vooraf", NOTE.format("voor"))),
        chapter("2.1", "Lange tabel", narrative("Uitleg", NOTE.format("bij")), figures(long)),
        chapter("2.2", "Daarna", narrative("Slot", NOTE.format("na"))),
    )


@dataclass(frozen=True)
class Read:
    """What a file says of itself; pages are counted from 0."""

    words: list[str]
    bookmarks: list[tuple[int, str, int, int]]
    places: dict[str, tuple[int, int]]
    links: list[tuple[int, str, str]]
    tags: list[str]


@pytest.fixture(scope="module")
def merged() -> Printed:
    return printed(a_report())


@pytest.fixture(scope="module")
def one_run() -> Rendered:
    """The same pages in one run: cover and all fragments, the contents without their numbers."""
    content = a_report()
    found = fragments.cut(content, pdf.engine())
    pages = [
        fragments.cover(content, STAMP),
        *(fragment.html for fragment in found.fragments),
    ]
    bodies = "".join(re.findall("<body[^>]*>(.*)</body>", page, re.DOTALL)[0] for page in pages)
    whole = re.sub("(<body[^>]*>).*(</body>)", lambda edges: edges[1] + bodies + edges[2], pages[0], flags=re.DOTALL)
    return pdf.render(whole, found.css, "whole", {}, quiet)


def read(data: bytes) -> Read:
    document = pikepdf.open(io.BytesIO(data))
    numbers = {page.objgen: number for number, page in enumerate(document.pages)}
    names = document.Root.Names.Dests.Names
    return Read(
        words=[page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)],
        bookmarks=list(bookmarks(document.Root.Outlines.First, numbers, 0)),
        places={
            str(names[at]): point(names[at + 1], numbers)
            for at in range(0, len(names), 2)
            if not str(names[at]).startswith(fragments.SLOT)
        },
        links=[
            (number, str(link.Contents), str(link.get("/Dest") or link.A.URI))
            for number, page in enumerate(document.pages)
            for link in page.obj.get("/Annots", ())
        ],
        tags=list(tags(document.Root.StructTreeRoot.K)),
    )


def point(place: Any, numbers: dict[Any, int]) -> tuple[int, int]:
    return numbers[place[0].objgen], round(float(place[3]))


def bookmarks(entry: Any, numbers: dict[Any, int], level: int) -> Iterator[tuple[int, str, int, int]]:
    while entry is not None:
        yield (level, str(entry.Title), *point(entry.Dest, numbers))
        if "/First" in entry:
            yield from bookmarks(entry.First, numbers, level + 1)
        entry = entry.get("/Next")


def tags(tree: Any) -> Iterator[str]:
    """Types of tags in reading order."""
    if isinstance(tree, pikepdf.Array):
        for kid in tree:
            yield from tags(kid)
    elif isinstance(tree, pikepdf.Dictionary) and "/S" in tree:
        yield str(tree.S)
        yield from tags(tree.get("/K"))


def test_merged_is_what_one_run_makes(merged: Printed, one_run: Rendered) -> None:
    ours, theirs = read(merged.data), read(one_run.data)
    pages = [merged.lines(page) for page in range(1, merged.pages + 1)]
    pages[1] = [line for line in pages[1] if not line.isdigit()]
    assert pages == [[line.strip() for line in words.splitlines() if line.strip()] for words in theirs.words]
    assert (ours.bookmarks, ours.places, ours.links) == (theirs.bookmarks, theirs.places, theirs.links)
    assert ours.tags == theirs.tags


def test_fragments_that_arrive_in_another_order_make_the_same_file(merged: Printed, tmp_path: Path) -> None:
    content = a_report()
    found = fragments.cut(content, pdf.engine())
    laid = [pdf.render(one.html, found.css, one.key, {}, quiet) for one in found.fragments]
    arriving = list(enumerate(laid))
    Random(7).shuffle(arriving)  # noqa: S311  no secret
    assert [place for place, _ in arriving] != sorted(place for place, _ in arriving)
    compose(Book(content, found, arriving, STAMP, None), Merger(), tmp_path / "edition.pdf", quiet)
    assert (tmp_path / "edition.pdf").read_bytes() == merged.data


def test_contents_tell_the_pages_to_which_they_lead(merged: Printed) -> None:
    links = [
        (tag.words.rpartition(" ")[2], link.target) for tag, link in zip(entries(merged), merged.links(2), strict=True)
    ]
    assert [number for number, _ in links] == [str(page) for _, page in links]
    assert len(links) == 15


def entries(merged: Printed) -> list[Tag]:
    return [tag for root in merged.tags(2) for tag in root.all("Link")]


def test_notes_count_per_chapter_also_past_a_long_table(merged: Printed) -> None:
    notes = [line for page in range(1, merged.pages + 1) for line in merged.lines(page) if "Een noot van" in line]
    assert notes == ["1. Een noot van voor.", "2. Een noot van bij.", "3. Een noot van na."]


def test_every_tag_and_mark_is_found_where_it_is_said_to_be(merged: Printed) -> None:
    """A page or a link knows its tags by a number that counts through the file."""
    document = pikepdf.open(io.BytesIO(merged.data))
    marks = document.Root.StructTreeRoot.ParentTree.Nums
    by_number = {int(marks[at]): marks[at + 1] for at in range(0, len(marks), 2)}
    assert sorted(by_number) == list(range(document.Root.StructTreeRoot.ParentTreeNextKey))
    for number, page in enumerate(document.pages):
        assert page.obj.StructParents == number
        assert all(tag.Pg.objgen == page.objgen for tag in by_number[number])
        for link in page.obj.get("/Annots", ()):
            found = by_number[int(link.StructParent)]
            assert found.S == "/Link"
            assert link.objgen in [kid.Obj.objgen for kid in found.K if isinstance(kid, pikepdf.Dictionary)]


def test_heads_of_cells_are_named_once_in_the_file(merged: Printed) -> None:
    document = pikepdf.open(io.BytesIO(merged.data))
    cells = [tag for tag in document.objects if is_cell(tag)]
    names = [str(cell.ID) for cell in cells if "/ID" in cell]
    headers = {str(name) for cell in cells if "/Headers" in cell.A for name in cell.A.Headers}
    assert len(names) == len(set(names)) > 0
    assert headers <= set(names)


def is_cell(tag: Any) -> bool:
    return isinstance(tag, pikepdf.Dictionary) and "/S" in tag and str(tag.S) in {"/TH", "/TD"}


def test_file_says_that_it_is_for_readers_aloud_and_for_the_archive(merged: Printed) -> None:
    document = pikepdf.open(io.BytesIO(merged.data))
    words = document.Root.Metadata.read_bytes().decode()
    assert re.findall("<(pdf(?:ua|a)id:[a-z]+)>([^<]+)<", words) == [
        ("pdfuaid:part", "1"),
        ("pdfaid:part", "2"),
        ("pdfaid:conformance", "A"),
    ]
    assert document.Root.OutputIntents[0].OutputConditionIdentifier == "sRGB"
    assert (str(document.Root.PageLabels.Nums[1].S), document.pdf_version) == ("/D", "1.7")
    assert [page.label for page in document.pages] == [str(number) for number in range(1, merged.pages + 1)]
