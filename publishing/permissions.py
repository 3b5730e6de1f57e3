"""Who may make an edition; every member may read the whole report of the own organisation."""

from accounts.members import Member
from accounts.roles import Role


def may_compile(member: Member) -> bool:
    """The director compiles."""
    return member.has(Role.DIRECTOR)
