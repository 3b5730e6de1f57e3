"""The Celery application: only the doorbell for the Job rows in `jobs`."""

import os

from celery import Celery
from celery.signals import setup_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duoplus.settings")
# pandas' library for matrices takes room for a thread per core, out of the memory that a job may use.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Django's checks read every page of the web: a worker starts a quarter sooner and smaller without. Whatever starts the
# portal has migrated, which makes them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
TRANSPORT_ALIASES["filesystem"] = "duoplus.broker:FileTransport"
TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "duoplus.broker:RedisTransport"

app = Celery("duoplus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def leave_logging(**_: object) -> None:
    """That somebody listens keeps Celery from adding handlers of its own, which would quote errors."""
