"""Django's own list of what is unsafe in production."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from duoplus import stages


def test_django_has_nothing_to_warn_of(tmp_path: Path) -> None:
    production = stages.production("postgres://portal@localhost/portal", "redis://localhost/0", tmp_path)
    # Only the tests need this one.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={**environment, **production, "HTTPS": "on"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (
        0,
        "System check identified no issues (0 silenced).",
        "",
    )
