"""Forms of decisions: what changes in the budget of one line, or of many at once."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from .actions import DecisionInput
from .forms import AmountFormField, VersionedForm
from .models import Decision, Line, Table


class AmendmentForm(forms.Form):
    """What a decision changes in the budget of one line, in euros."""

    decision = forms.ModelChoiceField(label="Besluit", queryset=Decision.objects.none(), empty_label="kies een besluit")
    amount = AmountFormField(
        label="Bedrag, in euro’s", help_text="Met een minteken als het budget lager wordt.", required=True
    )

    def __init__(self, data: QueryDict | None = None, *, decisions: QuerySet[Decision]) -> None:
        super().__init__(data)
        self.fields["decision"].queryset = decisions  # type: ignore[attr-defined]

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError("Een wijziging van nul verandert niets aan de begroting.")
        return amount


class DecisionForm(VersionedForm):
    """A decision, with a field for each line whose budget it may change; an empty one is left alone."""

    date = forms.DateField(label="Datum", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    number = forms.CharField(label="Nummer", max_length=40, required=False)
    title = forms.CharField(
        label="Besluit", max_length=200, help_text="Bijvoorbeeld: 1e begrotingswijziging, of: Zomernota."
    )
    body = forms.CharField(
        label="Genomen door", max_length=100, required=False, help_text="Bijvoorbeeld: algemeen bestuur."
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        lines: Iterable[Line],
        decision: Decision | None = None,
        amounts: Mapping[int, Decimal] | None = None,
    ) -> None:
        names = ("date", "number", "title", "body", "version")
        super().__init__(data, initial={name: getattr(decision, name) for name in names} if decision else None)
        self.lines = list(lines)
        for line in self.lines:
            initial = (amounts or {}).get(line.pk)
            self.fields[f"line_{line.pk}"] = AmountFormField(label=line.label, required=False, initial=initial)

    @property
    def tables(self) -> list[tuple[Table, list[tuple[Line, forms.BoundField]]]]:
        """The fields of the lines, by table."""
        rows = groupby(self.lines, key=lambda line: line.table)
        return [(table, [(line, self[f"line_{line.pk}"]) for line in lines]) for table, lines in rows]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The fields of the decision itself."""
        return [self[name] for name in ("date", "number", "title", "body")]

    @property
    def entry(self) -> DecisionInput:
        typed = self.cleaned_data
        return DecisionInput(typed["title"], typed["date"], typed["number"], typed["body"])

    @property
    def amounts(self) -> dict[int, Decimal]:
        """Euros by line, for the lines that the decision changes."""
        typed = {line.pk: self.cleaned_data[f"line_{line.pk}"] for line in self.lines}
        return {key: amount for key, amount in typed.items() if amount}
