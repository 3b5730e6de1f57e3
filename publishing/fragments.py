"""A report cut into fragments: pages that are laid out by themselves, kept by what shapes them, and merged again.

Nothing here reads the database or makes a PDF; storage keeps what is costly to make. What changes with every edition
(page numbers, CONCEPT, edition and time) is in no fragment but the cover.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from investments.figures import CircularTotal
from library.html import TooDeep

from . import cache, layout, shaping
from .content import ChapterContent, ReportContent
from .faces import FACES, FAMILIES
from .layout import ROUNDING_NOTE, Stamp
from .palette import palette

INSIDE = "duoplus:inside#"
"""What the address of a link to a named place begins with: the place may be in another fragment."""
SLOT = "blz-"
"""What the name of a line begins with that gets the page of a place written at its end."""
LOGO = "duoplus:logo"
CONTENTS = "De inhoudsopgave"
# Chapters of reports that a process remembers as pages of HTML: those of a report of a thousand pages, and some more.
REMEMBERED = 1000


class Unprintable(Exception):
    """A chapter cannot be laid out; `str(error)` is the Dutch reason, `number` and `title` are the chapter's."""

    def __init__(self, chapter: ChapterContent, reason: str) -> None:
        super().__init__(f"Hoofdstuk {chapter.number} “{chapter.title}”: {reason}")
        self.number = chapter.number
        self.title = chapter.title


@dataclass(frozen=True)
class Entry:
    """A line of the contents; `depth` 1 is the top."""

    number: str
    title: str
    anchor: str
    depth: int


@dataclass(frozen=True)
class Fragment:
    """Pages of one chapter of the top, or (without a number) the contents, as HTML; equal keys give equal pages."""

    number: str
    title: str
    html: str
    key: str

    @property
    def name(self) -> str:
        """What its readers call it, at the beginning of a sentence."""
        return f"Hoofdstuk {self.number} “{self.title}”" if self.number else self.title


@dataclass(frozen=True)
class Cut:
    """A report as fragments in reading order, its contents first, and what those list."""

    css: str
    fragments: tuple[Fragment, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Look:
    """What a chapter's pages take from the report as a whole."""

    title: str
    short_name: str
    organisation: str
    accent: str
    draft: bool


@dataclass(frozen=True)
class Laid:
    """One chapter of the top: its runs of pages as HTML, and what the whole must know of it."""

    html: tuple[str, ...]
    entries: tuple[Entry, ...]
    has_rounding: bool
    has_guide: bool


def cut(content: ReportContent, engine: str) -> Cut:
    """The report as fragments; `engine` names all that makes pages of them, and is part of their keys.

    Raises Unprintable, and OSError when there is no room to keep what was cut. What a chapter looks like is remembered,
    so that a report with one chapter changed takes little.
    """
    look = _look(content)
    css = stylesheet(content.style.accent, content.style.font)
    groups = layout.by_top(content.chapters)
    laid = [_laid(group, look, tell=False) for group in groups]
    tell = any(chapter.has_rounding for chapter in laid)
    if tell:
        laid = [_laid(group, look, tell=found.has_guide) for group, found in zip(groups, laid, strict=True)]
    entries = tuple(chain.from_iterable(chapter.entries for chapter in laid))
    note = ROUNDING_NOTE if tell and not any(chapter.has_guide for chapter in laid) else ""
    contents = _contents(look, entries, note)
    chapters = (
        Fragment(group[0].number, group[0].title, html, key(html, css, engine))
        for group, chapter in zip(groups, laid, strict=True)
        for html in chapter.html
    )
    return Cut(css, (Fragment("", CONTENTS, contents, key(contents, css, engine)), *chapters), entries)


def key(html: str, css: str, engine: str) -> str:
    """The name of what comes of them: a SHA-256 of all that shapes it."""
    whole = hashlib.sha256()
    for part in (engine, _fonts(), css, html):
        whole.update(hashlib.sha256(part.encode()).digest())
    return whole.hexdigest()


def _look(content: ReportContent) -> Look:
    return Look(content.title, content.short_name, content.organisation, content.style.accent, content.draft)


def page(report: ReportContent | Look, body: str) -> str:
    """A document of these pages."""
    return render_to_string("publishing/pdf/page.html", {"report": report, "body": SafeString(body)})


def cover(content: ReportContent, stamp: Stamp) -> str:
    """The first page. It says which edition it is, so no two are the same."""
    context = {"report": content, "stamp": stamp, "logo": LOGO if content.style.logo else ""}
    return page(content, render_to_string("publishing/pdf/cover.html", context))


@lru_cache(maxsize=8)
def _contents(look: Look, entries: tuple[Entry, ...], note: str) -> str:
    """The contents without page numbers: those are written when all pages are there, and pages may move."""
    context = {"entries": entries, "note": note, "inside": INSIDE, "slot": SLOT}
    return page(look, render_to_string("publishing/pdf/contents.html", context))


@lru_cache(maxsize=8)
def stylesheet(accent: str, font: str) -> str:
    """The styles of a report in this house style."""
    context = {
        "palette": palette(accent),
        "text": SafeString(f'"{FAMILIES.get(font, FACES[0].family)}", "Source Sans", sans-serif'),
        "sans": SafeString('"Source Sans", "Source Serif", sans-serif'),
        "faces": FACES,
        "amount_widths": layout.AMOUNT_WIDTHS,
    }
    return render_to_string("publishing/pdf/report.css", context)


@lru_cache(maxsize=1)
def _fonts() -> str:
    """What the fonts are, whatever their names."""
    return " ".join(hashlib.sha256(face.read()).hexdigest() for face in FACES)


@lru_cache(maxsize=REMEMBERED)
def _laid(group: tuple[ChapterContent, ...], look: Look, *, tell: bool) -> Laid:
    """It is kept in storage by all that it depends on, so that no other worker lays it out again."""
    name = hashlib.sha256(f"{shaping.house()} {look} {tell} {group}".encode()).hexdigest() + cache.CUT
    kept = cache.data(name)
    if kept is not None:
        html, entries, has_rounding, has_guide = kept
        return Laid(tuple(html), tuple(Entry(*entry) for entry in entries), has_rounding, has_guide)
    made = _made(group, look, tell=tell)
    cache.keep_data(
        name, [made.html, [list(vars(entry).values()) for entry in made.entries], made.has_rounding, made.has_guide]
    )
    return made


def _made(group: tuple[ChapterContent, ...], look: Look, *, tell: bool) -> Laid:
    chapters = _chapters(group, look.draft)
    guided = layout.guided(chapters)
    runs = layout.runs(guided if tell else chapters)
    html: list[str] = []
    for run in runs:
        notes = sum(part.count('class="footnote"') for part in html)
        html.append(page(look, _body(run, look, notes)))
    entries = tuple(Entry(item.number, item.title, item.anchor, item.depth) for item in chapters if item.listed)
    return Laid(tuple(html), entries, layout.has_rounding(chapters), guided != chapters)


def _chapters(group: tuple[ChapterContent, ...], draft: bool) -> layout.Chapters:
    try:
        return layout.chapters(group, draft=draft)
    except TooDeep as error:
        raise Unprintable(group[0], str(error)) from error
    except CircularTotal as error:
        reason = f"het totaal “{error}” telt zichzelf mee. Pas aan welke regels het telt."
        raise Unprintable(group[0], reason) from error


def _body(run: layout.Chapters, look: Look, notes: int) -> str:
    """The chapters of a run; `notes` footnotes of the same chapter stand before it."""
    first = {"chapter": run[0], "notes": notes, "palette": palette(look.accent)}
    contexts = [first, *({**first, "chapter": chapter, "notes": 0} for chapter in run[1:])]
    return "".join(render_to_string("publishing/pdf/chapter.html", context) for context in contexts)
