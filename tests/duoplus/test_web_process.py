"""The web process stays light: import contracts hold for the sources, this holds for what is loaded in the end."""

import subprocess
import sys

from django.conf import settings

LOAD = """
import os, sys, threading
before = set(os.listdir("/proc/self/fd"))
from duoplus.wsgi import application
from django.db import connections
loaded = sorted({"pandas", "weasyprint", "numpy"} & set(sys.modules))
views = {"publishing.views", "reports.views.writing"} <= set(sys.modules)
opened = [connection.alias for connection in connections.all(initialized_only=True) if connection.connection]
print(loaded, views, opened, threading.active_count(), sorted(set(os.listdir("/proc/self/fd")) - before))
"""


def test_web_process_loads_all_views_but_neither_pandas_nor_weasyprint_and_opens_nothing() -> None:
    """What gunicorn forks from this shares memory, and no connection, thread or file."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[] True [] 1 []\n", "")
