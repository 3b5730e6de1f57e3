"""Lists of reports and of sections: columns and their defaults, nothing calculated."""

from datetime import datetime

import django_tables2 as tables

from .models import Report
from .queries import ListedSection

MAIN = {"td": {"class": "main"}}
NOWRAP = {"td": {"class": "nowrap"}}
NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}}


class ReportTable(tables.Table):
    """The organisation's reports."""

    title = tables.TemplateColumn(template_name="reports/columns/report.html", verbose_name="rapport", attrs=MAIN)
    kind = tables.Column(verbose_name="soort")
    year = tables.Column(verbose_name="boekjaar", attrs=NOWRAP)
    section_count = tables.Column(verbose_name="onderdelen", attrs=NUMBER)
    agreed_count = tables.Column(verbose_name="akkoord", attrs=NUMBER)
    state = tables.TemplateColumn(template_name="reports/columns/report_state.html", verbose_name="status")

    class Meta:
        model = Report
        fields = ()
        attrs = {"label": "Rapporten"}
        order_by = ("-year", "title")
        empty_text = "Er is geen rapport dat hieraan voldoet. Een functioneel beheerder maakt een rapport."

    def value_year(self, record: Report) -> int:
        return record.year


class SectionTable(tables.Table):
    """Sections of open reports, in reading order: rows are `queries.ListedSection`."""

    title = tables.TemplateColumn(
        template_name="reports/columns/section.html", verbose_name="onderdeel", order_by=("section__title",), attrs=MAIN
    )
    report = tables.Column(
        verbose_name="rapport", accessor="section__chapter__report", order_by=("place",), attrs=NOWRAP
    )
    team = tables.Column(verbose_name="team", accessor="section__owner_team__name")
    saved_at = tables.TemplateColumn(
        template_name="reports/columns/saved.html", verbose_name="laatst opgeslagen", order_by=("saved_key",)
    )
    standing = tables.TemplateColumn(
        template_name="reports/columns/standing.html", verbose_name="status", order_by=("standing__label",)
    )

    class Meta:
        attrs = {"label": "Onderdelen"}
        empty_text = "Er zijn geen onderdelen die hieraan voldoen."

    def value_saved_at(self, record: ListedSection) -> datetime | None:
        return record.section.saved_at
