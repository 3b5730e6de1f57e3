"""The tree of a report: reports, chapters and sections added, moved, renamed and, while empty, removed."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts import log, seen
from accounts import queries as people
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require
from investments import queries as figures

from .. import permissions, queries
from ..models import Chapter, ChapterKind, Report, Section, SectionKind
from ..tree import DEEPEST
from ..workflow import ReportState

RESERVED_SLUGS = frozenset({"nieuw"})


@transaction.atomic
def create_report(member: Member, *, kind: str, year: int, title: str, slug: str) -> Report:
    """A new report without chapters; raise Refused when its address is taken."""
    require(permissions.may_arrange(member))
    if slug in RESERVED_SLUGS:
        raise Refused(f"Het adres “{slug}” gebruikt Duoplus zelf. Kies een ander.")
    try:
        with transaction.atomic():
            report = Report.objects.create(
                organisation=member.organisation, kind=kind, year=year, title=title, slug=slug
            )
    except IntegrityError as error:
        raise Refused("Er is al een rapport met dit adres.") from error
    log.record(member, "reports.create_report", report, report=report.pk)
    return report


@transaction.atomic
def add_chapter(member: Member, slug: str, parent_id: int | None, *, title: str, kind: str) -> Chapter:
    """A new chapter, last below `parent_id` (None: at the top); raise Refused when that is too deep."""
    report = _open_report(member, slug)
    parent = _chapter_of(member, report, parent_id) if parent_id is not None else None
    _check_depth(parent, height=1)
    last = Chapter.objects.filter(report=report, parent=parent).aggregate(last=Max("position"))["last"] or 0
    chapter = Chapter.objects.create(report=report, parent=parent, position=last + 1, title=title, kind=kind)
    log.record(member, "reports.add_chapter", chapter, chapter=chapter.pk)
    return chapter


@transaction.atomic
def update_chapter(
    member: Member, chapter_id: int, *, title: str, kind: str, parent_id: int | None, seen_mark: str
) -> None:
    """Another title, kind or parent (then last below it); raise as `move_chapter`, Conflict when someone was first."""
    chapter = queries.get_chapter(member.organisation, chapter_id)
    report = _open_report(member, chapter.report.slug)
    chapter = queries.get_chapter(member.organisation, chapter_id)
    parent = _chapter_of(member, report, parent_id) if parent_id is not None else None
    theirs, mine = shown_chapter(chapter), _chapter_in_words(title, kind, parent)
    seen.check(member, chapter, seen_mark, theirs, mine, chapter=chapter.pk)
    if (title, kind) != (chapter.title, chapter.kind):
        rename_chapter(member, chapter_id, title=title, kind=kind)
    if parent_id != chapter.parent_id:
        move_chapter(member, chapter_id, parent_id, len(report.chapters.all()))


@transaction.atomic
def rename_chapter(member: Member, chapter_id: int, *, title: str, kind: str) -> None:
    """Another title or kind; numbers do not change."""
    chapter = queries.get_chapter(member.organisation, chapter_id)
    _open_report(member, chapter.report.slug)
    Chapter.objects.filter(pk=chapter.pk).update(title=title, kind=kind)
    log.record(member, "reports.rename_chapter", title, chapter=chapter.pk, was=chapter.title)


@transaction.atomic
def move_chapter(member: Member, chapter_id: int, parent_id: int | None, place: int) -> None:
    """Put a chapter below another parent (or the same) at `place`, counted from 0; all numbers follow.

    Raises Refused when the new parent is the chapter itself or lies below it, or when it would come too deep.
    """
    chapter = queries.get_chapter(member.organisation, chapter_id)
    report = _open_report(member, chapter.report.slug)
    parent = _chapter_of(member, report, parent_id) if parent_id is not None else None
    above = parent
    while above is not None:
        if above.pk == chapter.pk:
            raise Refused("Een hoofdstuk kan niet onder zichzelf worden geplaatst.")
        above = above.parent
    _check_depth(parent, _height(chapter))
    siblings = list(Chapter.objects.filter(report=report, parent=parent).exclude(pk=chapter.pk))
    siblings.insert(max(0, min(place, len(siblings))), chapter)
    Chapter.objects.filter(pk=chapter.pk).update(parent=parent)
    for position, sibling in enumerate(siblings, start=1):
        Chapter.objects.filter(pk=sibling.pk).update(position=position)
    log.record(member, "reports.move_chapter", chapter, chapter=chapter.pk, parent=parent_id, place=place)


@transaction.atomic
def step_chapter(member: Member, chapter_id: int, steps: int) -> Chapter:
    """Move a chapter down (positive) or up (negative) among its siblings, as far as there is room."""
    chapter = queries.get_chapter(member.organisation, chapter_id)
    report = _open_report(member, chapter.report.slug)
    chapter = queries.get_chapter(member.organisation, chapter_id)
    order = [row.pk for row in Chapter.objects.filter(report=report, parent_id=chapter.parent_id)]
    move_chapter(member, chapter_id, chapter.parent_id, max(0, order.index(chapter_id) + steps))
    return chapter


@transaction.atomic
def remove_chapter(member: Member, chapter_id: int) -> None:
    """Remove a chapter without chapters or sections below it; raise Refused otherwise."""
    chapter = queries.get_chapter(member.organisation, chapter_id)
    _open_report(member, chapter.report.slug)
    chapter = queries.get_chapter(member.organisation, chapter_id)
    if stays := why_chapter_stays(chapter):
        raise Refused(stays)
    log.record(member, "reports.remove_chapter", chapter, chapter=chapter.pk)
    chapter.delete()


@transaction.atomic
def add_section(
    member: Member, chapter_id: int, *, title: str, kind: str, owner_team_id: int, table_id: int | None = None
) -> Section:
    """A new, empty section at the end of a chapter; 404 for a team or table of another organisation."""
    chapter = queries.get_chapter(member.organisation, chapter_id)
    _open_report(member, chapter.report.slug)
    chapter = queries.get_chapter(member.organisation, chapter_id)
    people.get_team(member.organisation, owner_team_id)
    table = figures.get_table(member.organisation, table_id) if table_id is not None else None
    if (table is not None) != (kind == SectionKind.FIGURES):
        raise Refused("Een onderdeel met cijfers heeft een tabel nodig, en alleen dan.")
    last = chapter.sections.aggregate(last=Max("position"))["last"] or 0
    section = Section.objects.create(
        chapter=chapter, position=last + 1, title=title, kind=kind, owner_team_id=owner_team_id, table=table
    )
    log.record(member, "reports.add_section", section, section=section.pk)
    return section


@transaction.atomic
def update_section(
    member: Member, section_id: int, *, title: str, owner_team_id: int, chapter_id: int, seen_mark: str
) -> None:
    """Another title, owner team or chapter (then last in it); raise Conflict when someone else was first.

    What was agreed to under another title no longer counts.
    """
    section = queries.get_section(member.organisation, section_id)
    report = _open_report(member, section.chapter.report.slug)
    section = queries.get_section(member.organisation, section_id)
    team = people.get_team(member.organisation, owner_team_id)
    chapter = _chapter_of(member, report, chapter_id)
    mine = _section_in_words(title, str(team), chapter)
    seen.check(member, section, seen_mark, shown_section(section), mine, section=section.pk)
    if (title, team) != (section.title, section.owner_team):
        Section.objects.filter(pk=section.pk).update(title=title, owner_team=team)
        log.record(member, "reports.update_section", title, section=section.pk, was=section.title)
    if chapter != section.chapter:
        move_section(member, section_id, chapter_id, chapter.sections.count())


@transaction.atomic
def move_section(member: Member, section_id: int, chapter_id: int, place: int) -> None:
    """Put a section in a chapter of the same report at `place`, counted from 0."""
    section = queries.get_section(member.organisation, section_id)
    report = _open_report(member, section.chapter.report.slug)
    chapter = _chapter_of(member, report, chapter_id)
    siblings = list(chapter.sections.exclude(pk=section.pk))
    siblings.insert(max(0, min(place, len(siblings))), section)
    Section.objects.filter(pk=section.pk).update(chapter=chapter)
    for position, sibling in enumerate(siblings, start=1):
        Section.objects.filter(pk=sibling.pk).update(position=position)
    log.record(member, "reports.move_section", section, section=section.pk, chapter=chapter.pk, place=place)


@transaction.atomic
def step_section(member: Member, section_id: int, steps: int) -> Section:
    """Move a section down (positive) or up (negative) in its chapter, as far as there is room."""
    section = queries.get_section(member.organisation, section_id)
    _open_report(member, section.chapter.report.slug)
    section = queries.get_section(member.organisation, section_id)
    order = [row.pk for row in section.chapter.sections.all()]
    move_section(member, section_id, section.chapter_id, max(0, order.index(section_id) + steps))
    return section


@transaction.atomic
def remove_section(member: Member, section_id: int) -> None:
    """Remove a section in which nothing was ever written; raise Refused otherwise."""
    section = queries.get_section(member.organisation, section_id)
    _open_report(member, section.chapter.report.slug)
    section = get_object_or_404(Section.objects.select_for_update(), pk=section_id)
    if stays := why_section_stays(section):
        raise Refused(stays)
    log.record(member, "reports.remove_section", section, section=section.pk)
    section.delete()


def why_chapter_stays(chapter: Chapter) -> str:
    """Why the chapter cannot be removed now; empty when it can."""
    if chapter.children.exists() or chapter.sections.exists():
        return "Dit hoofdstuk is niet leeg. Verplaats of verwijder eerst wat eronder staat."
    return ""


def why_section_stays(section: Section) -> str:
    """Why the section cannot be removed any more; empty when it can."""
    if section.text or any(rows.exists() for rows in (section.versions, section.goals, section.achievements)):
        return "In dit onderdeel is geschreven. Het kan niet worden verwijderd."
    return ""


def shown_chapter(chapter: Chapter) -> seen.Shown:
    """What the form of a chapter shows."""
    return _chapter_in_words(chapter.title, chapter.kind, chapter.parent)


def shown_section(section: Section) -> seen.Shown:
    """What the form of a section's place shows."""
    return _section_in_words(section.title, str(section.owner_team), section.chapter)


def _chapter_in_words(title: str, kind: str, parent: Chapter | None) -> seen.Shown:
    below = str(parent) if parent is not None else "het rapport zelf"
    return [("titel", title), ("soort", ChapterKind(kind).label), ("onder", below)]


def _section_in_words(title: str, team: str, chapter: Chapter) -> seen.Shown:
    return [("titel", title), ("team", team), ("hoofdstuk", str(chapter))]


def _open_report(member: Member, slug: str) -> Report:
    """The report, locked until commit so that the tree changes one step at a time; raise Refused when adopted."""
    require(permissions.may_arrange(member))
    found = queries.get_report(member.organisation, slug)
    report = Report.objects.select_for_update(no_key=True).get(pk=found.pk)
    if report.state != ReportState.OPEN:
        raise Refused("Dit rapport is vastgesteld; er verandert niets meer.")
    return report


def _chapter_of(member: Member, report: Report, chapter_id: int) -> Chapter:
    chapter = queries.get_chapter(member.organisation, chapter_id)
    if chapter.report_id != report.pk:
        raise Http404
    return chapter


def _check_depth(parent: Chapter | None, height: int) -> None:
    """Raise Refused when a chapter of `height` levels below `parent` would reach deeper than DEEPEST."""
    level = 0
    while parent is not None:
        level, parent = level + 1, parent.parent
    if level + height > DEEPEST:
        raise Refused(f"Hoofdstukken gaan ten hoogste {DEEPEST} niveaus diep.")


def _height(chapter: Chapter) -> int:
    return 1 + max((_height(child) for child in chapter.children.all()), default=0)
