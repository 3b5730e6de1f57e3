"""Forms of an organisation's material; files and colours are judged by `files` and `colours`."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import URLValidator

from accounts.errors import Refused
from accounts.seen import mark

from . import colours, files
from .actions import DocumentInput, StyleInput, shown_document, shown_style, shown_theme
from .models import FIRST_YEAR, LAST_YEAR, Font, HouseStyle, SourceDocument, Theme


class WebAddressField(forms.URLField):
    """An address that a reader of the PDF can open: no ftp."""

    default_validators = [URLValidator(schemes=["https", "http"])]


class DocumentForm(forms.Form):
    """A source document: stored here, elsewhere, or on paper only."""

    title = forms.CharField(label="Titel", max_length=200, help_text="Zoals doelen ernaar verwijzen: Begroting 2020.")
    year = forms.IntegerField(label="Jaar", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    file = forms.FileField(
        label="Bestand",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text=f"Een pdf van ten hoogste {files.LARGEST_DOCUMENT // files.MIB} MB.",
    )
    remove_file = forms.BooleanField(label="Het bestand weghalen", required=False)
    address = WebAddressField(
        label="Of een webadres",
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text="Waar het document te lezen is. Laat beide leeg als het alleen op papier bestaat.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, document: SourceDocument | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        if document is None or not document.file:
            del self.fields["remove_file"]
        else:
            self.fields["file"].label = "Ander bestand"

    @classmethod
    def of(cls, data: Any, uploads: Any, document: SourceDocument) -> "DocumentForm":
        """The form of a document that exists."""
        initial = {"title": document.title, "year": document.year, "address": document.address}
        initial["seen"] = mark(shown_document(document))
        return cls(data, uploads, initial=initial, document=document)

    def clean_file(self) -> File | None:
        return judged(self.cleaned_data["file"], files.pdf_name)

    def clean(self) -> dict[str, Any]:
        entry = super().clean() or {}
        if entry.get("address") and (entry.get("file") or self._keeps_file(entry)):
            self.add_error("address", "Kies een bestand of een webadres, niet allebei.")
        return entry

    @property
    def entry(self) -> DocumentInput:
        """Valid input as the actions take it."""
        entry = self.cleaned_data
        return DocumentInput(
            entry["title"], entry["year"], entry["address"], entry["file"] or None, self._keeps_file(entry)
        )

    def _keeps_file(self, entry: dict[str, Any]) -> bool:
        return bool(self.document and self.document.file) and not entry.get("remove_file")


class ThemeForm(forms.Form):
    """A theme and how the report calls it."""

    name = forms.CharField(label="Thema", max_length=80)
    heading = forms.CharField(
        label="Kop in het rapport", max_length=200, help_text="Boven de prestaties die onder dit thema vallen."
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, data: Any, theme: Theme) -> "ThemeForm":
        """The form of a theme that exists."""
        initial = {"name": theme.name, "heading": theme.heading, "seen": mark(shown_theme(theme))}
        return cls(data, initial=initial)


class HouseStyleForm(forms.Form):
    """How screens and PDF of the organisation look."""

    accent = forms.RegexField(
        r"^#[0-9a-fA-F]{6}\Z",
        label="Accentkleur",
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text="Voor koppen, lijnen en knoppen. Moet op wit te lezen zijn: een contrast van minstens 4,5.",
        error_messages={"invalid": "Geef de kleur als # met zes cijfers of letters a tot f."},
    )
    font = forms.ChoiceField(label="Lettertype van de tekst", choices=Font.choices, widget=forms.RadioSelect)
    logo = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,image/png,image/jpeg"}),
        help_text=f"Een png of jpeg tot {files.LARGEST_LOGO // files.MIB} MB; 600 beeldpunten breed volstaat.",
    )
    remove_logo = forms.BooleanField(label="Geen logo meer gebruiken", required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, data: Any, uploads: Any, style: HouseStyle) -> "HouseStyleForm":
        """The form of the organisation's house style."""
        initial = {"accent": style.accent, "font": style.font, "seen": mark(shown_style(style))}
        form = cls(data, uploads, initial=initial)
        if not style.logo:
            del form.fields["remove_logo"]
        return form

    def clean_accent(self) -> str:
        accent = str(self.cleaned_data["accent"]).lower()
        problem = colours.problem_on_white(accent)
        if problem:
            raise ValidationError(problem)
        return accent

    def clean_logo(self) -> File | None:
        return judged(self.cleaned_data["logo"], files.logo_name)

    @property
    def entry(self) -> StyleInput:
        """Valid input as the action takes it."""
        entry = self.cleaned_data
        return StyleInput(entry["accent"], entry["font"], entry["logo"], not entry.get("remove_logo", False))

    @property
    def previewed(self) -> tuple[str, str]:
        """Accent and font to draw: as typed where they are a colour and a font of ours, else as they were."""
        accent, font = (str(self[name].value()) for name in ("accent", "font"))
        looks_right = self.fields["accent"].regex.match(accent)  # type: ignore[attr-defined]
        return (
            accent if looks_right else self.initial.get("accent", "#000000"),
            font if font in Font.values else self.initial.get("font", Font.SERIF),
        )


def judged(upload: File | None, judge: Callable[[File], str]) -> File | None:
    """The upload, with what `judge` refuses said at the field."""
    if upload is None:
        return None
    try:
        judge(upload)
    except Refused as refused:
        raise ValidationError(str(refused)) from refused
    return upload
