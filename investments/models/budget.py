"""What changed the budget of a line, and what came of it."""

from typing import ClassVar

from django.db import models

from accounts.models import Organisation

from ..fields import AmountField
from .tables import Line


class Decision(models.Model):
    """A decision of a body that changes the budget of lines, in one or more tables of a year.

    `version` covers the decision with all its amounts.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="decisions")
    year = models.PositiveSmallIntegerField("boekjaar")
    number = models.CharField("nummer", max_length=40, blank=True)
    date = models.DateField("datum")
    title = models.CharField("besluit", max_length=200)
    body = models.CharField("genomen door", max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["date", "id"]

    def __str__(self) -> str:
        return self.title


class Amendment(models.Model):
    """What a decision changes in the budget of one line, in euros."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="amendments")
    line = models.ForeignKey(Line, models.CASCADE, related_name="amendments")
    amount = AmountField("bedrag")

    class Meta:
        ordering: ClassVar = ["decision__date", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["decision", "line"], name="amendment_once")]

    def __str__(self) -> str:
        return f"{self.decision}: {self.amount}"


class Variance(models.Model):
    """Figures of one line as the task computed them, and from what."""

    line = models.OneToOneField(Line, models.CASCADE, related_name="variance")
    original = AmountField()
    amendments = AmountField()
    amended = AmountField()
    actual = AmountField()
    result = AmountField()
    percentage = models.BigIntegerField(null=True, help_text="whole percents of |amended|; null is n.v.t.")
    inputs_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.line_id}: {self.result}"
