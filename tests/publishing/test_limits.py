from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from pytest_django import Settings

from jobs.running import CannotBeDone
from publishing import limits, pdf
from publishing.content import ChapterContent, ReportContent, SectionContent, StyleContent

STAMP = pdf.Stamp(1, datetime(2021, 3, 1, tzinfo=UTC))
SHORT = "<p>Het jaar in één zin.</p>"
LONG = "<p>Wat er dit jaar is gedaan, staat hieronder.</p>" * 400
# A word that is looked through again for every line it is broken into.
ENDLESS = f"<p>{'a' * 200_000}</p>"


def report(*texts: str) -> ReportContent:
    """Chapters Een, Twee … with a text each; an empty text is a chapter without sections."""
    titles = ("Een", "Twee", "Drie", "Vier", "Vijf", "Zes", "Zeven", "Acht")
    chapters = tuple(
        ChapterContent(
            str(number), title, 1, (SectionContent("narrative", "Speerpunten", "Financiën", text),) if text else ()
        )
        for number, (title, text) in enumerate(zip(titles, texts, strict=False), 1)
    )
    style = StyleContent("#005ea5", "source-sans", "")
    return ReportContent("Waterrand", "WR", "Jaarstukken", "jaarstukken", 2020, False, style, chapters)


def refused(content: ReportContent, target: Path) -> tuple[str, list[str]]:
    """The reason, and the steps that were told."""
    steps: list[str] = []
    with pytest.raises(CannotBeDone) as refusal:
        limits.render(content, STAMP, target, None, lambda _, step: steps.append(step))
    return str(refusal.value), steps


def test_pdf_within_the_limits_is_written_by_another_process(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    pages = limits.render(report(SHORT, SHORT), STAMP, target, None, lambda *_: None)
    assert len(pypdfium2.PdfDocument(target)) == pages
    direct = tmp_path / "direct.pdf"
    pdf.render(report(SHORT, SHORT), STAMP, direct, None, lambda *_: None)
    assert target.read_bytes() == direct.read_bytes()


def test_first_chapter_that_takes_too_long_is_named(settings: Settings, tmp_path: Path) -> None:
    settings.COMPILE_SECONDS, settings.COMPILE_CHAPTER_SECONDS = 4, 2
    reason, steps = refused(report("", SHORT, ENDLESS, ENDLESS), tmp_path / "report.pdf")
    assert reason == (
        "Hoofdstuk 3 “Drie” kost meer dan 2 seconden om op te maken. Verdeel het over meer hoofdstukken of kort het in."
    )
    assert steps[-2:] == [
        "Opmaken lukte niet; hoofdstuk 2 apart proberen",
        "Opmaken lukte niet; hoofdstuk 3 apart proberen",
    ]


def test_report_of_which_no_chapter_is_to_blame_is_too_large_itself(settings: Settings, tmp_path: Path) -> None:
    settings.COMPILE_SECONDS = 1
    reason, _ = refused(report(*[LONG] * 8), tmp_path / "report.pdf")
    assert reason == "Het rapport als geheel kost meer dan 1 seconde om op te maken. Kies minder hoofdstukken."


def test_chapter_on_which_a_library_breaks_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = pdf.render

    def breaks_on_two(content: ReportContent, *others: object) -> int:
        if any(chapter.title == "Twee" for chapter in content.chapters):
            raise SystemError("error return without exception set")
        return whole(content, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(pdf, "render", breaks_on_two)
    reason, _ = refused(report(SHORT, SHORT, SHORT), tmp_path / "report.pdf")
    assert reason == (
        "Hoofdstuk 2 “Twee” kan niet worden opgemaakt; meestal vraagt het te veel geheugen. "
        "Verdeel het over meer hoofdstukken of kort het in."
    )


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 seconde"), (30, "30 seconden"), (60, "1 minuut"), (600, "10 minuten")]
)
def test_limit_in_words(seconds: int, words: str) -> None:
    assert limits.duration(seconds) == words
