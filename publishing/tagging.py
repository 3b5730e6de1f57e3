"""Tags where WeasyPrint's fall short.

Headings of tables say which way they go, rows of a page are equally long, words of another language say which, lines
do not run together. What says nothing goes: a tag for each line of words was nearly half of all objects of a file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

BARE = {"Type", "S", "K", "P", "Pg"}
"""What every tag has: that it is one, its kind, kids, parent and page."""
SHOWN = b"] TJ"
"""What letters end with that are shown."""
LAST_GLYPH = re.compile(rb"([0-9a-f]{4})>[-.0-9]*\] TJ$")
LEAST_PITCH = 0.75
"""Of the size of letters: how far apart lines are at least."""
HYPHENS = frozenset("-\xad\u2010")


@dataclass(frozen=True)
class _Line:
    """Words on one line: where their end is in what a page draws, their height on the page, their font and its size."""

    at: int
    height: float
    font: str
    size: float

    def is_above(self, other: "_Line") -> bool:
        """Whether the other is on a line of its own, and no smaller letters beside these that stand higher or lower."""
        return abs(self.height - other.height) > LEAST_PITCH * max(self.size, other.size)


@dataclass(frozen=True)
class _Cell:
    """A cell in the part of its table that is on one page; `column` counts in the table, `row` on the page."""

    element: Any
    column: int
    row: int
    columns: int
    rows: int
    scope: str

    @property
    def places(self) -> Iterator[tuple[int, int]]:
        """Row and column of all that the cell covers."""
        for row in range(self.row, self.row + self.rows):
            yield from ((row, column) for column in range(self.column, self.column + self.columns))


def mend(document: Any, pdf: Any) -> None:
    """All of it, each on what the one before it left.

    `document` is laid out by WeasyPrint, and `pdf` made of it but not yet written.
    """
    mend_tables(document, pdf)
    name_languages(document, pdf)
    lift_words(pdf)
    part_lines(document, pdf)


def mend_tables(document: Any, pdf: Any) -> None:
    """Give headings their scope and cells their headings; fill up what a cell from the page before still covers."""
    pages = (page._page_box for page in document.pages)  # noqa: SLF001  WeasyPrint makes only links public
    boxes = {box.mark.reference: box for page in pages for box in page.descendants() if hasattr(box, "mark")}
    for element in list(pdf.objects):
        if isinstance(element, dict) and element.get("S") == "/Table":
            _mend(element, boxes, pdf)


def name_languages(document: Any, pdf: Any) -> None:
    """Let the tags of spans say their language, so that it is spoken as such."""
    from pydyf import String  # noqa: PLC0415  only workers render: see publishing.pdf
    from weasyprint.formatting_structure.boxes import LineBox, TextBox  # noqa: PLC0415

    pages = (page._page_box for page in document.pages)  # noqa: SLF001
    boxes = (box for page in pages for box in page.descendants() if not isinstance(box, LineBox | TextBox))
    spans = [box for box in boxes if box.element_tag == "span"]
    tags = [
        item for item in pdf.objects if isinstance(item, dict) and item.get("S") == "/Span" and _is_of_element(item)
    ]
    for box, tag in zip(spans, tags, strict=True):
        if language := box.element.get("lang"):
            tag["Lang"] = String(language)


def lift_words(pdf: Any) -> None:
    """Give what stands in tags that say nothing to the tag around them, in their place."""
    tags: list[Any] = [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/StructElem"]
    by_reference = {tag.reference: tag for tag in tags}
    lifted: dict[bytes, bytes] = {}
    # Those above come first, so that what is lifted out of one is lifted on out of the next.
    for tag in tags:
        parent = by_reference.get(tag["P"])
        # The number of marked content is looked up on the page of the tag that has it.
        if parent is None or not _says_nothing(tag) or parent.get("Pg") != tag["Pg"]:
            continue
        at = parent["K"].index(tag.reference)
        parent["K"][at : at + 1] = tag["K"]
        for kid in filter(None, map(by_reference.get, tag["K"])):
            kid["P"] = parent.reference
        lifted[tag.reference] = parent.reference
        tag.free = "f"
    for marks in _marks(pdf):
        marks[:] = [lifted.get(mark, mark) for mark in marks]


def _says_nothing(tag: Any) -> bool:
    """Whether a tag has no meaning of its own and nothing to say of what stands in it."""
    return tag["S"] in {"/Span", "/NonStruct"} and not tag.keys() - BARE


def part_lines(document: Any, pdf: Any) -> None:
    """Write the spaces that are not drawn: between the last word of a line and the first of the next or alone in a tag.

    Whoever hears or copies the words would find them as one.
    """
    signs = {font.hash: font.to_unicode for font in document.fonts.values()}
    pages = (_object(f"{number} 0 R".encode(), pdf) for number in pdf.pages["Kids"][::3])
    for page, marks in zip(pages, _marks(pdf), strict=True):
        drawn = _object(page["Contents"], pdf).stream
        lines, blocks = _lines(drawn), [_block(mark, pdf) for mark in marks]
        for (number, line), (next_number, next_line) in pairwise(lines.items()):
            is_parted = line.is_above(next_line) or next_number > number + 1
            if is_parted and blocks[number] == blocks[next_number]:
                drawn[line.at] = _with_space(drawn[line.at], signs[line.font])


def _lines(drawn: list[Any]) -> dict[int, _Line]:
    """Where the words of each marked content end, in their order; without pictures, spaces and what is no content."""
    found: dict[int, _Line] = {}
    mark: int | None = None
    height, font, size = 0.0, "", 0.0
    for at, item in enumerate(drawn):
        if isinstance(item, dict):
            mark = item.get("MCID")
        elif item == b"EMC":
            mark = None
        elif not isinstance(item, bytes):
            continue
        elif item.endswith(b" Tm"):
            height = float(item.split()[-2])
        elif item.endswith(b" Tf"):
            name, size_of = item.decode().split()[:2]
            font, size = name.removeprefix("/"), float(size_of)
        elif item.endswith(SHOWN) and mark is not None:
            found[mark] = _Line(at, height, font, size)
    return found


def _with_space(shown: bytes, signs: dict[int, str]) -> bytes:
    """What shows a line with a space after it, unless the line ends within a word or the font has none to show."""
    space = next((glyph for glyph, sign in signs.items() if sign == " "), None)
    last = LAST_GLYPH.search(shown)
    if space is None or (last and signs.get(int(last[1], 16)) in HYPHENS):
        return shown
    return shown.removesuffix(SHOWN) + b"<%04x>" % space + SHOWN


def _block(tag: bytes, pdf: Any) -> bytes:
    """The paragraph, cell or the like that words of this tag belong to."""
    found = _object(tag, pdf)
    while found["S"] in {"/Link", "/Span", "/NonStruct"}:
        tag, found = found["P"], _object(found["P"], pdf)
    return tag


def _marks(pdf: Any) -> list[Any]:
    """For each page the tags of its marked contents, in the order of their numbers."""
    tree = _object(_object(pdf.catalog["StructTreeRoot"], pdf)["ParentTree"], pdf)
    return [marks for marks in tree["Nums"][1::2] if isinstance(marks, list)]


def _object(reference: bytes, pdf: Any) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _is_of_element(tag: Any) -> bool:
    """Whether a tag stands for an element; that of mere words has nothing but the number of its marked content."""
    return not any(isinstance(kid, int) for kid in tag["K"])


def _mend(table: Any, boxes: dict[bytes, Any], pdf: Any) -> None:
    rows: list[Any] = []
    cells: list[_Cell] = []
    for group in _kids(table, pdf):
        members = _kids(group, pdf) if group["S"] in {"/THead", "/TBody", "/TFoot"} else []
        for place, row in enumerate(members):
            own = _kids(row, pdf)
            are_headings = group["S"] == "/THead" or all(cell["S"] == "/TH" for cell in own)
            for cell in own:
                box = boxes[cell.reference]
                scope = box.element.get("scope") or ("col" if are_headings else "row")
                reach = min(box.rowspan, len(members) - place)
                cells.append(_Cell(cell, box.grid_x, len(rows), box.colspan, reach, scope))
            rows.append(row)
    for cell in cells:
        _describe(cell)
    _name_headings(cells)
    _fill(rows, cells, pdf)


def _kids(element: Any, pdf: Any) -> list[Any]:
    """The tags straight below a tag; marked content, which is a number, is left out."""
    return [_object(kid, pdf) for kid in element["K"] if isinstance(kid, bytes)]


def _describe(cell: _Cell) -> None:
    """Say what a cell covers on this page, and of a heading which way it goes."""
    cell.element["A"].pop("RowSpan", None)
    if cell.rows > 1:
        cell.element["A"]["RowSpan"] = cell.rows
    if cell.element["S"] == "/TH":
        cell.element["A"]["Scope"] = "/Row" if cell.scope == "row" else "/Column"


def _name_headings(cells: list[_Cell]) -> None:
    """Refer from each cell to the headings of every row and column that it covers."""
    of_rows: dict[int, list[Any]] = {}
    of_columns: dict[int, list[Any]] = {}
    for cell in cells:
        if cell.element["S"] == "/TH":
            for row, column in cell.places:
                headings = of_rows.setdefault(row, []) if cell.scope == "row" else of_columns.setdefault(column, [])
                if cell.element["ID"] not in headings:
                    headings.append(cell.element["ID"])
    for cell in cells:
        if cell.element["S"] == "/TD":
            rows = [name for row, _ in cell.places for name in of_rows.get(row, [])]
            columns = [name for _, column in cell.places for name in of_columns.get(column, [])]
            cell.element["A"]["Headers"][:] = list(dict.fromkeys([*rows, *columns]))


def _fill(rows: list[Any], cells: list[_Cell], pdf: Any) -> None:
    """Put empty cells where nothing stands: a cell that reaches over the end of a page has no tag on the next."""
    from pydyf import Array, Dictionary  # noqa: PLC0415

    width = max((cell.column + cell.columns for cell in cells), default=0)
    taken = {place for cell in cells for place in cell.places}
    for number, row in enumerate(rows):
        missing = [column for column in range(width) if (number, column) not in taken]
        if not missing:
            continue
        standing = [(cell.column, cell.element.reference) for cell in cells if cell.row == number]
        for column in missing:
            empty = Dictionary({"Type": "/StructElem", "S": "/TD", "K": Array(), "P": row.reference, "Pg": row["Pg"]})
            empty["A"] = Dictionary({"O": "/Table"})
            pdf.add_object(empty)
            standing.append((column, empty.reference))
        row["K"][:] = [reference for _, reference in sorted(standing)]
