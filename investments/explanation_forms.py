"""Forms of what explains deviations, and of what an organisation asks of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.models import Organisation
from library import queries as library
from library.fields import RichTextField
from library.models import SourceDocument

from . import explaining
from .actions import ExplanationInput, RuleInput
from .forms import AmountFormField, VersionedForm
from .models import DeviationRule, Explanation, Line, Nature
from .overspending import Ground


@dataclass(frozen=True)
class ClaimRow:
    """The two fields of one line: whether the explanation covers it, and for how much."""

    line: Line
    covers: forms.BoundField
    amount: forms.BoundField


class ClaimsForm(VersionedForm):
    """An explanation of lines; per line an amount in the sign of its result, or all that remains of it."""

    explanation = RichTextField(label="Toelichting")
    cause = forms.ChoiceField(label="Oorzaak", required=False)
    nature = forms.ChoiceField(label="Aard", choices=[("", "niet gekozen"), *Nature.choices], required=False)
    document = forms.ModelChoiceField(
        label="Bron",
        queryset=SourceDocument.objects.none(),
        required=False,
        empty_label="geen",
        help_text="Een stuk onder Bronnen waaruit dit blijkt.",
    )
    link = forms.URLField(label="Link", max_length=500, required=False, assume_scheme="https")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        organisation: Organisation,
        lines: Iterable[Line],
        explanation: Explanation | None = None,
        chosen: Iterable[int] = (),
    ) -> None:
        initial: dict[str, Any] = {"version": 0}
        claims: Mapping[int, Decimal | None] = dict.fromkeys(chosen)
        if explanation:
            names = ("cause", "nature", "document", "link", "version")
            initial = {name: getattr(explanation, name) for name in names} | {"explanation": explanation.text}
            claims = {row.line_id: row.amount for row in explanation.claims.all()}
        super().__init__(data, initial=initial)
        causes = dict.fromkeys([*explaining.cause_list(organisation).names, initial.get("cause") or ""])
        self.fields["cause"].choices = [("", "niet gekozen"), *((name, name) for name in causes if name)]  # type: ignore[attr-defined]
        self.fields["document"].queryset = library.documents(organisation)  # type: ignore[attr-defined]
        self.lines = list(lines)
        for line in self.lines:
            key = line.pk
            self.fields[f"covers_{key}"] = forms.BooleanField(
                label=f"Verklaart {line}", required=False, initial=key in claims
            )
            self.fields[f"amount_{key}"] = AmountFormField(
                label=f"Bedrag bij {line}, in euro’s", required=False, initial=claims.get(key)
            )

    @property
    def rows(self) -> list[ClaimRow]:
        return [ClaimRow(line, self[f"covers_{line.pk}"], self[f"amount_{line.pk}"]) for line in self.lines]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Cause, nature and evidence."""
        return [self[name] for name in ("cause", "nature", "document", "link")]

    @property
    def entry(self) -> ExplanationInput:
        typed = self.cleaned_data
        document = typed["document"]
        return ExplanationInput(
            typed["explanation"],
            self._claims(),
            typed["cause"],
            typed["nature"],
            document.pk if document else None,
            typed["link"],
        )

    def _claims(self) -> dict[int, Decimal | None]:
        """By line; an amount says by itself that the line is covered."""
        typed = self.cleaned_data
        amounts = {line.pk: typed[f"amount_{line.pk}"] or None for line in self.lines}
        return {key: amount for key, amount in amounts.items() if amount is not None or typed[f"covers_{key}"]}


class RuleForm(VersionedForm):
    """From when deviations of a year must be explained."""

    amount = AmountFormField(label="Bedrag, in euro’s", required=False, help_text="Leeg: het bedrag telt niet.")
    percentage = forms.DecimalField(
        label="Percentage van de begroting na wijzigingen",
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        localize=True,
        help_text="Leeg: het percentage telt niet.",
    )
    both = forms.ChoiceField(
        label="Bedrag en percentage",
        choices=[("no", "één van beide is genoeg"), ("yes", "beide moeten gehaald zijn")],
    )
    inclusive = forms.ChoiceField(
        label="Grens",
        choices=[("no", "meer dan"), ("yes", "vanaf")],
    )
    per_total = forms.ChoiceField(
        label="Geldt per",
        choices=[("no", "regel"), ("yes", "totaal")],
        help_text="Per totaal: wat een regel verklaart, telt mee bij het totaal dat haar optelt.",
    )

    def __init__(self, data: QueryDict | None, rule: DeviationRule) -> None:
        chosen = {name: "yes" if getattr(rule, name) else "no" for name in ("both", "inclusive", "per_total")}
        initial = {"amount": rule.amount, "percentage": rule.percentage, "version": rule.version, **chosen}
        super().__init__(data, initial=initial)

    def clean_amount(self) -> Decimal | None:
        amount: Decimal | None = self.cleaned_data["amount"]
        if amount is not None and amount < 0:
            raise ValidationError("Een norm is nul of meer.")
        return amount

    @property
    def entry(self) -> RuleInput:
        typed = self.cleaned_data
        chosen = {name: typed[name] == "yes" for name in ("both", "inclusive", "per_total")}
        return RuleInput(typed["amount"], typed["percentage"], **chosen)


class TableRuleForm(RuleForm):
    """The same for one table, or that of its year."""

    own = forms.ChoiceField(
        label="Voor deze tabel geldt",
        choices=[("no", "de norm van het jaar"), ("yes", "een eigen norm")],
        help_text="Wat hieronder staat, telt alleen bij een eigen norm.",
    )

    def __init__(self, data: QueryDict | None, rule: DeviationRule) -> None:
        super().__init__(data, rule)
        self.fields["own"].initial = "yes" if rule.applies else "no"
        self.order_fields(["own"])

    @property
    def own_entry(self) -> RuleInput | None:
        """What was asked of the table; None for what its year asks."""
        return self.entry if self.cleaned_data["own"] == "yes" else None


class CausesForm(VersionedForm):
    """The causes to choose from, one on a line."""

    names = forms.CharField(label="Oorzaken", widget=forms.Textarea(attrs={"rows": 8}), help_text="Eén per regel.")

    def clean_names(self) -> list[str]:
        written = [name.strip() for name in self.cleaned_data["names"].splitlines()]
        names = list(dict.fromkeys(name for name in written if name))
        if any(len(name) > 60 for name in names):
            raise ValidationError("Een oorzaak heeft ten hoogste 60 tekens.")
        return names


class CreditClassForm(VersionedForm):
    """Why a credit was overspent."""

    ground = forms.ChoiceField(label="Klasse", choices=Ground.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label="Reden", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class LimitForm(VersionedForm):
    """How much of a year may be unlawful."""

    percentage = forms.DecimalField(
        label="Percentage",
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        localize=True,
        help_text="Van de totale lasten, met de toevoegingen aan de reserves.",
    )
    base = AmountFormField(
        label="Totale lasten, in euro’s",
        required=False,
        help_text="Leeg: wat de tabellen met baten en lasten van dit jaar samen zeggen.",
    )

    def clean_base(self) -> Decimal | None:
        base: Decimal | None = self.cleaned_data["base"]
        if base is not None and base < 0:
            raise ValidationError("De totale lasten zijn nul of meer.")
        return base
