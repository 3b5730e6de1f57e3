"""Tags of tables as WeasyPrint and we write them: what cells cover, which way headings go, and to whom they belong."""

from dataclasses import dataclass
from typing import Any

from weasyprint import HTML

from publishing.tagging import mend_tables, name_languages

PAGE = "<style>@page { size: 100mm; margin: 0; } td, th { height: 20mm; }</style>"


@dataclass(frozen=True)
class Cell:
    """A tag of a cell; `headings` are the words that WeasyPrint's names of them stand for."""

    kind: str
    columns: int = 1
    rows: int = 1
    scope: str = ""
    headings: tuple[str, ...] = ()


def tables(html: str) -> list[list[list[Cell]]]:
    """The rows of each table, of which every page has its own."""
    found: list[list[list[Cell]]] = []

    def read(document: Any, pdf: Any) -> None:
        mend_tables(document, pdf)
        tags: list[Any] = [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/StructElem"]
        places = {tag.reference: tag for tag in tags}
        boxes = {
            box.mark["ID"].string: box
            for page in document.pages
            for box in page._page_box.descendants()
            if hasattr(box, "mark") and "ID" in box.mark
        }

        def cell(tag: Any) -> Cell:
            says = tag["A"]
            names = tuple(boxes[name.string].element.text for name in says.get("Headers", ()))
            scope = says.get("Scope", "").removeprefix("/")
            return Cell(tag["S"][1:], says.get("ColSpan", 1), says.get("RowSpan", 1), scope, names)

        for table in (tag for tag in tags if tag["S"] == "/Table"):
            rows = [places[row] for group in table["K"] for row in places[group]["K"]]
            found.append([[cell(places[kid]) for kid in row["K"]] for row in rows])

    HTML(string=f'<html lang="nl"><title>x</title>{PAGE}{html}').write_pdf(finisher=read, pdf_variant="pdf/ua-1")
    return found


def test_headings_say_which_way_they_go() -> None:
    html = """<table><thead><tr><th scope="col">Fase<th>Klaar</thead>
    <tr><th scope="row">eerste<td>juni<tr><th>tweede<td>juli</table>"""
    assert tables(html) == [
        [
            [Cell("TH", scope="Column"), Cell("TH", scope="Column")],
            [Cell("TH", scope="Row"), Cell("TD", headings=("eerste", "Klaar"))],
            [Cell("TH", scope="Row"), Cell("TD", headings=("tweede", "Klaar"))],
        ]
    ]


def test_row_of_headings_outside_the_head_names_columns() -> None:
    assert tables("<table><tr><th>Fase<th>Klaar<tr><td>a<td>b</table>") == [
        [
            [Cell("TH", scope="Column"), Cell("TH", scope="Column")],
            [Cell("TD", headings=("Fase",)), Cell("TD", headings=("Klaar",))],
        ]
    ]


def test_wide_and_tall_headings_belong_to_all_that_they_cover() -> None:
    html = """<table><thead><tr><th>Fase<th colspan="2">Klaar</thead>
    <tr><th scope="row" rowspan="2">eerste<td>juni<td>ja<tr><td>juli<td>nee</table>"""
    told = Cell("TD", headings=("eerste", "Klaar"))
    assert tables(html) == [
        [
            [Cell("TH", scope="Column"), Cell("TH", columns=2, scope="Column")],
            [Cell("TH", rows=2, scope="Row"), told, told],
            [told, told],
        ]
    ]


def test_what_a_cell_covers_on_the_next_page_is_filled_with_empty_cells() -> None:
    rows = "<tr><td>x" * 6
    first, *others = tables(f'<table><tr><td rowspan="7">langs alles<td>x{rows}</table>')
    assert first[0] == [Cell("TD", rows=len(first)), Cell("TD")]
    assert first[1:] == [[Cell("TD")]] * (len(first) - 1)
    assert [row for table in others for row in table] == [[Cell("TD"), Cell("TD")]] * (7 - len(first))
    assert len(others) == 1


def test_rows_that_only_cells_from_above_cover_have_no_cells_or_empty_ones() -> None:
    tall = '<table><tr><td rowspan="2">a<td rowspan="2">b<tr></table>'
    assert tables(tall) == [[[Cell("TD", rows=2), Cell("TD", rows=2)], []]]


def test_words_of_another_language_are_tagged_with_it() -> None:
    found: list[tuple[int, str]] = []

    def read(document: Any, pdf: Any) -> None:
        name_languages(document, pdf)
        spans = [item for item in pdf.objects if isinstance(item, dict) and item.get("S") == "/Span"]
        found.extend((len(span["K"]), span["Lang"].string) for span in spans if "Lang" in span)

    link = '<a href="https://duo.example">full</a>'
    html = (
        f'<p><span>Een</span> <span lang="en">benchmark <strong>in</strong> {link}</span> en <span lang="de">Vergleich'
    )
    html += " und" * 40
    HTML(string=f'<html lang="nl"><title>x</title>{PAGE}{html}').write_pdf(finisher=read, pdf_variant="pdf/ua-1")
    assert (found[0], set(found[1:])) == ((4, "en"), {(1, "de")})
    assert len(found) > 2, "each line of it"
