"""What is still missing in figures, to see before a report is compiled. None of it stops an edition."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse

from . import explaining, lawfulness
from .models import Table


@dataclass(frozen=True)
class Finding:
    """Something to look at: what it is about, what is wrong with it, and the page where that is mended."""

    subject: str
    text: str
    address: str


def findings(tables: Collection[Table]) -> list[Finding]:
    """Of these tables what must still be explained, and of their years which credits must still be classified."""
    return [*_unexplained(tables), *_unlawful(tables)]


def _unexplained(tables: Collection[Table]) -> Iterator[Finding]:
    covered = explaining.coverage(tables)
    for table in tables:
        count = sum(item.is_open for item in covered[table.pk])
        if count:
            words = "afwijking is" if count == 1 else "afwijkingen zijn"
            address = reverse("investments:table-deviations", args=[table.organisation.slug, table.pk])
            yield Finding(str(table), f"{count} {words} nog niet verklaard.", address)


def _unlawful(tables: Collection[Table]) -> Iterator[Finding]:
    years = {(table.organisation_id, table.year): table.organisation for table in tables}
    for (_, year), organisation in sorted(years.items(), key=lambda item: item[0]):
        found = lawfulness.of_year(organisation, year)
        subject = f"Rechtmatigheid {year}"
        address = f"{reverse('investments:lawfulness', args=[organisation.slug])}?jaar={year}"
        if found.unclassified:
            words = "krediet is" if found.unclassified == 1 else "kredieten zijn"
            told = f"{found.unclassified} overschreden {words} nog niet geclassificeerd."
            yield Finding(subject, told, address)
        if found.judged.is_exceeded:
            yield Finding(subject, "er telt meer mee dan de grens toelaat.", address)
