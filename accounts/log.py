"""The log of who did what: the only writer of LogEntry."""

from typing import Any

from .members import Member
from .models import LogEntry, Organisation


def record(member: Member, action: str, subject: object, **data: Any) -> LogEntry:
    """Add an entry in the caller's transaction: it stands exactly when the change stands.

    `action` is "app.verb", with its Dutch words in `deeds`; `data` holds ids, states and amounts as text, never
    narrative or secrets.
    """
    return LogEntry.objects.create(
        organisation=member.organisation,
        user=member.user,
        action=action,
        subject=str(subject)[:300],
        address=member.address,
        data=data,
    )


def record_operation(organisation: Organisation, action: str, subject: object, **data: Any) -> LogEntry:
    """The same for the operator of the installation, who is no member and has no address."""
    return LogEntry.objects.create(organisation=organisation, action=action, subject=str(subject)[:300], data=data)


def last_by(organisation: Organisation, **ids: int) -> str:
    """Who did the latest thing with the row that entries name by `ids` (such as team=5)."""
    rows = LogEntry.objects.filter(organisation=organisation, **{f"data__{key}": pk for key, pk in ids.items()})
    entry = rows.select_related("user").first()
    return str(entry.user) if entry is not None and entry.user is not None else "Een collega"
