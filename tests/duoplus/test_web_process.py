"""The web process stays light: import contracts hold for the sources, this holds for what is loaded in the end."""

import subprocess
import sys

from django.conf import settings

LOAD = """
import sys
from duoplus.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
print(sorted({"pandas", "weasyprint", "numpy"} & set(sys.modules)))
"""


def test_web_process_loads_neither_pandas_nor_weasyprint() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
