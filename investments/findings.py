"""What is wrong or missing in figures, to see before a report is compiled. None of it stops an edition."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse

from . import explaining, lawfulness, queries
from .judging import Verdict
from .models import Table


@dataclass(frozen=True)
class Finding:
    """Something to look at: what it is about, what is wrong with it, and the page where that is mended."""

    subject: str
    text: str
    address: str


def findings(tables: Collection[Table]) -> list[Finding]:
    """What of these tables does not add up or is not explained, and which credits of their years have no class."""
    return [*_broken(tables), *_unexplained(tables), *_unlawful(tables)]


def _broken(tables: Collection[Table]) -> Iterator[Finding]:
    """Tables whose printed figures do not add up, by more than rounding explains."""
    shown = queries.figures_of_tables(tables)
    for table in tables:
        sums = sum(item.verdict == Verdict.BROKEN for item in shown[table.pk].statement.judgements)
        checks = sum(item.verdict == Verdict.BROKEN for item in shown[table.pk].checks)
        told = [
            _told(sums, "optelling klopt", "optellingen kloppen"),
            _told(checks, "aansluiting klopt", "aansluitingen kloppen"),
        ]
        if sums or checks:
            address = reverse("investments:table-proof", args=[table.organisation.slug, table.pk])
            yield Finding(str(table), f"{' en '.join(filter(None, told))}.", address)


def _told(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more} niet" if count else ""


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
