"""Lists of tables, own lines and changes: columns and their defaults, nothing calculated."""

from decimal import Decimal

import django_tables2 as tables

from .models import Change, Line, Table

NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}}
MAIN = {"td": {"class": "main"}}
NOWRAP = {"td": {"class": "nowrap"}}


class TableTable(tables.Table):
    """The organisation's tables of figures."""

    title = tables.TemplateColumn(
        template_name="investments/columns/table_title.html", verbose_name="tabel", attrs=MAIN
    )
    year = tables.Column(verbose_name="boekjaar", attrs=NOWRAP)
    kind = tables.Column(verbose_name="soort")
    line_count = tables.Column(verbose_name="regels", attrs=NUMBER)
    verdict = tables.TemplateColumn(
        template_name="investments/columns/verdict.html",
        verbose_name="optelling",
        orderable=False,
        attrs=NOWRAP,
    )
    unfilled = tables.TemplateColumn(template_name="investments/columns/unfilled.html", verbose_name="rekening")

    class Meta:
        model = Table
        fields = ()
        attrs = {"label": "Tabellen"}
        order_by = ("-year", "title")
        empty_text = "Er is geen tabel die hieraan voldoet. Een controller maakt een tabel met “Nieuwe tabel”."

    def value_year(self, record: Table) -> int:
        return record.year


class OwnLineTable(tables.Table):
    """Lines that a person may explain."""

    label = tables.TemplateColumn(template_name="investments/columns/own_line.html", verbose_name="regel", attrs=MAIN)
    table = tables.TemplateColumn(
        template_name="investments/columns/line_table.html",
        verbose_name="tabel",
        order_by=("table__title", "table__year"),
    )
    owner_team = tables.Column(verbose_name="team")
    result = tables.TemplateColumn(
        template_name="investments/columns/deviation.html",
        verbose_name="resultaat",
        order_by=("variance__result",),
        attrs=NUMBER,
    )
    explanation = tables.TemplateColumn(
        template_name="investments/columns/explained.html", verbose_name="toelichting", order_by=("explanation",)
    )

    class Meta:
        model = Line
        fields = ()
        attrs = {"label": "Regels om toe te lichten"}
        empty_text = "Er zijn geen regels die hieraan voldoen."

    def value_result(self, record: Line) -> Decimal | None:
        """Euros; None while nothing was computed."""
        return record.variance.result if hasattr(record, "variance") else None


class ChangeTable(tables.Table):
    """What was changed in one table of figures."""

    at = tables.DateTimeColumn(verbose_name="op", format="j F Y H:i", attrs=NOWRAP)
    by = tables.Column(verbose_name="door", accessor="by__name")
    label = tables.Column(verbose_name="regel", empty_values=(), attrs=MAIN)
    field = tables.Column(verbose_name="wat")
    was = tables.Column(verbose_name="was", default="")
    became = tables.Column(verbose_name="werd", default="")

    class Meta:
        model = Change
        fields = ()
        attrs = {"label": "Geschiedenis"}
        order_by = ("-at",)
        empty_text = "Er is nog niets gewijzigd dat hieraan voldoet."

    def render_label(self, value: str) -> str:
        return value or "de tabel zelf"
