"""What every page knows about the person."""

from typing import Any

from django.http import HttpRequest

from . import queries


def member(request: HttpRequest) -> dict[str, Any]:
    """`member` (None outside an organisation) and the organisations one can switch to (lazily)."""
    found = getattr(request, "member", None)
    user = getattr(request, "user", None)

    def memberships() -> list[Any]:
        return queries.organisations_of(user) if user is not None and user.is_authenticated else []

    return {"member": found, "organisations": memberships}
