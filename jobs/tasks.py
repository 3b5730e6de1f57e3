"""The sweeper, rung by the scheduler."""

from celery import shared_task

from . import actions


@shared_task(name="jobs.sweep", expires=60)
def sweep() -> None:
    actions.sweep()
