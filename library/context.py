"""The house style on every page of an organisation."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import queries


def house_style(request: HttpRequest) -> dict[str, Any]:
    """`house_style` of the organisation at hand, or None outside one; read only by pages that use it."""
    member = getattr(request, "member", None)
    return {"house_style": SimpleLazyObject(lambda: queries.house_style(member.organisation)) if member else None}
