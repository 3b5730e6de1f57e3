"""What cannot be printed as it was written, to see before a report is compiled. A final edition waits for it."""

from django.urls import reverse

from investments.findings import Finding
from reports import queries as reports
from reports.models import Report

from .freezing import freeze
from .glyphs import unprintable


def strange_signs(report: Report) -> list[Finding]:
    """Characters that no house font has, each with the page where it is written."""
    slug = report.organisation.slug
    arrange = reverse("reports:arrange", args=[slug, report.slug])
    addresses = {
        (item.number, place): reverse("reports:section", args=[slug, section.pk])
        for item in reports.outline(report)
        for place, section in enumerate(item.sections)
    }
    found = unprintable(freeze(report, (), draft=True))
    return [Finding(str(item), f"{item.named}.", addresses.get((item.number, item.place), arrange)) for item in found]
