"""A report with every kind of block that the portal prints, also at the limits of what it lets through."""

import io
from dataclasses import replace

from PIL import Image

from investments.columns import SHARE, Column, TableKind, columns_for
from investments.figures import LineFigures, LineKind
from investments.styles import Marks, PrintStyle
from library.html import DEEPEST, WIDEST_SPAN
from publishing.content import (
    AchievementContent,
    LineExplanation,
    ReportContent,
    SectionContent,
    TableContent,
    ThemeContent,
)
from tests.publishing.printing import GOAL, ICT, chapter, figures, goals, line, narrative, report, table, total

LINK = '<a href="https://duo.example/plan">'
NOTE = '<span data-footnote="">'
SENTENCE = "De gemeenten werken samen aan dienstverlening die dichtbij is en betaalbaar blijft. "
PARAGRAPH = SENTENCE * 6

SIGNS = (
    "ﬁn, e\u0301e\u0301n, ✔, ☑\ufe0f, ●, 😀, 👨\u200d👩, 漢字, \ufffd, co\u2011auteur, woord\u200bdeel, a\u3000b, "
    "\u202ec\u202c, d\u2028e, \ufff9."
)
TEXT = f"""<p>Tekst met <strong>vet</strong>, <em>cursief</em>, <strong><em>beide</em></strong>, m<sup>2</sup> en
€ 1.000<br>op een nieuwe regel; “aanhalingstekens”, ½, ≤ 3 %, Đặng, Ελλάς, <em>Москва</em>,

{SIGNS}</p><p>Een <bdi lang="en">benchmark</bdi>, {LINK}een
<bdi lang="de">Vergleich{NOTE}<bdi lang="fr">À propos</bdi>.</span>
</bdi> daarvan</a> en <em><bdi lang="la">{"quod erat demonstrandum, " * 9}</bdi></em>.</p>
<h3>Kop</h3><p>{PARAGRAPH}</p><h4>Tussenkop</h4><p>{PARAGRAPH}</p>
<p>{LINK}een verwijzing die zo lang is dat zij over het einde van de regel loopt, en dan nog eens over het einde van de
volgende, omdat wie haar schreef niet wist wanneer het genoeg was</a> en {LINK}<strong>vet</strong> en
<em>cursief</em></a>, per post via <a href="mailto:info@duo.example">info@duo.example</a>.</p>
<h4>Noten</h4><p>Een noot{NOTE}Met <strong>vet</strong> en {LINK}een verwijzing</a>.</span> en een in een
{LINK}verwijzing{NOTE}Zie het plan, dat zo veel woorden nodig heeft dat ook deze noot over meer dan een regel loopt en
dan nog even doorgaat.</span> die doorgaat</a>.</p><p>Een te lange noot{NOTE}{PARAGRAPH * 7}</span>.</p>"""

LISTS = f"""<ul><li>Een</li><li><p>Twee</p><p>met een alinea</p><ol><li>eerst</li><li>dan<ul><li>{LINK}dieper</a></li>
</ul></li></ol></li><li></li><li>In de lijst een tabel<table><tr><td>a</td><td>b</td></tr></table></li></ul>
<ol>{"".join(f"<li>{SENTENCE}</li>" for _ in range(12))}</ol>
{"<ul><li>" * (DEEPEST // 2)}diep{"</li></ul>" * (DEEPEST // 2)}"""


def rows(*written: str) -> str:
    return f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in written)}</tbody></table>"


TABLES = f"""<table><thead><tr><th scope="col">Fase</th><th scope="col" colspan="2">Klaar</th></tr></thead><tbody>
<tr><th scope="row" rowspan="2">Eerste</th><td>juni{NOTE}Van het volgende jaar.</span></td><td>ja</td></tr>
<tr><td>juli</td><td><ul><li>nee</li><li>{LINK}later</a></li></ul></td></tr><tr><td>kort</td></tr></tbody></table>
<table><tr><td>zonder</td><td>kop</td></tr><tr><td></td><td></td></tr></table>
<table><thead><tr><th>Zonder</th><th>richting</th></tr></thead><tbody><tr><th>a</th><td>b</td></tr></tbody></table>
{rows(f'<td colspan="{WIDEST_SPAN}">over alles</td>', "<td>1</td>" * WIDEST_SPAN)}
{rows(f'<td rowspan="{WIDEST_SPAN}">langs alles</td><td>1</td>', *["<td>2</td>"] * 60)}
{rows('<td rowspan="3">a</td><td rowspan="2">b</td>', "", "<td>c</td>")}
{rows("<td>in een tabel" + rows('<th scope="row">c</th><td>d</td>') + "</td>")}
{rows(*["<td>woorden in zeven kolommen</td>" * 7] * 50)}
{rows(f"<td>{PARAGRAPH * 12}</td><td>hoog</td>")}"""

PROMISES = (
    GOAL,
    replace(
        GOAL,
        objective="Snel helpen",
        planned_action="<h3>Kop</h3><ul><li>Bellen</li><li>Mailen</li></ul>",
        result=f"<p>Gelukt{NOTE}In juni.</span>, zie {LINK}het verslag van de raadsvergadering</a>.</p>",
        source_address="https://duo.example/begroting",
    ),
    replace(GOAL, objective="Veel vertellen", result=f"<p>{PARAGRAPH * 9}</p>"),
)
DONE = (
    ThemeContent(
        "Wat de kwaliteit verbeterde",
        (
            AchievementContent("Motion", "<h3>Kop</h3><p>In gebruik.</p><h4>Tussenkop</h4><p>Tevreden.</p>"),
            AchievementContent("", "<p>Zonder titel.</p>"),
            AchievementContent("Zonder tekst", ""),
        ),
    ),
    ThemeContent("", (AchievementContent("Overige activiteiten", "<p>De balie is verhuisd.</p>"),)),
)


def of_kind(kind: TableKind) -> TableContent:
    """A table with the usual columns of its kind, a heading, lines of both signs, information and a total."""
    columns = columns_for(kind, [], 2020)
    own = [column for column in columns if column.is_typed]
    amounts = [column.key for column in own if not column.is_text]

    def filled(key: int, label: str, amount: int, **more: str) -> LineFigures:
        cells = tuple((name, (amount - place * 7_000) * 100) for place, name in enumerate(amounts))
        words = tuple((column.key, "loopt nog") for column in own if column.is_text)
        entered = LineFigures(key, label, original=amount * 100, actual=amount * 90, cells=cells, texts=words)
        return replace(entered, **more)  # type: ignore[arg-type]  # only texts are handed on

    lines = (
        LineFigures(1, "Wat het heeft gekost", LineKind.HEADING),
        filled(2, "Aanschaf servers", 120_000),
        filled(3, "Terugontvangen", -45_500, direction="income"),
        filled(4, "Een omschrijving die zo lang is dat zij over twee of meer regels van de eerste kolom loopt", 1),
        LineFigures(5, "Nog niets"),
        filled(6, "Ter informatie", 3_000, kind=LineKind.INFORMATION),
        total(7, "Totaal", 2, 3, 4, 5),
    )
    explained = (LineExplanation("Aanschaf servers", f"<h3>Kop</h3><p>Duurder{NOTE}Door schaarste.</span>.</p>"),)
    style = PrintStyle(unit=1, marks=Marks.AFTER, zero_mark="V")
    return TableContent(f"Tabel van {kind.label}", 2020, style, columns, lines, "<p>Toegelicht.</p>", explained)


def money() -> tuple[SectionContent, ...]:
    """A section for each kind of table, and for what else a table can be: empty, long, with dense or other columns."""
    long = table(*(line(key, f"Regel {key}", key * 1000, key * 900) for key in range(1, 71)), title="Lange tabel")
    dense = replace(of_kind(TableKind.PROGRAMMES), title="Volle tabel", style=PrintStyle(unit=1, marks=Marks.BEFORE))
    share = replace(
        ICT, title="Met percentages", columns=(*ICT.columns[2:], Column(SHARE, "in %"), Column("mark", "V/N"))
    )
    tables = [ICT, *map(of_kind, TableKind), table(title="Lege tabel"), long, dense, share]
    return tuple(map(figures, tables))


def every_block(*, draft: bool = True) -> ReportContent:
    """Chapters to the deepest level, with all blocks."""
    team = SectionContent("achievements", "Financiën", "Financiën", "", themes=DONE)
    return report(
        chapter("1", "Inleiding", narrative("Leeswijzer"), narrative("Opening", TEXT)),
        chapter("1.1", "Hoofdstuk zonder onderdelen ✔ 漢 <&>"),
        chapter("1.1.1", "Lijsten en tabellen", narrative("Lijsten", LISTS), narrative("Tabellen", TABLES)),
        chapter("1.1.1.1", "Doelen", goals("Speerpunten", *PROMISES), narrative("Na het doel", "<h4>Los</h4>")),
        chapter("1.1.1.1.1", "Prestaties", team),
        chapter("1.1.1.1.1.1", "Diep", narrative("Diep", TEXT)),
        chapter("1.1.1.1.1.1.1", "Dieper dan koppen gaan", narrative("Dieper", TEXT)),
        chapter("2", "Cijfers", *money()),
        draft=draft,
    )


def three_hundred_pages() -> ReportContent:
    """A final report of a chapter a page, with a little of everything on it: what goes wrong only in a long file."""
    text = f"<p>{SENTENCE}Zie {LINK}het plan</a>{NOTE}Van juni.</span>.</p><ul><li>een</li><li>twee</li></ul>"
    small = rows('<th scope="row">Eerste</th><td>juni</td>', '<th scope="row">Tweede</th><td>juli</td>')
    opening = narrative("Opening", text + small)
    return report(*(chapter(f"{number}", f"Hoofdstuk {number}", opening) for number in range(1, 300)), draft=False)


def logo() -> bytes:
    """A picture that is partly transparent, in far more dots than it is printed in."""
    picture = io.BytesIO()
    image = Image.new("RGBA", (1200, 400), (31, 82, 102, 255))
    image.paste((31, 82, 102, 40), (0, 0, 600, 400))
    image.save(picture, "PNG")
    return picture.getvalue()
