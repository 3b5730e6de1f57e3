"""Choosing between the versions of a section."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from ..models import SectionVersion


class OtherForm(forms.Form):
    """The version to compare with."""

    met = forms.TypedChoiceField(label="Vergelijken met", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, versions: QuerySet[SectionVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {version.number: version for version in versions}
        choices = [(version.number, words(version)) for version in self._versions.values()]
        self.fields["met"].choices = [("", "de versie ervoor"), *choices]  # type: ignore[attr-defined]

    def chosen(self) -> SectionVersion | None:
        """The chosen version; None when nothing, or nothing that exists, was chosen."""
        return self._versions.get(self.cleaned_data["met"]) if self.is_bound and self.is_valid() else None


def words(version: SectionVersion) -> str:
    """How a version is told apart: “versie 4 van 12 maart 2021 14:32, Anouk Jansen”."""
    at = date_format(timezone.localtime(version.saved_at), "j F Y H:i")
    return f"versie {version.number} van {at}, {version.saved_by}"
