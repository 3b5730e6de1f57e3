"""Reads about background work."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from accounts.models import Organisation

from .models import ACTIVE, Job, JobState


def jobs(organisation: Organisation) -> QuerySet[Job]:
    return Job.objects.filter(organisation=organisation)


def latest(organisation: Organisation, kind: str, subject_id: int) -> Job | None:
    """The newest job of this kind for the subject."""
    return jobs(organisation).filter(kind=kind, subject_id=subject_id).first()


def waiting_since() -> datetime | None:
    """When the job that waits longest was asked for, whoever asked; None when none waits."""
    found: datetime | None = Job.objects.filter(state=JobState.WAITING).aggregate(first=Min("created_at"))["first"]
    return found


def lost(now: datetime) -> QuerySet[Job]:
    """Jobs nobody is working on although someone should be.

    They were never picked up, are held by a worker that is gone, or wait for children of which the last one ended
    without a word. Who was rung longest ago comes first.
    """
    patience = timedelta(seconds=settings.JOB_SWEEP_SECONDS)
    return Job.objects.filter(
        Q(state=JobState.WAITING, rung_at__lte=now - patience)
        | Q(state=JobState.RUNNING, lease_until__lt=now)
        | Q(~Exists(Job.objects.filter(parent=OuterRef("pk"), state__in=ACTIVE)), state=JobState.PARKED)
    ).order_by("rung_at")
