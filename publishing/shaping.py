"""Everything but content that shapes a page, for who must not load WeasyPrint to know whether it changed."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

FOLDERS = ("publishing", "investments", "library", "duoplus", "templates/publishing/pdf", "templates/fragments")
ENDINGS = {".py", ".html", ".css", ".svg"}
LIBRARIES = ("weasyprint", "pydyf", "nh3", "django", "jinja2")


@lru_cache(maxsize=1)
def house() -> str:
    """Versions of libraries, and a SHA-256 of the portal's own code and templates."""
    found = (file for name in FOLDERS for file in Path(settings.BASE_DIR, name).rglob("*.*"))
    files = sorted(file for file in found if file.suffix in ENDINGS)
    own = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return " ".join([*map(version, LIBRARIES), own])
