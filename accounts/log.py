"""The log of who did what: the only writer of LogEntry."""

from typing import Any

from .members import Member
from .models import LogEntry, Organisation, Result, User


def record(member: Member, action: str, subject: object, *, result: Result = Result.DONE, **data: Any) -> LogEntry:
    """Add an entry in the caller's transaction: it stands exactly when the change stands.

    `action` is "app.verb", with its Dutch words in `deeds`; `data` holds ids, states and amounts as text, never
    narrative or secrets.
    """
    entry = _entry(member.organisation, action, subject, data, user=member.user, address=member.address, result=result)
    entry.save(force_insert=True)
    return entry


def record_operation(organisation: Organisation, action: str, subject: object, **data: Any) -> LogEntry:
    """The same for the operator of the installation, who is no member and has no address."""
    entry = _entry(organisation, action, subject, data)
    entry.save(force_insert=True)
    return entry


def record_person(
    user: User, action: str, address: str | None, *, result: Result = Result.DONE, subject: object = "", **data: Any
) -> None:
    """What a person does outside an organisation, such as logging in: an entry in each that he or she belongs to.

    Somebody who belongs nowhere gets one entry without an organisation. `address` is the client's IP address.
    """
    own = Organisation.objects.filter(memberships__user=user).distinct().order_by("id")
    who = {"user": user, "address": address, "result": result}
    LogEntry.objects.bulk_create(
        _entry(organisation, action, subject or user, data, **who) for organisation in own or [None]
    )


def last_by(organisation: Organisation, **ids: int) -> str:
    """Who did the latest thing with the row that entries name by `ids` (such as team=5)."""
    named = {f"data__{key}": pk for key, pk in ids.items()}
    rows = LogEntry.objects.filter(organisation=organisation, result=Result.DONE, **named)
    entry = rows.select_related("user").first()
    return str(entry.user) if entry is not None and entry.user is not None else "Een collega"


def _entry(
    organisation: Organisation | None, action: str, subject: object, data: dict[str, Any], **who: Any
) -> LogEntry:
    """Raise TypeError for a float: databases write those differently, and the seal is taken of what is read back."""
    if any(isinstance(value, float) for value in data.values()):
        raise TypeError("The log holds ids, states and amounts as text; no floats.")
    return LogEntry(organisation=organisation, action=action, subject=str(subject)[:300], data=data, **who)
