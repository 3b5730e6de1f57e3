"""The list of source documents."""

import django_tables2 as tables

from .models import SourceDocument


class DocumentTable(tables.Table):
    """Documents that goals refer to, newest year first."""

    title = tables.TemplateColumn(
        template_name="library/columns/title.html",
        verbose_name="titel",
        order_by="title",
        attrs={"td": {"class": "main"}},
    )
    year = tables.Column(verbose_name="jaar", attrs={"th": {"class": "number"}, "td": {"class": "number"}})
    place = tables.TemplateColumn(
        template_name="library/columns/place.html", verbose_name="waar", order_by=("file", "address")
    )

    class Meta:
        model = SourceDocument
        fields = ()
        attrs = {"label": "Bronnen"}
        order_by = ("-year", "title")
        empty_text = "Er zijn hier geen bronnen. Voeg de begroting toe waarnaar de doelen verwijzen."
