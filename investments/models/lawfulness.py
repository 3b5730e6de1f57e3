"""Overspent credits with why, and the limit of a year (domain rule 9)."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import Organisation

from ..fields import AmountField
from ..overspending import Ground
from .tables import Line


class CreditClass(models.Model):
    """Why a credit was overspent, as the controller judged it."""

    line = models.OneToOneField(Line, models.CASCADE, related_name="credit_class")
    ground = models.CharField("klasse", max_length=12, choices=Ground)
    reason = models.TextField("reden")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ground__in=Ground.values), name="credit_ground_known")
        ]

    def __str__(self) -> str:
        return f"Overschrijding van {self.line}"


class LawfulnessLimit(models.Model):
    """How much of a year may be unlawful: a percentage of all expense with additions to reserves.

    `base` is that total in euros, for a year of which the portal does not hold the whole statement.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="lawfulness_limits")
    year = models.PositiveSmallIntegerField("boekjaar")
    percentage = models.DecimalField(
        "percentage", max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    base = AmountField("totale lasten", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "year"], name="lawfulness_limit_once")]

    def __str__(self) -> str:
        return f"Rechtmatigheidsgrens {self.year}"
