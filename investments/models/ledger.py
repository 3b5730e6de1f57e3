"""The ledger behind the tables of a year: postings, their sums, and the rules that map them to lines."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from accounts.models import Organisation
from jobs.models import Job
from library.models import LAST_YEAR

from ..codes import LONGEST, CodeRange
from ..fields import AmountField
from .tables import Line


class CodeField(models.CharField):
    """A code, compared by its characters on both databases: the order of a language is none of its business."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": LONGEST, "blank": True, **kwargs})

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}


class Ledger(models.Model):
    """What was posted in one organisation and fiscal year. `version` is that of its rules."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="ledgers")
    year = models.PositiveSmallIntegerField("boekjaar")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "year"], name="ledger_once"),
            models.CheckConstraint(condition=models.Q(year__lte=LAST_YEAR), name="ledger_year_known"),
        ]

    def __str__(self) -> str:
        return f"Grootboek {self.year}"


class LedgerImportState(models.TextChoices):
    CHECKING = "checking", "wordt gecontroleerd"
    CHOOSING = "choosing", "wacht op kolommen"
    READY = "ready", "wacht op verwerken"
    STORING = "storing", "wordt verwerkt"
    STORED = "stored", "verwerkt"
    REFUSED = "refused", "geweigerd"


class LedgerImport(models.Model):
    """A file of postings: by whom, of which periods, and its control totals in the file and as they were stored.

    `columns` holds the heading by field, `chosen` the same as a person chose them, empty for none; `problems` Dutch
    sentences. The file, and its first rows in `top`, go when it was stored or refused.
    """

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="imports")
    name = models.CharField("bestand", max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    file = models.FileField(upload_to="ledger/", blank=True)
    columns = models.JSONField(default=dict, blank=True)
    chosen = models.JSONField(default=dict, blank=True)
    top = models.JSONField(default=list, blank=True)
    state = models.CharField("stand", max_length=10, choices=LedgerImportState, default=LedgerImportState.CHECKING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    periods = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)
    rows = models.PositiveIntegerField(default=0)
    debit = AmountField(default=0)
    credit = AmountField(default=0)
    stored_rows = models.PositiveIntegerField(null=True)
    stored_debit = AmountField(null=True)
    stored_credit = AmountField(null=True)
    unmapped_rows = models.PositiveIntegerField(default=0)
    unmapped_net = AmountField(default=0)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=LedgerImportState.values), name="import_state_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def net(self) -> Decimal:
        return self.debit - self.credit

    @property
    def stored_net(self) -> Decimal | None:
        if self.stored_debit is None or self.stored_credit is None:
            return None
        return self.stored_debit - self.stored_credit

    @property
    def may_choose(self) -> bool:
        """Whether somebody can say which column holds what."""
        return self.state in (LedgerImportState.CHOOSING, LedgerImportState.READY) and bool(self.top)

    @property
    def is_busy(self) -> bool:
        return self.state in (LedgerImportState.CHECKING, LedgerImportState.STORING)


class LedgerPeriod(models.Model):
    """A period of the ledger: the import that filled it, and whether it was closed, by whom and when."""

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="periods")
    period = models.PositiveSmallIntegerField("periode")
    imported = models.ForeignKey(LedgerImport, models.PROTECT, null=True, related_name="filled")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["period"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["ledger", "period"], name="ledger_period_once")]

    def __str__(self) -> str:
        return f"periode {self.period}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Posting(models.Model):
    """One line of the ledger; debit is positive. Which file it came from, its period knows."""

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="postings", db_index=False)
    period = models.PositiveSmallIntegerField("periode")
    date = models.DateField("datum")
    account = CodeField("rekening", blank=False)
    cost_centre = CodeField("kostenplaats")
    task_field = models.CharField("taakveld", max_length=60, blank=True)
    description = models.CharField("omschrijving", max_length=500, blank=True)
    document = models.CharField("boekstuk", max_length=60, blank=True)
    amount = AmountField("bedrag")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ledger", "account", "cost_centre"], name="posting_code"),
            models.Index(fields=["ledger", "period"], name="posting_period"),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.description}"


class Balance(models.Model):
    """The sums of the postings of one account and cost centre in one period, made when they are stored.

    Screens and calculations add these up; reading a million postings for each page would take too long.
    """

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="balances", db_index=False)
    account = CodeField(blank=False)
    cost_centre = CodeField()
    period = models.PositiveSmallIntegerField()
    rows = models.PositiveIntegerField()
    debit = AmountField()
    credit = AmountField()
    net = AmountField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ledger", "account", "cost_centre", "period"], name="balance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.cost_centre} {self.period}"


class LedgerVersion(models.Model):
    """One change of the rules: its number, by whom, when, and what changed in words."""

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    told = models.CharField(max_length=500)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["ledger", "number"], name="ledger_version_once")]

    def __str__(self) -> str:
        return f"versie {self.number}"


class LedgerRule(models.Model):
    """Postings in these ranges count in this line, by its direction: debit less credit, for income the reverse.

    It held from version `since` of the ledger's rules until `until`; the rules in force have none. No cost centres
    means all of them.
    """

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="rules")
    line = models.ForeignKey(Line, models.CASCADE, related_name="ledger_rules")
    account_from = CodeField(blank=False)
    account_to = CodeField(blank=False)
    cost_centre_from = CodeField()
    cost_centre_to = CodeField()
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["account_from", "cost_centre_from", "id"]
        indexes: ClassVar = [
            models.Index(fields=["line"], name="rule_in_force", condition=models.Q(until=None)),
        ]

    def __str__(self) -> str:
        where = "" if self.cost_centres.is_all else f", kostenplaats {self.cost_centres}"
        return f"rekening {self.accounts}{where}"

    @property
    def accounts(self) -> CodeRange:
        return CodeRange(self.account_from, self.account_to)

    @property
    def cost_centres(self) -> CodeRange:
        return CodeRange(self.cost_centre_from, self.cost_centre_to)
