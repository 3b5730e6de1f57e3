"""The HTML people may write: one allowlist for the editor, pasted text, imports and the PDF."""

import re
from collections import Counter
from html.parser import HTMLParser

import nh3

from .blocks import RENAMED, arranged, paragraphs

TAGS = {
    "p", "h3", "h4", "ul", "ol", "li", "strong", "em", "sup", "a", "br", "span", "bdi",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SPANS = {"colspan", "rowspan"}
ATTRIBUTES = {"a": {"href"}, "th": {"scope"} | SPANS, "td": SPANS, "span": {"data-footnote"}, "bdi": {"lang"}}
LANGUAGES = {"en": "Engels", "de": "Duits", "fr": "Frans", "fy": "Fries", "la": "Latijn"}
"""What words may be marked as, with <bdi>: pasted text is full of spans with a language that nobody chose."""
LINK_SCHEMES = {"https", "http", "mailto"}
VOID = {"br"}
CLOSED_BY_THE_NEXT = {
    "p", "li", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "dt", "dd",
    "br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "embed", "source", "track", "param",
}  # fmt: skip
"""Elements that need no end tag, so that many of them say nothing about nesting."""
HIGHEST_TOWER = 1000
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
DEEPEST = 20
MOST_ROUNDS = 4
"""Sanitising can move what it finds in a wrong place (words straight in a table), which is then arranged again."""
WIDEST_SPAN = 50


class TooDeep(ValueError):
    """Text nested deeper than the PDF renderer can lay out; `str(error)` is a Dutch sentence."""

    def __init__(self) -> None:
        super().__init__(f"De tekst bevat lijsten of tabellen die meer dan {DEEPEST} niveaus diep in elkaar zitten.")


def clean(html: str) -> str:
    """The text with nothing in it but what the allowlist names, in paragraphs and other blocks.

    Links keep https, http and mailto addresses only; a link without a scheme loses its address. Spans of
    table cells are capped. Raises TooDeep beyond DEEPEST levels. Cleaning twice changes nothing more.
    """
    if _is_tower(html):
        raise TooDeep
    safe = _allowed(html if "<" in html else paragraphs(html))
    if _depth(safe) > DEEPEST:
        raise TooDeep
    for _ in range(MOST_ROUNDS):
        settled = _allowed(arranged(safe))
        if settled == safe:
            break
        safe = settled
    return "" if is_empty(safe) else safe


def _allowed(html: str) -> str:
    """Only allowed elements and attributes, and those that `arranged` renames."""
    return nh3.clean(
        html,
        tags=TAGS | set(RENAMED),
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=LINK_SCHEMES,
        link_rel=None,
        strip_comments=True,
    ).strip()


def is_empty(html: str) -> bool:
    """Whether a reader would see nothing."""
    return not text(html).strip()


def text(html: str) -> str:
    """The words of the text, blocks separated by a newline, footnotes between brackets in their place."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "\n".join(line for line in (part.strip() for part in "".join(reader.parts).split("\n")) if line)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if value.split(":")[0].lower() in LINK_SCHEMES else None
    if name in SPANS:
        return str(min(int(value), WIDEST_SPAN)) if value.isdecimal() and len(value) < 6 and int(value) > 0 else None
    if name == "lang":
        return value if value in LANGUAGES else None
    if name == "scope":
        return value if value in {"row", "col"} else None
    return value


def _is_tower(html: str) -> bool:
    """Whether far more elements stand open than a text needs: sanitising would take time by their square."""
    standing = Counter[str]()
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if not closing and tag not in CLOSED_BY_THE_NEXT:
            standing[tag] += 1
        elif closing and standing[tag]:
            standing[tag] -= 1
    return standing.total() > HIGHEST_TOWER


class _Text(HTMLParser):
    """Collects words; ends of blocks become newlines. The only span that is allowed is a footnote."""

    BLOCKS = frozenset({"p", "h3", "h4", "li", "tr", "br", "table", "ul", "ol"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace("\n", " "))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.BLOCKS:
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif tag == "span":
            self.parts.append(" (noot: ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.parts.append("\n")
        elif tag == "span":
            self.parts.append(")")


def _depth(html: str) -> int:
    """How deep elements stand in each other in HTML that was sanitised: balanced, and "<" in nothing but tags."""
    now = deepest = 0
    for closing, name in _TAG.findall(html):
        if name not in VOID:
            now += -1 if closing else 1
            deepest = max(deepest, now)
    return deepest
