"""Which reports and sections to list."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from .models import Report, ReportKind, Section
from .workflow import SectionState


class ReportFilter(filters.FilterSet):
    """By kind, year and words of the title; the years are those of the organisation's own reports."""

    kind = filters.ChoiceFilter(label="soort", choices=ReportKind.choices, empty_label="alle soorten")
    year = filters.ChoiceFilter(label="boekjaar", empty_label="alle jaren")
    text = filters.CharFilter(label="titel bevat", field_name="title", lookup_expr="icontains")

    class Meta:
        model = Report
        fields = ["kind", "year", "text"]

    def __init__(self, data: Any, queryset: QuerySet[Report], **kwargs: Any) -> None:
        super().__init__(data, queryset, **kwargs)
        years = queryset.order_by("-year").values_list("year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(year, year) for year in years]


class SectionFilter(filters.FilterSet):
    """By state, and words of the section, its team or its report."""

    state = filters.ChoiceFilter(label="status", choices=SectionState.choices, empty_label="alle")
    text = filters.CharFilter(label="onderdeel, team of rapport bevat", method="keep_text")

    class Meta:
        model = Section
        fields = ["state", "text"]

    def keep_text(self, rows: QuerySet[Section], name: str, value: str) -> QuerySet[Section]:
        found = Q(title__icontains=value) | Q(owner_team__name__icontains=value)
        return rows.filter(found | Q(chapter__report__title__icontains=value))
