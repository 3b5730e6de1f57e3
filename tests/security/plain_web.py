"""The web application with static files as they stand in the tree: nobody collects them for a test."""

from django.conf import settings

from duoplus.wsgi import application

__all__ = ["application"]

settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
