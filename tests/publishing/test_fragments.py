"""Which pages go together, and what makes them other pages."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from pytest_django import Settings

from publishing import cache, fragments, layout, shaping, stamping
from publishing.content import ChapterContent, ReportContent, StyleContent
from publishing.fragments import Cut
from publishing.layout import ROUNDING_NOTE
from tests.bench import reports
from tests.publishing.printing import ICT, STAMP, chapter, figures, line, narrative, report, table

ENGINE = "WeasyPrint 70"
GUIDE = narrative("Leeswijzer", "<p>Zo leest u dit.</p>")
TWO = report(chapter("1", "Inleiding", GUIDE), chapter("2", "Programma’s"), chapter("2.1", "Bedrijfsvoering"))


def cut(content: ReportContent) -> Cut:
    return fragments.cut(content, ENGINE)


def keys(content: ReportContent, engine: str = ENGINE) -> list[str]:
    return [fragment.key for fragment in fragments.cut(content, engine).fragments]


def long_table(*explained: str) -> ReportContent:
    """Chapter 2 with words, a table of more than two hundred lines, and what explains it."""
    content = reports.table(210, Random(1))  # noqa: S311  no secret
    bare = replace(content, explanation="".join(explained), line_explanations=())
    return report(
        chapter("1", "Inleiding"),
        chapter("2", "Cijfers", narrative("Vooraf", "<p>Woorden.</p>")),
        chapter("2.1", "Tabel", figures(bare)),
    )


# --- what goes together -----------------------------------------------------------------------------------------------
def test_a_chapter_of_the_top_and_all_below_it_is_a_fragment() -> None:
    found = cut(TWO)
    assert [fragment.name for fragment in found.fragments] == [
        "De inhoudsopgave",
        "Hoofdstuk 1 “Inleiding”",
        "Hoofdstuk 2 “Programma’s”",
    ]
    assert [(entry.number, entry.depth) for entry in found.entries] == [("1", 1), ("2", 1), ("2.1", 2)]
    assert 'id="hoofdstuk-2.1"' in found.fragments[2].html


def test_lines_of_a_long_table_are_a_fragment_with_the_headings_above_them() -> None:
    words, lines, rest = (fragment.html for fragment in cut(long_table("<p>Waarom.</p>")).fragments[2:])
    assert ("Woorden." in words, "hoofdstuk-2.1" in words) == (True, False)
    assert ("hoofdstuk-2.1" in lines, lines.count("<tr"), "Waarom." in lines, "<svg" in lines) == (
        True,
        212,
        False,
        False,
    )
    assert ("Waarom." in rest, 'data-head="2.1 Tabel"' in rest, "<table" in rest) == (True, True, False)


def test_words_around_a_long_table_leave_it_as_it_is() -> None:
    before, after = keys(long_table("<p>Waarom.</p>")), keys(long_table("<p>Waarom dan.</p>"))
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, True, True, True, False]


# --- what makes other pages -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (chapter("2.1", "Bedrijfsvoering", narrative("Vooraf", "<p>Woorden.</p>")), [True, True, False]),
        (chapter("2.1", "Bedrijf"), [False, True, False]),
    ],
)
def test_only_the_chapter_that_changed_has_another_key_and_contents_with_its_title(
    changed: ChapterContent, same: list[bool]
) -> None:
    after = report(*TWO.chapters[:2], changed)
    assert [one == other for one, other in zip(keys(TWO), keys(after), strict=True)] == same


@pytest.mark.parametrize(
    "changed",
    [
        replace(TWO, style=StyleContent("#7a1f66", "source-serif", "")),
        replace(TWO, style=StyleContent("#1f5266", "source-sans", "")),
        replace(TWO, title="Jaarstukken 2021"),
    ],
)
def test_look_and_title_change_every_key(changed: ReportContent) -> None:
    assert not set(keys(TWO)) & set(keys(changed))


def test_another_engine_changes_every_key() -> None:
    assert not set(keys(TWO)) & set(keys(TWO, "WeasyPrint 71"))


def test_other_fonts_under_the_same_names_change_every_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys(TWO)
    fragments._fonts.cache_clear()
    monkeypatch.setattr("publishing.faces.Face.read", lambda face: face.file.encode())
    assert not set(before) & set(keys(TWO))
    fragments._fonts.cache_clear()


def test_edition_and_time_stand_in_no_fragment_but_the_cover() -> None:
    found = cut(TWO)
    assert "Editie 3, gemaakt op 14 mei 2021 om 09:41 uur" in " ".join(fragments.cover(TWO, STAMP).split())
    kept = [fragment.html for fragment in found.fragments]
    assert not any("Editie" in html or "CONCEPT" in html for html in kept)


# --- what need not be made again --------------------------------------------------------------------------------------
@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of chapters that are laid out from here on, by a process that remembers nothing."""
    fragments._laid.cache_clear()
    titles: list[str] = []
    whole = layout.chapters

    def noting(group: Sequence[ChapterContent], *, draft: bool) -> layout.Chapters:
        titles.extend(item.title for item in group)
        return whole(group, draft=draft)

    monkeypatch.setattr(layout, "chapters", noting)
    return titles


def test_another_process_finds_what_was_cut(laid_out: list[str]) -> None:
    first = cut(TWO)
    assert laid_out == ["Inleiding", "Programma’s", "Bedrijfsvoering"]
    fragments._laid.cache_clear()
    assert cut(TWO) == first
    assert len(laid_out) == 3


def test_another_version_of_the_portal_cuts_by_itself(laid_out: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    cut(TWO)
    fragments._laid.cache_clear()
    monkeypatch.setattr(shaping, "house", lambda: "another")
    cut(TWO)
    assert len(laid_out) == 6


def test_what_was_cut_and_is_damaged_is_cut_again(laid_out: list[str], settings: Settings) -> None:
    first = cut(TWO)
    for path in Path(settings.MEDIA_ROOT).rglob(f"*{cache.CUT}"):
        path.write_bytes(path.read_bytes().replace(b"Bedrijfsvoering", b"Bedrijfsvoerinh"))
    fragments._laid.cache_clear()
    assert cut(TWO) == first
    assert laid_out[3:] == ["Programma’s", "Bedrijfsvoering"]


# --- the sentence on rounding -----------------------------------------------------------------------------------------
def test_the_reading_guide_tells_of_rounding_when_a_table_has_a_difference() -> None:
    content = report(chapter("1", "Inleiding", GUIDE), chapter("2", "Cijfers", figures(ICT)))
    found = cut(content)
    assert [ROUNDING_NOTE in fragment.html for fragment in found.fragments] == [False, True, False]


def test_without_a_reading_guide_it_stands_below_the_contents() -> None:
    found = cut(report(chapter("2", "Cijfers", figures(ICT))))
    assert [ROUNDING_NOTE in fragment.html for fragment in found.fragments] == [True, False]


def test_where_all_adds_up_nothing_is_said_of_rounding() -> None:
    exact = table(line(1, "Servers", 1000, 1000), line(2, "Laptops", 2000, 1000), unit=1)
    found = cut(report(chapter("1", "Inleiding", GUIDE), chapter("2", "Cijfers", figures(exact))))
    assert [ROUNDING_NOTE in fragment.html for fragment in found.fragments] == [False, False, False]


# --- the foot ---------------------------------------------------------------------------------------------------------
def test_font_of_the_foot_is_the_same_each_time() -> None:
    stamping.cut.cache_clear()
    first = stamping.cut(stamping.REGULAR)
    stamping.cut.cache_clear()
    assert stamping.cut(stamping.REGULAR) == first
    assert 20_000 > len(first.file) > 1_000
