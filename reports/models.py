"""Reports, their chapters and sections, and every version of a section."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import Organisation, Team
from investments.models import Table
from library.models import FIRST_YEAR, LAST_YEAR, SourceDocument, Theme

from .workflow import ReportState, SectionState


class ReportKind(models.TextChoices):
    BUDGET = "budget", "begroting"
    PROGRESS = "progress_report", "voortgangsrapportage"
    ANNUAL = "annual_report", "jaarstukken"


class Report(models.Model):
    """One document of the planning and control cycle, for one organisation and fiscal year."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="reports")
    kind = models.CharField("soort", max_length=20, choices=ReportKind, default=ReportKind.ANNUAL)
    year = models.PositiveSmallIntegerField(
        "boekjaar", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    title = models.CharField("titel", max_length=200)
    slug = models.SlugField("adres", max_length=80)
    state = models.CharField("status", max_length=10, choices=ReportState, default=ReportState.OPEN)

    class Meta:
        ordering: ClassVar = ["-year", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "slug"],
                name="report_once",
                violation_error_message="Er is al een rapport met dit adres.",
            ),
            models.CheckConstraint(condition=models.Q(state__in=ReportState.values), name="report_state_known"),
        ]

    def __str__(self) -> str:
        return self.title


class ChapterKind(models.TextChoices):
    GENERAL = "general", "algemeen"
    PROGRAMME = "programme", "programma"
    PARAGRAPH = "paragraph", "paragraaf"
    FINANCIAL = "financial", "jaarrekening"


class Chapter(models.Model):
    """A place in the tree of a report; its number follows from `parent` and `position`."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="chapters")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="onder"
    )
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField("soort", max_length=20, choices=ChapterKind, default=ChapterKind.GENERAL)
    title = models.CharField("titel", max_length=200)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")), name="chapter_not_below_itself"
            )
        ]

    def __str__(self) -> str:
        return self.title


class SectionKind(models.TextChoices):
    NARRATIVE = "narrative", "tekst"
    GOALS = "goals", "doelen"
    ACHIEVEMENTS = "achievements", "prestaties"
    FIGURES = "figures", "cijfers"


class Section(models.Model):
    """A piece of a chapter with one owner. `version` covers text, goals and achievements together.

    `agreed_hash` is the hash of what was agreed to; an agreement counts while it still matches.
    """

    chapter = models.ForeignKey(Chapter, models.PROTECT, related_name="sections")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField("soort", max_length=20, choices=SectionKind, default=SectionKind.NARRATIVE)
    title = models.CharField("titel", max_length=200)
    owner_team = models.ForeignKey(Team, models.PROTECT, related_name="sections", verbose_name="team")
    table = models.ForeignKey(
        Table, models.PROTECT, null=True, blank=True, related_name="sections", verbose_name="tabel"
    )
    state = models.CharField(max_length=10, choices=SectionState, default=SectionState.DRAFT)
    reason = models.CharField("reden", max_length=1000, blank=True)
    text = models.TextField("tekst", blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)
    agreed_hash = models.CharField(max_length=64, blank=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=SectionState.values), name="section_state_known"),
            models.CheckConstraint(
                condition=models.Q(kind=SectionKind.FIGURES, table__isnull=False)
                | (~models.Q(kind=SectionKind.FIGURES) & models.Q(table__isnull=True)),
                name="section_table_with_figures",
                violation_error_message="Een onderdeel met cijfers heeft een tabel nodig, en alleen dan.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Goal(models.Model):
    """A promise of the budget and what came of it (domain rule 12); HTML but for `objective`."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="goals")
    position = models.PositiveIntegerField()
    objective = models.CharField("doel", max_length=600)
    planned_action = models.TextField("wat wilden wij ervoor doen?", blank=True)
    result = models.TextField("wat hebben we bereikt?", blank=True)
    document = models.ForeignKey(
        SourceDocument, models.PROTECT, null=True, blank=True, related_name="goals", verbose_name="bron"
    )
    page = models.CharField("bladzijde", max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.objective

    @property
    def source(self) -> str:
        """The source as printed: "Begroting 2020 blz. 16"."""
        if self.document is None:
            return ""
        return f"{self.document} blz. {self.page}" if self.page else str(self.document)


class Achievement(models.Model):
    """What a team did, under a theme or under none; `text` is HTML."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="achievements")
    position = models.PositiveIntegerField()
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="achievements", verbose_name="thema"
    )
    title = models.CharField("titel", max_length=200, blank=True)
    text = models.TextField("tekst", blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class SectionVersion(models.Model):
    """All that a section held at one version, as data; never changed."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["section", "number"], name="section_version_once")]

    def __str__(self) -> str:
        return f"{self.section} v{self.number}"
