"""What people choose before compiling, and the document that they hand in to know which edition it is."""

import hashlib
from typing import Any

from django import forms
from django.core.files.base import File

from library import files
from library.forms import judged
from reports.queries import OutlineChapter


class CompileForm(forms.Form):
    """Draft or final, the whole report or some chapters, and why."""

    draft = forms.TypedChoiceField(
        label="Soort editie",
        choices=[("yes", "concept"), ("no", "definitief")],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
        help_text="Een concept heeft op elke bladzijde het woord CONCEPT. Definitief kan als elk onderdeel akkoord is.",
    )
    chapters = forms.TypedMultipleChoiceField(
        label="Alleen deze hoofdstukken",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kies niets voor het hele rapport. Wat onder een gekozen hoofdstuk staat, komt mee.",
        error_messages={"invalid_choice": "Een hoofdstuk dat u koos, is er niet meer. Kies opnieuw."},
    )

    reason = forms.CharField(
        label="Waarom",
        max_length=200,
        required=False,
        help_text="Kort, voor de lijst van edities: voor het bestuur van 3 juni. Het staat niet in de PDF.",
    )

    def __init__(self, *args: object, outline: list[OutlineChapter], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(item.chapter.pk, f"{item.number} {item.chapter.title}") for item in outline if item.level <= 2]
        self.fields["chapters"].choices = choices  # type: ignore[attr-defined]

    @property
    def entry(self) -> dict[str, Any]:
        """Valid input as the action takes it."""
        entry = self.cleaned_data
        return {"chapter_ids": entry["chapters"], "draft": entry["draft"], "reason": entry["reason"]}


class ChapterForm(forms.Form):
    """One chapter of an edition."""

    number = forms.ChoiceField(label="Eén hoofdstuk hieruit als PDF")

    def __init__(self, *args: object, chapters: list[tuple[str, str]]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["number"].choices = [(number, f"{number} {title}") for number, title in chapters]  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """A document of which somebody asks whether it is an edition."""

    document = forms.FileField(
        label="Document",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text=f"Een pdf van ten hoogste {files.LARGEST_DOCUMENT // files.MIB} MB. Hij wordt niet bewaard.",
    )

    def clean_document(self) -> File | None:
        return judged(self.cleaned_data["document"], files.pdf_name)

    @property
    def sha256(self) -> str:
        """Of the valid document, read piece by piece."""
        digest = hashlib.sha256()
        for piece in self.cleaned_data["document"].chunks():
            digest.update(piece)
        return digest.hexdigest()
