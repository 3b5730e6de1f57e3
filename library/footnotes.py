"""Footnotes for reading on a screen: a number in the text, the words below it."""

from dataclasses import dataclass
from html.parser import HTMLParser

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Note:
    """A footnote: its words as clean HTML, its own anchor and that of its mark in the text."""

    number: int
    text: SafeString
    anchor: str
    mark: str


class Footnotes:
    """Numbers the footnotes of texts that are read as one, in the order in which the texts are given."""

    def __init__(self, prefix: str = "noot") -> None:
        self.prefix = prefix
        self.notes: list[Note] = []

    def marked(self, html: str) -> SafeString:
        """Clean HTML with a numbered link in the place of each footnote, whose words are added to `notes`."""
        if "data-footnote" not in html:
            return SafeString(html)
        taker = _Taker(self)
        taker.feed(html)
        taker.close()
        return SafeString("".join(taker.texts[0]))

    def add(self, text: str) -> str:
        """Note the words, and answer with the mark that stands for them."""
        number = len(self.notes) + 1
        note = Note(number, SafeString(text), f"{self.prefix}-{number}", f"{self.prefix}-{number}-in-tekst")
        self.notes.append(note)
        return (
            f'<sup class="footnote-mark"><a href="#{note.anchor}" id="{note.mark}" aria-label="Voetnoot {number}">'
            f"{number}</a></sup>"
        )


class _Taker(HTMLParser):
    """Copies clean HTML, except that footnotes are taken out of it. A note inside a link parts the link in two."""

    def __init__(self, footnotes: Footnotes) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: list[list[str]] = [[]]
        self._footnotes = footnotes
        self._spans: list[str | None] = []
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        if tag == "span":
            self._start_span("data-footnote" in dict(attrs))
            return
        if tag == "a":
            self._link = written
        self.texts[-1].append(written)

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._end_span()
            return
        if tag == "a":
            self._link = ""
        self.texts[-1].append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.texts[-1].append(data)

    def handle_entityref(self, name: str) -> None:
        self.texts[-1].append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.texts[-1].append(f"&#{name};")

    def _start_span(self, is_note: bool) -> None:
        """A footnote starts a text of its own; one inside another, or a plain span, only stands in the count."""
        if not is_note or len(self.texts) > 1:
            self._spans.append(None)
            return
        self.texts[-1].append("</a>" if self._link else "")
        self._spans.append(self._link)
        self._link = ""
        self.texts.append([])

    def _end_span(self) -> None:
        link = self._spans.pop() if self._spans else None
        if link is None:
            return
        text = "".join(self.texts.pop())
        self.texts[-1].append(self._footnotes.add(text) + link)
        self._link = link
