"""Made-up reports of any size: the same for the same number of chapters."""

import random
import re
from decimal import Decimal

from accounts.models import Organisation, Team
from investments.figures import LineFigures
from investments.models import Line, Table
from investments.styles import PrintStyle
from library.html import clean
from library.models import SourceDocument
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
from reports.models import Achievement, Chapter, Goal, Report, Section
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
    return _report([part for number in range(1, chapters + 1) for part in _chapter(number)])


def at_the_limits() -> ReportContent:
    """A chapter of more than 200 pages, one with a table of 3,000 lines, and 398 short ones."""
    chance = random.Random(2020)  # noqa: S311  no secret
    lines = SectionContent("figures", "Alle kredieten", "Financiën", "", table=table(3000, chance))
    sections = [_text(chance, 1200), lines, *(_text(chance, 1) for _ in range(398))]
    return _report(
        [ChapterContent(f"{number}", _words(chance, 3), 1, (one,)) for number, one in enumerate(sections, 1)]
    )


def _report(found: list[ChapterContent]) -> ReportContent:
    return ReportContent(
        "Gemeente Waterrand", "Waterrand", "Jaarstukken 2020", "jaarstukken", 2020, True,
        StyleContent("#1f5266", "source-serif", ""), tuple(found),
    )  # fmt: skip


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
    return TableContent(
        f"Lasten {chance.randrange(10**9)}", 2020, PrintStyle(), FIVE_2020, tuple(found), _paragraph(chance), explained
    )


def store(content: ReportContent, organisation: Organisation) -> Report:
    """The report as rows, so that it can be edited and compiled; texts as the portal stores them."""
    made = Report.objects.create(organisation=organisation, title=content.title, year=content.year, slug="groot")
    team = Team.objects.create(organisation=organisation, name="Financiën")
    document = SourceDocument.objects.create(organisation=organisation, title="Begroting", year=2020)
    by_number: dict[str, Chapter] = {}
    for place, chapter in enumerate(content.chapters):
        above = by_number.get(chapter.number.rpartition(".")[0])
        row = Chapter.objects.create(report=made, title=chapter.title, parent=above, position=place)
        by_number[chapter.number] = row
        for section in chapter.sections:
            table = _stored(section.table, organisation) if section.table else None
            stored = Section.objects.create(
                chapter=row, kind=section.kind, title=section.title, owner_team=team, table=table,
                text=clean(section.text),
            )  # fmt: skip
            Goal.objects.bulk_create(
                Goal(
                    section=stored, position=at, objective=goal.objective, document=document, page="16",
                    planned_action=clean(goal.planned_action), result=clean(goal.result),
                )
                for at, goal in enumerate(section.goals)
            )  # fmt: skip
            Achievement.objects.bulk_create(
                Achievement(section=stored, position=at, title=told.title, text=clean(told.text))
                for at, told in enumerate(told for theme in section.themes for told in theme.achievements)
            )
    return made


def _stored(content: TableContent, organisation: Organisation) -> Table:
    table = Table.objects.create(
        organisation=organisation, title=content.title, year=content.year, explanation=clean(content.explanation)
    )
    Line.objects.bulk_create(
        Line(
            table=table, position=place, label=line.label, original=Decimal(line.original) / 100,
            actual=Decimal(line.actual or 0) / 100,
        )
        for place, line in enumerate(content.lines)
    )  # fmt: skip
    return table
