"""WSGI entry point for gunicorn."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duoplus.settings")
application = get_wsgi_application()
# With every view: what gunicorn forks from here answers its first request at once and shares the memory.
import_module(settings.ROOT_URLCONF)
# What is loaded now stays until the end, and most of what a page makes goes with that page: looking for rubbish in all
# of it takes as long as a large page itself.
gc.freeze()
gc.set_threshold(10_000)
