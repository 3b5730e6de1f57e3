"""What every page of an organisation says about editions that somebody waits for."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import signs


def edition_sign(request: HttpRequest) -> dict[str, Any]:
    """`edition_sign`, empty for who waits for nothing; looked for only by pages that show it."""
    if getattr(request, "member", None) is None:
        return {"edition_sign": None}
    return {"edition_sign": SimpleLazyObject(lambda: signs.look(request) or ())}  # type: ignore[arg-type]
