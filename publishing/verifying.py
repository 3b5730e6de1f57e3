"""Whether what is stored of editions still is what was recorded when they were made."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet, TextChoices

from accounts.models import Organisation

from .content import content_hash
from .models import Edition

AT_ONCE = 20
"""Rows in memory: the content of an edition may be a megabyte."""


class Finding(TextChoices):
    MISSING = "missing", "bestand ontbreekt"
    UNREADABLE = "unreadable", "bestand niet te lezen"
    CHANGED = "changed", "bestand gewijzigd"
    CONTENT = "content", "vastgelegde inhoud gewijzigd"


@dataclass(frozen=True)
class Verified:
    """An edition with a PDF, and what is wrong with it: nothing, as a rule."""

    edition: Edition
    findings: tuple[Finding, ...]


def verify(organisation: Organisation) -> Iterator[Verified]:
    """Every edition of the organisation that has a PDF, oldest first; reads each file to its end."""
    rows: QuerySet[Edition] = Edition.objects.filter(report__organisation=organisation).exclude(file="")
    for edition in rows.select_related("report").order_by("report", "number").iterator(AT_ONCE):
        yield Verified(edition, tuple(_findings(edition)))


def _findings(edition: Edition) -> Iterator[Finding]:
    try:
        with edition.file.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != edition.sha256:
                yield Finding.CHANGED
    except FileNotFoundError:
        yield Finding.MISSING
    except OSError:
        yield Finding.UNREADABLE
    if content_hash(edition.content) != edition.content_hash:
        yield Finding.CONTENT
