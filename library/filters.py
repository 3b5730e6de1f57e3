"""Which source documents to list."""

import django_filters as filters
from django import forms

from .models import SourceDocument


class DocumentFilter(filters.FilterSet):
    """By words of the title, and year."""

    title = filters.CharFilter(label="Titel", lookup_expr="icontains")
    year = filters.NumberFilter(label="Jaar", widget=forms.NumberInput(attrs={"inputmode": "numeric"}))

    class Meta:
        model = SourceDocument
        fields = ["title", "year"]
