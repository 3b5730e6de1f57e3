"""What every page knows about the person."""

from typing import Any

from django.http import HttpRequest


def member(request: HttpRequest) -> dict[str, Any]:
    """`member`, None outside an organisation."""
    return {"member": getattr(request, "member", None)}
