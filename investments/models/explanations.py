"""Why figures deviate: explanations, what each accounts for, and from when one is asked."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import Organisation
from library.models import SourceDocument

from ..fields import AmountField
from .ledger import CodeField
from .tables import Line, Table


class Nature(models.TextChoices):
    INCIDENTAL = "incidental", "incidenteel"
    STRUCTURAL = "structural", "structureel"


class Explanation(models.Model):
    """Why lines of a table deviate. `version` covers all of it, its claims too."""

    table = models.ForeignKey(Table, models.CASCADE, related_name="explanations")
    text = models.TextField("toelichting", blank=True)
    cause = models.CharField("oorzaak", max_length=60, blank=True)
    nature = models.CharField("aard", max_length=12, choices=Nature, blank=True)
    document = models.ForeignKey(
        SourceDocument, models.PROTECT, null=True, blank=True, related_name="explanations", verbose_name="bron"
    )
    link = models.URLField("link", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"Toelichting op {self.table}"


class Claim(models.Model):
    """What an explanation accounts for in one line, in euros and in the sign of its result.

    Without an amount it is all that other explanations leave, however large the deviation becomes.
    """

    explanation = models.ForeignKey(Explanation, models.CASCADE, related_name="claims")
    line = models.ForeignKey(Line, models.CASCADE, related_name="claims")
    amount = AmountField("bedrag", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["explanation_id", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["explanation", "line"], name="claim_once")]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.amount}"


class Evidence(models.Model):
    """A posting that bears out what an explanation claims of a line, as it stood in the ledger when it was chosen.

    A copy, because a file that is read again replaces the postings of its periods; debit is positive.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="evidence")
    period = models.PositiveSmallIntegerField("periode")
    date = models.DateField("datum")
    account = CodeField("rekening", blank=False)
    cost_centre = CodeField("kostenplaats")
    description = models.CharField("omschrijving", max_length=500, blank=True)
    document = models.CharField("boekstuk", max_length=60, blank=True)
    amount = AmountField("bedrag")

    class Meta:
        ordering: ClassVar = ["date", "document", "id"]

    def __str__(self) -> str:
        return f"{self.document} {self.description}"


class DeviationRule(models.Model):
    """From when an organisation wants deviations explained, of a year or of one table; see `coverage.Tolerance`.

    That of a table holds instead of that of its year as long as it `applies`.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="deviation_rules")
    year = models.PositiveSmallIntegerField("boekjaar", null=True)
    table = models.OneToOneField(Table, models.CASCADE, null=True, related_name="deviation_rule")
    applies = models.BooleanField(default=True)
    amount = AmountField("bedrag", null=True, blank=True)
    percentage = models.DecimalField(
        "percentage",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    both = models.BooleanField("beide", default=False)
    inclusive = models.BooleanField("vanaf", default=False)
    per_total = models.BooleanField("per totaal", default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "year"], name="deviation_rule_once"),
            models.CheckConstraint(
                condition=models.Q(year=None, table__isnull=False) | models.Q(table=None, year__isnull=False),
                name="deviation_rule_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"Norm voor toelichten {self.table or self.year}"


class CauseList(models.Model):
    """The causes that an organisation tells its deviations by, when they are not the usual ones."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="cause_list")
    names = models.JSONField("oorzaken", default=list)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return "Oorzaken"
