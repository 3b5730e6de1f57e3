"""Editions: what was frozen, and the file that came of it; and what people chose before."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from jobs.models import Job, JobState
from reports.models import Chapter, Report


class CompileChoice(models.Model):
    """What a person chose the last time for a report: draft or final, and the ids of chapters (none for all)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    report = models.ForeignKey(Report, models.CASCADE)
    draft = models.BooleanField(default=True)
    chapters = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "report"], name="compile_choice_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.report}"


class Edition(models.Model):
    """One compiled output of a report: frozen content as data, and the PDF made of it.

    The job that makes it says how far it is; the edition itself is ready when it has a file. One that is a chapter out
    of another holds what that froze: `source` is the other.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="taken")
    draft = models.BooleanField(default=True)
    chapters = models.JSONField(default=list)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    created_at = models.DateTimeField(default=timezone.now)
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="edition")
    file = models.FileField(upload_to="editions/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(null=True, help_text="bytes")
    pages = models.PositiveIntegerField(null=True)
    engine = models.CharField(max_length=200, blank=True, help_text="what laid out its pages, with versions")

    class Meta:
        ordering: ClassVar = ["-created_at", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="edition_number_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["report", "content_hash"], name="edition_content")]

    def __str__(self) -> str:
        return f"{self.report}, editie {self.number}"

    @property
    def is_ready(self) -> bool:
        return bool(self.file)

    @property
    def has_file(self) -> bool:
        """Whether the PDF still is where it was stored."""
        return self.is_ready and self.file.storage.exists(str(self.file.name))

    @property
    def file_stem(self) -> str:
        """What its files are called when somebody downloads them, without the ending."""
        kind = "concept" if self.draft else "definitief"
        part = f"hoofdstuk-{self.chapters[0]}" if len(self.chapters) == 1 else "deel" if self.chapters else ""
        words = (self.report.organisation.slug, self.report.slug, f"editie-{self.number}", part, kind)
        return "-".join(filter(None, words))

    @property
    def is_building(self) -> bool:
        return not self.file and self.job is not None and self.job.is_active

    @property
    def is_failed(self) -> bool:
        return not self.file and self.job is not None and self.job.state == JobState.FAILED

    @property
    def is_cancelled(self) -> bool:
        return not self.file and self.job is not None and self.job.state == JobState.CANCELLED


class Part(models.Model):
    """Pages of one chapter of an edition, or its contents (which have no number), laid out by themselves.

    Without a job they were kept from before (`from_cache`), or are made by who makes the whole. A part that was made
    has pages, and `seconds` is what that took; one that cannot be made has a `reason`.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=50)
    title = models.TextField()
    key = models.CharField(max_length=64)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="part")
    from_cache = models.BooleanField(default=False)
    pages = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["edition", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "position"], name="part_position_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_chapter(self) -> bool:
        return bool(self.number)

    @property
    def is_ready(self) -> bool:
        return self.pages is not None

    @property
    def is_running(self) -> bool:
        return not self.is_ready and self.job is not None and self.job.state == JobState.RUNNING


class Preview(models.Model):
    """The pages of one chapter of the top as they were last laid out for who wanted to see them, apart from editions.

    `shape` is the hash of all that they were made of, `keys` name the fragments; `asked` is the shape last asked for.
    """

    chapter = models.OneToOneField(Chapter, models.CASCADE, related_name="preview")
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="preview")
    asked = models.CharField(max_length=64, blank=True)
    shape = models.CharField(max_length=64, blank=True)
    keys = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.chapter)
