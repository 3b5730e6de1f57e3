"""Tags of tables as WeasyPrint and we write them: what cells cover, which way headings go, and to whom they belong."""

import io
from dataclasses import dataclass
from typing import Any

from weasyprint import HTML

from publishing.pdf import _compact
from publishing.tagging import lift_words, mend, mend_tables, name_languages
from tests.publishing.printing import Printed, marked_words

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


def mended(html: str) -> Printed:
    """A page with its tags as they go into an edition."""
    made = HTML(string=f'<html lang="nl"><title>x</title>{PAGE}{html}').render()
    written = io.BytesIO()
    made.write_pdf(written, finisher=mend, pdf_tags=True)
    return Printed(_compact(written), len(made.pages))


def spoken(html: str) -> list[tuple[str, str]]:
    """What each tag on the first page is and says, as pdfium finds it by the numbers of marked contents."""
    return [(tag.kind, tag.words) for root in mended(html).tags(1) for tag in root.all("P", "Span", "Link")]


def marked(html: str) -> str:
    """All words of the page as they stand in its marked contents, after a line that has a space in each font."""
    return "".join(marked_words(mended(LINE + html).document[0]).values()).removeprefix(LINE_SAYS)


def test_words_belong_to_the_tag_around_them() -> None:
    assert spoken("<p>Een <strong>vet</strong> <span>woord</span>.") == [("P", "Een vet woord.")]


def test_words_that_say_their_language_keep_a_tag() -> None:
    assert [kind for kind, _ in spoken('<p>Een <span lang="en">benchmark</span>.')] == ["P", "Span"]


def test_words_that_were_lifted_are_found_by_their_number() -> None:
    seen: list[set[str]] = []

    def read(document: Any, pdf: Any) -> None:
        lift_words(pdf)
        root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
        marks = pdf.objects[int(root["ParentTree"].split()[0])]["Nums"][1]
        seen.extend({pdf.objects[int(mark.split()[0])]["S"]} for mark in marks)

    made = HTML(string=f'<html lang="nl"><title>x</title>{PAGE}<h1>Kop</h1><p>Een <em>schuin</em> woord.').render()
    made.write_pdf(io.BytesIO(), finisher=read, pdf_tags=True)
    assert seen == [{"/H1"}, {"/P"}, {"/P"}, {"/P"}]


LINE = "<p>Een spatie.</p><p><strong>Een spatie.</strong></p><p><em>Een spatie.</em></p>"
LINE_SAYS = "Een spatie." * 3


def test_words_on_two_lines_are_two_words() -> None:
    link = '<a href="https://duo.example">drie</a>'
    assert marked(f'<p style="width: 1em; margin: 0">een twee<br>en {link} vier</p><p>vijf') == (
        "een twee en drie vier" + "vijf"
    )


def test_a_line_ends_with_a_space_in_each_font() -> None:
    narrow = '<p style="width: 1em; margin: 0"><strong>een twee</strong> <em>drie vier</em> vijf zes'
    assert marked(narrow) == "een twee drie vier vijf zes"


def test_a_space_alone_between_two_tags_is_written() -> None:
    assert marked("<p><strong>een</strong> <em>twee</em>") == "een twee"


def test_a_word_on_two_lines_and_a_raised_sign_stay_together() -> None:
    words = marked('<p style="width: 5em; hyphens: auto; margin: 0">verantwoordelijkheden<sup>2</sup>')
    assert words.replace("\u2010", "") == "verantwoordelijkheden2"
    assert len(words) > len("verantwoordelijkheden2"), "it is on more than one line"


def test_a_font_without_a_space_gets_none() -> None:
    assert spoken('<p style="width: 1em; margin: 0">een twee') == [("P", "eentwee")]
