"""The Celery application: only the doorbell for the Job rows in `jobs`."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duoplus.settings")
TRANSPORT_ALIASES["filesystem"] = "duoplus.broker:Transport"

app = Celery("duoplus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
