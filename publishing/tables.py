"""The list of editions."""

import django_tables2 as tables
from django.template.defaultfilters import filesizeformat

from .models import Edition


def labelled(label: str, name: str = "") -> dict[str, dict[str, str]]:
    """Attributes of a column that says its own name where a phone shows each row as a card."""
    return {"th": {"class": name}, "td": {"class": name, "data-label": label}}


class EditionTable(tables.Table):
    """Newest first; every column sorts by what it shows."""

    cover = tables.TemplateColumn(
        template_name="publishing/columns/cover.html",
        verbose_name="omslag",
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "editions__cover"}},
    )
    name = tables.TemplateColumn(
        template_name="publishing/columns/name.html",
        verbose_name="editie",
        order_by=("report__title", "number"),
        attrs={"td": {"class": "main"}},
    )
    state = tables.TemplateColumn(template_name="publishing/columns/state.html", verbose_name="stand", orderable=False)
    requested_by = tables.Column(verbose_name="gemaakt door", accessor="requested_by__name", attrs=labelled("door"))
    created_at = tables.DateTimeColumn(verbose_name="op", format="j b Y H:i", attrs=labelled("op", "nowrap"))
    reason = tables.Column(verbose_name="waarom", default="", attrs=labelled("waarom"))
    pages = tables.Column(verbose_name="bladzijden", attrs=labelled("bladzijden", "number"))
    size = tables.Column(verbose_name="grootte", attrs=labelled("grootte", "number"))
    sha256 = tables.TemplateColumn(
        template_name="publishing/columns/hash.html", verbose_name="SHA-256", attrs=labelled("SHA-256")
    )
    download = tables.TemplateColumn(
        template_name="publishing/columns/download.html",
        verbose_name="downloaden",
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

    def render_size(self, value: int) -> str:
        return filesizeformat(value)

    def value_size(self, value: int | None) -> int | None:
        """Bytes, in a file."""
        return value

    def value_sha256(self, record: Edition) -> str:
        return record.sha256
