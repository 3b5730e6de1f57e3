import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict, is_dataclass, replace
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st

from investments.figures import LineFigures
from investments.styles import PrintStyle
from publishing.content import (
    AchievementContent,
    ChapterContent,
    CourseContent,
    GoalContent,
    LineExplanation,
    ReportContent,
    SectionContent,
    StyleContent,
    TableContent,
    ThemeContent,
    _plain,
    content_hash,
    from_data,
)
from tests.investments.columns import FIVE_2020

GOAL = GoalContent("Digitaal werken", "<p>Processen inrichten.</p>", "", "Begroting 2020 blz. 16", "")
THEME = ThemeContent(
    "Kwaliteit", (AchievementContent("Motion", "<p>In gebruik.</p>"), AchievementContent("", "<p>Loopt.</p>"))
)
TABLE = TableContent(
    title="Investeringen ICT",
    year=2020,
    style=PrintStyle(),
    columns=FIVE_2020,
    lines=(
        LineFigures(1, "Servers", "line", "credit", 0, 18_000_000, 5_780_000),
        LineFigures(2, "Fiets", "line", "credit", 0, 0, None),
        LineFigures(3, "Saldo", "total", "credit", members=((1, 1), (2, -1))),
    ),
    explanation="<p>Per saldo minder.</p>",
    line_explanations=(LineExplanation("Servers", "<p>De cloud.</p>"),),
    courses=(CourseContent("lasten", 18_000_000, ((1, 100), (3, -5))),),
)
CONTENT = ReportContent(
    organisation="Gemeenschappelijke regeling Duo+",
    short_name="Duo+",
    title="Jaarstukken 2020",
    kind="jaarstukken",
    year=2020,
    draft=True,
    style=StyleContent("#1f5266", "source-serif", "logos/duo.png"),
    chapters=(
        ChapterContent("3", "Programma’s", 1, ()),
        ChapterContent(
            "3.2",
            "Programma Bedrijfsvoering",
            2,
            (
                SectionContent("narrative", "Inleiding", "Staf", "<p>Dit is de tekst.</p>"),
                SectionContent("goals", "Speerpunten", "Staf", "", goals=(GOAL,)),
                SectionContent("achievements", "Financiën", "Financiën", "", themes=(THEME,)),
                SectionContent("figures", "Investeringen ICT", "I&A", "", table=TABLE),
            ),
        ),
    ),
)


def through_json(data: dict[str, Any]) -> dict[str, Any]:
    """As the database gives it back."""
    loaded: dict[str, Any] = json.loads(json.dumps(data))
    return loaded


def variants(data: Any) -> Iterator[Any]:
    """The same data with one value changed, or one item taken away, for every value and every list in it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from ({**data, key: changed} for changed in variants(value))
    elif isinstance(data, list):
        if data:
            yield data[:-1]
        for index, value in enumerate(data):
            yield from ([*data[:index], changed, *data[index + 1 :]] for changed in variants(value))
    elif isinstance(data, str):
        yield f"{data}."
    elif isinstance(data, bool):
        yield not data
    elif isinstance(data, int):
        yield data + 1
    else:
        yield 1


def test_frozen_content_comes_back_as_it_was() -> None:
    assert from_data(through_json(CONTENT.as_data())) == CONTENT


def small(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of the class, but with no more than two of what it may hold many of."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: _small_field(hint) for name, hint in hints.items()})


def _small_field(hint: Any) -> st.SearchStrategy[Any]:
    inside = get_args(hint)
    if get_origin(hint) is tuple and inside[-1] is Ellipsis:
        return st.lists(_small_field(inside[0]), max_size=2).map(tuple)
    if inside and inside[-1] is NoneType:
        return st.none() | _small_field(inside[0])
    return small(hint) if is_dataclass(hint) else st.from_type(hint)


@settings(max_examples=30, deadline=None, database=None)
@given(small(ReportContent))
def test_any_content_comes_back_as_it_was(content: ReportContent) -> None:
    data = content.as_data()
    assert from_data(through_json(data)) == content
    assert _plain(content) == asdict(content)
    assert content_hash(through_json(data)) == content_hash(data)


def test_a_table_that_prints_no_months_has_the_data_that_editions_of_before_have() -> None:
    plain = replace(TABLE, courses=(), sources=())
    section = SectionContent("figures", "Investeringen ICT", "I&A", "", table=plain)
    content = replace(CONTENT, chapters=(ChapterContent("3", "Cijfers", 1, (section,)),))
    data = through_json(content.as_data())
    names = ["columns", "explanation", "line_explanations", "lines", "style", "title", "year"]
    assert sorted(data["chapters"][0]["sections"][0]["table"]) == names
    assert from_data(data) == content


def test_the_same_content_has_the_hash_that_it_had_in_earlier_releases() -> None:
    programme = CONTENT.chapters[1]
    figures = replace(programme.sections[-1], table=replace(TABLE, courses=()))
    chapter = replace(programme, sections=(*programme.sections[:-1], figures))
    content = replace(CONTENT, chapters=(CONTENT.chapters[0], chapter))
    assert content_hash(content.as_data()) == "aaf38c06554b41b8f664896041e97510c845328e3e9d097164eabf8423db34ac"


def test_where_an_amount_came_from_belongs_to_the_content() -> None:
    fed = replace(TABLE, sources=((1, "actual", "ledger"),))
    chapter = ChapterContent("1", "Cijfers", 1, (SectionContent("figures", "ICT", "Staf", "", table=fed),))
    content = replace(CONTENT, chapters=(chapter,))
    typed = replace(chapter, sections=(replace(chapter.sections[0], table=TABLE),))
    assert from_data(through_json(content.as_data())) == content
    assert content_hash(content.as_data()) != content_hash(replace(content, chapters=(typed,)).as_data())


def test_hash_does_not_depend_on_the_order_of_keys() -> None:
    data = through_json(CONTENT.as_data())
    assert content_hash(dict(reversed(data.items()))) == content_hash(data)


def test_hash_changes_with_every_change() -> None:
    data = through_json(CONTENT.as_data())
    before = deepcopy(data)
    hashes = [content_hash(variant) for variant in variants(data)]
    assert data == before
    assert len(hashes) > 80
    assert len({content_hash(data), *hashes}) == len(hashes) + 1


def test_section_is_unwritten_until_it_has_something_to_print() -> None:
    written = [section.is_unwritten for section in CONTENT.chapters[1].sections]
    assert written == [False, False, False, False]
    assert SectionContent("goals", "Speerpunten", "Staf", "").is_unwritten
