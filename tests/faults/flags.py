"""Files by which a test tells the processes of its worker what to do (`injected`), and is told how far they are."""

from pathlib import Path

from django.conf import settings


def flag(name: str) -> Path:
    """`hold`: stop once in mid-render, and say so by renaming it to `held`, until that goes. `full`: find no room."""
    path: Path = settings.VAR / name
    return path
