"""Everything but content that shapes a page, for who must not load WeasyPrint to know whether it changed."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

FOLDERS = ("publishing", "investments", "library", "templates/publishing/pdf", "templates/fragments")
ENDINGS = {".py", ".html", ".css"}


@lru_cache(maxsize=1)
def house() -> str:
    """Versions of libraries, and a SHA-256 of the portal's own code and templates."""
    found = (file for name in FOLDERS for file in Path(settings.BASE_DIR, name).rglob("*.*"))
    files = sorted(file for file in found if file.suffix in ENDINGS)
    own = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return f"{version('weasyprint')} {version('pydyf')} {own}"
