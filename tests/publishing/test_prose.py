import pytest

from library.html import WIDEST_SPAN, TooDeep
from publishing.prose import LONGEST_NOTE, printed


@pytest.mark.parametrize(
    ("written", "as_printed"),
    [
        ("<p>Tekst &amp; uitleg.</p>", "<p>Tekst &amp; uitleg.</p>"),
        ("<h3>Kop</h3><h4>Onder</h4>", '<h4 class="higher">Kop</h4><h5 class="lower">Onder</h5>'),
        ("<h4>Los</h4><p>x</p><h3>Kop</h3>", '<h4 class="higher">Los</h4><p>x</p><h4 class="higher">Kop</h4>'),
        ("<ul><li>a</li></ul>", "<ul><li><dd>a</dd></li></ul>"),
        (
            "<ul><li>a</li><li></li></ul><ol><li><br></li></ol>",
            "<ul><li><dd>a</dd></li></ul><ol><li><dd><br></dd></li></ol>",
        ),
        (
            '<p>A<span data-footnote="">Noot.</span></p>',
            '<p>A<span class="footnote">Noot.</span></p>',
        ),
        (
            '<p>A<span data-footnote="">Over\ntwee regels.</span></p>',
            '<p>A<span class="footnote">Over twee regels.</span></p>',
        ),
        ('<p>A<span data-footnote=""> </span>B</p>', "<p>A B</p>"),
        (
            '<p><a href="https://duo.example">voor<span data-footnote="">Noot.</span> na</a></p>',
            (
                '<p><a href="https://duo.example">voor</a><span class="footnote">Noot.</span>'
                '<a href="https://duo.example"> na</a></p>'
            ),
        ),
        (
            '<p><a href="https://duo.example"><strong>vet</strong></a></p>',
            '<p><strong><a href="https://duo.example">vet</a></strong></p>',
        ),
        ('<p>Een <bdi lang="en">benchmark</bdi>.</p>', '<p>Een <span lang="en">benchmark</span>.</p>'),
        (
            '<p><bdi lang="en">a<span data-footnote="">b <bdi lang="de">c</bdi></span> d</bdi></p>',
            '<p><span lang="en">a<span class="footnote">b <span lang="de">c</span></span> d</span></p>',
        ),
        (
            '<p><a href="https://duo.example">een <bdi lang="en">link</bdi></a></p>',
            (
                '<p><a href="https://duo.example">een </a><span lang="en"><a href="https://duo.example">link</a>'
                "</span></p>"
            ),
        ),
        (
            '<p><a href="https://duo.example">een<br>twee</a></p>',
            '<p><a href="https://duo.example">een</a><br><a href="https://duo.example">twee</a></p>',
        ),
    ],
)
def test_text_is_made_ready_for_print(written: str, as_printed: str) -> None:
    assert printed(written, 4).replace("\n", "") == as_printed


def test_headings_share_the_lowest_level_there_is() -> None:
    assert printed("<h3>Kop</h3><h4>Onder</h4>", 6).replace("\n", "") == (
        '<h6 class="higher">Kop</h6><h6 class="lower">Onder</h6>'
    )


def test_note_inside_a_note_joins_it() -> None:
    nested = '<p>A<span data-footnote="">buiten <span data-footnote="">binnen</span> weer buiten</span>.</p>'
    assert printed(nested, 2).strip() == '<p>A<span class="footnote">buiten binnen weer buiten</span>.</p>'


def test_note_longer_than_a_page_stays_in_the_text() -> None:
    note = "woord " * (LONGEST_NOTE // 6 + 1)
    assert printed(f'<p>A<span data-footnote="">{note}</span>.</p>', 2).strip() == (
        f'<p>A<span class="long-note"> ({note})</span>.</p>'
    )


def test_text_is_cleaned_once_more() -> None:
    assert printed('<p onclick="x()">A<script>b()</script></p><img src="file:///x">', 2).strip() == "<p>A</p>"


def test_text_too_deep_is_refused() -> None:
    with pytest.raises(TooDeep):
        printed("<ul><li>" * 30 + "x" + "</li></ul>" * 30, 2)


# --- tables -------------------------------------------------------------------------------------------------------


def table(*rows: str) -> str:
    return f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"


def test_short_rows_are_filled_up() -> None:
    assert printed(table("<td>a</td><td>b</td><td>c</td>", "<td>d</td>"), 2).strip() == (
        table("<td>a</td><td>b</td><td>c</td>", "<td>d</td><td></td><td></td>")
    )


def test_cells_that_reach_down_count_in_the_rows_below() -> None:
    assert printed(table('<td rowspan="2">a</td><td>b</td>', "<td>c</td>", "<td>d</td>"), 2).strip() == (
        table('<td rowspan="2">a</td><td>b</td>', "<td>c</td>", "<td>d</td><td></td>")
    )


def test_cell_does_not_reach_below_its_rows() -> None:
    assert printed(table('<td rowspan="9">a</td><td>b</td>', "<td>c</td>"), 2).strip() == (
        table('<td rowspan="2">a</td><td>b</td>', "<td>c</td>")
    )


def test_cell_covers_no_more_than_the_allowlist_lets_it() -> None:
    wide = table('<td colspan="99999">a</td>')
    assert printed(wide, 2).strip().replace(' class="even wide dense"', "") == table(
        f'<td colspan="{WIDEST_SPAN}">a</td>'
    )


def test_table_of_nothing_is_left_out() -> None:
    assert printed("<p>x</p><table><thead></thead><tbody><tr></tr></tbody></table>", 2).strip() == "<p>x</p>"


def test_table_inside_a_table_is_measured_by_itself() -> None:
    nested = table(f"<td>a{table('<td>b</td><td>c</td>')}</td>")
    assert printed(nested, 2).strip() == nested


@pytest.mark.parametrize(
    ("row", "classes"),
    [
        ("<td>a</td>" * 4, ""),
        ("<td>a</td>" * 5, ' class="wide"'),
        ("<td>a</td>" * 7, ' class="even wide dense"'),
        ("<td>" + "a" * 25 + "</td>", ' class="even"'),
        ("<td>" + "woord " * 300 + "</td>", ' class="tall"'),
        ('<td colspan="5">a</td>', ' class="wide"'),
    ],
)
def test_table_is_laid_out_by_its_size(row: str, classes: str) -> None:
    assert printed(table(row), 2).startswith(f"<table{classes}>")
