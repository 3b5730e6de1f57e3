"""Which editions to list."""

import django_filters as filters
from django.http import HttpRequest

from reports import queries as reports
from reports.models import Report

from .models import Edition


def _own_reports(request: HttpRequest) -> "filters.QuerySet[Report]":
    return reports.reports(request.member.organisation)  # type: ignore[attr-defined]


class EditionFilter(filters.FilterSet):
    """By report, and draft or final."""

    report = filters.ModelChoiceFilter(label="rapport", queryset=_own_reports, empty_label="alle rapporten")
    draft = filters.ChoiceFilter(
        label="soort", choices=[("True", "concept"), ("False", "definitief")], empty_label="alle soorten"
    )

    class Meta:
        model = Edition
        fields = ["report", "draft"]
