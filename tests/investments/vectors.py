"""The figures that the portal and the script of its grid must agree on: tests/vectors/*.json."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "vectors"


@cache
def vectors(name: str) -> dict[str, list[dict[str, Any]]]:
    """All cases of one file, by what they are about."""
    read: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / f"{name}.json").read_text())
    return read
