"""What a signed-in person asked and did not get, for the log: the address and the ids in it, nothing that was typed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from . import errors, log
from .members import Member
from .models import LogEntry, Result, User

logger = logging.getLogger(__name__)

ASKED = ("accounts.ask_change", "accounts.ask_page", "accounts.ask_elsewhere")
# Entries per person per minute: enough to see a scan by, too few to fill a disk with one.
MOST = 30


def note(request: HttpRequest, member: Member, status: int) -> None:
    """Record that the request was refused, met a conflict or failed; nothing when it was answered.

    What a form found wrong with what was typed is no refusal.
    """
    result = _result(request, status)
    if result is None:
        return
    asked = {"status": status, **_asked(request)}
    with _whatever_happens():
        if _may_add(member.user):
            if request.method == "POST":
                log.record(member, "accounts.ask_change", request.path, result=result, **asked)
            else:
                log.record(member, "accounts.ask_page", request.path, result=result, **asked)


def note_elsewhere(request: HttpRequest, user: User, address: str) -> None:
    """Record in the person's own organisations that he or she asked for an address of another, which may not exist."""
    with _whatever_happens():
        if _may_add(user):
            path = request.path
            log.record_person(user, "accounts.ask_elsewhere", address, result=Result.REFUSED, subject=path)


@contextmanager
def _whatever_happens() -> Iterator[None]:
    """The person gets the answer all the same: after a conflict it holds what was typed."""
    try:
        yield
    except DatabaseError:
        logger.exception("a request that was not carried out could not be logged")


def _result(request: HttpRequest, status: int) -> Result | None:
    met = errors.met.get()
    if met is not None:
        return Result.CONFLICT if met is errors.Conflict else Result.REFUSED
    if status == 403 or (status == 404 and request.method == "POST"):
        return Result.REFUSED
    return Result.FAILED if status >= 500 and request.method == "POST" else None


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The name of the address and the ids in it, called as actions call them."""
    match = request.resolver_match
    if match is None:
        return {}
    return {"page": match.view_name, **{name.removesuffix("_id"): value for name, value in match.kwargs.items()}}


def _may_add(user: User) -> bool:
    since = timezone.now() - timedelta(minutes=1)
    asked = LogEntry.objects.filter(user=user, at__gte=since, action__in=ASKED)
    may = asked.count() < MOST
    if not may:
        logger.warning("person %s asks what is refused more than %s times a minute", user.pk, MOST)
    return may
