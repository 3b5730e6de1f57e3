"""What a short form showed when it was opened, so that a save can tell whether someone else saved first.

Rows whose text people write carry a version; rows with a name or a few choices are compared with what was shown.
"""

import hashlib
import json

from . import log
from .errors import Conflict
from .members import Member

Shown = list[tuple[str, str]]


def mark(shown: Shown) -> str:
    """A fingerprint of (label, text) pairs; the form carries it as `seen`."""
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


def check(member: Member, subject: object, seen: str, theirs: Shown, mine: Shown, **ids: int) -> None:
    """Raise Conflict unless `theirs`, what stands there now, is what the form showed or what it asks for.

    `ids` names the row as the log does, to say who saved last. The caller holds a lock on the row.
    """
    if seen != mark(theirs) and theirs != mine:
        saved_by = log.last_by(member.organisation, **ids)
        differing = [(left, right) for left, right in zip(theirs, mine, strict=True) if left != right]
        raise Conflict(str(subject), saved_by, [left for left, _ in differing], [right for _, right in differing])
