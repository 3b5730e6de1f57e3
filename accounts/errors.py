"""Refusals that every app raises and one place turns into a page."""

from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import ProtectedError

NAMED = 3
# Which of the two the request at hand met last, for the log: views show a refusal each in their own way.
met: ContextVar["type[Refused | Conflict] | None"] = ContextVar("met", default=None)


class Refused(Exception):
    """The action cannot be done now; `str(error)` is a Dutch sentence for the user (409)."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        met.set(Refused)


@dataclass
class Conflict(Exception):
    """Somebody saved first; nothing of the loser was stored or lost.

    `theirs` and `mine` are (label, text) pairs of the fields that differ, as people read them.
    """

    subject: str
    saved_by: str
    theirs: list[tuple[str, str]]
    mine: list[tuple[str, str]]
    current_version: int = 0

    def __post_init__(self) -> None:
        met.set(Conflict)


def in_use(error: ProtectedError) -> str:
    """What stands in the way of a removal, by name: “Speerpunten”, “Voorwoord” en nog 2."""
    names = sorted({f"“{row}”" for row in error.protected_objects})
    shown, rest = names[:NAMED], len(names) - NAMED
    if rest > 0:
        return f"{', '.join(shown)} en nog {rest}"
    return " en ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
