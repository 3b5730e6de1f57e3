"""Reads of an organisation's material."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Organisation

from .models import HouseStyle, SourceDocument, Theme


def documents(organisation: Organisation) -> QuerySet[SourceDocument]:
    return SourceDocument.objects.filter(organisation=organisation)


def get_document(organisation: Organisation, document_id: int) -> SourceDocument:
    """The document, or 404 for one that is not this organisation's."""
    return get_object_or_404(SourceDocument, organisation=organisation, pk=document_id)


def themes(organisation: Organisation) -> QuerySet[Theme]:
    return Theme.objects.filter(organisation=organisation)


def get_theme(organisation: Organisation, theme_id: int) -> Theme:
    """The theme, or 404 for one that is not this organisation's."""
    return get_object_or_404(Theme, organisation=organisation, pk=theme_id)


def house_style(organisation: Organisation) -> HouseStyle:
    """The organisation's house style, or an unsaved one with the defaults."""
    return HouseStyle.objects.filter(organisation=organisation).first() or HouseStyle(organisation=organisation)
