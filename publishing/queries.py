"""Reads of editions, always for one organisation."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Organisation

from .models import Edition


def editions(organisation: Organisation) -> QuerySet[Edition]:
    """The organisation's editions, newest first, without their frozen content."""
    return (
        Edition.objects.filter(report__organisation=organisation)
        .select_related("report__organisation", "requested_by", "job")
        .defer("content")
    )


def last_ready(edition: Edition) -> Edition | None:
    """The newest edition of the same report that has a PDF, for who asked for one that failed."""
    return Edition.objects.filter(report=edition.report_id).exclude(file="").defer("content").first()


def get_edition(organisation: Organisation, edition_id: int) -> Edition:
    """The edition, or 404 for one that is not this organisation's."""
    return get_object_or_404(editions(organisation), pk=edition_id)
