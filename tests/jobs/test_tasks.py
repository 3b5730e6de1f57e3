from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings as project
from django.utils import timezone

from jobs import actions
from jobs.models import Job
from jobs.tasks import sweep
from tests import builders, workers


@pytest.mark.django_db(transaction=True)
def test_scheduled_sweep_rings_for_lost_jobs() -> None:
    job = actions.request("publishing.compile_edition", builders.organisation(), 7, by=None)
    Job.objects.update(rung_at=timezone.now() - timedelta(minutes=5))
    with workers.own_queue() as rung:
        sweep()
        assert rung() == [("publishing.compile_edition", job.pk)]


def test_scheduler_sweeps_as_often_as_the_setting_says() -> None:
    scheduled = current_app.conf.beat_schedule["sweep"]
    assert scheduled == {"task": sweep.name, "schedule": float(project.JOB_SWEEP_SECONDS)}


def test_sweeps_that_come_late_are_dropped() -> None:
    assert sweep.expires == 60
