from django.utils.safestring import SafeString

from library.footnotes import Footnotes, Note


def mark(number: int) -> str:
    return (
        f'<sup class="footnote-mark"><a href="#noot-{number}" id="noot-{number}-in-tekst" '
        f'aria-label="Voetnoot {number}">{number}</a></sup>'
    )


def test_notes_are_numbered_through_all_texts() -> None:
    notes = Footnotes()
    first = notes.marked(
        '<p>Een<span data-footnote="">uitleg &amp; bron</span>, twee<span data-footnote="">b</span>.</p>'
    )
    second = notes.marked('<p>Drie<span data-footnote=""><em>c</em></span></p>')
    assert first == f"<p>Een{mark(1)}, twee{mark(2)}.</p>"
    assert second == f"<p>Drie{mark(3)}</p>"
    assert notes.notes == [
        Note(1, SafeString("uitleg &amp; bron"), "noot-1", "noot-1-in-tekst"),
        Note(2, SafeString("b"), "noot-2", "noot-2-in-tekst"),
        Note(3, SafeString("<em>c</em>"), "noot-3", "noot-3-in-tekst"),
    ]


def test_a_text_without_notes_stays_as_it_is() -> None:
    notes = Footnotes()
    assert notes.marked('<p>R&amp;D <a href="https://a.nl">a</a> &#8212;</p>') == (
        '<p>R&amp;D <a href="https://a.nl">a</a> &#8212;</p>'
    )
    assert notes.notes == []


def test_a_note_in_a_link_parts_the_link() -> None:
    notes = Footnotes("s7")
    marked = notes.marked('<p><a href="https://a.nl">voor<span data-footnote="">n</span>na</a></p>')
    assert marked == (
        '<p><a href="https://a.nl">voor</a><sup class="footnote-mark"><a href="#s7-1" id="s7-1-in-tekst" '
        'aria-label="Voetnoot 1">1</a></sup><a href="https://a.nl">na</a></p>'
    )


def test_a_note_in_a_note_joins_it_and_other_elements_stay() -> None:
    notes = Footnotes()
    marked = notes.marked(
        '<p>a<span data-footnote="">b<span data-footnote="">c</span>d<br>&lt;e</span><span>f</span></p>'
    )
    assert marked == f"<p>a{mark(1)}f</p>"
    assert [note.text for note in notes.notes] == ["bcd<br>&lt;e"]


def test_other_prefixes_make_other_anchors() -> None:
    notes = Footnotes("noot-12")
    notes.marked('<span data-footnote="">x</span>')
    assert notes.notes == [Note(1, SafeString("x"), "noot-12-1", "noot-12-1-in-tekst")]
