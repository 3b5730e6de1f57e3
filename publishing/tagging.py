"""Tags where WeasyPrint's fall short.

Headings of tables say which way they go, rows of a page are equally long, words of another language say which.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


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


def mend_tables(document: Any, pdf: Any) -> None:
    """Give headings their scope and cells their headings; fill up what a cell from the page before still covers.

    `document` is laid out by WeasyPrint, and `pdf` made of it but not yet written.
    """
    pages = (page._page_box for page in document.pages)  # noqa: SLF001  WeasyPrint makes only links public
    boxes = {box.mark.reference: box for page in pages for box in page.descendants() if hasattr(box, "mark")}
    for element in list(pdf.objects):
        if isinstance(element, dict) and element.get("S") == "/Table":
            _mend(element, boxes, pdf)


def name_languages(document: Any, pdf: Any) -> None:
    """Let the tags of spans say their language, so that it is spoken as such. For arguments see `mend_tables`."""
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
    return [pdf.objects[int(kid.split()[0])] for kid in element["K"] if isinstance(kid, bytes)]


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
