"""Reads of editions, always for one organisation."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Organisation, User
from reports.models import Report

from .models import CompileChoice, Edition


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


def remembered(user: User, report: Report) -> dict[str, Any]:
    """What the person chose the last time for this report, as the form takes it; empty before the first time."""
    choice = CompileChoice.objects.filter(user=user, report=report).first()
    return {"draft": "yes" if choice.draft else "no", "chapters": choice.chapters} if choice else {}
