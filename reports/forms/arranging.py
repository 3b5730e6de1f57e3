"""Forms of a report's tree; what is possible is decided by the actions."""

from typing import Any

from django import forms
from django.utils.text import slugify

from accounts.models import Organisation, Team
from accounts.queries import teams
from accounts.seen import mark
from investments.models import Table
from investments.queries import tables
from library.models import FIRST_YEAR, LAST_YEAR

from ..actions import shown_chapter, shown_section
from ..models import Chapter, ChapterKind, ReportKind, Section, SectionKind
from ..queries import OutlineChapter
from ..tree import possible_parents

SECTION_KINDS = {
    SectionKind.NARRATIVE: "doorlopende tekst",
    SectionKind.GOALS: "wat wilden wij bereiken, wat hebben we bereikt",
    SectionKind.ACHIEVEMENTS: "wat een team deed, per thema",
    SectionKind.FIGURES: "een tabel met toelichting",
}


class ReportForm(forms.Form):
    """A new report; its address follows from the title unless one is typed."""

    kind = forms.ChoiceField(label="Soort", choices=ReportKind.choices)
    year = forms.IntegerField(label="Boekjaar", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    title = forms.CharField(label="Titel", max_length=200, help_text="Komt op het omslag: Jaarstukken 2020.")
    slug = forms.SlugField(
        label="Adres",
        max_length=80,
        required=False,
        help_text="Het laatste deel van het webadres. Laat leeg, dan wordt het van de titel gemaakt.",
        error_messages={"invalid": "Gebruik alleen letters, cijfers en streepjes."},
    )

    def clean(self) -> dict[str, Any]:
        entry = super().clean() or {}
        if "title" in entry and "slug" in entry:
            entry["slug"] = entry["slug"].lower() or slugify(entry["title"])[:80]
            if not entry["slug"]:
                self.add_error("slug", "Van deze titel is geen adres te maken. Typ er een.")
        return entry


class ChapterForm(forms.Form):
    """A chapter and where it stands: below another, or at the top."""

    title = forms.CharField(label="Titel", max_length=200, help_text="Zonder nummer: dat volgt uit de plaats.")
    kind = forms.ChoiceField(label="Soort", choices=ChapterKind.choices)
    parent = forms.TypedChoiceField(label="Onder", coerce=int, empty_value=None, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, parents: list[OutlineChapter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(str(row.chapter.pk), f"{row.number} {row.chapter}") for row in parents]
        self.fields["parent"].choices = [("", "het rapport zelf"), *rows]  # type: ignore[attr-defined]

    @classmethod
    def of(cls, data: Any, chapter: Chapter, outline: list[OutlineChapter]) -> "ChapterForm":
        """The form of a chapter that exists."""
        initial = {"title": chapter.title, "kind": chapter.kind, "parent": chapter.parent_id}
        initial["seen"] = mark(shown_chapter(chapter))
        index = [row.chapter.pk for row in outline].index(chapter.pk)
        return cls(data, initial=initial, parents=possible_parents(outline, index))


class SectionForm(forms.Form):
    """A new section: what it is, and which team writes it."""

    title = forms.CharField(label="Titel", max_length=200)
    kind = forms.ChoiceField(
        label="Soort",
        choices=[(kind.value, f"{kind.label}: {what}") for kind, what in SECTION_KINDS.items()],
        widget=forms.RadioSelect,
        initial=SectionKind.NARRATIVE,
    )
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.none(), empty_label="Kies een team")
    table = forms.ModelChoiceField(
        label="Tabel",
        queryset=Table.objects.none(),
        required=False,
        empty_label="geen",
        help_text="Alleen bij de soort cijfers.",
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams(organisation)  # type: ignore[attr-defined]
        self.fields["table"].queryset = tables(organisation)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entry = super().clean() or {}
        figures = entry.get("kind") == SectionKind.FIGURES
        if figures and "table" in entry and entry["table"] is None:
            self.add_error("table", "Kies de tabel die hier komt te staan.")
        if "kind" in entry and not figures and entry.get("table"):
            self.add_error("table", "Alleen een onderdeel van de soort cijfers heeft een tabel.")
        return entry


class SectionPlaceForm(forms.Form):
    """Title, owner and chapter of a section that exists."""

    title = forms.CharField(label="Titel", max_length=200)
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.none(), empty_label=None)
    chapter = forms.TypedChoiceField(label="Hoofdstuk", coerce=int)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, section: Section, outline: list[OutlineChapter]) -> None:
        initial = {"title": section.title, "team": section.owner_team_id, "chapter": section.chapter_id}
        super().__init__(data, initial=initial | {"seen": mark(shown_section(section))})
        self.fields["team"].queryset = teams(section.chapter.report.organisation)  # type: ignore[attr-defined]
        choices = [(row.chapter.pk, f"{row.number} {row.chapter}") for row in outline]
        self.fields["chapter"].choices = choices  # type: ignore[attr-defined]
