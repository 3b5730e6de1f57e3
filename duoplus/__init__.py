"""The project: settings, urls, Celery and thin commands that join the apps."""

from .celery import app as celery_app

__all__ = ["celery_app"]
