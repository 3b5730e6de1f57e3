"""Celery: what is forgotten every night, and what is sealed within seconds."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.management import call_command

from . import sealing


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Sessions that have ended, with the input that was kept in them, leave the database."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@shared_task(name="accounts.seal_log")
def seal_log() -> None:
    """What was written to the log since the last time gets its seal."""
    sealing.seal_waiting()
