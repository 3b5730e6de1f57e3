"""Who may do what with people and teams, and the one way to refuse."""

from django.core.exceptions import PermissionDenied

from .members import Member
from .roles import Role


def require(allowed: bool) -> None:
    """Raise PermissionDenied (403) unless the predicate held."""
    if not allowed:
        raise PermissionDenied


def may_administer(member: Member) -> bool:
    """Teams, people, roles, house style and chapter tree belong to the functional administrator."""
    return member.has(Role.ADMINISTRATOR)


def may_read_people(member: Member) -> bool:
    """Who belongs to the organisation is for the administrator and the auditor, who changes nothing."""
    return member.has(Role.ADMINISTRATOR, Role.AUDITOR)


def may_read_log(member: Member) -> bool:
    """The log is for the administrator and the auditor."""
    return member.has(Role.ADMINISTRATOR, Role.AUDITOR)
