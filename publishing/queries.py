"""Reads of editions, always for one organisation."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Organisation
from reports import queries as reports

from .models import Edition, Part


def editions(organisation: Organisation) -> QuerySet[Edition]:
    """The organisation's editions, newest first, without their frozen content."""
    return (
        Edition.objects.filter(report__organisation=organisation)
        .select_related("report", "requested_by", "job")
        .defer("content")
    )


def last_ready(edition: Edition) -> Edition | None:
    """The newest edition of the same report that has a PDF, for who asked for one that failed."""
    return Edition.objects.filter(report=edition.report_id).exclude(file="").defer("content").first()


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
    parts = list(edition.parts.select_related("job"))
    ready = [part for part in parts if part.is_ready]
    failed = next((part for part in parts if part.reason), None)
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
