"""The row of truth for background work; Celery only rings for it."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Organisation

MOST_ATTEMPTS = 3


class JobState(models.TextChoices):
    WAITING = "waiting", "wacht"
    RUNNING = "running", "bezig"
    PARKED = "parked", "wacht op onderdelen"
    DONE = "done", "klaar"
    FAILED = "failed", "mislukt"
    CANCELLED = "cancelled", "afgebroken"


ACTIVE = (JobState.WAITING, JobState.RUNNING, JobState.PARKED)


class Job(models.Model):
    """What was asked (`kind`, `subject_id`), how far it is, and how it ended.

    `kind` is the name of the Celery task. `unique_key` is set while an equal request must join this job
    instead of making another one. A running job is held by the worker whose `claim` it carries, until
    `lease_until`; a lease that ran out means that the worker is gone. Work that falls apart has `children`, which any
    worker does; meanwhile it is parked, held by nobody, and the child that ends last lets it go on.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="jobs")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    kind = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    # NULL, because empty texts would not be unique.
    unique_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(default=timezone.now)
    step = models.CharField(max_length=200, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="percent")
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=models.Q(attempts__lte=MOST_ATTEMPTS), name="job_attempts_capped"),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="job_progress_percent"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "lease_until"],
                name="job_active",
                condition=models.Q(state__in=ACTIVE),
            ),
            models.Index(fields=["kind", "subject_id"], name="job_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} ({self.get_state_display()})"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE


def lease() -> timedelta:
    """How long a worker holds a job without a sign of life."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)
