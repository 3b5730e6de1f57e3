"""Made-up reports of any size: the same for the same number of chapters."""

import random
import re
from dataclasses import replace

from investments.figures import LineFigures
from investments.styles import PrintStyle
from publishing.content import (
    AchievementContent,
    ChapterContent,
    GoalContent,
    LineExplanation,
    ReportContent,
    SectionContent,
    StyleContent,
    TableContent,
    ThemeContent,
)
from tests.investments.columns import FIVE_2020

WORDS = re.findall(
    r"\w+",
    "de het een en van in voor met op te is dat zijn wij gemeente inwoners begroting jaar beleid dienstverlening "
    "samenwerking uitvoering resultaat kosten kwaliteit medewerkers digitale processen besluit raad college "
    "regio ontwikkeling onderhoud veiligheid ondersteuning aanvragen vergunningen projecten planning verantwoording",
)
PARTS = 11
"""Chapters below one of the top."""
LINES = 6


def report(chapters: int) -> ReportContent:
    """About eight and a half pages and twelve entries of the contents a chapter of the top."""
    found = [part for number in range(1, chapters + 1) for part in _chapter(number)]
    return ReportContent(
        "Gemeente Waterrand", "Waterrand", "Jaarstukken 2020", "jaarstukken", 2020, True,
        StyleContent("#1f5266", "source-serif", ""), tuple(found),
    )  # fmt: skip


def edited(content: ReportContent, number: str, words: str) -> ReportContent:
    """The report with a paragraph more at the end of the first text of that chapter."""
    return replace(content, chapters=tuple(_edited(item, words) if item.number == number else item
                                           for item in content.chapters))  # fmt: skip


def _edited(chapter: ChapterContent, words: str) -> ChapterContent:
    first, *others = chapter.sections
    return replace(chapter, sections=(replace(first, text=first.text + f"<p>{words}</p>"), *others))


def _chapter(number: int) -> list[ChapterContent]:
    chance = random.Random(number)  # noqa: S311  no secret
    found = [ChapterContent(f"{number}", f"Programma {number} {_words(chance, 2)}", 1, (_text(chance, 1),))]
    for part in range(1, PARTS + 1):
        section = {3: _goals, 6: _figures, 9: _themes}.get(part, _short)(chance)
        found.append(ChapterContent(f"{number}.{part}", _words(chance, 3).capitalize(), 2, (section,)))
    return found


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count))


def _paragraph(chance: random.Random, note: bool = False) -> str:
    mark = f"<span data-footnote>{_words(chance, 12)}.</span>" if note else ""
    return f"<p>{_words(chance, 40).capitalize()}{mark} <strong>{_words(chance, 4)}</strong> {_words(chance, 40)}.</p>"


def _text(chance: random.Random, paragraphs: int) -> SectionContent:
    items = "".join(f"<li><p>{_words(chance, 12)}</p></li>" for _ in range(2))
    link = f'<p><a href="https://waterrand.example/{chance.randrange(1000)}">{_words(chance, 3)}</a></p>'
    told = "".join(_paragraph(chance, note=index == 0) for index in range(paragraphs))
    return SectionContent("narrative", _words(chance, 3).capitalize(), "Staf", f"{told}<ul>{items}</ul>{link}")


def _short(chance: random.Random) -> SectionContent:
    return _text(chance, 1)


def _goals(chance: random.Random) -> SectionContent:
    rows = tuple(
        GoalContent(
            _words(chance, 8), f"<p>{_words(chance, 25)}</p>", f"<p>{_words(chance, 25)}</p>",
            f"Begroting 2020 blz. {chance.randrange(200)}", "https://waterrand.example/begroting",
        )
        for _ in range(3)
    )  # fmt: skip
    return SectionContent("goals", "Doelen", "Staf", "", goals=rows)


def _themes(chance: random.Random) -> SectionContent:
    told = tuple(AchievementContent(_words(chance, 3).capitalize(), _paragraph(chance)) for _ in range(2))
    return SectionContent("achievements", "Prestaties", "Staf", "", themes=(ThemeContent("Kwaliteit", told),))


def _figures(chance: random.Random) -> SectionContent:
    return SectionContent("figures", "Wat heeft het gekost?", "Financiën", "", table=table(LINES, chance))


def table(lines: int, chance: random.Random) -> TableContent:
    """A table of so many lines and a total, with an explanation."""
    found = [
        LineFigures(
            key, f"{_words(chance, 3).capitalize()} {key}", "line", "expense",
            original=chance.randrange(10**8), amendments=chance.randrange(10**6), actual=chance.randrange(10**8),
        )
        for key in range(1, lines + 1)
    ]  # fmt: skip
    members = tuple((line.key, 1) for line in found)
    found.append(LineFigures(lines + 1, "Totaal", "total", "expense", members=members))
    explained = (LineExplanation(found[0].label, _paragraph(chance)),)
    return TableContent("Lasten", 2020, PrintStyle(), FIVE_2020, tuple(found), _paragraph(chance), explained)
