"""How a section looks on paper while it is being written: pictures of the pages of its chapter.

They are the fragments that an edition is made of, laid out by a job when what they are made of has changed. Only the
sentence on rounding may differ: whether it stands in this chapter follows from the report as a whole.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction

import jobs.actions
from accounts.members import Member
from jobs.models import JobState
from reports import queries as reports
from reports.models import Chapter, Section

from . import cache, shaping
from .anchors import chapter_anchor, section_anchor
from .content import ReportContent, content_hash, from_data
from .freezing import freeze
from .glyphs import drawn
from .models import Preview
from .pictures import NoPicture, draw
from .rendered import Place, Rendered

RENDER = "publishing.render_preview"
WIDTH = 1240
"""Pixels: 150 to the inch of A4."""
HIGH = 745.0
"""Points above the foot of a page, just below its head: what begins higher is the first on it."""


@dataclass(frozen=True)
class Sheet:
    """A page: which of the chapter's fragments it is in, and its number there, both counted from 0."""

    run: int
    page: int


@dataclass(frozen=True)
class Look:
    """What there is to see of a section: pages that are laid out, perhaps of an older text, and what is under way."""

    preview: Preview
    sheets: tuple[Sheet, ...]
    is_current: bool
    is_building: bool
    reason: str

    @property
    def state(self) -> str:
        """The same as long as there is nothing new to see."""
        return f"{self.preview.shape[:16]}-{self.is_building:d}-{self.is_current:d}-{bool(self.reason):d}"


def look(member: Member, section: Section) -> Look:
    """What can be seen now; asks for new pages when those that are there are of another text."""
    outline = reports.outline(section.chapter.report)
    path = reports.path_to(section.chapter_id, outline)
    top = path[0].chapter
    shape = shape_of(content(top))
    preview, _ = Preview.objects.select_related("job").get_or_create(chapter=top)
    kept = [cache.fetch(key) for key in preview.keys]
    found = [rendered for rendered in kept if rendered is not None]
    is_whole = bool(found) and len(found) == len(kept)
    is_current = is_whole and preview.shape == shape
    job = preview.job
    failed = job is not None and job.state == JobState.FAILED and preview.asked == shape
    if not (is_current or failed or (job is not None and job.is_active and preview.asked == shape)):
        preview = _ask(member, preview, shape)
    anchors = _anchors(reports.below(top.pk, outline))
    begins = section_anchor(path[-1].number, [item.pk for item in path[-1].sections].index(section.pk) + 1)
    return Look(
        preview,
        tuple(_sheets(found, anchors[anchors.index(begins) :])) if is_whole else (),
        is_current,
        is_building=not is_current and not failed,
        reason=job.reason if job is not None and failed else "",
    )


def picture(section: Section, run: int, page: int) -> bytes:
    """A page as PNG; raises NoPicture when it is not there, or not there any more."""
    outline = reports.outline(section.chapter.report)
    top = reports.path_to(section.chapter_id, outline)[0].chapter
    keys = Preview.objects.filter(chapter=top).values_list("keys", flat=True).first() or []
    found = cache.fetch(keys[run]) if run < len(keys) else None
    if found is None:
        raise NoPicture
    return draw(found.data, page, WIDTH)


def content(top: Chapter) -> ReportContent:
    """The chapter with all below it, as an edition of it alone would freeze it, in characters that can be printed."""
    return drawn(from_data(freeze(top.report, [top.pk], draft=True).as_data()))


@transaction.atomic
def _ask(member: Member, preview: Preview, shape: str) -> Preview:
    """Have it laid out; who asks while the same work waits joins that."""
    asked = Preview.objects.select_for_update(no_key=True).get(pk=preview.pk)
    asked.job = jobs.actions.request(
        RENDER, member.organisation, preview.pk, by=member.user, unique_key=f"preview:{preview.pk}"
    )
    asked.asked = shape
    asked.save(update_fields=["job", "asked"])
    return asked


def shape_of(made_of: ReportContent) -> str:
    """The hash of the content and of everything else that shapes its pages."""
    return hashlib.sha256(f"{content_hash(made_of.as_data())} {shaping.house()}".encode()).hexdigest()


def _anchors(below: list[reports.OutlineChapter]) -> list[str]:
    """The names of the places where chapters and sections begin, in reading order."""
    return [
        name
        for item in below
        for name in (
            chapter_anchor(item.number),
            *(section_anchor(item.number, place) for place in range(1, len(item.sections) + 1)),
        )
    ]


def _sheets(found: list[Rendered], anchors: list[str]) -> list[Sheet]:
    """The pages from the first of the places to the next that there is, or to the end."""
    places = {place.name: (run, place) for run, rendered in enumerate(found) for place in rendered.places}
    known = [places[name] for name in anchors if name in places]
    if not known:
        return []
    everything = [Sheet(run, page) for run, rendered in enumerate(found) for page in range(rendered.pages)]
    first = everything.index(_sheet(known[0]))
    if len(known) == 1:
        return everything[first:]
    last = everything.index(_sheet(known[1]))
    return everything[first : max(first + 1, last + (known[1][1].y < HIGH))]


def _sheet(at: tuple[int, Place]) -> Sheet:
    run, place = at
    return Sheet(run, place.page)
