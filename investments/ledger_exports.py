"""Postings as a file that Excel opens: Dutch numbers, and no text that it would take for a formula."""

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db.models import QuerySet

from accounts.exports import neutral

from .models import Posting

HEADINGS = ("datum", "periode", "rekening", "kostenplaats", "taakveld", "omschrijving", "boekstuk", "bedrag")
AT_ONCE = 2000


def posting_lines(postings: QuerySet[Posting]) -> Iterator[str]:
    """The lines of the file; they begin with the mark by which Excel knows UTF-8."""
    yield "\ufeff" + _line(HEADINGS)
    for row in postings.iterator(AT_ONCE):
        words = (row.account, row.cost_centre, row.task_field, row.description, row.document)
        yield _line((f"{row.date:%d-%m-%Y}", str(row.period), *map(neutral, words), _written(row.amount)))


def _written(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow(cells)
    return text.getvalue()
