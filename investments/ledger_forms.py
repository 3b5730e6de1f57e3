"""Forms of the ledger: a file of postings, a rule."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import QuerySet
from django.http import QueryDict

from .actions import MappingInput
from .codes import LONGEST, CodeError, CodeRange, code_range
from .ledger_columns import CALLED, likely
from .ledger_rows import LAST_PERIOD
from .models import Evidence, Line, Posting
from .spreadsheets.limits import MIB

LARGEST = 60 * MIB
"""What fits in a request; `manage.py import_ledger` takes larger files."""


class PostingsForm(forms.Form):
    """A file of postings of one year."""

    file = forms.FileField(
        label="Bestand",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls,.ods"}),
        help_text=(
            "De export van uw financiële pakket als csv, xlsx, xls of ods, met kolomkoppen. De portal laat eerst zien "
            "wat erin staat; daarna verwerkt u het."
        ),
        error_messages={"required": "Kies een bestand.", "empty": "Dit bestand is leeg."},
    )

    def clean_file(self) -> File:
        file: File = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(f"Dit bestand is groter dan {LARGEST // MIB} MB. Lever het per periode aan.")
        return file


class RuleForm(forms.Form):
    """Which accounts and cost centres count in which line."""

    line = forms.TypedChoiceField(label="Telt in de regel", coerce=int, error_messages={"required": "Kies een regel."})
    account_from = forms.CharField(
        label="Rekening", max_length=LONGEST, error_messages={"required": "Vul een rekening in."}
    )
    account_to = forms.CharField(
        label="Tot en met rekening", max_length=LONGEST, required=False, help_text="Leeg betekent: alleen die ene."
    )
    cost_centre_from = forms.CharField(
        label="Kostenplaats", max_length=LONGEST, required=False, help_text="Leeg betekent: alle kostenplaatsen."
    )
    cost_centre_to = forms.CharField(label="Tot en met kostenplaats", max_length=LONGEST, required=False)

    def __init__(self, data: QueryDict | None, lines: Iterable[Line], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        grouped = groupby(lines, key=lambda line: line.table)
        choices: list[Any] = [(str(table), [(line.pk, line.label) for line in rows]) for table, rows in grouped]
        self.fields["line"].choices = [("", "kies een regel"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entry = super().clean() or {}
        for name in ("account", "cost_centre"):
            first, last = entry.get(f"{name}_from"), entry.get(f"{name}_to")
            if first is None or last is None:
                continue
            try:
                entry[name] = code_range(first, last)
            except CodeError as error:
                self.add_error(f"{name}_to" if last else f"{name}_from", str(error))
        return entry

    @property
    def entry(self) -> MappingInput:
        accounts: CodeRange = self.cleaned_data["account"]
        return MappingInput(self.cleaned_data["line"], accounts, self.cleaned_data["cost_centre"])


class ColumnsForm(forms.Form):
    """Which column of a file holds what, by its heading."""

    def __init__(self, data: QueryDict | None, headings: Iterable[str], chosen: Mapping[str, str]) -> None:
        super().__init__(data)
        names = list(dict.fromkeys(heading for heading in headings if heading))
        initial = chosen or likely(names)
        for name, label in CALLED.items():
            self.fields[name] = forms.ChoiceField(
                label=label.removeprefix("de ").removeprefix("het ").capitalize(),
                choices=[("", "staat er niet in"), *((heading, heading) for heading in names)],
                initial=initial.get(name, ""),
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        entry = super().clean() or {}
        used = [heading for heading in entry.values() if heading]
        for heading in dict.fromkeys(heading for heading in used if used.count(heading) > 1):
            self.add_error(None, f"De kolom “{heading}” is voor meer dan één gegeven gekozen.")
        return entry


class PeriodForm(forms.Form):
    """A period to close or to open."""

    period = forms.IntegerField(min_value=0, max_value=LAST_PERIOD)
    opens = forms.BooleanField(required=False)


class EvidenceForm(forms.Form):
    """Postings of a line to choose as evidence, and earlier choices to take back."""

    chosen = forms.ModelMultipleChoiceField(
        queryset=Posting.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": "Een gekozen boeking staat niet meer bij deze regel. Kies opnieuw.",
            "invalid_pk_value": "Kies boekingen uit de lijst.",
        },
    )
    dropped = forms.ModelMultipleChoiceField(queryset=Evidence.objects.none(), required=False)

    def __init__(self, data: QueryDict | None = None, *, postings: QuerySet[Posting], held: QuerySet[Evidence]) -> None:
        super().__init__(data)
        self.fields["chosen"].queryset = postings  # type: ignore[attr-defined]
        self.fields["dropped"].queryset = held  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entry = super().clean() or {}
        if not self.errors and not entry["chosen"] and not entry["dropped"]:
            raise ValidationError("Vink eerst boekingen aan.")
        return entry

    def keys(self, name: str) -> list[int]:
        """Ids of what was ticked."""
        return [row.pk for row in self.cleaned_data[name]]
