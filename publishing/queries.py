"""Reads of editions, always for one organisation."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Organisation, User
from reports import queries as reports
from reports.models import Report

from .models import CompileChoice, Edition, Part


@dataclass(frozen=True)
class Identified:
    """What a document with this hash is: an edition and what came in its place, or nothing of ours."""

    sha256: str
    edition: Edition | None
    replaced_by: Edition | None


def editions(organisation: Organisation) -> QuerySet[Edition]:
    """The organisation's editions, newest first, without their frozen content."""
    return (
        Edition.objects.filter(report__organisation=organisation)
        .select_related("report__organisation", "requested_by", "job", "source")
        .defer("content", "source__content")
    )


def last_ready(edition: Edition) -> Edition | None:
    """The newest edition that has a PDF of what this one was to hold, for who asked for one that failed."""
    return _covering(edition).defer("content").first()


def _covering(edition: Edition) -> QuerySet[Edition]:
    """Editions with a PDF of the whole report, or of the same chapters; one that was taken out of another says nothing
    of what is newest.
    """
    rows = Edition.objects.filter(report=edition.report_id, source=None).exclude(file="")
    return rows.filter(Q(chapters=[]) | Q(chapters=edition.chapters))


def chapters(edition: Edition) -> list[tuple[str, str]]:
    """Number and title of what the edition was laid out in, in reading order; empty when that was never noted."""
    rows = edition.parts.exclude(number="").values_list("number", "title")
    return list(dict(rows).items())


@dataclass(frozen=True)
class Progress:
    """How far the chapters of an edition are; `kept` were laid out for an earlier one, `now` are being laid out."""

    chapters: int
    ready: int
    kept: int
    now: tuple[Part, ...]
    failed: Part | None
    failed_chapter: int | None
    """The id of the chapter that failed, as long as it stands in the report as it stood in the edition."""


def progress(edition: Edition) -> Progress:
    rows = list(edition.parts.select_related("job"))
    parts = [part for part in rows if part.is_chapter]
    ready = [part for part in parts if part.is_ready]
    failed = next((part for part in rows if part.reason), None)
    return Progress(
        chapters=len(parts),
        ready=len(ready),
        kept=sum(part.from_cache for part in ready),
        now=tuple(part for part in parts if part.is_running),
        failed=failed,
        failed_chapter=_chapter(edition, failed) if failed else None,
    )


def _chapter(edition: Edition, part: Part) -> int | None:
    outline = reports.outline(edition.report)
    found = (item.chapter for item in outline if (item.number, item.chapter.title) == (part.number, part.title))
    return next((chapter.pk for chapter in found), None)


def get_edition(organisation: Organisation, edition_id: int) -> Edition:
    """The edition, or 404 for one that is not this organisation's."""
    return get_object_or_404(editions(organisation), pk=edition_id)


def identify(organisation: Organisation, sha256: str) -> Identified:
    """Which edition of the organisation has a file with this SHA-256. Two queries at most."""
    found = editions(organisation).filter(sha256=sha256).first()
    return Identified(sha256, found, replacement(found) if found else None)


def replacement(edition: Edition) -> Edition | None:
    """The newest edition that came in the place of this one: of the same report, with at least the same chapters.

    A final edition is replaced by a final one only.
    """
    newer = _covering(edition).filter(number__gt=(edition.source or edition).number)
    if not edition.draft:
        newer = newer.filter(draft=False)
    return newer.defer("content").order_by("-number").first()


def remembered(user: User, report: Report) -> dict[str, Any]:
    """What the person chose the last time for this report, as the form takes it; empty before the first time."""
    choice = CompileChoice.objects.filter(user=user, report=report).first()
    return {"draft": "yes" if choice.draft else "no", "chapters": choice.chapters} if choice else {}
