"""The PDF as its readers meet it. Rendering is slow: most tests look at the same two documents."""

import gc
import io
import logging
from dataclasses import replace

import pytest
from PIL import Image

from library.html import DEEPEST, WIDEST_SPAN
from publishing import pdf
from publishing.content import AchievementContent, CourseContent, ReportContent, SectionContent, ThemeContent
from publishing.fragments import Unprintable
from publishing.layout import ROUNDING_NOTE
from tests.publishing.printing import (
    GOAL,
    ICT,
    Link,
    Printed,
    chapter,
    figures,
    goals,
    line,
    narrative,
    printed,
    report,
    table,
    total,
)

TEXT = """<p>De administratie is digitaal<span data-footnote>Zie ook de kadernota.</span> ingericht.</p>
<h3>Aanpak</h3><ul><li><p>Eerst de facturen.</p></li><li>Daarna de <a href="https://duo.example/plan">plannen</a>.</li></ul>
<table><thead><tr><th>Fase</th><th>Klaar</th></tr></thead><tbody><tr><td>Eerste</td><td>juni</td></tr></tbody></table>"""
TEAM = SectionContent(
    "achievements",
    "Financiën",
    "Financiën",
    "",
    themes=(
        ThemeContent("Wat de kwaliteit verbeterde", (AchievementContent("Motion", "<p>In gebruik genomen.</p>"),)),
        ThemeContent("", (AchievementContent("Overige activiteiten", "<p>De balie is verhuisd.</p>"),)),
    ),
)
SOURCED = replace(
    GOAL, objective="Snel helpen", result="<p>Gelukt.</p>", source_address="https://duo.example/begroting"
)


def annual_report(*, draft: bool) -> ReportContent:
    return report(
        chapter("1", "Inleiding", narrative("Leeswijzer")),
        chapter("2", "Samenvatting"),
        chapter("3", "Programma’s"),
        chapter("3.1", "Bedrijfsvoering"),
        chapter(
            "3.1.1", "Wat hebben we bereikt?", narrative("Opening", TEXT), goals("Speerpunten", GOAL, SOURCED), TEAM
        ),
        chapter("3.1.2", "Wat heeft het gekost?", figures(ICT)),
        draft=draft,
    )


@pytest.fixture(scope="module")
def draft() -> Printed:
    return printed(annual_report(draft=True))


@pytest.fixture(scope="module")
def final() -> Printed:
    return printed(annual_report(draft=False))


def test_cover_tells_what_it_is(draft: Printed) -> None:
    assert draft.lines(1) == [
        "CONCEPT",
        "Gemeenschappelijke regeling Duo+",
        "Jaarstukken 2020",
        "Boekjaar 2020",
        "Editie 3, gemaakt op 14 mei 2021 om 09:41 uur",
    ]


def test_the_head_of_a_chapter_with_a_long_name_is_cut_short() -> None:
    name = "Overzicht van baten en lasten " * 6
    made = printed(report(chapter("1", name.strip(), narrative("Staf", "<p>Woorden.</p>" * 80))))
    assert made.words(4).count("Overzicht") == 3
    assert "lasten…" in made.words(4)


def test_contents_give_the_page_of_every_chapter_with_its_link(draft: Printed) -> None:
    entries = [tag for root in draft.tags(2) for tag in root.all("LI")]
    assert [tag.words for tag in entries] == [
        "1 Inleiding 3",
        "2 Samenvatting 4",
        "3 Programma’s 5",
        "3.1 Bedrijfsvoering 5",
        "3.1.1 Wat hebben we bereikt? 5",
        "3.1.2 Wat heeft het gekost? 6",
    ]


def test_contents_entries_lead_to_their_page(draft: Printed) -> None:
    assert draft.links(2) == [
        Link("Inleiding", 3),
        Link("Samenvatting", 4),
        Link("Programma’s", 5),
        Link("Bedrijfsvoering", 5),
        Link("Wat hebben we bereikt?", 5),
        Link("Wat heeft het gekost?", 6),
    ]


def test_header_and_footer_tell_where_the_reader_is(draft: Printed) -> None:
    assert [(draft.lines(page)[-1], draft.foot(page)) for page in range(2, 7)] == [
        ("Duo+ · Jaarstukken 2020", "Editie 3, 14 mei 2021 CONCEPT Pagina 2 van 7"),
        ("Duo+ · Jaarstukken 2020 1 Inleiding", "Editie 3, 14 mei 2021 CONCEPT Pagina 3 van 7"),
        ("Duo+ · Jaarstukken 2020 2 Samenvatting", "Editie 3, 14 mei 2021 CONCEPT Pagina 4 van 7"),
        ("Duo+ · Jaarstukken 2020 3 Programma’s", "Editie 3, 14 mei 2021 CONCEPT Pagina 5 van 7"),
        ("Duo+ · Jaarstukken 2020 3.1 Bedrijfsvoering", "Editie 3, 14 mei 2021 CONCEPT Pagina 6 van 7"),
    ]


def test_draft_says_so_once_on_every_page(draft: Printed) -> None:
    assert [draft.words(page).count("CONCEPT") for page in range(1, draft.pages + 1)] == [1] * draft.pages


def test_final_edition_never_says_concept(final: Printed) -> None:
    assert [final.words(page).upper().count("CONCEPT") for page in range(1, final.pages + 1)] == [0] * final.pages
    assert final.foot(2) == f"Editie 3, 14 mei 2021 Pagina 2 van {final.pages}"


def test_unwritten_section_is_named_in_a_draft_only(draft: Printed, final: Printed) -> None:
    assert draft.lines(3)[:3] == ["1 Inleiding", "Leeswijzer", "nog niet geschreven"]
    assert "nog niet geschreven" not in final.words(3)


def test_the_reading_guide_tells_that_amounts_are_rounded(final: Printed) -> None:
    lines = final.lines(3)[:-1]
    assert (lines[:2], " ".join(lines[2:])) == (["1 Inleiding", "Leeswijzer"], ROUNDING_NOTE)


def test_chapter_without_sections_prints_its_heading(draft: Printed) -> None:
    assert draft.lines(4)[:-1] == ["2 Samenvatting"]


def test_headings_descend_without_a_gap(draft: Printed) -> None:
    assert [(tag.kind, tag.words) for tag in draft.all_tags("H1", "H2", "H3", "H4", "H5", "H6")] == [
        ("H1", "Inhoud"),
        ("H1", "1 Inleiding"),
        ("H2", "Leeswijzer"),
        ("H1", "2 Samenvatting"),
        ("H1", "3 Programma’s"),
        ("H2", "3.1 Bedrijfsvoering"),
        ("H3", "3.1.1 Wat hebben we bereikt?"),
        ("H4", "Opening"),
        ("H5", "Aanpak"),
        ("H4", "Speerpunten"),
        ("H4", "Financiën"),
        ("H5", "Wat de kwaliteit verbeterde"),
        ("H6", "Motion"),
        ("H5", "Overige activiteiten"),
        ("H3", "3.1.2 Wat heeft het gekost?"),
        ("H4", "Investeringen ICT"),
        ("H5", "Toelichting"),
        ("H6", "I&A - aanschaf serverapparatuur"),
    ]


def test_goals_stand_in_their_table_and_a_missing_result_is_named(draft: Printed) -> None:
    written, promised, told = draft.all_tags("Table")[:3]
    assert [tag.words for tag in written.all("TH", "TD")] == ["Fase", "Klaar", "Eerste", "juni"]
    assert (promised.kind, told.kind) == ("Table", "Table")
    assert [tag.words for tag in promised.all("TH", "TD")] == [
        "Wat wilden wij bereiken?",
        "Wat wilden wij ervoor doen?",
        "Wat hebben we bereikt?",
        "Bron",
        "Digitaal werken",
        "Processen inrichten.",
        "nog niet ingevuld",
        "Begroting 2020 blz. 16",
        "Snel helpen",
        "Processen inrichten.",
        "Gelukt.",
        "Begroting 2020 blz. 16",
    ]


def test_links_of_texts_and_sources_are_announced_by_their_words(draft: Printed) -> None:
    assert draft.links(5) == [
        Link("plannen", "https://duo.example/plan"),
        Link("Begroting 2020 blz. 16", "https://duo.example/begroting"),
        Link("Begroting 2020 blz. 16", "https://duo.example/begroting"),
    ]


def test_figures_print_cell_by_cell_as_published(draft: Printed) -> None:
    rows = list(draft.all_tags("Table")[-1].all("TR"))
    assert [[cell.words for cell in row.all("TH", "TD")] for row in rows] == [
        [
            "Investeringen ICT (bedrag x € 1.000)",
            "begroot 2020",
            "wijziging 2020",
            "begroot na wijzigingen 2020",
            "rekening 2020",
            "resultaat 2020",
        ],
        ["I&A - aanschaf computerapparatuur", "-", "232", "232", "256", "-24"],
        ["I&A - aanschaf netwerkapparatuur", "-", "80", "80", "68", "12"],
        ["I&A - aanschaf serverapparatuur", "-", "180", "180", "58", "122"],
        ["I&A - aanschaf randapparatuur", "-", "55", "55", "65", "-10"],
        ["I&A - aanschaf telefoons", "-", "20", "20", "19", "1"],
        ["Voorfinanciering fiets", "-", "-", "-", "-", "-"],
        ["Saldo", "-", "567", "567", "465", "102"],
    ]


def test_charts_are_told_to_who_cannot_see_them(draft: Printed) -> None:
    pairs, deviations = draft.all_tags("Figure")
    assert pairs.alternative.startswith(
        "Investeringen ICT: begroot na wijzigingen 2020 tegenover rekening 2020. Staafdiagram met twee staven per "
        "regel (bedrag x € 1.000). I&A - aanschaf computerapparatuur: begroot na wijzigingen 2020 232, "
        "rekening 2020 256; I&A - aanschaf netwerkapparatuur: "
    )
    assert deviations.alternative == (
        "Investeringen ICT: afwijkingen van de begroting. Staafdiagram met voordelen rechts en nadelen links van nul "
        "(bedrag x € 1.000). I&A - aanschaf serverapparatuur: 122 V; I&A - aanschaf netwerkapparatuur: 12 V; "
        "I&A - aanschaf telefoons: 1 V; I&A - aanschaf randapparatuur: -10 N; "
        "I&A - aanschaf computerapparatuur: -24 N."
    )


def test_months_are_drawn_and_told_when_a_table_asks_for_them() -> None:
    course = CourseContent("lasten", 120_000_00, ((1, 10_000_00), (2, 5_000_00)))
    content = replace(table(line(1, "Laptops", 120_000, 15_000)), courses=(course,))
    *_, months = printed(report(chapter("1", "Cijfers", figures(content)))).all_tags("Figure")
    assert months.alternative == (
        "Investeringen ICT, lasten: maanden van de rekening tegenover de begroting. Lijndiagram (bedrag x € 1.000). De "
        "begroting na wijzigingen van 120, gelijk over twaalf maanden verdeeld, en wat tot en met elke maand is "
        "geboekt: jan 10; feb 15."
    )


def test_footnote_stands_at_the_foot_of_its_page(draft: Printed) -> None:
    assert "De administratie is digitaal1 ingericht." in draft.words(5)
    assert "1. Zie ook de kadernota." in draft.words(5)
    assert draft.height(5, "Zie ook de kadernota") < 0.13 < draft.height(5, "De administratie")


def test_team_part_prints_achievements_below_their_theme(draft: Printed) -> None:
    assert (
        "Financiën Wat de kwaliteit verbeterde Motion In gebruik genomen. Overige activiteiten De balie is verhuisd."
    ) in draft.words(5)


def test_bookmarks_follow_chapters_and_sections(draft: Printed) -> None:
    assert [(mark.level, mark.get_title()) for mark in draft.document.get_toc()] == [
        (0, "1 Inleiding"),
        (1, "Leeswijzer"),
        (0, "2 Samenvatting"),
        (0, "3 Programma’s"),
        (1, "3.1 Bedrijfsvoering"),
        (2, "3.1.1 Wat hebben we bereikt?"),
        (3, "Opening"),
        (3, "Speerpunten"),
        (3, "Financiën"),
        (2, "3.1.2 Wat heeft het gekost?"),
        (3, "Investeringen ICT"),
    ]


def test_metadata_comes_from_the_content_and_the_stamp(draft: Printed) -> None:
    assert draft.document.get_metadata_dict(skip_empty=True) == {
        "Title": "Jaarstukken 2020 – Gemeenschappelijke regeling Duo+",
        "Author": "Gemeenschappelijke regeling Duo+",
        "Subject": "Jaarstukken van Gemeenschappelijke regeling Duo+ over 2020 (concept)",
        "Keywords": "jaarstukken, 2020, Duo+",
        "Creator": "Duoplus",
        "Producer": "WeasyPrint 70.0",
        "CreationDate": "D:20210514094100+02'00",
        "ModDate": "D:20210514094100+02'00",
    }
    assert draft.language == "nl"
    assert draft.is_tagged


def test_same_content_and_stamp_give_the_same_bytes(draft: Printed) -> None:
    assert printed(annual_report(draft=True)).data == draft.data


def test_selection_keeps_its_numbers_and_starts_at_the_highest_heading() -> None:
    selection = printed(report(chapter("3.1.2", "Wat heeft het gekost?", narrative("Baten", "<h4>Huur</h4>"))))
    assert [(tag.kind, tag.words) for tag in selection.all_tags("H1", "H2", "H3")] == [
        ("H1", "Inhoud"),
        ("H1", "3.1.2 Wat heeft het gekost?"),
        ("H2", "Baten"),
        ("H3", "Huur"),
    ]


def test_head_of_a_long_table_is_repeated() -> None:
    lines = [line(number, f"Regel {number}", number * 1000, number * 900) for number in range(1, 61)]
    long = printed(report(chapter("1", "Cijfers", figures(table(*lines)))))
    heads = [page for page in range(1, long.pages + 1) if "(bedrag x € 1.000)" in long.words(page)]
    assert heads == [3, 4, 5]
    assert [tag.alternative[:32] for tag in long.all_tags("Figure")] == [
        "Investeringen ICT, deel 1 van 3:",
        "Investeringen ICT, deel 2 van 3:",
        "Investeringen ICT, deel 3 van 3:",
    ] * 2


def test_logo_is_printed_with_its_alternative_text() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (60, 20), "#1f5266").save(picture, "PNG")
    with_logo = printed(report(chapter("1", "Inleiding")), logo=picture.getvalue())
    assert [tag.alternative for tag in with_logo.tags(1)[0].all("Figure")] == [
        "Logo van Gemeenschappelijke regeling Duo+"
    ]


def test_strange_signs_and_endless_words_still_print() -> None:
    strange = printed(
        report(
            chapter("1", "日本 😀 \u202e", narrative("x" * 200, f"<p>{'y' * 900} \ufffd ✔ 漢字</p>")), title="<b>&amp;"
        )
    )
    assert strange.pages == 3
    assert strange.lines(1)[2] == "<b>&amp;"


def test_link_is_announced_whole_on_each_of_its_lines() -> None:
    words = "het plan " * 20
    text = f'<p>Zie <a href="https://duo.example/plan">{words}</a>.</p>'
    made = printed(report(chapter("1", "Inleiding", narrative("Opening", text))))
    assert made.links(3) == [Link(words.strip(), "https://duo.example/plan")] * 3


def test_the_deepest_list_and_the_widest_table_are_printed_whole() -> None:
    levels = DEEPEST // 2
    deep = "".join(f"<ul><li>niveau {level}" for level in range(levels)) + "</li></ul>" * levels
    cells = "".join(f"<td>{number}</td>" for number in range(10, 10 + WIDEST_SPAN))
    wide = f'<table><tr><td colspan="{WIDEST_SPAN}">over alles</td></tr><tr>{cells}</tr></table>'
    made = printed(report(chapter("1", "Grenzen", narrative("Diep en breed", deep + wide))))
    assert made.pages == 3
    assert " ".join(f"niveau {level}" for level in range(levels)) in made.words(3)
    over, *numbers = [tag.words.replace(" ", "") for tag in made.all_tags("TD")]
    assert (over, numbers) == ("overalles", [str(number) for number in range(10, 10 + WIDEST_SPAN)])


# --- work in progress ---------------------------------------------------------------------------------------------


PAGES = '<html lang="nl"><body>' + '<p style="break-before: page">x</p>' * 10


def test_progress_grows_and_is_told_in_dutch() -> None:
    told: list[tuple[int, str]] = []
    made = pdf.render(PAGES, "", "key", {}, lambda progress, step: told.append((progress, step)))
    assert made.pages == 10
    assert told == [
        (10, "Pagina’s opmaken"),
        (18, "Pagina 5 opmaken"),
        (25, "Pagina 10 opmaken"),
        (85, "10 pagina’s naar pdf schrijven"),
    ]


def test_what_progress_raises_stops_the_work_and_leaves_no_trace() -> None:
    class LeaseLost(Exception):
        pass

    def stop(progress: int, step: str) -> None:
        if step == "Pagina 5 opmaken":
            raise LeaseLost

    with pytest.raises(LeaseLost):
        pdf.render(PAGES, "", "key", {}, stop)
    assert logging.getLogger("weasyprint.progress").handlers == []
    assert gc.isenabled()


def test_total_that_counts_itself_is_an_error() -> None:
    circular = table(line(1, "Servers", 1000, 900), total(2, "Totaal", 1, 2))
    with pytest.raises(Unprintable, match="Hoofdstuk 1 “Cijfers”: het totaal “Totaal” telt zichzelf mee"):
        printed(report(chapter("1", "Cijfers", figures(circular))))


def test_text_too_deep_to_lay_out_is_an_error() -> None:
    with pytest.raises(Unprintable, match="Hoofdstuk 1 “Diep”: De tekst bevat lijsten"):
        printed(report(chapter("1", "Diep", narrative("Diep", "<ul><li>" * 30 + "x" + "</li></ul>" * 30))))
