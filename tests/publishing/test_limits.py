from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from jobs.running import CannotBeDone
from publishing import cache, composing, fragments, limits, pdf
from publishing.composing import Book
from publishing.fragments import Fragment
from publishing.layout import Stamp
from tests.publishing.printing import chapter, narrative, quiet, report

STAMP = Stamp(1, datetime(2021, 3, 1, tzinfo=UTC))
# A word that is looked through again for every line it is broken into.
ENDLESS = f"<p>{'a' * 200_000}</p>"


def fragment_of(text: str) -> tuple[Fragment, str]:
    """Chapter 3 with this text, and its styles."""
    found = fragments.cut(report(chapter("3", "Drie", narrative("Speerpunten", text))), pdf.engine())
    return found.fragments[1], found.css


def refused(fragment: Fragment, css: str) -> str:
    """The reason."""
    with pytest.raises(CannotBeDone) as refusal:
        limits.render(fragment, css, quiet)
    return str(refusal.value)


def test_fragment_within_the_limits_is_kept_by_another_process() -> None:
    fragment, css = fragment_of("<p>Het jaar in één zin.</p>")
    assert limits.render(fragment, css, quiet) == 1
    assert cache.fetch(fragment.key) == pdf.render(fragment.html, css, fragment.key, {}, quiet)


def test_chapter_that_takes_too_long_is_named(settings: Settings) -> None:
    settings.COMPILE_CHAPTER_SECONDS = 2
    assert refused(*fragment_of(ENDLESS)) == (
        "Hoofdstuk 3 “Drie” kost meer dan 2 seconden om op te maken. Verdeel het over meer hoofdstukken of kort het in."
    )


def test_chapter_on_which_a_library_breaks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise SystemError("error return without exception set")

    monkeypatch.setattr(pdf, "render", breaks)
    assert refused(*fragment_of("<p>Kort.</p>")) == (
        "Hoofdstuk 3 “Drie” kan niet worden opgemaakt; meestal vraagt het te veel geheugen. "
        "Verdeel het over meer hoofdstukken of kort het in."
    )


def test_text_that_asks_for_a_foreign_file_is_a_reason() -> None:
    fragment, css = fragment_of("<p>Kort.</p>")
    foreign = replace(fragment, html=fragment.html.replace("<body", '<link rel="stylesheet" href="file:///x"><body'))
    assert refused(foreign, css) == "Een tekst verwijst naar een bestand van buiten de portal. Haal dat weg."


def test_whole_that_takes_too_long_is_a_reason(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    def endless(*_: object) -> None:
        while True:
            pass

    settings.COMPILE_SECONDS = 1
    monkeypatch.setattr(composing, "compose", endless)
    content = report(chapter("3", "Drie"))
    book = Book(content, fragments.cut(content, pdf.engine()), (), STAMP, None)
    with pytest.raises(CannotBeDone) as refusal:
        limits.compose(book, tmp_path / "edition.pdf", lambda: None, quiet)
    assert str(refusal.value) == (
        "Het rapport als geheel kost meer dan 1 seconde om op te maken. Kies minder hoofdstukken."
    )


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 seconde"), (30, "30 seconden"), (60, "1 minuut"), (600, "10 minuten")]
)
def test_limit_in_words(seconds: int, words: str) -> None:
    assert limits.duration(seconds) == words
