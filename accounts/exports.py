"""A year of the log as CSV for the yearly review.

Each row carries the text that was sealed, which names the seal before it: with a SHA-256 program anybody can check the
file without the portal.
"""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from .deeds import OPERATOR, details, words
from .models import LogSeal, Organisation
from .sealing import BATCH, Head, text_of

HEADERS = (
    "nummer",
    "tijdstip",
    "persoon",
    "e-mailadres",
    "handeling",
    "onderwerp",
    "resultaat",
    "bijzonderheden",
    "IP-adres",
    "gegevens",
    "zegel",
    "verzegelde tekst",
)


def lines(organisation: Organisation, year: int) -> Iterator[str]:
    """The lines of the file, in the order of the chain; they begin with the mark by which Excel knows UTF-8."""
    yield "\ufeff" + _line(HEADERS)
    zone, chain = timezone.get_current_timezone(), LogSeal.objects.filter(chain=organisation.pk)
    start, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    before = chain.filter(position=OuterRef("position") - 1).values("hash")
    seals = chain.filter(entry__at__gte=start, entry__at__lt=end).annotate(previous=Subquery(before))
    for seal in seals.select_related("entry__user").order_by("position").iterator(BATCH):
        yield _line(_cells(seal, seal.previous or Head().hash))


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _cells(seal: LogSeal, previous: str) -> tuple[str | int, ...]:
    entry = seal.entry
    name, email = (OPERATOR, "") if entry.user is None else (entry.user.name, entry.user.email)
    return (
        seal.position,
        f"{timezone.localtime(entry.at):%d-%m-%Y %H:%M:%S}",
        neutral(name),
        neutral(email),
        neutral(words(entry.action)),
        neutral(entry.subject),
        entry.get_result_display(),
        neutral(details(entry.data)),
        entry.address or "",
        json.dumps(entry.data, sort_keys=True, ensure_ascii=False),
        seal.hash,
        text_of(seal, previous),
    )


def _line(cells: tuple[str | int, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow(cells)
    return text.getvalue()
