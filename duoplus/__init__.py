"""The project: settings, urls, Celery and thin commands that join the apps."""

from .celery import app as celery_app

__all__ = ["celery_app"]
# The same as in pyproject.toml, which a container does not hold.
__version__ = "0.1.0"
