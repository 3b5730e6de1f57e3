"""Files that became tables, or are about to."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import Organisation
from library.models import FIRST_YEAR, LAST_YEAR

from ..columns import TableKind
from .tables import Table


class ImportState(models.TextChoices):
    DRAFT = "draft", "in voorbereiding"
    APPLIED = "applied", "ingevoerd"
    UNDONE = "undone", "ongedaan gemaakt"


class TableImport(models.Model):
    """A file that somebody handed in, what its columns and lines become, and what the table was before.

    `mapping` holds `FileMapping.as_data()`; `signature` is the same for files of one source. `before` and `after` hold
    the table as `snapshots` takes it, so that the import can be undone whole. Without a table it makes a new one.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="table_imports")
    table = models.ForeignKey(
        Table, models.SET_NULL, null=True, blank=True, related_name="imports", verbose_name="tabel"
    )
    year = models.PositiveSmallIntegerField(
        "boekjaar", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    title = models.CharField("titel", max_length=200)
    kind = models.CharField("soort", max_length=20, choices=TableKind, default=TableKind.FREE)
    file = models.FileField("bestand", upload_to="imports/")
    name = models.CharField("bestandsnaam", max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    signature = models.CharField(max_length=64)
    state = models.CharField("stand", max_length=10, choices=ImportState, default=ImportState.DRAFT)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "signature"], name="import_of_source")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.state == ImportState.DRAFT

    @property
    def is_applied(self) -> bool:
        return self.state == ImportState.APPLIED
