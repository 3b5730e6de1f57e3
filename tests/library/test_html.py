from html import escape
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import html
from tests.hostile import HOSTILE, TOWER

ALLOWED = {
    "p": set(), "h3": set(), "h4": set(), "ul": set(), "ol": set(), "li": set(), "strong": set(), "em": set(),
    "sup": set(), "a": {"href"}, "br": set(), "span": {"data-footnote"}, "bdi": {"lang"},
    "table": set(), "thead": set(),
    "tbody": set(), "tr": set(), "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"},
}  # fmt: skip


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(cleaned: str) -> None:
    for tag, attributes in Elements(cleaned).found:
        assert tag in ALLOWED
        assert set(attributes) <= ALLOWED[tag]
        assert attributes.get("href", "https:").split(":")[0].lower() in {"https", "http", "mailto"}  # type: ignore[union-attr]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_is_left(text: str) -> None:
    assert_harmless(html.clean(text))


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("", ""),
        ("<p> &nbsp;<br></p><h3></h3><ul></ul>", ""),
        ("<p>tekst</p>", "<p>tekst</p>"),
        ("<p>een</p><p>twee</p>", "<p>een</p>\n<p>twee</p>"),
        ("<script>alert(1)</script><p onclick=x>t</p>", "<p>t</p>"),
        ("<style>p{}</style>na", "<p>na</p>"),
        ('een <bdi lang="en">benchmark</bdi>', '<p>een <bdi lang="en">benchmark</bdi></p>'),
        ('<bdi lang="tlh">een</bdi> <bdi>twee</bdi> <span lang="en">drie</span>', "<p>een twee drie</p>"),
        ('<bdi lang="en" dir="rtl"><p>a</p>b</bdi>', '<p><bdi lang="en">a</bdi></p>\n<p><bdi lang="en">b</bdi></p>'),
        ("<b>vet</b> en <i>schuin</i>", "<p><strong>vet</strong> en <em>schuin</em></p>"),
        ("<h1>A</h1><h2>B</h2><h5>C</h5><h6>D</h6>", "<h3>A</h3>\n<h3>B</h3>\n<h4>C</h4>\n<h4>D</h4>"),
        ("<div>a</div><div>b</div>", "<p>a</p>\n<p>b</p>"),
        ("<h3>A<div>b</div>c</h3>", "<h3>A b c</h3>"),
        ("<b><p>x</p>y</b>z", "<p><strong>x</strong></p>\n<p><strong>y</strong>z</p>"),
        ("<ul>los<li>a</li><p>b</p><ul><li>c</li></ul></ul>", "<ul><li>los</li><li>a</li><li>b</li><li>c</li></ul>"),
        ("<li>zonder lijst</li>", "<p>zonder lijst</p>"),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ("<td>zonder tabel</td>", "<p>zonder tabel</p>"),
        (
            "<table><caption>kop</caption><tr><td>1<div>a</div></td></tr></table>",
            "<p>kop</p>\n<table><tbody><tr><td>1<p>a</p></td></tr></tbody></table>",
        ),
        (
            '<table><tr><th scope="col">k</th><th scope="raar" colspan="999999">l</th></tr></table>',
            '<table><tbody><tr><th scope="col">k</th><th>l</th></tr></tbody></table>',
        ),
        (
            '<table><tr><td colspan="80" rowspan="0">x</td></tr></table>',
            '<table><tbody><tr><td colspan="50">x</td></tr></tbody></table>',
        ),
        ('<p>a<span data-footnote="x">noot</span></p>', '<p>a<span data-footnote="x">noot</span></p>'),
        ("<p><span data-footnote>n<span data-footnote>m</span></span></p>", '<p><span data-footnote="">nm</span></p>'),
        ("<p><span style='color:red'>rood</span></p>", "<p>rood</p>"),
        ("<a>x</a><a href='//e.nl'>y</a><a href='/z'>z</a>", "<p>xyz</p>"),
        ("<p><a href='MAILTO:a@b.nl'>m</a></p>", '<p><a href="MAILTO:a@b.nl">m</a></p>'),
        ("<p>R&D < 3</p>", "<p>R&amp;D &lt; 3</p>"),
    ],
)  # fmt: skip
def test_texts_come_out_in_blocks(typed: str, cleaned: str) -> None:
    assert html.clean(typed) == cleaned


def test_plain_text_keeps_its_lines_and_paragraphs() -> None:
    assert html.clean("een\r\ntwee\r\n\r\n\r\ndrie & vier") == "<p>een<br>twee</p>\n<p>drie &amp; vier</p>"


def test_text_added_below_html_becomes_a_paragraph() -> None:
    assert html.clean("<p>eerst</p>\n\ndan\n\nen dan") == "<p>eerst</p>\n<p>dan</p>\n<p>en dan</p>"


NAMES = [
    *ALLOWED, "div", "h1", "h6", "caption", "b", "i", "svg", "math", "style", "script", "template", "select", "option",
    "textarea", "title", "form", "button", "mtext", "mglyph", "noscript", "iframe", "plaintext", "xmp", "blockquote",
    "foreignObject", "desc", "font", "body", "html", "frameset",
]  # fmt: skip
CLOSED = ["/p", "/div", "/ul", "/li", "/table", "/td", "/b", "/a", "/span", "/svg", "/math", "/select"]
PIECES = st.one_of(
    st.sampled_from([*NAMES, *CLOSED]).map(lambda name: f"<{name}>"),
    st.sampled_from(
        ["<a href='https://a.nl'>", "<span data-footnote=''>", "<img src=x onerror=1>", "<!--", "-->", "&nbsp;", "\n\n"]
    ),
    st.text(max_size=4),
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    cleaned = html.clean(text)
    assert_harmless(cleaned)
    assert html.clean(cleaned) == cleaned
    assert nh3.clean(cleaned, tags=set(ALLOWED), attributes=html.ATTRIBUTES, link_rel=None) == cleaned


def test_twenty_levels_are_kept_and_more_are_refused() -> None:
    nested = "<ul><li>" * 10 + "tekst" + "</li></ul>" * 10
    assert html.clean(nested) == nested
    with pytest.raises(html.TooDeep) as error:
        html.clean(f"<ul><li>{nested}</li></ul>")
    assert str(error.value) == ("De tekst bevat lijsten of tabellen die meer dan 20 niveaus diep in elkaar zitten.")


def test_what_looks_like_elements_in_words_and_addresses_is_not_deep() -> None:
    looks = "<ul>" * 21
    text = html.clean(f'<p><a href="https://waterrand.example/?{looks}">{escape(looks)}</a></p>')
    assert html.text(text) == looks
    assert text.count("&lt;ul&gt;") == 42


@pytest.mark.parametrize("text", [TOWER, "<div>" * 40_000, "<table><tr><td>" * 900, "<b></i>" * 2_000])
def test_a_tower_of_elements_is_refused_at_once(text: str) -> None:
    with pytest.raises(html.TooDeep):
        html.clean(text)


def test_unclosed_paragraphs_are_no_tower() -> None:
    assert html.clean("<p>x" * 1_500) == "\n".join(["<p>x</p>"] * 1_500)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("<p>een <strong>twee</strong></p><p>drie</p>", "een twee\ndrie"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>", "a b"),
        ("<p>&lt;b&gt; &amp;</p>", "<b> &"),
        ('<p>robot<span data-footnote="">een <em>programma</em></span>.</p>', "robot (noot: een programma)."),
    ],
)
def test_the_words_of_a_text(text: str, words: str) -> None:
    assert html.text(text) == words
