"""The HTML people wrote, made ready for print: cleaned again, headings at their level, footnotes outside links."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from django.utils.safestring import SafeString

from library.html import clean

from .grid import Grid

LOWEST = 6
"""The deepest heading HTML and PDF know; what would come below it shares its level."""

LONGEST_NOTE = 3000
"""Letters of a footnote. A note that fits no page would be lost, so a longer one stays in the text, in brackets."""

_EMPTY = re.compile(r"<(a|span|tr|thead|tbody|table|dd|li|ul|ol)\b[^>]*>(\s*)</\1>")
"""What would be an empty tag: a link parted by another, a row or table of nothing, an item without words."""


def heading_level(level: int) -> int:
    """The level as it can be printed."""
    return min(level, LOWEST)


def printed(html: str, level: int) -> SafeString:
    """The text with its highest headings at `level`. Raises library.html.TooDeep like `clean`.

    A lower heading without a higher one above it becomes a higher one, so that levels never skip. A link ends
    before any other tag and begins anew after it, a footnote inside a footnote joins it, tables become rectangular:
    the tags of a PDF ask for it.
    """
    rewriter = _Rewriter(level)
    rewriter.feed(clean(html))
    rewriter.close()
    text, emptied = "".join(rewriter.parts), 1
    while emptied:
        text, emptied = _EMPTY.subn(r"\2", text)
    return SafeString(text)


@dataclass
class _Span:
    """An open span: where its tag stands, and the link that it interrupts. A plain span is not written at all."""

    part: int
    link: str
    is_note: bool
    letters: int = 0


class _Rewriter(HTMLParser):
    """Copies clean HTML with the few changes that `printed` promises.

    An item's content goes into a <dd>: that is the element which WeasyPrint tags as the body of an item.
    """

    def __init__(self, level: int) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._level = level
        self._seen_higher = False
        self._headings: list[str] = []
        self._link = ""
        self._spans: list[_Span] = []
        self._tables: list[Grid] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        if tag == "a":
            self._link = written
            self.parts.append(written)
        elif tag == "span":
            self._open_span("data-footnote" in dict(attrs))
        elif tag == "bdi":
            self._between(f'<span lang="{dict(attrs).get("lang")}">')
        elif tag in {"h3", "h4"}:
            self._between(self._heading(tag))
        else:
            place = self._between("<li><dd>" if tag == "li" else written)
            if tag == "table":
                self._tables.append(Grid(place))
            elif self._tables:
                self._tables[-1].start(tag, place, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = ""
            self.parts.append("</a>")
        elif tag == "span":
            self._close_span()
        elif tag == "bdi":
            self._between("</span>")
        elif tag in {"h3", "h4"} and self._headings:
            self._between(f"</{self._headings.pop()}>")
        else:
            place = self._between("</dd></li>" if tag == "li" else f"</{tag}>")
            if tag == "table" and self._tables:
                self._tables.pop().settle(self.parts)
            elif self._tables:
                self._tables[-1].end(tag, place)

    def handle_data(self, data: str) -> None:
        # WeasyPrint takes line ends inside a footnote for line breaks.
        self.parts.append(re.sub(r"\s+", " ", data) if self._note else data)
        if self._note:
            self._note.letters += len(data)
        for table in self._tables:
            table.read(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def _between(self, tag: str) -> int:
        """Write a tag outside the link that may be open around it; where it stands in `parts`."""
        self.parts += ["</a>", tag, self._link] if self._link else ["", tag, ""]
        return len(self.parts) - 2

    def _heading(self, tag: str) -> str:
        lower = tag == "h4" and self._seen_higher
        self._seen_higher = self._seen_higher or tag == "h3"
        self._headings.append(f"h{heading_level(self._level + lower)}")
        return f'<{self._headings[-1]} class="{"lower" if lower else "higher"}">'

    @property
    def _note(self) -> _Span | None:
        """The footnote that is open."""
        return next((span for span in self._spans if span.is_note), None)

    def _open_span(self, is_footnote: bool) -> None:
        span = _Span(len(self.parts) + 1, self._link, is_footnote and self._note is None)
        self._spans.append(span)
        if span.is_note:
            self.parts += ["</a>" if self._link else "", '<span class="footnote">']
            self._link = ""

    def _close_span(self) -> None:
        span = self._spans.pop() if self._spans else None
        if span is None or not span.is_note:
            return
        if span.letters > LONGEST_NOTE:
            self.parts[span.part] = '<span class="long-note"> ('
            self.parts.append(")")
        self._link = span.link
        self.parts += ["</span>", self._link]
