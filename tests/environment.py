"""Loaded before Django's settings: every test process gets its own folder and queue."""

import os
import tempfile

worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
root = os.environ.setdefault("DUOPLUS_TEST_ROOT", tempfile.mkdtemp(prefix="duoplus-test-"))
os.environ["DUOPLUS_VAR"] = os.path.join(root, worker)  # noqa: PTH118  before anything else is imported
os.environ["CELERY_QUEUE"] = f"test-{os.path.basename(root)}-{worker}"  # noqa: PTH119
os.environ["DJANGO_SETTINGS_MODULE"] = "duoplus.settings"
# A test waits for the worker, which stands back for nobody.
os.environ["JOB_NICENESS"] = "0"
# Playwright's event loop runs in the thread that also makes rows.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
