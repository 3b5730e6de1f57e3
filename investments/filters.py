"""Which tables, own lines and changes to list."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from . import explaining
from .columns import TableKind
from .models import Change, Decision, ImportState, Line, Table, TableImport


class TableFilter(filters.FilterSet):
    """By year, kind and words of the title; the years are those of the organisation's own tables."""

    year = filters.ChoiceFilter(label="boekjaar", empty_label="alle jaren")
    kind = filters.ChoiceFilter(label="soort", choices=TableKind.choices, empty_label="alle soorten")
    text = filters.CharFilter(label="titel bevat", field_name="title", lookup_expr="icontains")

    class Meta:
        model = Table
        fields = ["year", "kind", "text"]

    def __init__(self, data: Any, queryset: QuerySet[Table], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        years = queryset.order_by("-year").values_list("year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(year, year) for year in years]


class OwnLineFilter(filters.FilterSet):
    """By whether the line is explained, and words of the line or its table."""

    explained = filters.ChoiceFilter(
        label="toelichting",
        method="keep_explained",
        choices=[("missing", "afwijking zonder toelichting"), ("no", "nog niet toegelicht"), ("yes", "toegelicht")],
        empty_label="alle regels",
    )
    text = filters.CharFilter(label="regel of tabel bevat", method="keep_text")

    class Meta:
        model = Line
        fields = ["explained", "text"]

    def keep_explained(self, rows: QuerySet[Line], name: str, value: str) -> QuerySet[Line]:
        if value == "missing":
            return explaining.open_lines(rows)
        return rows.filter(is_explained=value == "yes")  # type: ignore[misc]  # annotated by with_explained()

    def keep_text(self, rows: QuerySet[Line], name: str, value: str) -> QuerySet[Line]:
        return rows.filter(Q(label__icontains=value) | Q(table__title__icontains=value))


class DecisionFilter(filters.FilterSet):
    """By year, and words of the decision; the years are those of the organisation's own decisions."""

    year = filters.ChoiceFilter(label="boekjaar", empty_label="alle jaren")
    text = filters.CharFilter(label="besluit, nummer of orgaan bevat", method="keep_text")

    class Meta:
        model = Decision
        fields = ["year", "text"]

    def __init__(self, data: Any, queryset: QuerySet[Decision], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        years = Decision.objects.filter(pk__in=queryset.values("pk")).order_by("-year").values_list("year", flat=True)
        self.filters["year"].extra["choices"] = [(year, year) for year in years.distinct()]

    def keep_text(self, rows: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        found = Q(title__icontains=value) | Q(number__icontains=value) | Q(body__icontains=value)
        return rows.filter(found)


class ChangeFilter(filters.FilterSet):
    """By words of the line, of what it was or became, or of who changed it."""

    text = filters.CharFilter(label="regel, waarde of naam bevat", method="keep_text")

    class Meta:
        model = Change
        fields = ["text"]

    def keep_text(self, rows: QuerySet[Change], name: str, value: str) -> QuerySet[Change]:
        found = Q()
        for field in ("label", "field", "was", "became", "by__name"):
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)


class ImportFilter(filters.FilterSet):
    """By how far it is, and words of the file or table."""

    state = filters.ChoiceFilter(label="stand", choices=ImportState.choices, empty_label="alle bestanden")
    text = filters.CharFilter(label="bestand of tabel bevat", method="keep_text")

    class Meta:
        model = TableImport
        fields = ["state", "text"]

    def keep_text(self, rows: QuerySet[TableImport], name: str, value: str) -> QuerySet[TableImport]:
        return rows.filter(Q(name__icontains=value) | Q(title__icontains=value))
