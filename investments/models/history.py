"""What each figure was before."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from .tables import Line, Table


class Change(models.Model):
    """What a figure was and became, as people read it; the line's label stays when the line goes.

    Without a line and label it is the table itself that changed.
    """

    table = models.ForeignKey(Table, models.CASCADE, related_name="changes")
    line = models.ForeignKey(Line, models.SET_NULL, null=True, related_name="changes")
    label = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=200)
    was = models.CharField(max_length=300, blank=True)
    became = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.label} {self.field}: {self.was} → {self.became}"
