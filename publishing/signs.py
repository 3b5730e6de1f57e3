"""A sign to whoever asked for an edition that it has ended: once, wherever that person is in the portal.

The session remembers which editions somebody waits for, so that a page of anybody else asks the database nothing.
"""

from dataclasses import dataclass

from accounts.requests import MemberRequest

from . import queries
from .models import Edition

KEY = "awaited_editions"
MOST = 20
"""Editions that one person waits for."""


@dataclass(frozen=True)
class Sign:
    """Editions that ended since the last look, and whether there are others to wait for."""

    ended: list[Edition]
    waits: bool


def wait_for(request: MemberRequest, edition: Edition) -> None:
    """Have this person told when the edition has ended."""
    _keep(request, [*(found for found in _awaited(request) if found != edition.pk), edition.pk][-MOST:])


def stop_waiting(request: MemberRequest, edition: Edition) -> None:
    """The person has seen how it ended."""
    if edition.pk in _awaited(request):
        _keep(request, [found for found in _awaited(request) if found != edition.pk])


def look(request: MemberRequest) -> Sign | None:
    """What there is to tell in this organisation; None without a query for who waits for nothing. One query."""
    awaited = _awaited(request)
    if not awaited:
        return None
    found = list(queries.editions(request.member.organisation).filter(pk__in=awaited))
    building = [edition.pk for edition in found if edition.is_building]
    if building != awaited:
        _keep(request, building)
    return Sign([edition for edition in found if not edition.is_building], bool(building))


def _awaited(request: MemberRequest) -> list[int]:
    found: list[int] = request.session.get(KEY, {}).get(request.member.organisation.slug, [])
    return found


def _keep(request: MemberRequest, awaited: list[int]) -> None:
    everywhere = {**request.session.get(KEY, {}), request.member.organisation.slug: awaited}
    request.session[KEY] = {slug: ids for slug, ids in everywhere.items() if ids}
