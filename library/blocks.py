"""Puts sanitised HTML in the shape of a text: paragraphs, headings of two levels, lists and tables."""

import re
from html.parser import HTMLParser

RENAMED = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "div": "", "blockquote": ""}
"""Elements that are read but not kept: another name, or (an empty name) a paragraph of its own."""

_INLINE = frozenset({"strong", "em", "sup", "a", "span", "bdi"})
_LISTS = frozenset({"ul", "ol"})
_HEADINGS = frozenset({"h3", "h4"})
_STRUCTURE = frozenset({"table", "thead", "tbody", "tr"})
_EMPTY = re.compile(r"<(p|h3|h4|ul|ol)>(?:\s|&nbsp;|\u00a0|<br>)*</\1>\n?")
_BLANK_LINE = re.compile(r"\n(?:[ \t\r]*\n)+")


def paragraphs(text: str) -> str:
    """Text without any element, as typed in a plain text area: blank lines part paragraphs, other ends are kept."""
    parts = _BLANK_LINE.split(text.replace("\r\n", "\n").strip("\n"))
    return "".join(f"<p>{'<br>'.join(part.splitlines())}</p>" for part in parts)


def arranged(html: str) -> str:
    """The same words as blocks: loose text in paragraphs (a blank line starts one), no empty paragraphs.

    The input is well-formed; elements written are the input's own, or those of RENAMED. A line for each block.
    """
    arranger = _Arranger()
    arranger.feed(html)
    arranger.close()
    return _EMPTY.sub("", arranger.result()).strip()


class _Arranger(HTMLParser):
    """Writes blocks as they come; inline elements open at their first word and close with their block.

    An entry "" in `_blocks` is a block that is not written; one in `_wanted` an inline element that is not.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._parts: list[str] = []
        self._blocks: list[str] = []
        self._wanted: list[tuple[str, str]] = []
        self._opened = 0
        self._holder = ""

    def result(self) -> str:
        self._end_holder()
        return "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = RENAMED.get(tag, tag)
        written = (self.get_starttag_text() or "") if name == tag else f"<{name}>"
        if name in _INLINE:
            self._wanted.append((name, written) if self._means_something(name, dict(attrs)) else ("", ""))
        elif name == "br":
            self._write_words("<br>")
        else:
            self._start_block(name, written)

    def handle_endtag(self, tag: str) -> None:
        name = RENAMED.get(tag, tag)
        if name in _INLINE:
            self._end_inline()
        elif name != "br":
            self._end_block()

    def handle_data(self, data: str) -> None:
        for index, part in enumerate(_BLANK_LINE.split(data)):
            if index and self._holder:
                self._end_holder()
            elif index:
                self._write_words("\n")
            self._write_words(part)

    def handle_entityref(self, name: str) -> None:
        self._write_words(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write_words(f"&#{name};")

    def _means_something(self, name: str, attributes: dict[str, str | None]) -> bool:
        """A span is a footnote and not inside another; an anchor leads somewhere; a <bdi> tells its language."""
        if name == "span":
            return "data-footnote" in attributes and all(wanted != "span" for wanted, _ in self._wanted)
        needed = {"a": "href", "bdi": "lang"}.get(name)
        return needed is None or bool(attributes.get(needed))

    def _inside(self) -> str:
        """The innermost block that is written, "" at the top."""
        return next((name for name in reversed(self._blocks) if name), "")

    def _holder_here(self) -> str:
        """What words need around them where they stand: a paragraph, an item, or nothing."""
        inside = self._inside()
        if inside in _LISTS:
            return "li"
        unwritten = bool(self._blocks) and not self._blocks[-1]
        return "p" if not inside or (unwritten and inside in {"li", "td", "th"}) else ""

    def _write_words(self, words: str) -> None:
        if not self._holder:
            holder = self._holder_here()
            if not words.strip() and (holder or self._inside() in _STRUCTURE):
                return
            if holder:
                self._parts.append(f"<{holder}>")
                self._holder = holder
        self._parts += [written for _, written in self._wanted[self._opened :]]
        self._opened = len(self._wanted)
        self._parts.append(words)

    def _end_inline(self) -> None:
        if self._wanted:
            name, _ = self._wanted.pop()
            if self._opened > len(self._wanted):
                self._parts.append(f"</{name}>" if name else "")
                self._opened = len(self._wanted)

    def _end_holder(self) -> None:
        self._parts += [f"</{name}>" for name, _ in reversed(self._wanted[: self._opened]) if name]
        self._opened = 0
        if self._holder:
            self._parts.append(f"</{self._holder}>" + ("" if self._inside() else "\n"))
            self._holder = ""

    def _start_block(self, name: str, written: str) -> None:
        inside = self._inside()
        if self._is_misplaced(name, inside):
            name = ""
        self._part_words(name)
        self._end_holder()
        self._blocks.append(name)
        self._parts.append(written if name else "")

    def _part_words(self, name: str) -> None:
        """Words before and after a block that is not written do not run together in a heading."""
        if not name and self._inside() in _HEADINGS:
            self._write_words(" ")

    def _is_misplaced(self, name: str, inside: str) -> bool:
        """An item outside a list, a list or paragraph straight in a list, or a block in a heading."""
        if name == "li":
            return inside not in _LISTS
        if inside in _LISTS:
            return name in {"p", *_HEADINGS, *_LISTS}
        return inside in _HEADINGS and name in {"p", *_HEADINGS, *_LISTS}

    def _end_block(self) -> None:
        self._end_holder()
        name = self._blocks.pop() if self._blocks else ""
        self._part_words(name)
        if name:
            self._parts.append(f"</{name}>" + ("" if self._inside() else "\n"))
