"""The one form with which a section is written: its text, and its goals or achievements as rows."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict

from library import queries as library
from library.fields import RichTextField

from .. import queries
from ..actions import AchievementInput, GoalInput, SectionInput
from ..models import Section, SectionKind

MOST_ROWS = 60
ROW_FIELDS = frozenset({"ORDER", "DELETE"})


class TextForm(forms.Form):
    """The text of a section, and the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = RichTextField(label="Tekst", required=False)


class RowForm(forms.Form):
    """A row that counts as filled by what it holds, not by its place."""

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in ROW_FIELDS]


class GoalForm(RowForm):
    """A goal: promised in the budget, told in the annual report."""

    objective = forms.CharField(
        label="Wat wilden wij bereiken?",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Schrijf het doel op, of verwijder deze rij."},
    )
    planned_action = RichTextField(label="Wat wilden wij ervoor doen?", required=False, small=True)
    result = RichTextField(label="Wat hebben we bereikt?", required=False, small=True)
    document = forms.TypedChoiceField(label="Bron", required=False, coerce=int, empty_value=None)
    page = forms.CharField(label="Bladzijde", required=False, max_length=20)

    def __init__(self, *args: Any, choices: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = [("", "geen"), *choices]  # type: ignore[attr-defined]

    def entry(self) -> GoalInput:
        """Valid input as the action takes it."""
        typed = self.cleaned_data
        return GoalInput(typed["objective"], typed["planned_action"], typed["result"], typed["document"], typed["page"])


class AchievementForm(RowForm):
    """What a team did, under a theme."""

    theme = forms.TypedChoiceField(label="Thema", required=False, coerce=int, empty_value=None)
    title = forms.CharField(label="Titel", required=False, max_length=200)
    text = RichTextField(label="Wat hebben we bereikt?", required=False, small=True)

    def __init__(self, *args: Any, choices: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [("", "zonder thema"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if self.has_changed() and not typed.get("title") and not typed.get("text") and "text" not in self.errors:
            self.add_error("title", "Schrijf een titel of een tekst, of verwijder deze rij.")
        return typed

    def entry(self) -> AchievementInput:
        """Valid input as the action takes it."""
        typed = self.cleaned_data
        return AchievementInput(typed["theme"], typed["title"], typed["text"])


class Rows(BaseFormSet):
    """Rows that are stored as a whole: an emptied row is gone, one extra row waits to be filled."""

    default_error_messages: ClassVar = {
        "missing_management_form": "De rijen zijn niet meegestuurd. Laad de pagina opnieuw.",
        "too_many_forms": f"Er passen ten hoogste {MOST_ROWS} rijen in een onderdeel.",
    }

    def initial_form_count(self) -> int:
        """None when posted: every row may then be left empty."""
        return 0 if self.is_bound else super().initial_form_count()

    def entries(self) -> list[Any]:
        """The filled rows in their order, without those marked to be removed."""
        return [form.entry() for form in self.ordered_forms]

    def kept_forms(self) -> list[Any]:
        """The rows that are not marked to be removed."""
        return [form for form in self.forms if form.add_prefix("DELETE") not in self.data]


def _rows(form: type[RowForm]) -> type[Rows]:
    made = formset_factory(
        form,
        formset=Rows,
        extra=1,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 1,
        validate_max=True,
        can_order=True,
        can_delete=True,
    )
    return cast("type[Rows]", made)


GoalRows = _rows(GoalForm)
AchievementRows = _rows(AchievementForm)


class SectionWriting:
    """The forms of one section together; `data` is what was posted or kept, None shows what is stored."""

    def __init__(self, section: Section, data: Mapping[str, Any] | None = None) -> None:
        held = queries.content(section)
        self.text = TextForm(data, initial={"version": section.version, "text": held["text"]})
        self.rows = self._rows_of(section, data, held)

    def _rows_of(self, section: Section, data: Mapping[str, Any] | None, held: dict[str, Any]) -> Rows | None:
        """The rows that this kind of section has; posted rows know no initial values, so that all of them count."""
        organisation = section.chapter.report.organisation
        if section.kind == SectionKind.GOALS:
            choices = [(document.pk, str(document)) for document in library.documents(organisation)]
            rows, name = GoalRows, "goals"
        elif section.kind == SectionKind.ACHIEVEMENTS:
            choices = [(theme.pk, theme.name) for theme in library.themes(organisation)]
            rows, name = AchievementRows, "achievements"
        else:
            return None
        initial = held[name] if data is None else None
        return rows(data, initial=initial, prefix=name, form_kwargs={"choices": choices})

    def is_valid(self) -> bool:
        """Whether all forms are; each is asked, so that every error is shown at once."""
        return all([self.text.is_valid(), self.rows is None or self.rows.is_valid()])

    def seen_version(self) -> int:
        version: int = self.text.cleaned_data["version"]
        return version

    def entry(self) -> SectionInput:
        """Valid input as the action takes it."""
        entries = self.rows.entries() if self.rows else []
        return SectionInput(
            text=self.text.cleaned_data["text"],
            goals=[entry for entry in entries if isinstance(entry, GoalInput)],
            achievements=[entry for entry in entries if isinstance(entry, AchievementInput)],
        )

    def errors(self) -> list[str]:
        """All that is wrong, in one list: "Wat wilden wij bereiken?: Schrijf het doel op."."""
        found = [self.text, *(self.rows.kept_forms() if self.rows else ())]
        named = [
            f"{form.fields[name].label}: {message}" if name in form.fields else message
            for form in found
            for name, messages in form.errors.items()
            for message in messages
        ]
        return [*named, *(self.rows.non_form_errors() if self.rows else ())]


def with_version(data: QueryDict, version: int) -> QueryDict:
    """The same input, as if the newest version had been seen: saving it again is a conscious choice."""
    renewed = data.copy()
    renewed["version"] = str(version)
    return renewed
