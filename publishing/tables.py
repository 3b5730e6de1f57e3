"""The list of editions."""

import django_tables2 as tables

from .models import Edition

NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}}


class EditionTable(tables.Table):
    """Newest first; every column sorts by what it shows."""

    name = tables.TemplateColumn(
        template_name="publishing/columns/name.html",
        verbose_name="editie",
        order_by=("report__title", "number"),
        attrs={"td": {"class": "main"}},
    )
    state = tables.TemplateColumn(template_name="publishing/columns/state.html", verbose_name="stand", orderable=False)
    requested_by = tables.Column(verbose_name="gemaakt door", accessor="requested_by__name")
    created_at = tables.DateTimeColumn(verbose_name="op", format="j F Y H:i", attrs={"td": {"class": "nowrap"}})
    pages = tables.Column(verbose_name="bladzijden", attrs=NUMBER)
    download = tables.TemplateColumn(
        template_name="publishing/columns/download.html",
        verbose_name="PDF",
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "action"}},
    )

    class Meta:
        model = Edition
        fields = ()
        attrs = {"label": "Edities"}
        order_by = ("-created_at",)
        empty_text = "Er is nog geen editie. De directeur maakt er een vanaf de pagina van een rapport."
