from dataclasses import replace

import pytest

from publishing.content import AchievementContent, ChapterContent, SectionContent, ThemeContent
from publishing.layout import (
    PrintedChapter,
    PrintedGoal,
    PrintedHead,
    PrintedTable,
    chapters,
)
from tests.publishing.printing import GOAL, ICT, chapter, figures, goals, line, narrative, table


def laid_out(*selection: ChapterContent, draft: bool = True) -> tuple[PrintedChapter, ...]:
    return chapters(selection, draft=draft)


def only_table(*lines: int) -> PrintedTable:
    """A table in whole euros with one line of each amount."""
    content = table(*(line(key, f"Regel {key}", amount, amount) for key, amount in enumerate(lines)), unit=1)
    (found,) = laid_out(chapter("1", "Cijfers", figures(content)))
    assert found.sections[0].table is not None
    return found.sections[0].table


def test_depth_counts_the_chapters_above_that_are_there() -> None:
    found = laid_out(
        chapter("1", "Inleiding"),
        chapter("3.2", "Bedrijfsvoering"),
        chapter("3.2.1", "Bereikt"),
        chapter("3.20", "Overig"),
        chapter("4.1.1.1", "Diep"),
    )
    assert [(item.number, item.depth) for item in found] == [
        ("1", 1),
        ("3.2", 1),
        ("3.2.1", 2),
        ("3.20", 1),
        ("4.1.1.1", 1),
    ]


def test_levels_end_at_the_lowest_heading_there_is() -> None:
    numbers = ["1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.1.1", "1.1.1.1.1.1", "1.1.1.1.1.1.1"]
    found = laid_out(*(chapter(number, "Titel", narrative("Deel")) for number in numbers))
    assert [(item.level, item.sections[0].level, item.listed) for item in found] == [
        (1, 2, True),
        (2, 3, True),
        (3, 4, True),
        (4, 5, False),
        (5, 6, False),
        (6, 6, False),
        (6, 6, False),
    ]


def test_achievements_stand_one_level_below_their_theme() -> None:
    themes = (
        ThemeContent(
            "Kwaliteit", (AchievementContent("Motion", "<h3>Kop</h3>"), AchievementContent("", "<h3>Kop</h3>"))
        ),
        ThemeContent("", (AchievementContent("Balie", "<h3>Kop</h3>"),)),
    )
    (found,) = laid_out(chapter("1", "Bereikt", SectionContent("achievements", "P&O", "P&O", "", themes=themes)))
    quality, loose = found.sections[0].themes
    assert (quality.level, [item.level for item in quality.achievements]) == (3, [4, 4])
    assert [item.text.strip() for item in quality.achievements] == [
        '<h5 class="higher">Kop</h5>',
        '<h4 class="higher">Kop</h4>',
    ]
    assert [item.level for item in loose.achievements] == [3]


@pytest.mark.parametrize(
    ("draft", "text", "missing"), [(True, "", True), (False, "", False), (True, "<p>x</p>", False)]
)
def test_unwritten_is_told_in_a_draft(draft: bool, text: str, missing: bool) -> None:
    (found,) = laid_out(chapter("1", "Inleiding", narrative("Leeswijzer", text)), draft=draft)
    assert found.sections[0].missing is missing


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://duo.example/begroting.pdf", "https://duo.example/begroting.pdf"),
        ("http://duo.example", "http://duo.example"),
        ("javascript:alert(1)", ""),
        ("file:///etc/hostname", ""),
        ("//duo.example", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_source_links_to_web_addresses_only(address: str, link: str) -> None:
    assert only_goal(source_address=address).address == link


@pytest.mark.parametrize(("letters", "tall"), [(700, False), (701, True)])
def test_goal_of_half_a_page_may_break(letters: int, tall: bool) -> None:
    assert only_goal(result=f"<p>{'x' * letters}</p>").tall is tall


def only_goal(**changes: str) -> PrintedGoal:
    (found,) = laid_out(chapter("1", "Doelen", goals("Doelen", replace(GOAL, **changes))))
    return found.sections[0].goals[0]


def test_year_of_a_column_goes_on_its_own_line() -> None:
    assert only_table(1).heads == (
        PrintedHead("begroot", "2020"),
        PrintedHead("wijziging", "2020"),
        PrintedHead("begroot na wijzigingen", "2020"),
        PrintedHead("rekening", "2020"),
        PrintedHead("resultaat", "2020"),
    )


def test_heading_that_is_only_a_year_keeps_it() -> None:
    content = replace(
        ICT, columns=(replace(ICT.columns[0], label="2020"), replace(ICT.columns[1], label="prognose 2021"))
    )
    (found,) = laid_out(chapter("1", "Cijfers", figures(content)))
    assert found.sections[0].table is not None
    assert found.sections[0].table.heads == (PrintedHead("2020", ""), PrintedHead("prognose 2021", ""))


@pytest.mark.parametrize(
    ("amount", "width", "dense"), [(999, 21, False), (123_456_789, 22, False), (-1_234_567_890, 23, True)]
)
def test_columns_of_amounts_follow_the_longest_amount(amount: int, width: int, dense: bool) -> None:
    found = only_table(1, amount)
    assert (found.amount_width, found.dense) == (width, dense)


@pytest.mark.parametrize(("lines", "short"), [(20, True), (21, False)])
def test_short_table_stays_together(lines: int, short: bool) -> None:
    assert only_table(*range(1, lines + 1)).short is short


def test_long_labels_count_for_their_lines() -> None:
    lines = [line(key, "Een omschrijving van meer dan twee regels van de kolom, en nog wat", 1, 1) for key in range(11)]
    (found,) = laid_out(chapter("1", "Cijfers", figures(table(*lines))))
    assert found.sections[0].table is not None
    assert found.sections[0].table.short is False


def test_table_without_lines_has_nothing_to_lay_out() -> None:
    found = only_table()
    assert found.statement is not None
    assert (found.statement.rows, found.charts, found.deviations) == ((), (), ())
