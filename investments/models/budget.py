"""What changed the budget of a line, and what came of it."""

from typing import ClassVar

from django.db import models

from ..fields import AmountField
from .tables import Line


class Amendment(models.Model):
    """A decision that changed the budget of one line, by an amount in euros."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="amendments")
    date = models.DateField("datum")
    decision = models.CharField("besluit", max_length=200)
    amount = AmountField("bedrag")

    class Meta:
        ordering: ClassVar = ["date", "id"]

    def __str__(self) -> str:
        return self.decision


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
