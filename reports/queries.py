"""Reads of reports and sections, always for one organisation or one member."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, QuerySet, When, prefetch_related_objects
from django.shortcuts import get_object_or_404

from accounts.members import Member
from accounts.models import Organisation, User
from investments import explaining
from investments import queries as figures
from investments.models import Change, Line, Table
from library import queries as library

from .comparison import readable
from .models import Chapter, Report, Section, SectionVersion
from .numbering import Node, numbered
from .workflow import ReportState, SectionState, Standing, standing


@dataclass
class OutlineChapter:
    """A chapter in reading order, with its derived number and its sections."""

    chapter: Chapter
    number: str
    level: int
    sections: list[Section] = field(default_factory=list)


def reports(organisation: Organisation) -> QuerySet[Report]:
    """The organisation's reports, each with `section_count`."""
    return Report.objects.filter(organisation=organisation).annotate(section_count=Count("chapters__sections"))


def with_agreements(reports: Iterable[Report]) -> list[Report]:
    """Rows of `reports`, each with `agreed_count` too: as the report's own page counts. At most eight queries.

    Only what was agreed to in open reports is read, to see whether it still stands; what is adopted was agreed to.
    """
    rows = list(reports)
    agreed = Section.objects.filter(state=SectionState.AGREED).select_related("chapter")
    sections = list(agreed.filter(chapter__report__in=[row for row in rows if row.state == ReportState.OPEN]))
    lapsed = lapsed_agreements(sections)
    holding = Counter(section.chapter.report_id for section in sections if section.pk not in lapsed)
    for row in rows:
        adopted = row.state == ReportState.ADOPTED
        row.agreed_count = row.section_count if adopted else holding[row.pk]  # type: ignore[attr-defined]
    return rows


def get_report(organisation: Organisation, slug: str) -> Report:
    """The report, or 404 for one that is not this organisation's."""
    return get_object_or_404(Report, organisation=organisation, slug=slug)


def get_chapter(organisation: Organisation, chapter_id: int) -> Chapter:
    """The chapter with its report, or 404 for one that is not this organisation's."""
    rows = Chapter.objects.select_related("report")
    return get_object_or_404(rows, report__organisation=organisation, pk=chapter_id)


def get_section(organisation: Organisation, section_id: int) -> Section:
    """The section with chapter, report, team and table, or 404 for one that is not this organisation's."""
    rows = Section.objects.select_related("chapter__report", "owner_team", "table", "saved_by", "agreed_by")
    return get_object_or_404(rows, chapter__report__organisation=organisation, pk=section_id)


def outline(report: Report) -> list[OutlineChapter]:
    """All chapters of the report in reading order with their sections, which `fill` gives their texts. Two queries."""
    chapters = {chapter.pk: chapter for chapter in Chapter.objects.filter(report=report)}
    sections: dict[int, list[Section]] = defaultdict(list)
    for section in _listing().filter(chapter__report=report).select_related("owner_team", "saved_by"):
        sections[section.chapter_id].append(section)
    nodes = (Node(chapter.pk, chapter.parent_id, chapter.position) for chapter in chapters.values())
    return [OutlineChapter(chapters[n.key], n.number, n.level, sections[n.key]) for n in numbered(nodes)]


def _listing() -> QuerySet[Section]:
    """Sections without their texts, which are most of a report and which lists and trees do not show."""
    return Section.objects.defer("text")


def _fetch_texts(sections: Iterable[Section]) -> None:
    """Give sections of `_listing` their texts. One query, none when all have theirs."""
    without = [section for section in sections if "text" in section.get_deferred_fields()]
    keys = [section.pk for section in without]
    texts = dict(Section.objects.filter(pk__in=keys).values_list("pk", "text")) if keys else {}
    for section in without:
        section.text = texts[section.pk]


def chapter_numbers(report_ids: Collection[int]) -> dict[int, str]:
    """The derived number of every chapter of these reports, by its id. One query."""
    trees: dict[int, list[Node]] = defaultdict(list)
    rows = Chapter.objects.filter(report__in=report_ids).values_list("report_id", "pk", "parent_id", "position")
    for report_id, pk, parent_id, position in rows:
        trees[report_id].append(Node(pk, parent_id, position))
    return {chapter.key: chapter.number for nodes in trees.values() for chapter in numbered(nodes)}


@dataclass(frozen=True)
class Place:
    """Where a section stands in its report: the chapters above it, and the sections before and after it."""

    above: tuple[OutlineChapter, ...]
    previous: Section | None
    following: Section | None

    @property
    def number(self) -> str:
        return self.above[-1].number


def place(section: Section) -> Place:
    """The section's surroundings in reading order. Two queries."""
    chapters = outline(section.chapter.report)
    order = [item for chapter in chapters for item in chapter.sections]
    at = [item.pk for item in order].index(section.pk)
    above = path_to(section.chapter_id, chapters)
    return Place(tuple(above), order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None)


def path_to(chapter_id: int, chapters: Iterable[OutlineChapter]) -> list[OutlineChapter]:
    """The chapters from the top down to this one."""
    by_id = {item.chapter.pk: item for item in chapters}
    path: list[OutlineChapter] = []
    wanted: int | None = chapter_id
    while wanted is not None:
        path.insert(0, by_id[wanted])
        wanted = by_id[wanted].chapter.parent_id
    return path


def below(chapter_id: int, chapters: Iterable[OutlineChapter]) -> list[OutlineChapter]:
    """The chapter and all chapters below it, in reading order."""
    inside = {chapter_id}
    found = []
    for item in chapters:
        if item.chapter.pk in inside or item.chapter.parent_id in inside:
            inside.add(item.chapter.pk)
            found.append(item)
    return found


def fill(sections: Collection[Section]) -> dict[int, figures.TableFigures]:
    """Fetch all that the sections hold, and answer with the figures by table id. At most ten queries."""
    _fetch_texts(sections)
    prefetch_related_objects(list(sections), "goals__document", "achievements__theme", "table")
    return figures.figures_of_tables({section.table for section in sections if section.table is not None})


@dataclass(frozen=True)
class ListedSection:
    """A section as lists and trees show it; `place` counts in reading order."""

    section: Section
    number: str
    place: int
    standing: Standing

    @property
    def saved_key(self) -> float:
        """When it was saved, as a number that sorts; never is before all."""
        return self.section.saved_at.timestamp() if self.section.saved_at else 0.0


def listed(sections: Iterable[Section]) -> list[ListedSection]:
    """Rows of `own_sections` and the like in reading order, newest report first. At most nine queries more."""
    rows = list(sections)
    numbers = chapter_numbers({section.chapter.report_id for section in rows})
    places = {chapter_id: place for place, chapter_id in enumerate(numbers)}
    lapsed = lapsed_agreements(rows)
    rows.sort(key=lambda section: (-section.chapter.report.year, places[section.chapter_id], section.position))
    return [
        ListedSection(section, numbers[section.chapter_id], place, standing_of(section, section.pk in lapsed))
        for place, section in enumerate(rows)
    ]


@dataclass
class TreeChapter:
    """A chapter of the report at a glance, with how each of its sections stands."""

    chapter: Chapter
    number: str
    level: int
    sections: tuple[ListedSection, ...]


def tree(report: Report) -> list[TreeChapter]:
    """The whole report with how each section stands. Twelve queries at most, however large the report."""
    chapters = outline(report)
    sections = [section for chapter in chapters for section in chapter.sections]
    lapsed = lapsed_agreements(sections)
    places = {section.pk: place for place, section in enumerate(sections)}

    def row(section: Section, number: str) -> ListedSection:
        standing = standing_of(section, section.pk in lapsed, report)
        return ListedSection(section, number, places[section.pk], standing)

    return [
        TreeChapter(
            item.chapter, item.number, item.level, tuple(row(section, item.number) for section in item.sections)
        )
        for item in chapters
    ]


def standing_of(section: Section, is_lapsed: bool, report: Report | None = None) -> Standing:
    """How a section stands in words; `report` spares a query where the section does not know its own yet."""
    adopted = (report or section.chapter.report).state == ReportState.ADOPTED
    return standing(section.state, adopted=adopted, sent_back=bool(section.reason), lapsed=is_lapsed)


def own_sections(member: Member) -> QuerySet[Section]:
    """Sections of the teams that this person leads, in open reports."""
    return _open_sections(member).filter(owner_team__in=member.team_ids)


def sections_to_review(member: Member) -> QuerySet[Section]:
    """Sections that wait for a director, in open reports."""
    return _open_sections(member).filter(state=SectionState.IN_REVIEW)


def _open_sections(member: Member) -> QuerySet[Section]:
    return (
        _listing()
        .filter(chapter__report__organisation=member.organisation, chapter__report__state=ReportState.OPEN)
        .select_related("chapter__report", "owner_team", "saved_by")
        .order_by("-chapter__report__year", "chapter__report__title", "chapter__position", "position", "id")
    )


def versions(section: Section) -> QuerySet[SectionVersion]:
    """The section's versions, newest first, without what they hold."""
    return SectionVersion.objects.filter(section=section).select_related("saved_by").defer("content")


def get_version(section: Section, number: int) -> SectionVersion:
    """The version with what it holds, or 404."""
    return get_object_or_404(SectionVersion.objects.select_related("saved_by"), section=section, number=number)


def last_year(section: Section) -> Section | None:
    """The section of the same title in last year's report of the same kind, if there is one."""
    report = section.chapter.report
    return Section.objects.filter(
        chapter__report__organisation=report.organisation_id,
        chapter__report__kind=report.kind,
        chapter__report__year=report.year - 1,
        title__iexact=section.title,
    ).first()


def told(organisation: Organisation, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A section's content as labelled plain texts, with documents and themes by name. Two queries."""
    documents = {document.pk: str(document) for document in library.documents(organisation)}
    themes = {theme.pk: theme.name for theme in library.themes(organisation)}
    return readable(content, documents, themes)


def written_by(user: User, sections: Iterable[Section]) -> set[int]:
    """Ids of the sections in which this person wrote a version, or a figure or explanation of the table."""
    rows = list(sections)
    wrote = set(
        SectionVersion.objects.filter(section__in=rows, saved_by=user).values_list("section_id", flat=True).distinct()
    )
    tables = {section.table_id for section in rows} - {None}
    changed = set(Change.objects.filter(table__in=tables, by=user).values_list("table_id", flat=True)) if tables else ()
    return wrote | {section.pk for section in rows if section.table_id in changed}


def content(section: Section) -> dict[str, Any]:
    """All that a section holds, as data: what a version keeps and an agreement is about."""
    return {
        "text": section.text,
        "goals": [
            {
                "objective": goal.objective,
                "planned_action": goal.planned_action,
                "result": goal.result,
                "document": goal.document_id,
                "page": goal.page,
            }
            for goal in section.goals.all()
        ],
        "achievements": [
            {"theme": item.theme_id, "title": item.title, "text": item.text} for item in section.achievements.all()
        ],
    }


def agreement_hash(section: Section) -> str:
    """Fingerprint of the section's content and, for a table, of its figures and explanations."""
    table = section.table
    return fingerprint(section, figures.filled([table], figures.lines(table))[table.pk] if table is not None else ())


def lapsed_agreements(sections: Iterable[Section]) -> set[int]:
    """Ids of sections that were agreed to and changed since. At most ten queries, however many sections."""
    agreed = [section for section in sections if section.state == SectionState.AGREED]
    _fetch_texts(agreed)
    prefetch_related_objects(agreed, "goals__document", "achievements__theme", "table")
    tables = [section.table for section in agreed if section.table is not None]
    rows = figures.filled(tables, figures.lines(*tables) if tables else ())
    return {
        section.pk
        for section in agreed
        if section.agreed_hash != fingerprint(section, rows[section.table_id] if section.table_id else ())
    }


def fingerprint(section: Section, lines: Iterable[Line]) -> str:
    """What `agreement_hash` says, of rows that were read already: `lines` are those of the section's table."""
    parts: list[Any] = [section.title, content(section)]
    parts += [[goal.source, goal.document.address if goal.document else ""] for goal in section.goals.all()]
    parts += [item.theme.heading if item.theme else "" for item in section.achievements.all()]
    if section.table is not None:
        table = section.table
        parts += [table.title, table.unit, table.style, table.columns, table.explanation]
        parts += ["months"] if table.prints_months else []
        parts += [[repr(figures.figures_of(line)), explaining.words_at(line)] for line in lines]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def tables_of(report: Report) -> list[Table]:
    """The tables of figures that the report shows, each once."""
    return list(
        Table.objects.filter(sections__chapter__report=report)
        .select_related("organisation")
        .order_by("title", "pk")
        .distinct()
    )


def to_write(member: Member) -> QuerySet[Section]:
    """Drafts of the teams that this person leads, those sent back with a reason first."""
    drafts = own_sections(member).filter(state=SectionState.DRAFT)
    return drafts.order_by(Case(When(reason="", then=1), default=0), *drafts.query.order_by)


def without_agreement(report: Report) -> list[Section]:
    """Sections that nobody agreed to, or that changed since."""
    rows = list(Section.objects.filter(chapter__report=report))
    lapsed = lapsed_agreements(rows)
    return [section for section in rows if section.state != SectionState.AGREED or section.pk in lapsed]
