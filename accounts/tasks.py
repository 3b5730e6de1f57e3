"""Celery: what is forgotten every night."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Sessions that have ended, with the input that was kept in them, leave the database."""
    call_command("clearsessions")
